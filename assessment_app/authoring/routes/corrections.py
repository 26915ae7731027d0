"""Pages of corrected keys, for psychometricians alone: proposed by one, opened and approved by a second."""

from __future__ import annotations

import secrets
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessment_app.accounts.routes import only
from assessment_app.authoring.actions import corrections as actions
from assessment_app.authoring.actions import reading
from assessment_app.authoring.messages.asked import NO_REASON, Reason
from assessment_app.authoring.messages.corrections import BAR, Correction
from assessment_app.authoring.queries import corrections as queries
from assessment_app.authoring.queries import forms
from assessment_app.authoring.queries.corrections import Difference
from assessment_app.authoring.queries.people import names_in
from assessment_app.authoring.routes.people import ALONE, by
from assessment_app.platform import clock
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.errors import Invalid
from assessment_app.platform.security import secret
from assessment_app.platform.texts import gettext as _
from item_bank import calibrations, corrections
from item_bank.presentation import Choosing
from item_bank.signing import Signer

NONCE_BYTES = 32

bp = Blueprint("corrections", __name__, url_prefix="/bank/perbaikan-kunci", template_folder="../templates")
bp.before_request(only(*ALONE))


@bp.get("/<form_id>")
def of_form(form_id: str) -> ResponseReturnValue:
    """List the corrections of a form's key and ask for another one."""
    return _form_page(form_id)


@bp.post("/<form_id>")
def propose(form_id: str) -> ResponseReturnValue:
    """Propose a corrected key; the form and its first key stay as they are."""
    try:
        wanted = Correction.parse(request.form, request.files)
        with transaction(VAULT) as db:
            nonce = secrets.token_bytes(NONCE_BYTES)
            correction_id = actions.propose(db, form_id, wanted, by(), nonce, clock.now())
    except Invalid as refused:
        return _form_page(form_id, refused.detail, Reason.parse(request.form)), 422
    flash(_("Perbaikan kunci diajukan. Orang kedua memeriksa dan menyetujuinya."), "ok")
    return redirect(url_for("corrections.one", correction_id=correction_id), 303)


@bp.get("/usulan/<uuid:correction_id>")
def one(correction_id: UUID) -> ResponseReturnValue:
    """Show a proposed correction; what it says of the answers stays closed."""
    return _page(correction_id)


@bp.post("/usulan/<uuid:correction_id>/buka")
def read(correction_id: UUID) -> ResponseReturnValue:
    """Open what a correction says differently for somebody who says why."""
    reason = Reason.parse(request.form)
    if reason.fault:
        return _page(correction_id, opening=reason), 422
    with transaction(VAULT) as db:
        opened = reading.read_correction(db, correction_id, reason, by(), clock.now())
    return _page(correction_id, opened=opened, opening=reason)


@bp.post("/usulan/<uuid:correction_id>/setujui")
def approve(correction_id: UUID) -> ResponseReturnValue:
    """Approve what somebody else proposed; a second click finds it approved."""
    signer = Signer(secret("form-signature"))
    with transaction(VAULT) as db:
        actions.approve(db, correction_id, by(), signer, clock.now())
    flash(
        _("Kunci baru disegel dan ditandatangani. Lembar tersegel dinilai lagi, di sebelah hasil yang berlaku."),
        "ok",
    )
    return redirect(url_for("corrections.one", correction_id=correction_id), 303)


@bp.post("/usulan/<uuid:correction_id>/kembalikan")
def send_back(correction_id: UUID) -> ResponseReturnValue:
    """Send a correction back with a reason; who made it takes it back in the same way."""
    reason = Reason.parse({"alasan": request.form.get("alasan-kembali", "")})
    if reason.fault:
        return _page(correction_id, returning=reason), 422
    with transaction(VAULT) as db:
        actions.send_back(db, correction_id, reason, by(), clock.now())
    flash(_("Usulan dikembalikan. Alasannya tercatat."), "ok")
    return redirect(url_for("corrections.one", correction_id=correction_id), 303)


def _form_page(form_id: str, fault: str = "", reason: Reason = NO_REASON) -> str:
    with transaction(VAULT, reads_only=True) as db:
        form = forms.form(db, form_id)
        found = queries.corrections_of(db, form_id)
        names = names_in(db, [one.row.who for one in found])
        items = queries.single_answered(db, corrections.newest(db, form_id))
        known = [one.name for one in calibrations.calibrations(db)]
    return render_template(
        "authoring/corrections.html", form=form, corrections=found, names=names, fault=fault, reason=reason,
        answer_choices=_choices(_("Tidak ada"), _answers(form, items)), typed=request.form,
        calibration_choices=_choices(_("Tetap"), [(one, one) for one in known]),
    )  # fmt: skip


def _choices(none: str, values: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Make the options of a field that may be left alone; none where there is nothing to choose."""
    return [("", none), *values] if values else []


def _answers(form: forms.Form, item_ids: list[str]) -> list[tuple[str, str]]:
    """List every option of some items in the words that participants read."""
    return [
        (f"{item.id}{BAR}{option.id}", f"{item.id}: {option.text or option.id}")
        for item in form.words.items if item.id in item_ids and isinstance(item, Choosing)
        for option in item.options
    ]  # fmt: skip


def _page(
    correction_id: UUID, opened: list[Difference] | None = None, opening: Reason = NO_REASON,
    returning: Reason = NO_REASON,
) -> str:  # fmt: skip
    with transaction(VAULT, reads_only=True) as db:
        found = queries.correction(db, correction_id)
        form = forms.form(db, found.row.form_id)
        names = names_in(db, [found.row.who, *([found.decision.who] if found.decision else [])])
    return render_template(
        "authoring/correction.html", correction=found, form=form, names=names, opened=opened, reason=opening,
        returning=returning, is_own=found.row.who == current_user.actor,
    )  # fmt: skip
