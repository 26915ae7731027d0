"""``proasn recompute``: everything stored is computed again, and every difference is told with its cause."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

import click

from assessment_app.commands.psychometrics.results import say
from assessment_app.commands.store import open_stores
from assessment_app.platform import clock
from assessment_app.platform.db import EXAM, VAULT, transaction
from assessment_app.platform.errors import NotFound
from assessment_app.recompute import actions, queries
from assessment_app.recompute.rules import Difference, Kind, Report
from scoring_engine import ENGINE_VERSION
from scoring_engine.canonical import canonical

NAMES = {
    Kind.SHEET: "lembar", Kind.SCORE: "skor", Kind.PROFILE: "profil", Kind.SIGNED: "hasil bertanda tangan",
    Kind.PLACEMENT: "penempatan", Kind.COMPARED: "profil pembanding",
    Kind.REPORT: "laporan",
}  # fmt: skip

UNSOUND, STALE = 1, 3
"""Exit codes: something stored is not what it was computed from; everything is, and some would differ today."""


@click.command()
@click.option("--wave", "wave_id", type=click.UUID, help="everybody of a wave")
@click.option("--person", "nip", help="one person, by NIP")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="write the whole report here")
def recompute(wave_id: UUID | None, nip: str | None, file: Path | None) -> None:
    """Compute results again: the same bytes, or every difference and its cause. Changes nothing.

    Without an option everything is computed. Ends with 0 when nothing differs, 1 when something stored is not what it
    was computed from, 3 when everything stored is sound and some of it would rest on something else today.
    """
    open_stores(EXAM, VAULT)
    with transaction(reads_only=True) as db, transaction(VAULT, reads_only=True) as vault:
        people = dict(queries.sittings(db, wave_id, nip))
        if not people:
            raise NotFound("Tidak ada lembar tersegel untuk pilihan ini.")
        report = actions.recompute(db, vault, people, clock.now())
    if file is not None:
        file.write_bytes(_document(report, people))
    _tell(report, people)
    unsound = any(not one.stale for one in report.differences)
    sys.exit(UNSOUND if unsound else STALE if report.differences else 0)


def _document(report: Report, people: Mapping[int, str]) -> bytes:
    return canonical({
        "schema": "proasn/recompute/1", "engine": ENGINE_VERSION, "fingerprint": report.fingerprint,
        "same": {kind.value: count for kind, count in report.same.items()},
        "differences": [{"nip": people[one.sitting_id], **asdict(one)} for one in report.in_order],
    })  # fmt: skip


def _tell(report: Report, people: Mapping[int, str]) -> None:
    for one in report.in_order:
        say(f"{'AKAN LAIN HARI INI' if one.stale else 'BERBEDA'}: {_words(one, people)}")
    for kind, count in report.same.items():
        click.echo(f"{NAMES[kind]}: {count} sama persis")
    click.echo(f"sidik hasil hitung ulang: {report.fingerprint}")


def _words(one: Difference, people: Mapping[int, str]) -> str:
    which = f" {one.which}" if one.which else ""
    detail = f"; {one.detail}" if one.detail else ""
    return f"{NAMES[one.kind]}{which} NIP {people[one.sitting_id]} (peserta {one.sitting_id}): {one.cause}{detail}"
