"""What is remembered of a review: every step, added and never changed; signed results; and what is only under way."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assessment_app.platform.db import Document, Model, Moment, Sha256

STEPS = ("submitted", "approved", "sent_back", "reassess", "signed")


class ReviewStep(Model):
    """One act of an assessor on a sitting. Its number is the lock: of two acts at the same time one finds it taken."""

    __tablename__ = "review_step"
    __table_args__ = (
        CheckConstraint("kind IN ({})".format(", ".join(f"'{kind}'" for kind in STEPS)), name="kind_is_known"),
        {"info": {"append_only": True}},
    )

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.sitting_id"), primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"))
    profile_sha256: Mapped[Sha256]
    document: Mapped[Document]
    at: Mapped[Moment]


class SignedResult(Model):
    """A profile as people signed it: a whole profile document, its levels adjusted where they said so.

    A correction is a new row that names the one it replaces; the newest of a sitting counts.
    """

    __tablename__ = "signed_result"
    __table_args__ = (
        CheckConstraint("(n = 1) = (replaces IS NULL)", name="only_the_first_replaces_none"),
        CheckConstraint("replaces IS NULL OR replaces = n - 1", name="replaces_the_one_before"),
        CheckConstraint("approved_by IS NULL OR approved_by <> signed_by", name="approved_by_a_second_person"),
        {"info": {"append_only": True}},
    )

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.sitting_id"), primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    profile_inputs: Mapped[Sha256]
    document: Mapped[Document]
    sha256: Mapped[Sha256]
    signed_by: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff_account.account_id"))
    at: Mapped[Moment]
    replaces: Mapped[int | None]


class ReviewDraft(Model):
    """What an assessor has written so far about a sitting; the assessor's own, and gone with the decision."""

    __tablename__ = "review_draft"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.sitting_id"), primary_key=True, autoincrement=False)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    profile_sha256: Mapped[Sha256]
    document: Mapped[Document]
    saved: Mapped[Moment]


class ReviewLease(Model):
    """Who works on a sitting, until when: seen by the others, and it stops nobody."""

    __tablename__ = "review_lease"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.sitting_id"), primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"))
    taken: Mapped[bool]  # into the assessor's own queue; False: only opened
    until: Mapped[Moment]
