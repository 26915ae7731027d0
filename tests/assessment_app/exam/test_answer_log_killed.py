"""Processes that die with saves in hand: nothing that was acknowledged may be missing afterwards."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from assessment_app.exam.answer_log.log import EXIT_WRITER_DIED
from assessment_app.platform.db import ANSWERS
from tests.assessment_app.exam.saves import open_gate

SAVING = """
    import asyncio, os, sys
    from assessment_app.exam.answer_log.log import AnswerLog
    from assessment_app.exam.answer_log.saves import Row, Save
    from assessment_app.exam.answer_log.writers import SqliteWriter

    log = AnswerLog(SqliteWriter(sys.argv[1]), patience_ms=10_000)

    async def work(first: int) -> None:
        for seq in range(first, 40_000, 8):
            await log.write(Save(1, [Row(1, 1, seq, 1, "i1", '"p"', 0, 0, 50, False)]))
            os.write(1, b"%d\\n" % seq)

    async def main() -> None:
        await asyncio.gather(*(work(first) for first in range(1, 9)))

    asyncio.run(main())
"""

DYING = """
    import asyncio
    from assessment_app.exam.answer_log.log import AnswerLog
    from assessment_app.exam.answer_log.saves import Row, Save
    from assessment_app.platform import logs

    class Broken:
        def flush(self, saves):
            raise ZeroDivisionError("a fault of ours")

    logs.install("info", "exam")
    log = AnswerLog(Broken(), patience_ms=10_000)
    asyncio.run(log.write(Save(1, [Row(1, 1, 1, 1, "i1", "null", 0, 0, 0, False)])))
    print("acknowledged")
"""

MOST_SAVES = 300
"""Acknowledged saves before the process is killed."""


def python(program: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", textwrap.dedent(program), *words]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": "."}
    )


@pytest.fixture
def file(on_sqlite):
    open_gate()
    return on_sqlite.stores[ANSWERS].removeprefix("sqlite:///")


def test_a_process_that_is_killed_in_the_middle_loses_no_acknowledged_save(file):
    with python(SAVING, file) as saving:
        assert saving.stdout is not None
        told = [next(saving.stdout) for _ in range(MOST_SAVES)]
        saving.send_signal(signal.SIGKILL)
        told += list(saving.stdout)
    acknowledged = {int(line) for line in told if line.endswith(b"\n")}
    with sqlite3.connect(file) as answers:
        stand = {seq for (seq,) in answers.execute("SELECT seq FROM answer_event")}
        assert answers.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert acknowledged - stand == set()


def test_a_process_whose_writer_died_ends_and_acknowledges_nothing():
    with python(DYING) as dying:
        said, _ = dying.communicate(timeout=20)
    assert (dying.returncode, b"acknowledged\n" in said) == (EXIT_WRITER_DIED, False)


def test_a_process_whose_writer_died_ends_also_when_its_log_takes_no_line():
    with Path("/dev/full").open("wb") as full:
        dying = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(DYING)], stdout=full, stderr=full, timeout=20, check=False,
            env=os.environ | {"PYTHONPATH": "."},
        )  # fmt: skip
    assert dying.returncode == EXIT_WRITER_DIED
