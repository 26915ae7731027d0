"""Pages of people: who is assessed, and the import of personnel files."""

from __future__ import annotations

from pathlib import PurePath
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import finds, names_ids, only, own_agency, shows
from assessment_app.accounts.rules import Actor, Entry, Found, Group, Role
from assessment_app.people import actions, messages, queries
from assessment_app.people.messages import spreadsheet
from assessment_app.people.rules import RANKS, JobLevel, Severity
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Closed, Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark, show_nip
from assessment_app.platform.web import CSV, XLSX, download

ROLES = (Role.BKD_ADMIN, Role.SYSTEM_ADMIN)

DEMONSTRATION_ROWS, DEMONSTRATION_SEED = 1905, 2026
"""The size of the first wave (domain.md 1.3)."""

ASKED_AT_ONCE = 25
"""Open questions on one page: more than somebody decides at one go."""

bp = Blueprint("people", __name__, url_prefix="/pegawai", template_folder="templates")
bp.before_request(only(*ROLES))
shows(bp, Entry(Group.PLANNING, mark("Pegawai"), "people", "people.listed", frozenset(ROLES)))
names_ids(bp, queries.names_in_trail)


def _found(db: Session, text: str, most: int) -> list[Found]:
    rows, _total = queries.employees(db, own_agency(), text, size=most)
    return [
        Found(
            one.name, f"{show_nip(one.nip)}, {one.post_title}, {one.unit.name}", url_for("people.listed", cari=one.nip)
        )
        for one in rows
    ]


finds(bp, mark("Pegawai"), ROLES, _found)


@bp.get("")
def listed() -> ResponseReturnValue:
    """List the agency's employees, those whose name or NIP was searched for, or those of one unit."""
    text, page = _printable(request.args.get("cari", "")), _page()
    unit_id = request.args.get("unit", type=UUID)
    with transaction(reads_only=True) as db:
        units = queries.units(db, own_agency())
        found, total = queries.employees(db, own_agency(), text, unit_id, page)
    return render_template(
        "people/list.html", employees=found, total=total, page=page, size=queries.PAGE, units=units,
        text=text, unit_id=unit_id, ranks=RANKS, unit_names={unit.unit_id: unit.name for unit in units},
    )  # fmt: skip


@bp.get("/impor")
def ask_file() -> ResponseReturnValue:
    """Ask for a personnel file, and show what came of the last ones."""
    with transaction(reads_only=True) as db:
        runs = queries.runs(db, own_agency())
        names = queries.names_of(db, own_agency(), {run.read_by for run in runs})
    return render_template("people/import.html", runs=runs, names=names, columns=messages.COLUMNS)


@bp.post("/impor")
def preview() -> ResponseReturnValue:
    """Judge a file and lead to what was found; nothing is written about anybody yet."""
    sent = request.files.get("berkas")
    if sent is None or not sent.filename:
        raise Invalid("Pilih berkas pegawai lebih dahulu.")
    name = _printable(PurePath(sent.filename).name)
    with transaction() as db:
        run = actions.preview_import(db, own_agency(), name, sent.read(), _by(), clock.now())
    return redirect(url_for("people.show_import", import_id=run.import_id), 303)


@bp.get("/impor/<uuid:import_id>")
def show_import(import_id: UUID) -> ResponseReturnValue:
    """Show what was found in a file, what it leaves open, and what applying it will change or has changed."""
    only, page = queries.Wanted(request.args.get("jenis", type=Severity), request.args.get("macam", "")[:32]), _page()
    with transaction(reads_only=True) as db:
        run = queries.run(db, own_agency(), import_id)
        found, total = queries.findings(db, own_agency(), import_id, only, page)
        groups = queries.groups(db, own_agency(), import_id)
        before = queries.applied_before(db, own_agency(), run.content_hash)
        waits = queries.content(db, own_agency(), import_id) is not None
        names = queries.names_of(db, own_agency(), {run.read_by, run.applied_by or ""})
    return render_template(
        "people/import_run.html", run=run, findings=found, total=total, page=page, size=queries.PAGE,
        only=only, before=before, waits=waits, names=names, groups=groups, kinds=messages.KIND_WORDS,
        open=[one for one in run.questions["asked"] if not one["chosen"]], shown=ASKED_AT_ONCE,
        decided=[one for one in run.questions["asked"] if one["chosen"]], proposed=len(actions.proposals(run)),
    )  # fmt: skip


