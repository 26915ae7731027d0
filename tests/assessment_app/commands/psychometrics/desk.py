"""A folder with files, and what the command line says about them."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from assessment_app import commands
from tests.scoring_engine.calibration.test_calibrate import LSAT6

LSAT6_ITEMS = ("i1", "i2", "i3", "i4", "i5")


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        """The table on standard output."""
        return rows(self.out)

    @property
    def document(self) -> dict:
        """The JSON document on standard output; NaN in it fails."""
        document: dict = json.loads(self.out, parse_constant=pytest.fail)
        return document


@dataclass
class Desk:
    """Writes files and runs commands beside them."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def write(self, name: str, text: str) -> None:
        """Put a file there."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        """Read a file as it is, line ends included."""
        return (self.folder / name).read_bytes().decode()

    def run(self, command: str) -> Said:
        """Run a command as the installed program does, in this process."""
        self.monkeypatch.setattr("sys.argv", ["proasn", *command.split()])
        before = os.umask(0o077)
        try:
            with pytest.raises(SystemExit) as ended:
                commands.main()
        finally:
            os.umask(before)
        said = self.capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    def does(self, command: str) -> Said:
        """Run a command that is to end well."""
        said = self.run(command)
        assert said.code == 0, said
        return said

    def refuses(self, command: str) -> str:
        """Run a command that is to refuse, in one line and with nothing that looks like a result."""
        said = self.run(command)
        assert (said.code, said.out) == (2, ""), said
        assert said.err.startswith("proasn: ")
        assert said.err.count("\n") == 1, said.err
        return said.err.removeprefix("proasn: ").strip()

    def lsat6(self) -> None:
        """Put LSAT 6 there as lsat6.csv."""
        self.write("lsat6.csv", responses(LSAT6_ITEMS, LSAT6))

    def calibrated(self, model: str = "2pl") -> None:
        """Put LSAT 6 there with its calibration, items.csv."""
        self.lsat6()
        self.does(f"irt calibrate --responses lsat6.csv --model {model} --out items.csv")


def rows(text: str) -> list[dict[str, str]]:
    """Read a table as anybody's program would."""
    return list(csv.DictReader(io.StringIO(text)))


def responses(items: Sequence[str], answers: Iterable[Sequence[int]]) -> str:
    """Write responses; -1 becomes an empty cell, persons are p1, p2, ..."""
    lines = [",".join(["person", *items])]
    for number, row in enumerate(answers, 1):
        lines.append(",".join([f"p{number}", *("" if x < 0 else str(x) for x in row)]))
    return "\n".join(lines) + "\n"
