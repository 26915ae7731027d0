"""What can be seen of forms: published and proposed, without their keys."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment_app.authoring.messages.shown import ShownItem, shown
from assessment_app.authoring.queries.people import Names, names_in
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.errors import NotFound
from item_bank import calibrations, presentation, proposals, signing
from item_bank.calibrations import Drift, Estimate, Version
from item_bank.forms import (
    FormExposure,
    FormItem,
    FormProposal,
    FormSignature,
    FormWithdrawal,
    ProposalDecision,
    PublishedForm,
)
from item_bank.instruments import INSTRUMENTS
from item_bank.presentation import Presentation
from item_bank.proposals import Basis
from item_bank.signing import Signature

PAGE = 50
READ_KEY, READ_TO_EDIT, READ_PARAMETERS = "item_key.read", "item_key.edit", "form_parameters.read"
_FORM_ID = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Form:
    """A published form with its words; its key is named by the seal and stays closed."""

    form_id: str
    key_seal: str
    published: datetime
    words: Presentation
    withdrawal: FormWithdrawal | None = None

    @property
    def short_id(self) -> str:
        """Give as much of the name as people need to tell two forms apart."""
        return self.form_id[:10]

    @property
    def instrument_name(self) -> str:
        """Name what the form measures."""
        return INSTRUMENTS[self.words.instrument].name

    @property
    def items(self) -> tuple[ShownItem, ...]:
        """Give the items as a participant sees them."""
        return shown(self.words)

    def item(self, item_id: str) -> ShownItem:
        """Find an item; refuses with NotFound."""
        found = next((item for item in self.items if item.item_id == item_id), None)
        if found is None:
            raise NotFound("Formulir ini tidak memuat butir itu.")
        return found


def _form(row: PublishedForm, withdrawal: FormWithdrawal | None = None) -> Form:
    return Form(row.form_id, row.key_seal, row.published, presentation.parse(row.document), withdrawal)


def forms(db: Session, page: int) -> tuple[list[Form], int]:
    """Read one page of the published forms, newest first, and count them all."""
    wanted = (
        select(PublishedForm, FormWithdrawal).outerjoin(FormWithdrawal, FormWithdrawal.form_id == PublishedForm.form_id)
        .order_by(PublishedForm.published.desc(), PublishedForm.code, PublishedForm.form_id)
    )  # fmt: skip
    rows = db.execute(wanted.limit(PAGE).offset((page - 1) * PAGE))
    found = [_form(row, withdrawal) for row, withdrawal in rows]
    return found, db.scalar(select(func.count()).select_from(PublishedForm)) or 0


def forms_coded(db: Session, code: str) -> list[Form]:
    """Read the published forms with a code, newest first."""
    wanted = select(PublishedForm).where(PublishedForm.code == code).order_by(PublishedForm.published.desc())
    return [_form(row) for row in db.scalars(wanted)]


def form(db: Session, form_id: str) -> Form:
    """Read a published form; refuses with NotFound, also for what is no name of a form."""
    row = db.get(PublishedForm, form_id) if _FORM_ID.fullmatch(form_id) else None
    if row is None:
        raise NotFound("Formulir itu tidak ada di bank soal.")
    return _form(row, db.get(FormWithdrawal, form_id))


@dataclass(frozen=True)
class FormRecord:
    """What is known of a published form beside its words: its signature, how often it was finished, its items."""

    signature: FormSignature | None
    exposure: FormExposure | None
    items: Sequence[FormItem]

    @property
    def calibrations(self) -> list[str]:
        """Name the calibrations whose parameters it took."""
        return sorted({item.calibration for item in self.items if item.calibration})

    @property
    def signed_by(self) -> str:
        """Give the public key with which the form's signature holds; nothing where there is none or it does not."""
        kept = self.signature
        signed = kept is not None and signing.holds(kept.form_id, Signature(kept.public_key, kept.signature))
        return kept.public_key if kept is not None and signed else ""


def record_of(db: Session, form_id: str) -> FormRecord:
    """Read what is known of a published form."""
    items = db.scalars(select(FormItem).where(FormItem.form_id == form_id).order_by(FormItem.position))
    return FormRecord(db.get(FormSignature, form_id), db.get(FormExposure, form_id), list(items))


@dataclass(frozen=True)
class Drifts:
    """How the items of a form moved between the two newest calibrations that speak of them."""

    older: str
    newer: str
    items: Sequence[Drift]

    @property
    def mean(self) -> float:
        """Give the mean size of the change of location, in logits."""
        return sum(abs(one.location) for one in self.items) / len(self.items)


