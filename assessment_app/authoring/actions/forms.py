"""What is done with forms: assembled, proposed, published by a second person, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from assessment_app.accounts.queries import lock_account
from assessment_app.accounts.rules import Actor
from assessment_app.authoring.actions.trail import record
from assessment_app.authoring.messages.asked import NewAssembly, Reason
from assessment_app.authoring.messages.uploads import Preview
from assessment_app.authoring.queries import forms
from assessment_app.platform.errors import Conflict, Invalid
from assessment_app.platform.texts import gettext as _
from item_bank import assembly, calibrations, drafts, proposals, stock
from item_bank.assembly import Forms
from item_bank.drafts import DraftRefused
from item_bank.forms import FormProposal
from item_bank.pool import CURVE_AT, Parameters, Pool
from item_bank.proposals import Basis, Decided, OwnProposal, Stale
from item_bank.publishing import Published
from item_bank.signing import Signer
from item_bank.vault import hold
from scoring_engine.canonical import digest
from scoring_engine.forms.assembly import Infeasible, Unsolved


class CannotAssemble(Conflict):
    """No forms follow the blueprint; ``demands`` says which of it cannot be kept together."""

    slug, title = "cannot-assemble", "Formulir tidak dapat dirakit dari butir yang ada."

    def __init__(self, detail: str, demands: Sequence[str] = ()) -> None:
        super().__init__(detail, demands=list(demands))
        self.demands = tuple(demands)


def propose(db: Session, preview: Preview, by: Actor, now: datetime) -> UUID:
    """Propose a previewed draft. Safe to repeat: the same preview is one proposal.

    The author's account is locked first, so two clicks come one after the other.
    """
    lock_account(db, preview.account_id)
    draft = drafts.parse(preview.content, preview.name)
    if db.get(FormProposal, preview.proposal_id) is not None:
        return preview.proposal_id
    proposal = proposals.propose(db, draft, preview.name, Basis(), by.name, now, preview.proposal_id)
    detail: dict[str, object] = {"code": proposal.code, "file": preview.name, "file_hash": digest(preview.content)}
    record(db, "form.propose", forms.proposal_subject(proposal.proposal_id), by, now, detail=detail)
    return proposal.proposal_id


def open_pool(db: Session, wanted: NewAssembly, by: Actor, now: datetime) -> Pool:
    """Read the items that forms can be made of, keys and all, and record it, whatever comes of the assembly.

    Refuses with Invalid a calibration that is not there.
    """
    blueprint, parameters = wanted.blueprint, Parameters()
    if wanted.calibration:
        named = calibrations.named(db, wanted.calibration)
        if named is None:
            raise Invalid("Kalibrasi itu tidak ada. Pilih dari daftar, atau kosongkan.")
        parameters = Parameters(named.name, calibrations.estimates(db, named.name), named.source == "calibrated")
    pool = Pool(stock.usable(db, blueprint.instrument), blueprint, parameters, proposals.exposure(db))
    detail: dict[str, object] = {"blueprint": blueprint.code, "keys": len(pool.items)}
    record(db, "item_key.assemble", f"instrument:{blueprint.instrument}", by, now, detail=detail)
    return pool


def assemble(pool: Pool, wanted: NewAssembly) -> Forms:
    """Assemble forms, outside of any transaction: it can take minutes. Refuses with CannotAssemble."""
    try:
        if wanted.persons:
            return assembly.for_persons(pool, wanted.persons, wanted.seed)
        return assembly.parallel(pool, wanted.forms)
    except Infeasible as error:
        raise CannotAssemble(
            "Permintaan kisi-kisi ini tidak dapat dipenuhi bersama-sama.", assembly.blamed(pool, error)
        ) from error
    except Unsolved as error:
        raise CannotAssemble("Waktu habis sebelum formulir ditemukan. Longgarkan kisi-kisi, lalu coba lagi.") from error
    except ValueError as error:
        raise CannotAssemble("Butir operasional tidak cukup untuk kisi-kisi ini.", [str(error)]) from error


def propose_forms(db: Session, wanted: NewAssembly, pool: Pool, made: Forms, by: Actor, now: datetime) -> list[UUID]:
    """Propose forms that were assembled. Safe to repeat: the second click of a page finds them proposed.

    Refuses with CannotAssemble forms that could not be read, as where a scale is left without items.
    """
    hold(db)
    proposal_ids = [uuid5(wanted.request, form.code) for form in made.forms]
    for proposal_id, form in zip(proposal_ids, made.forms, strict=True):
        if db.get(FormProposal, proposal_id) is not None:
            continue
        basis = Basis(
            form.versions, tuple(map(pool.calibration_of, form.versions)), made.abilities, form.information,
            CURVE_AT, form.curve, form.words, wanted.blueprint.most_exposure,
        )  # fmt: skip
        try:
            draft = assembly.drafted(pool, form)
            proposals.propose(db, draft, wanted.blueprint.code, basis, by.name, now, proposal_id)
        except DraftRefused as error:
            raise CannotAssemble("Formulir dari kisi-kisi ini tidak dapat dipakai.", error.problems) from error
        detail: dict[str, object] = {"code": form.code, "calibration": wanted.calibration}
        record(db, "form.assemble", forms.proposal_subject(proposal_id), by, now, detail=detail)
    return proposal_ids


def approve(
    db: Session, proposal_id: UUID, by: Actor, nonce: bytes, signer: Signer, now: datetime
) -> Published:  # fmt: skip
    """Publish what somebody else proposed. Safe to repeat: a double click publishes one form.

    Refuses with NotFound, or with Conflict one's own proposal and what was sent back.
    """
    proposal = forms.proposal(db, proposal_id)
    try:
        published = proposals.approve(db, proposal_id, by.name, nonce, signer, now)
    except OwnProposal as error:
        raise Conflict("Formulir ini Anda ajukan sendiri. Orang kedua yang menyetujuinya.") from error
    except Decided as error:
        raise Conflict("Usulan ini sudah dikembalikan. Ajukan formulir yang baru.") from error
    except Stale as error:
        said = _("Kembalikan usulan ini, lalu rakit lagi. Tidak dapat dipakai lagi: %(names)s.", names=str(error))
        raise Conflict(said) from error
    if published.is_new:
        detail: dict[str, object] = {
            "code": proposal.code, "proposal": str(proposal_id), "key_seal": published.key_seal,
        }  # fmt: skip
        record(db, "form.publish", forms.form_subject(published.form_id), by, now, detail=detail)
    return published


def send_back(db: Session, proposal_id: UUID, reason: Reason, by: Actor, now: datetime) -> None:
    """Decide that a proposal does not become a form; refuses with NotFound, Invalid without a reason, or Conflict."""
    forms.proposal(db, proposal_id)
    if reason.fault:
        raise Invalid(reason.fault)
    try:
        proposals.send_back(db, proposal_id, by.name, reason.text, now)
    except Decided as error:
        raise Conflict("Usulan ini sudah diputuskan.") from error
    record(db, "form.send_back", forms.proposal_subject(proposal_id), by, now, reason.text)


def withdraw(db: Session, form_id: str, reason: Reason, by: Actor, now: datetime) -> bool:
    """Withdraw a published form: nobody begins it any more. Safe to repeat; refuses with NotFound or Invalid."""
    forms.form(db, form_id)
    if reason.fault:
        raise Invalid(reason.fault)
    is_new = proposals.withdraw(db, form_id, by.name, reason.text, now)
    if is_new:
        record(db, "form.withdraw", forms.form_subject(form_id), by, now, reason.text)
    return is_new
