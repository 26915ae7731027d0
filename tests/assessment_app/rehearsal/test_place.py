"""A rehearsal never touches what is real, and what it leaves is closed or removed, however it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, select, text
from sqlalchemy.pool import NullPool

from assessment_app.accounts.models import Agency
from assessment_app.accounts.rules import Officer
from assessment_app.commands.rehearse import rehearse, stage
from assessment_app.commands.rehearse.processes import children, lives
from assessment_app.people.messages import spreadsheet
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.rehearsal.actions import NotForRehearsal
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling.messages import NewRoom, NewSession, NewWave
from assessment_app.scheduling.models import Booking, ExamSession, Wave
from tests import factories
from tests.journeys.platform import plain_environment

ROOT = Path(__file__).parents[3]


def planned(purpose: str = "gladi", sessions: int = 1):
    """A wave of an agency with two rooms of five seats and nobody in them."""
    now = clock.now()
    agency_id, forms = factories.agency("nyata", now), factories.published(now)
    by = Officer(agency_id, "test")
    with transaction() as db:
        battery = tuple(forms[code] for code in factories.BATTERY)
        wave = scheduling.add_wave(db, by, NewWave("Gladi Lab", purpose, battery), now)
        for number in range(sessions):
            room = scheduling.add_room(db, by, NewRoom(f"Lab {number}", "SMKN", "Asia/Jakarta", 5), now)
            db.flush()
            hours = NewSession(room.room_id, now, now + timedelta(hours=3))
            scheduling.add_session(db, by, wave.wave_id, hours, now)
        return wave.wave_id


def test_a_wave_with_real_bookings_is_refused(on_sqlite):
    now = clock.now()
    wave_id = factories.stage(now).wave_id
    with transaction() as db:
        db.get_one(Wave, wave_id).purpose = "gladi"
    with pytest.raises(NotForRehearsal, match="sudah punya peserta"):
        stage.join(wave_id, None, now)
    with transaction(reads_only=True) as db:
        assert not db.scalars(select(Agency).where(Agency.code.startswith("gladi"))).all()


@pytest.mark.parametrize(("purpose", "sessions", "why"), [("pemetaan", 1, "bukan gladi"), ("gladi", 0, "belum punya")])
def test_a_wave_that_was_not_planned_for_a_rehearsal_is_refused(on_sqlite, purpose, sessions, why):
    with pytest.raises(NotForRehearsal, match=why):
        stage.join(planned(purpose, sessions), None, clock.now())


def test_people_of_a_rehearsal_stand_in_an_agency_of_their_own(installation):
    wave_id = planned(sessions=2)
    staged = stage.join(wave_id, None, clock.now())
    assert len(staged.seated) == 10
    with transaction(reads_only=True) as db:
        assert not db.scalars(select(Booking).where(Booking.wave_id == wave_id)).all()
        booked = db.scalars(select(Booking).where(Booking.wave_id == staged.wave_id)).all()
        assert {one.agency_id for one in booked} == {staged.agency_id}
        assert db.get_one(Wave, staged.wave_id).purpose == "gladi"


def test_what_an_interrupted_rehearsal_left_is_closed_by_the_next_one(on_sqlite):
    staged = stage.join(planned(), 3, clock.now())
    assert len(stage.close_leftovers(clock.now())) == 1
    assert stage.close_leftovers(clock.now()) == []
    with transaction(reads_only=True) as db:
        ends = db.scalars(select(ExamSession.ends).where(ExamSession.agency_id == staged.agency_id)).all()
        assert all(one <= clock.now() for one in ends)
        real = db.scalars(select(ExamSession.ends).where(ExamSession.agency_id != staged.agency_id)).all()
        assert all(one > clock.now() for one in real)


@pytest.mark.parametrize("most", [20_000, 30])
def test_a_file_is_given_as_many_time_slots_as_its_people_need(on_sqlite, most):
    sheet = spreadsheet.make(40, 1, clock.now().date(), share=0).content
    staged = stage.prepare(stage.Wanted(most, "peragaan", 2, 10, 1, sheet), clock.now())
    assert len(staged.seated) == min(most, 40)
    assert {one.slot for one in staged.seated} == {0, 1}


@pytest.mark.parametrize("command", ["cd /", "false", "'half"])
def test_a_command_that_does_not_restart_the_database_is_refused_before_anybody_sits(tmp_path, postgres, command):
    with postgres.database() as exam, postgres.database() as vault:
        words = ("--exam-url", exam, "--vault-url", vault, "--restart-database", command, "--folder", str(tmp_path))
        refused = CliRunner().invoke(rehearse, words)
    assert refused.exit_code == 2
    assert "does not restart the database" in refused.output
    assert list(tmp_path.iterdir()) == []


AGENCY = "CREATE TABLE agency (agency_id uuid, code text, name text, timezone text, created timestamptz)"
VERSION = "CREATE TABLE alembic_version_exam (version_num text)"


def count(url: str, statement: str) -> int:
    with create_engine(url, poolclass=NullPool).begin() as db:
        return int(db.scalar(text(statement)) or 0)


def made(url: str, *statements: str) -> None:
    with create_engine(url, poolclass=NullPool).begin() as db:
        for one in statements:
            db.execute(text(one))


@pytest.mark.parametrize("statements", [(AGENCY, VERSION, "INSERT INTO agency (code) VALUES ('nyata')"), (AGENCY,)])
def test_a_database_that_holds_something_else_is_refused_and_left_as_it_is(postgres, statements):
    with postgres.database() as url:
        made(url, *statements)
        with pytest.raises(stage.NotOurs):
            stage.empty(url)
        assert count(url, "SELECT count(*) FROM agency") == len(statements) // 2


def test_a_rehearsals_own_database_is_emptied(postgres):
    with postgres.database() as url:
        made(url, AGENCY, VERSION, "INSERT INTO agency (code) VALUES ('gladi')")
        stage.empty(url)
        assert count(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


def started(folder: Path, *more: str) -> subprocess.Popen[str]:
    """Start a rehearsal that would go on for minutes, and wait until people sit in it."""
    words = ["rehearse", "--battery", "peragaan", "--size", "4", "--speed", "20", "--faults", "0", *more]
    code = "from assessment_app.commands import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words, "--folder", str(folder)], cwd=ROOT, env=plain_environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("giliran") and "jawaban 0 " not in line:
            return process
    raise AssertionError("it ended before anybody sat")


def finish(process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    process.stderr.close()


def gone(pids: list[int], seconds: float = 30.0) -> bool:
    until = time.monotonic() + seconds
    while any(map(lives, pids)) and time.monotonic() < until:
        time.sleep(0.1)
    return not any(map(lives, pids))


@pytest.mark.timeout(300)
def test_whoever_stops_it_by_ctrl_c_finds_nothing_left(tmp_path):
    process = started(tmp_path)
    servers = children(process.pid)
    assert servers
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert list(tmp_path.glob("gladi-*")) == []
    assert gone(servers)
    finish(process)


@pytest.mark.timeout(300)
def test_what_a_killed_one_left_is_found_and_removed_by_the_next(tmp_path):
    process = started(tmp_path)
    servers = children(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    assert gone(servers)
    assert len(list(tmp_path.glob("gladi-*"))) == 1
    with stage.own_folder(tmp_path) as folder:
        assert list(tmp_path.glob("gladi-*")) == [folder]
    assert list(tmp_path.glob("gladi-*")) == []
    finish(process)


def test_a_folder_in_which_somebody_plays_is_left_alone(tmp_path):
    with stage.own_folder(tmp_path) as one, stage.own_folder(tmp_path) as other:
        assert one.exists()
        assert other.exists()
