"""Posts to be filled: named, closed, and what is taken out of the system about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.job_standards.rules import key_of
from assessment_app.people.queries import lock_agency
from assessment_app.platform import audit
from assessment_app.platform.db import insert_new
from assessment_app.platform.errors import Conflict
from assessment_app.succession.messages.forms import NewPost
from assessment_app.succession.models import TargetPost, TargetPostEnd
from assessment_app.succession.queries import posts as queries


class Taken(Conflict):
    """An open post has this name already."""

    title = "Jabatan dengan nama dan unit ini sudah ada dalam daftar suksesi."


class Closed(Conflict):
    """Nothing is done for a post that was closed."""

    title = "Jabatan sasaran ini sudah ditutup. Catatannya tetap dapat dibaca."


def add(db: Session, by: Officer, account_id: UUID, wanted: NewPost, post_id: UUID, now: datetime) -> TargetPost:
    """Name a post to be filled. Safe to repeat with the same id; refuses with Taken a name that an open post has."""
    lock_agency(db, by.agency_id)
    there = db.get(TargetPost, post_id)
    if there is not None and there.agency_id == by.agency_id:
        return there
    post_key, unit_key = key_of(wanted.post), key_of(wanted.unit)
    if there is not None or queries.same_name(db, by.agency_id, post_key, unit_key) is not None:
        raise Taken
    target = TargetPost(
        post_id=post_id, agency_id=by.agency_id, post=wanted.post, unit=wanted.unit, post_key=post_key,
        unit_key=unit_key, job_level=wanted.job_level, pool=wanted.pool, account_id=account_id, at=now,
    )  # fmt: skip
    db.add(target)
    detail = {"post": target.post, "unit": target.unit, "job_level": target.job_level, "pool": target.pool}
    _record(db, by, "succession.add_post", target, "", detail, now)
    return target


def close(db: Session, by: Officer, account_id: UUID, post_id: UUID, reason: str, now: datetime) -> None:
    """Plan for a post no more; its acts stay. Safe to repeat by the same person; refuses with NotFound, Closed."""
    target = queries.post(db, by.agency_id, post_id, lock=True)
    row = {"post_id": post_id, "agency_id": by.agency_id, "reason": reason, "account_id": account_id, "at": now}
    if insert_new(db, TargetPostEnd, **row):
        _record(db, by, "succession.close_post", target, reason, {"post": target.post, "unit": target.unit}, now)
        return
    ended = queries.end(db, target)
    if ended is None or ended.account_id != account_id:
        raise Closed


def note_export(
    db: Session, by: Officer, target: TargetPost | None, detail: Mapping[str, object], now: datetime
) -> None:  # fmt: skip
    """Keep that somebody took succession lists out of the system, of one post or of all."""
    subject = f"agency:{by.agency_id}" if target is None else f"succession-post:{target.post_id}"
    act = audit.Act(by.agency_id, by.actor, "succession.export", subject, origin=by.origin, detail=detail)
    audit.record(db, act, now)


def _record(
    db: Session, by: Officer, action: str, target: TargetPost, reason: str, detail: Mapping[str, object], now: datetime
) -> None:  # fmt: skip
    subject = f"succession-post:{target.post_id}"
    audit.record(db, audit.Act(by.agency_id, by.actor, action, subject, reason, by.origin, detail), now)
