"""Every address of office and vault, tried by those for whom it is not: nobody, half a person, another agency."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Table, select
from werkzeug.routing import Rule

from assessment_app.accounts import actions as accounts
from assessment_app.accounts.models import StaffAccount, StaffSession
from assessment_app.accounts.queries import hashed
from assessment_app.accounts.rules import STAFF, Actor, Officer, Role
from assessment_app.evidence import actions as evidence
from assessment_app.evidence.actions import Ground, Origin
from assessment_app.evidence.rules import Kind
from assessment_app.exam.models import Attempt, TimeEntry
from assessment_app.job_standards import actions as standards
from assessment_app.people import actions as people
from assessment_app.people.models import Employee
from assessment_app.personnel import actions as personnel
from assessment_app.personnel.messages import demonstration
from assessment_app.personnel.messages.forms import NewCheck
from assessment_app.personnel.models import PayrollCheck
from assessment_app.platform import clock
from assessment_app.platform.db import ANSWERS, EXAM, VAULT, StoreName, metadata_of, transaction
from assessment_app.platform.settings import settings
from assessment_app.rule_sets import actions as rule_sets
from assessment_app.rule_sets import queries as numbers
from assessment_app.scheduling.models import Booking
from assessment_app.servers import office, vault
from tests.assessment_app.accounts.belongings import OTHER_KEY, corrected, planned
from tests.assessment_app.accounts.doors import ANYTHING, CSRF, FORMS, IN_STATE
from tests.assessment_app.job_standards.sheets import row, sheet
from tests.assessment_app.reports.many import issued
from tests.assessment_app.scoring.house import BEST, NOW, House, browser, publish, stores
from tests.factories import PEOPLE

BUILD = {"office": (office.build, EXAM), "vault": (vault.build, VAULT)}
MANY = 10**30
OPEN = ("static_of", "joined_of", "healthz", "readyz", "verification.verify")
"""What is for everybody: files without secrets, whether the server lives, and whether a report is genuine."""


@pytest.fixture
def forms(tmp_path, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with stores(tmp_path):
        yield publish()


def signed_in(store: StoreName, name: str, agency_id=None, roles=STAFF, **session) -> str:
    """Make a session of somebody who holds roles, or else every role of staff; gives the number for its cookie."""
    with transaction(store) as db:
        if agency_id is None:
            agency_id = accounts.create_agency(db, name, name.title(), "Asia/Jakarta", Actor("test"), NOW).agency_id
        account = accounts.create_account(db, name, name.title(), roles, agency_id, Actor("test"), NOW)
        times = {"whole": True, "created": NOW, "last_seen": NOW} | session
        db.add(StaffSession(session_hash=hashed(name), account=account, origin="", browser="", **times))
    return name


def guarded(app: Flask) -> list[tuple[Rule, str]]:
    """List every address behind a door, once for each way to ask for it."""
    return [
        (rule, method) for rule in app.url_map.iter_rules() for method in sorted(rule.methods or ())
        if method in ("GET", "POST") and not rule.endpoint.startswith("gate.") and rule.endpoint not in OPEN
    ]  # fmt: skip


def address(rule: Rule, values: dict[str, object]) -> str:
    """Write an address with the names that it asks for."""
    bound = Flask("x").url_map
    bound.add(rule.empty())
    return bound.bind("").build(rule.endpoint, {name: values[name] for name in rule.arguments}, rule_method(rule))


def rule_method(rule: Rule) -> str:
    return "GET" if "GET" in (rule.methods or ()) else "POST"


def half_way(app: Flask, store: StoreName):
    return browser(app, signed_in(store, "separuh", whole=False))


def ended(app: Flask, store: StoreName):
    return browser(app, signed_in(store, "selesai", ended=NOW))


def idle(app: Flask, store: StoreName):
    long_ago = NOW - timedelta(hours=2)
    return browser(app, signed_in(store, "diam", created=long_ago, last_seen=long_ago))


def deactivated(app: Flask, store: StoreName):
    token = signed_in(store, "nonaktif")
    with transaction(store) as db:
        db.scalars(select(StaffAccount).where(StaffAccount.sign_in_name == token)).one().active = False
    return browser(app, token)


def nobody(app: Flask, _store: StoreName):
    return browser(app, "a number that nobody was given")


@pytest.mark.parametrize("who", [nobody, half_way, ended, idle, deactivated])
@pytest.mark.parametrize("server", BUILD)
def test_who_is_not_wholly_signed_in_is_sent_to_the_sign_in_page_from_everywhere(forms, server, who):
    build, store = BUILD[server]
    app = build(settings())
    client, tried = who(app, store), guarded(app)
    assert len(tried) >= 12
    for rule, method in tried:
        answer = client.open(address(rule, ANYTHING), method=method, data=CSRF if method == "POST" else None)
        if method == "GET":
            assert (answer.status_code, answer.location[:6]) == (302, "/masuk"), rule
        else:
            assert answer.status_code == 401, rule


LANDINGS = {
    ("office", Role.BKD_ADMIN): "/gelombang", ("office", Role.PROCTOR): "/pengawas",
    ("office", Role.ASSESSOR): "/tinjau", ("office", Role.TALENT_COMMITTEE): "/talenta",
    ("office", Role.AUDITOR): "/jejak-audit", ("office", Role.SYSTEM_ADMIN): "/akun/daftar",
    ("vault", Role.ITEM_AUTHOR): "/bank", ("vault", Role.PSYCHOMETRICIAN): "/bank",
}  # fmt: skip


@pytest.mark.parametrize(("server", "role"), LANDINGS)
def test_every_role_comes_in_where_its_work_begins(forms, server, role):
    build, store = BUILD[server]
    client = browser(build(settings()), signed_in(store, "dewi", roles=[role]))
    landed = client.get("/").location
    assert landed == LANDINGS[server, role]
    assert client.get(landed).status_code == 200


@pytest.mark.parametrize("server", BUILD)
def test_no_form_is_taken_without_the_token_of_its_session(forms, server):
    build, store = BUILD[server]
    app = build(settings())
    client = browser(app, signed_in(store, "dewi"))
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            assert client.post(address(rule, ANYTHING), data={"_csrf": "palsu"}).status_code == 400, rule


def compared(agency_id: UUID) -> PayrollCheck:
    """Compare two demonstration lists for an agency."""
    pair = demonstration.planted_pair()
    new = NewCheck("p.csv", pair.personnel_csv(), "g.csv", pair.payroll_csv(), NOW.date(), None)
    with transaction() as db:
        known = personnel.look_up(db, agency_id, new, NOW)
        return personnel.keep(db, Officer(agency_id, "test"), personnel.examine(new, known, NOW), NOW)


class Home(House):
    """An agency with a measured person, a preview of an import that waits, and a colleague who is signed in."""

    def __init__(self, forms):
        super().__init__(forms)
        sitting_id = self.measure(BEST)
        with transaction() as db:
            run = people.preview_import(db, self.agency_id, "p.csv", PEOPLE.encode(), Actor("test"), NOW)
            self.employee_id = db.scalars(select(Employee.employee_id)).one()
            fact, file = evidence_of(db, self.agency_id, self.employee_id)
            dewi = Officer(self.agency_id, f"account:{UUID(int=7)}")
            upload = standards.preview(db, dewi, "s.csv", sheet(row("Analis")), NOW).import_id
            draft = rule_sets.copy(db, dewi, "2027-1", NOW, "Uji", NOW)
            sha256 = numbers.life(db, self.agency_id, draft).rule_set.sha256
            for attempt in db.scalars(select(Attempt)):
                attempt.ledger.append(TimeEntry(kind="base", ms=60_000, by="system", reason="", at=NOW))
        check = compared(self.agency_id)
        token = signed_in(EXAM, "budi", self.agency_id)
        with transaction(reads_only=True) as db:
            colleague = db.scalars(select(StaffAccount.account_id)).one()
            booking = db.scalars(select(Booking.booking_id)).one()
        proposal = corrected(self.agency_id, self.wave_id, sitting_id, colleague)
        issued(self.agency_id, self.wave_id, sitting_id, colleague)
        self.names = ANYTHING | {
            "wave_id": self.wave_id, "session_id": self.session_id, "import_id": run.import_id,
            "booking_id": booking, "employee_id": self.employee_id, "fact_id": fact, "file_id": file, "draft_id": draft,
            "sitting_id": sitting_id, "account_id": colleague, "session_hash": hashed(token), "key_seal": OTHER_KEY,
            "proposal_id": proposal, "post_id": planned(self.agency_id, self.employee_id, colleague),
            "check_id": check.check_id, "upload_id": upload, "sha256": sha256,
        }  # fmt: skip


def evidence_of(db, agency_id, employee_id):
    """Write down a fact about somebody and preview a file; gives the names of both."""
    by, said = Officer(agency_id, "test"), {"level": "Provinsi", "date": "2024"}
    fact = evidence.record_fact(db, by, employee_id, Kind.AWARD, said, Ground("", "untuk diuji"), NOW)
    nip = db.get_one(Employee, employee_id).nip
    content = f"NIP;TAHUN;PREDIKAT\n{nip};2025;Baik".encode()
    return fact.fact_id, evidence.preview_import(db, by, Origin("k.csv", "e-Kinerja"), content, NOW).import_id


@pytest.fixture
def home(forms):
    return Home(forms)


@cache
def tables_of(store: StoreName) -> list[Table]:
    """List the tables of a store, once: to copy their description costs more than to read them."""
    return metadata_of(store).sorted_tables


def remembered() -> dict[str, list[tuple[object, ...]]]:
    """Read all that the exam store and the answer log hold."""
    found = {}
    for store in (EXAM, ANSWERS):
        with transaction(store, reads_only=True) as db:
            for table in tables_of(store):
                found[table.name] = sorted((tuple(row) for row in db.execute(select(table))), key=repr)
    return found


def named(app: Flask) -> list[tuple[Rule, str]]:
    return [(rule, method) for rule, method in guarded(app) if rule.arguments]


def fill(rule: Rule, house: Home) -> dict[str, object]:
    own = {
        "room_id": "01234567-89ab-4cde-8f01-23456789abcd", "employee_id": str(house.employee_id),
        "session_id": str(house.session_id), "shown": f"{house.session_id}/1",
        "booking": str(house.names["booking_id"]), "to": f"{house.session_id}/2",
    }  # fmt: skip
    return {**CSRF, **own, **FORMS.get(rule.endpoint, {})}


def test_another_agency_with_every_name_in_hand_finds_nothing_and_changes_nothing(home):
    app = office.build(settings())
    stranger, values = browser(app, signed_in(EXAM, "asing")), home.names
    before, tried = remembered(), named(app)
    assert len(tried) >= 15
    for rule, method in tried:
        path = address(rule, values)
        answer = stranger.open(path, method=method, data=fill(rule, home) if method == "POST" else None)
        assert answer.status_code == 404, (path, answer.status_code)
        assert remembered() == before, path


def test_the_own_agency_finds_what_the_other_one_asked_for(home):
    app = office.build(settings())
    somebody, values = browser(app, signed_in(EXAM, "dewi", home.agency_id)), home.names
    for rule, method in named(app):
        if rule.endpoint == "accounts.end_session":  # of one's own only
            continue
        answer = somebody.open(
            address(rule, values), method=method, data=fill(rule, home) if method == "POST" else None
        )
        wanted = {200, 302, 303} | ({400, 409, 422} if rule.endpoint in IN_STATE else set())
        assert answer.status_code in wanted, (rule, answer.status_code)


@pytest.mark.parametrize("path", ["/gelombang?halaman={}", "/pegawai?halaman={}", "/akun/daftar?halaman={}",
                                  "/jejak-audit?sebelum={}", "/jejak-audit?sebelum=-{}", "/talenta?kotak={}",
                                  "/tinjau/{}", "/periksa-gaji?halaman={}", "/tinjau?halaman={}",
                                  "/jejak-audit?tindakan=%00{}"])  # fmt: skip
def test_a_number_that_no_column_holds_is_no_fault_of_ours(home, path):
    client = browser(office.build(settings()), signed_in(EXAM, "dewi", home.agency_id))
    assert client.get(path.format(MANY)).status_code in (200, 404)


@pytest.mark.parametrize("deed", ["lepas", "waktu"])
def test_a_seat_that_no_column_holds_is_not_found(home, deed):
    client = browser(office.build(settings()), signed_in(EXAM, "dewi", home.agency_id))
    form = FORMS["proctoring.release"] | FORMS["proctoring.add_time"] | CSRF
    assert client.post(f"/pengawas/sesi/{home.session_id}/kursi/{MANY}/{deed}", data=form).status_code == 404
