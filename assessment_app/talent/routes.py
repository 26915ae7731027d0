"""The nine-box pages: where results place people, how surely, what moved, and files of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import by, finds, only, own_agency, shows
from assessment_app.accounts.rules import Entry, Found, Group, Role, may_enter
from assessment_app.evidence import queries as evidence
from assessment_app.people.rules import JobLevel
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import NotFound
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import local, mark, show_nip
from assessment_app.platform.web import CSV, XLSX, download
from assessment_app.review.routes import places
from assessment_app.rule_sets.messages import RULE_NAMES, SOURCE_MARKS, named
from assessment_app.rule_sets.rules import Rules
from assessment_app.rule_sets.rules import read as read_rules
from assessment_app.scoring import messages as names
from assessment_app.talent import actions
from assessment_app.talent.messages import exports, words
from assessment_app.talent.messages.asked import Asked
from assessment_app.talent.messages.exports import Cell, Numbered
from assessment_app.talent.queries import matrix as counting
from assessment_app.talent.queries import people, reviewing
from assessment_app.talent.queries.matrix import Chosen, Counts, Totals
from assessment_app.talent.queries.people import Listed
from assessment_app.talent.rules import TALENT, cells, formula, sources
from assessment_app.talent.rules.cells import Box

PAGE = 10
PRINTED = 2000
"""People of one box that a printed page lists; who needs more takes the file."""

ROLES = (Role.TALENT_COMMITTEE, Role.BKD_ADMIN, Role.ASSESSOR)

bp = Blueprint("talent", __name__, url_prefix="/talenta", template_folder="templates")
bp.before_request(only(*ROLES))


def _found(db: Session, text: str, most: int) -> list[Found]:
    return [
        Found(one.name, f"{show_nip(one.nip)}, {one.post}, {one.unit}, {wave}",
              url_for("talent.matrix", gelombang=one.wave_id, cari=one.nip))
        for one, wave in people.named(db, own_agency(), text, most)
    ]  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """Something that can be done with people who are chosen in the list: a page that takes ``orang``, their sittings.

    ``definitions`` says in which matrices it is offered; the label is the Indonesian text, marked for the catalogue.
    """

    label: str
    endpoint: str
    roles: frozenset[Role]
    definitions: frozenset[str]


def offers(blueprint: Blueprint, offer: Offer) -> None:
    """Let a later slice do something with chosen people, on every server that its blueprint is part of."""
    blueprint.record(lambda state: state.app.extensions.setdefault("talent_offers", []).append(offer))


def _offered(definition: str) -> list[Offer]:
    """List what whoever is signed in may do with people of a matrix."""
    every: list[Offer] = current_app.extensions.get("talent_offers", [])
    return [one for one in every if definition in one.definitions and may_enter(current_user.roles, one.roles)]


finds(bp, mark("Sembilan kotak"), ROLES, _found)
shows(bp, Entry(Group.RESULTS, mark("Sembilan kotak"), "nine_box", "talent.matrix", frozenset(ROLES)))
places(bp, reviewing.boxes, reviewing.placed)


@bp.get("")
def matrix() -> ResponseReturnValue:
    """Show the matrix of a wave under one definition, and the people of one box."""
    asked = Asked.read(request.args)
    view = _view(asked, PAGE)
    if view is None:
        return render_template("talent/nobody.html")
    return render_template("talent/matrix.html", offered=_offered(asked.definition), **view)


@bp.get("/cetak")
def printed() -> ResponseReturnValue:
    """Show the same for paper: the matrix, the filters in words, and everybody of one box."""
    view = _view(Asked.read(request.args), PRINTED)
    if view is None:
        raise NotFound("Belum ada hasil untuk dicetak.")
    return render_template("talent/print.html", now=clock.now(), offered=[], **view)


@bp.get("/sembilan-kotak.xlsx")
def workbook() -> ResponseReturnValue:
    """Give everybody whom the filters leave as a workbook."""
    return _export("xlsx")


@bp.get("/sembilan-kotak.csv")
def table() -> ResponseReturnValue:
    """Give everybody whom the filters leave as CSV."""
    return _export("csv")


def _export(kind: str) -> ResponseReturnValue:
    """Write a file of everybody whom the filters leave; that somebody took it is kept in the audit trail."""
    asked, today = Asked.read(request.args), local(clock.now()).date()
    with transaction(reads_only=True) as db:
        chosen = counting.chosen(db, own_agency(), asked)
        if chosen is None:
            raise NotFound("Belum ada hasil untuk diunduh.")
        totals = counting.totals(db, chosen.wave, asked.definition)
        rules, version = read_rules(totals.rule_set.document), totals.rule_set.document["version"]
        found = people.everybody(db, own_agency(), chosen.wave, asked, today, chosen.compared)
        rows: list[list[Cell]] = [[*exports.header(asked.definition)]]
        rows += [exports.row(asked.definition, _numbered(one, rules), version) for one in found]
    content = exports.xlsx(rows) if kind == "xlsx" else exports.csv(rows)
    with transaction() as db:  # apart, so that writing a large file holds up no writer
        detail = {"rows": len(rows) - 1, "definition": asked.definition, "format": kind, "filters": asked.kept}
        actions.note_export(db, own_agency(), by(), chosen.wave.wave_id, detail, clock.now())
    name = f"sembilan-kotak-{asked.definition}-{today.isoformat()}.{kind}"
    return download(content, name, XLSX if kind == "xlsx" else CSV)


def _numbered(one: Listed, rules: Rules) -> Numbered:
    """Give a person of a list with the numbers that the newest rule set gives to the boxes."""

    def number(cell: int | None) -> int | None:
        return None if cell is None else cells.number_of(cell, rules.numbering)

    who = one.current
    open_boxes = sorted(cells.number_of(cell, rules.numbering) for cell in cells.cells_of(who.open_cells))
    return Numbered(
        who, one.document, number(who.cell), open_boxes, number(who.rival), number(who.other_cell), number(one.before),
        one.potential, one.notes,
    )  # fmt: skip


def _view(asked: Asked, size: int) -> dict[str, object] | None:
    """Collect all that a page of the nine-box says."""
    today = local(clock.now()).date()
    with transaction(reads_only=True) as db:
        chosen = counting.chosen(db, own_agency(), asked)
        if chosen is None:
            return None
        asked = asked if chosen.compared else asked.without_comparison()
        totals = counting.totals(db, chosen.wave, asked.definition)
        rules = read_rules(totals.rule_set.document)
        counts, before = _counts(db, chosen, asked, today)
        boxes = cells.matrix(counts.cells, counts.signed, rules.numbering, before)
        open_box = _open_box(boxes, counts, asked)
        total = open_box.count if open_box else counts.without
        asked = asked.on_page(total, size)
        found = people.listed(
            db, own_agency(), chosen.wave, asked, open_box.cell if open_box else None, size, today, chosen.compared
        )
        shown = {one.current.employee_id for one in found} if asked.definition == TALENT else ()
        invented = evidence.invented(db, own_agency(), shown)
        moves = counting.moves(db, own_agency(), chosen.wave, chosen.compared, asked, today) if chosen.compared else {}
    used = totals.rule_set
    return {
        "asked": asked, "chosen": chosen, "totals": totals, "counts": counts, "matrix": boxes, "open_box": open_box,
        "inside": [_numbered(one, rules) for one in found], "total": total, "size": size, "rules": rules,
        "moves": moves, "doubtful": sources.doubtful(totals.rule_set.document, asked.definition),
        "used_rules": ",".join(sources.used(totals.rule_set.document, asked.definition)),
        "invented": invented, "choosable": _choosable(chosen, totals), "names": names, "words": words,
        "rule_names": RULE_NAMES, "source_marks": SOURCE_MARKS, "link": asked.kept,
        "rules_named": named(used.document["version"], is_released=used.is_released),
        **_official(totals, asked.definition, rules),
    }  # fmt: skip


def _counts(db: Session, chosen: Chosen, asked: Asked, today: date) -> tuple[Counts, Mapping[int, int] | None]:
    """Count the wave, and the one that it is compared with under the same filters."""
    counts = counting.counts(db, own_agency(), chosen.wave, asked, today, chosen.compared)
    if chosen.compared is None or asked.wanted.moved:
        return counts, None
    return counts, counting.counts(db, own_agency(), chosen.compared, asked, today).cells


def _open_box(boxes: list[list[Box]], counts: Counts, asked: Asked) -> Box | None:
    """Take the box that is asked for, else the fullest; nothing for the list of those without one."""
    if asked.provisional or (asked.box is None and counts.without and not counts.placed):
        return None
    every = [box for row in boxes for box in row]
    return next((box for box in every if box.number == asked.box), None) or cells.fullest(boxes)


def _official(totals: Totals, definition: str, rules: Rules) -> dict[str, object]:
    """Give what only the matrix of the regulation has: recommendations and the pool; and the names of both axes."""
    if definition != TALENT:
        rows = [band.name for band in rules.thresholds.bands]
        return {"row_names": rows, "recommendations": {}, "succession": frozenset()}
    numbers = formula.read_formula(totals.rule_set.document)
    return {
        "row_names": words.ROW_NAMES, "recommendations": numbers.recommendations, "succession": numbers.succession,
    }  # fmt: skip


def _choosable(chosen: Chosen, totals: Totals) -> dict[str, object]:
    """List what each filter can be set to: only what is there."""
    waves = [(wave.wave_id, wave.name) for wave in chosen.waves]
    others = [(wave_id, name) for wave_id, name in waves if wave_id != chosen.wave.wave_id]
    waiting = [(wave.wave_id, _("%(wave)s (belum ada hasil)", wave=wave.name), True) for wave in chosen.waiting]
    return {
        "waves": [*waves, *waiting], "others": [("", _("Tidak dibandingkan")), *others],
        "units": [("", _("Semua OPD")), *((unit, unit) for unit in totals.units)],
        "job_levels": [("", _("Semua jenjang")), *((one, one.label) for one in JobLevel if one in totals.job_levels)],
        "ages": [("", _("Semua usia")), *((code, _(name)) for code, name in words.AGE_NAMES.items())],
        "states": [("", _("Semua keadaan")), *((code, _(name)) for code, name in words.STATE_NAMES.items())],
        "definitions": [(code, _(name)) for code, name in words.DEFINITION_NAMES.items()],
    }  # fmt: skip