@dataclass(frozen=True)
class Fitted:
    """An item of a form with what its calibration says of it."""

    item_id: str
    version: int
    estimate: Estimate

    @property
    def location(self) -> float:
        """Give the mean of its borders, in logits."""
        return sum(self.estimate.b) / len(self.estimate.b)

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody should look at it."""
        return self.estimate.fit.is_doubtful


def fits_of(db: Session, form_id: str) -> list[Fitted]:
    """Read how well the items of a form fit, the doubtful ones first; nothing where no calibration tells."""
    every: dict[str, dict[Version, Estimate]] = {}
    found = []
    for item in record_of(db, form_id).items:
        if item.calibration:
            told = every.setdefault(item.calibration, calibrations.estimates(db, item.calibration))
            estimate = told.get((item.item_id, item.version))
            if estimate is not None and estimate.fit.infit is not None:
                found.append(Fitted(item.item_id, item.version, estimate))
    return sorted(found, key=lambda one: (not one.is_doubtful, one.item_id))


def drift_of(db: Session, form_id: str) -> Drifts | None:
    """Compare the two newest calibrations in the items of a form; nothing while there are not two."""
    versions = {(item.item_id, item.version) for item in record_of(db, form_id).items}
    told = []
    for calibration in calibrations.calibrations(db):
        mine = {
            version: one for version, one in calibrations.estimates(db, calibration.name).items() if version in versions
        }
        if mine:
            told.append((calibration.name, mine))
        if len(told) == 2:
            (newer, after), (older, before) = told
            moved = calibrations.drift(before, after)
            return Drifts(older, newer, moved) if moved else None
    return None


def proposal_subject(proposal_id: UUID) -> str:
    """Name a proposal in the audit trail."""
    return f"proposal:{proposal_id}"


@dataclass(frozen=True)
class Proposal:
    """A form that waits for a second person, or what became of it. Its key stays closed."""

    proposal_id: UUID
    code: str
    title: str
    instrument: str
    source: str
    who: str
    made: datetime
    basis: Basis
    decision: ProposalDecision | None

    @property
    def instrument_name(self) -> str:
        """Name what the form measures."""
        return INSTRUMENTS[self.instrument].name

    @property
    def construct_names(self) -> Mapping[str, str]:
        """Name what the form measures, by code."""
        return INSTRUMENTS[self.instrument].constructs

    @property
    def parameters(self) -> list[str]:
        """Name the calibrations whose parameters it takes; an empty name stands for what authors assumed."""
        return sorted({*self.basis.calibrations}) or [""]


def _proposal(row: FormProposal, decision: ProposalDecision | None) -> Proposal:
    return Proposal(
        row.proposal_id, row.code, row.title, row.instrument, row.source, row.who, row.made, proposals.basis_of(row),
        decision,
    )  # fmt: skip


def waiting(db: Session) -> list[Proposal]:
    """List the proposals that nobody decided on, oldest first."""
    wanted = (
        select(FormProposal).outerjoin(ProposalDecision, ProposalDecision.proposal_id == FormProposal.proposal_id)
        .where(ProposalDecision.proposal_id.is_(None)).order_by(FormProposal.made, FormProposal.code)
    )  # fmt: skip
    return [_proposal(row, None) for row in db.scalars(wanted)]


def proposal(db: Session, proposal_id: UUID) -> Proposal:
    """Read a proposal; refuses with NotFound."""
    row = db.get(FormProposal, proposal_id)
    if row is None:
        raise NotFound("Usulan formulir itu tidak ada.")
    return _proposal(row, db.get(ProposalDecision, proposal_id))


def proposals_named(db: Session, proposal_ids: Sequence[UUID]) -> list[Proposal]:
    """Read several proposals, in the order in which they are named."""
    return [proposal(db, one) for one in proposal_ids]


def words_of_proposal(db: Session, proposal_id: UUID) -> Presentation:
    """Read what participants would see of a proposed form."""
    return proposals.draft_of(db.get_one(FormProposal, proposal_id)).presentation


def item_subject(form_id: str, item_id: str) -> str:
    """Name an item in the audit trail."""
    return f"item:{form_id}/{item_id}"


def form_subject(form_id: str) -> str:
    """Name a form in the audit trail."""
    return f"form:{form_id}"


@dataclass(frozen=True)
class Reading:
    """Who opened a key, when and why; or opened it in the editor, where nobody is asked why."""

    at: datetime
    who: str
    reason: str
    in_editor: bool = False


def readings_of_key(db: Session, subject: str, limit: int = 5) -> list[Reading]:
    """Read who last opened the key of an item, newest first; the subject names it as the trail does."""
    return _readings(db, (READ_KEY, READ_TO_EDIT), subject, limit)


def readings_of_parameters(db: Session, form_id: str, limit: int = 5) -> list[Reading]:
    """Read who last opened the parameters of a form, newest first."""
    return _readings(db, (READ_PARAMETERS,), form_subject(form_id), limit)


def _readings(db: Session, actions: Sequence[str], subject: str, limit: int) -> list[Reading]:
    wanted = select(AuditEntry).where(AuditEntry.action.in_(actions), AuditEntry.subject == subject)
    entries = list(db.scalars(wanted.order_by(AuditEntry.entry_no.desc()).limit(limit)))
    names: Names = names_in(db, [entry.actor for entry in entries])
    return [Reading(one.at, names[one.actor], one.reason, one.action == READ_TO_EDIT) for one in entries]
