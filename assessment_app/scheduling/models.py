"""What planning remembers: rooms, published forms, waves with their battery, sessions, bookings."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment_app.platform.db import Model, Moment, Sha256
from assessment_app.scheduling.rules import Hours


class Room(Model):
    """A computer lab that an agency can use."""

    __tablename__ = "room"
    __table_args__ = (
        UniqueConstraint("agency_id", "site", "name"),
        CheckConstraint("seats > 0", name="has_seats"),
    )

    room_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    name: Mapped[str] = mapped_column(String(80))
    site: Mapped[str] = mapped_column(String(120))
    timezone: Mapped[str] = mapped_column(String(40))
    seats: Mapped[int]


class Form(Model):
    """A published form as participants may see it; delivered from the vault once, never changed."""

    __tablename__ = "form"
    __table_args__ = ({"info": {"append_only": True}},)

    form_id: Mapped[Sha256] = mapped_column(primary_key=True)
    key_seal: Mapped[Sha256]  # names the key without telling it
    code: Mapped[str] = mapped_column(String(60), index=True)
    title: Mapped[str] = mapped_column(String(200))
    instrument: Mapped[str] = mapped_column(String(40))
    items: Mapped[int]
    time_limit_ms: Mapped[int]
    demonstration: Mapped[bool]
    presentation: Mapped[bytes] = mapped_column(LargeBinary)
    delivered: Mapped[Moment]
    purpose: Mapped[str] = mapped_column(String(20), server_default="assessment")
    withdrawal: Mapped[WithdrawnForm | None] = relationship(lazy="joined")


class WithdrawnForm(Model):
    """A form that the vault withdrew: no wave takes it any more, nobody begins it; who is at it may finish."""

    __tablename__ = "withdrawn_form"
    __table_args__ = ({"info": {"append_only": True}},)

    form_id: Mapped[Sha256] = mapped_column(ForeignKey("form.form_id"), primary_key=True)
    at: Mapped[Moment]


class Wave(Model):
    """Who sits which battery, where and when."""

    __tablename__ = "wave"
    __table_args__ = (CheckConstraint("grace_ms >= 0", name="grace_is_no_debt"),)

    wave_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(40))
    consent_version: Mapped[str] = mapped_column(String(40))
    grace_ms: Mapped[int]
    demonstration: Mapped[bool]
    created: Mapped[Moment]
    battery: Mapped[list[BatteryPart]] = relationship(order_by="BatteryPart.n", cascade="all, delete-orphan")
    sessions: Mapped[list[ExamSession]] = relationship(order_by="ExamSession.starts", back_populates="wave")


class BatteryPart(Model):
    """The place of one form in a wave's battery."""

    __tablename__ = "battery_part"

    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.wave_id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[Sha256] = mapped_column(ForeignKey("form.form_id"))
    time_limit_ms: Mapped[int]
    form: Mapped[Form] = relationship(lazy="joined")


class ExamSession(Model):
    """One room at one time: whoever is booked in it may sign in from its check-in on."""

    __tablename__ = "exam_session"
    __table_args__ = (CheckConstraint("ends > starts", name="ends_after_it_starts"),)

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.wave_id"), index=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("room.room_id"))
    starts: Mapped[Moment]
    ends: Mapped[Moment]
    checkin_minutes: Mapped[int]
    pin_round: Mapped[int]  # the PIN is derived from it: raising it makes every PIN of the session new
    wave: Mapped[Wave] = relationship(back_populates="sessions")
    room: Mapped[Room] = relationship(lazy="joined")
    bookings: Mapped[list[Booking]] = relationship(order_by="Booking.seat", back_populates="session")

    @property
    def hours(self) -> Hours:
        """When it happens, and from when on somebody may sign in."""
        return Hours(self.starts, self.ends, self.checkin_minutes)


class Booking(Model):
    """A participant's session and seat, with who they were on the day: posts change, records do not."""

    __tablename__ = "booking"
    __table_args__ = (
        UniqueConstraint("wave_id", "employee_id"),
        UniqueConstraint("session_id", "seat"),
        Index("ix_booking_nip", "nip"),
        CheckConstraint("seat > 0", name="seat_is_numbered"),
    )

    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.wave_id"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("exam_session.session_id"))
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employee.employee_id"), index=True)
    seat: Mapped[int]
    nip: Mapped[str] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(String(500))
    unit: Mapped[str] = mapped_column(String(500))
    post: Mapped[str] = mapped_column(String(500))
    job_level: Mapped[str] = mapped_column(String(20))
    session: Mapped[ExamSession] = relationship(back_populates="bookings")


class Accommodation(Model):
    """Something that somebody was granted, or that was taken back: of each kind the newest row is in force.

    A need tells of a person's health: it stands apart from the booking, and only who grants it reads the reason.
    """

    __tablename__ = "accommodation"
    __table_args__ = ({"info": {"append_only": True}},)

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.booking_id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    kind: Mapped[str] = mapped_column(String(20))  # rules.Kind
    value: Mapped[str] = mapped_column(String(120))  # as rules.Needs writes it; empty takes it back
    reason: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[Moment]


class WaveBrowser(Model):
    """How a wave stands to Safe Exam Browser, with the very file that its computers were given."""

    __tablename__ = "wave_browser"

    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.wave_id"), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    policy: Mapped[str] = mapped_column(String(10))  # rules.BrowserPolicy
    address: Mapped[str] = mapped_column(String(200))
    file: Mapped[bytes] = mapped_column(LargeBinary)  # kept: a newer program would write, and hash, another one
    config_key: Mapped[Sha256]
    exam_keys: Mapped[str] = mapped_column(Text)  # Browser Exam Keys, one a line
    changed: Mapped[Moment]


class FrozenList(Model):
    """Who was called to a session, as it stood when somebody froze the list; what changes later is an amendment."""

    __tablename__ = "frozen_list"
    __table_args__ = ({"info": {"append_only": True}},)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("exam_session.session_id"), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    document: Mapped[bytes] = mapped_column(LargeBinary)  # canonical bytes
    sha256: Mapped[Sha256]
    people: Mapped[int]
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[Moment]


class ListAmendment(Model):
    """A change of a frozen list: who, what, why, by whom."""

    __tablename__ = "list_amendment"
    __table_args__ = ({"info": {"append_only": True}},)

    session_id: Mapped[UUID] = mapped_column(ForeignKey("frozen_list.session_id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    kind: Mapped[str] = mapped_column(String(20))  # messages.changes.AMENDMENTS
    nip: Mapped[str] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(String(500))
    seat: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[Moment]
