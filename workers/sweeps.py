"""What is looked for again and again: whatever a lost message, a crash or a power cut left undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError

from assessment_app.accounts import queries as accounts
from assessment_app.evidence import actions as evidence
from assessment_app.exam import actions as exam
from assessment_app.exam.queries import facts
from assessment_app.platform import queue
from assessment_app.platform.db import ANSWERS, VAULT, transaction
from assessment_app.platform.observe import JOBS
from assessment_app.platform.settings import settings
from assessment_app.rescoring.actions import delivering
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling import queries as plans
from assessment_app.scoring import actions as scoring
from assessment_app.sealing import actions as sealing
from assessment_app.sealing import queries as seals
from item_bank import exposure
from workers.schedule import Sweep

log = structlog.get_logger(__name__)


@contextmanager
def passing_over(what: str) -> Iterator[None]:
    """Let one thing that fails hold up nothing else; a store that is away holds up everything, so that is passed on."""
    try:
        yield
    except OperationalError:
        raise
    except Exception:  # whatever is wrong with one attempt or form, a fault of ours too: who comes after must not wait
        log.exception("sweep_failed", what=what)
        JOBS.labels("sweep", "failed").inc()


def close_overdue(now: datetime) -> None:
    """Close and seal every attempt whose time ran out while its browser never came back."""
    with transaction(reads_only=True) as db:
        overdue = facts.overdue(db, now)
    for sitting_id, n, attempt_id in overdue:
        with passing_over(f"attempt {attempt_id}"), transaction() as db:
            facts.hold(db, sitting_id)  # whoever gives it time or ends its pause waits: what is read now stays true
            if not facts.is_overdue(db, sitting_id, n, now):
                continue
            with transaction(ANSWERS) as answers:
                said, how = exam.close_gate(answers, db, sitting_id, attempt_id)
            exam.seal(db, sitting_id, n, said, now, how)


def deliver_forms(now: datetime) -> None:
    """Carry what the vault published to the exam store: words and the name of a key, never a key."""
    with transaction(reads_only=True) as db:
        known, out = plans.form_ids(db), plans.withdrawn_ids(db)
    with transaction(VAULT, reads_only=True) as vault:
        published = plans.published(vault, known)
        withdrawn = plans.withdrawn(vault, out)
    if not published and not withdrawn:
        return  # nearly always: no form is read, and no writer is held up
    with transaction() as db:
        for delivery in published:
            scheduling.take_in(db, delivery, now)
        for form_id in withdrawn:
            if scheduling.take_in_withdrawal(db, form_id, now):
                scoring.go_without(db, form_id, now)


def deliver_corrections(now: datetime) -> None:
    """Carry over that the vault corrected a key, and let every sheet of that form be scored under it too."""
    with transaction(reads_only=True) as db:
        known, forms = delivering.known(db)
    with transaction(VAULT, reads_only=True) as vault:
        new = delivering.approved(vault, known, forms)
    if new:
        with transaction() as db:
            delivering.take_in(db, new, now)


def count_exposure(now: datetime) -> None:
    """Tell the vault how often each form was finished: numbers alone, so that authors see how worn an item is."""
    with transaction(reads_only=True) as db:
        finished = facts.finished_by_form(db)
    with transaction(VAULT, reads_only=True) as vault:
        changed = exposure.changed(vault, finished)
    if changed:
        with transaction(VAULT) as vault:
            exposure.keep(vault, changed, now)


def seal_sessions(now: datetime) -> None:
    """Sign the sheets of every session that is over and waits for none."""
    with transaction(reads_only=True) as db:
        session_ids = seals.due(db, now)
    _seal(session_ids, now)


def seal_late_sheets(now: datetime) -> None:
    """Sign what came after a session was sealed, as a seal that extends the one before."""
    with transaction(reads_only=True) as db:
        session_ids = seals.late(db, now)
    _seal(session_ids, now)


def _seal(session_ids: Sequence[UUID], now: datetime) -> None:
    if not session_ids:
        return  # nearly always: the key stays where it is
    signer = sealing.read_key(settings().seal_key)
    for session_id in session_ids:
        with passing_over(f"session {session_id}"), transaction() as db:
            sealing.seal_session(db, session_id, signer, now)


def judge_evidence(now: datetime) -> None:
    """Judge anew whose evidence is another one than when it was judged: after an import, on a new day, by new rules."""
    with transaction(reads_only=True) as db:
        agency_ids = accounts.agency_ids(db)
    for agency_id in agency_ids:
        with passing_over(f"evidence of agency {agency_id}"):
            for _ in range(MOST_JUDGED // JUDGED_AT_ONCE):  # a whole province: the next round goes on
                with transaction() as db:
                    if evidence.judge_some(db, agency_id, now, JUDGED_AT_ONCE) < JUDGED_AT_ONCE:
                        break


JUDGED_AT_ONCE = 500
"""People who are judged in one transaction: a fifth of a second, in which other writers wait on SQLite."""

MOST_JUDGED = 10_000

SWEEPS = (
    Sweep("close_overdue", timedelta(seconds=10), close_overdue),
    Sweep("deliver_forms", timedelta(seconds=10), deliver_forms),
    Sweep("deliver_corrections", timedelta(seconds=10), deliver_corrections),
    Sweep("count_exposure", timedelta(minutes=5), count_exposure),
    Sweep("seal_sessions", timedelta(seconds=30), seal_sessions),
    Sweep("seal_late_sheets", timedelta(minutes=10), seal_late_sheets),
    Sweep("judge_evidence", timedelta(seconds=30), judge_evidence),
)


def run(now: datetime) -> None:
    """Run every sweep that is due."""
    for one in SWEEPS:
        with transaction() as db:
            due = queue.take_duty(db, one.name, one.every, now)
        if due:
            with passing_over(f"sweep {one.name}"):
                one.run(now)
