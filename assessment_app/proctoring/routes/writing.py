"""What a proctor writes down: an incident and its correction, an identity that was checked, who is absent or late."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import officer
from assessment_app.logbook import actions as logbook
from assessment_app.logbook.messages.forms import MARK_WORDS, NewIncident, NewMark, show_seats
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.proctoring import actions
from assessment_app.proctoring.routes.acts import SEAT
from assessment_app.proctoring.routes.blueprint import bp, done, mirror


@bp.post("/sesi/<uuid:session_id>/insiden")
def tell(session_id: UUID) -> ResponseReturnValue:
    """Write an incident down, or correct one; what it cost is given back in the same act if the form says so."""
    wanted = NewIncident.parse(request.form)
    with transaction() as db:
        outcome = actions.tell(db, officer(), session_id, wanted, clock.now())
        said = [_("Insiden %(n)s dicatat.", n=outcome.incident.n)]
    mirror(*outcome.credited)
    if wanted.minutes:
        said.append(_("%(minutes)s menit dikembalikan kepada %(people)s peserta.",
                      minutes=wanted.minutes, people=len(outcome.credited)))  # fmt: skip
    if outcome.left_out:
        said.append(_("Tanpa tambahan waktu, karena jamnya tidak berjalan: kursi %(seats)s.",
                      seats=show_seats(outcome.left_out)))  # fmt: skip
    return done(" ".join(said), session_id, request.args.get("kursi", type=int))


@bp.post(f"{SEAT}/hadir")
def mark(session_id: UUID, seat: int) -> ResponseReturnValue:
    """State something of somebody's being there, or take it back."""
    wanted = NewMark.parse(request.form)
    with transaction() as db:
        logbook.mark(db, officer(), session_id, seat, wanted, clock.now())
    said = _("Kursi %(seat)s: %(what)s.", seat=f"{seat:02}", what=_(MARK_WORDS[wanted.kind, wanted.holds]))
    return done(said, session_id, seat)
