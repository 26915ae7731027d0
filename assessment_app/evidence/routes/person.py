"""One person's evidence: what is known, everything that was ever recorded, and the forms that add to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import officer, own_agency
from assessment_app.evidence import actions, messages, queries
from assessment_app.evidence.actions import Ground
from assessment_app.evidence.routes.blueprint import bp, printable
from assessment_app.evidence.rules import CHECKABLE, KIND_OF, Kind, read_day
from assessment_app.people import queries as people
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Conflict, Invalid, NotFound
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import local
from assessment_app.rule_sets import queries as numbers
from assessment_app.rule_sets.messages import SOURCE_MARKS, named

SCALE_OF = {name: f"talent.subscale.{name}" for name in KIND_OF} | {"performance": "predicate.score"}
"""The rule that says what a component is worth; that of the feedback is the feedback itself."""


@bp.get("/pegawai/<uuid:employee_id>")
def person(employee_id: UUID) -> ResponseReturnValue:
    """Show what is known of somebody, why, and the whole record."""
    now = clock.now()
    with transaction(reads_only=True) as db:
        employee = people.employee(db, own_agency(), employee_id)
        rule_set = numbers.in_force(db, own_agency(), now)
        today = queries.today(db, own_agency(), now)
        known = queries.components(db, own_agency(), [employee_id], rule_set.document, today)[employee_id]
        rows = queries.history(db, own_agency(), employee_id)
        names = people.names_of(db, own_agency(), {row.by for row in rows})
        of_simata = queries.simata(db, own_agency(), [employee_id]).get(employee_id, {})
    return render_template(
        "evidence/person.html", employee=employee, known=known, rows=rows, names=names,
        rules_named=named(rule_set.document["version"], is_released=rule_set.is_released),
        gone={row.replaces: row for row in rows if row.replaces}, kind_of=KIND_OF, checkable=CHECKABLE,
        kinds=messages.KIND_NAMES, components=messages.COMPONENT_NAMES, states=messages.STATE_NAMES,
        fields=messages.FIELDS, say=messages.say, said_lines=messages.said_lines, of_simata=of_simata,
        unsure=_unsure(rule_set.document["rules"]), marks=SOURCE_MARKS,
    )  # fmt: skip


def _unsure(rules: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """Name the components whose scale was seen in no public source."""
    scales = {name: rules[scale] for name, scale in SCALE_OF.items() if scale in rules}
    return {name: scale for name, scale in scales.items() if scale["mark"] in ("M", "D")}


@bp.get("/pegawai/<uuid:employee_id>/catat/<kind>")
def ask_fact(employee_id: UUID, kind: str) -> ResponseReturnValue:
    """Ask for one fact, or for the correction of another one."""
    wanted, replaces = _kind(kind), request.args.get("ganti", type=UUID)
    with transaction(reads_only=True) as db:
        old = queries.row(db, own_agency(), employee_id, replaces) if replaces else None
    return _form(employee_id, wanted, messages.filled(kind, old.said) if old else {})


@bp.post("/pegawai/<uuid:employee_id>/catat/<kind>")
def record(employee_id: UUID, kind: str) -> ResponseReturnValue:
    """Write down what the form says."""
    wanted, cells = _kind(kind), messages.cells_of(kind, request.form)
    replaces = request.args.get("ganti", type=UUID)

    def write(db: Session) -> None:
        actions.record_fact(db, officer(), employee_id, wanted, cells, _ground(), clock.now(), replaces)

    return _written(employee_id, wanted, write)


@bp.get("/pegawai/<uuid:employee_id>/tidak-ada/<kind>")
def ask_none(employee_id: UUID, kind: str) -> ResponseReturnValue:
    """Ask on which day somebody looked and found none."""
    return _form(employee_id, _checkable(kind), {"checked": f"{local(clock.now()):%d-%m-%Y}"})


@bp.post("/pegawai/<uuid:employee_id>/tidak-ada/<kind>")
def mark_none(employee_id: UUID, kind: str) -> ResponseReturnValue:
    """Write down that there is none."""
    wanted = _checkable(kind)

    def write(db: Session) -> None:
        day = read_day(messages.day_of(request.form.get("checked", "")))
        actions.mark_none(db, officer(), employee_id, wanted, day, _ground(), clock.now())

    return _written(employee_id, wanted, write)


@bp.get("/pegawai/<uuid:employee_id>/catatan/<uuid:fact_id>/cabut")
def ask_take_back(employee_id: UUID, fact_id: UUID) -> ResponseReturnValue:
    """Ask why a fact should stand no more."""
    with transaction(reads_only=True) as db:
        row = queries.row(db, own_agency(), employee_id, fact_id)
    return _form(employee_id, Kind(row.kind), {}, lines=messages.said_lines(row.kind, row.said))


@bp.post("/pegawai/<uuid:employee_id>/catatan/<uuid:fact_id>/cabut")
def take_back(employee_id: UUID, fact_id: UUID) -> ResponseReturnValue:
    """Let a fact stand no more."""
    with transaction(reads_only=True) as db:
        row = queries.row(db, own_agency(), employee_id, fact_id)

    def write(db: Session) -> None:
        actions.take_back(db, officer(), employee_id, fact_id, _ground(), clock.now())

    return _written(employee_id, Kind(row.kind), write)


def _written(employee_id: UUID, kind: Kind, write: Callable[[Session], None]) -> ResponseReturnValue:
    try:
        with transaction() as db:
            write(db)
    except (Invalid, Conflict) as refused:  # what was typed must not be lost
        return _form(employee_id, kind, request.form.to_dict(), error=refused.detail), refused.status
    flash(_("Catatan disimpan."), "ok")
    return redirect(url_for("evidence.person", employee_id=employee_id), 303)


def _form(
    employee_id: UUID, kind: Kind, given: dict[str, str], error: str = "", lines: list[tuple[str, str]] | None = None
) -> str:
    deed = (request.endpoint or "").rpartition(".")[2].removeprefix("ask_")
    with transaction(reads_only=True) as db:
        employee = people.employee(db, own_agency(), employee_id)
    return render_template(
        "evidence/write.html", employee=employee, kind=kind, given=given, error=error, lines=lines or [],
        fields=messages.FIELDS.get(kind, ()) if deed in ("fact", "record") else (), corrects="ganti" in request.args,
        asks_day=deed in ("none", "mark_none"), takes_back=deed == "take_back", kinds=messages.KIND_NAMES,
    )  # fmt: skip


def _ground() -> Ground:
    return Ground(printable(request.form.get("dasar", "")), printable(request.form.get("alasan", "")))


def _kind(kind: str) -> Kind:
    if kind not in messages.FIELDS:
        raise NotFound
    return Kind(kind)


def _checkable(kind: str) -> Kind:
    if kind not in CHECKABLE:
        raise NotFound
    return Kind(kind)
