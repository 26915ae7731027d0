"""Pages of items in stock: search, one item with its life, the editor, the review queue."""

from __future__ import annotations

import msgspec
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import finds, only, shows
from assessment_app.accounts.rules import Entry, Found, Group
from assessment_app.authoring.actions import life, reading
from assessment_app.authoring.messages import words
from assessment_app.authoring.messages.asked import NEEDS_NOTE, NO_REASON, ItemFilter, NewStep, Reason
from assessment_app.authoring.messages.item_form import FORM_KINDS, JOB_LEVELS, ItemForm
from assessment_app.authoring.queries import forms, items
from assessment_app.authoring.queries.keys import OpenedItem
from assessment_app.authoring.routes.people import AUTHORS, by
from assessment_app.authoring.rules.charts import category_chart
from assessment_app.platform import clock
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.errors import Conflict
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from item_bank.bank import BankItem
from item_bank.instruments import INSTRUMENTS
from item_bank.life import State

bp = Blueprint("authoring", __name__, url_prefix="/bank", template_folder="../templates")
bp.before_request(only(*AUTHORS))
shows(bp, Entry(Group.INSTRUMENTS, mark("Bank soal"), "book", "authoring.listed", AUTHORS))
shows(bp, Entry(Group.INSTRUMENTS, mark("Antrean telaah"), "check", "authoring.reviews", AUTHORS))


def _found(db: Session, text: str, most: int) -> list[Found]:
    rows, _total = items.lines(db, ItemFilter.parse({"cari": text}), current_user.actor)
    return [Found(one.item_id, one.topic, url_for("authoring.item", item_id=one.item_id)) for one in rows[:most]]


finds(bp, mark("Butir"), AUTHORS, _found, of_agency=False)

CURVE_WIDTH = 300
ANOTHER_ITEM = mark("Versi baru memakai kode dan instrumen butir ini. Kembalikan keduanya seperti semula.")


@bp.get("")
def listed() -> ResponseReturnValue:
    """Search the items in stock."""
    return _list_page(ItemFilter.parse(request.args), "authoring.listed")


@bp.get("/telaah")
def reviews() -> ResponseReturnValue:
    """List the items that wait for a review by whoever asks."""
    return _list_page(ItemFilter.parse({**request.args, "telaah": "saya"}), "authoring.reviews")


@bp.get("/butir/<item_id>")
def item(item_id: str) -> ResponseReturnValue:
    """Show a version of an item, the newest unless the address names one; its key stays closed."""
    with transaction(VAULT, reads_only=True) as db:
        newest = items.newest(db, item_id)
    return _item_page(item_id, request.args.get("versi", newest, type=int))


@bp.post("/butir/<item_id>/<int(max=2147483647):version>/kunci")
def read_key(item_id: str, version: int) -> ResponseReturnValue:
    """Open the key of a version for somebody who says why."""
    reason = Reason.parse(request.form)
    if reason.fault:
        return _item_page(item_id, version, reason=reason), 422
    with transaction(VAULT) as db:
        opened = reading.read_version_key(db, item_id, version, reason, by(), clock.now())
    return _item_page(item_id, version, opened, reason)


@bp.post("/butir/<item_id>/<int(max=2147483647):version>/langkah")
def step(item_id: str, version: int) -> ResponseReturnValue:
    """Take a step in the life of a version."""
    wanted = NewStep.parse(request.form)
    if wanted.note.fault:
        return _item_page(item_id, version, step_asked=wanted), 422
    with transaction(VAULT) as db:
        state = life.take(db, item_id, version, wanted, by(), current_user.roles, clock.now())
    flash(_("Tercatat. Butir ini sekarang: %(state)s.", state=_(words.STATE_NAMES[state])), "ok")
    return redirect(url_for("authoring.item", item_id=item_id, versi=version), 303)


@bp.get("/butir-baru")
def new() -> ResponseReturnValue:
    """Ask for a new item."""
    kind = request.args.get("jenis", "choice")
    form = ItemForm(instrument=request.args.get("instrumen", ""), kind=kind if kind in FORM_KINDS else "choice")
    return _editor(form, None)


@bp.post("/butir-baru")
def fields() -> ResponseReturnValue:
    """Lay the editor out anew for another kind or instrument; what was typed stays."""
    return _editor(ItemForm.parse(request.form, request.form.getlist("job_levels")), None)


@bp.post("/butir/<item_id>/<int(max=2147483647):version>/sunting")
def edit(item_id: str, version: int) -> ResponseReturnValue:
    """Lay a version out in the editor, key and all, which the trail says."""
    with transaction(VAULT) as db:
        found = life.open_for_editing(db, item_id, version, by(), clock.now())
        instrument = items.version(db, item_id, version).instrument
    return _editor(ItemForm.of(found, instrument), version)


@bp.post("/butir/pratinjau")
def preview() -> ResponseReturnValue:
    """Say how what is typed would be seen, for the editor's live preview; nothing is kept."""
    made, problems, _form, base = _read_form()
    if made is not None and base is None:
        with transaction(VAULT, reads_only=True) as db:
            problems += [life.CODE_IS_TAKEN] if made.id in items.ids(db) else []
    told = {"problems": [_(problem) for problem in problems], "item": msgspec.to_builtins(made.words) if made else None}
    return app_json(told)


