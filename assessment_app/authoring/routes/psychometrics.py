"""Pages for psychometricians alone: the parameters of a form, how well it measures, how items drift."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import only, shows
from assessment_app.accounts.rules import Entry, Group
from assessment_app.authoring.actions import reading
from assessment_app.authoring.messages import words
from assessment_app.authoring.messages.asked import NO_REASON, Reason
from assessment_app.authoring.queries import forms as queries
from assessment_app.authoring.queries.keys import OpenedForm
from assessment_app.authoring.routes.people import ALONE, by
from assessment_app.authoring.rules.charts import information_chart
from assessment_app.authoring.rules.fit_chart import Point, fit_chart
from assessment_app.authoring.rules.measuring import measured
from assessment_app.platform import clock
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.texts import mark
from item_bank.calibrations import MEAN_SQUARES

CHART_WIDTH = 536
"""What the card of the curve is wide inside on a screen of 1366 pixels, so that no text is scaled."""

FIT_WIDTH = 900

bp = Blueprint("psychometrics", __name__, url_prefix="/bank/psikometri", template_folder="../templates")
bp.before_request(only(*ALONE))
shows(bp, Entry(Group.INSTRUMENTS, mark("Psikometri"), "chart", "psychometrics.listed", ALONE))


@bp.get("", endpoint="listed")
def forms_to_open() -> ResponseReturnValue:
    """List the published forms whose parameters can be opened."""
    return _list_page()


@bp.get("/<form_id>")
def closed(form_id: str) -> ResponseReturnValue:
    """Ask why the parameters of a form are to be opened."""
    return _parameters_page(form_id)


@bp.post("/<form_id>")
def read_parameters(form_id: str) -> ResponseReturnValue:
    """Show the parameters of all items of a form and the curve of one, for somebody who says why."""
    reason = Reason.parse(request.form)
    if reason.fault:
        return _parameters_page(form_id, reason=reason), 422
    with transaction(VAULT) as db:
        opened = reading.read_parameters(db, form_id, reason, by(), clock.now())
    return _parameters_page(form_id, opened, reason)


def _list_page() -> str:
    page = min(max(request.args.get("halaman", 1, type=int), 1), 100_000)
    with transaction(VAULT, reads_only=True) as db:
        forms, total = queries.forms(db, page)
    return render_template("authoring/psychometrics.html", forms=forms, total=total, page=page, size=queries.PAGE)


def _point(one: queries.Fitted) -> Point:
    return Point(one.item_id, one.location, one.estimate.fit.infit or 0.0, one.is_doubtful)


def _parameters_page(form_id: str, opened: OpenedForm | None = None, reason: Reason = NO_REASON) -> str:
    with transaction(VAULT, reads_only=True) as db:
        found = queries.form(db, form_id)
        readings = queries.readings_of_parameters(db, form_id)
        drifts = queries.drift_of(db, form_id) if opened else None
        fits = queries.fits_of(db, form_id) if opened else []
    chosen = opened.with_curve(request.form.get("butir", "")) if opened else None
    chart = None
    if opened and chosen and chosen.curve:
        chart = information_chart(chosen.curve, opened.beside(chosen), CHART_WIDTH)
    return render_template(
        "authoring/parameters.html", form=found, opened=opened, reason=reason, chosen=chosen, chart=chart,
        readings=readings, model_names=words.MODEL_NAMES, drifts=drifts, fits=fits,
        fit_chart=fit_chart([_point(one) for one in fits], MEAN_SQUARES, FIT_WIDTH) if fits else None,
        measured=measured(opened.curves_by_construct()) if opened else [],
    )  # fmt: skip
