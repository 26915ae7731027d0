"""What planning can show. Every query takes the agency, except those that an exam asks by NIP."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload

from assessment_app.accounts.models import Agency
from assessment_app.people.models import Employee, Unit
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.errors import Forbidden, NotFound
from assessment_app.platform.safe_exam_browser import Proof
from assessment_app.scheduling.messages import Delivery
from assessment_app.scheduling.models import (
    Accommodation,
    BatteryPart,
    Booking,
    ExamSession,
    Form,
    Room,
    Wave,
    WaveBrowser,
    WithdrawnForm,
)
from assessment_app.scheduling.rules import BrowserPolicy, Kind, Needs
from item_bank import presentation
from item_bank.forms import FormWithdrawal, PublishedForm

LONGEST_CHECKIN = timedelta(hours=4)
"""No session opens its door earlier than this before its start."""

SHOW_PIN = "session.show_pin"
"""How the audit trail calls it that somebody was shown a PIN."""


class OtherBrowser(Forbidden):
    """The wave is sat in Safe Exam Browser, and this is another one, or one that is set up otherwise."""

    slug, title = "safe-exam-browser", "Asesmen ini hanya dapat dikerjakan di Safe Exam Browser."


@dataclass(frozen=True)
class WaveLine:
    """A wave as the list shows it."""

    wave: Wave
    people: int
    sessions: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class Figures:
    """How far the planning of a wave has come."""

    registered: int
    waiting: int
    booked: int
    capacity: int

    @property
    def spare(self) -> int:
        """Seats that nobody has."""
        return self.capacity - self.booked


def lock_planning(db: Session, agency_id: UUID) -> None:
    """Let one planner of an agency write at a time, so that two of them cannot give away the same seat."""
    wanted = select(Agency.agency_id).where(Agency.agency_id == agency_id)
    if db.scalar(wanted.with_for_update(key_share=True)) is None:
        raise NotFound


def waves(db: Session, agency_id: UUID) -> Sequence[WaveLine]:
    """List an agency's waves with their extent, newest first."""
    people = select(func.count()).select_from(Booking).where(Booking.wave_id == Wave.wave_id).scalar_subquery()
    of_wave = ExamSession.wave_id == Wave.wave_id
    found = db.execute(
        select(
            Wave, people, select(func.count()).select_from(ExamSession).where(of_wave).scalar_subquery(),
            select(func.min(ExamSession.starts)).where(of_wave).scalar_subquery(),
            select(func.max(ExamSession.ends)).where(of_wave).scalar_subquery(),
        ).where(Wave.agency_id == agency_id).order_by(Wave.created.desc(), Wave.name)
    )  # fmt: skip
    return [WaveLine(*row) for row in found]


def wave(db: Session, agency_id: UUID, wave_id: UUID) -> Wave:
    """Give a wave with its battery; refuses with NotFound for another agency's."""
    battery = selectinload(Wave.battery).joinedload(BatteryPart.form).defer(Form.presentation)
    found = db.scalar(select(Wave).where(Wave.wave_id == wave_id, Wave.agency_id == agency_id).options(battery))
    if found is None:
        raise NotFound("Gelombang ini tidak ada di instansi Anda.")
    return found


def time_limits(db: Session, wave_id: UUID) -> Sequence[int]:
    """List how long each part of a wave's battery is, in milliseconds, in order."""
    wanted = select(BatteryPart.time_limit_ms).where(BatteryPart.wave_id == wave_id)
    return list(db.scalars(wanted.order_by(BatteryPart.n)))


def figures(db: Session, agency_id: UUID, wave_id: UUID) -> Figures:
    """Count a wave's people and seats."""
    registered = select(func.count()).select_from(Employee).where(
        Employee.agency_id == agency_id, Employee.active
    )  # fmt: skip
    capacity = select(func.sum(Room.seats)).join(ExamSession, ExamSession.room_id == Room.room_id)
    capacity = capacity.where(ExamSession.wave_id == wave_id, ExamSession.agency_id == agency_id)
    booked = select(func.count()).select_from(Booking).where(Booking.wave_id == wave_id)
    return Figures(
        registered=db.scalar(registered) or 0,
        waiting=db.scalar(registered.where(_is_unbooked(wave_id))) or 0,
        booked=db.scalar(booked.where(Booking.agency_id == agency_id)) or 0,
        capacity=db.scalar(capacity) or 0,
    )


