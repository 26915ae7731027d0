"""What comes with this package to try it with: written items and generated ones, all with assumed parameters."""

from __future__ import annotations

from collections.abc import Collection

from item_bank import bank
from item_bank.bank import Stock
from item_bank.generation.generate import FAMILIES, PREFIXES, generated

OF_EACH_FAMILY = 240


def stocks(known: Collection[str] = ()) -> list[Stock]:
    """Give the written demonstration items by file, and the generated ones by family.

    Making a family takes half a second: one that ``known``, the items in stock, already has is left out.
    """
    wanted = [family for family in FAMILIES if _count(family, known) < OF_EACH_FAMILY]
    made = [Stock("potential", True, "assumed", generated(family, OF_EACH_FAMILY)) for family in wanted]
    return [*bank.samples(), *made]


def _count(family: str, known: Collection[str]) -> int:
    return sum(item_id.startswith(f"{PREFIXES[family]}-") for item_id in known)
