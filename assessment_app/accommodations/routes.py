"""Pages of accommodations: who of a session needs what, for the planner who grants it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment_app.accommodations import actions, messages, queries
from assessment_app.accounts.routes import officer, only, own_agency
from assessment_app.accounts.rules import Role
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.rules import MINUTE_MS, Needs

bp = Blueprint("accommodations", __name__, url_prefix="/gelombang/sesi", template_folder="templates")
bp.before_request(only(Role.BKD_ADMIN))


@bp.get("/<uuid:session_id>/akomodasi")
def listed(session_id: UUID) -> ResponseReturnValue:
    """Show what everybody of a session is granted, and the form and the record of whoever was chosen."""
    with transaction(reads_only=True) as db:
        session = plans.session(db, own_agency(), session_id)
        needs = plans.needs(db, [booking.booking_id for booking in session.bookings])
        begun = queries.begun(db, own_agency(), session)
        battery = plans.wave(db, own_agency(), session.wave_id).battery
        chosen = next((one for one in session.bookings if one.seat == request.args.get("kursi", type=int)), None)
        record = queries.record_of(db, own_agency(), chosen.booking_id) if chosen else []
    limits = [part.time_limit_ms for part in battery]
    said = {booking_id: messages.words(granted, limits) for booking_id, granted in needs.items()}
    return render_template(
        "accommodations/session.html", session=session, said=said, begun=begun, battery=battery, chosen=chosen,
        granted=needs.get(chosen.booking_id, Needs()) if chosen else Needs(), record=record, kinds=messages.KINDS,
        is_over=clock.now() > session.ends, minute_ms=MINUTE_MS, factor=messages.factor, row_words=messages.row_words,
    )  # fmt: skip


@bp.post("/<uuid:session_id>/akomodasi/<int(max=2147483647):seat>")
def grant(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Grant somebody what the form says."""
    wanted = messages.Wanted.parse(request.form)
    with transaction() as db:
        changed = actions.grant(db, officer(), session_id, seat, wanted, clock.now())
    flash(_("Akomodasi disimpan.") if changed else _("Tidak ada yang berubah."), "ok" if changed else "info")
    return redirect(url_for("accommodations.listed", session_id=session_id, kursi=seat), 303)
