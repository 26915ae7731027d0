"""Measure the exam server: ``.venv/bin/python -m benchmarks.exam --help``."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from benchmarks.exam import measures
from benchmarks.exam.goals import goal_table, goals, load_table
from benchmarks.exam.stage import Generator, Told, filled, generator, server
from benchmarks.exam.yardsticks import straight_to_postgres, straight_to_sqlite
from benchmarks.installations import STORES, Store, installation

PARTS = ("sittings", "cost", "ramp", "bulk", "pages", "slow disk", "stalls", "kills", "endings")


def measure(store: Store, player: Generator, size: measures.Size, wanted: tuple[str, ...]) -> Told:
    """Measure what is wanted on one store, in one run; the sittings are played first, since all else needs them."""
    made: Told = {}
    with server(store) as at:
        made["sittings"] = measures.sittings(at, player, size)
        if "cost" in wanted:  # first what reads answers: whoever saves at full load soon has thousands of them
            made["cost"] = {
                "content": measures.full_load(at, player, size, "content"),
                "bootstrap": measures.full_load(at, player, size, "start", "content"),
            }
            with server(store, "hello") as hello:
                made["cost"] |= measures.save_beside_hello(at, hello, player, size)
            made["cost"]["save of 3"] = measures.full_load(at, player, size, "save 3")
        inside: dict[str, Callable[[], Told]] = {
            "ramp": lambda: measures.ramp(at, player, size.rates, size.seconds),
            "bulk": lambda: measures.beside_bulk(at, player, size),
        }
        made |= {name: run() for name, run in inside.items() if name in wanted}
    if "cost" in wanted:
        made["cost"] |= yardsticks(store, player, size)
    if "pages" in wanted:
        savers, readers = store.people[size.people : -measures.COMPANY], store.people[-measures.COMPANY :]
        with server(store) as at, generator(savers) as saving, generator(readers) as reading:
            made["beside pages"] = measures.beside_pages(at, saving, reading, size)
    if "slow disk" in wanted:
        made["slow disk"] = measures.slow_disk(store, player, size)
    if "stalls" in wanted:
        with server(store) as at, generator(store.people[:1]) as others:
            made["stalls"] = measures.stalled(at, player, size, others)
    if "kills" in wanted:
        made["kills"] = measures.killed(store, player, size)
    if "endings" in wanted:
        with server(store) as at:
            made["endings"] = {"to the receipt": measures.endings(at, player, size)}
    return made


def yardsticks(store: Store, player: Generator, size: measures.Size) -> Told:
    """Measure what the save is compared with: a bare route, the naive save, the database alone."""
    made: Told = {}
    with server(store, "bare") as at:
        made["bare"] = measures.full_load(at, player, size, "hello")
    with server(store, "naive") as at:
        made["naive"] = measures.full_load(at, player, size, "save 3")
    straight = straight_to_postgres if store.cluster else straight_to_sqlite
    made["straight"] = straight(store, max(1, round(size.seconds)))
    return made


@click.command()
@click.option("--store", "stores", multiple=True, type=click.Choice(STORES), help="Only this store; may be repeated.")
@click.option("--only", "wanted", multiple=True, type=click.Choice(PARTS), help="Only this; may be repeated.")
@click.option("--people", type=click.IntRange(20, 20_000), default=measures.Size.people, show_default=True)
@click.option("--seconds", type=click.FloatRange(0.5), default=measures.Size.seconds, show_default=True)
@click.option("--trials", type=click.IntRange(1), default=measures.Size.trials, show_default=True, help="Of kill -9.")
@click.option("--quick", is_flag=True, help="See in a minute that everything still runs; the figures mean nothing.")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures here too.")
def main(
    stores: tuple[str, ...], wanted: tuple[str, ...], people: int, seconds: float, trials: int, quick: bool,
    file: Path | None,
) -> None:  # fmt: skip
    """Play whole sittings against the real exam server and say what they cost."""
    size = measures.QUICK if quick else replace(measures.Size(), people=people, seconds=seconds, trials=trials)
    everything: Told = {}
    for name in stores or STORES:
        everybody = size.people + 2 * measures.COMPANY
        with installation(name, filled(everybody)) as store, generator(store.people[: size.people]) as player:
            made = everything[name] = measure(store, player, size, wanted or PARTS)
        rows = list(goals(name, made))
        made["goals"] = [row.told() for row in rows]
        click.echo(load_table(name, made))
        click.echo(goal_table(name, rows))
        if file is not None:
            file.write_text(json.dumps(everything, indent=1))


if __name__ == "__main__":
    main()
