"""An app with sign-in and one guarded page, on a database file of its own; a clock that tests move by hand."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from flask import Blueprint, Flask, render_template_string, request
from pyotp import TOTP

from assessment_app.accounts import actions
from assessment_app.accounts.messages import Visit
from assessment_app.accounts.models import StaffAccount
from assessment_app.accounts.routes import install_sign_in, only, shows
from assessment_app.accounts.rules import Actor, Entry, Group, Role
from assessment_app.platform import clock, db, rate, security, settings, web
from assessment_app.platform.security import make_secrets, open_secret
from tests import stores

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CLI = Actor("system", "command line")
VISIT = Visit("127.0.0.1", "Firefox, Windows")
PASSWORD = "kopi pahit di beranda"
PAGE = """{% extends "platform/base_office.html" %}{% block heading %}Gelombang{% endblock %}
{% block main %}<form method="post">{{ csrf_field() }}<input name="wave_name"></form>{% endblock %}"""


@dataclass
class Clock:
    """A clock that stands still until it is told to go on."""

    time: datetime = START

    def passes(self, **amount: float) -> None:
        """Let time pass."""
        self.time += timedelta(**amount)


@dataclass(repr=False)
class Browser:
    """A person at a browser: remembers cookies and the CSRF token of the last page."""

    app: Flask
    clock: Clock
    csrf: str = ""
    said: str = ""
    secret: str = ""
    headers: dict = field(default_factory=lambda: {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/115.0"})

    def __post_init__(self):
        self.client = self.app.test_client()

    def _read(self, answer):
        self.said = answer.get_data(as_text=True)
        found = re.findall(r'name="_csrf" value="([^"]+)"', self.said)
        self.csrf = found[-1] if found else self.csrf
        return answer

    def get(self, path, **more):
        """Open a page."""
        return self._read(self.client.get(path, headers=self.headers, **more))

    def post(self, path, **fields):
        """Send a form of the last page."""
        return self._read(self.client.post(path, data={"_csrf": self.csrf, **fields}, headers=self.headers))

    def hidden(self, name):
        """Read a hidden field of the last page."""
        found = re.findall(rf'name="{name}" value="([^"]*)"', self.said)
        return found[-1] if found else ""

    def secret_shown(self):
        """Read the secret of a second factor off the page."""
        return "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", self.said))

    def give_password(self, name, password=PASSWORD, **more):
        """Fill in the sign-in page."""
        self.get("/masuk")
        return self.post("/masuk", name=name, password=password, **more)

    def code(self):
        """Read the authenticator app."""
        return TOTP(self.secret).at(self.clock.time)

    def enrol(self):
        """Scan the secret of the page and prove it."""
        self.get("/masuk/pasang")
        self.secret = self.secret_shown()
        return self.post("/masuk/pasang", enrolment=self.hidden("enrolment"), code=self.code())

    def sign_in(self, name, **more):
        """Go all the way in; the second factor is enrolled the first time."""
        self.give_password(name, **more)
        if not self.secret:
            return self.enrol()
        self.get("/masuk/kode")
        return self.post("/masuk/kode", code=self.code(), **more)


@pytest.fixture
def now(monkeypatch):
    hand = Clock()
    monkeypatch.setattr(clock, "now", lambda: hand.time)
    return hand


@pytest.fixture(params=["required"])
def second_factor(request):
    return request.param


@pytest.fixture
def urls(request):
    """Where the stores are: SQLite files, unless a test asks for PostgreSQL."""
    if getattr(request, "param", "") != "postgres":
        yield {}
        return
    with stores.postgres_urls(request.getfixturevalue("postgres")) as urls:
        yield {"exam_url": urls[db.EXAM]}


@pytest.fixture
def store(request, service_run, tmp_path, second_factor, urls):
    """A store of its own: the exam store, or whatever the test asks for."""
    name = getattr(request, "param", db.EXAM)
    vault = stores.copied(stores.sqlite_template(service_run), tmp_path)[db.VAULT]
    chosen = settings.Settings(data_dir=tmp_path, second_factor=second_factor, vault_url=vault, **urls)
    settings.use(chosen)
    make_secrets(chosen.secrets)
    db.connect(chosen.stores, [name])
    yield name
    db.disconnect()
    security._master.cache_clear()


@pytest.fixture
def agency(store, now):
    with db.transaction(store) as session:
        return actions.create_agency(
            session, "lampung", "BKD Provinsi Lampung", "Asia/Jakarta", Actor("test"), now.time
        )


@pytest.fixture
def make(store, now, agency):
    """Make an account with a password: make("dewi", Role.BKD_ADMIN)."""

    def made(name, *roles, password=PASSWORD, agency_id=agency.agency_id):
        with db.transaction(store) as session:
            full_name = f"{name.title()} Anggraini, S.Kom."
            account = actions.create_account(session, name, full_name, roles, agency_id, CLI, now.time)
            if password:
                link = actions.issue_link(session, account.account_id, CLI, now.time)
                assert actions.set_password(session, link, password, VISIT, now.time) == ()
        return account

    return made


@pytest.fixture
def dewi(make):
    """An administrator of the agency."""
    return make("dewi", Role.BKD_ADMIN)


@pytest.fixture
def app(store):
    rate._limiter.cache_clear()  # tests try more passwords in a minute than a person may
    app = Flask("office", template_folder=web.TEMPLATES, static_folder=None)
    web.furnish(app, settings.settings(), cookie="test", stores=[store], slices=["accounts"])
    install_sign_in(app, store)
    app.register_blueprint(guarded())
    return app


def guarded():
    """A slice as others write it: a door, an entry of the navigation, a page and a form."""
    bp = Blueprint("waves", __name__, url_prefix="/gelombang")
    bp.before_request(only(Role.BKD_ADMIN))
    shows(bp, Entry(Group.PLANNING, "Gelombang", "calendar", "waves.page", frozenset({Role.BKD_ADMIN})))
    bp.add_url_rule("", "page", lambda: render_template_string(PAGE))
    bp.add_url_rule("/baru", "save", lambda: "sent: " + "|".join(request.form.getlist("wave_name")), methods=["POST"])
    return bp


@pytest.fixture
def browser_of(app, now):
    """A fresh browser for each call."""
    return lambda: Browser(app, now)


@pytest.fixture
def person(browser_of):
    return browser_of()


@pytest.fixture
def account_of(store):
    """Read an account as it is now."""

    def read(account):
        with db.transaction(store, reads_only=True) as session:
            return session.get(StaffAccount, account.account_id)

    return read


@pytest.fixture
def secret_of(account_of):
    """Read the second factor of an account, as its owner's phone knows it."""
    return lambda account: open_secret(account_of(account).totp_secret, "totp").decode()
