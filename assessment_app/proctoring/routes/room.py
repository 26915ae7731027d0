"""The sessions around now, and a room as it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID, uuid4

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import officer, own_agency
from assessment_app.exam.messages.words import MOST_LETTERS
from assessment_app.exam.queries import facts, held, saved
from assessment_app.exam.rules import milliseconds
from assessment_app.logbook.messages import forms as log
from assessment_app.logbook.queries import day as written
from assessment_app.platform import clock
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.security import secret
from assessment_app.proctoring import messages, queries
from assessment_app.proctoring.queries import seats, signs, talk
from assessment_app.proctoring.queries.seats import Seat
from assessment_app.proctoring.routes.blueprint import bp
from assessment_app.proctoring.rules import AROUND, GIVEN
from assessment_app.scheduling import actions as planning
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.rules import quit_password


@bp.get("")
def listed() -> ResponseReturnValue:
    """List the sessions around now."""
    now = clock.now()
    with transaction(reads_only=True) as db:
        sessions = plans.sessions_between(db, own_agency(), now - AROUND, now + AROUND)
        present = queries.signed_in(db, own_agency(), [session.session_id for session, _taken in sessions])
    doors = {one.session_id: one.hours.door(now) for one, _taken in sessions}
    return render_template("proctoring/sessions.html", sessions=sessions, present=present, doors=doors, now=now)


@bp.get("/sesi/<uuid:session_id>")
def room(session_id: UUID) -> ResponseReturnValue:
    """Show a room as it is, with the seat that was chosen. It shows the PIN, so it keeps on record who saw it."""
    now = clock.now()
    with transaction() as db:
        session = plans.session(db, own_agency(), session_id)
        pin = planning.show_pin(db, officer(), session, secret("session-pin"), now)
        is_locked_down = plans.browser_of(db, session.wave_id) is not None
        day, places = written.day(db, session), written.free_places(db, session, now, near=AROUND)
    view = _view(session_id)
    chosen = _chosen(view)
    return render_template(
        "proctoring/room.html", view=view, session=view.session, pin=pin, chosen=chosen, unusual=_unusual(chosen),
        minutes=messages.MINUTES, outage_minutes=messages.OUTAGE_MINUTES, reasons=messages.REASONS,
        quiet_words=messages.quiet_words, words=messages.WORDS, announcements=messages.ANNOUNCEMENTS,
        most_letters=MOST_LETTERS,
        clock_face=messages.clock_face, now_ms=milliseconds(view.now), day=day, places=places, new_id=uuid4,
        kinds=log.KINDS, credits=log.CREDITS, show_seats=log.show_seats, correct=_asked_correction(day),
        way_out=quit_password(secret("safe-exam-browser"), session.wave_id) if is_locked_down else "",
    )  # fmt: skip


def _asked_correction(day: written.Day) -> written.Told | None:
    """Give the incident that the page is asked to correct, while it still holds."""
    asked = request.args.get("koreksi", type=int)
    return next((told for told in day.holding if told.incident.n == asked), None)


@bp.get("/sesi/<uuid:session_id>/keadaan")
def state(session_id: UUID) -> ResponseReturnValue:
    """Tell the console's module how the room stands now."""
    view = _view(session_id)
    return {
        "now_ms": milliseconds(view.now),
        "pin_round": view.session.pin_round,
        "counts": view.counts,
        "written": view.written,
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
    quiet: str = ""
    quiet_ms: int = 0
    asks: str = ""
    who: str = ""
    nip: str = ""

    @classmethod
    def of(cls, seat: Seat) -> SeatNow:
        """Take from a seat what a tile shows."""
        part, (answered, items) = seat.part, seat.progress
        who, nip = (seat.booking.name, seat.booking.nip) if seat.booking else ("", "")
        if part is None:
            return cls(seat.number, seat.state, seat.name, 0, 0, answered, items, 0, running=False, who=who, nip=nip)
        running = part.window.opened is not None and part.remaining_ms > 0 and seat.paused is None
        return cls(seat.number, seat.state, seat.name, part.n, len(seat.parts), answered, items, part.remaining_ms,
                   running, messages.quiet_words(seat.quiet_minutes), seat.quiet_ms, seat.asks, who, nip)  # fmt: skip


def _view(session_id: UUID) -> queries.RoomView:
    now = clock.now()
    with transaction(reads_only=True) as db:
        session = plans.session(db, own_agency(), session_id)
        found = queries.sittings(db, session)
        grace, events = facts.grace_ms(db, session.wave_id), queries.events(db, session)
        needs, credit = queries.granted(db, session, found), queries.credited_since(db, session, 0)
        given = queries.credited_since(db, session, 0, GIVEN)
        absent, version, said = written.absent(db, session), written.version(db, session), talk.talk(db, session)
        ids = [sitting.sitting_id for sitting in found]
        holds, heard, last_hold = held.of(db, ids), signs.heard(db, ids), queries.last_hold(db, ids)
    open_ids = [one.attempt_id for sitting in found for one in sitting.attempts if one.opened and not one.sheet]
    with transaction(ANSWERS, reads_only=True) as answers:
        progress = signs.progress(answers, open_ids)
    judged = seats.of_room(
        session, found, seats.Known(grace, progress, heard, holds.locked, absent, holds.paused, said), now
    )
    credited, newest = (entry.entry_id if entry else 0 for entry in (credit, given))
    return queries.RoomView(session, judged, events, now, needs, credited, newest, said.announced, last_hold, version)


def _chosen(view: queries.RoomView) -> Seat | None:
    number: int | None = request.args.get("kursi", type=int)
    return view.seat(number) if number is not None else None


def _unusual(chosen: Seat | None) -> dict[int, saved.Unusual]:
    """Count for the parts of a chosen seat, by number, what came late, was kept aside or came by a file."""
    parts = {part.attempt_id: part.n for part in chosen.parts} if chosen else {}
    if not parts:
        return {}
    with transaction(ANSWERS, reads_only=True) as answers:
        return {parts[attempt_id]: found for attempt_id, found in saved.unusual(answers, parts.keys()).items()}
