"""Every fault by name, and the plan in which they happen. A seed gives the plan; the machine gives the moments."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from random import Random

import psutil

from tests.faults.house import House, fill_disk, free_disk, kill, tell
from tests.faults.participant import Participant
from tests.faults.proxy import Proxy

Fault = Callable[[], Awaitable[bool]]
"""Makes a fault happen; tells whether there was something to hit."""

TRICKS = (
    "cut-before", "cut-in-request", "lost-answer", "cut-in-answer", "half-open", "delayed", "reordered", "duplicated",
    "replayed", "portal",
)  # fmt: skip

COMMON = {
    "exam server killed": 5, "exam server killed in mid-commit": 5, "exam server restarted": 2,
    "exam server frozen": 2, "worker killed": 4, "worker frozen": 2, "power cut": 2, "disk full": 3,
    "network cut": 6, "tab closed": 8, "tab reloaded": 6, "moved to another computer": 8, "gone for good": 2,
    **{f"request {name}": 4 for name in TRICKS},
}  # fmt: skip
"""How many of each there are in a hundred, about."""

OVERLAPPING = (
    "worker killed",
    "network cut",
    "tab closed",
    "tab reloaded",
    "moved to another computer",
    "gone for good",
)
"""What can also happen while something else has not come back yet."""

OF_A_DATABASE = {"database killed": 5, "connections killed": 4, "database frozen": 2}


def plan(kind: str, count: int, chance: Random) -> list[str]:
    """Deal ``count`` faults: each kind as often as its share says, at least once while there are enough."""
    shares = COMMON | (OF_A_DATABASE if kind == "postgresql" else {})
    names = list(shares)
    deck = [*chance.sample(names, min(count, len(names)))]
    deck += chance.choices(names, [shares[name] for name in names], k=count - len(deck))
    chance.shuffle(deck)
    return deck


class Faults:
    """All that can be done to a house, its network and its people."""

    def __init__(self, house: House, proxy: Proxy, people: Sequence[Participant], chance: Random) -> None:
        """``people`` are those who may have arrived; who is not working cannot be hit."""
        self._house, self._proxy, self._people, self._chance = house, proxy, people, chance
        self._acts: dict[str, Fault] = {
            "exam server killed": self._exam_killed, "exam server killed in mid-commit": self._exam_killed_in_commit,
            "exam server restarted": self._exam_restarted, "exam server frozen": lambda: self._frozen("exam"),
            "worker killed": self._worker_killed, "worker frozen": lambda: self._frozen("worker"),
            "power cut": self._power_cut, "disk full": self._disk_full, "network cut": self._network_cut,
            "tab closed": lambda: self._of_somebody(Participant.close_tab),
            "tab reloaded": lambda: self._of_somebody(Participant.reload),
            "moved to another computer": lambda: self._of_somebody(Participant.move),
            "gone for good": lambda: self._of_somebody(Participant.leave),
            "database killed": self._database_killed, "connections killed": self._connections_killed,
            "database frozen": self._database_frozen,
        }  # fmt: skip

    async def happen(self, name: str) -> bool:
        """Make a fault happen. Whatever is about the server waits until it serves again after the fault before."""
        if name not in OVERLAPPING:
            await self._house.serves()
        trick = name.removeprefix("request ")
        return await (self._armed(trick) if trick in TRICKS else self._acts[name]())

    async def _armed(self, trick: str) -> bool:
        before = self._proxy.done[trick]
        self._proxy.armed.append(trick)
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                while self._proxy.done[trick] == before:
                    await asyncio.sleep(0.02)
        return self._proxy.done[trick] > before

    async def _of_somebody(self, act: Callable[[Participant], Awaitable[None]]) -> bool:
        working = [one for one in self._people if one.is_working and one.seen.made]
        if not working:
            return False
        await act(self._chance.choice(working))
        return True

    async def _exam_killed(self) -> bool:
        """Kill the server's first process, which ends its workers, or a worker alone, which is started again."""
        found = self._house.processes("exam")
        kill([self._chance.choice(found)] if found else [])
        return bool(found)

    async def _exam_killed_in_commit(self) -> bool:
        await self._request_under_way()
        found = self._house.processes("exam")
        kill(found)
        return bool(found)

    async def _request_under_way(self) -> None:
        self._proxy.forwarded.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                await self._proxy.forwarded.wait()
        await asyncio.sleep(self._chance.uniform(0, 0.004))

    async def _exam_restarted(self) -> bool:
        found = self._house.processes("exam")
        tell(found[:1], signal.SIGTERM)
        return bool(found)

    async def _frozen(self, name: str) -> bool:
        return await self._stopped(self._house.processes(name))

    async def _stopped(self, found: list[psutil.Process]) -> bool:
        tell(found, signal.SIGSTOP)
        await asyncio.sleep(self._chance.uniform(0.3, 2.5))
        tell(found, signal.SIGCONT)
        return bool(found)

    async def _worker_killed(self) -> bool:
        found = self._house.processes("worker")
        kill(found)
        return bool(found)

    async def _power_cut(self) -> bool:
        await self._request_under_way()
        await asyncio.to_thread(self._house.power_off)
        await asyncio.to_thread(self._house.power_on)
        return True

    async def _disk_full(self) -> bool:
        found = self._house.writers()
        fill_disk(found)
        await asyncio.sleep(self._chance.uniform(0.3, 1.5))
        free_disk(found)
        return bool(found)

    async def _network_cut(self) -> bool:
        await self._proxy.cut(self._chance.uniform(0.3, 2.5))
        return True

    async def _database_killed(self) -> bool:
        database = self._house.database
        assert database is not None
        await self._request_under_way()
        await asyncio.to_thread(database.kill)
        await asyncio.sleep(self._chance.uniform(0, 0.5))
        await asyncio.to_thread(database.serve)
        return True

    async def _connections_killed(self) -> bool:
        """Kill one process of the database: the others end with it, and the server repairs itself."""
        assert self._house.database is not None
        found = self._house.database.processes()[1:]
        await self._request_under_way()
        kill([self._chance.choice(found)] if found else [])
        return bool(found)

    async def _database_frozen(self) -> bool:
        assert self._house.database is not None
        return await self._stopped(self._house.database.processes())
