"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from assessment_app.commands.psychometrics.results import checked_out, refused_as
from scoring_engine.ability.posterior import Prior

FILE = click.Path(path_type=Path)

RESPONSES = click.option(
    "--responses", type=FILE, required=True, is_eager=True, help="person, then one column an item; empty = missing"
)
ITEMS = click.option(
    "--items", "items_file", type=FILE, required=True, is_eager=True, help="item, model and its parameters"
)
OUT = click.option(
    "--out", type=FILE, callback=checked_out, help="write the table here, whole or not at all, and not to the terminal"
)
JSON = click.option("--json", "wants_json", is_flag=True, help="print one JSON document")
MEAN = click.option("--mean", type=float, default=0.0, show_default=True, help="of ability in the population")
SD = click.option("--sd", type=float, default=1.0, show_default=True, help="of ability in the population")


def population(mean: float, sd: float) -> Prior:
    """Make the prior; refuses with Invalid what is no normal distribution."""
    with refused_as("--mean, --sd"):
        return Prior(mean, sd)
