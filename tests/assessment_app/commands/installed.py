"""The command line as a process, and what it says when it refuses."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.journeys.platform import plain_environment
from tests.services.run import Run

PROASN = str(Path(sys.executable).parent / "proasn")


def environment(**settings: str) -> dict[str, str]:
    """Give the test's environment with settings of ours, by their fields' names."""
    return plain_environment() | {f"PRO_ASN_{name.upper()}": value for name, value in settings.items()}


def proasn(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [PROASN, *words], env=environment(**settings), capture_output=True, text=True, timeout=60, cwd="/", check=False
    )


def migrated(run: Run, folder: Path) -> Path:
    """Copy an installation that ``proasn migrate`` made, once per run, to a folder."""
    made = run.folder / "migrated-by-command"
    with run.once(made.name) as first:
        if first:
            shutil.rmtree(made, ignore_errors=True)
            done = proasn("migrate", data_dir=str(made))
            assert done.returncode == 0, done.stderr
    return Path(shutil.copytree(made, folder, dirs_exist_ok=True))


def told(done: subprocess.CompletedProcess[str]) -> str:
    """Give the one line; anything but a refusal in one line fails."""
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("proasn: ")
    return lines[0]
