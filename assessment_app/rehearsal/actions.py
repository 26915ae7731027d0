"""What a rehearsal does to an installation: seats invented people in an agency of their own, and closes it again.

Everything hangs on an agency that no officer belongs to, so no page of anybody shows it, and no result of it is counted
anywhere. Facts are never deleted: in an installation that stays, an agency of a rehearsal is closed, not removed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assessment_app.accounts.models import Agency
from assessment_app.accounts.rules import Actor, Officer
from assessment_app.exam import actions as exam
from assessment_app.exam.models import Sitting
from assessment_app.people import actions as people
from assessment_app.platform.errors import Conflict
from assessment_app.proctoring import actions as proctoring
from assessment_app.proctoring.actions import Touched
from assessment_app.proctoring.messages import Release
from assessment_app.rehearsal import queries
from assessment_app.rehearsal.messages import CODE, Plan, Seated, Staged
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling.messages import REHEARSAL, NewRoom, NewSession, NewWave
from assessment_app.scheduling.messages.filling import Filling
from assessment_app.scheduling.models import Booking, ExamSession, Wave
from assessment_app.scheduling.rules import CHECKIN_MINUTES, pin

NOBODY = "system:rehearsal"
OPEN_FOR = timedelta(hours=12)


class NotForRehearsal(Conflict):
    """A wave that no rehearsal may be made of."""

    slug, title = "not-for-rehearsal", "Gelombang ini tidak dapat dipakai untuk gladi."


def officer(agency_id: UUID) -> Officer:
    """Name who acts in a rehearsal's agency."""
    return Officer(agency_id, NOBODY, "proasn rehearse")


def plan_of(wave: Wave) -> Plan:
    """Take battery and rooms of a planned wave, its sessions by their beginning as time slots.

    Refuses with NotForRehearsal a wave for another purpose, one with bookings, and one without sessions.
    """
    if wave.purpose != REHEARSAL:
        raise NotForRehearsal(f"Tujuan gelombang {wave.name} bukan gladi. Susun gelombang gladi tanpa peserta.")
    if any(session.bookings for session in wave.sessions):
        raise NotForRehearsal(f"Gelombang {wave.name} sudah punya peserta. Gladi hanya untuk gelombang tanpa peserta.")
    if not wave.sessions:
        raise NotForRehearsal(f"Gelombang {wave.name} belum punya sesi. Tambahkan sesi dan ruangnya dahulu.")
    slots = queries.slots(wave.sessions)
    return Plan(f"Gladi {wave.name}", tuple(part.form_id for part in wave.battery), slots)


def hire(db: Session, agency_id: UUID, lists: Sequence[bytes], now: datetime) -> int:
    """Import personnel files, one after the other; gives how many people there are then."""
    by = officer(agency_id)
    for number, content in enumerate(lists, 1):
        name = f"gladi-{number}.xlsx"
        people.import_employees(db, agency_id, name, content, Actor(by.actor, by.origin), now, take_proposals=True)
    return queries.people(db, agency_id)


def stage(db: Session, agency_id: UUID, plan: Plan, secret: bytes, now: datetime) -> Staged:
    """Plan the wave of an agency's people and seat everybody; whoever finds no seat is left out.

    ``secret`` is what PINs are derived from. All time slots are now, as no clock is compressed, so a unit may be away
    as a whole. Refuses with NotForRehearsal when nobody has a seat.
    """
    by = officer(agency_id)
    wave = scheduling.add_wave(db, by, NewWave(plan.name, plan.purpose, plan.form_ids), now)
    sessions = []
    for slot, rooms in enumerate(plan.slots):
        for place in rooms:
            room = scheduling.add_room(db, by, NewRoom(place.room, "Gladi", "Asia/Jakarta", place.seats), now)
            db.flush()
            hours = NewSession(room.room_id, now, now + OPEN_FOR)
            sessions.append((slot, place.room, scheduling.add_session(db, by, wave.wave_id, hours, now)))
    filling = Filling(spare_percent=0, away_percent=100)
    scheduling.fill(
        db, by, wave.wave_id, filling, now - 2 * timedelta(minutes=CHECKIN_MINUTES)
    )  # before any door opens
    seated = [
        Seated(one.nip, pin(secret, session.session_id, session.pin_round), room, slot, one.job_level)
        for slot, room, session in sessions
        for one in queries.booked(db, session.session_id)
    ]
    if not seated:
        raise NotForRehearsal("Tidak seorang pun dari daftar pegawai mendapat kursi.")
    return Staged(agency_id, wave.wave_id, tuple(seated))


def release(db: Session, staged: Staged, nip: str, now: datetime) -> Touched | None:
    """Free a participant's sitting from its computer, as the proctor's page does; nothing for who has none."""
    wanted = select(Sitting, Booking.seat, Booking.session_id).join(Booking, Booking.booking_id == Sitting.booking_id)
    found = db.execute(wanted.where(Booking.nip == nip, Booking.wave_id == staged.wave_id)).first()
    if found is None:
        return None
    where, wish = proctoring.Seated(found.session_id, found.seat), Release(found.Sitting.epoch, "Gladi")
    return proctoring.release(db, officer(staged.agency_id), where, wish, now)


def close_attempt(answers: Session, db: Session, one: queries.OpenAttempt, now: datetime) -> None:
    """Seal what somebody who went home left open, without waiting for its time to run out."""
    said, how = exam.close_gate(answers, db, one.sitting_id, one.attempt_id)
    answers.flush()
    exam.seal(db, one.sitting_id, one.n, said, now, how)


def end_sessions(db: Session, agency_id: UUID, now: datetime) -> int:
    """Let every session of a rehearsal's agency be over: nobody signs in any more, and what is in it is sealed."""
    running = update(ExamSession).where(ExamSession.agency_id == agency_id, ExamSession.ends > now)
    over = running.values(ends=now - timedelta(milliseconds=1)).returning(ExamSession.session_id)
    return len(db.execute(over).all())


def leftovers(db: Session, now: datetime) -> Sequence[Agency]:
    """List agencies of rehearsals that were interrupted: some session of theirs still takes sign-ins."""
    running = select(ExamSession.agency_id).where(ExamSession.ends > now)
    wanted = select(Agency).where(Agency.code.startswith(f"{CODE}-"), Agency.agency_id.in_(running))
    return db.scalars(wanted.order_by(Agency.code)).all()
