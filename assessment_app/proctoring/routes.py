"""Pages of proctors: the sessions around now, and a room as it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import officer, only, own_agency, shows
from assessment_app.accounts.rules import Entry, Group, Role
from assessment_app.exam.queries import facts, saved
from assessment_app.exam.rules import milliseconds
from assessment_app.platform import clock
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.security import secret
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from assessment_app.proctoring import actions, messages, queries
from assessment_app.proctoring.actions import Seated
from assessment_app.proctoring.rules import AROUND
from assessment_app.scheduling import actions as planning
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.rules import Hours, quit_password

bp = Blueprint("proctoring", __name__, url_prefix="/pengawas", template_folder="templates")
bp.before_request(only(Role.PROCTOR))
shows(bp, Entry(Group.RUNNING, mark("Konsol pengawas"), "console", "proctoring.listed", frozenset({Role.PROCTOR})))


@bp.get("")
def listed() -> ResponseReturnValue:
    """List the sessions around now."""
    now = clock.now()
    with transaction(reads_only=True) as db:
        sessions = plans.sessions_between(db, own_agency(), now - AROUND, now + AROUND)
        present = queries.signed_in(db, own_agency(), [session.session_id for session, _taken in sessions])
    doors = {one.session_id: Hours(one.starts, one.ends, one.checkin_minutes).door(now) for one, _taken in sessions}
    return render_template("proctoring/sessions.html", sessions=sessions, present=present, doors=doors, now=now)


@bp.get("/sesi/<uuid:session_id>")
def room(session_id: UUID) -> ResponseReturnValue:
    """Show a room as it is, with the seat that was chosen. It shows the PIN, so it keeps on record who saw it."""
    with transaction() as db:
        session = plans.session(db, own_agency(), session_id)
        pin = planning.show_pin(db, officer(), session, secret("session-pin"), clock.now())
        is_locked_down = plans.browser_of(db, session.wave_id) is not None
    view = _view(session_id)
    chosen = _chosen(view)
    return render_template(
        "proctoring/room.html", view=view, session=view.session, pin=pin, chosen=chosen, unusual=_unusual(chosen),
        minutes=messages.MINUTES, outage_minutes=messages.OUTAGE_MINUTES, reasons=messages.REASONS,
        clock_face=messages.clock_face, now_ms=milliseconds(view.now),
        way_out=quit_password(secret("safe-exam-browser"), session.wave_id) if is_locked_down else "",
    )  # fmt: skip


@bp.get("/sesi/<uuid:session_id>/keadaan")
def state(session_id: UUID) -> ResponseReturnValue:
    """Tell the console's module how the room stands now."""
    view = _view(session_id)
    return {
        "now_ms": milliseconds(view.now),
        "pin_round": view.session.pin_round,
        "counts": view.counts,
        "seats": [asdict(SeatNow.of(seat)) for seat in view.seats],
        "events": [
            {"at_ms": milliseconds(event.at), "seat": event.seat, "words": event.words} for event in view.events
        ],
    }


@bp.get("/sesi/<uuid:session_id>/layar")
def front_screen(session_id: UUID) -> ResponseReturnValue:
    """Show the PIN as it hangs before the room."""
    with transaction() as db:
        session = plans.session(db, own_agency(), session_id)
        pin = planning.show_pin(db, officer(), session, secret("session-pin"), clock.now())
    back = url_for("proctoring.room", session_id=session_id)
    return render_template("scheduling/front_screen.html", session=session, pin=pin, back=back)


