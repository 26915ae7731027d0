"""Pages on which a planner changes by hand who sits where, and freezes a list."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import officer, own_agency
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.scheduling import messages, queries
from assessment_app.scheduling.actions import changes as actions
from assessment_app.scheduling.messages import changes as forms
from assessment_app.scheduling.queries import lists
from assessment_app.scheduling.routes.door import bp


@bp.get("/peserta/<uuid:booking_id>")
def show_booking(booking_id: UUID) -> ResponseReturnValue:
    """Show where somebody sits, and what can be changed about it."""
    with transaction(reads_only=True) as db:
        booking = lists.held_booking(db, own_agency(), booking_id)
        sessions = queries.sessions_of(db, own_agency(), booking.wave_id)
        history = lists.acts_on(db, own_agency(), booking_id)
    now = clock.now()
    return render_template(
        "scheduling/booking.html", booking=booking, history=history,
        numbers=lists.numbered(one for one, _taken in sessions),
        place=forms.Place(booking.session_id, booking.seat), session=booking.session,
        sessions=[(one, one.room.seats - taken) for one, taken in sessions if one.ends >= now],
    )  # fmt: skip


@bp.post("/peserta/<uuid:booking_id>/pindah")
def move(booking_id: UUID) -> ResponseReturnValue:
    """Seat somebody elsewhere."""
    wanted = forms.Move.parse(request.form)
    with transaction() as db:
        booking = actions.move(db, officer(), booking_id, wanted, clock.now())
    flash(_("%(name)s sekarang di kursi %(seat)s. Cetak ulang kartu dan daftar hadirnya.",
            name=booking.name, seat=booking.seat), "ok")  # fmt: skip
    return redirect(url_for("scheduling.show_session", session_id=booking.session_id), 303)


@bp.post("/peserta/<uuid:booking_id>/tukar")
def swap(booking_id: UUID) -> ResponseReturnValue:
    """Let two people change places."""
    wanted = forms.Swap.parse(request.form)
    with transaction() as db:
        booking = actions.swap(db, officer(), booking_id, wanted, clock.now())
    flash(_("Kedua peserta bertukar tempat. Cetak ulang kartu dan daftar hadirnya."), "ok")
    return redirect(url_for("scheduling.show_session", session_id=booking.session_id), 303)


@bp.post("/peserta/<uuid:booking_id>/keluar")
def take_off(booking_id: UUID) -> ResponseReturnValue:
    """Take somebody off their session."""
    shown, reason = forms.Place.parse(request.form.get("shown", "")), messages.reason(request.form)
    with transaction() as db:
        actions.take_off(db, officer(), booking_id, shown, reason, clock.now())
    flash(_("Peserta dikeluarkan dari sesi. Ia kembali ke daftar yang belum terjadwal."), "ok")
    return redirect(url_for("scheduling.show_session", session_id=shown.session_id), 303)


@bp.post("/sesi/<uuid:session_id>/susulan")
def add_late(session_id: UUID) -> ResponseReturnValue:
    """Add one person by NIP."""
    wanted = forms.Late.parse(request.form)
    with transaction() as db:
        booking = actions.add_late(db, officer(), session_id, wanted, clock.now())
    flash(_("%(name)s ditambahkan di kursi %(seat)s.", name=booking.name, seat=booking.seat), "ok")
    return redirect(url_for("scheduling.show_session", session_id=session_id), 303)


@bp.post("/sesi/<uuid:session_id>/bekukan")
def freeze(session_id: UUID) -> ResponseReturnValue:
    """Freeze the list of a session as it was shown."""
    with transaction() as db:
        actions.freeze(db, officer(), session_id, request.form.get("shown", "")[:64], clock.now())
    flash(_("Daftar dibekukan. Perubahan sesudah ini tercatat sebagai amandemen."), "ok")
    return redirect(url_for("scheduling.show_session", session_id=session_id), 303)
