"""The file of ours beside an item: all that QTI has no place for."""

from __future__ import annotations

import msgspec

from item_bank.bank import BankItem, Stock
from item_bank.qti.documents import Companion
from item_bank.qti.texts import carried

SCHEMA = "proasn/qti-item/1"


class NotWritable(ValueError):
    """An item holds something that would not come back as it is."""


def companion_file(item: BankItem, stock: Stock) -> bytes:
    """Write what goes beside an item; refuses with NotWritable what could not be read again."""
    try:
        told = {
            "schema": SCHEMA, "instrument": stock.instrument, "demonstration": stock.demonstration,
            "parameters": stock.parameters, "key": item.key, "about": item.about,
        }  # fmt: skip
        if carried(item.words) != item.words:
            told["words"] = item.words
        content = msgspec.json.format(msgspec.json.encode(told, order="deterministic"), indent=1)
        read = msgspec.json.decode(content, type=Companion)
    except msgspec.ValidationError as error:
        raise NotWritable(f"it does not fit the bank ({error}); mend it there") from error
    except UnicodeEncodeError as error:
        raise NotWritable("a text holds half a character, which no file can hold; write it anew") from error
    if (read.key, read.about) != (item.key, item.about):
        raise NotWritable("its key holds a number that cannot be written; mend it in the bank")
    return content + b"\n"
