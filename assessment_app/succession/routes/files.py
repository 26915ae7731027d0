"""Files of succession: all posts with their counts, or the candidates of one; that somebody took one is kept."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import officer, own_agency
from assessment_app.people.rules import JobLevel
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import local
from assessment_app.platform.web import CSV, XLSX, download
from assessment_app.rule_sets import queries as numbers
from assessment_app.succession.actions import posts as actions
from assessment_app.succession.messages import exports, words
from assessment_app.succession.messages.exports import Cell
from assessment_app.succession.models import SuccessionAct, TargetPost
from assessment_app.succession.queries import posts as queries
from assessment_app.succession.queries.posts import Line
from assessment_app.succession.queries.standings import Candidate
from assessment_app.succession.routes.blueprint import bp
from assessment_app.succession.routes.posts import view_of
from assessment_app.succession.rules.screening import overall


@bp.get("/jabatan.xlsx")
def workbook() -> ResponseReturnValue:
    """Give every post with its counts as a workbook."""
    return _posts("xlsx")


@bp.get("/jabatan.csv")
def table() -> ResponseReturnValue:
    """Give every post with its counts as CSV."""
    return _posts("csv")


@bp.get("/<uuid:post_id>/kandidat.xlsx")
def candidates_workbook(post_id: UUID) -> ResponseReturnValue:
    """Give the candidates of a post in their order as a workbook."""
    return _candidates(post_id, "xlsx")


@bp.get("/<uuid:post_id>/kandidat.csv")
def candidates_table(post_id: UUID) -> ResponseReturnValue:
    """Give the candidates of a post in their order as CSV."""
    return _candidates(post_id, "csv")


def _posts(kind: str) -> ResponseReturnValue:
    with transaction(reads_only=True) as db:
        lines = queries.lines(db, own_agency(), clock.now())
    return _file(None, "jabatan", kind, [[*exports.POST_HEADERS], *map(_post_row, lines)])


def _post_row(line: Line) -> list[Cell]:
    target = line.target
    told = [target.post, target.unit, JobLevel(target.job_level).label, _(words.POOL_NAMES[target.pool])]
    return [*told, *(Decimal(n) for n in (line.waiting, line.taken, line.ready)), "ya" if line.is_gap else ""]


def _candidates(post_id: UUID, kind: str) -> ResponseReturnValue:
    view = view_of(post_id)
    people = view.people
    with transaction(reads_only=True) as db:
        used = {one.document["rules"] for one in people}
        versions = {sha256: numbers.rule_set(db, sha256).document["version"] for sha256 in used}
    rows = [_row(one, view.last[one.employee_id], versions[one.document["rules"]]) for one in people]
    return _file(view.target, "kandidat", kind, [[*exports.HEADERS], *rows])


def _row(one: Candidate, last: SuccessionAct, version: str) -> list[Cell]:
    document, who = one.document, one.subject.employee
    rank = document["rank"]
    return [
        "" if rank["rank"] is None else Decimal(rank["rank"]), "ya" if rank["tied"] else "", who.nip, who.name,
        who.unit.name, who.post_title, _(words.DEED_NAMES[last.kind]),
        _(words.OVERALL_NAMES[overall(document["screening"])]), *exports.numbers(document), last.reason,
        document["wave"], version,
    ]  # fmt: skip


def _file(target: TargetPost | None, name: str, kind: str, rows: list[list[Cell]]) -> ResponseReturnValue:
    content = exports.xlsx("Suksesi", rows) if kind == "xlsx" else exports.csv(rows)
    with transaction() as db:
        actions.note_export(db, officer(), target, {"rows": len(rows) - 1, "format": kind}, clock.now())
    day = local(clock.now()).date().isoformat()
    return download(content, f"suksesi-{name}-{day}.{kind}", XLSX if kind == "xlsx" else CSV)
