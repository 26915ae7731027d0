"""What may govern one attribute of a matrix of three by three, and what each rule says of its ninth cell.

Cells are counted row by row from 0; the ninth is not known. A rule looks at two whole lines and the begun third one.
Lines are the rows, or the columns; along the diagonals, closed to rings, an attribute may only stay the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["nominal", "graded", "count", "cycle", "set"]
Values = Sequence[int]
Lines = tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int]]
Rule = Callable[[Lines], int | None]
"""Gives the last value of the third line, or nothing where the rule does not fit."""

ROWS = ((0, 1, 2), (3, 4, 5), (6, 7))
COLUMNS = ((0, 3, 6), (1, 4, 7), (2, 5))
FALLING = ((1, 5, 6), (2, 3, 7), (0, 4))
RISING = ((0, 5, 7), (2, 4, 6), (1, 3))


@dataclass(frozen=True)
class Scale:
    """What the values of an attribute are to each other; a cycle closes after ``size`` values."""

    kind: Kind
    size: int


def predictions(visible: Values, scale: Scale) -> dict[str, int]:
    """Name every rule that fits the eight visible values, with the ninth value that it predicts."""
    return {name: value for name, value in _all_predictions(visible, scale) if value is not None}


def only_prediction(visible: Values, scale: Scale) -> int | None:
    """Give the ninth value if all rules that fit agree on it, counting what stands in sets too."""
    values = set(predictions(visible, scale).values())
    if len(values) != 1:
        return None
    (value,) = values
    return value if scale.kind != "set" or _counts_agree([*visible, value]) else None


def _counts_agree(sets: Values) -> bool:
    """Whether no rule on the bare numbers of what stands in the sets speaks for another ninth set."""
    *visible, last = (one.bit_count() for one in sets)
    return set(predictions(visible, Scale("count", 0)).values()) <= {last}


def _all_predictions(visible: Values, scale: Scale) -> Iterator[tuple[str, int | None]]:
    for reading, places in (("rows", ROWS), ("columns", COLUMNS)):
        lines = _lines(visible, places)
        for name, rule in rules_of(scale).items():
            yield f"{name} by {reading}", rule(lines)
    for reading, places in (("falling", FALLING), ("rising", RISING)):
        yield f"same on {reading} diagonals", same(_lines(visible, places))


def _lines(values: Values, places: tuple[tuple[int, ...], ...]) -> Lines:
    (a, b, c), (d, e, f), (g, h) = ([values[place] for place in line] for line in places)
    return (a, b, c), (d, e, f), (g, h)


def rules_of(scale: Scale) -> Mapping[str, Rule]:
    """Name the rules that can govern values of a scale."""
    if scale.kind == "nominal":
        return BARE
    if scale.kind == "set":
        return {**BARE, **OF_SETS}
    if scale.kind == "cycle":
        return {**BARE, **_of_steps(scale.size)}
    return {**BARE, **_of_steps(0), **(OF_COUNTS if scale.kind == "count" else {})}


def same(lines: Lines) -> int | None:
    """One value in each line."""
    (a, b, c), (d, e, f), (g, h) = lines
    return g if a == b == c and d == e == f and g == h else None


def first_again(lines: Lines) -> int | None:
    """The last of a line is its first."""
    (a, _, c), (d, _, f), (g, _) = lines
    return g if a == c and d == f else None


def second_again(lines: Lines) -> int | None:
    """The last of a line is its second."""
    (_, b, c), (_, e, f), (_, h) = lines
    return h if b == c and e == f else None


def three(lines: Lines) -> int | None:
    """The same three values in each line, in any order."""
    first, second, begun = lines
    rest = Counter(first)
    rest.subtract(begun)
    left = [value for value, times in rest.items() if times > 0]
    return left[0] if sorted(first) == sorted(second) and len(left) == 1 else None


def _of_steps(size: int) -> dict[str, Rule]:
    """Make the rules on steps between values, in a cycle of a size, or without end where it is 0."""

    def closed(value: int) -> int:
        return value % size if size else value

    def even_steps(lines: Lines) -> int | None:
        """Each line steps evenly, each with its own step."""
        (a, b, c), (d, e, f), (g, h) = lines
        return closed(2 * h - g) if closed(a + c - 2 * b) == 0 == closed(d + f - 2 * e) else None

    def like_steps(lines: Lines) -> int | None:
        """All lines take the same two steps."""
        (a, b, c), (d, e, f), (g, h) = lines
        fits = closed(b - a) == closed(e - d) == closed(h - g) and closed(c - b) == closed(f - e)
        return closed(h + c - b) if fits else None

    return {"even steps": even_steps, "like steps": like_steps}


def _of_two(combine: Callable[[int, int], int]) -> Rule:
    """Make the rule that the last of a line comes from its first two."""

    def rule(lines: Lines) -> int | None:
        (a, b, c), (d, e, f), (g, h) = lines
        return combine(g, h) if combine(a, b) == c and combine(d, e) == f else None

    return rule


BARE: Mapping[str, Rule] = {
    "same": same,
    "first again": first_again,
    "second again": second_again,
    "three": three,
}
COMBINED: Mapping[str, Callable[[int, int], int]] = {
    "plus": lambda a, b: a + b,
    "minus": lambda a, b: a - b,
    "minus, turned": lambda a, b: b - a,
    "union": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b,
    "both": lambda a, b: a & b,
    "less": lambda a, b: a & ~b,
    "less, turned": lambda a, b: b & ~a,
}
OF_COUNTS = {name: _of_two(COMBINED[name]) for name in ("plus", "minus", "minus, turned")}
OF_SETS = {name: _of_two(COMBINED[name]) for name in ("union", "xor", "both", "less", "less, turned")}
