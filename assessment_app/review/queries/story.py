"""How a result came about and what people did with it: from entering the room to the last placement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.accounts import queries as accounts
from assessment_app.exam.models import TimeEntry
from assessment_app.platform.audit import AuditEntry
from assessment_app.proctoring.rules import BY_PROCTOR, OUTAGE
from assessment_app.review.queries import Evidence
from assessment_app.review.queries.standing import OPENED, subject_of
from assessment_app.scoring.models import Profile

ACCOUNT = "account:"


@dataclass(frozen=True)
class Told:
    """One line of the story; ``kind`` is an act of the audit trail, or what happened to the sitting."""

    at: datetime
    kind: str
    who: str = ""
    reason: str = ""
    times: int = 1
    entry_no: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def story(db: Session, agency_id: UUID, seen: Evidence, more: Sequence[Told] = ()) -> list[Told]:
    """Tell it all, newest first."""
    lines = [*_came_about(seen), *_profiles(db, agency_id, seen.sitting.sitting_id), *more]
    lines += [*_given_time(db, seen), *_acts(db, agency_id, seen.sitting.sitting_id)]
    return sorted(lines, key=lambda one: (one.at, one.entry_no or 0), reverse=True)


def shortened(lines: Sequence[Told]) -> list[Told]:
    """Draw looks of one person that follow each other together into one line, the newest."""
    short: list[Told] = []
    for line in lines:
        if short and line.kind == OPENED and (short[-1].kind, short[-1].who) == (OPENED, line.who):
            newest = short.pop()
            short.append(Told(newest.at, OPENED, newest.who, times=newest.times + 1, entry_no=newest.entry_no))
        else:
            short.append(line)
    return short


def _came_about(seen: Evidence) -> list[Told]:
    engines = {part.score.engine_version: part.score.scored for part in seen.parts}
    sealed = [
        Told(part.sheet.sealed, "sealed", detail={
            "title": part.form.title, "answered": part.sheet.answered, "items": part.sheet.items,
        })
        for part in seen.parts
    ]  # fmt: skip
    scored = [Told(at, "scored", detail={"version": version}) for version, at in engines.items()]
    return [Told(seen.sitting.signed_in, "entered"), *sealed, *scored]


def _profiles(db: Session, agency_id: UUID, sitting_id: int) -> list[Told]:
    wanted = select(Profile).where(Profile.sitting_id == sitting_id, Profile.agency_id == agency_id)
    return [
        Told(one.made, "profile", detail={"count": len(one.document["inputs"]["scores"])}) for one in db.scalars(wanted)
    ]


def _given_time(db: Session, seen: Evidence) -> list[Told]:
    numbers = {attempt.attempt_id: attempt.n for attempt in seen.sitting.attempts}
    wanted = select(TimeEntry).where(TimeEntry.attempt_id.in_(numbers), TimeEntry.kind.in_((BY_PROCTOR, OUTAGE)))
    entries = list(db.scalars(wanted))
    names = _names(db, [entry.by for entry in entries])
    return [
        Told(
            entry.at, f"time.{entry.kind}", names[entry.by], entry.reason,
            detail={"part": numbers[entry.attempt_id], "minutes": entry.ms // 60_000},
        )
        for entry in entries
    ]  # fmt: skip


def _acts(db: Session, agency_id: UUID, sitting_id: int) -> list[Told]:
    ours = AuditEntry.action.like("review.%") | (AuditEntry.action == OPENED)
    wanted = select(AuditEntry).where(
        AuditEntry.agency_id == agency_id, ours, AuditEntry.subject == subject_of(sitting_id)
    )
    entries = list(db.scalars(wanted))
    names = _names(db, [entry.actor for entry in entries])
    return [
        Told(
            one.at, one.action, names[one.actor], one.reason, entry_no=one.entry_no,
            detail=one.detail | {"hash": one.hash},
        )
        for one in entries
    ]  # fmt: skip


def _names(db: Session, actors: Sequence[str]) -> dict[str, str]:
    """Name people by how the audit trail calls them; what is nobody's account keeps its own name."""
    known = {actor: UUID(actor.removeprefix(ACCOUNT)) for actor in actors if actor.startswith(ACCOUNT)}
    names = accounts.names_of(db, known.values())
    return {actor: names.get(known[actor], actor) if actor in known else actor for actor in actors}
