"""The long run: ``python -m tests.faults``; ends with 1 if anything was lost, invented or otherwise wrong."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from assessment_app.rehearsal.participants.wire import BRISK
from tests.faults.conductor import Order, play
from tests.faults.house import Size
from tests.services.run import Run


@click.command(help=__doc__)
@click.option("--sittings", default=200, show_default=True, type=click.IntRange(1, 500))
@click.option("--faults", default=300, show_default=True, type=click.IntRange(0, 100_000))
@click.option("--database", default="sqlite", show_default=True, type=click.Choice(["sqlite", "postgresql"]))
@click.option("--seed", default=1, show_default=True, help="The same seed plans the same faults.")
@click.option("--parts", default=2, show_default=True, type=click.IntRange(1, 4), help="Parts of the battery.")
@click.option("--limit", default=60.0, show_default=True, help="Seconds that a part may take.")
@click.option("--keep", type=click.Path(path_type=Path), help="Leave stores and logs here.")
def main(sittings: int, faults: int, database: str, seed: int, parts: int, limit: float, keep: Path | None) -> None:
    """Play, judge, tell."""
    run = Run.begin()
    try:
        order = Order(database, seed, Size(sittings, parts, limit), faults, BRISK)
        report = play(run, order, lambda line: click.echo(line, err=True))
        click.echo("\n".join(report.lines()))
    finally:
        if keep is not None:
            shutil.copytree(run.folder / "house", keep, dirs_exist_ok=True)
        run.end()
    sys.exit(1 if report.findings else 0)


if __name__ == "__main__":
    main()