def _is_unbooked(wave_id: UUID) -> ColumnElement[bool]:
    booked = select(Booking.employee_id).where(Booking.wave_id == wave_id)
    return Employee.employee_id.not_in(booked)


def unbooked(
    db: Session, agency_id: UUID, wave_id: UUID, unit_id: UUID | None, limit: int
) -> tuple[Sequence[Employee], int]:
    """List the first of those who have no seat in a wave yet, of one unit if wanted, and count them all."""
    wanted = select(Employee).where(Employee.agency_id == agency_id, Employee.active, _is_unbooked(wave_id))
    if unit_id is not None:
        wanted = wanted.where(Employee.unit.has(or_(Unit.unit_id == unit_id, Unit.parent_id == unit_id)))
    rows = db.scalars(wanted.order_by(Employee.name, Employee.nip).limit(limit)).unique()
    return list(rows), db.scalar(select(func.count()).select_from(wanted.subquery())) or 0


def sessions_of(db: Session, agency_id: UUID, wave_id: UUID) -> Sequence[tuple[ExamSession, int]]:
    """List a wave's sessions in order of time, with the number of seats that are taken."""
    own = ExamSession.wave_id == wave_id, ExamSession.agency_id == agency_id
    return _with_taken(db, *own)


def _with_taken(db: Session, *where: ColumnElement[bool]) -> Sequence[tuple[ExamSession, int]]:
    taken = select(func.count()).select_from(Booking).where(Booking.session_id == ExamSession.session_id)
    wanted = select(ExamSession, taken.scalar_subquery()).join(ExamSession.room).where(*where)
    wanted = wanted.options(contains_eager(ExamSession.room), joinedload(ExamSession.wave))
    rows = db.execute(wanted.order_by(ExamSession.starts, Room.site, Room.name))
    return [(found, number) for found, number in rows]


def session(db: Session, agency_id: UUID, session_id: UUID) -> ExamSession:
    """Give a session with its wave and bookings; refuses with NotFound for another agency's."""
    found = db.scalar(
        select(ExamSession).where(ExamSession.session_id == session_id, ExamSession.agency_id == agency_id)
        .options(joinedload(ExamSession.wave), selectinload(ExamSession.bookings))
    )  # fmt: skip
    if found is None:
        raise NotFound("Sesi ini tidak ada di instansi Anda.")
    return found


def sessions_between(
    db: Session, agency_id: UUID, since: datetime, until: datetime
) -> Sequence[tuple[ExamSession, int]]:
    """List an agency's sessions that touch a span of time, with the number of seats that are taken."""
    touching = ExamSession.ends >= since, ExamSession.starts <= until
    return _with_taken(db, ExamSession.agency_id == agency_id, *touching)


def clash(db: Session, room_id: UUID, starts: datetime, ends: datetime) -> ExamSession | None:
    """Find a session that has the room at that time."""
    in_room = ExamSession.room_id == room_id, ExamSession.starts < ends, ExamSession.ends > starts
    return db.scalar(select(ExamSession).where(*in_room).order_by(ExamSession.starts).limit(1))


def has_seen_pin(db: Session, actor: str, session: ExamSession) -> bool:
    """Tell whether the trail says already that somebody was shown the present PIN of a session."""
    shown = select(AuditEntry.detail).where(
        AuditEntry.action == SHOW_PIN, AuditEntry.subject == str(session.session_id), AuditEntry.actor == actor
    )  # fmt: skip
    return any(detail.get("round") == session.pin_round for detail in db.scalars(shown))


def rooms(db: Session, agency_id: UUID) -> Sequence[Room]:
    """List an agency's rooms."""
    return list(db.scalars(select(Room).where(Room.agency_id == agency_id).order_by(Room.site, Room.name)))


def forms(db: Session) -> Sequence[Form]:
    """List the forms that a wave may take, without their presentation; a newer form of a code stands first."""
    wanted = select(Form).where(~Form.withdrawal.has()).order_by(Form.instrument, Form.code, Form.delivered.desc())
    return list(db.scalars(wanted.options(defer(Form.presentation))))


def form(db: Session, form_id: str) -> Form:
    """Give a published form; refuses with NotFound."""
    found = db.get(Form, form_id)
    if found is None:
        raise NotFound("Naskah ini tidak ada.")
    return found


