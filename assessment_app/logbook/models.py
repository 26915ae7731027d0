"""What is remembered of a session's day. Rows are added and never changed; what holds now follows from them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment_app.platform.db import Document, Model, Moment


class Incident(Model):
    """Something that went otherwise than it should. A correction is a row of its own that names the old one."""

    __tablename__ = "incident"
    __table_args__ = (
        UniqueConstraint("session_id", "n"),
        UniqueConstraint("replaces"),  # of two who correct the same row, one is told
        CheckConstraint("minutes >= 0", name="gives_time_back"),
        {"info": {"append_only": True}},
    )

    incident_id: Mapped[UUID] = mapped_column(primary_key=True)  # chosen by the page: sent twice, it is one
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("exam_session.session_id"))
    n: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))  # rules.IncidentKind
    happened: Mapped[Moment]
    seats: Mapped[Document]  # who was booked on each seat then: {"7": booking or null}; empty is the whole room
    told: Mapped[str] = mapped_column(String(500))
    done: Mapped[str] = mapped_column(String(300))
    minutes: Mapped[int]  # given back in the same act, 0 for none
    replaces: Mapped[UUID | None] = mapped_column(ForeignKey("incident.incident_id"))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[Moment]

    @property
    def seat_numbers(self) -> list[int]:
        """Number the seats; none is the whole room."""
        return sorted(int(seat) for seat in self.seats)


class AttendanceMark(Model):
    """Something that a proctor stated or took back of somebody's being there; of each kind the newest holds."""

    __tablename__ = "attendance_mark"
    __table_args__ = (
        UniqueConstraint("booking_id", "n"),
        {"info": {"append_only": True}},
    )

    mark_id: Mapped[UUID] = mapped_column(primary_key=True)  # chosen by the page
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.booking_id"))
    n: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))  # rules.MarkKind
    holds: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(150))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[Moment]


class SeatMove(Model):
    """Somebody sits elsewhere than before. The first of a booking tells what was planned, the last what holds."""

    __tablename__ = "seat_move"
    __table_args__ = (
        UniqueConstraint("booking_id", "n"),
        CheckConstraint("from_seat > 0 AND to_seat > 0", name="seats_are_numbered"),
        {"info": {"append_only": True}},
    )

    move_id: Mapped[UUID] = mapped_column(primary_key=True)  # chosen by the page
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.booking_id"))
    n: Mapped[int]
    from_session: Mapped[UUID] = mapped_column(ForeignKey("exam_session.session_id"), index=True)
    from_seat: Mapped[int]
    to_session: Mapped[UUID] = mapped_column(ForeignKey("exam_session.session_id"), index=True)
    to_seat: Mapped[int]
    epoch: Mapped[int | None]  # of the sitting after the move; none before the first sign-in
    reason: Mapped[str] = mapped_column(String(150))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[Moment]
