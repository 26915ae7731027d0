"""Measure scoring at the scale of a province: ``.venv/bin/python -m benchmarks.pipeline --help``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from benchmarks.installations import STORES, Store, installation
from benchmarks.pipeline.measures import Figures, wave

SIZES = (1905, 19_000)
QUICK = (20, 60)

LIMIT_S, LIMIT_BYTES, LIMIT_GROWTH, LIMIT_WAIT_MS = 180.0, 1.5e9, 0.10, 300.0
"""What was wanted: of 19,000 sittings on two cores."""


def table(name: str, seen: Sequence[Figures]) -> str:
    """Write what was seen for people."""
    head = f"{'sittings':>9}{'sheets':>9}{'workers':>9}{'seconds':>9}{'rows/s':>9}{'CPU ms a sitting':>18}"
    more = f"{'of it database':>16}{'workers MB':>12}{'database MB':>13}{'writer waits ms: p99':>21}{'max':>6}"
    lines = [f"\n{name}", f"{head}{more}   (cores others used)"]
    for one in seen:
        lines.append(
            f"{one.sittings:>9}{one.sheets:>9}{one.workers:>9}{one.seconds:>9.1f}{one.rows_per_second:>9.0f}"
            f"{one.cpu_ms:>18.2f}{1000 * one.database_cpu_s / one.sittings:>16.2f}{one.worker_bytes / 1e6:>12.0f}"
            f"{one.database_bytes / 1e6:>13.0f}{one.wait_p99_ms:>21.0f}{one.longest_wait_ms:>6.0f}"
            f"   (+{one.beside_cores:.1f})"
        )
    return "\n".join([*lines, *goals(seen)])


def goals(seen: Sequence[Figures]) -> Iterator[str]:
    """Put what was seen beside what was wanted."""
    small, large = seen[0], seen[-1]
    rows = [
        (f"seconds of {large.sittings} sittings", large.seconds, LIMIT_S),
        ("MB of workers and database at most", (large.worker_bytes + large.database_bytes) / 1e6, LIMIT_BYTES / 1e6),
        ("another writer waits ms, p99", large.wait_p99_ms, LIMIT_WAIT_MS),
    ]
    if small is not large:
        by_time = (large.seconds / large.sittings) / (small.seconds / small.sittings) - 1
        rows += [
            ("growth of seconds a sitting", by_time, LIMIT_GROWTH),
            ("growth of CPU a sitting", large.cpu_ms / small.cpu_ms - 1, LIMIT_GROWTH),
        ]
    for what, found, limit in rows:
        yield f"  {what:<40}{found:>10.2f}{limit:>10.2f}  {'reached' if found <= limit else 'MISSED'}"


def empty(store: Store) -> Store:
    """Take an installation as it is: the waves bring the demonstration with them."""
    store.folder.mkdir(mode=0o700)
    return store


@click.command()
@click.option("--store", "stores", multiple=True, type=click.Choice(STORES), help="Only this store; may be repeated.")
@click.option("--sittings", "sizes", multiple=True, type=click.IntRange(1, 100_000), help="Waves, from small to large.")
@click.option("--workers", type=click.IntRange(1, 16), help="Processes; 1 on SQLite, whose writers take turns, else 2.")
@click.option("--quick", is_flag=True, help="See in a minute that everything still runs; the figures mean nothing.")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here too.")
def main(stores: tuple[str, ...], sizes: tuple[int, ...], workers: int | None, quick: bool, file: Path | None) -> None:
    """Let real workers make scores, profiles and placements of sealed waves, and say what they cost."""
    everything = {}
    for name in stores or STORES:
        with installation(name, empty) as store:
            family = workers or (2 if store.cluster else 1)
            seen = [wave(store, size, family) for size in sizes or (QUICK if quick else SIZES)]
        click.echo(table(name, seen))
        everything[name] = [asdict(one) for one in seen]
        if file is not None:
            file.write_text(json.dumps(everything, indent=1))


if __name__ == "__main__":
    main()
