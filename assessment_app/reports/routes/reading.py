"""Reports to read and to print: one HTML for screen, phone and paper. Whose report is opened is kept each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import officer, own_agency
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import NotFound
from assessment_app.platform.texts import local
from assessment_app.reports import actions, messages, rules
from assessment_app.reports.messages import words
from assessment_app.reports.messages.asked import Wanted, people
from assessment_app.reports.queries import issued, standing
from assessment_app.reports.queries.issued import Issued
from assessment_app.reports.routes.door import bp
from assessment_app.review import rules as drawings
from assessment_app.rule_sets.messages import named
from assessment_app.scoring import messages as names
from assessment_app.scoring import queries as scores
from assessment_app.talent.messages import words as boxes

MOST_PRINTED = 50
"""Reports on one page: a hundred sheets, which a browser lays out in seconds."""


@bp.get("/<int(max=2147483647):sitting_id>")
def report(sitting_id: int) -> ResponseReturnValue:
    """Show somebody's newest report."""
    return _page(sitting_id, None)


@bp.get("/<int(max=2147483647):sitting_id>/<int(max=2147483647):edition>")
def edition(sitting_id: int, edition: int) -> ResponseReturnValue:
    """Show one edition of somebody's report, as it was issued."""
    return _page(sitting_id, edition)


def _page(sitting_id: int, edition: int | None) -> ResponseReturnValue:
    now = clock.now()
    with transaction() as db:
        found = issued.one(db, own_agency(), sitting_id, edition)
        actions.opened(db, officer(), [found.report], now)
    return render_template("reports/report.html", one=_shown(found, now), **_furniture())


@bp.get("/cetak")
def printed() -> ResponseReturnValue:
    """Show many reports one after the other: of those who are named, or of those whom the filters of a wave leave."""
    now, named = clock.now(), people(request.args.getlist("orang"), MOST_PRINTED)
    with transaction() as db:
        sitting_ids, total = (named, 0) if named else _filtered(db)
        found = issued.newest(db, own_agency(), sitting_ids)
        shown = [found[one] for one in sitting_ids if one in found]
        actions.opened(db, officer(), [one.report for one in shown], now, "print")
    if not shown:
        raise NotFound("Belum ada laporan yang terbit di antara yang dipilih.")
    return render_template(
        "reports/printed.html", all=[_shown(one, now) for one in shown], most=MOST_PRINTED,
        left_out=max(total - len(shown), 0), without=len(sitting_ids) - len(shown), **_furniture(),
    )  # fmt: skip


def _filtered(db: Session) -> tuple[Sequence[int], int]:
    """Name whom the filters of a wave leave and who have a report, and count them; refuses with NotFound."""
    asked = request.args.get("gelombang", type=UUID)
    if asked is None:
        raise NotFound("Pilih dahulu laporan yang dicetak.")
    wave = scores.chosen_wave(scores.measured_waves(db, own_agency()), asked)
    assert wave is not None  # one was asked for
    return standing.issued_to(db, own_agency(), wave.wave.wave_id, Wanted.parse(request.args), MOST_PRINTED)


def _furniture() -> dict[str, object]:
    """Give what every report is drawn and worded with."""
    return {
        "names": names, "words": words, "boxes": boxes, "level_bar": drawings.level_bar,
        "deviation_bar": drawings.deviation_bar, "percent": drawings.percent, "grouped": rules.grouped,
        "other_boxes": rules.other_boxes, "rules_named": named,
    }  # fmt: skip


def _shown(one: Issued, now: datetime) -> dict[str, object]:
    """Give of a report what its page shows: what it says, its days, its code to scan, and whether it counts."""
    said, report = one.said, one.report
    zone = said["agency"]["timezone"]
    judged = rules.verdict(report.valid_until, local(now, zone).date(), is_replaced=one.replaced_by is not None)
    address = url_for("verification.verify", kode=rules.grouped(report.code), _external=True)
    return {
        "report": report, "said": said, "verdict": judged, "replaced_by": one.replaced_by, "zone": zone,
        "assessed": date.fromisoformat(said["assessed"]["on"]), "issued": date.fromisoformat(said["issued"]["on"]),
        "valid_until": report.valid_until, "objection_until": date.fromisoformat(said["objection_until"]),
        "signed": datetime.fromisoformat(said["signed"]["at"]), "qr": messages.qr(address),
    }  # fmt: skip
