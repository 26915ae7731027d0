"""A small installation: stores on files, the sample forms published, people who answer, are scored and placed."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from assessment_app.accounts import actions as accounts
from assessment_app.accounts.models import StaffSession
from assessment_app.accounts.queries import hashed
from assessment_app.accounts.rules import Actor, Officer
from assessment_app.exam import actions as exam
from assessment_app.exam.models import Attempt, Sitting, TimeEntry
from assessment_app.exam.rules import UNKNOWN, Manner
from assessment_app.people.models import Employee, ImportRun, Unit
from assessment_app.platform import db, security, settings
from assessment_app.platform.db import ANSWERS, EXAM, VAULT, StoreName, transaction
from assessment_app.platform.migrating import upgrade
from assessment_app.rule_sets import actions as rule_sets
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.messages import NewRoom, NewSession, NewWave
from assessment_app.scoring import actions as scoring
from assessment_app.talent import actions as talent
from item_bank import drafts, publishing
from item_bank.item_keys import Graded, Preferred, RightOrWrong

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
BATTERY = ("mansoskul-demo", "potensi-demo", "literasi-demo", "karier-demo")
FORMS = {draft.presentation.code: draft for draft in drafts.samples()}
SYSTEM = Actor("system", "test")

STORES: tuple[StoreName, ...] = (EXAM, ANSWERS, VAULT)

Answerer = Callable[[str, object], object]


@cache
def migrated() -> dict[StoreName, bytes]:
    """Migrate empty stores once per process: a copy costs a hundredth of it."""
    with TemporaryDirectory() as folder:
        for store in STORES:
            upgrade(store, f"sqlite:///{folder}/{store}.db")
        return {store: Path(folder, f"{store}.db").read_bytes() for store in STORES}


@contextmanager
def stores(folder) -> Iterator[None]:
    """Open migrated stores of an installation in a folder of its own."""
    chosen = settings.Settings(data_dir=folder, second_factor="optional", vault_url=f"sqlite:///{folder}/vault.db")
    settings.use(chosen)
    security.make_secrets(chosen.secrets)
    for store, content in migrated().items():
        (folder / f"{store}.db").write_bytes(content)
    db.connect(chosen.stores, STORES)
    yield
    db.disconnect()
    security._master.cache_clear()


def publish(codes=BATTERY) -> dict[str, str]:
    """Publish sample forms and carry them over; gives each form's name by its code."""
    with transaction(VAULT) as vault:
        names = {code: publishing.publish(vault, FORMS[code], b"0123456789abcdef", NOW).form_id for code in codes}
        vault.flush()
        deliveries = plans.published(vault)
    with transaction() as store:
        rule_sets.take_in(store)
        for delivery in deliveries:
            scheduling.take_in(store, delivery, NOW)
    return names


def steady(wanted: float) -> Answerer:
    """Answer as somebody who stands at ``wanted`` from 0, the worst answer everywhere, to 1, the best."""

    def answer(_form, key):
        if isinstance(key, Graded | RightOrWrong):
            ranked = sorted(key.credit, key=lambda name: key.credit[name])
            if isinstance(key, RightOrWrong):
                return ranked[-1] if wanted > 0.5 else ranked[0]
            return ranked[round(wanted * (len(ranked) - 1))]
        if isinstance(key, Preferred):
            by_loading = sorted(key.statements, key=lambda name: key.statements[name].loading)
            worst, best = by_loading[0], by_loading[-1]
            return {"most": best, "least": worst} if wanted > 0.5 else {"most": worst, "least": best}
        by_path = sorted(key.statements, key=lambda name: key.statements[name])
        return {"most": by_path[0], "least": by_path[-1]}

    return answer


BEST, WORST = steady(1.0), steady(0.0)


def all_answers(code: str, answerer: Answerer) -> dict[str, object]:
    """Answer a whole form; what the answerer gives None to stays unanswered."""
    said = {key.id: answerer(code, key) for key in FORMS[code].keys}
    return {item: answer for item, answer in said.items() if answer is not None}


