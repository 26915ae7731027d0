"""A vault on a migrated SQLite file, the vault server itself, and staff who are signed in to it."""

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from assessment_app.accounts import actions as accounts
from assessment_app.accounts.models import StaffSession
from assessment_app.accounts.queries import hashed
from assessment_app.accounts.rules import Actor, Role
from assessment_app.platform import audit, clock, db, security, settings
from assessment_app.platform.migrating import upgrade
from assessment_app.servers import vault
from item_bank import drafts, publishing
from item_bank.forms import PublishedForm
from item_bank.keys import AnswerKey
from tests import stores

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
BY = Actor("system:test", "test")
REASON = "Telaah berkala butir peragaan"


class Browser:
    """Somebody who is signed in; keeps the last page and its CSRF token."""

    def __init__(self, app, token, account):
        self.client, self.account, self.said, self.csrf = app.test_client(), account, "", ""
        with self.client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True

    def _read(self, answer):
        self.said = answer.get_data(as_text=True)
        found = re.findall(r'name="_csrf" value="([^"]+)"', self.said)
        self.csrf = found[-1] if found else self.csrf
        return answer

    def get(self, path):
        """Open a page."""
        return self._read(self.client.get(path))

    def post(self, path, **fields):
        """Send a form of the last page."""
        return self._read(self.client.post(path, data={"_csrf": self.csrf, **fields}))

    def upload(self, content, name="karier.json"):
        """Send a draft from the list."""
        self.get("/bank/formulir")
        answer = self.post("/bank/formulir/draf", draf=(io.BytesIO(content), name))
        answer.request.environ["wsgi.input"].close()  # a large one is a file, which the test client leaves open
        return answer

    @property
    def preview(self):
        """What travels sealed in the preview page."""
        found = re.search(r'name="pratinjau" value="([^"]+)"', self.said)
        return found.group(1) if found else ""


@pytest.fixture
def on_postgres(postgres):
    """A vault on PostgreSQL."""
    with postgres.database(postgres.template("vault_template", lambda url: upgrade("vault", url))) as url:
        yield url


@pytest.fixture
def store(request, service_run, tmp_path):
    """A vault of the test's own: a file, or on PostgreSQL where the test asks for it."""
    if getattr(request, "param", "sqlite") == "postgres":
        url = request.getfixturevalue("on_postgres")
    else:
        url = stores.copied(stores.sqlite_template(service_run), tmp_path)[db.VAULT]
    chosen = settings.Settings(data_dir=tmp_path, second_factor="optional", vault_url=url)
    settings.use(chosen)
    security.make_secrets(chosen.secrets)
    db.connect(chosen.stores, [db.VAULT])
    yield chosen
    db.disconnect()
    security._master.cache_clear()


@pytest.fixture
def sign_in(store, monkeypatch):
    """Sign somebody in: sign_in(Role.ITEM_AUTHOR)."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    app = vault.build(store)
    with db.transaction(db.VAULT) as session:
        agency = accounts.create_agency(
            session, "pusat", "Bank soal nasional", "Asia/Jakarta", Actor("test"), NOW
        ).agency_id

    def signed_in(*roles, name="Niken Larasati"):
        token = uuid4().hex
        with db.transaction(db.VAULT) as session:
            sign_in_name = f"staf.{token[:8]}"
            account = accounts.create_account(session, sign_in_name, name, roles, agency, BY, NOW)
            session.add(StaffSession(
                session_hash=hashed(token), account=account, whole=True, created=NOW, last_seen=NOW, origin="",
                browser="",
            ))  # fmt: skip
        return Browser(app, token, account.account_id)

    return signed_in


@pytest.fixture
def author(sign_in):
    return sign_in(Role.ITEM_AUTHOR)


@pytest.fixture
def other(sign_in):
    return sign_in(Role.ITEM_AUTHOR)


@pytest.fixture
def psychometrician(sign_in):
    return sign_in(Role.PSYCHOMETRICIAN, name="Galih Prabowo")


@pytest.fixture
def sample():
    """Give a sample draft as bytes, spoilt where the test says so: sample("karier-demo", title="x")."""

    def give(code, **changes):
        written = json.loads((Path(drafts.__file__).parent / "samples" / f"{code}.json").read_text())
        return json.dumps(written | changes).encode()

    return give


@pytest.fixture
def published(store, sample):
    """Publish a sample and give its names: published("potensi-demo")."""

    def publish(code, **changes):
        draft = drafts.parse(sample(code, **changes), code)
        with db.transaction(db.VAULT) as session:
            return publishing.publish(session, draft, b"n" * 32, NOW)

    return publish


@pytest.fixture
def kept(store):
    """Read what the vault holds: forms, keys and what the trail says of the bank."""

    def read():
        with db.transaction(db.VAULT, reads_only=True) as session:
            told = [entry for entry in audit.newest(session, None) if entry.action.startswith(("form", "item"))]
            return session.query(PublishedForm).all(), session.query(AnswerKey).all(), told

    return read
