"""The audit trail for those who check others: newest first, and a walk along the whole chain on request."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from assessment_app.accounts import queries
from assessment_app.accounts.messages import ACTORS, DEEDS
from assessment_app.accounts.routes.door import only, shows, store
from assessment_app.accounts.rules import Entry, Group, Role
from assessment_app.platform import audit
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark

PAGE = 50
MOST_ROWS = 2**31 - 1
"""The column of row numbers holds no more; asked for a higher one, the database would fail."""

Namer = Callable[[Session, UUID | None, Collection[str]], Mapping[str, str]]
"""Names what a slice owns, of one agency or, where none is given, of all; what it does not know is left out."""

IdNamer = Callable[[Session, UUID | None, Collection[UUID]], Mapping[UUID, str]]
"""The same for what has a UUID, whatever stands before it."""

ROLES = (Role.AUDITOR, Role.SYSTEM_ADMIN)
ACCOUNT = "account:"

trail = Blueprint("audit", __name__, template_folder="../templates", url_prefix="/jejak-audit")
trail.before_request(only(*ROLES))
BEGIN = frozenset({Role.AUDITOR})
shows(trail, Entry(Group.SYSTEM, mark("Jejak audit"), "history", "audit.listed", frozenset(ROLES), BEGIN))


def names_subjects(blueprint: Blueprint, namer: Namer) -> None:
    """Let a slice name in the trail what it owns; the id that the trail keeps stays beside it."""
    blueprint.record(lambda state: state.app.extensions.setdefault("audit_namers", []).append(namer))


def names_ids(blueprint: Blueprint, namer: IdNamer) -> None:
    """Let a slice name in the trail what it owns and knows by a UUID."""

    def named(db: Session, scope: UUID | None, subjects: Collection[str]) -> Mapping[str, str]:
        ids = audit.ids_of(subjects)
        known = namer(db, scope, frozenset(ids.values()))
        return {subject: known[one] for subject, one in ids.items() if one in known}

    names_subjects(blueprint, named)


@trail.get("")
def listed() -> ResponseReturnValue:
    """Show one page of the trail of the reader's agency, or of all."""
    before, action = request.args.get("sebelum", type=int), request.args.get("tindakan", "")
    before = before if before is not None and 0 < before <= MOST_ROWS else None
    action = action if action.isprintable() else ""
    with transaction(store(), reads_only=True) as db:
        scope = current_user.agency_id
        kinds = [("", _("Semua tindakan")), *((kind, _(DEEDS.get(kind, kind))) for kind in audit.actions(db, scope))]
        found = audit.newest(db, scope, before=before, action=action, limit=PAGE + 1)
        names = {f"{ACCOUNT}{one}": name for one, name in queries.names_of(db, _accounts(found)).items()}
        names |= _subjects(db, scope, found)
    return render_template(
        "accounts/audit.html", entries=found[:PAGE], more=found[PAGE:], kinds=kinds, deeds=DEEDS, action=action,
        before=before, names=names, actors=ACTORS,
    )  # fmt: skip


@trail.post("/periksa")
def verify() -> ResponseReturnValue:
    """Walk along the whole chain, of all agencies, and say whether it holds."""
    with transaction(store(), reads_only=True) as db:
        verdict = audit.verify(db)
    if verdict.holds:
        flash(_("Rantai utuh: %(rows)s baris diperiksa, semuanya sama seperti saat ditulis.", rows=verdict.rows), "ok")
    else:
        said = _(
            "Rantai putus di baris %(row)s: baris itu diubah, hilang, atau disisipkan. Baris sebelumnya utuh. "
            "Jangan ubah apa pun; beri tahu admin sistem dan simpan cadangan basis data.", row=verdict.broken_at,
        )  # fmt: skip
        flash(said, "danger")
    return redirect(url_for("audit.listed"), 303)


def _subjects(db: Session, scope: UUID | None, entries: Iterable[audit.AuditEntry]) -> dict[str, str]:
    """Name what entries speak of beside accounts, as the slices that own it call it."""
    subjects, known = {entry.subject for entry in entries}, {}
    for namer in current_app.extensions.get("audit_namers", []):
        known.update(namer(db, scope, subjects))
    return known


def _accounts(entries: Iterable[audit.AuditEntry]) -> list[UUID]:
    """Collect the accounts that entries speak of, as who acted or on whom."""
    told = {name for entry in entries for name in (entry.actor, entry.subject) if name.startswith(ACCOUNT)}
    return [UUID(name.removeprefix(ACCOUNT)) for name in told]
