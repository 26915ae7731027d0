"""A participant and the computers used: sits down, answers, loses the page, moves, comes back, takes the receipt."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from assessment_app.rehearsal.participants.behaviour import Behaviour
from assessment_app.rehearsal.participants.connections import Line
from assessment_app.rehearsal.participants.outbox import Disk
from assessment_app.rehearsal.participants.refusals import Elsewhere, SignedOut
from assessment_app.rehearsal.participants.tab import Tab
from assessment_app.rehearsal.participants.wire import Browser, Pace
from assessment_app.rehearsal.rules.witness import Witnessed


@dataclass
class Computer:
    """A computer of the lab: its browser's name and storage, and what of the session the tab still has."""

    device: str
    disk: Disk
    token: str = ""
    """Kept by a reload, lost with the tab."""
    clock_off_ms: int = 0
    """How far the moments that its page tells are from what they should be."""
    couriers: set[asyncio.Task[None]] = field(default_factory=set)
    """Pages that still send; a page that was left alone goes on by itself."""

    browsers: list[Browser] = field(default_factory=list)
    """What its pages are connected with."""

    async def close(self) -> None:
        """Close every page."""
        for task in self.couriers:
            task.cancel()
        await asyncio.gather(*self.couriers, return_exceptions=True)
        self.couriers.clear()
        for one in self.browsers:
            one.close()
        self.browsers.clear()


@dataclass(frozen=True)
class Booked:
    """Who may sit, and where."""

    nip: str
    pin: str
    room: str = ""


class Participant:
    """One person through a whole sitting."""

    def __init__(self, who: Booked, line: Line, pace: Pace, behaviour: Behaviour, chance: Random, seen: Witnessed,
                 call_proctor: Callable[[str], Awaitable[None]]) -> None:  # fmt: skip
        """``call_proctor`` frees the sitting of a NIP from its computer."""
        self.nip, self.pin, self.room = who.nip, who.pin, who.room
        self.line, self.pace, self.behaviour, self.chance, self.seen = line, pace, behaviour, chance, seen
        self._call_proctor = call_proctor
        self._given: dict[int, list[int]] = {}
        """By part: the change that each step became, in order."""
        self.computers: list[Computer] = []
        self.computer = self._other_computer()
        self.is_gone = False
        self.is_done = False
        self._page: asyncio.Task[bool] | None = None
        self._moving = asyncio.Lock()

    @property
    def is_working(self) -> bool:
        """Whether something can happen to this person's page now."""
        return self._page is not None and not self._page.done() and not self.is_gone

    def gave(self, n: int, number: int, uid: int) -> None:
        """Note which change a step of a part became."""
        given = self._given.setdefault(n, [])
        del given[number:]
        given.append(uid)

    def begins_at(self, n: int) -> int:
        """Say with which step a page goes on: the first one that this page would show as not answered."""
        here = {record["uid"] for record in self.computer.disk.records.values()}
        known = here | set(self.seen.acknowledged.values()) | self.seen.replaced
        given = self._given.get(n, [])
        return next((number for number, uid in enumerate(given) if uid not in known), len(given))

    async def sit(self, after: float = 0.0) -> None:
        """Go through the sitting, on whatever computers it takes, until the receipt or until gone for good."""
        await asyncio.sleep(after)
        while not self.is_gone and not self.is_done:
            async with self._moving:
                self._page = asyncio.create_task(self._use())
            await asyncio.wait({self._page})
            if not self._page.cancelled():
                self.is_done = self._page.result()
            if self.is_done:
                await self.computer.close()
            else:
                await asyncio.sleep(self.chance.uniform(0, 2 * self.pace.think))

    async def _use(self) -> bool:
        """Open the page and work; tells whether the receipt was taken."""
        await self.computer.close()  # whatever page was left open here
        try:
            return await Tab(self, self.computer).live()
        except (Elsewhere, SignedOut) as error:
            await self.computer.close()  # the page says so and can do nothing more with this token
            self.computer.token = ""
            if isinstance(error, Elsewhere):
                await self._call_proctor(self.nip)
            return False

    async def close_tab(self) -> None:
        """Lose the page and what it knew; the disk stays."""
        await self.reload()
        self.computer.token = ""

    async def reload(self) -> None:
        """Lose the page; it comes back with the same token."""
        await self._stop_page()
        await self.computer.close()

    async def leave(self) -> None:
        """Go away and never come back."""
        self.is_gone = True
        await self.close_tab()

    async def lose_power(self, seconds: float) -> None:
        """Sit before a dark screen for a while; the computer's disk is what it was."""
        async with self._moving:
            await self.close_tab()
            await asyncio.sleep(seconds)

    async def move(self) -> None:
        """Go to another computer, perhaps one used before; the page here may be left open and go on sending."""
        async with self._moving:
            await self._stop_page()
            if self.chance.random() < 0.5:
                await self.computer.close()
            self.computer.token = ""
            others = [one for one in self.computers if one is not self.computer]
            back = bool(others) and self.chance.random() < 0.4
            self.computer = self.chance.choice(others) if back else self._other_computer()
            await self._call_proctor(self.nip)

    async def go_home(self) -> None:
        """Close whatever is still open, everywhere."""
        await self._stop_page()
        for computer in self.computers:
            await computer.close()

    async def _stop_page(self) -> None:
        if self._page is not None and not self._page.done():
            self._page.cancel()
            with suppress(asyncio.CancelledError):
                await self._page

    def _other_computer(self) -> Computer:
        disk = Disk(write_s=0.004)
        made = Computer(f"computer-{len(self.computers) + 1}-of-{self.nip}", disk)
        self.computers.append(made)
        self.seen.computers.append(disk)
        return made
