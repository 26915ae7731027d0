"""A store with two agencies, sheets written on the spot, and a browser that is signed in."""

import io
import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import xlsxwriter
from flask import Flask

from assessment_app.accounts import actions as accounts
from assessment_app.accounts.models import StaffSession
from assessment_app.accounts.queries import hashed
from assessment_app.accounts.routes import install_sign_in
from assessment_app.accounts.rules import Actor, Role
from assessment_app.people import actions
from assessment_app.people.routes import bp
from assessment_app.platform import clock, db, settings, web

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
BY = Actor("system:test", "test")
HEADER = ["NIP", "NAMA", "UNIT KERJA", "JABATAN", "JENJANG", "STATUS"]
GOOD = ["198503172010011987", "Contoh Satu", "Dinas Contoh", "Analis", "Ahli Muda", "PNS"]
OTHER = ["199104052023212987", "Contoh Dua", "Badan Contoh", "Analis", "Ahli Pertama", "PPPK"]


def csv_of(*rows, delimiter=";", encoding="utf-8"):
    """Write rows as CSV, plainly."""
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def book_of(*rows, first=0):
    """Write rows as XLSX: numbers as numbers, dates as dates, all else as text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Data")
        for number, row in enumerate(rows, first):
            for position, value in enumerate(row):
                write = sheet.write_string if isinstance(value, str) else sheet.write
                write(number, position, value)
    return out.getvalue()


@pytest.fixture
def store(on_sqlite):
    return db.EXAM


@pytest.fixture
def agency(store) -> UUID:
    with db.transaction() as session:
        return accounts.create_agency(
            session, "contoh", "Pemerintah Provinsi Contoh", "Asia/Jakarta", Actor("test"), NOW
        ).agency_id


@pytest.fixture
def neighbour(store) -> UUID:
    with db.transaction() as session:
        return accounts.create_agency(
            session, "tetangga", "Pemerintah Kota Tetangga", "Asia/Jakarta", Actor("test"), NOW
        ).agency_id


@pytest.fixture
def preview(agency):
    """Preview a file: preview(content)."""

    def previewed(content, agency_id=agency, now=NOW, name="pegawai.xlsx"):
        with db.transaction() as session:
            return actions.preview_import(session, agency_id, name, content, BY, now)

    return previewed


@pytest.fixture
def apply(agency):
    """Apply a preview: apply(run)."""

    def applied(run, agency_id=agency, now=NOW):
        with db.transaction() as session:
            return actions.apply_import(session, agency_id, run.import_id, BY, now)

    return applied


@pytest.fixture
def bring_in(preview, apply):
    """Preview and apply: bring_in(content)."""
    return lambda content, now=NOW, **more: apply(preview(content, now=now, **more), now=now, **more)


@pytest.fixture
def app(store, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    app = Flask("office", template_folder=web.TEMPLATES, static_folder=None)
    web.furnish(app, settings.settings(), cookie="test", stores=[store], slices=["accounts", "people"])
    install_sign_in(app, store)
    app.register_blueprint(bp)
    return app


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
        """Open a page."""
        return self._read(self.client.get(path))

    def post(self, path, **fields):
        """Send a form of the last page, and follow where it leads."""
        sent = {"_csrf": self.csrf, **fields}
        return self._read(self.client.post(path, data=sent, follow_redirects=True))

    def upload(self, content, name="pegawai.csv"):
        """Send a file from the import page."""
        self.get("/pegawai/impor")
        return self.post("/pegawai/impor", berkas=(io.BytesIO(content), name))


@pytest.fixture
def sign_in(app, agency):
    """Sign somebody in: sign_in(Role.BKD_ADMIN)."""

    def signed_in(*roles, agency_id=agency):
        token = uuid4().hex
        with db.transaction() as session:
            name = f"staf.{token[:8]}"
            account = accounts.create_account(session, name, "Dewi Contoh", roles, agency_id, BY, NOW)
            session.add(StaffSession(
                session_hash=hashed(token), account=account, whole=True, created=NOW, last_seen=NOW, origin="",
                browser="",
            ))  # fmt: skip
        return Browser(app, token)

    return signed_in


@pytest.fixture
def dewi(sign_in):
    return sign_in(Role.BKD_ADMIN)
