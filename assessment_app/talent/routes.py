"""The nine-box page: where results place people, how surely, and who decides."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import only, own_agency, shows
from assessment_app.accounts.rules import Entry, Group, Role
from assessment_app.people.rules import JobLevel
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from assessment_app.review.routes import places
from assessment_app.scoring import messages as names
from assessment_app.scoring import queries as scores
from assessment_app.talent import messages, queries, rules
from assessment_app.talent.rules import Box, Placed, Wanted

PAGE = 10
ROLES = (Role.TALENT_COMMITTEE, Role.BKD_ADMIN, Role.ASSESSOR)

bp = Blueprint("talent", __name__, url_prefix="/talenta", template_folder="templates")
bp.before_request(only(*ROLES))
shows(bp, Entry(Group.RESULTS, mark("Sembilan kotak"), "nine_box", "talent.matrix", frozenset(ROLES)))
places(bp, queries.boxes, queries.placed)


@bp.get("")
def matrix() -> ResponseReturnValue:
    """Show the matrix of a wave under one definition, and the people of one box."""
    with transaction(reads_only=True) as db:
        waves = scores.measured_waves(db, own_agency())
        chosen = scores.chosen_wave(waves, request.args.get("gelombang", type=UUID))
        seen = queries.overview(db, own_agency(), chosen.wave) if chosen else None
    if chosen is None or seen is None:
        return render_template("talent/nobody.html")
    wanted = Wanted(request.args.get("unit", ""), request.args.get("jenjang", ""), request.args.get("dekat") == "1")
    people = [person for person in seen.people if wanted.takes(person)]
    definition = rules.TALENT if request.args.get("sumbu") == rules.TALENT else rules.PROFILING
    page = {
        "wave": chosen.wave, "booked": chosen.booked, "wanted": wanted, "seen": seen, "asked": _asked(),
        "definition": definition, "choosable": _choosable(waves, seen),
    }  # fmt: skip
    if definition == rules.TALENT:
        return render_template("talent/waiting.html", people=people, evidence=messages.EVIDENCE, **page)
    return render_template("talent/matrix.html", **_boxes(seen, people), **page)


def _choosable(waves: Sequence[scores.MeasuredWave], seen: queries.Overview) -> dict[str, object]:
    """List what each filter can be set to: only what is there."""
    levels = {person.job_level for person in seen.people}
    return {
        "waves": [(one.wave.wave_id, one.wave.name) for one in waves],
        "units": [("", _("Semua OPD")), *((unit, unit) for unit in sorted({person.unit for person in seen.people}))],
        "job_levels": [("", _("Semua jenjang")), *((one.value, one.label) for one in JobLevel if one in levels)],
        "definitions": [(code, _(name)) for code, name in messages.DEFINITION_NAMES.items()],
    }  # fmt: skip


def _boxes(seen: queries.Overview, people: Sequence[Placed]) -> dict[str, object]:
    """Arrange people in boxes, and take one page of the box that is asked for, or else of the fullest."""
    matrix = rules.matrix(people, seen.rules.numbering)
    number = request.args.get("kotak", type=int)
    by_cell = {box.cell: box for row in matrix for box in row}
    chosen = next((box for box in by_cell.values() if box.number == number), rules.fullest(matrix))
    inside = sorted(
        (one for one in people if one.cell == chosen.cell), key=lambda one: (-one.chance, one.name, one.nip)
    )
    at = min(max(request.args.get("halaman", 1, type=int), 1), max(-(-len(inside) // PAGE), 1))
    return {
        "matrix": matrix, "chosen": chosen, "boxes": by_cell, "page": at, "size": PAGE,
        "inside": inside[(at - 1) * PAGE : at * PAGE],
        "placed": sum(one.cell is not None for one in people), "near": sum(one.rival is not None for one in people),
        "incomplete": [one for one in people if one.cell is None], "titles": _titles(seen, chosen), "names": names,
    }  # fmt: skip


def _titles(seen: queries.Overview, chosen: Box) -> dict[str, object]:
    bands = [band.name for band in seen.rules.thresholds.bands]
    row, column = chosen.cell
    return {"rows": bands, "row": bands[row], "column": names.POTENTIAL_CATEGORIES[column]}


def _asked() -> dict[str, str]:
    """Give the filters that the reader chose, for links that keep them."""
    kept = ("sumbu", "gelombang", "unit", "jenjang", "dekat")
    return {name: request.args[name] for name in kept if request.args.get(name)}
