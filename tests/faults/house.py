"""An installation for faults: a short wave in stores of its own, its processes looked after as ``proasn run`` does it,
and every plug within reach.
"""

from __future__ import annotations

import asyncio
import resource
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import psutil

from assessment_app.accounts.rules import Actor, Officer
from assessment_app.commands.family import Child
from assessment_app.commands.run import children
from assessment_app.people import actions as people
from assessment_app.people.models import Employee
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.security import secret
from assessment_app.platform.settings import Settings
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.messages import NewRoom, NewSession, NewWave
from assessment_app.scheduling.rules import pin
from item_bank import drafts, publishing
from tests import factories, stores
from tests.faults.wire import exchange
from tests.journeys.platform import free_ports, plain_environment
from tests.services.postgres import DURABLE, Postgres
from tests.services.run import Run, kill_for_certain


@dataclass(frozen=True)
class Wave:
    """What can be sat: the room's PIN, who is booked, and where."""

    agency_id: UUID
    session_id: UUID
    pin: str
    nips: tuple[str, ...]


@dataclass(frozen=True)
class Size:
    """How many sit, and how long a part is."""

    sittings: int
    parts: int = 2
    limit_s: float = 12.0
    grace_s: float = 3.0


@dataclass
class House:
    """The installation: stores, processes, and the database server where there is one."""

    folder: Path
    urls: Mapping[str, str]
    wave: Wave
    port: int
    environment: Mapping[str, str]
    family: list[Child]
    database: Postgres | None = None
    _power: threading.Event = field(default_factory=threading.Event)
    _keeper: threading.Thread | None = None

    def start(self) -> None:
        """Start the processes that participants need, and start again whichever dies."""
        self._power.set()
        self._keeper = threading.Thread(target=self._look_after, name="keeper")
        self._keeper.start()

    def _look_after(self) -> None:
        while self._power.is_set():
            for child in self.family:
                child.deaths = 0  # the day is in a hurry: each death is as if it were the first for a while
                child.look_after(self.environment, self.folder, first=False)
            time.sleep(0.05)

    def processes(self, name: str) -> list[psutil.Process]:
        """List the living processes of a program, the one that was started first."""
        child = next(child for child in self.family if child.name == name)
        with suppress(psutil.Error):
            if child.process is not None and child.process.poll() is None:
                first = psutil.Process(child.process.pid)
                return [first, *first.children(recursive=True)]
        return []

    async def serves(self, patience_s: float = 120.0) -> None:
        """Wait until the exam server takes requests and can reach its stores."""
        async with asyncio.timeout(patience_s):
            while not await self._is_ready():
                await asyncio.sleep(0.1)

    async def _is_ready(self) -> bool:
        try:
            async with asyncio.timeout(10):
                asked = await exchange(self.port, b"GET /readyz HTTP/1.1\r\nHost: exam\r\nConnection: close\r\n\r\n")
            return asked[0] == 200
        except (OSError, EOFError, ValueError, TimeoutError):
            return False

    def power_off(self) -> None:
        """Take the power from everything at once."""
        self._power.clear()
        if self._keeper is not None:
            self._keeper.join()
        family = [process for child in self.family for process in self.processes(child.name)]
        kill_for_certain(family)
        for child in self.family:
            if child.process is not None:
                child.process.wait()
            child.process, child.starts_at = None, 0.0
        if self.database is not None:
            self.database.kill()

    def power_on(self) -> None:
        """Give the power back."""
        if self.database is not None:
            self.database.serve()
        self.start()

    def writers(self) -> list[psutil.Process]:
        """List who writes answers to the disk: the exam server, or the database for each of its connections."""
        return self.processes("exam") if self.database is None else self.database.processes()[1:]


def kill(processes: list[psutil.Process]) -> None:
    """End processes as a power cut or the kernel does."""
    tell(processes, signal.SIGKILL)


def tell(processes: list[psutil.Process], number: signal.Signals) -> None:
    """Send a signal to whichever of the processes still lives."""
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(number)


def fill_disk(processes: list[psutil.Process]) -> None:
    """Let no file of these processes grow beyond a few pages: the same errors as on a full disk."""
    for process in processes:
        with suppress(psutil.Error):
            process.rlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))


