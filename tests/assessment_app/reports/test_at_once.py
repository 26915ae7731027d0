"""Workers and people at the same moment, on both databases: no number twice, none left out, nobody issued twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from assessment_app.accounts.rules import Officer
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.queue import Job
from assessment_app.reports import actions
from assessment_app.reports.messages.asked import Wanted
from assessment_app.reports.models import TASK
from assessment_app.reports.queries import issued, standing
from assessment_app.reports.queries.planning import bookings
from tests.assessment_app.reports.conftest import account_of, reports_of, requests
from tests.assessment_app.reports.many import signed_wave
from tests.assessment_app.scoring.house import NOW
from workers import tasks

SIZE = 24


@pytest.fixture
def crowd(installation, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return signed_wave(monkeypatch, SIZE)


def ask(crowd, chosen=()):
    with transaction() as store:
        by = Officer(crowd.agency_id, "test")
        return actions.ask(store, by, account_of("hasan"), crowd.wave_id, chosen or crowd.sitting_ids, NOW)


def at_once(*acts):
    barrier = Barrier(len(acts))

    def one(act):
        barrier.wait(10)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result(30) for each in [pool.submit(one, act) for act in acts]]


def test_two_workers_issue_a_wave_without_a_gap_and_nobody_twice(crowd):
    assert ask(crowd) == SIZE
    ids = crowd.sitting_ids
    shares = (ids[:16], ids[8:], ids[::2])
    at_once(*[lambda share=share: tasks.report_issue(share) for share in shares])
    assert [one.n for one in reports_of()] == list(range(1, SIZE + 1))
    assert {one.sitting_id for one in reports_of()} == set(ids)
    assert requests() == []


def test_two_who_ask_at_once_ask_once(crowd):
    asked = at_once(lambda: ask(crowd), lambda: ask(crowd, list(crowd.sitting_ids[:5])))
    assert sum(asked) >= SIZE
    assert sorted(requests()) == sorted(crowd.sitting_ids)
    with transaction(reads_only=True) as store:
        jobs = store.scalars(select(Job.subject).where(Job.task == TASK)).all()
    assert sorted(map(int, jobs)) == sorted(crowd.sitting_ids)


def test_every_query_gives_the_same_on_both_databases(crowd):
    ask(crowd, list(crowd.sitting_ids[:6]))
    tasks.report_issue(crowd.sitting_ids)
    ask(crowd, list(crowd.sitting_ids[6:8]))
    with transaction(reads_only=True) as store:
        counted = standing.counted(store, crowd.agency_id, crowd.wave_id)
        assert {state: n for state, n in counted.states.items() if n} == {"issued": 6, "asked": 2, "waiting": 16}
        for wanted, count in ((Wanted(), SIZE), (Wanted(state="issued"), 6), (Wanted(state="waiting"), 16),
                              (Wanted(state="replaced"), 0), (Wanted(name="Sri"), 2),
                              (Wanted(session_id=counted.sessions[0].session_id), SIZE)):  # fmt: skip
            assert standing.found(store, crowd.agency_id, crowd.wave_id, wanted) == count, wanted
            lines = list(standing.everybody(store, crowd.agency_id, crowd.wave_id, wanted))
            assert len(lines) == count
            assert standing.page(store, crowd.agency_id, crowd.wave_id, wanted, 2, 3) == lines[2:5]
        assert standing.issued_to(store, crowd.agency_id, crowd.wave_id, Wanted(), 4)[1] == 6
        assert len(issued.named(store, crowd.agency_id, "G1/00000", 10)) == 6
        assert set(bookings(store, crowd.agency_id, crowd.sitting_ids)) == set(crowd.sitting_ids)
        assert issued.of_code(store, reports_of()[0].code) is not None
