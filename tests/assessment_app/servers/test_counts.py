"""Numbers beside entries of the navigation, at the real office server: by role and agency, kept for some seconds."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from assessment_app.accounts.routes import counting
from assessment_app.accounts.rules import Role
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.scheduling.models import ExamSession
from assessment_app.scheduling.queries import running
from assessment_app.servers import office
from tests import factories
from tests.assessment_app.scheduling.office import Staff
from tests.factories import NOW

BESIDE = re.compile(r'<a href="([^"]+)"[^>]*>(?:(?!</a>).)*?aria-hidden="true" title="([^"]+)">(\d+)</span>'
                    r'<span class="sr">, ([^<]+)</span></a>', re.DOTALL)  # fmt: skip


@pytest.fixture
def moved(monkeypatch):
    """The time of day and the seconds that numbers are kept by."""
    now = {"now": NOW + timedelta(minutes=5), "ticks": 1000.0}
    monkeypatch.setattr(clock, "now", lambda: now["now"])
    monkeypatch.setattr(clock, "ticks", lambda: now["ticks"])
    return now


@pytest.fixture
def stage(on_sqlite, moved):
    return factories.stage()


@pytest.fixture
def app(on_sqlite, stage):
    return office.build(on_sqlite)


def beside(staff):
    """Read the numbers of a page's navigation: address, what is seen, what is said."""
    assert staff.get("/akun").status_code == 200
    nav = staff.said.split('<nav class="sidenav"')[1].split("</nav>")[0]
    found = BESIDE.findall(nav)
    assert nav.count('class="count') == len(found)
    assert all(title == said for _address, title, _number, said in found)
    return {address: (int(number), said) for address, _title, number, said in found}


def test_each_role_sees_what_waits_behind_its_own_entries_in_figures_and_in_words(app, stage):
    planner, proctor, assessor = (
        Staff(app, stage.agency_id, role, name)
        for role, name in ((Role.BKD_ADMIN, "dewi"), (Role.PROCTOR, "tri"), (Role.ASSESSOR, "hasan"))
    )
    assert beside(planner) == {"/gelombang": (1, "1 berlangsung")}
    assert beside(proctor) == {"/pengawas": (1, "1 berlangsung")}
    assert beside(assessor) == {}  # nothing waits, so nothing stands there


def test_nobody_sees_the_numbers_of_another_agency_or_any_above_all_agencies(app, stage):
    assert beside(Staff(app, factories.agency("lain"), Role.BKD_ADMIN, "asing")) == {}
    assert beside(Staff(app, None, Role.SYSTEM_ADMIN, "sistem")) == {}


def test_a_number_is_counted_again_after_some_seconds_and_not_for_every_page(app, stage, moved):
    planner = Staff(app, stage.agency_id, Role.BKD_ADMIN, "dewi")
    assert beside(planner)["/gelombang"] == (1, "1 berlangsung")
    with transaction() as db:
        db.execute(update(ExamSession).values(starts=NOW - timedelta(days=2), ends=NOW - timedelta(days=1)))
    assert "/gelombang" in beside(planner)
    moved["ticks"] += counting.KEPT_S
    assert beside(planner) == {}


def test_a_number_is_said_in_the_readers_language(app, stage):
    planner = Staff(app, stage.agency_id, Role.BKD_ADMIN, "dewi")
    planner.client.set_cookie("lang", "en")
    assert beside(planner) == {"/gelombang": (1, "1 running")}


@pytest.mark.parametrize(
    ("when", "waves", "sessions"),
    [(timedelta(minutes=-1), 0, 0), (timedelta(0), 1, 1), (timedelta(hours=26), 1, 0), (timedelta(days=9), 0, 0)],
)
def test_a_wave_goes_on_between_its_sessions_and_a_session_only_while_it_lasts(installation, when, waves, sessions):
    stage = factories.stage()
    with transaction() as db:
        first = db.get_one(ExamSession, stage.session_id)
        db.add(ExamSession(
            session_id=uuid4(), agency_id=first.agency_id, wave_id=first.wave_id, room_id=first.room_id,
            starts=first.starts + timedelta(days=2), ends=first.ends + timedelta(days=2), checkin_minutes=30,
            pin_round=1,
        ))  # fmt: skip
        now = first.starts + when
    with transaction(reads_only=True) as db:
        assert running.waves(db, stage.agency_id, now) == waves
        assert running.sessions(db, stage.agency_id, now) == sessions
        assert running.waves(db, uuid4(), now) == 0
