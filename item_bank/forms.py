"""What the vault remembers of forms: proposals, what was published, which items it took, and what was withdrawn.

A proposal holds words and keys together, as a draft file does; publishing, by a second person, takes them apart.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from item_bank.columns import Document, Moment, Name, Sha256
from item_bank.vault import VaultModel


class PublishedForm(VaultModel):
    """A form as it was published; from here it crosses to the exam store once, and never changes."""

    __tablename__ = "published_form"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012  # SQLAlchemy reads it as it stands

    form_id: Mapped[Sha256] = mapped_column(primary_key=True)
    key_seal: Mapped[Sha256]
    code: Mapped[str] = mapped_column(String(60), index=True)
    title: Mapped[Name]
    instrument: Mapped[str] = mapped_column(String(40))
    document: Mapped[bytes] = mapped_column(LargeBinary)  # canonical bytes, because the form's name is their hash
    published: Mapped[Moment]


class FormWithdrawal(VaultModel):
    """A published form that nobody may begin any more; who had begun it may finish."""

    __tablename__ = "form_withdrawal"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012  # SQLAlchemy reads it as it stands

    form_id: Mapped[Sha256] = mapped_column(ForeignKey("published_form.form_id"), primary_key=True)
    at: Mapped[Moment]
    who: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text)


class FormSignature(VaultModel):
    """Ed25519 over a form's name, by the key of this vault: who holds the public key can prove where a form is from."""

    __tablename__ = "form_signature"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012  # SQLAlchemy reads it as it stands

    form_id: Mapped[Sha256] = mapped_column(ForeignKey("published_form.form_id"), primary_key=True)
    public_key: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))


class FormItem(VaultModel):
    """Which version of which item stands on a published form, with the calibration whose parameters it took."""

    __tablename__ = "form_item"
    __table_args__ = (Index("ix_form_item_item", "item_id", "version"), {"info": {"append_only": True}})

    form_id: Mapped[Sha256] = mapped_column(ForeignKey("published_form.form_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_id: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    calibration: Mapped[str] = mapped_column(String(60))  # empty where the author's assumed parameters stand


class FormExposure(VaultModel):
    """How many finished a form, as the worker counted it last: numbers only, no person comes here."""

    __tablename__ = "form_exposure"

    form_id: Mapped[Sha256] = mapped_column(ForeignKey("published_form.form_id"), primary_key=True)
    attempts: Mapped[int]
    counted: Mapped[Moment]


class FormProposal(VaultModel):
    """A form that somebody made and a second person has to approve before it is published."""

    __tablename__ = "form_proposal"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012  # SQLAlchemy reads it as it stands

    proposal_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), index=True)
    title: Mapped[Name]
    instrument: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(200))  # the file, or the blueprint it was assembled by
    draft: Mapped[bytes] = mapped_column(LargeBinary)  # words and keys together
    items: Mapped[Document]  # which versions it took from the stock, and how well it measures
    who: Mapped[str] = mapped_column(String(120))
    made: Mapped[Moment]


class ProposalDecision(VaultModel):
    """What became of a proposal: approved, and then which form it is, or returned with the reason."""

    __tablename__ = "proposal_decision"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012  # SQLAlchemy reads it as it stands

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("form_proposal.proposal_id"), primary_key=True)
    at: Mapped[Moment]
    who: Mapped[str] = mapped_column(String(120))
    form_id: Mapped[Sha256 | None] = mapped_column(ForeignKey("published_form.form_id"))
    reason: Mapped[str] = mapped_column(Text)
