"""What commands give back: tables that read back to the same numbers, JSON for machines, and words beside them."""

from __future__ import annotations

import json
import math
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from assessment_app.platform.errors import Invalid

Cell = str | int | float | None
Columns = Mapping[str, Sequence[Cell]]
"""A table by its columns, all of one length."""

NEEDS_QUOTES = re.compile(r'[,"\r\n]')

NOT_CONVERGED = 3
"""The exit code of a calibration that has not converged."""


def say(words: str) -> None:
    """Tell people something beside the result."""
    click.echo(words, err=True)


def told(value: Cell) -> Cell:
    """Turn a number that is not there into None."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def records_of(table: Columns) -> list[dict[str, Cell]]:
    """Give the rows of a table as JSON has them, null for what is missing."""
    return [dict(zip(table, map(told, row), strict=True)) for row in zip(*table.values(), strict=True)]


def as_csv(table: Columns) -> str:
    """Write a table; what is missing is an empty cell, and every number reads back to the same double."""
    rows = zip(*table.values(), strict=True)
    lines = [",".join(map(_quoted, table)), *(",".join([_written(told(cell)) for cell in row]) for row in rows)]
    return "\n".join(lines) + "\n"


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    return repr(cell) if isinstance(cell, float) else _quoted(str(cell))


def _quoted(text: str) -> str:
    """Quote what would end a cell; the csv module leaves a lone carriage return bare and then cannot read it."""
    return '"' + text.replace('"', '""') + '"' if NEEDS_QUOTES.search(text) else text


def as_json(document: Mapping[str, object]) -> str:
    """Write one document; floats read back to the same double, and NaN cannot stand in it."""
    return json.dumps(document, allow_nan=False, ensure_ascii=False, indent=1) + "\n"


def deliver(table: Columns, out: Path | None, document: Mapping[str, object] | None) -> None:
    """Write a table to `out`, or to standard output unless a JSON document goes there."""
    if out is not None:
        write_whole(out, as_csv(table))
    if document is not None:
        show(as_json(document))
    elif out is None:
        show(as_csv(table))


def show(text: str) -> None:
    """Write to standard output in UTF-8, whatever this terminal's own encoding is."""
    click.echo(text.encode(), nl=False)


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all; refuses with Invalid when it cannot be written."""
    write_pieces(path, [text.encode()])


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file of many pieces, whole or not at all; refuses with Invalid when it cannot be written."""
    target = path.resolve()
    try:
        with _ended_by_exception():
            _replace(target, pieces)
    except OSError as error:
        raise Invalid(f"{path} cannot be written ({error.strerror}); what was there before is as it was") from error


def _replace(target: Path, pieces: Iterable[bytes]) -> None:
    number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    try:
        with os.fdopen(number, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _ended_by_exception() -> Iterator[None]:
    """Let a request to end (SIGTERM) unwind what is being done, so that no half file stays behind."""
    before = signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def checked_out(context: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    """Refuse with Invalid, before long work begins, a place that cannot be written to."""
    if path is None:
        return None
    if path.exists() and not path.is_file():
        raise Invalid(f"{path} is not an ordinary file; without {option.opts[0]} the table goes to standard output")
    if not os.access(path.resolve().parent, os.W_OK | os.X_OK):
        raise Invalid(
            f"{path} cannot be written: there is no folder {path.resolve().parent} that this user may write to"
        )
    if any(isinstance(given, Path) and given.resolve() == path.resolve() for given in context.params.values()):
        raise Invalid(f"{path} is given for something else too; it would be lost")
    return path


def steps(count: int, size: int, label: str) -> Iterator[slice]:
    """Part long work into slices, with a bar on standard error while somebody watches."""
    starts = range(0, count, size)
    with click.progressbar(starts, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for start in bar:
            yield slice(start, min(start + size, count))


@contextmanager
def cycle_line() -> Iterator[Callable[[int, float], None]]:
    """Give what tells the number of each cycle and its change in one line, while somebody watches."""
    watched = sys.stderr.isatty()

    def tell(number: int, change: float) -> None:
        if watched:
            click.echo(f"\rcycle {number}, last change {change:.2g}\033[K", nl=False, err=True)

    try:
        yield tell
    finally:
        if watched:
            click.echo("\r\033[K", nl=False, err=True)


@contextmanager
def refused_as(where: object) -> Iterator[None]:
    """Turn what the engine refuses into a refusal that names the file or option it is about."""
    try:
        yield
    except ValueError as error:
        raise Invalid(f"{where}: {error}") from error
