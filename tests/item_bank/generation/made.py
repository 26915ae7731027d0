"""The items that the tests look at, made once, and small ways to look at them."""

from functools import cache

from item_bank.generation.generate import generated

FAMILIES = ("figural", "series", "table")
COUNT = 240


@cache
def items_of(family):
    return generated(family, COUNT)


def right_option(item):
    (right,) = (option for option in item.words.options if item.key.credit[option.id])
    return right


def right_place(item):
    return item.words.options.index(right_option(item))


def option_texts(item):
    return [option.text for option in item.words.options]


def number(text):
    """Read a number as it is written in Indonesian, without a sign for percent."""
    return float(text.removesuffix("%").replace(".", "").replace(",", "."))
