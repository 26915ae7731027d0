"""The item bank from the command line: what is in stock, and what an editor should look at."""

from __future__ import annotations

import json
import sys
from collections import Counter

import click

from item_bank import bank as stock
from item_bank import demonstration
from item_bank import lint as editor


@click.group()
def bank() -> None:
    """Look at the items in stock (today: the demonstration items that come with the program)."""


@bank.command()
@click.option("--json", "as_json", is_flag=True, help="one JSON document for machines")
def stats(as_json: bool) -> None:
    """Count the items by instrument, construct, facet and kind."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for one in demonstration.stocks():
        for item in one.items:
            construct = "+".join(sorted(item.constructs))
            counts[one.instrument, construct, item.about.facet, stock.kind_of(item)] += 1
    rows = [
        {"instrument": instrument, "construct": construct, "facet": facet, "kind": kind, "items": items}
        for (instrument, construct, facet, kind), items in sorted(counts.items())
    ]
    if as_json:
        told = {"items": counts.total(), "parameters": "assumed", "demonstration": True, "by": rows}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo("{items:>4}  {instrument}  {construct}  {facet}  {kind}".format(**row))
    click.echo(f"{counts.total():>4}  in all; demonstration items with assumed parameters")


@bank.command()
def lint() -> None:
    """Name what an editor should look at, one line each; exit code 1 if there is anything."""
    found = editor.lint(item for one in demonstration.stocks() for item in one.items)
    for finding in found:
        click.echo(f"{finding.item}: {finding.rule}: {finding.text}")
    if found:
        sys.exit(1)
    click.echo("nothing to look at")
