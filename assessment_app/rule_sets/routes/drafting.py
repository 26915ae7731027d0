"""Pages on which an agency's own rule set is drafted, edited, submitted and withdrawn."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessment_app.accounts.routes import officer, only, own_agency
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import NotFound
from assessment_app.platform.texts import DEFAULT_TIMEZONE
from assessment_app.platform.texts import gettext as _
from assessment_app.rule_sets import actions, messages, queries
from assessment_app.rule_sets.messages.asked import AS_TEXT, Heading, RuleForm, as_text, leaves, sent_document
from assessment_app.rule_sets.messages.faults import sentence
from assessment_app.rule_sets.queries import Life
from assessment_app.rule_sets.routes.sets import AUTHORS
from assessment_app.rule_sets.rules.checks import MARKS, Violation
from assessment_app.scheduling.messages import count, reason

bp = Blueprint("rule_drafts", __name__, url_prefix="/aturan/draf", template_folder="../templates")
bp.before_request(only(*AUTHORS))


@bp.post("")
def begin() -> ResponseReturnValue:
    """Begin a draft with the rules that are in force."""
    heading, why = Heading.parse(request.form, _zone()), reason(request.form)
    with transaction() as db:
        draft_id = actions.copy(db, officer(), heading.version, heading.effective, why, clock.now())
    flash(_("Draf dibuat dari set yang berlaku. Ubah aturannya, lalu ajukan."), "ok")
    return redirect(url_for("rule_sets.one", draft_id=draft_id), 303)


@bp.post("/impor")
def bring_in() -> ResponseReturnValue:
    """Begin a draft with a document from a file, or show everything that is wrong with it."""
    document, why = sent_document(request.files), reason(request.form)
    with transaction() as db:
        draft_id, found = actions.draft(db, officer(), document, why, clock.now())
    if found:
        return render_template("rule_sets/refused.html", sentences=_sentences(found)), 422
    flash(_("Draf dibuat dari berkas. Periksa bedanya, lalu ajukan."), "ok")
    return redirect(url_for("rule_sets.one", draft_id=draft_id), 303)


@bp.post("/<uuid:draft_id>/judul")
def head(draft_id: UUID) -> ResponseReturnValue:
    """Change version and date of a draft."""
    changed, why, seen = Heading.parse(request.form, _zone()).parts(), reason(request.form), count(request.form, "seen")
    with transaction() as db:
        actions.edit(db, officer(), draft_id, seen, changed, why, clock.now())
    flash(_("Versi dan tanggal disimpan."), "ok")
    return redirect(url_for("rule_sets.one", draft_id=draft_id), 303)


@bp.get("/<uuid:draft_id>/aturan/<name>")
def ask_rule(draft_id: UUID, name: str) -> ResponseReturnValue:
    """Ask for one rule of a draft, field by field or as text."""
    life, rule = _rule(draft_id, name)
    return _rule_page(life, name, RuleForm(rule, as_text(rule["value"])), [])


@bp.post("/<uuid:draft_id>/aturan/<name>")
def edit_rule(draft_id: UUID, name: str) -> ResponseReturnValue:
    """Change one rule of a draft, or show everything that would be wrong then."""
    life, rule = _rule(draft_id, name)
    wanted, seen = RuleForm.parse(request.form, name, rule), count(request.form, "seen")
    if wanted.fault:
        return _rule_page(life, name, wanted, [wanted.fault]), 422
    with transaction() as db:
        found = actions.edit(
            db, officer(), draft_id, seen, {"rules": {name: wanted.rule}}, reason(request.form), clock.now()
        )
    if found:
        return _rule_page(life, name, wanted, _sentences(found)), 422
    flash(_("%(rule)s disimpan.", rule=_(messages.RULE_NAMES[name])), "ok")
    return redirect(url_for("rule_sets.one", draft_id=draft_id, _anchor=name), 303)


def _rule(draft_id: UUID, name: str) -> tuple[Life, dict[str, object]]:
    with transaction(reads_only=True) as db:
        life = queries.life(db, own_agency(), draft_id)
    if name not in life.rule_set.document["rules"] or name not in messages.RULE_NAMES:
        raise NotFound("Aturan ini tidak ada di set ini.")
    return life, life.rule_set.document["rules"][name]


def _rule_page(life: Life, name: str, filled: RuleForm, errors: list[str]) -> str:
    is_text = name in AS_TEXT or "teks" in request.args or "json" in request.form
    return render_template(
        "rule_sets/rule.html", life=life, name=name, filled=filled, errors=errors, is_text=is_text,
        is_always_text=name in AS_TEXT, leaves=[] if is_text else leaves(name, filled.rule["value"]), marks=MARKS,
        rule_names=messages.RULE_NAMES, source_marks=messages.SOURCE_MARKS, why=request.form.get("reason", ""),
        seen=life.newest.n,
    )  # fmt: skip


@bp.post("/<uuid:draft_id>/ajukan")
def submit(draft_id: UUID) -> ResponseReturnValue:
    """Hand a draft to the second person."""
    why, seen = reason(request.form), count(request.form, "seen")
    with transaction() as db:
        actions.submit(db, officer(), draft_id, seen, why, clock.now())
    flash(_("Set aturan diajukan. Orang kedua memeriksa dan memutuskan."), "ok")
    return redirect(url_for("rule_sets.one", draft_id=draft_id), 303)


@bp.post("/<uuid:draft_id>/tarik")
def withdraw(draft_id: UUID) -> ResponseReturnValue:
    """Give a draft up."""
    why, seen = reason(request.form), count(request.form, "seen")
    with transaction() as db:
        actions.withdraw(db, officer(), draft_id, seen, why, clock.now())
    flash(_("Draf ditarik. Riwayatnya tetap tersimpan."), "ok")
    return redirect(url_for("rule_sets.listed"), 303)


def _sentences(found: list[Violation]) -> list[str]:
    return [sentence(one.rule, one.fault, one.known) for one in found]


def _zone() -> str:
    return current_user.timezone or DEFAULT_TIMEZONE
