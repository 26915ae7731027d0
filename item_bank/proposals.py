"""From a proposal to a published form, with two people: one proposes, another approves; and withdrawing what is out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from item_bank import drafts, publishing, stock
from item_bank.calibrations import Version
from item_bank.drafts import Draft
from item_bank.forms import FormItem, FormProposal, FormSignature, FormWithdrawal, ProposalDecision, PublishedForm
from item_bank.publishing import Published
from item_bank.signing import Signer
from item_bank.vault import hold


@dataclass(frozen=True)
class Basis:
    """What a proposal was made of: versions in the order of the form, their calibration, and how well they measure.

    ``calibrations`` names whose parameters each version took, and is empty where its author's assumed ones stand.
    ``information`` is by construct, at ``abilities``, ``curve`` at ``curve_at``, per squared logit; ``most_exposure``
    is on how many forms an item may stand. All is empty for a draft file.
    """

    versions: tuple[Version, ...] = ()
    calibrations: tuple[str, ...] = ()
    abilities: tuple[float, ...] = ()
    information: dict[str, tuple[float, ...]] = field(default_factory=dict)
    curve_at: tuple[float, ...] = ()
    curve: dict[str, tuple[float, ...]] = field(default_factory=dict)
    words: int = 0
    most_exposure: int | None = None


class OwnProposal(ValueError):
    """Whoever proposed a form cannot approve it."""


class Decided(ValueError):
    """A proposal that was decided on already."""


class Stale(ValueError):
    """What a form was made of has changed since: items that are out of use, or that stand on enough forms by now."""

    def __init__(self, item_ids: Sequence[str]) -> None:
        super().__init__(", ".join(item_ids))
        self.item_ids = tuple(item_ids)


def propose(
    db: Session, draft: Draft, source: str, basis: Basis, who: str, now: datetime, proposal_id: UUID | None = None
) -> FormProposal:  # fmt: skip
    """Keep a form until a second person decides; refuses with drafts.DraftRefused one that could not be read again."""
    words, written = draft.presentation, drafts.write(draft)
    drafts.parse(written, source)
    proposal = FormProposal(
        proposal_id=proposal_id or uuid4(), code=words.code, title=words.title, instrument=words.instrument,
        source=source, draft=written, items=msgspec.to_builtins(basis), who=who, made=now,
    )  # fmt: skip
    db.add(proposal)
    db.flush()
    return proposal


def basis_of(proposal: FormProposal) -> Basis:
    """Read what a proposal was made of."""
    return msgspec.convert(proposal.items, Basis)


def draft_of(proposal: FormProposal) -> Draft:
    """Read the form as it was proposed, key included."""
    return drafts.parse(proposal.draft, proposal.source)


def approve(
    db: Session, proposal_id: UUID, who: str, nonce: bytes, signer: Signer, now: datetime
) -> Published:  # fmt: skip
    """Publish a proposal in a second person's name: words and sealed key apart, signed, with the items it took.

    Safe to repeat: a form that this proposal became already is given again. Refuses with OwnProposal, with Decided what
    was sent back, with Stale what cannot be made of these items any more.
    """
    hold(db)
    proposal = db.get_one(FormProposal, proposal_id, with_for_update=True)
    decision = db.get(ProposalDecision, proposal_id)
    if decision is not None:
        return _published_before(db, decision)
    if proposal.who == who:
        raise OwnProposal
    basis = basis_of(proposal)
    _refuse_stale(db, basis)
    published = publishing.publish(db, draft_of(proposal), nonce, now)
    db.flush()
    signature = signer.sign(published.form_id)
    db.add(FormSignature(
        form_id=published.form_id, public_key=signature.public_key, signature=signature.signature
    ))  # fmt: skip
    for position, ((item_id, version), named) in enumerate(zip(basis.versions, basis.calibrations, strict=True), 1):
        db.add(FormItem(
            form_id=published.form_id, position=position, item_id=item_id, version=version, calibration=named
        ))  # fmt: skip
    db.add(ProposalDecision(proposal_id=proposal_id, at=now, who=who, form_id=published.form_id, reason=""))
    db.flush()
    return published


def _refuse_stale(db: Session, basis: Basis) -> None:
    most, worn = basis.most_exposure, set[str]()
    if most is not None:
        counts = exposure(db)
        worn = {item_id for item_id, _version in basis.versions if counts.get(item_id, 0) >= most}
    if stale := sorted(worn.union(stock.out_of_use(db, basis.versions))):
        raise Stale(stale)


def _published_before(db: Session, decision: ProposalDecision) -> Published:
    if decision.form_id is None:
        raise Decided
    form = db.get_one(PublishedForm, decision.form_id)
    return Published(form.form_id, form.key_seal, is_new=False)


def send_back(db: Session, proposal_id: UUID, who: str, reason: str, now: datetime) -> None:
    """Decide that a proposal does not become a form; who made it may take it back so. Refuses with Decided."""
    db.get_one(FormProposal, proposal_id, with_for_update=True)
    if db.get(ProposalDecision, proposal_id) is not None:
        raise Decided
    db.add(ProposalDecision(proposal_id=proposal_id, at=now, who=who, form_id=None, reason=reason))
    db.flush()


def withdraw(db: Session, form_id: str, who: str, reason: str, now: datetime) -> bool:
    """Withdraw a published form: nobody begins it any more, who is at it may finish. Tells whether that is new."""
    db.get_one(PublishedForm, form_id, with_for_update=True)
    if db.get(FormWithdrawal, form_id) is not None:
        return False
    db.add(FormWithdrawal(form_id=form_id, at=now, who=who, reason=reason))
    db.flush()
    return True


def exposure(db: Session) -> dict[str, int]:
    """Count for each item on how many published forms it stands, whichever version."""
    counts: dict[str, set[str]] = {}
    for item_id, form_id in db.execute(select(FormItem.item_id, FormItem.form_id)):
        counts.setdefault(item_id, set()).add(form_id)
    return {item_id: len(forms) for item_id, forms in counts.items()}
