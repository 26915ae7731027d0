"""A wave under a corrected key, while its worker is killed at every place: the same bytes, nothing twice."""

from functools import partial

import pytest
from sqlalchemy import func, select

from assessment_app.accounts.rules import Role
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.queue import Job
from assessment_app.rescoring.models import RescoredProfile
from assessment_app.scoring.models import Profile, Score
from tests import stores
from tests.assessment_app.exam.browser import forget
from tests.assessment_app.rescoring import planted
from tests.workers.mortal import RESCORING
from tests.workers.test_faults import deaths_in, environment, running, wait_for
from workers import sweeps

pytestmark = pytest.mark.timeout(600)

PEOPLE = 6


def bytes_of() -> list[list[str]]:
    """Everything that came of a wave, in the order of what names it."""
    with transaction(reads_only=True) as db:
        return [
            list(db.scalars(select(Score.sha256).order_by(Score.attempt_id, Score.key_seal))),
            list(db.scalars(select(Profile.sha256).order_by(Profile.sitting_id, Profile.inputs_sha256))),
            list(db.scalars(select(RescoredProfile.sha256).order_by(
                RescoredProfile.sitting_id, RescoredProfile.key_seal, RescoredProfile.beside
            ))),
        ]  # fmt: skip


def idle() -> bool:
    with transaction(reads_only=True) as db:
        return not db.scalar(select(func.count()).select_from(Job).where(Job.done.is_(None)))


def decided(now) -> None:
    """Plant, correct, compare and choose; what the choice asks for is left to do."""
    two = planted.officer("dewi", now), planted.officer("hasan", now, Role.ASSESSOR)
    key_seal = planted.correct(now)
    planted.delivered(now)
    planted.chosen(key_seal, two, now)


def test_a_killed_worker_leaves_the_versions_of_one_that_lived(service_run, tmp_path):
    now, places = clock.now(), ",".join(RESCORING)
    quiet, killed, log = tmp_path / "quiet", tmp_path / "killed", tmp_path / "worker.log"
    quiet.mkdir(), killed.mkdir()
    with stores.opened(quiet, stores.copied(stores.sqlite_template(service_run), quiet)):
        planted.plant(now, PEOPLE)
        decided(now)
        undisturbed = bytes_of()
    forget()
    with stores.opened(killed, stores.copied(stores.sqlite_template(service_run), killed)) as chosen:
        planted.plant(now, PEOPLE)
        two = planted.officer("dewi", now), planted.officer("hasan", now, Role.ASSESSOR)
        key_seal, given = planted.correct(now), environment(chosen, places, killed)
        sweeps.deliver_corrections(now)

        def ended(worker) -> bool:
            return worker.poll() is not None or idle()

        with running(["tests.workers.mortal"], given, log) as worker:
            wait_for("an end", partial(ended, worker), log)
            planted.ask_to_choose(key_seal, two, now)
            wait_for("another end", partial(ended, worker), log)
            assert worker.poll() is None, log.read_text(errors="replace")[-3000:]
        assert deaths_in(killed) == len(RESCORING)
        assert bytes_of() == undisturbed
