"""What planning does: rooms, waves, sessions, bookings; and taking in what the vault published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, contains_eager

from assessment_app.accounts.rules import Officer
from assessment_app.people.models import Employee, Unit
from assessment_app.platform import audit
from assessment_app.platform.db import insert_new
from assessment_app.platform.errors import Closed, Conflict, Invalid
from assessment_app.platform.safe_exam_browser import config_key, exam_settings, file_of
from assessment_app.platform.texts import gettext as _
from assessment_app.scheduling import queries, rules
from assessment_app.scheduling.messages import REHEARSAL, BrowserRule, Delivery, NewRoom, NewSession, NewWave
from assessment_app.scheduling.messages.filling import Filling
from assessment_app.scheduling.models import (
    BatteryPart,
    Booking,
    ExamSession,
    Form,
    Room,
    Wave,
    WaveBrowser,
    WithdrawnForm,
)
from assessment_app.scheduling.queries import filling as planning
from assessment_app.scheduling.queries import lists
from assessment_app.scheduling.queries.filling import Plan

WRITER = "ProASN_1"
"""What our files for Safe Exam Browser say wrote them; no key depends on it."""


class RoomExists(Conflict):
    """A room of that name at that site is there already, and differs."""

    slug, title = "room-exists", "Ruang dengan nama dan lokasi itu sudah ada."


class RoomTaken(Conflict):
    """Another session has the room then."""

    slug, title = "room-taken", "Ruang itu sudah dipakai sesi lain pada waktu tersebut."


class WrongForms(Conflict):
    """Forms that this wave may not take."""

    slug, title = "wrong-forms", "Naskah itu tidak dapat dipakai untuk gelombang ini."


class TooFewSeats(Conflict):
    """More people than free seats."""

    slug, title = "too-few-seats", "Kursi kosong tidak cukup."


class ListFrozen(Conflict):
    """The list of the session was frozen: who comes to it now is an amendment with a reason."""

    slug, title = "list-frozen", "Daftar sesi ini sudah dibekukan. Tambahkan orang satu per satu, dengan alasan."


class PlanChanged(Conflict):
    """Somebody placed people, or changed sessions, since the plan was shown."""

    slug, title = (
        "plan-changed",
        "Rencana sudah berubah sejak pratinjau ini. Tidak ada yang ditempatkan; lihat pratinjau baru.",
    )


def add_room(db: Session, by: Officer, new: NewRoom, now: datetime) -> Room:
    """Add a room to an agency.

    Safe to repeat: the same room twice is one room. Refuses another one of the same name at the same site.
    """
    queries.lock_planning(db, by.agency_id)
    same = [r for r in queries.rooms(db, by.agency_id) if (r.name, r.site) == (new.name, new.site)]
    if same and (same[0].seats, same[0].timezone) == (new.seats, new.timezone):
        return same[0]
    if same:
        raise RoomExists
    room = Room(room_id=uuid4(), agency_id=by.agency_id, **new.columns())
    db.add(room)
    record(db, by, "room.add", str(room.room_id), now, name=new.name, site=new.site, seats=new.seats)
    return room


def add_wave(db: Session, by: Officer, new: NewWave, now: datetime) -> Wave:
    """Plan a wave with its battery, in the order of the forms given.

    Safe to repeat: what one page asks for twice is one wave.
    """
    queries.lock_planning(db, by.agency_id)
    if db.get(Wave, new.wave_id) is not None:
        return queries.wave(db, by.agency_id, new.wave_id)
    forms = [queries.form(db, form_id) for form_id in new.form_ids]
    _refuse_wrong(forms, new.purpose)
    battery = [BatteryPart(n=n, form=form, time_limit_ms=form.time_limit_ms) for n, form in enumerate(forms, 1)]
    wave = Wave(
        wave_id=new.wave_id, agency_id=by.agency_id, name=new.name, purpose=new.purpose,
        grace_ms=rules.GRACE_MS, consent_version=rules.CONSENT_VERSION, created=now, battery=battery,
        demonstration=any(form.demonstration for form in forms),
    )  # fmt: skip
    db.add(wave)
    record(db, by, "wave.add", str(wave.wave_id), now, name=new.name, forms=list(new.form_ids))
    return wave


def _refuse_wrong(forms: Sequence[Form], purpose: str) -> None:
    """A withdrawn form is for nobody, a rehearsal's form for rehearsals alone, an assessment's for nothing else.

    Demonstration forms may be sat in a rehearsal too: they are no secret.
    """
    for form in forms:
        if form.withdrawal is not None:
            raise WrongForms(_("Naskah %(code)s sudah ditarik.", code=form.code))
        is_rehearsed = form.purpose == "rehearsal"
        if is_rehearsed != (purpose == REHEARSAL) and (is_rehearsed or not form.demonstration):
            raise WrongForms(_("Naskah %(code)s bukan untuk tujuan gelombang ini.", code=form.code))


def add_session(db: Session, by: Officer, wave_id: UUID, new: NewSession, now: datetime) -> ExamSession:
    """Give a wave a session in one of the agency's rooms.

    Safe to repeat: the same session twice is one session. Refuses a room that is taken at that time, and a session
    that would be over already.
    """
    queries.lock_planning(db, by.agency_id)
    wave = queries.wave(db, by.agency_id, wave_id)
    room = next((room for room in queries.rooms(db, by.agency_id) if room.room_id == new.room_id), None)
    if room is None:
        raise Invalid("Ruang itu tidak ada di instansi Anda.")
    if new.ends <= now:
        raise Invalid("Sesi itu sudah lewat. Periksa tanggal dan jamnya.")
    other = queries.clash(db, room.room_id, new.starts, new.ends)
    if other is not None and (other.wave_id, other.starts, other.ends) == (wave_id, new.starts, new.ends):
        return other
    if other is not None:
        raise RoomTaken
    session = ExamSession(
        session_id=uuid4(), agency_id=by.agency_id, wave=wave, room=room, starts=new.starts, ends=new.ends,
        checkin_minutes=rules.CHECKIN_MINUTES, pin_round=1,
    )  # fmt: skip
    db.add(session)
    record(db, by, "session.add", str(session.session_id), now, wave=str(wave_id), room=room.name)
    return session


def book(db: Session, by: Officer, session_id: UUID, employee_ids: Sequence[UUID], now: datetime) -> list[Booking]:
    """Seat employees in a session, first free seat first; all of them or none.

    Safe to repeat: who is booked in this session already keeps the seat. Refuses whoever has another session of
    the same wave, more people than there are seats, and a session that is over.
    """
    queries.lock_planning(db, by.agency_id)
    session = queries.session(db, by.agency_id, session_id)
    if now > session.ends:
        raise Closed("Sesi ini sudah selesai.")
    if lists.frozen(db, by.agency_id, session_id) is not None:
        raise ListFrozen
    newcomers = _newcomers(db, by, session, employee_ids)
    taken = {booking.seat for booking in session.bookings}
    free = [seat for seat in range(1, session.room.seats + 1) if seat not in taken]
    if len(newcomers) > len(free):
        said = _("Ruang ini hanya punya %(free)s kursi kosong untuk %(people)s pegawai. Tidak ada yang ditempatkan.",
                 free=len(free), people=len(newcomers))  # fmt: skip
        raise TooFewSeats(said)
    new = [new_booking(session, employee, seat) for employee, seat in zip(newcomers, free, strict=False)]
    db.add_all(new)
    if new:
        record(db, by, "session.book", str(session_id), now, people=len(new))
    return new


def _newcomers(db: Session, by: Officer, session: ExamSession, employee_ids: Sequence[UUID]) -> list[Employee]:
    seated = select(Booking.employee_id, Booking.session_id).where(Booking.wave_id == session.wave_id)
    booked = {row.employee_id: row.session_id for row in db.execute(seated)}
    found = _employees(db, by.agency_id, employee_ids)
    for employee in found:
        if booked.get(employee.employee_id, session.session_id) != session.session_id:
            said = _("%(name)s sudah punya sesi lain di gelombang ini. Tidak ada yang ditempatkan.",
                     name=employee.name)  # fmt: skip
            raise Conflict(said)
    return [employee for employee in found if employee.employee_id not in booked]


def _employees(db: Session, agency_id: UUID, ids: Sequence[UUID]) -> list[Employee]:
    """Find active employees of an agency, by unit; refuses with Invalid when one is not there."""
    wanted = (
        select(Employee).join(Employee.unit).options(contains_eager(Employee.unit))
        .where(Employee.agency_id == agency_id, Employee.active, Employee.employee_id.in_(ids))
        .order_by(Unit.name, Employee.name, Employee.nip)
    )  # fmt: skip
    found = list(db.scalars(wanted))
    if len(found) != len(set(ids)):
        raise Invalid("Ada pegawai yang tidak terdaftar di instansi Anda.")
    return found


def new_booking(session: ExamSession, employee: Employee, seat: int) -> Booking:
    """Make a booking that keeps who somebody is today."""
    return Booking(
        booking_id=uuid4(), agency_id=session.agency_id, wave_id=session.wave_id, session=session, seat=seat,
        employee_id=employee.employee_id, nip=employee.nip, name=employee.name, unit=employee.unit.name,
        post=employee.post_title, job_level=employee.job_level,
    )  # fmt: skip


def fill(db: Session, by: Officer, wave_id: UUID, filling: Filling, now: datetime) -> Plan:
    """Place everybody chosen into the wave's sessions, and tell who sits where and who does not, with why.

    Safe to repeat: who has a seat keeps it, and only newcomers are placed. Refuses with PlanChanged when ``filling``
    agrees to a plan that is not what would be done now.
    """
    queries.lock_planning(db, by.agency_id)
    plan = planning.plan(db, by.agency_id, wave_id, filling, now)
    if plan.filled.placed and filling.shown not in ("", plan.fingerprint):
        raise PlanChanged
    if plan.filled.placed:
        db.execute(insert(Booking), [{"booking_id": uuid4(), **row} for row in plan.rows(by.agency_id, wave_id)])
        record(db, by, "wave.fill", str(wave_id), now, "", **plan.detail)
    return plan


def show_pin(db: Session, by: Officer, session: ExamSession, secret: bytes, now: datetime) -> str:
    """Tell somebody a session's PIN, and keep that they know it: once for each person and PIN."""
    if not queries.has_seen_pin(db, by.actor, session):
        record(db, by, queries.SHOW_PIN, str(session.session_id), now, round=session.pin_round)
    return rules.pin(secret, session.session_id, session.pin_round)


