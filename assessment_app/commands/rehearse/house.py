"""The servers of a rehearsal, started and looked after as ``proasn run`` does it, with every plug within reach."""

from __future__ import annotations

import asyncio
import shlex
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from assessment_app.commands.family import Child
from assessment_app.commands.rehearse import processes
from assessment_app.rehearsal.participants.connections import Line
from assessment_app.rehearsal.participants.refusals import Refused, Unreachable
from assessment_app.rehearsal.participants.wire import Browser

FULL_BYTES = 4096
"""No file of a full disk grows beyond this."""


class Database(Protocol):
    """A database server that can lose its power."""

    def kill(self) -> None:
        """End it at once."""

    def serve(self) -> None:
        """Start it, or wait until it serves again."""

    def processes(self) -> list[int]:
        """List its processes, the first one first; none where they are on another machine."""


@dataclass(frozen=True)
class Restarted:
    """A database server that can only be restarted as a whole, by a command of whoever runs it."""

    command: str
    url: str

    def kill(self) -> None:
        """Restart it: it is away for as long as that takes. Raises CalledProcessError."""
        subprocess.run(shlex.split(self.command), check=True, stdout=subprocess.DEVNULL)  # the operator's own words

    def serve(self) -> None:
        """Wait until it serves again; raises OperationalError when it does not within a minute."""
        engine = create_engine(self.url, poolclass=NullPool)
        for tries in range(240, -1, -1):
            try:
                engine.connect().close()
            except OperationalError:
                if not tries:
                    raise
                time.sleep(0.25)
            else:
                return

    def processes(self) -> list[int]:
        """See none of them."""
        return []


@dataclass
class House:
    """An installation that is played in: where participants find it, and what can be done to it.

    ``family`` is empty where the servers are somebody else's: then nothing of theirs is touched.
    """

    folder: Path
    urls: Mapping[str, str]
    address: str
    environment: Mapping[str, str] = field(default_factory=dict)
    family: list[Child] = field(default_factory=list)
    database: Database | None = None
    used_s: float = 0.0
    """CPU seconds of processes that are gone."""
    _power: threading.Event = field(default_factory=threading.Event)
    _keeper: threading.Thread | None = None

    def start(self) -> None:
        """Start the processes that participants need, and start again whichever dies."""
        if not self.family:
            return
        self._power.set()
        self._keeper = threading.Thread(target=self._look_after, name="keeper", daemon=True)
        self._keeper.start()

    def _look_after(self) -> None:
        while self._power.is_set():
            for child in self.family:
                child.deaths = 0  # the day is in a hurry: each death is as if it were the first for a while
                child.look_after(self.environment, self.folder, first=False)
            time.sleep(0.05)

    def processes(self, name: str) -> list[int]:
        """List the living processes of a program, the one that was started first."""
        found = [child.process for child in self.family if child.name == name and child.process is not None]
        return [pid for process in found if process.poll() is None for pid in processes.family_of(process.pid)]

    def cpu_s(self) -> float:
        """Sum the CPU seconds of all processes of the house and of the database, so far as they can be seen."""
        alive = [pids[0] for child in self.family if (pids := self.processes(child.name))]
        server = self.database.processes()[:1] if self.database is not None else []
        return self.used_s + sum(processes.cpu_of_family(pid) for pid in (*alive, *server))

    async def serves(self, patience_s: float = 120.0) -> None:
        """Wait until the exam server takes requests and can reach its stores; raises TimeoutError."""
        async with asyncio.timeout(patience_s):
            while not await self._is_ready():
                await asyncio.sleep(0.1)

    async def _is_ready(self) -> bool:
        asking = Browser(Line(self.address))
        try:
            await asking.ask("GET", "/readyz", "", None, 10)
        except (Unreachable, Refused):
            return False
        finally:
            asking.close()
        return True

    def kill(self, pids: list[int]) -> None:
        """Kill processes of the house; what they used is kept in the books."""
        self.used_s += sum(processes.own_cpu(pid) for pid in pids)
        processes.kill_for_certain(pids)

    def power_off(self) -> None:
        """Take the power from everything at once."""
        self.stop()
        if self.database is not None:
            self.database.kill()

    def stop(self) -> None:
        """End the servers at once, but not the database."""
        self._power.clear()
        if self._keeper is not None:
            self._keeper.join()
        self.kill([pid for child in self.family for pid in self.processes(child.name)])
        for child in self.family:
            if child.process is not None:
                child.process.wait()
            child.process, child.starts_at = None, 0.0

    def power_on(self) -> None:
        """Give the power back."""
        if self.database is not None:
            self.database.serve()
        self.start()

    def writers(self) -> list[int]:
        """List who writes answers to the disk: the exam server, or the database for each of its connections."""
        return self.processes("exam") if self.database is None else self.database.processes()[1:]
