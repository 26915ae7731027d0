"""What people do with reports: ask for them, look at them, take lists along. Each is a deed of the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.platform import audit, queue
from assessment_app.platform.db import insert_all_new
from assessment_app.reports.models import TASK, Report, ReportRequest
from assessment_app.reports.queries import standing
from assessment_app.review.queries.standing import subject_of
from assessment_app.scheduling import queries as plans


def ask(
    db: Session, by: Officer, account_id: UUID, wave_id: UUID, chosen: Collection[int], now: datetime
) -> int:  # fmt: skip
    """Ask for the reports of those chosen people of a wave who wait for one; gives how many.

    Safe to repeat: whoever is asked for already, or has a report on the same basis, is not asked for again.
    Refuses with NotFound for another agency's wave.
    """
    plans.wave(db, by.agency_id, wave_id)
    wanted = standing.issuable(db, by.agency_id, wave_id, chosen)
    if not wanted:
        return 0
    whose = {"agency_id": by.agency_id, "wave_id": wave_id, "account_id": account_id, "asked": now}
    insert_all_new(db, ReportRequest, [{"sitting_id": sitting_id, **whose} for sitting_id in sorted(wanted)])
    queue.enqueue_many(db, TASK, map(str, wanted), now)
    note(db, by, "report.request", f"wave:{wave_id}", now, count=len(wanted))
    return len(wanted)


def opened(db: Session, by: Officer, reports: Iterable[Report], now: datetime, how: str = "page") -> None:
    """Keep that somebody looked at reports, each by itself: on a page, or on paper with others."""
    for report in reports:
        note(db, by, "report.open", subject_of(report.sitting_id), now, report=report.number, how=how)


def planned(db: Session, by: Officer, sitting_ids: Iterable[int], how: str, now: datetime) -> None:
    """Keep that somebody looked at what is suggested for people."""
    for sitting_id in sitting_ids:
        note(db, by, "report.plan", subject_of(sitting_id), now, how=how)


def exported(db: Session, by: Officer, wave_id: UUID, detail: Mapping[str, object], now: datetime) -> None:
    """Keep that somebody took the list of a wave's reports out of the system."""
    note(db, by, "report.export", f"wave:{wave_id}", now, **detail)


def note(db: Session, by: Officer, action: str, subject: str, now: datetime, **detail: object) -> None:
    """Leave an entry of the audit trail."""
    audit.record(db, audit.Act(by.agency_id, by.actor, action, subject, origin=by.origin, detail=detail), now)
