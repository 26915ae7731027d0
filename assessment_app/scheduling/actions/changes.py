"""Changes by hand: somebody moves, two change places, one comes late or not at all; and a list is frozen.

Whoever signed in stays where they are: from then on a seat is the proctor's business. What happened in a session that
is over is history. Every act says what its page showed, so that nobody undoes what another planner did meanwhile.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.platform.db import insert_new
from assessment_app.platform.errors import Closed, Conflict, Invalid, NotFound
from assessment_app.platform.texts import gettext as _
from assessment_app.scheduling import actions, queries
from assessment_app.scheduling.messages import MOST_SEATS, changes
from assessment_app.scheduling.messages.changes import Late, Move, Place, Swap
from assessment_app.scheduling.models import Booking, ExamSession, FrozenList, ListAmendment
from assessment_app.scheduling.queries import lists
from assessment_app.scheduling.rules.timetable import minutes_needed
from scoring_engine.canonical import digest

GRANTED = ("accommodation",)
"""What may be on record of somebody who moves: it goes with them."""


class MovedMeanwhile(Conflict):
    """Somebody else changed this place since the page was shown."""

    slug = "moved-meanwhile"
    title = "Peserta ini sudah dipindahkan sejak halaman dibuka. Lihat tempatnya sekarang, lalu ulangi bila perlu."


class SeatTaken(Conflict):
    """Somebody has this seat."""

    slug = "seat-taken"
    title = "Kursi itu sudah dipakai. Pilih kursi lain, atau tukar kedua peserta."


class SignedIn(Closed):
    """There is a record of them in this session: only the proctor moves them now."""

    slug = "signed-in"
    title = "Peserta ini sudah masuk di sesinya. Pindah kursi sekarang lewat konsol pengawas."


class ListChanged(Conflict):
    """The list is not the one that was shown."""

    slug = "list-changed"
    title = "Daftar berubah sejak halaman ini dibuka. Periksa lagi, lalu bekukan daftar yang baru."


def move(db: Session, by: Officer, booking_id: UUID, wanted: Move, now: datetime) -> Booking:
    """Seat somebody elsewhere: in another session of the wave or on another seat.

    Safe to repeat: who is there already stays there. Refuses with MovedMeanwhile, SignedIn, Closed or SeatTaken, and a
    session that is too short for what was granted.
    """
    booking = _held(db, by, booking_id)
    before, target = Place(booking.session_id, booking.seat), _open_session(db, by, wanted.session_id, now)
    if booking.session_id == target.session_id and wanted.seat in (None, booking.seat):
        return booking
    if before != wanted.shown:
        raise MovedMeanwhile
    _refuse_past(db, booking, now)
    _refuse_other_wave(booking, target)
    _refuse_short(db, booking, target)
    seat = _free_seat(target, wanted.seat)
    booking.session, booking.seat = target, seat
    db.flush()
    _tell(db, by, booking, before, wanted.reason, now)
    return booking


def swap(db: Session, by: Officer, booking_id: UUID, wanted: Swap, now: datetime) -> Booking:
    """Let two people of a wave change places.

    Safe to repeat: the page that asks says where the first one sat; who has left there is not moved back.
    """
    one = _held(db, by, booking_id)
    found = lists.seat_of(db, by.agency_id, one.wave_id, wanted.nip)
    if found is None or found.booking_id == one.booking_id:
        raise Invalid("NIP itu tidak punya kursi lain di gelombang ini. Periksa angkanya.")
    other = _held(db, by, found.booking_id)
    places = [Place(each.session_id, each.seat) for each in (one, other)]
    if places[0] != wanted.shown:
        if places[1] == wanted.shown:
            return one
        raise MovedMeanwhile
    for each in (one, other):
        _refuse_past(db, each, now)
    sessions = one.session, other.session
    _refuse_short(db, one, sessions[1])
    _refuse_short(db, other, sessions[0])
    one.seat = MOST_SEATS + 1  # beyond every room: one of two must stand while they change
    db.flush()
    other.session, other.seat = sessions[0], places[0].seat
    db.flush()
    one.session, one.seat = sessions[1], places[1].seat
    db.flush()
    for each, before in zip((one, other), places, strict=True):
        _tell(db, by, each, before, wanted.reason, now)
    return one


def take_off(db: Session, by: Officer, booking_id: UUID, shown: Place, reason: str, now: datetime) -> bool:
    """Take somebody off a session; tells whether they still were on it. Safe to repeat."""
    queries.lock_planning(db, by.agency_id)
    booking = lists.booking(db, by.agency_id, booking_id, locks=True)
    if booking is None:
        queries.session(db, by.agency_id, shown.session_id)  # of another agency there never was anybody to take off
        return False
    if Place(booking.session_id, booking.seat) != shown:
        raise MovedMeanwhile
    _refuse_past(db, booking, now)
    if lists.rests_on(db, booking_id):
        raise Conflict(
            "Peserta ini punya catatan akomodasi, yang tidak boleh hilang. Pindahkan ke sesi lain, atau biarkan: "
            "bila tidak datang, ia tercatat tidak hadir."
        )
    _amend(db, by, booking.session_id, changes.OFF, booking, booking.seat, reason, now)
    actions.record(db, by, "booking.take_off", f"booking:{booking_id}", now, reason, nip=booking.nip, place=str(shown))
    db.delete(booking)
    db.flush()
    return True


def add_late(db: Session, by: Officer, session_id: UUID, wanted: Late, now: datetime) -> Booking:
    """Add one person to a session that is not over, also to a frozen list. Safe to repeat.

    Refuses with Conflict who has another session of the wave, with SeatTaken, and with Invalid an unknown NIP.
    """
    queries.lock_planning(db, by.agency_id)
    session = _open_session(db, by, session_id, now)
    employee = lists.employee_with(db, by.agency_id, wanted.nip)
    there = lists.seat_of(db, by.agency_id, session.wave_id, wanted.nip)
    if there is not None and there.session_id == session_id:
        return there
    if there is not None:
        said = _("%(name)s sudah punya sesi di gelombang ini, di %(room)s. Pindahkan dari sana.",
                 name=there.name, room=there.session.room.name)  # fmt: skip
        raise Conflict(said)
    booking = actions.new_booking(session, employee, _free_seat(session, wanted.seat))
    db.add(booking)
    db.flush()
    _amend(db, by, session_id, changes.ADDED, booking, booking.seat, wanted.reason, now)
    place = str(Place(session_id, booking.seat))
    actions.record(
        db, by, "booking.add", f"booking:{booking.booking_id}", now, wanted.reason, nip=wanted.nip, place=place
    )
    return booking


def freeze(db: Session, by: Officer, session_id: UUID, shown: str, now: datetime) -> FrozenList:
    """Freeze the list of a session as it was shown, named by its hash; changes afterwards are amendments.

    Safe to repeat: a list is frozen once. Refuses with ListChanged one that is not what was shown, and an empty one.
    """
    queries.lock_planning(db, by.agency_id)
    session = queries.session(db, by.agency_id, session_id)
    if (found := lists.frozen(db, by.agency_id, session_id)) is not None:
        return found
    if not session.bookings:
        raise Conflict("Daftar sesi ini masih kosong. Tempatkan peserta dahulu.")
    document = lists.document(session)
    if digest(document) != shown:
        raise ListChanged
    insert_new(
        db, FrozenList, session_id=session_id, agency_id=by.agency_id, document=document, sha256=shown,
        people=len(session.bookings), by=by.actor, at=now,
    )  # fmt: skip
    actions.record(db, by, "session.freeze_list", str(session_id), now, sha256=shown, people=len(session.bookings))
    return db.get_one(FrozenList, session_id)


def _held(db: Session, by: Officer, booking_id: UUID) -> Booking:
    queries.lock_planning(db, by.agency_id)
    return lists.held_booking(db, by.agency_id, booking_id, locks=True)


def _open_session(db: Session, by: Officer, session_id: UUID, now: datetime) -> ExamSession:
    session = queries.session(db, by.agency_id, session_id)
    if now > session.ends:
        raise Closed("Sesi ini sudah selesai.")
    return session


def _refuse_past(db: Session, booking: Booking, now: datetime) -> None:
    if now > booking.session.ends:
        raise Closed(
            "Sesi peserta ini sudah selesai, dan catatannya tetap. Untuk sesi susulan, buat gelombang susulan."
        )
    if lists.rests_on(db, booking.booking_id, but=GRANTED):
        raise SignedIn


def _refuse_other_wave(booking: Booking, target: ExamSession) -> None:
    if booking.wave_id != target.wave_id:
        raise NotFound("Sesi itu bukan dari gelombang ini.")


def _refuse_short(db: Session, booking: Booking, target: ExamSession) -> None:
    needs = queries.needs(db, [booking.booking_id]).get(booking.booking_id)
    if needs is None or not needs.takes_longer:
        return
    needed = minutes_needed(queries.time_limits(db, booking.wave_id), needs)
    minutes = int((target.ends - target.starts).total_seconds()) // 60
    if minutes < needed:
        said = _("%(name)s mendapat akomodasi dan memerlukan %(needed)s menit; sesi itu hanya %(minutes)s menit.",
                 name=booking.name, needed=needed, minutes=minutes)  # fmt: skip
        raise Conflict(said)


def _free_seat(session: ExamSession, wanted: int | None) -> int:
    taken = {booking.seat for booking in session.bookings}
    if wanted is None:
        free = (seat for seat in range(1, session.room.seats + 1) if seat not in taken)
        if (found := next(free, None)) is None:
            raise actions.TooFewSeats
        return found
    if wanted > session.room.seats:
        said = _("Ruang itu hanya punya kursi 1 sampai %(seats)s.", seats=session.room.seats)
        raise Conflict(said)
    if wanted in taken:
        raise SeatTaken
    return wanted


def _tell(db: Session, by: Officer, booking: Booking, before: Place, reason: str, now: datetime) -> None:
    after = Place(booking.session_id, booking.seat)
    if before.session_id == after.session_id:
        _amend(db, by, after.session_id, changes.SEAT, booking, after.seat, reason, now)
    else:
        _amend(db, by, before.session_id, changes.LEFT, booking, before.seat, reason, now)
        _amend(db, by, after.session_id, changes.CAME, booking, after.seat, reason, now)
    subject = f"booking:{booking.booking_id}"
    actions.record(db, by, "booking.move", subject, now, reason, nip=booking.nip, before=str(before), after=str(after))


def _amend(
    db: Session, by: Officer, session_id: UUID, kind: str, booking: Booking, seat: int, reason: str, now: datetime
) -> None:
    """Add a change to the list of a session, where it is frozen."""
    if lists.frozen(db, by.agency_id, session_id) is not None:
        db.add(ListAmendment(
            session_id=session_id, n=lists.next_amendment(db, session_id), agency_id=by.agency_id, kind=kind,
            nip=booking.nip, name=booking.name, seat=seat, reason=reason, by=by.actor, at=now,
        ))  # fmt: skip
        db.flush()