@bp.post("/impor/<uuid:import_id>/putuskan")
def decide(import_id: UUID) -> ResponseReturnValue:
    """Keep what was decided about questions of a file: those that were answered, or every proposal about units."""
    with transaction() as db:
        run = queries.run(db, own_agency(), import_id)
        answers = {key.removeprefix("tanya-"): value for key, value in request.form.items() if key.startswith("tanya-")}
        if request.form.get("semua"):
            answers = actions.proposals(run)
        if not any(answers.values()):
            raise Invalid("Pilih jawaban sedikitnya satu pertanyaan lebih dahulu.")
        run = actions.decide(db, own_agency(), import_id, answers, _by(), clock.now())
        left = run.held
    flash(_("Keputusan disimpan. %(number)s baris masih menunggu.", number=left), "ok")
    return redirect(url_for("people.show_import", import_id=import_id), 303)


@bp.post("/impor/<uuid:import_id>/terapkan")
def apply(import_id: UUID) -> ResponseReturnValue:
    """Let the accepted rows in."""
    with transaction() as db:
        run = actions.apply_import(db, own_agency(), import_id, _by(), clock.now())
    said = _("%(new)s pegawai baru dan %(changed)s perubahan disimpan.", new=run.created, changed=run.changed)
    flash(said, "ok")
    return redirect(url_for("people.show_import", import_id=import_id), 303)


@bp.get("/impor/<uuid:import_id>/temuan.csv")
def findings_csv(import_id: UUID) -> ResponseReturnValue:
    """Give everything that was found as CSV."""
    with transaction(reads_only=True) as db:
        queries.run(db, own_agency(), import_id)
        found = queries.all_findings(db, own_agency(), import_id)
    return download(messages.findings_csv(found), "temuan-impor.csv", CSV)


@bp.get("/impor/<uuid:import_id>/temuan.xlsx")
def findings_xlsx(import_id: UUID) -> ResponseReturnValue:
    """Give everything that was found as a workbook."""
    with transaction(reads_only=True) as db:
        queries.run(db, own_agency(), import_id)
        found = queries.all_findings(db, own_agency(), import_id)
    return download(messages.findings_xlsx(found), "temuan-impor.xlsx", XLSX)


@bp.get("/impor/<uuid:import_id>/baris-bertanda.xlsx")
def marked_rows(import_id: UUID) -> ResponseReturnValue:
    """Give the rows of which something is told, as they stood, with that beside them; while the file is kept."""
    with transaction(reads_only=True) as db:
        queries.run(db, own_agency(), import_id)
        kept = queries.content(db, own_agency(), import_id)
        found = queries.all_findings(db, own_agency(), import_id)
        if kept is None:
            raise Closed("Isi berkas sudah dihapus setelah diterapkan atau kedaluwarsa. Unduh daftar temuannya saja.")
        content = kept.content
    return download(messages.marked_book(content, found), "baris-bertanda.xlsx", XLSX)


@bp.get("/impor/templat.xlsx")
def template() -> ResponseReturnValue:
    """Give the workbook to fill in."""
    return download(messages.template_xlsx([level.label for level in JobLevel]), "templat-pegawai.xlsx", XLSX)


@bp.get("/impor/peragaan.xlsx")
def demonstration() -> ResponseReturnValue:
    """Give a list of invented people as agencies send it, with the faults of real ones, to try the import with."""
    made = spreadsheet.make(DEMONSTRATION_ROWS, DEMONSTRATION_SEED, clock.now().date())
    return download(made.content, "peragaan-daftar-pegawai.xlsx", XLSX)


def _by() -> Actor:
    return Actor(current_user.actor, request.remote_addr or "", current_user.agency_id)


def _page() -> int:
    return min(max(request.args.get("halaman", 1, type=int), 1), 100_000)


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()[:200]
