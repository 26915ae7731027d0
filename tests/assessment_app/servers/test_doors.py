"""Each server builds, and answers every page to nobody and to each role as its doors say, never with a fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask

from assessment_app.accounts import actions as accounts
from assessment_app.accounts.models import StaffSession
from assessment_app.accounts.queries import hashed
from assessment_app.accounts.routes.door import only
from assessment_app.accounts.rules import Actor, Role
from assessment_app.exam.hot_path import ExamApp
from assessment_app.platform import security
from assessment_app.platform.db import EXAM, VAULT, StoreName, transaction
from assessment_app.platform.settings import Settings
from assessment_app.servers import exam, office, vault
from tests.factories import NOW

STAFF = [role for role in Role if role is not Role.PARTICIPANT]
STORES: dict[str, StoreName] = {"office": EXAM, "vault": VAULT}


SERVERS: dict[str, Callable[[Settings], Flask]] = {"exam": exam.build, "office": office.build, "vault": vault.build}


@pytest.fixture
def stopped_clock(monkeypatch):
    monkeypatch.setattr("assessment_app.platform.clock.now", lambda: NOW)


@pytest.fixture
def app(request, installation, stopped_clock) -> Flask:
    """A server on SQLite and on PostgreSQL."""
    return SERVERS[request.param](installation)


@pytest.fixture
def door(request, on_sqlite, stopped_clock) -> Flask:
    """A server on SQLite, where only its doors matter."""
    return SERVERS[request.param](on_sqlite)


def places(app: Flask) -> list[tuple[str, str]]:
    """List every address that can be opened without knowing a name of something, with the blueprint it belongs to."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.methods is not None and "GET" in rule.methods]
    return sorted((rule.rule, rule.endpoint.rpartition(".")[0]) for rule in rules if not rule.arguments)


def pages(app: Flask) -> list[str]:
    """List every such address that Flask answers; a hot call is no page, and has headers of its own."""
    return [path for path, _ in places(app) if not (isinstance(app, ExamApp) and app.handler("GET", path))]


def browser_of(app: Flask, store: StoreName, role: Role, *, has_agency: bool = True):
    """Open a browser in which somebody of one role is signed in."""
    token = f"token of {role}"
    with transaction(store) as db:
        agency = accounts.create_agency(db, uuid4().hex, "BKD", "Asia/Jakarta", Actor("test"), NOW)
        account = accounts.create_account(
            db, f"{role}.{uuid4().hex}", "Dewi", [role], agency.agency_id if has_agency else None, Actor("test"), NOW
        )
        db.add(StaffSession(
            session_hash=hashed(token), account=account, whole=True, created=NOW, last_seen=NOW, origin="", browser=""
        ))  # fmt: skip
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


def answers(client, app: Flask) -> dict[str, int]:
    return {path: client.get(path, buffered=True).status_code for path in pages(app)}


@pytest.mark.parametrize("app", ["exam", "office", "vault"], indirect=True)
def test_nobody_gets_a_page_or_is_led_to_the_door(app):
    found = answers(app.test_client(), app)
    assert len(found) >= 4
    # An address that names a link or a half-done sign-in is not found without it.
    assert set(found.values()) <= {200, 302, 401, 404}, found


@pytest.mark.parametrize("door", ["exam", "office", "vault"], indirect=True)
def test_every_answer_carries_every_header(door):
    for path in [*pages(door), "/nowhere", "/metrics", "/static/platform/tokens.css", "/static/none/x"]:
        answer = door.test_client().get(path, buffered=True)
        own_style = re.compile(r"(?<=style-src 'self') 'sha256-[^']+'")  # of the one that stands in the page
        sent = {name: own_style.sub("", answer.headers.get(name, "")) for name in security.HEADERS}
        assert sent == security.HEADERS, path
        assert answer.headers["X-Request-Id"], path


@pytest.mark.parametrize("app", ["office", "vault"], indirect=True)
def test_each_role_gets_its_pages_and_no_fault(app, request):
    store = STORES[request.node.callspec.params["app"]]
    for role in STAFF:
        found = answers(browser_of(app, store, role), app)
        assert set(found.values()) <= {200, 302, 403, 404}, (role, found)
        assert found["/akun"] == 200


@pytest.mark.parametrize("door", ["office", "vault"], indirect=True)
def test_a_system_admin_without_an_agency_meets_no_fault(door, request):
    store = STORES[request.node.callspec.params["door"]]
    found = answers(browser_of(door, store, Role.SYSTEM_ADMIN, has_agency=False), door)
    assert set(found.values()) <= {200, 302, 403, 404}, found


@pytest.mark.parametrize("door", ["office", "vault"], indirect=True)
def test_a_door_lets_in_the_roles_that_it_names_and_no_other(door, request):
    guarded = {path: roles_at(door, blueprint) for path, blueprint in places(door) if roles_at(door, blueprint)}
    assert len(guarded) > 3
    for role in STAFF:
        found = answers(browser_of(door, STORES[request.node.callspec.params["door"]], role), door)
        refused = {path for path in guarded if found[path] == 403}
        assert refused == {path for path, roles in guarded.items() if role not in roles}, role


def roles_at(app: Flask, blueprint: str) -> set[Role]:
    """Read off a blueprint's door whom it lets in."""
    doors = [
        check for check in app.before_request_funcs.get(blueprint, []) if check.__qualname__.startswith(only.__name__)
    ]
    return {role for door in doors for cell in door.__closure__ or () for role in cell.cell_contents}


@pytest.mark.parametrize(
    ("door", "is_open"), [("office", ["gate", "verification"]), ("vault", ["gate"])], indirect=["door"]
)
def test_every_part_has_a_door_but_the_gate_and_what_verifies_a_report(door, is_open):
    assert [name for name in door.blueprints if not roles_at(door, name)] == is_open


def test_the_door_reader_reads_doors():
    app = Flask(__name__)
    app.before_request_funcs["x"] = [only(Role.AUDITOR)]
    assert roles_at(app, "x") == {Role.AUDITOR}


@pytest.mark.parametrize("door", ["exam"], indirect=True)
def test_the_hot_calls_answer_strangers_without_a_fault(door):
    client = door.test_client()
    for method, path in (("POST", "answers"), ("POST", "heartbeat"), ("GET", "content/x")):
        answer = client.open(f"/api/exam/v1/{path}", method=method)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
        assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store")
