"""What a sitting leaves behind. State is not stored: it follows from these facts (``rules.py``)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment_app.platform.db import Model, Moment, Sha256
from assessment_app.scheduling.models import Booking, Form

Serial = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in an INTEGER key."""


class Sitting(Model):
    """One participant's presence in one wave, and which device owns it."""

    __tablename__ = "sitting"
    __table_args__ = (CheckConstraint("epoch > 0", name="epoch_counts_devices"),)

    sitting_id: Mapped[int] = mapped_column(Serial, primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.booking_id"), unique=True)
    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.wave_id"), index=True)
    epoch: Mapped[int]
    device: Mapped[str] = mapped_column(String(80))
    signed_in: Mapped[Moment]
    booking: Mapped[Booking] = relationship(lazy="joined")
    attempts: Mapped[list[Attempt]] = relationship(order_by="Attempt.n", back_populates="sitting")
    consents: Mapped[list[Consent]] = relationship()


class SittingEvent(Model):
    """Something that happened in a sitting: sign-in, move, consent, start, focus lost, lock, seal."""

    __tablename__ = "sitting_event"
    __table_args__ = ({"info": {"append_only": True}},)

    event_id: Mapped[int] = mapped_column(Serial, primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.sitting_id"), index=True)
    at: Mapped[Moment]
    kind: Mapped[str] = mapped_column(String(30))
    note: Mapped[str] = mapped_column(String(200))


class Consent(Model):
    """The integrity pact and privacy notice, as this person answered this version."""

    __tablename__ = "consent"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.sitting_id"), primary_key=True)
    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    accepted: Mapped[bool] = mapped_column(primary_key=True)  # who refused first may still accept: both stay
    at: Mapped[Moment]


class Attempt(Model):
    """The sitting's work on one form."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("sitting_id", "n"),
        CheckConstraint("finished IS NULL OR finished >= opened", name="finished_after_opened"),
        Index("ix_attempt_unfinished", "opened", "finished"),
    )

    attempt_id: Mapped[int] = mapped_column(Serial, primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.sitting_id"))
    n: Mapped[int]
    form_id: Mapped[Sha256] = mapped_column(ForeignKey("form.form_id"))
    opened: Mapped[Moment | None]
    finished: Mapped[Moment | None]
    sitting: Mapped[Sitting] = relationship(back_populates="attempts")
    form: Mapped[Form] = relationship()
    ledger: Mapped[list[TimeEntry]] = relationship(order_by="TimeEntry.entry_id")
    sheet: Mapped[Sheet | None] = relationship()


class TimeEntry(Model):
    """One entry of the time ledger; an attempt's allowed time is the sum of its entries."""

    __tablename__ = "time_entry"
    __table_args__ = ({"info": {"append_only": True}},)

    entry_id: Mapped[int] = mapped_column(Serial, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.attempt_id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    ms: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[Moment]


class Sheet(Model):
    """A closed attempt's answers, written down once as canonical bytes."""

    __tablename__ = "sheet"
    __table_args__ = ({"info": {"append_only": True}},)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.attempt_id"), primary_key=True, autoincrement=False)
    form_id: Mapped[Sha256]
    key_seal: Mapped[Sha256]
    sha256: Mapped[Sha256]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    answered: Mapped[int]
    items: Mapped[int]
    sealed: Mapped[Moment]


class SittingContact(Model):
    """When a sitting was heard of last, as far as it was written down: seconds behind, and gone with nothing."""

    __tablename__ = "sitting_contact"

    sitting_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    heard_ms: Mapped[int] = mapped_column(BigInteger)


class Gate(Model):
    """What the save statement must know of an attempt: a mirror beside the answers, made anew from the truth."""

    __tablename__ = "attempt_gate"
    __table_args__ = ({"info": {"stores": ("answers",)}},)

    attempt_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    epoch: Mapped[int]  # negative while a proctor locked the sitting: no save names it
    deadline_ms: Mapped[int] = mapped_column(BigInteger)
    grace_ms: Mapped[int] = mapped_column(BigInteger)
    closed: Mapped[bool]


class AnswerEvent(Model):
    """One change of one answer, as it arrived. The newest per item counts; all stay."""

    __tablename__ = "answer_event"
    __table_args__ = (
        Index("ix_answer_event_attempt", "attempt_id"),
        {"info": {"stores": ("answers",), "append_only": True}},
    )

    sitting_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    attempt_id: Mapped[int] = mapped_column(BigInteger)
    item: Mapped[str] = mapped_column(String(60))
    response: Mapped[str] = mapped_column(Text)
    at_ms: Mapped[int] = mapped_column(BigInteger)
    spent_ms: Mapped[int] = mapped_column(BigInteger)
    received_ms: Mapped[int] = mapped_column(BigInteger)
    standing: Mapped[int]  # rules.Standing: in time, late within grace, aside
    recovered: Mapped[bool] = mapped_column(server_default=false(), default=False)  # came by a file, not by its page