def bookings_of(db: Session, nip: str) -> Sequence[tuple[Booking, ExamSession]]:
    """List the bookings of a NIP with their sessions, in order of time."""
    wanted = select(Booking, ExamSession).join(Booking.session).where(Booking.nip == nip).order_by(ExamSession.starts)
    return [(booking, found) for booking, found in db.execute(wanted)]


def sessions_now(db: Session, now: datetime) -> Sequence[ExamSession]:
    """List every agency's sessions that may be taking sign-ins now."""
    wanted = select(ExamSession).where(ExamSession.starts <= now + LONGEST_CHECKIN, ExamSession.ends >= now)
    return list(db.scalars(wanted))


def needs(db: Session, booking_ids: Collection[UUID]) -> dict[UUID, Needs]:
    """Give what people were granted, by booking, for those who ever were; why is for nobody who asks here."""
    said = select(Accommodation.booking_id, Accommodation.kind, Accommodation.value)
    wanted = said.where(Accommodation.booking_id.in_(booking_ids)).order_by(Accommodation.booking_id, Accommodation.n)
    granted: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for booking_id, kind, value in db.execute(wanted):
        granted[booking_id].append((kind, value))
    return {booking_id: Needs.of(rows) for booking_id, rows in granted.items()}


def who_granted_time(db: Session, booking_id: UUID) -> tuple[str, int] | None:
    """Name who granted or took back somebody's time last, and the number of that row; nothing where nobody ever did."""
    newest = select(Accommodation.by, Accommodation.n).where(
        Accommodation.booking_id == booking_id, Accommodation.kind == Kind.TIME
    )  # fmt: skip
    found = db.execute(newest.order_by(Accommodation.n.desc()).limit(1)).first()
    return None if found is None else (found.by, found.n)


def browser_rule(db: Session, agency_id: UUID, wave_id: UUID) -> WaveBrowser | None:
    """Give what an agency once said of a wave and Safe Exam Browser, turned off or not."""
    return db.scalar(select(WaveBrowser).where(WaveBrowser.wave_id == wave_id, WaveBrowser.agency_id == agency_id))


def browser_of(db: Session, wave_id: UUID) -> WaveBrowser | None:
    """Give how a wave stands to Safe Exam Browser; nothing where it was never spoken of, or turned off."""
    found = db.get(WaveBrowser, wave_id)
    return None if found is None or found.policy == BrowserPolicy.OFF else found


def proves_browser(db: Session, wave_id: UUID, proofs: Iterable[Proof]) -> bool:
    """Tell whether Safe Exam Browser was shown to run with the wave's own settings.

    Refuses with OtherBrowser where the wave requires it and nothing proves it.
    """
    rule = browser_of(db, wave_id)
    if rule is None:
        return False
    is_proven = any(proof.holds(rule.config_key, rule.exam_keys.split()) for proof in proofs)
    if rule.policy == BrowserPolicy.REQUIRED and not is_proven:
        raise OtherBrowser(page=f"/peramban/{wave_id}")
    return is_proven


def form_ids(db: Session) -> frozenset[str]:
    """Name the forms that were delivered."""
    return frozenset(db.scalars(select(Form.form_id)))


def published(vault: Session, known: Collection[str] = ()) -> Sequence[Delivery]:
    """Read from the vault what was published: words and names of keys. For the worker, which opens both stores."""
    wanted = select(PublishedForm).where(PublishedForm.form_id.not_in(known))
    found = vault.scalars(wanted.order_by(PublishedForm.published))
    return [_delivery(row) for row in found]


def withdrawn(vault: Session, known: Collection[str] = ()) -> Sequence[str]:
    """Name the forms that the vault withdrew. For the worker, which opens both stores."""
    return list(vault.scalars(select(FormWithdrawal.form_id).where(FormWithdrawal.form_id.not_in(known))))


def withdrawn_ids(db: Session) -> frozenset[str]:
    """Name the forms that are known here to be withdrawn."""
    return frozenset(db.scalars(select(WithdrawnForm.form_id)))


def _delivery(row: PublishedForm) -> Delivery:
    words = presentation.parse(row.document)
    return Delivery(
        form_id=row.form_id, key_seal=row.key_seal, code=row.code, title=row.title, instrument=row.instrument,
        items=len(words.items), time_limit_ms=words.time_limit_ms, demonstration=words.demonstration,
        purpose=words.purpose, presentation=row.document,
    )  # fmt: skip
