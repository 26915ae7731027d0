"""The development plan: what is suggested for chosen people, in one table by person, to print or as a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import officer, own_agency
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import NotFound
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import local, mark
from assessment_app.platform.web import XLSX, download
from assessment_app.reports import actions
from assessment_app.reports.actions import issuing
from assessment_app.reports.messages import files
from assessment_app.reports.messages.asked import people
from assessment_app.reports.messages.words import KINDS
from assessment_app.reports.queries import content, planning
from assessment_app.reports.routes.door import bp
from assessment_app.scheduling.models import Booking

MOST_PLANNED = 300
"""People in one plan: an address holds no more, and nobody reads more."""

WHY = {
    "sitting": mark("Belum ada hasil: belum semua bagian selesai atau dinilai."),
    "unsigned": mark("Hasilnya belum ditandatangani asesor, jadi belum ada saran."),
    "unplaced": mark("Hasil sudah ditandatangani dan sedang ditempatkan; buka lagi sebentar lagi."),
    "nothing": mark("Tidak ada yang perlu dikembangkan di luar rentang galat, menurut yang terukur."),
}  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """Somebody with what is suggested for them; or why there is nothing."""

    booking: Booking
    suggestions: Sequence[Mapping[str, Any]]
    why: str
    number: str


@bp.get("/rencana")
def plan() -> ResponseReturnValue:
    """Show what is suggested for the people whom the address names."""
    found = _planned("page")
    with_some = [one for one in found if one.suggestions]
    return render_template(
        "reports/plan.html", planned=with_some, without=[one for one in found if not one.suggestions], why=WHY,
        kinds=KINDS, most=MOST_PLANNED, version=content.texts().version, now=clock.now(),
        asked=[str(one) for one in people(request.args.getlist("orang"), MOST_PLANNED)],
    )  # fmt: skip


@bp.get("/rencana.xlsx")
def plan_workbook() -> ResponseReturnValue:
    """Give the same as a workbook."""
    found = _planned("xlsx")
    if not found:
        raise NotFound("Pilih dahulu orang yang rencananya dibuat.")
    rows = files.plan_rows((one.booking, one.suggestions, _(WHY[one.why]) if one.why else "") for one in found)
    name = f"rencana-pengembangan-{local(clock.now()).date().isoformat()}.xlsx"
    return download(files.xlsx(rows, "Rencana pengembangan"), name, XLSX)


def _planned(how: str) -> list[Planned]:
    """Collect what is suggested for the people whom the address names; whoever is none of the agency's is left out."""
    asked = people(request.args.getlist("orang"), MOST_PLANNED)
    with transaction(reads_only=True) as db:
        bookings = planning.bookings(db, own_agency(), asked)
        found = _suggested(db, list(bookings))
    with transaction() as db:
        actions.planned(db, officer(), [one for one in bookings if found[one][0]], how, clock.now())
    return [Planned(bookings[one], *found[one]) for one in asked if one in bookings]


def _suggested(db: Session, sitting_ids: Sequence[int]) -> dict[int, tuple[Sequence[Mapping[str, Any]], str, str]]:
    """Give what is suggested for each, why there is nothing, and the number of the report that says so.

    What an issued report says counts, as long as it rests on what counts; else what one would say today.
    """
    known = planning.known(db, own_agency(), sitting_ids)
    now = issuing.suggested(db, [one for one in sitting_ids if known[one].must_be_composed])
    found: dict[int, tuple[Sequence[Mapping[str, Any]], str, str]] = {}
    for one in sitting_ids:
        told = known[one].suggestions if known[one].suggestions is not None else now.get(one, {}).get("suggestions")
        why = "" if told else known[one].why or ("unplaced" if told is None else "nothing")
        found[one] = told or [], why, known[one].number
    return found
