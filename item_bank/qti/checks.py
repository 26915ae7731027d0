"""What an item must be to cross the border, in either direction: what it must be in the bank."""

from __future__ import annotations

from collections.abc import Sequence

from item_bank.bank import BankItem, kind_of, problems_of
from item_bank.drafts import SCORED_BY, DraftItem, problems_of_item


def is_for_people(item: BankItem) -> bool:
    """Whether an item is answered in free words, which people read: no key of the bank scores it."""
    return not SCORED_BY[kind_of(item)]


def problems_of_items(items: Sequence[BankItem], instrument: str) -> list[str]:
    """Say all that the bank would say, but for the key of free words: the item crosses with what it has."""
    excused = {
        f"item '{item.id}': {problem}"
        for item in items
        if is_for_people(item) and item.key.id == item.id
        for problem in problems_of_item(DraftItem(item.words, item.key))
    }
    return [problem for problem in problems_of(items, instrument) if problem not in excused]
