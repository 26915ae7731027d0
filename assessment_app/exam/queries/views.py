"""What a participant sees: the sign-in page, the sitting, an opened part."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Row, bindparam, select
from sqlalchemy.orm import Session

from assessment_app.accounts.models import Agency
from assessment_app.exam.messages import (
    AttemptView,
    ConsentAsked,
    NeedsView,
    Participant,
    Receipt,
    Response,
    SheetView,
    SittingView,
    Started,
    content_address,
    stamp,
)
from assessment_app.exam.queries import words
from assessment_app.exam.queries.facts import Facts, Part
from assessment_app.exam.rules import Window, receipt_code, sitting_state
from assessment_app.platform.errors import Conflict, NotFound
from assessment_app.platform.safe_exam_browser import Proof
from assessment_app.platform.texts import show_datetime
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.models import Booking, ExamSession, Room, Wave, WaveBrowser
from assessment_app.scheduling.rules import MINUTE_MS, Needs


def what_is_on(db: Session, now: datetime) -> tuple[str, str | None]:
    """Name the agency and the wave whose sessions take sign-ins now; where several do, nobody's name is shown."""
    waves = {found.wave_id for found in plans.sessions_now(db, now)}
    agencies = {wave.agency_id: wave.name for wave in db.scalars(select(Wave).where(Wave.wave_id.in_(waves)))}
    if len(agencies) != 1:
        return "", None
    ((agency_id, title),) = agencies.items()
    return db.get_one(Agency, agency_id).name, title if len(waves) == 1 else None


def browser_asked_for(db: Session, now: datetime, shown: Proof) -> WaveBrowser | None:
    """Tell how the one wave whose sessions take sign-ins stands to Safe Exam Browser, unless it is shown already."""
    waves = {found.wave_id for found in plans.sessions_now(db, now)}
    rule = plans.browser_of(db, waves.pop()) if len(waves) == 1 else None
    return None if rule is None or shown.holds(rule.config_key, rule.exam_keys.split()) else rule


def browser_file(db: Session, wave_id: UUID) -> bytes:
    """Give the file that sets Safe Exam Browser up for a wave; refuses with NotFound where it is not used."""
    rule = plans.browser_of(db, wave_id)
    if rule is None:
        raise NotFound("Gelombang ini tidak memakai Safe Exam Browser.")
    return rule.file


def view(db: Session, found: Facts, acked: int, now: datetime) -> SittingView:
    """Tell a participant where the sitting stands."""
    phases = [one.window.phase(now) for one in found.parts]
    who = db.execute(_WHO, {"sitting_id": found.sitting_id, "booking_id": found.booking_id}).one()
    return SittingView(
        server_time=stamp(now), participant=_participant(who), state=sitting_state(phases).value,
        epoch=found.epoch, acked_seq=acked, consent=ConsentAsked(who.consent_version, found.has_consented),
        demonstration=who.demonstration, needs=_needs(db, found), newest_message=who.newest,
        attempts=[
            AttemptView(one.n, one.title, one.instrument, phase.value, one.window.allowed_ms,
                        one.window.remaining_ms(now), one.items, content_address(one.form_id), one.extra_ms)
            for one, phase in zip(found.parts, phases, strict=True)
        ],
    )  # fmt: skip


def _needs(db: Session, found: Facts) -> NeedsView:
    known = plans.needs(db, [found.booking_id]) if found.was_granted else {}
    granted = known.get(found.booking_id, Needs())
    return NeedsView(
        extra_ms=sum(one.extra_ms for one in found.parts), large_text=granted.large_text,
        breaks=granted.breaks, break_ms=granted.break_minutes * MINUTE_MS, reader=granted.reader,
    )  # fmt: skip


def _participant(who: Row[*tuple[Any, ...]]) -> Participant:
    return Participant(
        name=who.name, nip=who.nip, post=who.post, unit=who.unit, agency=who.agency, wave=who.wave,
        room=f"{who.room}, {who.site}", seat=who.seat, session=show_datetime(who.starts, zone=who.timezone),
        timezone=who.timezone,
    )  # fmt: skip


_WHO = (
    select(
        Booking.name, Booking.nip, Booking.post, Booking.unit, Booking.seat, ExamSession.starts,
        Room.name.label("room"), Room.site, Room.timezone, Agency.name.label("agency"), Wave.name.label("wave"),
        Wave.consent_version, Wave.demonstration,
        words.newest(bindparam("sitting_id", type_=BigInteger)).label("newest"),
    )
    .join(ExamSession, ExamSession.session_id == Booking.session_id).join(Room, Room.room_id == ExamSession.room_id)
    .join(Wave, Wave.wave_id == Booking.wave_id).join(Agency, Agency.agency_id == Booking.agency_id)
    .where(Booking.booking_id == bindparam("booking_id"))
)  # fmt: skip
"""Made once, and columns alone: a whole lab signs in, or loads its page anew, at once."""


def presentation(db: Session, form_id: str) -> bytes:
    """Give a form's presentation as published."""
    return plans.form(db, form_id).presentation


def started(opened: Part, window: Window, said: dict[str, Response], now: datetime) -> Started:
    """Say what a browser needs to go on: time left, where the content is, what was ``said`` before, by item."""
    return Started(window.remaining_ms(now), stamp(now), content_address(opened.form_id), said)


def receipt(found: Facts) -> Receipt:
    """Give the code that names all sealed sheets; refuses with Conflict while a part is not sealed."""
    if not found.is_sealed:
        raise Conflict("Masih ada bagian yang belum selesai.")
    sealed = [one for one in found.parts if one.window.sealed is not None]
    sheets = [SheetView(one.form_id, one.title, one.sheet_sha256, one.answered, one.items) for one in sealed]
    last = max((one.window.sealed for one in sealed if one.window.sealed is not None), default=None)
    return Receipt(receipt_code([sheet.sha256 for sheet in sheets]), None if last is None else stamp(last), sheets)
