"""An installation for faults: a short wave in stores of its own, with every plug within reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from assessment_app.accounts.rules import Actor, Officer
from assessment_app.commands.rehearse.house import House
from assessment_app.commands.run import children
from assessment_app.people import actions as people
from assessment_app.people.models import Employee
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.security import secret
from assessment_app.platform.settings import Settings
from assessment_app.rehearsal.messages import Seated, Staged
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.messages import NewRoom, NewSession, NewWave
from assessment_app.scheduling.rules import pin
from item_bank import drafts, publishing
from tests import factories, stores
from tests.journeys.platform import free_ports, plain_environment
from tests.services.postgres import DURABLE, Postgres
from tests.services.run import Run


@dataclass(frozen=True)
class Size:
    """How many sit, and how long a part is."""

    sittings: int
    parts: int = 2
    limit_s: float = 12.0
    grace_s: float = 3.0


class Server:
    """The cluster of the tests as a rehearsal restarts it."""

    def __init__(self, cluster: Postgres) -> None:
        """Take the cluster."""
        self._cluster = cluster
        self.kill, self.serve = cluster.kill, cluster.serve

    def processes(self) -> list[int]:
        """List its processes, the first one first."""
        return [one.pid for one in self._cluster.processes()]


@contextmanager
def running(run: Run, kind: str, size: Size, options: Mapping[str, str]) -> Iterator[tuple[House, Staged]]:
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
        house = _house(folder, urls, chosen, database)
        staged = make_wave(size)
        house.start()
        try:
            yield house, staged
        finally:
            house.power_off()
            if database is not None:
                database.serve()  # so that its databases can be given back


def _house(folder: Path, urls: dict[str, str], chosen: Settings, database: Postgres | None) -> House:
    (port,) = free_ports(1)
    environment = plain_environment() | {
        "PRO_ASN_DATA_DIR": str(folder), "PRO_ASN_METRICS_PORT": "0", "PRO_ASN_EXAM_PORT": str(port),
        "PRO_ASN_WORKER_LEASE_SECONDS": "2", "PRO_ASN_SEAL_KEY": str(chosen.seal_key),
        **{f"PRO_ASN_{store.upper()}_URL": url for store, url in urls.items()},
    }  # fmt: skip
    family = [child for child in children(chosen) if child.name in ("exam", "worker")]
    server = None if database is None else Server(database)
    return House(folder, urls, f"http://127.0.0.1:{port}", environment, family, server)


def make_wave(size: Size) -> Staged:
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
        seated = tuple(Seated(one.nip, shown, "Lab", 0, one.job_level) for one in employees)
        return Staged(agency_id, wave.wave_id, seated)


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
