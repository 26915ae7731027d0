"""Pages of standards: which posts have one, and the import of files."""

from __future__ import annotations

from pathlib import PurePath
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import officer, only, own_agency, shows
from assessment_app.accounts.rules import Entry, Group, Role
from assessment_app.job_standards import actions, messages, queries
from assessment_app.people import queries as people
from assessment_app.people.messages import findings_xlsx
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from assessment_app.platform.web import XLSX, download
from assessment_app.rule_sets import queries as numbers
from assessment_app.rule_sets.messages import SOURCE_MARKS
from item_bank.competencies import COMPETENCIES

bp = Blueprint("job_standards", __name__, url_prefix="/standar-jabatan", template_folder="templates")
bp.before_request(only(Role.BKD_ADMIN))
shows(bp, Entry(Group.PLANNING, mark("Standar jabatan"), "flag", "job_standards.listed", frozenset({Role.BKD_ADMIN})))


@bp.get("")
def listed() -> ResponseReturnValue:
    """List the standards of posts, or those whose post was searched for, and what holds for all others."""
    text, page = (
        _printable(request.args.get("cari", "")),
        min(max(request.args.get("halaman", 1, type=int), 1), 100_000),
    )
    with transaction(reads_only=True) as db:
        found, total = queries.listed(db, own_agency(), text, page)
        fallback = numbers.in_force(db, own_agency(), clock.now()).document["rules"]["competency.standard"]
    return render_template(
        "job_standards/list.html", standards=found, total=total, page=page, size=queries.PAGE, text=text,
        competencies=COMPETENCIES, fallback=fallback, source_marks=SOURCE_MARKS,
    )  # fmt: skip


@bp.get("/impor")
def ask_file() -> ResponseReturnValue:
    """Ask for a file, and show what came of the last ones."""
    with transaction(reads_only=True) as db:
        runs = queries.runs(db, own_agency())
        names = people.names_of(db, own_agency(), {run.read_by for run in runs})
    return render_template("job_standards/import.html", runs=runs, names=names)


@bp.post("/impor")
def preview() -> ResponseReturnValue:
    """Judge a file and lead to what was found; no standard is written yet."""
    sent = request.files.get("berkas")
    if sent is None or not sent.filename:
        raise Invalid("Pilih berkas standar jabatan lebih dahulu.")
    name = _printable(PurePath(sent.filename).name)
    with transaction() as db:
        run = actions.preview(db, officer(), name, sent.read(), clock.now())
    return redirect(url_for("job_standards.show_import", upload_id=run.import_id), 303)


@bp.get("/impor/<uuid:upload_id>")
def show_import(upload_id: UUID) -> ResponseReturnValue:
    """Show what was found in a file, and what applying it will change or has changed."""
    with transaction(reads_only=True) as db:
        run = queries.run(db, own_agency(), upload_id)
        found = actions.judge(db, own_agency(), run.content)
        names = people.names_of(db, own_agency(), {run.read_by, run.applied_by or ""})
    return render_template(
        "job_standards/import_run.html", run=run, found=found, names=names, competencies=COMPETENCIES,
        shown=queries.PAGE,
    )  # fmt: skip


@bp.post("/impor/<uuid:upload_id>/terapkan")
def apply(upload_id: UUID) -> ResponseReturnValue:
    """Let the accepted rows in."""
    with transaction() as db:
        run = actions.apply(db, officer(), upload_id, clock.now())
    flash(_("%(count)s standar disimpan.", count=run.added), "ok")
    return redirect(url_for("job_standards.show_import", upload_id=upload_id), 303)


@bp.get("/impor/<uuid:upload_id>/temuan.xlsx")
def findings(upload_id: UUID) -> ResponseReturnValue:
    """Give everything that was found as a workbook."""
    with transaction(reads_only=True) as db:
        found = actions.judge(db, own_agency(), queries.run(db, own_agency(), upload_id).content)
    return download(findings_xlsx(found.findings), "temuan-standar.xlsx", XLSX)


@bp.get("/impor/templat.xlsx")
def template() -> ResponseReturnValue:
    """Give the workbook to fill in."""
    return download(messages.template_xlsx(), "templat-standar-jabatan.xlsx", XLSX)


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()[:200]
