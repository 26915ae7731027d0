"""The list of a wave's reports: who waits for one, who has one; files of it, and the button that issues."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessment_app.accounts.routes import officer, own_agency
from assessment_app.accounts.rules import may_enter
from assessment_app.platform import clock, queue
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import NotFound
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import local, show_datetime
from assessment_app.platform.web import CSV, XLSX, download
from assessment_app.reports import actions
from assessment_app.reports.messages import files, words
from assessment_app.reports.messages.asked import Wanted, people
from assessment_app.reports.queries import standing
from assessment_app.reports.routes.door import ISSUERS, bp, issuing
from assessment_app.reports.routes.planning import MOST_PLANNED
from assessment_app.reports.routes.reading import MOST_PRINTED
from assessment_app.scheduling import queries as plans
from assessment_app.scoring import queries as scores

PAGE = 25
MOST_CHOSEN = 200
"""People who are ticked for issuing at once; a whole wave has a button of its own."""

AT_ONCE = 1000
"""People who are asked for in one transaction: a tenth of a second, in which other writers wait on SQLite."""


@bp.get("")
def listed() -> ResponseReturnValue:
    """List the people of a wave, the newest unless another is asked for, with where they stand."""
    wanted = Wanted.parse(request.args)
    with transaction(reads_only=True) as db:
        waves = scores.measured_waves(db, own_agency())
        chosen = scores.chosen_wave(waves, request.args.get("gelombang", type=UUID))
        if chosen is None:
            return render_template("reports/nothing.html")
        wave_id = chosen.wave.wave_id
        counted = standing.counted(db, own_agency(), wave_id)
        total = standing.found(db, own_agency(), wave_id, wanted)
        page = min(max(request.args.get("halaman", 1, type=int), 1), max(-(-total // PAGE), 1))
        lines = standing.page(db, own_agency(), wave_id, wanted, (page - 1) * PAGE, PAGE)
    sessions = [(one.session_id, f"{one.room.name}, {show_datetime(one.starts, 'short', one.room.timezone)}")
                for one in counted.sessions]  # fmt: skip
    return render_template(
        "reports/listed.html", waves=[(one.wave.wave_id, one.wave.name) for one in waves], chosen=chosen,
        counted=counted, total=total, page=page, size=PAGE, lines=lines, wanted=wanted, words=words,
        units=[("", _("Semua OPD")), *((unit, unit) for unit in counted.units)],
        sessions=[("", _("Semua sesi")), *sessions], may_issue=may_enter(current_user.roles, ISSUERS),
        most_printed=MOST_PRINTED, most_planned=MOST_PLANNED,
    )  # fmt: skip


@bp.get("/daftar.xlsx")
def workbook() -> ResponseReturnValue:
    """Give everybody whom the filters leave as a workbook."""
    return _export("xlsx")


@bp.get("/daftar.csv")
def table() -> ResponseReturnValue:
    """Give everybody whom the filters leave as CSV."""
    return _export("csv")


def _export(kind: str) -> ResponseReturnValue:
    wanted, now = Wanted.parse(request.args), clock.now()
    with transaction(reads_only=True) as db:
        waves = scores.measured_waves(db, own_agency())
        chosen = scores.chosen_wave(waves, request.args.get("gelombang", type=UUID))
        if chosen is None:
            raise NotFound("Belum ada hasil untuk diunduh.")
        rows = files.rows(standing.everybody(db, own_agency(), chosen.wave.wave_id, wanted))
    content = files.xlsx(rows) if kind == "xlsx" else files.csv(rows)
    with transaction() as db:  # apart, so that writing a large file holds up no writer
        detail = {"rows": len(rows) - 1, "format": kind, "filters": wanted.address()}
        actions.exported(db, officer(), chosen.wave.wave_id, detail, now)
    name = f"laporan-individu-{local(now).date().isoformat()}.{kind}"
    return download(content, name, XLSX if kind == "xlsx" else CSV)


@issuing.post("/gelombang/<uuid:wave_id>/terbitkan")
def issue(wave_id: UUID) -> ResponseReturnValue:
    """Ask for the reports of everybody of a wave who waits for one, or of those who were ticked."""
    everybody = request.form.get("semua") == "1"
    with transaction(reads_only=True) as db:
        plans.wave(db, own_agency(), wave_id)
        waiting = standing.waiting(db, own_agency(), wave_id) if everybody else []
    chosen = waiting if everybody else people(request.form.getlist("orang"), MOST_CHOSEN)
    count, now = 0, clock.now()
    for at in range(0, len(chosen), AT_ONCE):
        with transaction() as db:
            count += actions.ask(
                db, officer(), current_user.account_id, wave_id, chosen[at : at + AT_ONCE], now
            )  # fmt: skip
    if count:
        queue.wake("report_hand_out", "reports")
        flash(_("%(count)s laporan sedang diterbitkan. Muat ulang halaman ini untuk melihatnya.", count=count), "ok")
    elif not everybody and not chosen:
        flash(_("Centang sedikitnya satu orang yang siap diterbitkan."), "info")
    else:
        flash(_("Tidak ada laporan yang siap diterbitkan di antara yang dipilih."), "info")
    return redirect(url_for("reports.listed", gelombang=wave_id), 303)
