"""Time that stands still, for a seat or a room, and goes on."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import officer
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.proctoring import messages
from assessment_app.proctoring.actions import pausing
from assessment_app.proctoring.routes.acts import SEAT
from assessment_app.proctoring.routes.blueprint import bp, done, mirror, seated

ROOM = "/sesi/<uuid:session_id>"


@bp.post(f"{SEAT}/jeda")
def pause(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Let the time of a seat stand still."""
    wanted = messages.Pause.parse(request.form)
    with transaction() as db:
        touched = pausing.pause(db, officer(), seated(session_id, seat), wanted, clock.now())
    mirror(touched)
    return done(_("Kursi %(seat)s dijeda; waktunya berhenti.", seat=f"{seat:02}"), session_id, seat)


@bp.post(f"{SEAT}/lanjut")
def resume(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Let the time of a seat go on."""
    wanted = messages.Resume.parse(request.form)
    with transaction() as db:
        touched = pausing.resume(db, officer(), seated(session_id, seat), wanted, clock.now())
    mirror(touched)
    return done(_("Kursi %(seat)s dilanjutkan; lama jedanya dikembalikan.", seat=f"{seat:02}"), session_id, seat)


@bp.post(f"{ROOM}/jeda")
def pause_room(session_id: UUID) -> ResponseReturnValue:
    """Let the time of everybody stand still."""
    wanted = messages.Pause.parse(request.form)
    with transaction() as db:
        touched = pausing.pause_room(db, officer(), session_id, wanted, clock.now())
    mirror(*touched)
    return done(_("%(people)s peserta dijeda; waktu mereka berhenti.", people=len(touched)), session_id)


@bp.post(f"{ROOM}/lanjut")
def resume_room(session_id: UUID) -> ResponseReturnValue:
    """Let the time of everybody go on."""
    wanted = messages.Resume.parse(request.form)
    with transaction() as db:
        touched = pausing.resume_room(db, officer(), session_id, wanted, clock.now())
    mirror(*touched)
    return done(_("Ujian dilanjutkan; lama jeda dikembalikan kepada semua."), session_id)
