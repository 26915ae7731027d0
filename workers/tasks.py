"""Every task by name, each a line or two: what is done stands in the slices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from assessment_app.platform import clock, queue
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.observe import JOBS
from assessment_app.platform.queue import Hopeless, Job
from assessment_app.platform.settings import settings
from assessment_app.reports.actions import issuing
from assessment_app.reports.models import TASK as REPORT
from assessment_app.rescoring.actions import comparing
from assessment_app.scoring import actions as scoring
from assessment_app.scoring.queries import scored as kept
from assessment_app.talent import actions as talent
from scoring_engine import ENGINE_VERSION
from workers import sweeps
from workers.celery_app import app
from workers.schedule import SWEEP_SECONDS

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


def report_issue(sitting_ids: Sequence[int]) -> Refused:
    """Issue the reports that were asked for."""
    now = clock.now()
    with transaction(reads_only=True) as db:
        made = issuing.compose(db, sitting_ids)
    with transaction() as db:
        issuing.keep(db, sitting_ids, made, now)
    return {}


@dataclass(frozen=True)
class Task:
    """How one kind of job is done: many at a time, so many that the transaction that writes them stays short."""

    run: Callable[[Sequence[int]], Refused]
    at_once: int


TASKS = {
    "place": Task(place, 50), "make_profile": Task(make_profiles, 200), "score_attempt": Task(score_attempts, 1000),
    "compare_versions": Task(compare_versions, 200), REPORT: Task(report_issue, 50),
}  # fmt: skip
"""What is nearest to a result first. A job of another name waits for a worker that knows it."""

OF_REPORTS = frozenset({REPORT})
"""Tasks of a queue of their own: nobody's result waits for a thousand reports."""

FEW = 1000
"""With more open jobs than this the queue 'bulk' is called to help."""

MOST_HELPERS = 16

SLICE_SECONDS = 10.0
"""How long one message works at most: whoever else waits for a worker gets a turn."""


def work_off(*, newest: bool = False, reports: bool = False) -> bool:
    """Claim due jobs of one kind and do them, the oldest first or the newest; tells whether there were any.

    Either jobs of reports or all others.
    """
    lease = timedelta(seconds=settings().worker_lease_seconds)
    with transaction(reads_only=True) as db:
        name = queue.due_task(db, [one for one in TASKS if (one in OF_REPORTS) == reports], clock.now())
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


@app.task
def report_hand_out() -> None:
    """Issue reports that were asked for, in the order in which they were."""
    until = clock.ticks() + SLICE_SECONDS
    while work_off(reports=True):
        if clock.ticks() > until:
            wake_reports()
            return


def wake_reports() -> None:
    """Hint to whoever issues reports that there are some to issue."""
    queue.wake("report_hand_out", "reports", expires=SWEEP_SECONDS)


def _work_for(seconds: float, *, newest: bool) -> None:
    until = clock.ticks() + seconds
    while work_off(newest=newest):
        if clock.ticks() > until:
            queue.wake("hand_out" if newest else "drain", "scoring" if newest else "bulk", expires=SWEEP_SECONDS)
            return


@app.task
def sweep() -> None:
    """Find what a lost message, a crash or a power cut left undone, and call for help where it is much."""
    sweeps.run(clock.now())
    with transaction(reads_only=True) as db:
        waiting, _oldest, _resting = queue.backlog(db, clock.now())
        has_reports = queue.due_task(db, OF_REPORTS, clock.now()) is not None
    for _ in range(min(waiting // FEW, MOST_HELPERS)):
        queue.wake("drain", "bulk", expires=SWEEP_SECONDS)
    if has_reports:
        wake_reports()
    hand_out()
