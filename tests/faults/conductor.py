"""Plays a run: people arrive while the plan's faults happen, then everybody goes home and everything is sealed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

import numpy as np
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from assessment_app.commands.rehearse import conductor
from assessment_app.commands.rehearse.conductor import Performance, Role
from assessment_app.commands.rehearse.desk import Desk
from assessment_app.commands.rehearse.house import House
from assessment_app.platform.db import transaction
from assessment_app.rehearsal.messages import Staged
from assessment_app.rehearsal.participants.behaviour import Whim
from assessment_app.rehearsal.participants.person import Booked, Participant
from assessment_app.rehearsal.participants.wire import HURRIED, Pace
from assessment_app.rehearsal.queries import stored
from assessment_app.rehearsal.rules import faults
from assessment_app.rehearsal.rules.faults import DATABASE, NETWORK, OURS, PEOPLE, PROCESSES
from assessment_app.rehearsal.rules.judging import judge
from assessment_app.rehearsal.rules.witness import Witness
from tests.faults.house import Size, running
from tests.faults.report import Report
from tests.loops import on_a_loop
from tests.services.run import Run

FIRST, ARRIVED_BY = 0.25, 0.95
"""This share of the people is there when it begins; the last one arrives when that share of the faults has happened."""


@dataclass(frozen=True)
class Order:
    """What is to be played."""

    kind: str
    seed: int
    size: Size
    faults: int
    pace: Pace = HURRIED
    rest_s: float = 0.3
    """Between two faults, on average."""
    settle_s: float = 150.0
    """How long the sweep and the worker may take in the end."""
    only: str = ""
    """One fault by name, instead of a plan."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Settings of the database server."""

    def plan(self) -> list[str]:
        """Deal the faults."""
        reach = [PEOPLE, NETWORK, OURS, *((DATABASE, PROCESSES) if self.kind == "postgresql" else ())]
        dealt = faults.dealt(faults.possible(reach), self.faults, np.random.default_rng(self.seed))
        return [self.only] * self.faults if self.only else dealt


def play(run: Run, order: Order, tell: Callable[[str], None] = lambda _line: None) -> Report:
    """Play a run and judge it; ``tell`` hears how far it is."""
    began = time.monotonic()
    with running(run, order.kind, order.size, order.options) as (house, staged):
        witness = on_a_loop(perform(house, staged, order, tell))
        found = stored.read(house.urls, staged.wave_id)
        return Report(order.kind, order.seed, witness, found, judge(witness, found), time.monotonic() - began)


async def perform(house: House, staged: Staged, order: Order, tell: Callable[[str], None]) -> Witness:
    """Play it to the end: until every attempt that was opened is sealed and scored."""
    roles = [
        Role(Booked(one.nip, one.pin, one.room), Whim(1000 * order.seed + number, order.pace.think))
        for number, one in enumerate(staged.seated)
    ]
    size = order.size
    patience = 60 + 8 * order.faults + 2 * size.parts * (size.limit_s + size.grace_s)
    wanted = conductor.Order([roles], order.plan(), order.pace, order.seed, patience)
    crowd = Crowd(house, wanted, Desk(staged, Random(order.seed + 3)).release, tell)
    crowd.rest_s = order.rest_s
    await crowd.play()
    until = time.monotonic() + order.settle_s
    while await asyncio.to_thread(work_left) and time.monotonic() < until:
        await asyncio.sleep(0.2)
    return crowd.witness


class Crowd(Performance):
    """People who arrive one after the other while faults happen at random moments, so that no fault finds nobody."""

    rest_s = 0.3

    async def _safely(self, one: Participant, after: float) -> None:
        place = self.people.index(one)
        while self._arrived < place + 1:
            await asyncio.sleep(0.02)
        await super()._safely(one, after)

    _arrived = 0.0

    async def _until(self, share: float) -> None:
        self._arrived = len(self.order.slots[0]) * min(1.0, FIRST + (1 - FIRST) * share / ARRIVED_BY)
        await asyncio.sleep(self.chance.expovariate(1 / self.rest_s))

    async def _disturb(self) -> None:
        await super()._disturb()
        self._arrived = len(self.order.slots[0])


def work_left() -> int:
    """Count the attempts that are open or sealed without a score."""
    unsealed = (
        "SELECT count(*) FROM attempt WHERE opened IS NOT NULL AND attempt_id NOT IN (SELECT attempt_id FROM sheet)"
    )
    undone = "SELECT count(*) FROM job WHERE done IS NULL"
    hurry = "UPDATE duty SET due = (SELECT min(at) FROM sitting_event) WHERE name = 'close_overdue'"
    try:
        with transaction() as db:
            db.execute(text(hurry))  # nobody has to wait for the sweep's next round
            return int(db.scalar(text(unsealed)) or 0) + int(db.scalar(text(undone)) or 0)
    except SQLAlchemyError:
        return 1
