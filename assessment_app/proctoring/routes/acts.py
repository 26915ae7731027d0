"""What a proctor does for a seat or for the room: release, lock, time, breaks, an outage given back, another seat."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import officer, own_agency
from assessment_app.logbook import actions as logbook
from assessment_app.logbook.messages.forms import Move, beside
from assessment_app.logbook.queries import day as written
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.proctoring import actions, messages
from assessment_app.proctoring.routes.blueprint import bp, done, mirror, seated

SEAT = "/sesi/<uuid:session_id>/kursi/<int(max=2147483647):seat>"


@bp.post(f"{SEAT}/lepas")
def release(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Free a sitting from its device."""
    wanted = messages.Release.parse(request.form)
    with transaction() as db:
        touched = actions.release(db, officer(), seated(session_id, seat), wanted, clock.now())
    mirror(touched)
    said = _("Kursi %(seat)s dilepas. Peserta masuk lagi di komputer lain dengan NIP dan PIN.", seat=f"{seat:02}")
    return done(said, session_id, seat)


@bp.post(f"{SEAT}/kunci")
def lock(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Lock a sitting."""
    _lock(session_id, seat, locked=True)
    said = _("Kursi %(seat)s dikunci. Layar peserta menunggu sampai kunci dibuka.", seat=f"{seat:02}")
    return done(said, session_id, seat)


@bp.post(f"{SEAT}/buka")
def unlock(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Unlock a sitting."""
    _lock(session_id, seat, locked=False)
    said = _("Kunci kursi %(seat)s dibuka. Peserta melanjutkan di komputer yang sama.", seat=f"{seat:02}")
    return done(said, session_id, seat)


def _lock(session_id: UUID, seat: int, *, locked: bool) -> None:
    wanted = messages.Lock.parse(request.form, locked=locked)
    with transaction() as db:
        touched = actions.lock(db, officer(), seated(session_id, seat), wanted, clock.now())
    mirror(touched)


@bp.post(f"{SEAT}/waktu")
def add_time(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Give an attempt more time, and write it down as an incident where the form says so."""
    wanted, now = messages.MoreTime.parse(request.form), clock.now()
    done_so = _("Bagian %(n)s ditambah %(minutes)s menit.", n=wanted.n, minutes=wanted.minutes)
    incident = beside(request.form, (seat,), wanted.reason, done_so, wanted.minutes)
    with transaction() as db:
        if incident:  # the session is held before the sitting, and both before the trail is: nobody waits in a circle
            written.lock_session(db, own_agency(), session_id)
        touched = actions.add_time(db, officer(), seated(session_id, seat), wanted, now)
        if incident:
            logbook.record(db, officer(), session_id, incident, now)
    mirror(touched)
    said = _("Waktu kursi %(seat)s ditambah %(minutes)s menit.", seat=f"{seat:02}", minutes=wanted.minutes)
    return done(said, session_id, seat)


@bp.post(f"{SEAT}/istirahat")
def add_break(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Begin a break that was granted."""
    wanted = messages.Break.parse(request.form)
    with transaction() as db:
        touched = actions.add_break(db, officer(), seated(session_id, seat), wanted, clock.now())
    mirror(touched)
    said = _("Istirahat kursi %(seat)s dimulai; lamanya sudah ditambahkan ke jam bagian ini.", seat=f"{seat:02}")
    return done(said, session_id, seat)


@bp.post(f"{SEAT}/pindah")
def move(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Let somebody sit elsewhere: in this room, or in another session of the wave."""
    wanted = Move.parse(request.form)
    with transaction() as db:
        touched = actions.move(db, officer(), seated(session_id, seat), wanted, clock.now())
    mirror(*touched)
    numbers = {"seat": f"{seat:02}", "new": f"{wanted.seat:02}"}
    if wanted.session_id == session_id:
        said = _("Peserta pindah dari kursi %(seat)s ke kursi %(new)s. Ia masuk di sana dengan NIP dan PIN.", **numbers)
    else:
        said = _("Peserta pindah dari kursi %(seat)s ke kursi %(new)s ruang itu. Ia masuk di sana dengan PIN sesi itu.",
                 **numbers)  # fmt: skip
    return done(said, wanted.session_id, wanted.seat)


@bp.post("/sesi/<uuid:session_id>/gangguan")
def credit_outage(session_id: UUID) -> ResponseReturnValue:
    """Give the time of an outage back to all who are working, and write it down as an incident if the form says so."""
    wanted, now = messages.Outage.parse(request.form), clock.now()
    done_so = _("%(minutes)s menit dikembalikan kepada semua yang mengerjakan.", minutes=wanted.minutes)
    incident = beside(request.form, (), wanted.reason, done_so, wanted.minutes)
    with transaction() as db:
        credited = actions.credit_outage(db, officer(), session_id, wanted, now)
        if incident:
            logbook.record(db, officer(), session_id, incident, now)
    mirror(*credited)
    said = _("%(minutes)s menit dikembalikan kepada %(people)s peserta yang sedang mengerjakan.",
             minutes=wanted.minutes, people=len(credited))  # fmt: skip
    return done(said, session_id)
