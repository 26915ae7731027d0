"""Pages of forms: proposed, decided by a second person, published, withdrawn."""

from __future__ import annotations

import secrets
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessment_app.accounts.routes import only, shows
from assessment_app.accounts.rules import Entry, Group
from assessment_app.authoring.actions import forms as actions
from assessment_app.authoring.actions import reading
from assessment_app.authoring.messages import words
from assessment_app.authoring.messages.asked import NO_REASON, Reason
from assessment_app.authoring.messages.shown import shown
from assessment_app.authoring.messages.uploads import Preview, Upload
from assessment_app.authoring.queries import forms as queries
from assessment_app.authoring.queries.keys import OpenedItem
from assessment_app.authoring.queries.people import names_in
from assessment_app.authoring.routes.people import AUTHORS, by
from assessment_app.authoring.rules.charts import forms_chart
from assessment_app.platform import clock
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.security import secret
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from item_bank.instruments import INSTRUMENTS
from item_bank.signing import Signer

NONCE_BYTES = 32
CHART_WIDTH = 640

bp = Blueprint("forms", __name__, url_prefix="/bank/formulir", template_folder="../templates")
bp.before_request(only(*AUTHORS))
shows(bp, Entry(Group.INSTRUMENTS, mark("Formulir"), "document", "forms.listed", AUTHORS))


@bp.get("")
def listed() -> ResponseReturnValue:
    """List what waits for a second person and what is published, and ask for a draft."""
    page = min(max(request.args.get("halaman", 1, type=int), 1), 100_000)
    with transaction(VAULT, reads_only=True) as db:
        forms, total = queries.forms(db, page)
        waiting = queries.waiting(db)
        names = names_in(db, [one.who for one in waiting])
    return render_template(
        "authoring/forms.html", forms=forms, total=total, page=page, size=queries.PAGE, waiting=waiting, names=names
    )


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
        "authoring/preview.html", name=upload.name, words=draft.presentation, items=shown(draft.presentation),
        instruments=INSTRUMENTS, kind_names=words.KIND_NAMES, twins=twins, sealed=sealed,
    )  # fmt: skip


@bp.post("/usulkan")
def propose() -> ResponseReturnValue:
    """Propose a previewed draft; a second click finds it proposed."""
    wanted = Preview.parse(request.form, current_user.account_id)
    with transaction(VAULT) as db:
        proposal_id = actions.propose(db, wanted, by(), clock.now())
    flash(_("Formulir diajukan. Orang kedua memeriksa dan menerbitkannya."), "ok")
    return redirect(url_for("forms.proposal", proposal_id=proposal_id), 303)


@bp.get("/usulan/<uuid:proposal_id>")
def proposal(proposal_id: UUID) -> ResponseReturnValue:
    """Show a proposed form as participants will see it, and how well it measures; its key stays closed."""
    return _proposal_page(proposal_id)


@bp.post("/usulan/<uuid:proposal_id>/terbitkan")
def approve(proposal_id: UUID) -> ResponseReturnValue:
    """Publish what somebody else proposed; a second click finds it published."""
    nonce, signer = secrets.token_bytes(NONCE_BYTES), Signer(secret("form-signature"))
    with transaction(VAULT) as db:
        published = actions.approve(db, proposal_id, by(), nonce, signer, clock.now())
    if published.is_new:
        flash(_("Formulir terbit. Isi dan kuncinya sudah dipisah, disegel, dan ditandatangani."), "ok")
    else:
        flash(_("Formulir ini sudah terbit tadi; tidak ada yang terbit dua kali."), "info")
    return redirect(url_for("forms.form", form_id=published.form_id), 303)


@bp.post("/usulan/<uuid:proposal_id>/kembalikan")
def send_back(proposal_id: UUID) -> ResponseReturnValue:
    """Send a proposal back with a reason; who made it takes it back in the same way."""
    reason = Reason.parse(request.form)
    if reason.fault:
        return _proposal_page(proposal_id, reason), 422
    with transaction(VAULT) as db:
        actions.send_back(db, proposal_id, reason, by(), clock.now())
    flash(_("Usulan dikembalikan. Alasannya tercatat."), "ok")
    return redirect(url_for("forms.listed"), 303)


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
        opened = reading.read_key(db, form_id, item_id, reason, by(), clock.now())
    return _item_page(form_id, item_id, opened, reason)


@bp.post("/<form_id>/tarik")
def withdraw(form_id: str) -> ResponseReturnValue:
    """Withdraw a form with a reason: nobody begins it any more, who is at it may finish."""
    reason = Reason.parse({"alasan": request.form.get("alasan-tarik", "")})
    if reason.fault:
        with transaction(VAULT, reads_only=True) as db:
            first = queries.form(db, form_id).items[0].item_id
        return _item_page(form_id, first, withdrawing=reason), 422
    with transaction(VAULT) as db:
        actions.withdraw(db, form_id, reason, by(), clock.now())
    flash(_("Formulir ditarik. Yang sedang mengerjakan boleh menyelesaikannya; tidak ada yang memulai lagi."), "ok")
    return redirect(url_for("forms.form", form_id=form_id), 303)


def _proposal_page(proposal_id: UUID, reason: Reason = NO_REASON) -> str:
    with transaction(VAULT, reads_only=True) as db:
        found = queries.proposal(db, proposal_id)
        shown_words = queries.words_of_proposal(db, proposal_id)
        twins = queries.forms_coded(db, found.code)
        names = names_in(db, [found.who, *([found.decision.who] if found.decision else [])])
    basis = found.basis
    chart = forms_chart(basis.curve_at, {found.code: basis.curve}, CHART_WIDTH) if basis.curve else None
    return render_template(
        "authoring/proposal.html", proposal=found, words=shown_words, items=shown(shown_words), names=names,
        reason=reason, is_own=found.who == current_user.actor, kind_names=words.KIND_NAMES, chart=chart, twins=twins,
    )  # fmt: skip


def _item_page(
    form_id: str, item_id: str, opened: OpenedItem | None = None, reason: Reason = NO_REASON,
    withdrawing: Reason = NO_REASON,
) -> str:  # fmt: skip
    with transaction(VAULT, reads_only=True) as db:
        found = queries.form(db, form_id)
        record = queries.record_of(db, form_id)
        readings = queries.readings_of_key(db, queries.item_subject(form_id, item_id))
        names = names_in(db, [found.withdrawal.who] if found.withdrawal else [])
    return render_template(
        "authoring/item.html", form=found, item=found.item(item_id), opened=opened, reason=reason, readings=readings,
        kind_names=words.KIND_NAMES, model_names=words.MODEL_NAMES, statement_names=words.STATEMENT_NAMES,
        record=record, names=names, withdrawing=withdrawing,
    )  # fmt: skip
