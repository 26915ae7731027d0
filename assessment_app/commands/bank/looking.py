"""What is in stock, and what an editor should look at."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable

import click

from assessment_app.authoring.queries import items as queries
from assessment_app.commands.store import open_stores
from assessment_app.platform.db import VAULT, transaction
from item_bank import demonstration
from item_bank import lint as editor
from item_bank.bank import BankItem, kind_of
from item_bank.stock import Stocked

SAMPLES = click.option("--samples", is_flag=True, help="the demonstration items that come with the program")


def in_stock(*, samples: bool) -> list[tuple[Stocked, str]]:
    """Give items with the state of their newest version: those of the vault, or those that come with the program."""
    if samples:
        return [
            (Stocked(item, 1, one.instrument, one.demonstration), "sample")
            for one in demonstration.stocks()
            for item in one.items
        ]
    open_stores(VAULT)
    with transaction(VAULT, reads_only=True) as db:
        return [(one, state.value) for one, state in queries.with_keys(db)]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="one JSON document for machines")
@SAMPLES
def stats(as_json: bool, samples: bool) -> None:
    """Count the items by instrument, construct, facet, kind and state."""
    counts: Counter[tuple[str, str, str, str, str]] = Counter()
    demonstrated = 0
    for one, state in in_stock(samples=samples):
        construct = "+".join(sorted(one.item.constructs))
        counts[one.instrument, construct, one.item.about.facet, kind_of(one.item), state] += 1
        demonstrated += one.demonstration
    rows = [
        {"instrument": instrument, "construct": construct, "facet": facet, "kind": kind, "state": state, "items": items}
        for (instrument, construct, facet, kind, state), items in sorted(counts.items())
    ]
    if as_json:
        told = {"items": counts.total(), "demonstration": demonstrated, "by": rows}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo("{items:>4}  {instrument}  {construct}  {facet}  {kind}  {state}".format(**row))
    click.echo(f"{counts.total():>4}  in all, of which {demonstrated} demonstration items with assumed parameters")


@click.command()
@SAMPLES
def lint(samples: bool) -> None:
    """Name what an editor should look at, one line each; exit code 1 if there is anything."""
    items: Iterable[BankItem] = (one.item for one, _state in in_stock(samples=samples))
    found = editor.lint(items)
    for finding in found:
        click.echo(f"{finding.item}: {finding.rule}: {finding.text}")
    if found:
        sys.exit(1)
    click.echo("nothing to look at")
