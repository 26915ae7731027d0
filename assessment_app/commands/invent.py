"""Write lists of invented people: what a demonstration or a rehearsal imports."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import click
import msgspec

from assessment_app.people.messages.spreadsheet import SHARE, make
from assessment_app.platform import clock


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--rows", default=1905, show_default=True, type=click.IntRange(1, 50_000), help="Rows about people.")
@click.option("--units", default=40, show_default=True, type=click.IntRange(1, 2_000), help="Units they work in.")
@click.option("--seed", default=2026, show_default=True, help="The same seed writes the same list.")
@click.option("--share", default=SHARE, show_default=True, type=click.FloatRange(0, 1), help="Share of faulty rows.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the people work; today unless given.")
@click.option("--truth", type=click.Path(dir_okay=False, path_type=Path), help="Also write what is true of each row.")
def invent(out: Path, rows: int, units: int, seed: int, share: float, day: datetime | None, truth: Path | None) -> None:
    """Write OUT, a spreadsheet of invented people as agencies send it, with the faults of real ones."""
    made = make(rows, seed, (day or clock.now()).date(), units, share)
    out.write_bytes(made.content)
    if truth is not None:
        truth.write_bytes(msgspec.json.format(msgspec.json.encode(made.truths)))
    kinds = Counter(one.outcome or "sound" for one in made.truths)
    click.echo(f"{out}: {len(made.truths)} rows; " + ", ".join(f"{kinds[kind]} {kind}" for kind in sorted(kinds)))
