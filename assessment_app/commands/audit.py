"""The audit trail from the command line."""

from __future__ import annotations

import sys

import click

from assessment_app.commands.store import open_stores
from assessment_app.platform import audit as trail
from assessment_app.platform.db import EXAM, VAULT, StoreName, transaction


@click.group()
def audit() -> None:
    """Read and check the audit trail."""


@audit.command()
@click.option("--store", type=click.Choice([EXAM, VAULT]), default=EXAM, show_default=True)
def verify(store: StoreName) -> None:
    """Walk the chain of hashes and name the first row that does not hold."""
    open_stores(store)
    with transaction(store, reads_only=True) as db:
        verdict = trail.verify(db)
    if not verdict.holds:
        click.echo(f"BROKEN: {verdict.reason} ({verdict.rows} rows read)")
        sys.exit(1)
    click.echo(f"OK: {verdict.rows} rows, the chain holds; the last hash is {verdict.last}")
