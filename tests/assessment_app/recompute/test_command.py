"""``proasn recompute`` as an operator sees it: exit codes, words, and a report for machines."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from assessment_app.commands import recompute as command
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from tests.assessment_app.scoring.house import MAKERS, NOW, new_house, steady


def house_of_one():
    house = new_house()
    house.measure(steady(0.5), name="Sri Wahyuningsih")
    return house


@pytest.fixture
def makers():
    return MAKERS | {"run": house_of_one}


@pytest.fixture
def run(house, monkeypatch):
    monkeypatch.setattr(command, "open_stores", lambda *_names: None)  # the test's own are open already
    return lambda *words: CliRunner().invoke(command.recompute, words)


def test_where_nothing_differs_it_ends_with_0_and_one_fingerprint(run, tmp_path):
    first, second = run("--json", str(tmp_path / "a.json")), run("--json", str(tmp_path / "b.json"))
    assert (first.exit_code, first.output) == (second.exit_code, second.output)
    assert first.exit_code == 0
    assert "skor: 4 sama persis" in first.output
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert json.loads((tmp_path / "a.json").read_bytes())["fingerprint"] in first.output


def test_what_differs_is_said_with_the_nip_and_ends_with_1(run):
    with transaction() as db:
        db.execute(text("DROP TRIGGER sheet_refuses_update"))
        changed = "CAST(replace(CAST(body AS TEXT), 'proasn', 'proasm') AS BLOB)"
        db.execute(text(f"UPDATE sheet SET body = {changed} WHERE attempt_id = 3"))
    told = run()
    assert told.exit_code == 1
    assert "BERBEDA: lembar 3 NIP 19850312201001" in told.output


def test_what_would_be_another_today_ends_with_3(run, monkeypatch):
    with transaction() as db:
        db.execute(text("UPDATE booking SET job_level = 'administrator'"))
    told = run()
    assert told.exit_code == 3
    assert "AKAN LAIN HARI INI: profil" in told.output


def test_whoever_has_no_sheet_is_said_so(run):
    told = run("--person", "0" * 18)
    assert told.exit_code != 0
    assert "Tidak ada lembar" in str(told.exception)


def test_the_day_of_computing_changes_nothing(run, monkeypatch):
    before = run().output
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=400))
    assert run().output == before
