"""Is a report genuine and does it still count? For whoever holds one in hand: open to everybody, and says no more."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue

from assessment_app.platform import clock, rate
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import TooMany
from assessment_app.reports import rules
from assessment_app.reports.messages.words import VERDICTS
from assessment_app.reports.models import Report
from assessment_app.reports.queries import issued
from assessment_app.reports.routes.door import verification

TRIES = "20/minute"
"""Codes that one address may try: with 60 bits a code would be found after some thousand million years."""


@verification.get("")
def verify() -> ResponseReturnValue:
    """Ask for a code, or say of the report that it verifies: number, initials, day of issue, and whether it counts."""
    typed = request.args.get("kode", "")[:40]
    if not typed.strip():
        return render_template("reports/verify.html", typed="", found=None, asked=False)
    if not rate.allows(TRIES, f"report-code:{request.remote_addr}"):
        raise TooMany(retry_after_s=60)
    with transaction(reads_only=True) as db:
        found = issued.of_code(db, rules.read_code(typed))
    status = 200 if found else 404
    return render_template("reports/verify.html", typed=typed, found=_told(found), asked=True), status


def _told(found: tuple[Report, bool] | None) -> dict[str, object] | None:
    if found is None:
        return None
    report, is_replaced = found
    said = issued.read(report)
    today = clock.now().astimezone(ZoneInfo(said["agency"]["timezone"])).date()
    judged = rules.verdict(report.valid_until, today, is_replaced=is_replaced)
    words, look, picture = VERDICTS[judged]
    return {
        "number": report.number, "initials": said["person"]["initials"],
        "issued": date.fromisoformat(said["issued"]["on"]), "words": words, "look": look, "picture": picture,
    }  # fmt: skip
