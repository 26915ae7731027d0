"""Two agencies with employees in a migrated store, files written on the spot, a browser that is signed in."""

import io
import re
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from assessment_app.accounts import actions as accounts
from assessment_app.accounts.models import StaffSession
from assessment_app.accounts.queries import hashed
from assessment_app.accounts.rules import Actor, Officer, Role
from assessment_app.evidence import actions, queries
from assessment_app.evidence.actions import Ground, Origin
from assessment_app.evidence.models import EvidenceFact
from assessment_app.people import actions as people
from assessment_app.people.models import Employee
from assessment_app.platform import clock, db, settings
from assessment_app.rule_sets import actions as rule_sets
from assessment_app.rule_sets import queries as numbers
from assessment_app.servers import office
from tests.assessment_app.people.conftest import csv_of
from tests.assessment_app.scoring.house import stores

NOW = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
AS_OF = date(2026, 11, 26)
SRI, JOKO, RINA = "198503172010011987", "197910212005011002", "199001052014022003"
PEOPLE = csv_of(
    ["NIP", "NAMA", "UNIT KERJA", "JABATAN", "JENJANG", "STATUS"],
    [SRI, "Sri Peraga", "Dinas Sosial", "Kepala Subbagian Umum", "Pengawas", "PNS"],
    [JOKO, "Joko Peraga", "Badan Perencanaan", "Kepala Bidang Anggaran", "Administrator", "PNS"],
    [RINA, "Rina Peraga", "Dinas Sosial", "Pengelola Layanan", "Pelaksana", "PNS"],
)
WHY = Ground("Nota BKD 1/2026", "dicocokkan dengan dokumen")


class Office:
    """One agency: its people, and what its officer does with evidence."""

    def __init__(self, code: str) -> None:
        with db.transaction() as session:
            self.agency_id: UUID = accounts.create_agency(
                session, code, code.title(), "Asia/Jakarta", Actor("test"), NOW
            ).agency_id
            people.import_employees(session, self.agency_id, "p.csv", PEOPLE, Actor("test"), NOW)
            found = session.execute(
                select(Employee.nip, Employee.employee_id).where(Employee.agency_id == self.agency_id)
            )
            self.ids = dict(found.all())
        self.by = Officer(self.agency_id, "account:dewi", "test")

    def preview(self, content, kind=None, now=NOW, **more):
        origin = Origin(more.pop("name", "bukti.csv"), more.pop("system", "e-Kinerja"), kind, **more)
        with db.transaction() as session:
            return actions.preview_import(session, self.by, origin, content, now)

    def apply(self, run, now=NOW):
        with db.transaction() as session:
            return actions.apply_import(session, self.by, run.import_id, now)

    def bring_in(self, content, kind=None, now=NOW, **more):
        return self.apply(self.preview(content, kind, now, **more), now)

    def findings(self, run):
        with db.transaction(reads_only=True) as session:
            return queries.all_findings(session, self.agency_id, run.import_id)

    def told(self, run):
        return [(one.row, one.severity, one.sentence) for one in self.findings(run)]

    def record(self, nip, kind, replaces=None, now=NOW, **cells):
        with db.transaction() as session:
            return actions.record_fact(session, self.by, self.ids[nip], kind, cells, WHY, now, replaces)

    def take_back(self, nip, fact_id, now=NOW):
        with db.transaction() as session:
            return actions.take_back(session, self.by, self.ids[nip], fact_id, WHY, now)

    def facts(self, nip=None):
        wanted = select(EvidenceFact).where(EvidenceFact.agency_id == self.agency_id)
        if nip:
            wanted = wanted.where(EvidenceFact.employee_id == self.ids[nip])
        with db.transaction(reads_only=True) as session:
            return list(session.scalars(wanted.order_by(EvidenceFact.at, EvidenceFact.row_no)))

    def components(self, nip, as_of=AS_OF, known_at=None):
        with db.transaction(reads_only=True) as session:
            document = numbers.in_force(session, self.agency_id, NOW).document
            found = queries.components(session, self.agency_id, [self.ids[nip]], document, as_of, known_at)
        return found[self.ids[nip]]

    def predicate(self, nip, as_of=AS_OF):
        with db.transaction(reads_only=True) as session:
            return queries.predicates(session, self.agency_id, [self.ids[nip]], as_of)[self.ids[nip]]


@pytest.fixture
def store(tmp_path):
    with stores(tmp_path):
        with db.transaction() as session:
            rule_sets.take_in(session)
        yield


@pytest.fixture
def bkd(store):
    return Office("contoh")


@pytest.fixture
def neighbour(store):
    return Office("tetangga")


class Browser:
    """Somebody who is signed in; keeps the last page and its CSRF token."""

    def __init__(self, app, token):
        self.client, self.said, self.csrf = app.test_client(), "", ""
        with self.client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True

    def _read(self, answer):
        self.said = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        found = re.findall(r'name="_csrf" value="([^"]+)"', self.said)
        self.csrf = found[-1] if found else self.csrf
        return answer

    def get(self, path):
        return self._read(self.client.get(path))

    def post(self, path, **fields):
        return self._read(self.client.post(path, data={"_csrf": self.csrf, **fields}, follow_redirects=True))

    def upload(self, content, name="bukti.csv", **fields):
        self.get("/bukti/impor")
        return self.post("/bukti/impor", berkas=(io.BytesIO(content), name), **{"sistem": "e-Kinerja", **fields})


@pytest.fixture
def sign_in(bkd, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    app = office.build(settings.settings())

    def signed_in(*roles, agency_id=None):
        token = uuid4().hex
        with db.transaction() as session:
            account = accounts.create_account(
                session, f"staf.{token[:8]}", "Dewi Contoh", roles, agency_id or bkd.agency_id, Actor("test"), NOW
            )
            session.add(StaffSession(
                session_hash=hashed(token), account=account, whole=True, created=NOW, last_seen=NOW, origin="",
                browser="",
            ))  # fmt: skip
        return Browser(app, token)

    return signed_in


@pytest.fixture
def dewi(sign_in):
    return sign_in(Role.BKD_ADMIN)
