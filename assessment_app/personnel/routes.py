"""Pages of the payroll check: two files in, a worklist out. It reports; a human decides; nobody's pay is stopped."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessment_app.accounts.routes import officer, only, own_agency, shows
from assessment_app.accounts.rules import Entry, Group, Role, may_enter
from assessment_app.people import queries as people
from assessment_app.personnel import actions, queries
from assessment_app.personnel.messages import columns, demonstration, forms, words
from assessment_app.personnel.rules.comparison import RULES
from assessment_app.personnel.rules.worklist import DECISIONS, Wanted
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Forbidden, NotFound
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import local, mark
from assessment_app.platform.web import CSV, XLSX, download
from assessment_app.rule_sets import messages as numbers
from assessment_app.rule_sets import queries as rule_sets

READERS, DECIDERS = frozenset({Role.BKD_ADMIN, Role.AUDITOR}), frozenset({Role.BKD_ADMIN})
"""An auditor reads what was found and decided, and decides nothing of it."""

MOST_PRINTED = 2000
MOST_EXPORTED = 100_000
MOST_ROWS = 2**31 - 1
DEMONSTRATION_PEOPLE = 40

bp = Blueprint("personnel", __name__, url_prefix="/periksa-gaji", template_folder="templates")
bp.before_request(only(*READERS))
shows(
    bp,
    Entry(Group.PLANNING, mark("Periksa gaji"), "swap", "personnel.listed", DECIDERS),
    Entry(Group.SYSTEM, mark("Periksa gaji"), "swap", "personnel.listed", READERS - DECIDERS),
)


def _decides() -> bool:
    return may_enter(current_user.roles, DECIDERS)


def _only_deciders() -> None:
    if not _decides():
        raise Forbidden("Auditor hanya membaca. Perbandingan dan putusan dibuat oleh admin BKD.")


@bp.get("")
def listed() -> ResponseReturnValue:
    """Ask for two lists, and show what came of the last comparisons."""
    with transaction(reads_only=True) as db:
        checks = queries.checks(db, own_agency())
        names = people.names_of(db, own_agency(), {one.by for one in checks})
    return render_template(
        "personnel/list.html", checks=checks, names=names, decides=_decides(), today=local(clock.now()).date(),
        personnel_columns=columns.PERSONNEL, payroll_columns=columns.PAYROLL, rules=words.RULE_NAMES,
    )  # fmt: skip


@bp.post("")
def compare() -> ResponseReturnValue:
    """Compare two lists and lead to what was found. The store is free for others while that is worked out."""
    _only_deciders()
    now = clock.now()
    new = forms.NewCheck.parse(request.form, request.files, local(now).date())
    with transaction(reads_only=True) as db:
        known = actions.look_up(db, own_agency(), new, now)
    compared = actions.examine(new, known, now)
    with transaction() as db:
        check = actions.keep(db, officer(), compared, now)
    if check.at != now:
        flash(_("Isi kedua daftar sama persis dengan perbandingan terakhir: inilah hasilnya."), "info")
    return redirect(url_for("personnel.show", check_id=check.check_id), 303)


@bp.get("/<uuid:check_id>")
def show(check_id: UUID) -> ResponseReturnValue:
    """Show the worklist of a comparison: what was found, what could not be checked, what was decided."""
    return _worklist(check_id, "personnel/check.html", _page(), queries.PAGE)


@bp.get("/<uuid:check_id>/cetak")
def printed(check_id: UUID) -> ResponseReturnValue:
    """Show everything that the filters leave on one page, for paper."""
    return _worklist(check_id, "personnel/print.html", 1, MOST_PRINTED)


def _worklist(check_id: UUID, template: str, page: int, size: int) -> ResponseReturnValue:
    wanted = Wanted.of(request.args)
    with transaction(reads_only=True) as db:
        pair = queries.pair(db, own_agency(), check_id)
        found, total = queries.findings(db, pair, wanted, page, size)
        figures, units = queries.figures(db, pair), queries.units(db, pair.check)
        names = people.names_of(db, own_agency(), {pair.check.by})
        rule_set = rule_sets.rule_set(db, pair.check.rule_set) if pair.check.rule_set else None
    return render_template(
        template, pair=pair, check=pair.check, found=found, total=total, page=page, size=size, wanted=wanted,
        figures=figures, units=units, names=names, rule_set=rule_set, rules=RULES, asked=_asked(), words=words,
        rule_names=numbers.RULE_NAMES, source_marks=numbers.SOURCE_MARKS, rules_named=numbers.named,
    )  # fmt: skip


@bp.get("/<uuid:check_id>/temuan/<int:finding_no>")
def show_finding(check_id: UUID, finding_no: int) -> ResponseReturnValue:
    """Show one mismatch: both values with their sources, what to do, all that was decided, and the form to decide."""
    with transaction(reads_only=True) as db:
        pair, listed = queries.finding(db, own_agency(), check_id, _number(finding_no))
        acts = queries.acts(db, own_agency(), listed.finding.key)
        names = people.names_of(db, own_agency(), {act.by for act in acts})
    return render_template(
        "personnel/finding.html", pair=pair, check=pair.check, listed=listed, finding=listed.finding, acts=acts,
        names=names, words=words, decides=_decides(), decisions=DECISIONS, letters=forms.NOTE_LETTERS, asked=_asked(),
    )  # fmt: skip


@bp.post("/<uuid:check_id>/temuan/<int:finding_no>")
def decide(check_id: UUID, finding_no: int) -> ResponseReturnValue:
    """Write down what an officer decided about a mismatch."""
    _only_deciders()
    decision = forms.Decision.parse(request.form, DECISIONS)
    with transaction() as db:
        actions.decide(db, officer(), check_id, _number(finding_no), decision, clock.now())
    flash(_("Putusan dicatat: %(state)s.", state=_(words.STATES[decision.state])), "ok")
    return redirect(url_for("personnel.show_finding", check_id=check_id, finding_no=finding_no), 303)


@bp.get("/<uuid:check_id>/temuan.csv")
def findings_csv(check_id: UUID) -> ResponseReturnValue:
    """Give what the filters leave as CSV."""
    found, coverage = _exported(check_id, "csv")
    return download(words.findings_csv(found, coverage), "temuan-gaji.csv", CSV)


@bp.get("/<uuid:check_id>/temuan.xlsx")
def findings_xlsx(check_id: UUID) -> ResponseReturnValue:
    """Give what the filters leave as a workbook."""
    found, coverage = _exported(check_id, "xlsx")
    return download(words.findings_xlsx(found, coverage), "temuan-gaji.xlsx", XLSX)


def _exported(check_id: UUID, kind: str) -> tuple[list[words.Exported], list[dict[str, object]]]:
    with transaction() as db:
        pair = queries.pair(db, own_agency(), check_id)
        found, total = queries.findings(db, pair, Wanted.of(request.args), 1, MOST_EXPORTED)
        actions.record_export(db, officer(), pair.check, total, kind, clock.now())
    return [(one.finding, one.state) for one in found], pair.check.document["coverage"]


@bp.get("/templat-pegawai.xlsx")
def personnel_template() -> ResponseReturnValue:
    """Give the workbook of a personnel list to fill in."""
    return download(words.template(columns.PERSONNEL, "Pegawai"), "templat-pegawai.xlsx", XLSX)


@bp.get("/templat-gaji.xlsx")
def payroll_template() -> ResponseReturnValue:
    """Give the workbook of a payroll list to fill in."""
    return download(words.template(columns.PAYROLL, "Gaji"), "templat-gaji.xlsx", XLSX)


@bp.get("/peragaan-pegawai.xlsx")
def personnel_demonstration() -> ResponseReturnValue:
    """Give a personnel list of invented people, with a fault of each rule planted."""
    pair = demonstration.planted_pair(DEMONSTRATION_PEOPLE)
    return download(pair.personnel_book(), "peragaan-pegawai.xlsx", XLSX)


@bp.get("/peragaan-gaji.xlsx")
def payroll_demonstration() -> ResponseReturnValue:
    """Give the payroll list that belongs to the invented personnel list."""
    pair = demonstration.planted_pair(DEMONSTRATION_PEOPLE)
    return download(pair.payroll_book(), "peragaan-gaji.xlsx", XLSX)


def _asked() -> dict[str, str]:
    """Give the filters that the reader chose, for links that keep them."""
    kept = ("aturan", "keparahan", "unit", "keadaan", "banding", "cari")
    return {name: request.args[name] for name in kept if name in request.args}


def _page() -> int:
    return min(max(request.args.get("halaman", 1, type=int), 1), 100_000)


def _number(finding_no: int) -> int:
    """Refuse a number that no column holds; the database would fail."""
    if finding_no > MOST_ROWS:
        raise NotFound
    return finding_no
