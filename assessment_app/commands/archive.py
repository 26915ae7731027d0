"""``proasn archive``: a wave with everything that its results rest on, from one installation to an empty one."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

import click

from assessment_app.archive import actions
from assessment_app.archive.rules import Damaged
from assessment_app.commands.accounts import operator
from assessment_app.commands.store import open_stores
from assessment_app.platform import clock
from assessment_app.platform.db import EXAM, VAULT, transaction
from assessment_app.platform.errors import Invalid

OUT = click.Path(dir_okay=False, path_type=Path)
IN = click.Path(exists=True, dir_okay=False, path_type=Path)
KEYS = "the keys of its forms: keep this file as secret as the vault"


@click.group()
def archive() -> None:
    """Carry a wave and its results from one installation to another."""


@archive.command("export")
@click.argument("file", type=OUT)
@click.option("--wave", "wave_id", type=click.UUID, required=True)
@click.option("--keys", "key_file", type=OUT, help=KEYS)
def export(file: Path, wave_id: UUID, key_file: Path | None) -> None:
    """Write a wave to FILE: people, sheets, scores, profiles, signatures, placements and the rules behind them."""
    open_stores(EXAM, *((VAULT,) if key_file else ()))
    with transaction() as db:
        actions.tell_export(db, wave_id, operator(), clock.now(), with_keys=key_file is not None)
    with transaction(reads_only=True) as db:
        click.echo(f"{file}: {_write(file, actions.export_results(db, wave_id))} baris")
        if key_file is not None:
            with transaction(VAULT, reads_only=True) as vault:
                click.echo(f"{key_file}: {_write(key_file, actions.export_keys(db, vault, wave_id))} baris")


@archive.command("import")
@click.argument("file", type=IN)
@click.option("--keys", "key_file", type=IN, help=KEYS)
def take_in(file: Path, key_file: Path | None) -> None:
    """Take a wave from FILE into this installation, which has none yet; all of it or nothing."""
    open_stores(EXAM, *((VAULT,) if key_file else ()))
    try:
        with transaction() as db:
            taken = actions.take_in_results(db, lambda: _lines(file))
            keys = _take_in_keys(key_file)  # inside, so that neither is there without the other
        click.echo(f"baris: {taken}\nkunci: {keys}")
    except (Damaged, EOFError, gzip.BadGzipFile) as error:
        raise Invalid(f"Arsip tidak dapat dipakai: {error}. Tidak ada yang disimpan.") from error


def _take_in_keys(file: Path | None) -> int:
    if file is None:
        return 0
    with transaction(VAULT) as vault:
        return actions.take_in_keys(vault, lambda: _lines(file))


def _lines(file: Path) -> Iterator[bytes]:
    with gzip.open(file) as content:
        yield from content


def _write(file: Path, lines: Iterable[bytes]) -> int:
    """Write whole or not at all, readable by its owner alone, and the same bytes each time."""
    unfinished, count = file.with_name(f"{file.name}.part"), 0
    with open(unfinished, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
        with gzip.GzipFile(fileobj=out, mode="wb", filename="", mtime=0) as packed:
            for line in lines:
                packed.write(line)
                count += 1
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(file)
    return count
