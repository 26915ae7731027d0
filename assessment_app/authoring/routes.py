"""Pages of the vault: the item bank for authors and psychometricians, parameters for psychometricians alone."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessment_app.accounts.routes import only, shows
from assessment_app.accounts.rules import Actor, Entry, Group, Role
from assessment_app.authoring import actions, messages, queries
from assessment_app.authoring.messages import NO_REASON, Preview, Reason, Upload
from assessment_app.authoring.queries import OpenedForm, OpenedItem
from assessment_app.authoring.rules import information_chart
from assessment_app.platform import clock
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from item_bank.instruments import INSTRUMENTS

NONCE_BYTES = 32
CHART_WIDTH = 536
"""What the card of the curve is wide inside on a screen of 1366 pixels, so that no text is scaled."""

bp = Blueprint("authoring", __name__, url_prefix="/bank", template_folder="templates")
bp.before_request(only(Role.ITEM_AUTHOR, Role.PSYCHOMETRICIAN))
BOTH = frozenset({Role.ITEM_AUTHOR, Role.PSYCHOMETRICIAN})
shows(bp, Entry(Group.INSTRUMENTS, mark("Bank soal"), "book", "authoring.listed", BOTH))

psychometrics = Blueprint("psychometrics", __name__, url_prefix="/bank/psikometri", template_folder="templates")
psychometrics.before_request(only(Role.PSYCHOMETRICIAN))
ALONE = frozenset({Role.PSYCHOMETRICIAN})
shows(psychometrics, Entry(Group.INSTRUMENTS, mark("Psikometri"), "chart", "psychometrics.listed", ALONE))


@bp.get("")
def listed() -> ResponseReturnValue:
    """List the published forms, and ask for a draft."""
    return _list_page("authoring/list.html")


@bp.post("/draf")
def preview() -> ResponseReturnValue:
    """Show a draft as participants will see it, or all that is wrong with it; nothing is kept."""
    upload = Upload.parse(request.files)
    draft, problems = upload.read()
    if draft is None:
        return render_template("authoring/refused.html", name=upload.name, problems=problems), 422
    with transaction(VAULT, reads_only=True) as db:
        twins = queries.forms_coded(db, draft.presentation.code)
    sealed = Preview(current_user.account_id, secrets.token_bytes(NONCE_BYTES), upload.name, upload.content).sealed()
    return render_template(
        "authoring/preview.html", name=upload.name, words=draft.presentation, items=messages.shown(draft.presentation),
        instruments=INSTRUMENTS, kind_names=messages.KIND_NAMES, twins=twins, sealed=sealed,
    )  # fmt: skip


@bp.post("/terbitkan")
def publish() -> ResponseReturnValue:
    """Publish a previewed draft; a second click finds it published."""
    wanted = Preview.parse(request.form, current_user.account_id)
    with transaction(VAULT) as db:
        published = actions.publish(db, wanted, _by(), clock.now())
    if published.is_new:
        flash(_("Formulir terbit. Isi dan kuncinya sudah disegel."), "ok")
    else:
        flash(_("Formulir ini sudah terbit tadi; tidak ada yang terbit dua kali."), "info")
    return redirect(url_for("authoring.form", form_id=published.form_id), 303)


@bp.get("/<form_id>")
def form(form_id: str) -> ResponseReturnValue:
    """Show a form, beginning with its first item."""
    with transaction(VAULT, reads_only=True) as db:
        first = queries.form(db, form_id).items[0]
    return _item_page(form_id, first.item_id)


@bp.get("/<form_id>/butir/<item_id>")
def item(form_id: str, item_id: str) -> ResponseReturnValue:
    """Show an item as participants see it; its key stays closed."""
    return _item_page(form_id, item_id)


@bp.post("/<form_id>/butir/<item_id>/kunci")
def read_key(form_id: str, item_id: str) -> ResponseReturnValue:
    """Open the key of an item for somebody who says why."""
    reason = Reason.parse(request.form)
    if reason.fault:
        return _item_page(form_id, item_id, reason=reason), 422
    with transaction(VAULT) as db:
        opened = actions.read_key(db, form_id, item_id, reason, _by(), clock.now())
    return _item_page(form_id, item_id, opened, reason)


@psychometrics.get("", endpoint="listed")
def forms_to_open() -> ResponseReturnValue:
    """List the published forms whose parameters can be opened."""
    return _list_page("authoring/psychometrics.html")


@psychometrics.get("/<form_id>")
def closed(form_id: str) -> ResponseReturnValue:
    """Ask why the parameters of a form are to be opened."""
    return _parameters_page(form_id)


@psychometrics.post("/<form_id>")
def read_parameters(form_id: str) -> ResponseReturnValue:
    """Show the parameters of all items of a form and the curve of one, for somebody who says why."""
    reason = Reason.parse(request.form)
    if reason.fault:
        return _parameters_page(form_id, reason=reason), 422
    with transaction(VAULT) as db:
        opened = actions.read_parameters(db, form_id, reason, _by(), clock.now())
    return _parameters_page(form_id, opened, reason)


def _list_page(template: str) -> str:
    page = min(max(request.args.get("halaman", 1, type=int), 1), 100_000)
    with transaction(VAULT, reads_only=True) as db:
        forms, total = queries.forms(db, page)
    return render_template(template, forms=forms, total=total, page=page, size=queries.PAGE)


def _item_page(form_id: str, item_id: str, opened: OpenedItem | None = None, reason: Reason = NO_REASON) -> str:
    with transaction(VAULT, reads_only=True) as db:
        found = queries.form(db, form_id)
        readings = queries.readings_of_item(db, form_id, item_id)
    return render_template(
        "authoring/item.html", form=found, item=found.item(item_id), opened=opened, reason=reason, readings=readings,
        kind_names=messages.KIND_NAMES, model_names=messages.MODEL_NAMES,
        statement_names=messages.STATEMENT_NAMES,
    )  # fmt: skip


def _parameters_page(form_id: str, opened: OpenedForm | None = None, reason: Reason = NO_REASON) -> str:
    with transaction(VAULT, reads_only=True) as db:
        found = queries.form(db, form_id)
        readings = queries.readings_of_parameters(db, form_id)
    chosen = opened.with_curve(request.form.get("butir", "")) if opened else None
    chart = None
    if opened and chosen and chosen.curve:
        chart = information_chart(chosen.curve, opened.beside(chosen), CHART_WIDTH)
    return render_template(
        "authoring/parameters.html", form=found, opened=opened, reason=reason, chosen=chosen, chart=chart,
        readings=readings, model_names=messages.MODEL_NAMES,
    )  # fmt: skip


def _by() -> Actor:
    return Actor(current_user.actor, request.remote_addr or "", current_user.agency_id)