@dataclass
class House:
    """One agency with one wave, whose people can be let through all of it."""

    forms: dict[str, str]
    code: str = "lampung"
    now: datetime = NOW
    agency_id: UUID = field(default_factory=uuid4)
    wave_id: UUID = field(default_factory=uuid4)
    session_id: UUID = field(default_factory=uuid4)
    import_id: UUID = field(default_factory=uuid4)
    units: dict[str, UUID] = field(default_factory=dict)
    people: int = 0

    def __post_init__(self):
        with transaction() as store:
            agency = accounts.create_agency(
                store, self.code, f"BKD {self.code}", "Asia/Jakarta", Actor("test"), self.now
            )
            self.agency_id = agency.agency_id
            planner = Officer(self.agency_id, "system")
            room = scheduling.add_room(store, planner, NewRoom("Lab 2", "SMKN 4", "Asia/Jakarta", 100), self.now)
            store.flush()
            new = NewWave("Profiling tahap 1", "pemetaan", tuple(self.forms[code] for code in BATTERY), self.wave_id)
            self.wave_id = scheduling.add_wave(store, planner, new, self.now).wave_id
            store.flush()
            when = NewSession(room.room_id, self.now, self.now + timedelta(hours=4))
            self.session_id = scheduling.add_session(store, planner, self.wave_id, when, self.now).session_id
            store.add(ImportRun(
                import_id=self.import_id, agency_id=self.agency_id, file_name="p.csv", content_hash="0" * 64,
                read_at=self.now, read_by="system", accepted=0, warned=0, rejected=0, created=0, changed=0,
            ))  # fmt: skip

    def book(self, name="Sri Wahyuningsih, S.Sos.", unit="Dinas Sosial", post="Kepala Subbagian", level="pengawas"):
        """Book somebody; gives the booking's number."""
        self.people += 1
        with transaction() as store:
            if unit not in self.units:
                self.units[unit] = uuid4()
                store.add(Unit(unit_id=self.units[unit], agency_id=self.agency_id, name=unit, path_key=unit.lower()))
            employee = Employee(
                employee_id=uuid4(), agency_id=self.agency_id, nip=f"19850312201001{2}{self.people:03d}", name=name,
                unit_id=self.units[unit], post_title=post, job_level=level, grade="III/d", status="PNS",
                birth_date=date(1985, 3, 12), sex="P", active=True, import_id=self.import_id,
            )  # fmt: skip
            store.add(employee)
            store.flush()
            planner = Officer(self.agency_id, "system")
            booked = scheduling.book(store, planner, self.session_id, [employee.employee_id], self.now)
            return booked[0].booking_id

    def sit(
        self, booking_id, answerer: Answerer, how: Callable[[str, dict], Manner] = lambda _code, _said: UNKNOWN,
        ledger: Callable[[str], Iterable[TimeEntry]] = lambda _code: (),
    ) -> int:  # fmt: skip
        """Let a booked person answer and hand in everything, in the manner and time given; gives the sitting."""
        with transaction() as store:
            sitting = Sitting(
                agency_id=self.agency_id, booking_id=booking_id, wave_id=self.wave_id, epoch=1, device="d",
                signed_in=self.now,
                attempts=[
                    Attempt(n=n, form_id=self.forms[code], opened=self.now, ledger=list(ledger(code)))
                    for n, code in enumerate(BATTERY, 1)
                ],
            )  # fmt: skip
            store.add(sitting)
            store.flush()
            for n, code in enumerate(BATTERY, 1):
                said, later = all_answers(code, answerer), self.now + timedelta(minutes=n)
                exam.seal(store, sitting.sitting_id, n, said, later, how(code, said))
            return sitting.sitting_id

    def score(self, sitting_id: int) -> None:
        """Do what the worker does once everything is sealed."""
        later = self.now + timedelta(minutes=10)
        with transaction() as store, transaction(VAULT, reads_only=True) as vault:
            attempts = store.scalars(select(Attempt.attempt_id).where(Attempt.sitting_id == sitting_id)).all()
            scoring.keep_scores(store, scoring.score_attempts(store, vault, attempts).made, later)
            scoring.keep_profiles(store, scoring.make_profiles(store, [sitting_id], later).made, later)
            talent.place_all(store, [sitting_id], later)

    def measure(self, answerer: Answerer, **who) -> int:
        """Lead somebody all the way to a placement; gives the sitting."""
        sitting_id = self.sit(self.book(**who), answerer)
        self.score(sitting_id)
        return sitting_id

    def staff(self, name: str, *roles) -> str:
        """Make an account that is signed in already; gives the number for its cookie."""
        return staff(self.agency_id, self.now, name, *roles)


def new_house():
    """Make an agency with a wave of the sample forms."""
    return House(publish())


def house_of_three():
    """Lead three people all the way to a placement."""
    house = new_house()
    for n, wanted in enumerate((0.2, 0.5, 0.8), 1):
        house.measure(steady(wanted), name=f"Peserta {n}")
    return house


MAKERS: dict[str, Callable[[], Any]] = {"forms": publish, "house": new_house}
"""What tests begin with, by the fixture that they ask for; see tests.stores.begun."""


def staff(agency_id: UUID, now: datetime, name: str, *roles) -> str:
    """Make an account of an agency that is signed in already; gives the number for its cookie."""
    with transaction() as store:
        account = accounts.create_account(store, name, f"{name.title()} Anggraini", roles, agency_id, SYSTEM, now)
        token = f"token-of-{name}"
        store.add(StaffSession(
            session_hash=hashed(token), account=account, whole=True, created=now, last_seen=now, origin="127.0.0.1",
            browser="Firefox",
        ))  # fmt: skip
    return token


def browser(app, token: str):
    """Open a browser that is signed in."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["csrf"] = token, "csrf"
    return client
