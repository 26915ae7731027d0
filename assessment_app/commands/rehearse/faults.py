"""Makes faults happen to servers, rooms and people."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from random import Random

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from assessment_app.commands.rehearse.house import FULL_BYTES, House
from assessment_app.commands.rehearse.processes import limit_files, tell
from assessment_app.platform.db import EXAM
from assessment_app.rehearsal.participants.connections import Line
from assessment_app.rehearsal.participants.person import Participant
from assessment_app.rehearsal.participants.proxy import Proxy
from assessment_app.rehearsal.rules.faults import FAULTS, TRICKS

Act = Callable[[], Awaitable[bool]]
"""Makes a fault happen; tells whether there was something to hit."""

CLOCK_OFF_MS = (-3 * 3_600_000, 5 * 3_600_000)
"""How far a computer's clock can be wrong."""

END_CONNECTIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Faults:
    """All that can be done to a house, its network and its people."""

    def __init__(self, house: House, proxy: Proxy, people: Sequence[Participant], chance: Random) -> None:
        """``people`` are those who may have arrived; who is not working cannot be hit."""
        self._house, self._proxy, self._people, self._chance = house, proxy, people, chance
        self.lasts = (0.3, 2.5)
        """Seconds that what passes by itself lasts, from and to."""
        self._acts: dict[str, Act] = {
            "exam server killed": self._exam_killed, "exam server killed in mid-commit": self._exam_killed_in_commit,
            "exam server restarted": self._exam_restarted, "exam server frozen": lambda: self._frozen("exam"),
            "worker killed": self._worker_killed, "worker frozen": lambda: self._frozen("worker"),
            "power cut": self._power_cut, "disk full": self._disk_full, "network cut": self._network_cut,
            "lab power cut": self._lab_power_cut, "clock wrong": self._clock_wrong,
            "tab closed": lambda: self._of_somebody(Participant.close_tab),
            "tab reloaded": lambda: self._of_somebody(Participant.reload),
            "moved to another computer": lambda: self._of_somebody(Participant.move),
            "gone for good": lambda: self._of_somebody(Participant.leave),
            "database killed": self._database_killed, "connections killed": self._connections_killed,
            "database frozen": self._database_frozen,
        }  # fmt: skip

    async def happen(self, name: str) -> bool:
        """Make a fault happen. Whatever is about the server waits until it serves again after the fault before."""
        if not FAULTS[name].overlaps:
            await self._house.serves()
        trick = name.removeprefix("request ")
        return await (self._armed(trick) if trick in TRICKS else self._acts[name]())

    async def _armed(self, trick: str) -> bool:
        """Lead the network of a room through the proxy until the trick was played."""
        working = [one for one in self._people if one.is_working]
        if not working:
            return False
        line, before = self._chance.choice(working).line, self._proxy.done[trick]
        line.port = self._proxy.port
        try:
            return await self._played(trick, before)
        finally:
            line.port = line.own_port

    async def _played(self, trick: str, before: int) -> bool:
        self._proxy.armed.append(trick)
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                while self._proxy.done[trick] == before:
                    await asyncio.sleep(0.02)
        self._proxy.armed.clear()
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
        self._house.kill([self._chance.choice(found)] if found else [])
        return bool(found)

    async def _exam_killed_in_commit(self) -> bool:
        await self._request_under_way()
        found = self._house.processes("exam")
        self._house.kill(found)
        return bool(found)

    async def _request_under_way(self) -> None:
        """Wait until somebody's request is on its way and unanswered, if that can be seen."""
        lines = {one.line for one in self._people if one.is_working}
        until = asyncio.get_running_loop().time() + 2
        while lines and not any(line.is_busy for line in lines) and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(0.001)
        await asyncio.sleep(self._chance.uniform(0, 0.004))

    async def _exam_restarted(self) -> bool:
        found = self._house.processes("exam")
        tell(found[:1], signal.SIGTERM)
        return bool(found)

    async def _frozen(self, name: str) -> bool:
        return await self._stopped(self._house.processes(name))

    async def _stopped(self, found: list[int]) -> bool:
        tell(found, signal.SIGSTOP)
        await self._for_a_while()
        tell(found, signal.SIGCONT)
        return bool(found)

    async def _worker_killed(self) -> bool:
        found = self._house.processes("worker")
        self._house.kill(found)
        return bool(found)

    async def _power_cut(self) -> bool:
        await self._request_under_way()
        await asyncio.to_thread(self._house.power_off)
        await asyncio.to_thread(self._house.power_on)
        return True

    async def _disk_full(self) -> bool:
        found = self._house.writers()
        reached = limit_files(found, FULL_BYTES)
        if reached:
            await self._for_a_while()
            limit_files(found)
        return reached

    async def _for_a_while(self) -> None:
        await asyncio.sleep(self._chance.uniform(*self.lasts))

    def _room(self) -> tuple[Line, list[Participant]] | None:
        """Choose a room in which somebody works."""
        working = [one for one in self._people if one.is_working]
        if not working:
            return None
        line = self._chance.choice(working).line
        return line, [one for one in working if one.line is line]

    async def _network_cut(self) -> bool:
        found = self._room()
        if found is None:
            return False
        found[0].cut()
        try:
            await self._for_a_while()
        finally:
            found[0].restore()
        return True

    async def _lab_power_cut(self) -> bool:
        """Take the power from every computer of a room; people sign in again when it is back."""
        found = self._room()
        if found is None:
            return False
        dark = self._chance.uniform(*self.lasts)
        await asyncio.gather(*(one.lose_power(dark) for one in found[1]))
        return True

    async def _clock_wrong(self) -> bool:
        async def wrong(one: Participant) -> None:
            one.computer.clock_off_ms = self._chance.choice(CLOCK_OFF_MS)
            one.seen.clock_was_wrong = True

        return await self._of_somebody(wrong)

    async def _database_killed(self) -> bool:
        database = self._house.database
        assert database is not None
        await self._request_under_way()
        await asyncio.to_thread(database.kill)
        await asyncio.sleep(self._chance.uniform(0, 0.5))
        await asyncio.to_thread(database.serve)
        return True

    async def _connections_killed(self) -> bool:
        """Kill one process of the database, after which it repairs itself; from afar, end all its connections."""
        assert self._house.database is not None
        found = self._house.database.processes()[1:]
        await self._request_under_way()
        if not found:
            return await asyncio.to_thread(end_connections, self._house.urls[EXAM])
        self._house.kill([self._chance.choice(found)])
        return True

    async def _database_frozen(self) -> bool:
        assert self._house.database is not None
        return await self._stopped(self._house.database.processes())


def end_connections(url: str) -> bool:
    """End every other connection to a database; tells whether it could be asked to."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as db:
            db.execute(text(END_CONNECTIONS))
    except SQLAlchemyError:
        return False
    return True
