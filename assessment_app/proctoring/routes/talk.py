"""What a proctor says: a call for help that is answered, a message to one seat, an announcement to the room."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import officer
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.proctoring import messages
from assessment_app.proctoring.actions import talk
from assessment_app.proctoring.routes.acts import SEAT
from assessment_app.proctoring.routes.blueprint import bp, done, seated


@bp.post(f"{SEAT}/bantuan")
def attend(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Write down that a call for help was answered."""
    with transaction() as db:
        talk.attend(db, officer(), seated(session_id, seat), clock.now())
    return done(_("Permintaan bantuan kursi %(seat)s selesai.", seat=f"{seat:02}"), session_id, seat)


@bp.post(f"{SEAT}/pesan")
def write(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Write to one seat."""
    wanted = messages.Message.parse(request.form)
    with transaction() as db:
        talk.write(db, officer(), seated(session_id, seat), wanted, clock.now())
    said = _("Pesan untuk kursi %(seat)s dikirim; layarnya menyusul paling lambat 30 detik.", seat=f"{seat:02}")
    return done(said, session_id, seat)


@bp.post("/sesi/<uuid:session_id>/pengumuman")
def announce(session_id: UUID) -> ResponseReturnValue:
    """Write to everybody in the room."""
    wanted = messages.Message.parse(request.form)
    with transaction() as db:
        people = talk.announce(db, officer(), session_id, wanted, clock.now())
    said = _("Pengumuman dikirim kepada %(people)s peserta; layar yang bekerja menyusul paling lambat 30 detik.",
             people=people)  # fmt: skip
    return done(said, session_id, request.args.get("kursi", type=int))
