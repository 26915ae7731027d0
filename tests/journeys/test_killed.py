"""Kill any one process in the middle of a sitting: the walk goes on and ends with the same result."""

from __future__ import annotations

import json
import sqlite3

import pytest

from assessment_app.commands.demo import WAVE_NAME
from assessment_app.job_standards.rules import CODES
from assessment_app.scoring import rules as scoring
from assessment_app.talent.rules import profiling
from tests.journeys.participant import Participant, first_options
from tests.journeys.platform import Platform, on_one_machine, told_pin, wait_until


@pytest.fixture(scope="module")
def platform(tmp_path_factory, service_run):
    with on_one_machine(service_run, tmp_path_factory.mktemp("platform")) as running:
        yield running


def rows(platform: Platform, statement: str, *values: object) -> list[tuple]:
    with sqlite3.connect(f"file:{platform.folder}/exam.db?mode=ro", uri=True) as db:
        return db.execute(statement, values).fetchall()


def nips(platform: Platform) -> list[str]:
    """Name who sits the short wave, by seat."""
    booked = "SELECT nip FROM booking JOIN exam_session USING (session_id) JOIN wave USING (wave_id)"
    return [nip for (nip,) in rows(platform, f"{booked} WHERE wave.name = ? ORDER BY seat", WAVE_NAME)]


def scores(platform: Platform, nip: str) -> list[dict]:
    """Wait for a person's placement; give the scores, without what names the person and tells their times."""
    wait_until(f"the placement of {nip}", 20, lambda: placement(platform, nip))
    of_person = "sitting_id = (SELECT sitting_id FROM sitting JOIN booking USING (booking_id) WHERE nip = ?)"
    found = rows(platform, f"SELECT body FROM score JOIN attempt USING (attempt_id) WHERE {of_person} ORDER BY n", nip)
    bodies = [json.loads(body) for (body,) in found]
    return [
        {name: value for name, value in body.items() if name not in ("attempt", "sheet", "validity")} for body in bodies
    ]


def placement(platform: Platform, nip: str) -> dict | None:
    """Give what a person's placement says, or nothing while there is none."""
    wanted = (
        "SELECT placement.document FROM placement JOIN sitting USING (sitting_id) JOIN booking USING (booking_id) "
        "WHERE nip = ? AND definition = 'profiling'"
    )
    found = rows(platform, wanted, nip)
    if not found:
        return None
    document = json.loads(found[0][0])
    return {name: value for name, value in document.items() if name not in ("schema", "inputs", "state")}


def expected_placement(platform: Platform, bodies: list[dict], nip: str) -> dict:
    """Compute the placement that follows from scores and the person's post, outside the platform."""
    (document,) = rows(platform, "SELECT document FROM rule_set")[0]
    terms = scoring.terms(json.loads(document))
    (level,) = rows(platform, "SELECT job_level FROM booking WHERE nip = ?", nip)[0]
    standard = dict.fromkeys(CODES, terms.rules.standard[level])
    return profiling.profiling_boxes([scoring.describe(bodies, terms, level, standard)], terms.rules)[0]


@pytest.fixture(scope="module")
def undisturbed(platform):
    nip = nips(platform)[0]
    receipt = Participant(platform.url("exam"), nip, told_pin(platform)).walk(first_options)
    assert len(receipt["sheets"]) == 4
    return scores(platform, nip)


@pytest.mark.parametrize(("turn", "name"), list(enumerate(["exam", "office", "vault", "worker"], start=1)))
def test_killed_in_the_middle_a_walk_ends_with_the_same_result(platform, undisturbed, turn, name):
    nip = nips(platform)[turn]
    killed = []

    def kill_once(n: int, number: int) -> None:
        if (n, number) == (2, 3):
            for process in platform.running(name):
                process.kill()
                killed.append(process.pid)

    receipt = Participant(platform.url("exam"), nip, told_pin(platform)).walk(first_options, kill_once)
    assert killed, f"no process of {name} was found"
    assert [sheet["answered"] for sheet in receipt["sheets"]] == [sheet["of"] for sheet in receipt["sheets"]]
    assert scores(platform, nip) == undisturbed
    assert placement(platform, nip) == expected_placement(platform, undisturbed, nip)
    wait_until(f"{name} to run again", 20, lambda: platform.running(name))
