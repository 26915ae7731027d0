"""A wave filled from the list of employees: asked for, shown with its figures, and only then done."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from assessment_app.accounts.routes import officer, own_agency
from assessment_app.people import queries as people
from assessment_app.people.rules import JobLevel
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import ngettext, show_number
from assessment_app.scheduling import actions, messages, queries
from assessment_app.scheduling.messages import filling as forms
from assessment_app.scheduling.queries import filling, lists
from assessment_app.scheduling.queries.filling import Plan
from assessment_app.scheduling.routes.door import bp

MOST_LEFT = 200
"""People without a seat whom a page names one by one; their reasons are counted for all."""


@bp.get("/<uuid:wave_id>/isi")
def ask_filling(wave_id: UUID) -> ResponseReturnValue:
    """Ask whom to place, and within which limits."""
    return _page(wave_id, request.args, None)


@bp.post("/<uuid:wave_id>/isi/pratinjau")
def show_plan(wave_id: UUID) -> ResponseReturnValue:
    """Show who would sit where; a POST because a list of NIPs is longer than an address may be. It writes nothing."""
    wanted = forms.Filling.parse(request.form)
    with transaction(reads_only=True) as db:
        plan = filling.plan(db, own_agency(), wave_id, wanted, clock.now())
    return _page(wave_id, request.form, plan)


@bp.post("/<uuid:wave_id>/isi")
def fill(wave_id: UUID) -> ResponseReturnValue:
    """Place everybody as it was shown."""
    wanted = forms.Filling.parse(request.form)
    with transaction() as db:
        plan = actions.fill(db, officer(), wave_id, wanted, clock.now())
    placed, left = len(plan.filled.placed), len(plan.filled.left)
    said = show_number(placed)
    flash(ngettext("%(num)s peserta ditempatkan.", "%(num)s peserta ditempatkan.", placed, num=said), "ok")
    if left:
        said = show_number(left)
        flash(_("%(left)s orang belum mendapat kursi; alasannya ada di Isi otomatis.", left=said), "warn")
    return redirect(url_for("scheduling.show_wave", wave_id=wave_id), 303)


def _page(wave_id: UUID, typed: MultiDict[str, str], plan: Plan | None) -> str:
    with transaction(reads_only=True) as db:
        wave = queries.wave(db, own_agency(), wave_id)
        units = people.units(db, own_agency())
        figures = queries.figures(db, own_agency(), wave_id)
        numbers = lists.numbers_of(db, own_agency(), wave_id)
    left = [(plan.candidates[nip], one) for nip, one in plan.filled.left.items()] if plan else []
    left.sort(key=lambda line: (line[1].why, line[0].unit, line[0].name, line[0].nip))
    return render_template(
        "scheduling/fill.html", wave=wave, units=units, figures=figures, numbers=numbers, levels=list(JobLevel),
        typed=typed, plan=plan, left=left[:MOST_LEFT], whys=forms.WHYS, zones=messages.ZONES,
        why_heads=forms.WHY_HEADS, why_counts=_counted(plan) if plan else {},
        spare_percent=forms.SPARE_PERCENT, away_percent=forms.AWAY_PERCENT,
    )  # fmt: skip


def _counted(plan: Plan) -> Counter[str]:
    """Count by reason who is not placed, those of a list included whom nobody knows."""
    return Counter([*(one.why.value for one in plan.filled.left.values()), *plan.refused.values()])
