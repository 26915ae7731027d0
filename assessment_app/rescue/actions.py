"""How a file of unsent changes is looked at and let in.

What a proctor confirms is recorded first, then written: a crash in between leaves an entry without its effect, never an
effect without its entry, and loading the file again completes it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.exam import actions as exam
from assessment_app.exam.models import AnswerEvent, Attempt, Sitting, SittingEvent
from assessment_app.exam.queries import facts
from assessment_app.exam.rules import milliseconds, read_token
from assessment_app.platform import audit
from assessment_app.platform.db import insert_all_new
from assessment_app.platform.texts import gettext as _
from assessment_app.proctoring import queries as rooms
from assessment_app.proctoring.actions import Seated
from assessment_app.rescue import queries
from assessment_app.rescue.messages import AnswerFile, Content, Damaged, Load, NotThisSeat, OtherServer, Unsent
from assessment_app.rescue.rules import Change, Judged, judge
from item_bank.presentation import FormGuide

LONGEST_TIME_MS = 2**40
"""Beyond this a duration is no duration; kept so that a column can hold whatever a page counted."""


@dataclass(frozen=True)
class Case:
    """A file that belongs to a seat: the sitting that it is about, and its changes made ready."""

    sitting: Sitting
    epoch: int
    """Of the device whose page wrote the file."""
    changes: tuple[Change, ...]

    @property
    def titles(self) -> dict[int, str]:
        """Name the parts."""
        return {one.n: one.form.title for one in self.sitting.attempts}


def take(db: Session, by: Officer, where: Seated, file: AnswerFile, token_secret: bytes) -> Case:
    """Match a file with the participant on a seat, and lock their sitting.

    Refuses with NotFound while nobody has signed in there, with NotThisSeat, with OtherServer for a token that is not
    ours, with Damaged when it holds what that participant's page cannot have written.
    """
    sitting = rooms.lock_sitting(db, by.agency_id, where.session_id, where.seat)
    named = read_token(file.content.token, token_secret)
    if named is None:
        raise OtherServer
    sitting_id, epoch = named
    if sitting_id != sitting.sitting_id:
        raise NotThisSeat(_whose(db, by, where, sitting_id))
    attempts = {one.n: one for one in sitting.attempts}
    _check_plausible(file.content, epoch, attempts.keys())
    used = {change.attempt for change in file.content.changes}
    guides = queries.guides(db, [one for n, one in attempts.items() if n in used])
    changes = [_change(new, attempts[new.attempt], guides[new.attempt]) for new in file.content.changes]
    return Case(sitting, epoch, tuple(changes))


def _whose(db: Session, by: Officer, where: Seated, sitting_id: int) -> str:
    booking = queries.seat_of(db, by.agency_id, sitting_id)
    if booking is not None and booking.session_id == where.session_id:
        return _("Berkas ini milik kursi %(seat)s. Buka kursi itu, lalu muat di sana.", seat=f"{booking.seat:02}")
    return _("Berkas ini dari sesi lain. Buka sesi tempat peserta itu duduk, lalu muat di kursinya.")


def _check_plausible(content: Content, epoch: int, parts: Collection[int]) -> None:
    """Refuse with Damaged changes of a device that came later than the token's, and of parts that are not there."""
    if any(change.epoch > epoch or change.attempt not in parts for change in content.changes):
        raise Damaged


def _change(new: Unsent, attempt: Attempt, guide: FormGuide) -> Change:
    fits = guide.check(new.item, new.response) is None
    response = msgspec.json.encode(new.response).decode()
    at_ms, spent_ms = min(new.at_ms, LONGEST_TIME_MS), min(new.spent_ms, LONGEST_TIME_MS)
    return Change(attempt.n, attempt.attempt_id, new.epoch, new.seq, new.item, response, at_ms, spent_ms, fits)


def look(answers: Session, db: Session, case: Case, now: datetime) -> list[Judged]:
    """Say of each change of a file what would become of it now; writes nothing."""
    limits = queries.limits(answers, db, case.sitting)
    return judge(case.changes, queries.log(answers, case.sitting.sitting_id), limits, milliseconds(now))


def record(db: Session, by: Officer, where: Seated, case: Case, wanted: Load, new: int, now: datetime) -> None:
    """Write down in the sitting's events and the audit trail that a file is let in, once for each file."""
    subject = f"sitting:{case.sitting.sitting_id}"
    if queries.is_recorded(db, by.agency_id, subject, wanted.file.sha256):
        return
    db.add(SittingEvent(sitting_id=case.sitting.sitting_id, at=now, kind="recover", note=f"{new} {wanted.reason}"))
    detail = {"seat": where.seat, "file": wanted.file.sha256, "epoch": case.epoch, "changes": new}
    act = audit.Act(by.agency_id, by.actor, queries.LOADED, subject, wanted.reason, by.origin, detail)
    audit.record(db, act, now)


def write(answers: Session, db: Session, case: Case, now: datetime) -> list[Judged]:
    """Write what the log does not have yet, and say what became of each change. Safe to repeat.

    Holds the gates of all attempts meanwhile, as closing does: no change arrives while a sheet is folded, and what
    counts is decided by the truth as it is now.
    """
    sitting_id = case.sitting.sitting_id
    attempt_ids = [one.attempt_id for one in case.sitting.attempts]
    rooms.lock_gates(answers, attempt_ids)
    for attempt_id in attempt_ids:
        exam.open_gate(answers, db, sitting_id, attempt_id)
    case = Case(facts.sitting(db, sitting_id), case.epoch, case.changes)
    judged = look(answers, db, case, now)
    insert_all_new(answers, AnswerEvent, [_row(sitting_id, one, now) for one in judged if one.is_new])
    return judged


def _row(sitting_id: int, one: Judged, now: datetime) -> dict[str, object]:
    change = one.change
    return {
        "sitting_id": sitting_id, "epoch": change.epoch, "seq": change.seq, "attempt_id": change.attempt_id,
        "item": change.item, "response": change.response, "at_ms": change.at_ms, "spent_ms": change.spent_ms,
        "received_ms": milliseconds(now), "standing": one.standing.value, "recovered": True,
    }  # fmt: skip
