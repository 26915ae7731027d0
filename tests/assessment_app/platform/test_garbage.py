"""A process looks for garbage as it should: hardly while it loads, seldom when it serves, and not at its end."""

import subprocess
import sys

import pytest

from tests.assessment_app.commands.installed import proasn
from tests.journeys.platform import plain_environment

COUNTING = "import gc; seen = []; gc.callbacks.append(lambda phase, _: seen.append(phase))"


def told(program: str) -> list[str]:
    """Run a program in a process of its own and give the words that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", program], env=plain_environment(), capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    "module",
    [
        "assessment_app.commands.run",
        "assessment_app.servers.office",
        "assessment_app.servers.vault",
        "workers.embedded",
    ],
)
def test_what_is_loaded_is_hardly_gone_through(module):
    (times,) = told(f"{COUNTING}; import {module}; print(seen.count('start'))")
    assert int(times) < 10


def test_a_process_that_has_started_looks_for_garbage_seldom_and_not_in_what_it_loaded():
    settle = (
        "import gc; import assessment_app.servers.exam; from assessment_app.platform import garbage; garbage.started()"
    )
    kept, after = told(f"{settle}; print(gc.get_freeze_count(), gc.get_threshold()[0])")
    assert int(kept) > 50_000
    assert 700 < int(after) <= 50_000


def test_a_command_closes_its_stores_before_it_ends(tmp_path):
    assert proasn("migrate", data_dir=str(tmp_path)).returncode == 0
    assert {file.name for file in tmp_path.glob("*.db*")} == {"exam.db", "answers.db", "vault.db"}
