"""What a response of each kind looks like: rule 8 of the exam protocol.

Each function takes what an item offers and gives back a check. A check says why a response does not fit, or
nothing. null fits every kind: it clears the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from enum import StrEnum


class Reason(StrEnum):
    """Why a response is refused; the words for people belong to who shows them."""

    UNKNOWN_ITEM = "unknown-item"
    WRONG_TYPE = "wrong-type"
    UNKNOWN_OPTION = "unknown-option"
    REPEATED_OPTION = "repeated-option"
    NOTHING_CHOSEN = "nothing-chosen"
    TOO_MANY = "too-many"
    INCOMPLETE = "incomplete"
    OFF_SCALE = "off-scale"
    NOT_A_NUMBER = "not-a-number"
    TOO_LONG = "too-long"
    UNREADABLE_TEXT = "unreadable-text"


Check = Callable[[object], Reason | None]

_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
"""No database column of text takes the null character, and half a surrogate pair has no UTF-8 form."""


def choice(ids: Collection[str]) -> Check:
    """One id."""
    known = frozenset(ids)

    def check(response: object) -> Reason | None:
        if response is None:
            return None
        if not isinstance(response, str):
            return Reason.WRONG_TYPE
        return None if response in known else Reason.UNKNOWN_OPTION

    return check


def choices(ids: Collection[str], at_most: int) -> Check:
    """A list of ids, each once."""
    known = frozenset(ids)

    def check(response: object) -> Reason | None:
        if response is None:
            return None
        if not isinstance(response, list):
            return Reason.WRONG_TYPE
        if len(response) > at_most:
            return Reason.TOO_MANY
        return _among(known, response) or (Reason.REPEATED_OPTION if len(set(response)) < len(response) else None)

    return check


def order(ids: Collection[str]) -> Check:
    """A list of all ids, each once."""
    size, listed = len(ids), choices(ids, len(ids))

    def check(response: object) -> Reason | None:
        if isinstance(response, list) and len(response) < size:
            return Reason.INCOMPLETE
        return listed(response)

    return check


def most_least(ids: Collection[str]) -> Check:
    """An object with two different ids."""
    known = frozenset(ids)

    def check(response: object) -> Reason | None:
        if response is None:
            return None
        if not isinstance(response, dict):
            return Reason.WRONG_TYPE
        if response.keys() != {"most", "least"}:
            return Reason.INCOMPLETE if response.keys() < {"most", "least"} else Reason.WRONG_TYPE
        most, least = response["most"], response["least"]
        return _among(known, [most, least]) or (Reason.REPEATED_OPTION if most == least else None)

    return check


def rating(low: int, high: int) -> Check:
    """A whole number on the scale."""

    def check(response: object) -> Reason | None:
        if response is None:
            return None
        if not isinstance(response, int) or isinstance(response, bool):
            return Reason.WRONG_TYPE
        return None if low <= response <= high else Reason.OFF_SCALE

    return check


def number(response: object) -> Reason | None:
    """Check a decimal: text, so that nothing is rounded on the way; at most 15 digits, a point, 10 digits."""
    if response is None:
        return None
    if not isinstance(response, str):
        return Reason.WRONG_TYPE
    return None if _DECIMAL.fullmatch(response) else Reason.NOT_A_NUMBER


def text(max_length: int) -> Check:
    """Text that a database can keep."""

    def check(response: object) -> Reason | None:
        if response is None:
            return None
        if not isinstance(response, str):
            return Reason.WRONG_TYPE
        if len(response) > max_length:
            return Reason.TOO_LONG
        return Reason.UNREADABLE_TEXT if _UNREADABLE.search(response) else None

    return check


def steps(ids: Collection[str], at_most: int) -> Check:
    """A list of ids in the order taken; an id may come again."""
    known = frozenset(ids)

    def check(response: object) -> Reason | None:
        if response is None:
            return None
        if not isinstance(response, list):
            return Reason.WRONG_TYPE
        return Reason.TOO_MANY if len(response) > at_most else _among(known, response)

    return check


def _among(known: frozenset[str], response: list[object]) -> Reason | None:
    """Check that a response holds ids of the item and nothing else, and at least one."""
    if not response:
        return Reason.NOTHING_CHOSEN
    if not all(isinstance(chosen, str) for chosen in response):
        return Reason.WRONG_TYPE
    return None if known.issuperset(response) else Reason.UNKNOWN_OPTION
