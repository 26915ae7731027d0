"""One's own account, and the list of accounts for the system administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from assessment_app.accounts import actions, messages, queries
from assessment_app.accounts.routes.door import by, may_try, only, shows, span, store, token, visit
from assessment_app.accounts.rules import STAFF, Actor, Entry, Group, Role
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import NotFound, TooMany
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark

bp = Blueprint("accounts", __name__, template_folder="../templates", url_prefix="/akun")
bp.before_request(only(*STAFF))

admin = Blueprint("accounts_admin", __name__, template_folder="../templates", url_prefix="/akun/daftar")
admin.before_request(only(Role.SYSTEM_ADMIN))
ADMINS = frozenset({Role.SYSTEM_ADMIN})
shows(admin, Entry(Group.SYSTEM, mark("Akun staf"), "key", "accounts_admin.listed", ADMINS, ADMINS))

DEEDS: dict[str, tuple[Callable[[Session, UUID, Actor, datetime], None], str]] = {
    "buka-kunci": (actions.unlock, mark("Akun sudah dibuka.")),
    "nonaktifkan": (partial(actions.set_active, active=False), mark("Akun dinonaktifkan.")),
    "aktifkan": (partial(actions.set_active, active=True), mark("Akun diaktifkan lagi.")),
    "akhiri-sesi": (actions.end_sessions, mark("Semua sesi akun itu sudah diakhiri.")),
}
"""What an administrator can do to an account from the list, and what the page says then."""


@bp.get("")
def own() -> ResponseReturnValue:
    """Show one's own account and where it is signed in."""
    with transaction(store(), reads_only=True) as db:
        sessions = queries.living_sessions(db, current_user.account_id, span(), clock.now())
    return render_template("accounts/own.html", sessions=sessions, present=queries.hashed(token()))


@bp.post("/sesi/<session_hash>/akhiri")
def end_session(session_hash: str) -> ResponseReturnValue:
    """End one of one's own sessions."""
    with transaction(store()) as db:
        actions.end_own_session(db, current_user.account_id, session_hash, by(), clock.now())
    flash(_("Sesi itu sudah diakhiri."), "ok")
    return redirect(url_for("accounts.own"), 303)


@bp.get("/faktor-kedua")
def ask_factor() -> ResponseReturnValue:
    """Show the secret of a second factor that is to replace the present one."""
    return _factor_page(None, "")


@bp.post("/faktor-kedua")
def replace_factor() -> ResponseReturnValue:
    """Replace the second factor; the password is asked again, because somebody may have left their desk."""
    enrolment, code = messages.Enrolment.parse(request.form), messages.parse_code(request.form)
    if not may_try(current_user.sign_in_name):
        raise TooMany(retry_after_s=60)
    with transaction(store(), reads_only=True) as db:
        stored = queries.password_hash_of(db, current_user.sign_in_name)
    proof = queries.prove(stored, messages.Credentials.parse(request.form).password)
    with transaction(store()) as db:
        account_id, now = current_user.account_id, clock.now()
        is_done = actions.replace_factor(db, account_id, proof, enrolment, code, visit(), now)
    if not is_done:
        return _factor_page(enrolment, _(messages.WRONG_PASSWORD_OR_CODE))
    flash(_("Faktor kedua yang baru sudah berlaku."), "ok")
    return redirect(url_for("accounts.own"), 303)


def _factor_page(enrolment: messages.Enrolment | None, error: str) -> ResponseReturnValue:
    enrolment = enrolment or actions.begin_enrolment(current_user, clock.now())
    return render_template("accounts/factor.html", enrolment=enrolment, error=error), 422 if error else 200


@admin.get("")
def listed() -> ResponseReturnValue:
    """List the accounts of the administrator's agency, or of all."""
    page, now = min(max(request.args.get("halaman", 1, int), 1), 100_000), clock.now()
    with transaction(store(), reads_only=True) as db:
        accounts, total = queries.accounts_seen_by(db, current_user.agency_id, page)
    return render_template("accounts/listed.html", accounts=accounts, total=total, page=page, now=now)


@admin.post("/<uuid:account_id>/<deed>")
def do(account_id: UUID, deed: str) -> ResponseReturnValue:
    """Unlock, deactivate, activate an account, or end its sessions."""
    if deed not in DEEDS:
        raise NotFound
    act, said = DEEDS[deed]
    with transaction(store()) as db:
        act(db, account_id, by(), clock.now())
    flash(_(said), "ok")
    return redirect(url_for("accounts_admin.listed"), 303)
