"""Chance that comes out the same each time, because it is drawn from a name."""

from __future__ import annotations

from random import Random

LETTERS = "abcdefghjkmnpqrstuvwxyz"
"""Ids of options: letters that are not taken for each other."""


def chance_of(*names: str | int) -> Random:
    """Give the chance that belongs to some names."""
    return Random("/".join(map(str, names)))


def place_of(source: str, seed: int, places: int) -> int:
    """Say where the right answer stands: as many seeds in a row as there are places use each place once."""
    run, at = divmod(seed, places)
    return chance_of(source, "places", run).sample(range(places), places)[at]