def free_disk(processes: list[psutil.Process]) -> None:
    """Make room again."""
    for process in processes:
        with suppress(psutil.Error):
            process.rlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def running(run: Run, kind: str, size: Size, options: Mapping[str, str]) -> Iterator[House]:
    """Run a house on ``sqlite`` or ``postgresql``; ``options`` are set for the database server."""
    with ExitStack() as held:
        folder = run.folder / "house"
        folder.mkdir()
        database = None
        if kind == "postgresql":
            database = Postgres(run, {**DURABLE, **options})
            database.ensure()
            urls = held.enter_context(stores.postgres_urls(database))
        else:
            urls = stores.copied(stores.sqlite_template(run), folder)
        chosen = held.enter_context(stores.opened(folder, urls))
        house = _house(folder, urls, chosen, make_wave(size), database)
        house.start()
        try:
            yield house
        finally:
            house.power_off()
            if database is not None:
                database.serve()  # so that its databases can be given back


def _house(folder: Path, urls: dict[str, str], chosen: Settings, wave: Wave, database: Postgres | None) -> House:
    (port,) = free_ports(1)
    environment = plain_environment() | {
        "PRO_ASN_DATA_DIR": str(folder), "PRO_ASN_METRICS_PORT": "0", "PRO_ASN_EXAM_PORT": str(port),
        "PRO_ASN_WORKER_LEASE_SECONDS": "2", "PRO_ASN_SEAL_KEY": str(chosen.seal_key),
        **{f"PRO_ASN_{store.upper()}_URL": url for store, url in urls.items()},
    }  # fmt: skip
    family = [child for child in children(chosen) if child.name in ("exam", "worker")]
    return House(folder, urls, wave, port, environment, family, database)


def make_wave(size: Size) -> Wave:
    """Plan a wave of short parts whose session has begun; everybody is booked."""
    now = datetime.now(UTC)
    agency_id = factories.agency("gangguan", now)
    by, forms = Officer(agency_id, "test"), _publish(size, now)
    with transaction() as db:
        people.import_employees(db, agency_id, "orang.csv", _people(size.sittings).encode(), Actor("test"), now)
        wave = scheduling.add_wave(db, by, NewWave("Gelombang Gangguan", "pemetaan", forms), now)
        wave.grace_ms = round(1000 * size.grace_s)
        room = scheduling.add_room(db, by, NewRoom("Lab", "SMKN Contoh", "Asia/Jakarta", 500), now)
        hours = NewSession(room.room_id, now, now + timedelta(hours=3))
        session = scheduling.add_session(db, by, wave.wave_id, hours, now)
        employees = db.query(Employee).filter(Employee.agency_id == agency_id).order_by(Employee.nip).all()
        scheduling.book(db, by, session.session_id, [one.employee_id for one in employees], now)
        shown = pin(secret("session-pin"), session.session_id, session.pin_round)
        return Wave(agency_id, session.session_id, shown, tuple(one.nip for one in employees))


def _publish(size: Size, now: datetime) -> tuple[str, ...]:
    """Publish the first forms of the sample battery with short times."""
    chosen = sorted(drafts.samples(), key=lambda draft: factories.BATTERY.index(draft.presentation.code))[: size.parts]
    with transaction(VAULT) as vault:
        for number, draft in enumerate(chosen):
            words = msgspec.structs.replace(draft.presentation, time_limit_ms=round(1000 * size.limit_s))
            publishing.publish(vault, msgspec.structs.replace(draft, presentation=words), bytes([number]) * 32, now)
        vault.flush()
        deliveries = plans.published(vault)
    with transaction() as db:
        for delivery in deliveries:
            scheduling.take_in(db, delivery, now)
    by_code = {delivery.code: delivery.form_id for delivery in deliveries}
    return tuple(by_code[draft.presentation.code] for draft in chosen)


def _people(count: int) -> str:
    head, rest = "NIP,NAMA,UNIT KERJA,JABATAN,JENJANG,GOLONGAN,STATUS", "Dinas Sosial,Analis,Pelaksana,III/a,PNS"
    rows = [f"19850317201001{1 + n % 2}{n:03},Peserta {n},{rest}" for n in range(count)]
    return "\n".join([head, *rows]) + "\n"
