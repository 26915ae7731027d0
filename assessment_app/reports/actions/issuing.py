"""Issuing reports, many at a time: composed from what is signed, then numbered and kept in one short transaction.

Runs in workers. Whatever dies in between leaves a request and a job, and nothing else; done again it is done once.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from assessment_app.accounts import queries as accounts
from assessment_app.accounts.rules import Officer
from assessment_app.platform.security import secret
from assessment_app.reports.actions import note
from assessment_app.reports.models import Report, ReportRequest
from assessment_app.reports.queries import basis, content, issued, standing
from assessment_app.reports.queries.standing import Asked
from assessment_app.reports.rules import code_of, document, number, span
from assessment_app.reports.rules.document import Basis, Issue, Ruled
from assessment_app.scheduling.models import Wave
from assessment_app.scheduling.queries import lock_planning
from assessment_app.scoring.messages import PILLAR_BANDS
from scoring_engine.canonical import canonical, digest


@dataclass(frozen=True)
class Composed:
    """What a report says before it has a number, and what it rests on."""

    basis: Basis
    said: dict[str, Any]

    def rests_on(self, one: Asked) -> bool:
        """Tell whether it still rests on what counts."""
        names = self.basis.signature.sha256, self.basis.profiling_inputs, self.basis.talent_inputs
        return names == (one.signed_sha256, one.profiling_inputs, one.talent_inputs)


def compose(db: Session, sitting_ids: Iterable[int]) -> dict[int, Composed]:
    """Write down what the reports say that were asked for and can be issued. Only reads.

    Refuses with IncompleteRules when a rule set does not hold together.
    """
    wanted = [one.sitting_id for one in standing.asked_for(db, list(sitting_ids))]
    return _composed(basis.bases(db, wanted))


def _composed(found: dict[int, Basis]) -> dict[int, Composed]:
    """Compose reports, those of one rule set together: its matches are computed at once."""
    texts, made = content.texts(), {}
    by_rules: dict[str, list[int]] = {}
    for sitting_id, one in found.items():
        by_rules.setdefault(one.ruled.sha256, []).append(sitting_id)
    for those in by_rules.values():
        results, ruled = [found[sitting_id].result for sitting_id in those], found[those[0]].ruled
        for sitting_id, fair in zip(those, document.fair_ranges(results, ruled.terms), strict=True):
            made[sitting_id] = Composed(found[sitting_id], document.body(found[sitting_id], fair, texts, PILLAR_BANDS))
    return made


def suggested(db: Session, sitting_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Write down what the reports of some sittings would say now, whether they were issued or not. Only reads."""
    return {sitting_id: one.said for sitting_id, one in _composed(basis.bases(db, sitting_ids)).items()}


def keep(db: Session, sitting_ids: Sequence[int], made: dict[int, Composed], now: datetime) -> list[str]:
    """Issue composed reports; gives their numbers, which run on without a gap.

    One writer of an agency at a time, so no number is given twice and none is left out. What does not rest any more on
    what counts is not issued, and neither is what somebody else has issued meanwhile. Requests that were there at
    ``now``, when the work began, are over either way; those that came later have work of their own.
    """
    asked = {one.agency_id for one in standing.asked_for(db, sitting_ids)}
    for agency_id in sorted(asked):
        lock_planning(db, agency_id)
    ready = [
        one for one in standing.asked_for(db, sitting_ids)
        if one.agency_id in asked and one.sitting_id in made and made[one.sitting_id].rests_on(one)
    ]  # fmt: skip
    names = accounts.names_of(db, {one.account_id for one in ready})
    given: list[str] = []
    order = sorted(ready, key=lambda one: (one.agency_id, one.wave_id, one.account_id, one.sitting_id))
    for (agency_id, wave_id, account_id), group in groupby(
        order, key=lambda one: (one.agency_id, one.wave_id, one.account_id)
    ):
        those = list(group)
        row = _Row.of(db, agency_id, wave_id, made[those[0].sitting_id].basis.agency.timezone, now)
        rows = [row.report(one, made[one.sitting_id], names[account_id]) for one in those]
        db.execute(insert(Report), rows)
        numbers = [str(one["number"]) for one in rows]
        note(
            db, Officer(agency_id, f"account:{account_id}"), "report.issue", f"wave:{wave_id}", now,
            count=len(rows), first=numbers[0], last=numbers[-1],
        )  # fmt: skip
        given += numbers
    over = ReportRequest.sitting_id.in_(sitting_ids), ReportRequest.asked <= now
    db.execute(delete(ReportRequest).where(*over))
    return given


@dataclass
class _Row:
    """The row of numbers of a wave in a year, and where it goes on."""

    agency_id: UUID
    wave_id: UUID
    wave_no: int
    last: int
    now: datetime
    zone: ZoneInfo

    @classmethod
    def of(cls, db: Session, agency_id: UUID, wave_id: UUID, timezone: str, now: datetime) -> _Row:
        zone = ZoneInfo(timezone)
        wave_no = issued.wave_no(db, agency_id, db.get_one(Wave, wave_id))
        last = issued.last_n(db, agency_id, now.astimezone(zone).year, wave_no)
        return cls(agency_id, wave_id, wave_no, last, now, zone)

    def report(self, one: Asked, made: Composed, by: str) -> dict[str, Any]:
        """Give the next number to a report, and write the row down that keeps it."""
        self.last += 1
        on, based = self.now.astimezone(self.zone).date(), made.basis
        named = number(based.agency.code, on.year, self.wave_no, self.last)
        issue = Issue(named, _code(named), (one.edition or 0) + 1, one.number, self.now, on, by)
        body = canonical(_whole(made, issue, based.ruled))
        return {
            "number": named, "agency_id": self.agency_id, "wave_id": self.wave_id, "sitting_id": one.sitting_id,
            "year": on.year, "wave_no": self.wave_no, "n": self.last, "edition": issue.edition,
            "replaces": issue.replaces, "signed_n": based.signature.n, "profiling_inputs": based.profiling_inputs,
            "talent_inputs": based.talent_inputs, "code": issue.code, "document": body, "sha256": digest(body),
            "valid_until": span(based.ruled.document["rules"], based.sat.day, on).valid_until,
            "issued": self.now, "issued_by": one.account_id,
        }  # fmt: skip


def _whole(made: Composed, issue: Issue, ruled: Ruled) -> dict[str, Any]:
    return document.issued(made.said, issue, ruled.document["rules"], made.basis.sat.day)


def _code(named: str) -> str:
    """Derive the code of a number: the same again, and to be foreseen by nobody without the installation's secret."""
    return code_of(hmac.digest(secret("report-code"), named.encode(), hashlib.sha256))
