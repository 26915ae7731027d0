"""What stands beside the results that count, and who wanted which of it to count: added, never changed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assessment_app.platform.db import Document, Model, Moment, Sha256


class RescoredProfile(Model):
    """The profile that another key of one form leads to: all else as in the profile that it stands beside.

    It is the very document that becomes the profile when that key is chosen. ``change`` says what of the reported
    result is another one, as far as that was known when it was made; ``consequence`` orders people by it.
    """

    __tablename__ = "rescored_profile"
    __table_args__ = (
        ForeignKeyConstraint(["sitting_id", "beside"], ["profile.sitting_id", "profile.inputs_sha256"]),
        Index("ix_rescored_profile_wave", "wave_id", "key_seal"),
        {"info": {"append_only": True}},
    )

    sitting_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key_seal: Mapped[Sha256] = mapped_column(primary_key=True)
    beside: Mapped[Sha256] = mapped_column(primary_key=True)
    inputs_sha256: Mapped[Sha256]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.wave_id"))
    rule_set: Mapped[Sha256] = mapped_column(ForeignKey("rule_set.sha256"))
    document: Mapped[Document]
    sha256: Mapped[Sha256]
    change: Mapped[Document]
    consequence: Mapped[int]
    made: Mapped[Moment]


class KeyProposal(Model):
    """Somebody saw what a key would change in a wave, and wants it to count there."""

    __tablename__ = "key_proposal"
    __table_args__ = ({"info": {"append_only": True}},)

    proposal_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.wave_id"))
    form_id: Mapped[Sha256] = mapped_column(ForeignKey("form.form_id"))
    key_seal: Mapped[Sha256]
    seen: Mapped[Sha256]  # names the comparison that was shown
    reason: Mapped[str] = mapped_column(Text)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"))
    at: Mapped[Moment]


class KeyProposalEnd(Model):
    """What became of a proposal: which choice of its wave and form it is, or that it was turned down and why."""

    __tablename__ = "key_proposal_end"
    __table_args__ = (
        CheckConstraint("(outcome = 'chosen') = (n IS NOT NULL)", name="only_chosen_has_a_number"),
        {"info": {"append_only": True}},
    )

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("key_proposal.proposal_id"), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    outcome: Mapped[str] = mapped_column(String(10))
    n: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"))
    at: Mapped[Moment]
