"""Sessions made many at once: a grid of days, times and rooms, looked at before it is made."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from assessment_app.accounts.routes import officer, own_agency
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.scheduling import messages, queries
from assessment_app.scheduling.actions import sessions as actions
from assessment_app.scheduling.messages import timetable as forms
from assessment_app.scheduling.queries import timetable
from assessment_app.scheduling.queries.timetable import Draft
from assessment_app.scheduling.routes.door import bp
from assessment_app.scheduling.rules.timetable import (
    Concern,
    OverPrayer,
    Slot,
    TooShort,
    friday_slots,
    minutes_needed,
    usual_slots,
)


@bp.get("/<uuid:wave_id>/sesi-sekaligus")
def ask_sessions(wave_id: UUID) -> ResponseReturnValue:
    """Ask for many sessions; the times proposed hold the wave's battery."""
    with transaction(reads_only=True) as db:
        queries.wave(db, own_agency(), wave_id)
        needed = minutes_needed(queries.time_limits(db, wave_id))
    typed = MultiDict([("weekday", day) for day in "01234"])
    for prefix, slots in (("", usual_slots(needed)), ("friday_", friday_slots(needed))):
        typed.setlist(f"{prefix}starts", [f"{slot.starts:%H:%M}" for slot in slots])
        typed.setlist(f"{prefix}ends", [f"{slot.ends:%H:%M}" for slot in slots])
    return _page(wave_id, typed, None)


@bp.post("/<uuid:wave_id>/sesi-sekaligus")
def add_sessions(wave_id: UUID) -> ResponseReturnValue:
    """Show what a grid would make, or make it, by the button that was pressed."""
    grid = forms.Grid.parse(request.form)
    if request.form.get("act") != "make":
        with transaction(reads_only=True) as db:
            draft = timetable.draft(db, own_agency(), wave_id, grid, clock.now())
        return _page(wave_id, request.form, draft)
    with transaction() as db:
        made = actions.add_sessions(db, officer(), wave_id, grid, clock.now())
    flash(_("%(new)s sesi dibuat, %(there)s sudah ada, %(clashes)s dilewati karena bentrok atau sudah lewat.",
            new=len(made.new), there=len(made.there), clashes=len(made.clashes) + len(made.past)), "ok")  # fmt: skip
    return redirect(url_for("scheduling.show_wave", wave_id=wave_id), 303)


def _page(wave_id: UUID, typed: MultiDict[str, str], draft: Draft | None) -> str:
    with transaction(reads_only=True) as db:
        wave = queries.wave(db, own_agency(), wave_id)
        rooms = queries.rooms(db, own_agency())
        needed = minutes_needed(queries.time_limits(db, wave_id))
    return render_template(
        "scheduling/many_sessions.html", wave=wave, rooms=rooms, typed=typed, draft=draft, needed=needed,
        zones=messages.ZONES, weekdays=forms.WEEKDAYS, slots=forms.SLOTS,
        concerns=[_said(one) for one in draft.concerns] if draft else [],
    )  # fmt: skip


def _said(concern: Concern) -> str:
    """Say what to look at, with the numbers."""
    slot = _hours(concern.slot)
    if isinstance(concern, TooShort):
        return _("Sesi %(slot)s panjangnya %(minutes)s menit, sedangkan baterai ini perlu %(needed)s menit sejak sesi "
                 "mulai (persiapan dan semua bagian). Kurang %(short)s menit.", slot=slot, minutes=concern.slot.minutes,
                 needed=concern.needed, short=concern.needed - concern.slot.minutes)  # fmt: skip
    if isinstance(concern, OverPrayer):
        return _("Sesi Jumat %(slot)s melewati waktu salat Jumat (11.30-13.00).", slot=slot)
    return _("Pintu sesi %(slot)s terbuka satu jam sebelumnya, ketika sesi %(before)s di ruang yang sama belum selesai "
             "atau baru saja selesai. Sediakan ruang tunggu.", slot=slot, before=_hours(concern.before))  # fmt: skip


def _hours(slot: Slot) -> str:
    return f"{slot.starts:%H.%M}-{slot.ends:%H.%M}"
