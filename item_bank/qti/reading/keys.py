"""A key for an item that came without one of ours: from the right answer or the mapping, with assumed parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from item_bank.drafts import offered_by
from item_bank.item_keys import AnyItemKey
from item_bank.presentation import AnyItem, Rating
from item_bank.qti.declarations import MAP, MATCH, Declared
from item_bank.qti.markup import Node
from item_bank.qti.reading.findings import Case, NotUnderstood

NO_REASON = "Tidak ada alasan dalam paket asal."
MOST_DIGITS = 30
SLOPE, WIDEST = 1.0, 1.5
"""Assumed of every item: slope 1, and borders spread evenly from -1.5 to 1.5."""


@dataclass(frozen=True)
class Sought:
    """An item without a key, and all that its file says of one."""

    words: AnyItem
    declared: Declared
    ids: Mapping[str, str]
    construct: str
    case: Case
    place: Node

    def tell(self, what: str, became: str) -> None:
        """Report something about the key."""
        self.case.tell(self.place, what, became)


def assumed_key(sought: Sought) -> AnyItemKey:
    """Make a key; refuses with NotUnderstood where the file does not say what is right."""
    kind = str(sought.words.__struct_config__.tag)
    head = {
        "id": sought.words.id, "construct": sought.construct,
        "rationale": dict.fromkeys(sorted(offered_by(sought.words)), NO_REASON),
    }  # fmt: skip
    try:
        key: AnyItemKey = msgspec.convert({**head, **MAKERS[kind](sought)}, AnyItemKey)
    except msgspec.ValidationError as error:
        raise NotUnderstood(sought.place, f"what it says is right makes no key here ({error})") from error
    return key


def spread(many: int) -> list[float]:
    """Assume borders: one in the middle, several evenly from -1.5 to 1.5."""
    return [0.0] if many == 1 else [round(-WIDEST + 2 * WIDEST * n / (many - 1), 6) for n in range(many)]


def _right(sought: Sought) -> list[str]:
    """Name the right ones, by the right answer or by what earns something."""
    told = sought.declared.correct or [key for key, worth in sought.declared.mapping if worth > 0]
    strangers = sorted(set(told) - set(sought.ids))
    if strangers or not told:
        what = f"it calls '{strangers[0]}' right, which is not there" if strangers else "it does not say what is right"
        raise NotUnderstood(sought.place, what)
    return [sought.ids[one] for one in told]


def _credited(sought: Sought) -> dict[str, Any]:
    declared = sought.declared
    if declared.mapping and not (declared.rule == MATCH and declared.correct):
        return _mapped(sought)
    right = set(_right(sought))
    return {"model": "2pl", "a": SLOPE, "b": 0.0, "credit": {one: int(one in right) for one in sought.ids.values()}}


def _mapped(sought: Sought) -> dict[str, Any]:
    """Turn what options earn into credits 0, 1, 2 and so on."""
    declared, earns = sought.declared, dict(sought.declared.mapping)
    lowest = declared.lower if declared.lower is not None else float("-inf")
    highest = declared.upper if declared.upper is not None else float("inf")
    worth = {own: min(highest, max(lowest, earns.get(one, declared.otherwise))) for one, own in sought.ids.items()}
    steps = sorted(set(worth.values()))
    if len(steps) < 2:
        raise NotUnderstood(sought.place, "all options earn the same, so nothing is right")
    if steps != list(range(len(steps))):
        told = ", ".join(f"{step:g}" for step in steps)
        sought.tell(f"options that earn {told}", f"they earn 0 to {len(steps) - 1} in that order; the file is kept")
    credit = {own: steps.index(value) for own, value in worth.items()}
    if len(steps) == 2:
        return {"model": "2pl", "a": SLOPE, "b": 0.0, "credit": credit}
    return {"model": "grm", "a": SLOPE, "b": spread(len(steps) - 1), "credit": credit}


def _selected(sought: Sought) -> dict[str, Any]:
    right = _right(sought)
    if len(right) > getattr(sought.words, "at_most", len(right)):
        raise NotUnderstood(sought.place, "more is right than can be chosen")
    by_part = sought.declared.rule == MAP and len(right) > 1
    if by_part and not _is_balanced(sought, right):
        sought.tell(
            "a mapping that weighs choices otherwise",
            "each right one earns 1 and each wrong one takes 1 back; the file is kept",
        )
    return {"model": "set", "a": SLOPE, "b": spread(len(right) if by_part else 1), "right": right}


def _is_balanced(sought: Sought, right: list[str]) -> bool:
    """Whether each right choice earns what each wrong one takes back, down to none, as the bank counts."""
    declared, worth = sought.declared, dict(sought.declared.mapping)
    earned = {worth.get(one, declared.otherwise) for one, own in sought.ids.items() if own in right}
    taken = {worth.get(one, declared.otherwise) for one, own in sought.ids.items() if own not in right}
    whole = len(right) * max(earned)
    is_even = len(earned) == 1 and taken <= {-one for one in earned}
    return is_even and declared.lower == 0 and declared.upper in (None, whole)


def _sequenced(sought: Sought) -> dict[str, Any]:
    return {"model": "sequence", "a": SLOPE, "b": [0.0], "right": _right(sought)}


def _quantity(sought: Sought) -> dict[str, Any]:
    if len(sought.declared.correct) != 1:
        raise NotUnderstood(sought.place, "it does not say which number is right")
    value, tolerance = (
        _decimal(sought, text) for text in (sought.declared.correct[0], sought.declared.tolerance or "0")
    )
    return {"model": "quantity", "a": SLOPE, "b": [0.0], "value": value, "tolerance": tolerance}


def _decimal(sought: Sought, text: str) -> str:
    """Write a number without an exponent."""
    try:
        value = Decimal(text[:40])
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS:
        raise NotUnderstood(sought.place, f"'{text[:20]}' is no number that an answer could be")
    return f"{value:f}"


def _rated(sought: Sought) -> dict[str, Any]:
    """Rate straight or reversed, as the mapping says; without one a higher rating speaks for more."""
    words = sought.words
    if not isinstance(words, Rating):
        raise NotUnderstood(sought.place, "it is no rating")
    many = words.high - words.low
    earns = [dict(sought.declared.mapping).get(str(one)) for one in range(words.low, words.high + 1)]
    if sought.declared.mapping and earns not in ([*range(many + 1)], [*range(many, -1, -1)]):
        raise NotUnderstood(sought.place, "a slider whose values earn other than their place, which has no place here")
    if not sought.declared.mapping:
        sought.tell("it does not say what a rating earns", "a higher one earns more; the file is kept")
    scale = {"low": words.low, "high": words.high, "reverse": bool(earns[0])}
    return {"model": "rating", "a": SLOPE, "b": spread(many), **scale}


def _preferred(sought: Sought) -> dict[str, Any]:
    sought.tell(
        "statements without parameters", "all were assumed alike: loading 1, mean 0, variance 1; the file is kept"
    )
    if sought.declared.correct:
        sought.tell("it says which statement is right", "statements have no right one here; the file is kept")
    alike = {"loading": 1.0, "mean": 0.0, "psi": 1.0}
    return {"model": "thurstone", "statements": dict.fromkeys(sought.ids.values(), alike)}


def _for_people(sought: Sought) -> dict[str, Any]:
    sought.tell("free words", "no key of the bank scores them: it has a stand-in, 0 or 1 by who reads it")
    return {"model": "rating", "a": SLOPE, "b": [0.0], "low": 0, "high": 1}


def _steps(sought: Sought) -> dict[str, Any]:
    raise NotUnderstood(sought.place, "a simulation without the file that says which ways through it are right")


MAKERS: dict[str, Callable[[Sought], dict[str, Any]]] = {
    "choice": _credited, "choices": _selected, "hotspot": _selected, "order": _sequenced, "number": _quantity,
    "rating": _rated, "most_least": _preferred, "text": _for_people, "simulation": _steps,
}  # fmt: skip
"""By kind of item, what makes its key."""
