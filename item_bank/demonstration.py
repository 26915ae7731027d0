"""What comes with this package to try it with: written items and generated ones, all with assumed parameters."""

from __future__ import annotations

from item_bank import bank
from item_bank.bank import Stock
from item_bank.generation.generate import FAMILIES, generated

OF_EACH_FAMILY = 240


def stocks() -> list[Stock]:
    """Give the written demonstration items by file, and the generated ones by family."""
    made = [Stock("potential", True, "assumed", generated(family, OF_EACH_FAMILY)) for family in FAMILIES]
    return [*bank.samples(), *made]