@bp.post("/sesi/<uuid:session_id>/kursi/<int(max=2147483647):seat>/lepas")
def release(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Free a sitting from its device."""
    wanted = messages.Release.parse(request.form)
    with transaction() as db:
        touched = actions.release(db, officer(), Seated(session_id, seat), wanted, clock.now())
    _mirror(touched)
    flash(_("Kursi %(seat)s dilepas. Peserta masuk lagi di komputer lain dengan NIP dan PIN.", seat=f"{seat:02}"), "ok")
    return redirect(url_for("proctoring.room", session_id=session_id, kursi=seat), 303)


@bp.post("/sesi/<uuid:session_id>/kursi/<int(max=2147483647):seat>/kunci")
def lock(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Lock a sitting."""
    _lock(Seated(session_id, seat), locked=True)
    flash(_("Kursi %(seat)s dikunci. Layar peserta menunggu sampai kunci dibuka.", seat=f"{seat:02}"), "ok")
    return redirect(url_for("proctoring.room", session_id=session_id, kursi=seat), 303)


@bp.post("/sesi/<uuid:session_id>/kursi/<int(max=2147483647):seat>/buka")
def unlock(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Unlock a sitting."""
    _lock(Seated(session_id, seat), locked=False)
    flash(_("Kunci kursi %(seat)s dibuka. Peserta melanjutkan di komputer yang sama.", seat=f"{seat:02}"), "ok")
    return redirect(url_for("proctoring.room", session_id=session_id, kursi=seat), 303)


@bp.post("/sesi/<uuid:session_id>/kursi/<int(max=2147483647):seat>/waktu")
def add_time(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Give an attempt more time."""
    wanted = messages.MoreTime.parse(request.form)
    with transaction() as db:
        touched = actions.add_time(db, officer(), Seated(session_id, seat), wanted, clock.now())
    _mirror(touched)
    said = _("Waktu kursi %(seat)s ditambah %(minutes)s menit.", seat=f"{seat:02}", minutes=wanted.minutes)
    flash(said, "ok")
    return redirect(url_for("proctoring.room", session_id=session_id, kursi=seat), 303)


@bp.post("/sesi/<uuid:session_id>/kursi/<int(max=2147483647):seat>/istirahat")
def add_break(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Begin a break that was granted."""
    wanted = messages.Break.parse(request.form)
    with transaction() as db:
        touched = actions.add_break(db, officer(), actions.Seated(session_id, seat), wanted, clock.now())
    _mirror(touched)
    flash(_("Istirahat kursi %(seat)s dimulai; lamanya sudah ditambahkan ke jam bagian ini.", seat=f"{seat:02}"), "ok")
    return redirect(url_for("proctoring.room", session_id=session_id, kursi=seat), 303)


@bp.post("/sesi/<uuid:session_id>/gangguan")
def credit_outage(session_id: UUID) -> ResponseReturnValue:
    """Give the time of an outage back to all who are working."""
    wanted = messages.Outage.parse(request.form)
    with transaction() as db:
        credited = actions.credit_outage(db, officer(), session_id, wanted, clock.now())
    for touched in credited:
        _mirror(touched)
    said = _("%(minutes)s menit dikembalikan kepada %(people)s peserta yang sedang mengerjakan.",
             minutes=wanted.minutes, people=len(credited))  # fmt: skip
    flash(said, "ok")
    return redirect(url_for("proctoring.room", session_id=session_id), 303)


@dataclass(frozen=True)
class SeatNow:
    """A seat as the console's module draws it."""

    number: int
    state: str
    name: str
    part: int
    parts: int
    answered: int
    items: int
    remaining_ms: int
    running: bool

    @classmethod
    def of(cls, seat: queries.Seat) -> SeatNow:
        """Take from a seat what a tile shows."""
        part, (answered, items) = seat.part, seat.progress
        if part is None:
            return cls(seat.number, seat.state, seat.name, 0, 0, answered, items, 0, running=False)
        running = part.window.opened is not None and part.remaining_ms > 0
        return cls(seat.number, seat.state, seat.name, part.n, len(seat.parts), answered, items, part.remaining_ms,
                   running)  # fmt: skip


def _view(session_id: UUID) -> queries.RoomView:
    now = clock.now()
    with transaction(reads_only=True) as db:
        session = plans.session(db, own_agency(), session_id)
        found = queries.sittings(db, session)
        grace, events = facts.grace_ms(db, session.wave_id), queries.events(db, session)
        needs, credit = queries.granted(db, session, found), queries.credited_since(db, session, 0)
        locked = facts.locked(db, [sitting.sitting_id for sitting in found])
    open_ids = [one.attempt_id for sitting in found for one in sitting.attempts if one.opened and not one.sheet]
    with transaction(ANSWERS, reads_only=True) as answers:
        counts = queries.answered(answers, open_ids)
    seats = queries.seats(session, found, queries.Known(grace, counts, locked), now)
    return queries.RoomView(session, seats, events, now, needs, credit.entry_id if credit else 0)


def _chosen(view: queries.RoomView) -> queries.Seat | None:
    number: int | None = request.args.get("kursi", type=int)
    return view.seat(number) if number is not None else None


def _lock(where: Seated, *, locked: bool) -> None:
    wanted = messages.Lock.parse(request.form, locked=locked)
    with transaction() as db:
        touched = actions.lock(db, officer(), where, wanted, clock.now())
    _mirror(touched)


def _unusual(chosen: queries.Seat | None) -> dict[int, saved.Unusual]:
    """Count for the parts of a chosen seat, by number, what came late, was kept aside or came by a file."""
    parts = {part.attempt_id: part.n for part in chosen.parts} if chosen else {}
    if not parts:
        return {}
    with transaction(ANSWERS, reads_only=True) as answers:
        return {parts[attempt_id]: found for attempt_id, found in saved.unusual(answers, parts.keys()).items()}


def _mirror(touched: actions.Touched) -> None:
    """Let the answers' gates follow what was just committed."""
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        actions.mirror(answers, db, touched)
