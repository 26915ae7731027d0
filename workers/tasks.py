"""Every task by name, each a line or two: what is done stands in the slices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from assessment_app.accounts import queries as accounts
from assessment_app.evidence import actions as evidence
from assessment_app.exam import actions as exam
from assessment_app.exam.queries import facts
from assessment_app.platform import clock, queue
from assessment_app.platform.db import ANSWERS, VAULT, transaction
from assessment_app.platform.observe import JOBS
from assessment_app.platform.queue import Hopeless, Job
from assessment_app.platform.settings import settings
from assessment_app.rescoring.actions import comparing, delivering
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling import queries as plans
from assessment_app.scoring import actions as scoring
from assessment_app.scoring.queries import scored as kept
from assessment_app.sealing import actions as sealing
from assessment_app.sealing import queries as seals
from assessment_app.talent import actions as talent
from item_bank import exposure
from scoring_engine import ENGINE_VERSION
from workers.celery_app import app
from workers.schedule import SWEEP_SECONDS, Sweep

log = structlog.get_logger(__name__)

Refused = Mapping[int, Hopeless]
"""Who could not be served and why; everybody else was."""


def score_attempts(attempt_ids: Sequence[int]) -> Refused:
    """Score sealed sheets with the keys that their forms name."""
    with transaction(reads_only=True) as db, transaction(VAULT, reads_only=True) as vault:
        done = scoring.score_attempts(db, vault, attempt_ids, kept(db, attempt_ids, ENGINE_VERSION))
    with transaction() as db:
        scoring.keep_scores(db, done.made, clock.now())
    return done.refused


def make_profiles(sitting_ids: Sequence[int]) -> Refused:
    """Put the scores of sittings together, once there are all of them."""
    now = clock.now()
    with transaction(reads_only=True) as db:
        done = scoring.make_profiles(db, sitting_ids, now)
    with transaction() as db:
        scoring.keep_profiles(db, done.made, now)
    return done.refused


def place(sitting_ids: Sequence[int]) -> Refused:
    """Place profiles in the nine-box."""
    with transaction() as db:
        talent.place_all(db, sitting_ids, clock.now())
    return {}


def compare_versions(sitting_ids: Sequence[int]) -> Refused:
    """Put what corrected keys lead to beside each profile, or in its place where such a key was chosen."""
    now = clock.now()
    with transaction(reads_only=True) as db:
        done = comparing.compare(db, sitting_ids, now)
    with transaction() as db:
        comparing.keep(db, done, now)
    return {}


@dataclass(frozen=True)
class Task:
    """How one kind of job is done: many at a time, so many that the transaction that writes them stays short."""

    run: Callable[[Sequence[int]], Refused]
    at_once: int


TASKS = {
    "place": Task(place, 50), "make_profile": Task(make_profiles, 200), "score_attempt": Task(score_attempts, 1000),
    "compare_versions": Task(compare_versions, 200),
}  # fmt: skip
"""What is nearest to a result first. A job of another name waits for a worker that knows it."""

FEW = 1000
"""With more open jobs than this the queue 'bulk' is called to help."""

MOST_HELPERS = 16

SLICE_SECONDS = 10.0
"""How long one message works at most: whoever else waits for a worker gets a turn."""


def work_off(*, newest: bool = False) -> bool:
    """Claim due jobs of one kind and do them, the oldest first or the newest; tells whether there were any."""
    lease = timedelta(seconds=settings().worker_lease_seconds)
    with transaction(reads_only=True) as db:
        name = queue.due_task(db, TASKS, clock.now())
    if name is None:
        return False
    with transaction() as db:
        jobs = queue.claim_many(db, name, TASKS[name].at_once, clock.now(), lease, newest=newest)
    _do(name, jobs)
    return True


def _do(name: str, jobs: Sequence[Job]) -> None:
    """Do jobs of one kind; when that fails as a whole, halves and in the end single ones find out whose fault it is."""
    if not jobs:
        return
    try:
        refused = TASKS[name].run([int(job.subject) for job in jobs])
    except (OperationalError, PoolTimeout) as error:  # a store that is away is nobody's fault, and no half finds it
        _put_back(name, jobs, error)
    except Exception as error:  # a fault of ours too: whoever comes after one that fails must not wait for it
        if len(jobs) == 1:
            log.exception("job_failed", task=name, subject=jobs[0].subject, tries=jobs[0].tries)
            _put_back(name, jobs, error)
        else:
            _do(name, jobs[: len(jobs) // 2])
            _do(name, jobs[len(jobs) // 2 :])
    else:
        _end(name, jobs, refused)


def _put_back(name: str, jobs: Sequence[Job], error: Exception) -> None:
    with transaction() as db:
        queue.fail(db, jobs, error, clock.now())
    JOBS.labels(name, "failed").inc(len(jobs))


def _end(name: str, jobs: Sequence[Job], refused: Refused) -> None:
    """Note what was done, and lay aside with its reason what nobody can do before a person has acted."""
    by_job = {job: refused.get(int(job.subject)) for job in jobs}
    done = [job for job, error in by_job.items() if error is None]
    with transaction() as db:
        queue.finish(db, done, clock.now())
    JOBS.labels(name, "done").inc(len(done))
    alike: dict[tuple[str, str], list[Job]] = {}
    for job, error in by_job.items():
        if error is not None:
            log.warning("job_gave_up", task=name, subject=job.subject, reason=error.reason, message=str(error))
            alike.setdefault((error.reason, str(error)), []).append(job)
    for (reason, message), jobs_alike in alike.items():  # a key that is gone refuses a thousand sheets for one reason
        _put_back(name, jobs_alike, Hopeless(reason, message))


@app.task
def hand_out() -> None:
    """Work off what is due, the newest first, as the hint says that something is: it was sealed just now."""
    _work_for(SLICE_SECONDS, newest=True)


@app.task
def drain() -> None:
    """Help with a large backlog from its other end, so that what is sealed meanwhile waits for none of it."""
    _work_for(SLICE_SECONDS, newest=False)


def _work_for(seconds: float, *, newest: bool) -> None:
    until = clock.ticks() + seconds
    while work_off(newest=newest):
        if clock.ticks() > until:
            queue.wake("hand_out" if newest else "drain", "scoring" if newest else "bulk", expires=SWEEP_SECONDS)
            return


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
        with passing_over(f"attempt {attempt_id}"):
            with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
                said, how = exam.close_gate(answers, db, sitting_id, attempt_id)
            with transaction() as db:
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


def run_sweeps(now: datetime) -> None:
    """Run every sweep that is due."""
    for one in SWEEPS:
        with transaction() as db:
            due = queue.take_duty(db, one.name, one.every, now)
        if due:
            with passing_over(f"sweep {one.name}"):
                one.run(now)


@app.task
def sweep() -> None:
    """Find what a lost message, a crash or a power cut left undone, and call for help where it is much."""
    run_sweeps(clock.now())
    with transaction(reads_only=True) as db:
        waiting, _oldest, _resting = queue.backlog(db, clock.now())
    for _ in range(min(waiting // FEW, MOST_HELPERS)):
        queue.wake("drain", "bulk", expires=SWEEP_SECONDS)
    hand_out()
