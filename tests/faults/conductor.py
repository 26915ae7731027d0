"""Plays a run: people arrive while the plan's faults happen, then everybody goes home and everything is sealed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from assessment_app.accounts.rules import Officer
from assessment_app.exam.models import Sitting
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.proctoring import actions as proctoring
from assessment_app.proctoring.messages import Release
from assessment_app.scheduling.models import Booking
from tests.faults import evidence, judge
from tests.faults.faults import Faults, plan
from tests.faults.house import House, Size, Wave, running
from tests.faults.participant import Participant
from tests.faults.proxy import Proxy
from tests.faults.report import Report
from tests.faults.wire import HURRIED, Pace
from tests.faults.witness import Witness
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


def play(run: Run, order: Order, tell: Callable[[str], None] = lambda _line: None) -> Report:
    """Play a run and judge it; ``tell`` hears how far it is."""
    began = time.monotonic()
    with running(run, order.kind, order.size, order.options) as house:
        witness = Witness()
        on_a_loop(Performance(house, order, witness, tell).play())
        found = evidence.read(house.urls)
        return Report(order.kind, order.seed, witness, found, judge.judge(witness, found), time.monotonic() - began)


class Performance:
    """One run while it is being played."""

    def __init__(self, house: House, order: Order, witness: Witness, tell: Callable[[str], None]) -> None:
        """Every source of chance is the seed's."""
        self._house, self._order, self._witness, self._tell = house, order, witness, tell
        self._chance = Random(order.seed)
        self._proxy = Proxy(house.port, Random(order.seed + 1))
        self._people: list[Participant] = []

    async def play(self) -> None:
        """Play it to the end: until every attempt that was opened is sealed and scored."""
        await self._house.serves()
        port = await self._proxy.listen()
        for number, nip in enumerate(self._house.wave.nips):
            chance, seen = Random(1000 * self._order.seed + number), self._witness.person(nip)
            self._people.append(
                Participant(nip, self._house.wave.pin, port, self._order.pace, chance, seen, self._proctor)
            )
        async with asyncio.TaskGroup() as sittings:
            await self._disturb(sittings)
            await self._finish()
        await self._proxy.close()
        await self._all_scored()

    async def _disturb(self, sittings: asyncio.TaskGroup) -> None:
        faults = Faults(self._house, self._proxy, self._people, Random(self._order.seed + 2))
        count, only = self._order.faults, self._order.only
        names = [only] * count if only else plan(self._order.kind, count, self._chance)
        waiting = list(self._people)
        for number, name in enumerate(names):
            for _ in range(self._due(number, len(waiting))):
                sittings.create_task(waiting.pop().sit())
            await asyncio.sleep(self._chance.expovariate(1 / self._order.rest_s))
            if await faults.happen(name):
                self._witness.faults[name] += 1
                self._tell(f"{number + 1}/{len(names)} {name}; {sum(one.is_done for one in self._people)} are done")
            elif len(names) < 2 * count:
                names.append(name)  # it met nobody: once more, later
        for person in waiting:
            sittings.create_task(person.sit())

    def _due(self, number: int, waiting: int) -> int:
        """Count who arrives before this fault, so that the room is never empty while faults happen."""
        everybody = len(self._people)
        share = min(1.0, FIRST + (1 - FIRST) * number / (ARRIVED_BY * self._order.faults))
        return max(0, round(everybody * share) - (everybody - waiting))

    async def _finish(self) -> None:
        """Let everybody finish; who cannot within the time of all parts is sent home."""
        size = self._order.size
        patience = 10 + size.parts * (size.limit_s + size.grace_s)
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while any(not (one.is_done or one.is_gone) for one in self._people):
                    await asyncio.sleep(0.1)
        for person in self._people:
            person.is_gone = True
            await person.go_home()

    async def _proctor(self, nip: str) -> None:
        """Free a sitting from its computer, as often as it takes; sometimes the gate is not told of it."""
        forgets = self._chance.random() < 0.3
        while not await asyncio.to_thread(release, self._house.wave, nip, forgets=forgets):
            await asyncio.sleep(0.2)

    async def _all_scored(self) -> None:
        """Wait until the sweep has sealed what was left open and the worker has scored it; else the judge says so."""
        until = time.monotonic() + self._order.settle_s
        while await asyncio.to_thread(work_left) and time.monotonic() < until:
            await asyncio.sleep(0.2)


def release(wave: Wave, nip: str, *, forgets: bool) -> bool:
    """Do what the proctor's console does; tells whether the store took it.

    ``forgets`` as if the office server died between the truth and its mirror beside the answers.
    """
    try:
        with transaction() as db:
            wanted = select(Sitting, Booking.seat).join(Booking, Booking.booking_id == Sitting.booking_id)
            found = db.execute(wanted.where(Booking.nip == nip)).first()
            if found is None:
                return True
            where = proctoring.Seated(wave.session_id, found.seat)
            by, wish = Officer(wave.agency_id, "pengawas"), Release(found.Sitting.epoch, "Komputer rusak")
            touched = proctoring.release(db, by, where, wish, datetime.now(UTC))
        if not forgets:
            with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
                proctoring.mirror(answers, db, touched)
    except SQLAlchemyError:
        return False
    return True


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
