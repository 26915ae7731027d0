"""The item bank from the command line: what is in stock, in and out, from items to published forms."""

from __future__ import annotations

import click

from assessment_app.commands.bank.correcting import approve_key, correct
from assessment_app.commands.bank.forms import assemble, publish, withdraw
from assessment_app.commands.bank.looking import lint, stats
from assessment_app.commands.bank.moving import calibration, export, generate, take_in


@click.group()
def bank() -> None:
    """Items in the vault: count, check, import, export, assemble, publish."""


for part in (stats, lint, take_in, export, generate, calibration, assemble, publish, withdraw, correct, approve_key):
    bank.add_command(part)
