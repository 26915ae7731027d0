"""Waves, sessions and booked people that hold a text. Every query takes the agency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from assessment_app.people.queries import holds
from assessment_app.platform.texts import show_datetime
from assessment_app.scheduling.models import Booking, ExamSession, Room, Wave


def waves(db: Session, agency_id: UUID, text: str, most: int) -> Sequence[Wave]:
    """List waves whose name holds a text, the newest first."""
    wanted = select(Wave).where(Wave.agency_id == agency_id, Wave.name.icontains(text, autoescape=True))
    return db.scalars(wanted.order_by(Wave.created.desc(), Wave.name).limit(most)).all()


def sessions(db: Session, agency_id: UUID, text: str, most: int) -> Sequence[ExamSession]:
    """List sessions whose room or place holds a text, the latest first."""
    at = or_(Room.name.icontains(text, autoescape=True), Room.site.icontains(text, autoescape=True))
    wanted = select(ExamSession).join(ExamSession.room).where(ExamSession.agency_id == agency_id, at)
    wanted = wanted.options(joinedload(ExamSession.wave), joinedload(ExamSession.room))
    return db.scalars(wanted.order_by(ExamSession.starts.desc(), Room.name).limit(most)).all()


def bookings(
    db: Session, agency_id: UUID, text: str, most: int, span: tuple[datetime, datetime] | None = None
) -> Sequence[tuple[Booking, ExamSession]]:
    """List booked people whose name or NIP holds a text, with their sessions, the latest first; of a span of time."""
    where: list[ColumnElement[bool]] = [Booking.agency_id == agency_id, holds(Booking.name, Booking.nip, text)]
    if span is not None:
        where += [ExamSession.ends >= span[0], ExamSession.starts <= span[1]]
    wanted = select(Booking, ExamSession).join(ExamSession, ExamSession.session_id == Booking.session_id).where(*where)
    wanted = wanted.options(joinedload(ExamSession.wave), joinedload(ExamSession.room))
    rows = db.execute(wanted.order_by(ExamSession.starts.desc(), Booking.name).limit(most))
    return [(booking, session) for booking, session in rows]


def where(session: ExamSession) -> str:
    """Name a session by its room and its time there."""
    room = session.room
    return f"{room.name}, {room.site}, {show_datetime(session.starts, 'short', room.timezone)}"