def new_pin(db: Session, by: Officer, session_id: UUID, shown: int, reason: str, now: datetime) -> bool:
    """Make a session's PIN anew, if it is still the round that was shown; who is signed in stays signed in.

    Safe to repeat: one page makes one new PIN. Tells whether it did.
    """
    queries.lock_planning(db, by.agency_id)
    session = queries.session(db, by.agency_id, session_id)
    if session.pin_round != shown:
        return False
    session.pin_round += 1
    record(db, by, "session.new_pin", str(session_id), now, reason=reason, round=session.pin_round)
    return True


def set_browser(
    db: Session, by: Officer, wave_id: UUID, rule: BrowserRule, address: str, secret: bytes, now: datetime
) -> WaveBrowser:
    """Say how a wave stands to Safe Exam Browser; its file is written anew only for another ``address``.

    Computers that hold the file stay right as long as it stays the same. Safe to repeat.
    """
    queries.lock_planning(db, by.agency_id)
    queries.wave(db, by.agency_id, wave_id)
    found = db.get(WaveBrowser, wave_id)
    keys = "\n".join(rule.exam_keys)
    if found and (found.policy, found.exam_keys, found.address) == (rule.policy, keys, address):
        return found
    if found is None:
        found = WaveBrowser(wave_id=wave_id, agency_id=by.agency_id, address="")
        db.add(found)
    if found.address != address:
        settings = exam_settings(address, rules.quit_password(secret, wave_id))
        found.address, found.file, found.config_key = address, file_of(settings, WRITER), config_key(settings)
    found.policy, found.exam_keys, found.changed = rule.policy, keys, now
    record(db, by, "wave.set_browser", str(wave_id), now, policy=found.policy, address=address,
            config_key=found.config_key, exam_keys=len(rule.exam_keys))  # fmt: skip
    return found


def take_in(db: Session, delivery: Delivery, now: datetime) -> bool:
    """Keep a published form; tells whether it was new. Safe to repeat."""
    return insert_new(db, Form, **asdict(delivery), delivered=now)


def take_in_withdrawal(db: Session, form_id: str, now: datetime) -> bool:
    """Let nobody begin a form any more; tells whether that was new. Safe to repeat."""
    if db.get(Form, form_id) is None:
        return False  # it was withdrawn before it came here: the next sweep brings both
    return insert_new(db, WithdrawnForm, form_id=form_id, at=now)


def record(
    db: Session, by: Officer, action: str, subject: str, now: datetime, reason: str = "", **detail: object
) -> None:
    """Leave an entry of what an officer did in the audit trail."""
    act = audit.Act(by.agency_id, by.actor, action, subject, reason=reason, origin=by.origin, detail=detail)
    audit.record(db, act, now)
