"""Plays a rehearsal: people come slot by slot while the plan's faults happen, then everybody goes home."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from assessment_app.commands.rehearse.faults import Faults
from assessment_app.commands.rehearse.house import House
from assessment_app.platform import clock
from assessment_app.rehearsal.participants.behaviour import Behaviour
from assessment_app.rehearsal.participants.connections import Line
from assessment_app.rehearsal.participants.person import Booked, Participant
from assessment_app.rehearsal.participants.proxy import Proxy
from assessment_app.rehearsal.participants.refusals import Refused
from assessment_app.rehearsal.participants.wire import Pace
from assessment_app.rehearsal.rules.witness import Happened, Witness

Tell = Callable[[str], None]
CallProctor = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Role:
    """Who comes, with which mind, and how many seconds after the door opened."""

    who: Booked
    behaviour: Behaviour
    after: float = 0.0
    steps: int = 0
    """Answers that will be given, if nothing happens."""


@dataclass(frozen=True)
class Order:
    """What is to be played: time slots, one after the other, and faults spread over all of them."""

    slots: Sequence[Sequence[Role]]
    faults: Sequence[str]
    pace: Pace
    seed: int
    patience_s: float
    """How long a slot may take before whoever still sits is sent home."""


@dataclass
class Performance:
    """One rehearsal while it is being played."""

    house: House
    order: Order
    call_proctor: CallProctor
    tell: Tell
    witness: Witness = field(default_factory=Witness)
    lines: dict[str, Line] = field(default_factory=dict)
    people: list[Participant] = field(default_factory=list)
    """Who sits in the slot that is played."""

    def __post_init__(self) -> None:
        """Every source of chance is the seed's."""
        self.chance = Random(self.order.seed)
        home = Line(self.house.address)
        self.proxy = Proxy(home.own_port, Random(self.order.seed + 1))
        self.faults = Faults(self.house, self.proxy, self.people, Random(self.order.seed + 2))
        self._over, self._slot = asyncio.Event(), 0
        self._expected = max(1, sum(role.steps for slot in self.order.slots for role in slot))

    async def play(self) -> None:
        """Play every slot to its end."""
        await self.house.serves()
        await self.proxy.listen()
        async with asyncio.TaskGroup() as beside:
            beside.create_task(self._disturb())
            beside.create_task(self._report())
            for roles in self.order.slots:
                self._slot += 1
                await self._sit(roles)
            self._over.set()
        await self.proxy.close()
        for line in self.lines.values():
            line.hang_up()
        await asyncio.sleep(0.1)  # whatever hangs up is through with it before the loop ends

    async def _sit(self, roles: Sequence[Role]) -> None:
        """Let the people of a slot come, work and go home."""
        self.people[:] = [self.participant(role) for role in roles]
        async with asyncio.TaskGroup() as sittings:
            for one, role in zip(self.people, roles, strict=True):
                sittings.create_task(self._safely(one, role.after))
            with suppress(TimeoutError):
                async with asyncio.timeout(self.order.patience_s):
                    while any(not (one.is_done or one.is_gone) for one in self.people):
                        await asyncio.sleep(0.05)
            for one in self.people:
                if not one.is_done and not one.is_gone:
                    self.witness.sent_home.append(one.nip)
                one.is_gone = True
                await one.go_home()

    def participant(self, role: Role) -> Participant:
        """Give a role to somebody, in the room's line."""
        line = self.lines.setdefault(role.who.room, Line(self.house.address))
        chance, seen = Random(f"{self.order.seed}:{role.who.nip}"), self.witness.person(role.who.nip)
        return Participant(role.who, line, self.order.pace, role.behaviour, chance, seen, self.call_proctor)

    async def _safely(self, one: Participant, after: float) -> None:
        """Let somebody sit; what the protocol does not foresee is a finding, and stops nobody else."""
        try:
            await one.sit(after)
        except Refused as refused:
            self.witness.stopped[one.nip] = str(refused)
            one.is_gone = True

    async def _disturb(self) -> None:
        """Let the faults happen, each when its share of the answers was given; one that met nobody comes again."""
        names = list(self.order.faults)
        for number, name in enumerate(names):
            await self._until((number % len(self.order.faults) + self.chance.random()) / len(self.order.faults))
            if self._over.is_set():
                return
            at, begun = clock.now(), clock.ticks()
            if await self.faults.happen(name):
                self.witness.happened.append(Happened(name, at, clock.ticks() - begun))
            elif len(names) < 2 * len(self.order.faults):
                names.append(name)

    async def _until(self, share: float) -> None:
        while not self._over.is_set() and self._made() < 0.97 * share * self._expected:
            await asyncio.sleep(0.02)

    def _made(self) -> int:
        return sum(len(one.made) for one in self.witness.people.values())

    async def _report(self) -> None:
        """Say every second or so how far it is."""
        while not self._over.is_set():
            done = sum(one.is_done for one in self.people)
            self.tell(
                f"giliran {self._slot}/{len(self.order.slots)}  selesai {done}/{len(self.people)}  "
                f"jawaban {self._made()}  gangguan {len(self.witness.happened)}/{len(self.order.faults)}"
            )
            with suppress(TimeoutError):
                async with asyncio.timeout(2):
                    await self._over.wait()


def waits(lines: Mapping[str, Line]) -> dict[str, list[float]]:
    """Put together how long answers took over all lines, by call."""
    found: dict[str, list[float]] = {}
    for line in lines.values():
        for call, taken in line.waits.taken.items():
            found.setdefault(call, []).extend(taken)
    return found


def unanswered(lines: Mapping[str, Line]) -> int:
    """Count calls that were never answered."""
    return sum(line.waits.unanswered.total() for line in lines.values())
