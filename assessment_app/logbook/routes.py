"""The incidents of all sessions, for whoever plans: what went wrong where, and what was done."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import counts, only, own_agency, shows
from assessment_app.accounts.rules import Entry, Group, Role
from assessment_app.logbook.messages import listing
from assessment_app.logbook.messages.forms import KINDS, show_seats
from assessment_app.logbook.models import Incident
from assessment_app.logbook.queries import incidents
from assessment_app.people.messages import harmless
from assessment_app.people.queries import names_of
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from assessment_app.platform.web import CSV, XLSX, download
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.models import ExamSession

PLANNERS = frozenset({Role.BKD_ADMIN})

bp = Blueprint("logbook", __name__, url_prefix="/insiden", template_folder="templates")
bp.before_request(only(*PLANNERS))
shows(bp, Entry(Group.RUNNING, mark("Insiden"), "flag", "logbook.listed", PLANNERS))
counts(bp, "logbook.listed", mark("%(num)s tanpa tindakan"), incidents.open_ones)


@bp.get("")
def listed() -> ResponseReturnValue:
    """List the incidents of all sessions that hold, the newest first."""
    wanted = listing.Wanted.parse(request.args)
    page = min(max(request.args.get("halaman", 1, type=int), 1), 100_000)
    with transaction(reads_only=True) as db:
        waves = [(line.wave.wave_id, line.wave.name) for line in plans.waves(db, own_agency())]
        totals, found = incidents.totals(db, own_agency(), wanted), incidents.listed(db, own_agency(), wanted, page)
        names = names_of(db, own_agency(), {one.by for one, _session in found})
        open_ones = incidents.open_ones(db, own_agency())
    return render_template(
        "logbook/incidents.html", wanted=wanted, page=page, size=incidents.PAGE, totals=totals, found=found,
        open_ones=open_ones, waves=waves, names=names, kinds=KINDS, show_seats=show_seats,
    )  # fmt: skip


@bp.get("/insiden.xlsx")
def workbook() -> ResponseReturnValue:
    """Give the incidents that the filter leaves as a workbook."""
    return download(listing.incidents_xlsx(_rows()), "insiden.xlsx", XLSX)


@bp.get("/insiden.csv")
def table() -> ResponseReturnValue:
    """Give the incidents that the filter leaves as CSV."""
    return download(listing.incidents_csv(_rows()), "insiden.csv", CSV)


def _rows() -> list[list[str]]:
    with transaction(reads_only=True) as db:
        found = incidents.listed(db, own_agency(), listing.Wanted.parse(request.args), size=incidents.ALL)
        names = names_of(db, own_agency(), {one.by for one, _session in found})
    return [_row(incident, session, names) for incident, session in found]


def _row(incident: Incident, session: ExamSession, names: Mapping[str, str]) -> list[str]:
    room = session.room
    happened = incident.happened.astimezone(ZoneInfo(room.timezone))
    return [
        f"{happened:%Y-%m-%d}", f"{happened:%H:%M}", room.timezone, harmless(session.wave.name), harmless(room.name),
        harmless(room.site), _(KINDS[incident.kind]), show_seats(incident.seat_numbers), harmless(incident.told),
        harmless(incident.done), str(incident.minutes or ""), harmless(names.get(incident.by, incident.by)),
    ]  # fmt: skip
