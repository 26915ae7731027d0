"""Files of other systems: looked at first, let in afterwards; what was found can be downloaded."""

from __future__ import annotations

from pathlib import PurePath
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import officer, own_agency
from assessment_app.evidence import actions, messages, queries
from assessment_app.evidence.actions import Origin
from assessment_app.evidence.queries import PAGE
from assessment_app.evidence.routes.blueprint import asked_page, bp, printable
from assessment_app.evidence.rules import Kind
from assessment_app.people import messages as findings
from assessment_app.people import queries as people
from assessment_app.people.rules import Severity
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Invalid, NotFound
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.web import CSV, XLSX, download

SYSTEMS = ("e-Kinerja", "SIASN", "SIMATA", "SIMPEG", "BNSP")
LONGEST_SYSTEM = 80


@bp.get("/impor")
def ask_file() -> ResponseReturnValue:
    """Ask for a file, and list those that came before."""
    page = asked_page()
    with transaction(reads_only=True) as db:
        runs, total = queries.runs(db, own_agency(), page)
        names = people.names_of(db, own_agency(), {run.read_by for run in runs})
    return render_template(
        "evidence/import.html", runs=runs, total=total, page=page, size=PAGE, names=names, systems=SYSTEMS,
        kinds=messages.KIND_NAMES, layouts=messages.LAYOUTS,
    )  # fmt: skip


@bp.post("/impor")
def preview() -> ResponseReturnValue:
    """Judge a file and lead to what was found; nothing is recorded about anybody yet."""
    sent = request.files.get("berkas")
    if sent is None or not sent.filename:
        raise Invalid("Pilih berkas bukti lebih dahulu.")
    system = printable(request.form.get("sistem", ""))[:LONGEST_SYSTEM]
    if not system:
        raise Invalid("Tulis nama sistem asal berkas, misalnya e-Kinerja.")
    origin = Origin(
        printable(PurePath(sent.filename).name), system, request.form.get("jenis", type=Kind),
        request.form.get("tahun", type=int),
    )  # fmt: skip
    with transaction() as db:
        run = actions.preview_import(db, officer(), origin, sent.read(), clock.now())
    return redirect(url_for("evidence.show_import", file_id=run.import_id), 303)


@bp.get("/impor/<uuid:file_id>")
def show_import(file_id: UUID) -> ResponseReturnValue:
    """Show what was found in a file, and what applying it will record or has recorded."""
    wanted, page = request.args.get("jenis", type=Severity), asked_page()
    with transaction(reads_only=True) as db:
        run = queries.run(db, own_agency(), file_id)
        found, total = queries.findings(db, own_agency(), file_id, wanted, page)
        before = queries.applied_before(db, own_agency(), run.content_hash)
        waits = queries.content(db, own_agency(), file_id) is not None
        names = people.names_of(db, own_agency(), {run.read_by, run.applied_by or ""})
    return render_template(
        "evidence/import_run.html", run=run, findings=found, total=total, page=page, size=PAGE, wanted=wanted,
        before=before, waits=waits, names=names, kinds=messages.KIND_NAMES,
    )  # fmt: skip


@bp.post("/impor/<uuid:file_id>/terapkan")
def apply(file_id: UUID) -> ResponseReturnValue:
    """Record what the accepted rows say that is new."""
    with transaction() as db:
        run = actions.apply_import(db, officer(), file_id, clock.now())
    flash(_("%(new)s catatan bukti disimpan, %(known)s sudah tercatat.", new=run.recorded, known=run.known), "ok")
    return redirect(url_for("evidence.show_import", file_id=file_id), 303)


@bp.get("/impor/<uuid:file_id>/temuan.csv")
def findings_csv(file_id: UUID) -> ResponseReturnValue:
    """Give everything that was found as CSV."""
    return download(findings.findings_csv(_found(file_id)), "temuan-bukti.csv", CSV)


@bp.get("/impor/<uuid:file_id>/temuan.xlsx")
def findings_xlsx(file_id: UUID) -> ResponseReturnValue:
    """Give everything that was found as a workbook."""
    return download(findings.findings_xlsx(_found(file_id)), "temuan-bukti.xlsx", XLSX)


def _found(file_id: UUID) -> list[findings.RowFinding]:
    with transaction(reads_only=True) as db:
        queries.run(db, own_agency(), file_id)
        return queries.all_findings(db, own_agency(), file_id)


@bp.get("/impor/templat.xlsx")
def template() -> ResponseReturnValue:
    """Give the workbook to fill in for one kind."""
    kind = request.args.get("jenis", "")
    if kind not in messages.LAYOUTS:
        raise NotFound
    return download(messages.template(kind), f"templat-bukti-{kind}.xlsx", XLSX)
