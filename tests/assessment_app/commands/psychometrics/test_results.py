"""What is written: whole or not at all, readable back, with a bar only where somebody watches."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment_app.commands.psychometrics import results
from assessment_app.commands.psychometrics.results import Cell, as_csv, as_json, records_of, write_whole
from assessment_app.platform.errors import Invalid
from tests.assessment_app.commands.installed import PROASN, environment, proasn, told
from tests.assessment_app.commands.psychometrics.desk import responses, rows


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_every_number_reads_back_to_the_same_double(numbers):
    back = [float(row["x"]) for row in rows(as_csv({"x": numbers}))]
    assert np.array(back).tobytes() == np.array(numbers).tobytes()


@given(st.lists(st.text(min_size=1).filter(lambda text: "\0" not in text), min_size=1))
def test_every_name_reads_back(names):
    assert [row["person"] for row in rows(as_csv({"person": names, "theta": [0.5] * len(names)}))] == names


def test_what_is_missing_is_empty_in_a_table_and_null_in_json():
    table: dict[str, list[Cell]] = {"x": [float("nan"), float("inf"), None, 1.0], "y": [True, False, 3, "a,b"]}
    assert as_csv(table) == 'x,y\n,1\n,0\n,3\n1.0,"a,b"\n'
    assert '"x": null' in as_json({"rows": records_of(table)})


def test_a_request_to_end_while_a_file_is_written_leaves_what_was_there(tmp_path, monkeypatch):
    out = tmp_path / "items.csv"
    out.write_text("as it was")
    monkeypatch.setattr(os, "fsync", lambda _number: os.kill(os.getpid(), signal.SIGTERM))
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended:
        write_whole(out, "half a file")
    assert ended.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before
    assert (os.listdir(tmp_path), out.read_text()) == (["items.csv"], "as it was")


def test_a_full_disk_leaves_what_was_there_and_is_one_line(tmp_path, monkeypatch):
    out = tmp_path / "items.csv"
    out.write_text("as it was")

    def full(_number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Invalid, match=r"items.csv cannot be written \(No space left on device\)"):
        write_whole(out, "half a file")
    assert (os.listdir(tmp_path), out.read_text()) == (["items.csv"], "as it was")


def large(folder: Path) -> None:
    """Answers whose calibration takes a few seconds."""
    chance = np.random.default_rng(5)
    theta, b = chance.normal(size=(4000, 1, 1)), np.linspace(-2, 2, 40)[:, None] + np.array([-1, 0, 1])
    answers = (chance.random((4000, 40, 1)) < 1 / (1 + np.exp(-(theta - b)))).sum(axis=2)
    (folder / "large.csv").write_text(responses([f"i{number}" for number in range(40)], answers))


def test_a_calibration_that_is_killed_leaves_no_file(tmp_path):
    large(tmp_path)
    words = ["irt", "calibrate", "--responses", "large.csv", "--model", "grm", "--tol", "1e-14", "--out", "items.csv"]
    with subprocess.Popen([PROASN, *words], env=environment(), cwd=tmp_path, stderr=subprocess.DEVNULL) as running:
        time.sleep(2)
        running.terminate()
    assert running.returncode in (-signal.SIGTERM, 128 + signal.SIGTERM)
    assert os.listdir(tmp_path) == ["large.csv"]


def test_the_installed_program_refuses_in_one_line_and_writes_for_its_owner_only(tmp_path):
    (tmp_path / "r.csv").write_text("person,x\nann,1\nann,0\n")
    (tmp_path / "i.csv").write_text("item,model,a,b\nx,2pl,1,0\n")
    words = ("irt", "score", "--items", f"{tmp_path}/i.csv", "--responses", f"{tmp_path}/r.csv", "--estimator", "eap")
    assert "r.csv, row 3 (person ann), column person: already in row 2" in told(proasn(*words))
    (tmp_path / "r.csv").write_text("person,x\nann,1\n")
    done = proasn(*words, "--out", f"{tmp_path}/s.csv")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "s.csv").stat().st_mode & 0o077 == 0


def test_somebody_who_watches_a_terminal_sees_a_bar_and_the_cycles(monkeypatch):
    ours, theirs = pty.openpty()
    with open(theirs, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        assert list(results.steps(5, 2, "scoring")) == [slice(0, 2), slice(2, 4), slice(4, 5)]
        with results.cycle_line() as tell:
            tell(7, 0.01)
        terminal.flush()
        seen = ""
        while select.select([ours], [], [], 0.2)[0]:
            seen += os.read(ours, 10_000).decode()
        monkeypatch.undo()
    os.close(ours)
    assert "scoring" in seen
    assert "100%" in seen
    assert "cycle 7, last change 0.01" in seen


def test_nobody_who_watches_gets_no_bar(capsys):
    assert len(list(results.steps(5, 2, "scoring"))) == 3
    with results.cycle_line() as tell:
        tell(7, 0.01)
    assert capsys.readouterr() == ("", "")