@bp.post("/butir")
def save() -> ResponseReturnValue:
    """Keep what is typed as a new version, or show all that is wrong with it."""
    made, problems, form, base = _read_form()
    if made is None:
        return _editor(form, base, problems), 422
    try:
        with transaction(VAULT) as db:
            written = life.write(db, made, form.instrument, by(), clock.now(), form.note, base or 0)
    except Conflict as refused:  # what was typed must not be lost
        return _editor(form, base, [refused.detail]), 409
    if written.is_new:
        flash(_("Tersimpan sebagai versi %(version)s, keadaannya draf.", version=written.version), "ok")
    else:
        flash(_("Tidak ada yang berubah; versi %(version)s tetap yang terbaru.", version=written.version), "info")
    return redirect(url_for("authoring.item", item_id=written.item_id, versi=written.version), 303)


def app_json(told: dict[str, object]) -> ResponseReturnValue:
    """Answer with a document for a module of a page."""
    return msgspec.json.encode(told), 200, {"Content-Type": "application/json", "Cache-Control": "no-store"}


def _read_form() -> tuple[BankItem | None, list[str], ItemForm, int | None]:
    form = ItemForm.parse(request.form, request.form.getlist("job_levels"))
    version = request.form.get("dasar", "")
    base_version = int(version) if version.isascii() and version.isdigit() and len(version) < 6 else None
    with transaction(VAULT, reads_only=True) as db:
        known = items.ids(db)
        base = items.base(db, form.id, base_version, by().name) if base_version is not None else None
    made, problems = form.read(base.read() if base else None, known)
    if made is not None and base is not None and (made.id, form.instrument) != (base.item_id, base.instrument):
        return None, [ANOTHER_ITEM], form, base_version
    return made, problems, form, base_version


def _editor(form: ItemForm, base: int | None, problems: list[str] | None = None) -> str:
    return render_template(
        "authoring/editor.html", form=form, base=base, problems=problems or [], instruments=INSTRUMENTS,
        kind_names=words.KIND_NAMES, form_kinds=FORM_KINDS, job_levels=JOB_LEVELS, **_editor_choices(form),
    )  # fmt: skip


def _editor_choices(form: ItemForm) -> dict[str, object]:
    """List what the editor offers, each with its words."""
    chosen = [INSTRUMENTS[form.instrument]] if form.instrument in INSTRUMENTS else list(INSTRUMENTS.values())
    constructs = [(code, f"{_(name)} ({code})") for one in chosen for code, name in one.constructs.items()]
    label, hint = words.WORTHS.get(form.kind, ("", ""))
    return {
        "instrument_choices": [("", _("Pilih")), *((one.code, _(one.name)) for one in INSTRUMENTS.values())],
        "construct_choices": [("", _("Pilih")), *constructs],
        "kind_choices": [(kind, _(words.KIND_NAMES[kind])) for kind in FORM_KINDS],
        "worth_choices": constructs if form.kind == "most_least" else [],
        "worth_label": _(label) if label else "", "worth_hint": _(hint) if hint else "",
    }  # fmt: skip


def _list_page(wanted: ItemFilter, here: str) -> str:
    with transaction(VAULT, reads_only=True) as db:
        lines, total = items.lines(db, wanted, current_user.actor)
        counts = items.counts(db)
    return render_template(
        "authoring/list.html", lines=lines, total=total, wanted=wanted, here=here, size=items.PAGE, counts=counts,
        instruments=INSTRUMENTS, kind_names=words.KIND_NAMES, state_names=words.STATE_NAMES,
        state_pills=words.STATE_PILLS, states=State, **_choices(wanted),
    )  # fmt: skip


def _choices(wanted: ItemFilter) -> dict[str, list[tuple[str, str]]]:
    """List what the filters offer, each with its words."""
    constructs = INSTRUMENTS[wanted.instrument].constructs if wanted.instrument else {}
    return {
        "instrument_choices": [("", _("Semua instrumen")), *((one.code, _(one.name)) for one in INSTRUMENTS.values())],
        "construct_choices": [("", _("Semua konstruk")), *((code, _(name)) for code, name in constructs.items())],
        "state_choices": [("", _("Semua keadaan")), *((one.value, _(words.STATE_NAMES[one])) for one in State)],
    }


def _item_page(
    item_id: str, version: int, opened: OpenedItem | None = None, reason: Reason = NO_REASON,
    step_asked: NewStep | None = None,
) -> str:  # fmt: skip
    with transaction(VAULT, reads_only=True) as db:
        view = items.view(db, item_id, version, current_user.actor)
        beside = items.beside(db, view.row)
        readings = forms.readings_of_key(db, items.subject(item_id, version))
    curve = opened.parameters.curve if opened else None
    return render_template(
        "authoring/stocked.html", view=view, beside=beside, item=view.shown, opened=opened, reason=reason,
        readings=readings, step_asked=step_asked, words=words, needs_note=NEEDS_NOTE, kind_names=words.KIND_NAMES,
        model_names=words.MODEL_NAMES, statement_names=words.STATEMENT_NAMES, state_names=words.STATE_NAMES,
        state_pills=words.STATE_PILLS, chart=category_chart(curve, CURVE_WIDTH) if curve else None,
    )  # fmt: skip
