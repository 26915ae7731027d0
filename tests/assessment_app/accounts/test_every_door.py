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
from assessment_app.accounts.rules import STAFF, Actor, Officer
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
from tests.assessment_app.job_standards.sheets import row, sheet
from tests.assessment_app.scoring.house import BEST, NOW, House, browser, publish, stores
from tests.factories import PEOPLE

BUILD = {"office": (office.build, EXAM), "vault": (vault.build, VAULT)}
OPEN = ("static_of", "joined_of", "healthz", "readyz")
"""What is for everybody: files without secrets, and whether the server lives."""

MANY = 10**30
CSRF = {"_csrf": "csrf"}
FORMS: dict[str, dict[str, object]] = {
    "scheduling.add_session": {"starts": "2026-11-26T07:30", "ends": "2026-11-26T11:30"},
    "scheduling.set_browser": {"policy": "off"},
    "scheduling.add_sessions": {"first": "2026-11-26", "last": "2026-11-26", "weekday": "3", "starts": "07:30",
                                "ends": "11:30", "act": "make"},
    **{f"scheduling.{deed}": {"nip": "198503172010011987", "reason": "ingin tahu"}
       for deed in ("move", "swap", "take_off", "add_late")},
    "accommodations.grant": {"factor": "1,3", "reason": "ingin tahu"},
    "scheduling.new_pin": {"round": "1", "reason": "ingin tahu"},
    "proctoring.release": {"epoch": "1", "reason": "ingin tahu"},
    "proctoring.add_time": {"n": "1", "minutes": "60", "after_entry": "1", "reason": "ingin tahu"},
    "proctoring.add_break": {"n": "1", "after_entry": "1"},
    "proctoring.credit_outage": {"minutes": "60", "after_entry": "0", "reason": "ingin tahu"},
    "proctoring.lock": {"reason": "ingin tahu"},
    "proctoring.unlock": {"reason": "ingin tahu"},
    "personnel.decide": {"keadaan": "dibantah", "catatan": "ingin tahu", "setelah": "0"},
    "evidence.record": {"level": "Nasional", "date": "2025", "alasan": "ingin tahu sekali"},
    "evidence.mark_none": {"checked": "22-11-2026", "alasan": "ingin tahu sekali"},
    "evidence.take_back": {"alasan": "ingin tahu sekali"},
    "review.show_effect": {"choice": "confirm"},
    "review.save_draft": {"choice": "confirm", "profile": "0" * 64, "steps": "0"},
    "review.decide": {"choice": "confirm", "profile": "0" * 64, "steps": "0"},
    "review.judge": {"verdict": "back", "profile": "0" * 64, "steps": "0"},
    **{f"rule_drafts.{deed}": {"reason": "ingin tahu", "seen": "1", "version": "2027-2", "effective": "2027-03-01"}
       for deed in ("head", "edit_rule", "submit", "withdraw")},
    "progress.try_again": {"pekerjaan": "semua"},
    **{f"rule_decisions.{deed}": {"reason": "ingin tahu sekali", "seen": "1"} for deed in ("approve", "send_back")},
}  # fmt: skip
"""What makes a form whole, so that it is refused for whose it is and not for how it is filled."""


IN_STATE = frozenset({"scheduling.add_session", "scheduling.add_sessions", "scheduling.move", "scheduling.swap",
                      "scheduling.take_off", "scheduling.add_late", "scheduling.freeze",
                      "proctoring.add_time", "proctoring.add_break",
                      "proctoring.credit_outage", "accommodations.grant", "review.decide", "review.judge",
                      "review.sign_several", "rule_drafts.head", "rule_drafts.edit_rule", "rule_drafts.submit",
                      "rule_drafts.withdraw", "rule_decisions.approve", "rule_decisions.send_back",
                      "progress.try_again"})  # fmt: skip
"""What may be refused for how its thing stands, once it is known that it is one's own."""


@pytest.fixture
def forms(tmp_path, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with stores(tmp_path):
        yield publish()


def signed_in(store: StoreName, name: str, agency_id=None, **session) -> str:
    """Make a session of somebody who holds every role of staff; gives the number for its cookie."""
    with transaction(store) as db:
        if agency_id is None:
            agency_id = accounts.create_agency(db, name, name.title(), "Asia/Jakarta", Actor("test"), NOW).agency_id
        account = accounts.create_account(db, name, name.title(), STAFF, agency_id, Actor("test"), NOW)
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


ANYTHING: dict[str, object] = {
    "wave_id": "01234567-89ab-4cde-8f01-23456789abcd", "session_id": "01234567-89ab-4cde-8f01-23456789abcd",
    "import_id": "01234567-89ab-4cde-8f01-23456789abcd", "account_id": "01234567-89ab-4cde-8f01-23456789abcd",
    "booking_id": "01234567-89ab-4cde-8f01-23456789abcd",
    "seat": 1, "sitting_id": 1, "deed": "buka-kunci", "session_hash": "0" * 64, "form_id": "0" * 64, "item_id": "x",
    "version": 1, "check_id": "01234567-89ab-4cde-8f01-23456789abcd", "finding_no": 1,
    "proposal_id": "01234567-89ab-4cde-8f01-23456789abcd",
    "employee_id": "01234567-89ab-4cde-8f01-23456789abcd", "fact_id": "01234567-89ab-4cde-8f01-23456789abcd",
    "file_id": "01234567-89ab-4cde-8f01-23456789abcd", "kind": "award", "name": "box.near_cut", "sha256": "0" * 64,
    "draft_id": "01234567-89ab-4cde-8f01-23456789abcd", "upload_id": "01234567-89ab-4cde-8f01-23456789abcd",
}  # fmt: skip
"""A name for everything that an address may ask for; a new kind of name has to be added here."""


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
        self.names = ANYTHING | {
            "wave_id": self.wave_id, "session_id": self.session_id, "import_id": run.import_id,
            "booking_id": booking,
            "employee_id": self.employee_id, "fact_id": fact, "file_id": file,
            "sitting_id": sitting_id, "account_id": colleague, "session_hash": hashed(token),
            "check_id": check.check_id, "upload_id": upload, "draft_id": draft, "sha256": sha256,
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
