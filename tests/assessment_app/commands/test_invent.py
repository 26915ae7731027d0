"""Lists of invented people from the command line: the same for the same seed, refused in one line otherwise."""

import json

from tests.assessment_app.commands.installed import proasn

WANTED = ("--rows", "60", "--units", "5", "--seed", "3", "--day", "2026-11-24")


def test_a_list_and_its_truth_are_written_and_are_the_same_again(tmp_path):
    first, second, truth = tmp_path / "a.xlsx", tmp_path / "b.xlsx", tmp_path / "truth.json"
    done = proasn("invent", str(first), *WANTED, "--truth", str(truth), data_dir=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "60 rows" in done.stdout
    assert len(json.loads(truth.read_bytes())) == 60
    proasn("invent", str(second), *WANTED, data_dir=str(tmp_path))
    assert first.read_bytes() == second.read_bytes()


def test_a_list_of_nobody_is_refused(tmp_path):
    done = proasn("invent", str(tmp_path / "a.xlsx"), "--rows", "0", data_dir=str(tmp_path))
    assert done.returncode == 2
    assert not (tmp_path / "a.xlsx").exists()
