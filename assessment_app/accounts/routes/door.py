"""The door that every blueprint of office and vault has, and who stands before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import cast
from uuid import UUID

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.local import LocalProxy

from assessment_app.accounts import actions, messages, queries
from assessment_app.accounts.rules import (
    Actor,
    Entry,
    Group,
    Officer,
    Role,
    SessionState,
    Span,
    entry_of,
    first_page,
    local_path,
    may_enter,
    navigation,
    normal_name,
    page_of,
)
from assessment_app.platform import clock, rate
from assessment_app.platform.db import StoreName, transaction
from assessment_app.platform.errors import Forbidden, NotSignedIn, TooMany, wants_problem
from assessment_app.platform.settings import settings

TRIES_FROM_ADDRESS, TRIES_OF_NAME = "120/minute", "30/minute"
"""Passwords that may be tried: each costs a slow hash, and a whole office may stand behind one address."""


def only(*roles: Role) -> Callable[[], ResponseReturnValue | None]:
    """Make the check at a blueprint's door: ``bp.before_request(only(Role.BKD_ADMIN))``.

    Whoever is not signed in is asked to, and keeps the filled form; another role gets the page that says so.
    """

    def door() -> ResponseReturnValue | None:
        if not current_user.is_authenticated:
            return _ask_to_sign_in()
        if not may_enter(current_user.roles, roles):
            raise Forbidden
        return None

    return door


def shows(blueprint: Blueprint, *entries: Entry) -> None:
    """Add entries to the side navigation of every server that this blueprint is part of."""
    blueprint.record(lambda state: state.app.extensions.setdefault("navigation", []).extend(entries))


def store() -> StoreName:
    """Name the store whose accounts sign in here."""
    return cast(StoreName, current_app.extensions["accounts_store"])


def span() -> Span:
    """Give the limits of a session as this installation sets them."""
    chosen = settings()
    return Span(timedelta(minutes=chosen.staff_idle_minutes), timedelta(hours=chosen.staff_session_hours))


def visit() -> messages.Visit:
    """Say where this request comes from."""
    return messages.Visit.of(request.remote_addr, request.user_agent.string)


def may_try(name: str) -> bool:
    """Count a try of a password, whoever the name belongs to; the address first, so that names cost no memory."""
    address, name = f"staff-address:{request.remote_addr}", f"staff-name:{normal_name(name)}"
    return rate.allows(TRIES_FROM_ADDRESS, address) and rate.allows(TRIES_OF_NAME, name)


def proves_again() -> bool:
    """Tell whether the password in this request's form is that of whoever is signed in; asked before they sign.

    The hash is computed outside any transaction, because SQLite has one writer. Refuses with TooMany.
    """
    if not may_try(current_user.sign_in_name):
        raise TooMany(retry_after_s=60)
    with transaction(store(), reads_only=True) as db:
        stored = queries.password_hash_of(db, current_user.sign_in_name)
    proof = queries.prove(stored, messages.Credentials.parse(request.form).password)
    with transaction(store()) as db:
        return actions.prove_again(db, current_user.account_id, proof, visit(), clock.now())


def by() -> Actor:
    """Name whoever is signed in for the audit trail."""
    return Actor(current_user.actor, request.remote_addr or "", current_user.agency_id)


def own_agency() -> UUID:
    """Name the agency that whoever is signed in works for; refuses with Forbidden who belongs to none."""
    agency_id: UUID | None = current_user.agency_id
    if agency_id is None:
        raise Forbidden("Akun ini tidak terikat pada satu instansi. Masuk dengan akun instansi.")
    return agency_id


def officer() -> Officer:
    """Name whoever is signed in as somebody who acts for an agency; refuses with Forbidden who belongs to none."""
    return Officer(own_agency(), current_user.actor, request.remote_addr or "")


def token() -> str:
    """Give the number of the session in the cookie; empty when there is none."""
    return str(session.get("_user_id", ""))


def load(token: str) -> queries.SignedIn | None:
    """Find who a cookie belongs to, and keep a sign of life once a minute."""
    now = clock.now()
    with transaction(store(), reads_only=True) as db:
        row = queries.session_named(db, token)
        if row is None or queries.state_of(row, span(), now) is not SessionState.ALIVE:
            return None
        person, is_due = queries.signed_in(row, token), row.is_due_for_touch(now)
    if is_due:
        with transaction(store()) as db:
            actions.touch(db, token, now)
    g.timezone = person.timezone
    return person


def for_pages() -> dict[str, object]:
    """Tell every page what its reader may open; nothing is asked of the store before a page uses it."""
    return {
        "current_user": current_user,
        "navigation": LocalProxy(seen_entries),
        "entry_here": LocalProxy(lambda: entry_of(seen_entries(), request.endpoint or "")),
        "group_names": messages.GROUP_NAMES,
        "role_names": messages.ROLE_NAMES,
    }


def seen_entries() -> list[tuple[Group, list[Entry]]]:
    """Arrange the navigation for whoever is signed in."""
    held = current_user.roles if current_user.is_authenticated else frozenset()
    return navigation(current_app.extensions.get("navigation", []), held)


def first_endpoint() -> str:
    """Name the page where whoever is signed in comes in: their own one, where no other opens."""
    entry = first_page(current_app.extensions.get("navigation", []), current_user.roles)
    return entry.endpoint if entry else "accounts.own"


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_problem():
        raise NotSignedIn
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("gate.sign_in", next=request.full_path.rstrip("?")))
    here = page_of(request.referrer or "/")
    kept = _keep_form(here)
    return render_template("accounts/sign_in.html", next=here, kept=kept, was_expired=True), 401


def _keep_form(back: str) -> str:
    """Seal the form that arrived too late; empty when its session did not end by its age alone."""
    now, path = clock.now(), local_path(request.full_path.rstrip("?")) or "/"
    with transaction(store(), reads_only=True) as db:
        row = queries.session_named(db, token())
        if row is None or queries.state_of(row, span(), now) is not SessionState.EXPIRED:
            return ""
        files = [sent.filename for sent in request.files.values()]
        form = messages.KeptForm.collect(row.account_id, path, back, request.form.lists(), files, now)
    return form.sealed()
