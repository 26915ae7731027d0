"""``proasn archive`` as an operator uses it: two files out, both in elsewhere, nothing of a half one."""

import stat
import subprocess
import sys

import pytest
from click.testing import CliRunner

from assessment_app.archive import queries
from assessment_app.commands import archive as command
from assessment_app.platform import db
from assessment_app.platform.errors import Invalid
from tests.assessment_app.scoring.house import MAKERS, new_house, steady, stores


def house_of_one():
    house = new_house()
    house.measure(steady(0.5))
    return house


@pytest.fixture
def makers():
    return MAKERS | {"exported": house_of_one}


@pytest.fixture
def exported(house, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "open_stores", lambda *_names: None)  # the test's own are open already
    wave, keys = tmp_path / "wave.gz", tmp_path / "keys.gz"
    words = ["export", str(wave), "--wave", str(house.wave_id), "--keys", str(keys)]
    assert run(*words).exit_code == 0
    before = wave.read_bytes(), keys.read_bytes()
    assert run(*words).exit_code == 0
    assert (wave.read_bytes(), keys.read_bytes()) == before
    return wave, keys


def run(*words):
    return CliRunner().invoke(command.archive, words)


def test_both_files_are_the_same_bytes_each_time_and_their_owners_alone(exported):
    assert {stat.S_IMODE(file.stat().st_mode) for file in exported} == {0o600}


def test_a_cut_file_is_refused_whole_and_then_the_right_one_goes_in(exported, tmp_path):
    wave, keys = exported
    cut = tmp_path / "cut.gz"
    cut.write_bytes(wave.read_bytes()[:-200])
    db.disconnect()
    (tmp_path / "second").mkdir()
    with stores(tmp_path / "second"):
        refused = run("import", str(cut), "--keys", str(keys))
        assert isinstance(refused.exception, Invalid)
        assert "Tidak ada yang disimpan" in str(refused.exception)
        taken = run("import", str(wave), "--keys", str(keys))
    assert taken.exit_code == 0
    assert "kunci: 4" in taken.output


def test_a_process_that_knows_no_other_slice_takes_every_table_all_the_same():
    """SQLAlchemy knows only what was imported: the command once left evidence and placements out without a word."""
    code = "from assessment_app.commands import archive; from assessment_app.archive.queries import tables; " \
           "print(*(one.name for one in tables()))"  # fmt: skip
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set(said) == {one.name for one in queries.tables()}
    assert {"evidence_fact", "placement", "current_placement", "signed_result", "seat_move"} <= set(said)
