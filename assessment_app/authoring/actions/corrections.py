"""What is done with the key of a form that is out: a corrected one is proposed, and approved by a second person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Actor
from assessment_app.authoring.actions.trail import record
from assessment_app.authoring.messages.asked import Reason
from assessment_app.authoring.messages.corrections import Correction
from assessment_app.authoring.queries import forms
from assessment_app.authoring.queries.corrections import correction
from assessment_app.platform.errors import Conflict, Invalid
from assessment_app.platform.texts import gettext as _
from item_bank import corrections
from item_bank.corrections import CorrectionDecision, Decided, Misfit, Outdated, OwnCorrection, Unchanged
from item_bank.drafts import DraftRefused
from item_bank.signing import Signer
from item_bank.vault import hold


def propose(
    db: Session, form_id: str, wanted: Correction, by: Actor, nonce: bytes, now: datetime
) -> UUID:  # fmt: skip
    """Propose a corrected key of a published form. The form and its first key stay as they are.

    Refuses with NotFound, or with Invalid what does not fit the form, and what corrects nothing.
    """
    forms.form(db, form_id)
    if wanted.reason.fault:
        raise Invalid(wanted.reason.fault)
    try:
        changed = dict(wanted.changed or {})
        if wanted.item_id:
            changed |= corrections.with_right(db, form_id, wanted.item_id, wanted.option)
        draft = corrections.corrected(db, form_id, changed, wanted.calibration)
    except Misfit as error:
        said = _(
            "Tidak cocok dengan formulir ini: %(name)s. Jenis kunci dan konstruk butir tetap sama.", name=str(error)
        )
        raise Invalid(said) from error
    except Unchanged as error:
        raise Invalid("Kunci formulir ini sudah begitu. Tidak ada yang diperbaiki.") from error
    except DraftRefused as error:
        said = " ".join(error.problems)
        raise Invalid(said) from error
    row = corrections.propose(db, form_id, draft, wanted.reason.text, by.name, nonce, now, wanted.calibration)
    detail: dict[str, object] = {
        "correction": str(row.correction_id), "key_seal": row.key_seal, "replaces": row.replaces,
        "items": sorted(changed), "calibration": wanted.calibration,
    }  # fmt: skip
    record(db, "key.propose", forms.form_subject(form_id), by, now, wanted.reason.text, detail)
    return row.correction_id


def approve(db: Session, correction_id: UUID, by: Actor, signer: Signer, now: datetime) -> CorrectionDecision:
    """Approve what somebody else proposed. Safe to repeat: a double click makes one version.

    Refuses with NotFound, or with Conflict one's own proposal, what was sent back, and what was made from an old key.
    """
    hold(db)  # of a double click one finds nothing decided, and only that one is on record
    found = correction(db, correction_id)
    is_new = found.decision is None
    try:
        decision = corrections.approve(db, correction_id, by.name, signer, now)
    except OwnCorrection as error:
        raise Conflict("Perbaikan kunci ini Anda ajukan sendiri. Orang kedua yang menyetujuinya.") from error
    except Decided as error:
        raise Conflict("Perbaikan kunci ini sudah dikembalikan. Ajukan yang baru.") from error
    except Outdated as error:
        raise Conflict(
            "Kunci formulir ini sudah diperbaiki lagi sesudah usulan ini. Ajukan dari kunci terbaru."
        ) from error
    if is_new:
        detail: dict[str, object] = {
            "correction": str(correction_id), "key_seal": found.row.key_seal, "version": decision.n,
        }  # fmt: skip
        record(db, "key.correct", forms.form_subject(found.row.form_id), by, now, found.row.reason, detail)
    return decision


def send_back(db: Session, correction_id: UUID, reason: Reason, by: Actor, now: datetime) -> None:
    """Decide that a proposed key is not used; refuses with NotFound, Invalid without a reason, or Conflict."""
    found = correction(db, correction_id)
    if reason.fault:
        raise Invalid(reason.fault)
    try:
        corrections.send_back(db, correction_id, by.name, reason.text, now)
    except Decided as error:
        raise Conflict("Perbaikan kunci ini sudah diputuskan.") from error
    detail: dict[str, object] = {"correction": str(correction_id)}
    record(db, "key.send_back", forms.form_subject(found.row.form_id), by, now, reason.text, detail)
