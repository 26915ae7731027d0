"""How hard an item will probably be, from the rules in it.

All parameters here are ASSUMED: they order items by what research on such items finds (more rules, and rules on what
two pictures have in common, are harder), and their size is a guess until the items were calibrated on answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EASIEST, HARDEST = -2.0, 2.0
SHALLOWEST, STEEPEST = 0.8, 1.5

OF_MATRIX_RULE = {
    "progress": 0.0, "turn": 0.2, "union": 0.2, "three": 0.3, "plus": 0.5, "minus": 0.8, "both": 0.9, "less": 1.0,
    "xor": 1.2,
}  # fmt: skip
"""Logits that a rule adds to a matrix of figures."""

OF_SERIES = {
    "arithmetic": -1.8, "geometric": -1.4, "alternating": -0.5, "second": -0.3, "fibonacci": 0.1, "interleaved": 0.8,
    "affine": 1.1,
}  # fmt: skip
"""Logits of a series of small numbers by its family."""

OF_TABLE_QUESTION = {
    "total": -1.7, "difference": -1.5, "conditions": -1.1, "ratio": -0.5, "share": -0.3, "change": 0.3, "growth": 0.8,
    "weighted": 1.4,
}  # fmt: skip
"""Logits of a question on a small table by its kind."""


@dataclass(frozen=True)
class Difficulty:
    """Slope per logit and place in logits, both assumed."""

    a: float
    b: float


def of_matrix(rules: Sequence[str], by_columns: int) -> Difficulty:
    """Assume the parameters of a matrix: each rule adds its own weight, each further one .9, each by columns .1."""
    weight = sum(OF_MATRIX_RULE[rule] for rule in rules)
    more = len(rules) - 1
    return _within(0.95 + 0.2 * more, -1.7 + weight + 0.9 * more + 0.1 * by_columns)


def of_series(family: str, terms: Sequence[int]) -> Difficulty:
    """Assume the parameters of a series: its family, .3 more for numbers over 100, .2 more where it falls.

    Each term beyond five makes the pattern plainer, by .05.
    """
    large, falling = max(map(abs, terms)) > 100, terms[-1] < terms[0]
    return _within(
        1.0 + 0.1 * (family in {"second", "interleaved", "affine"}),
        OF_SERIES[family] + 0.3 * large + 0.2 * falling - 0.05 * (len(terms) - 5),
    )


def of_table(question: str, rows: int, columns: int) -> Difficulty:
    """Assume the parameters of a question on a table: its kind, and .03 more for each figure beyond ten."""
    steep = question in {"weighted", "growth", "change"}
    return _within(0.9 + 0.2 * steep, OF_TABLE_QUESTION[question] + 0.03 * (rows * columns - 10))


def _within(a: float, b: float) -> Difficulty:
    return Difficulty(round(min(max(a, SHALLOWEST), STEEPEST), 2), round(min(max(b, EASIEST), HARDEST), 2) + 0.0)
