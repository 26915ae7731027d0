"""What may govern a series of numbers, and what each rule says of its next term.

A rule speaks only where the shown terms are more than it needs to be fixed, so that it could have failed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

Terms = Sequence[Fraction]
Rule = Callable[[Terms], Fraction | None]
"""Gives the next term, or nothing where the rule does not fit."""


def predictions(terms: Sequence[int]) -> dict[str, Fraction]:
    """Name every rule that fits the terms, with the next term that it predicts."""
    exact = [Fraction(term) for term in terms]
    told = {name: rule(exact) for name, rule in RULES.items()}
    return {name: value for name, value in told.items() if value is not None}


def only_prediction(terms: Sequence[int]) -> Fraction | None:
    """Give the next term if all rules that fit agree on it."""
    values = set(predictions(terms).values())
    return values.pop() if len(values) == 1 else None


def _differences(terms: Terms) -> list[Fraction]:
    return [after - before for before, after in pairwise(terms)]


def _ratios(terms: Terms) -> list[Fraction]:
    return [after / before for before, after in pairwise(terms)] if 0 not in terms[:-1] else []


def _repeats(steps: Terms, period: int) -> Fraction | None:
    """Give the next of steps that come again after a period, each at least twice where it was seen."""
    is_seen = len(steps) > period and all(steps[at] == steps[at - period] for at in range(period, len(steps)))
    return steps[-period] if is_seen else None


def even(terms: Terms) -> Fraction | None:
    """Every step adds the same."""
    step = _repeats(_differences(terms), 1)
    return None if step is None else terms[-1] + step


def geometric(terms: Terms) -> Fraction | None:
    """Every step multiplies by the same."""
    ratio = _repeats(_ratios(terms), 1)
    return None if ratio is None else terms[-1] * ratio


def second(terms: Terms) -> Fraction | None:
    """The steps grow evenly."""
    step = even(_differences(terms))
    return None if step is None else terms[-1] + step


def third(terms: Terms) -> Fraction | None:
    """The growth of the steps grows evenly."""
    step = second(_differences(terms))
    return None if step is None else terms[-1] + step


def growing_steps(terms: Terms) -> Fraction | None:
    """The steps multiply by the same."""
    step = geometric(_differences(terms))
    return None if step is None else terms[-1] + step


def growing_ratios(terms: Terms) -> Fraction | None:
    """The ratios grow evenly."""
    ratio = even(_ratios(terms))
    return None if ratio is None else terms[-1] * ratio


def alternating_steps(terms: Terms) -> Fraction | None:
    """Two steps take turns."""
    step = _repeats(_differences(terms), 2)
    return None if step is None or len(terms) < 5 else terms[-1] + step


def alternating_ratios(terms: Terms) -> Fraction | None:
    """Two ratios take turns."""
    ratio = _repeats(_ratios(terms), 2)
    return None if ratio is None or len(terms) < 5 else terms[-1] * ratio


def step_and_ratio(terms: Terms) -> Fraction | None:
    """Adding and multiplying take turns."""
    if len(terms) < 5:
        return None
    pairs = list(pairwise(terms))
    for adding, multiplying in ((0, 1), (1, 0)):
        steps = {after - before for before, after in pairs[adding::2]}
        ratios = {after / before if before else None for before, after in pairs[multiplying::2]}
        if len(steps) == len(ratios) == 1 and None not in ratios:
            (step,), (ratio,) = steps, ratios
            return terms[-1] + step if len(pairs) % 2 == adding else terms[-1] * (ratio or 0)
    return None


def interleaved(terms: Terms) -> Fraction | None:
    """Two series take turns: three terms show even steps, and four a ratio, because three could be much else."""
    if len(terms) < 6:
        return None
    own, other = terms[len(terms) % 2 :: 2], terms[1 - len(terms) % 2 :: 2]
    fits = even(other) is not None or geometric(other) is not None
    ratio = geometric(own) if len(own) > 3 else None
    following = {value for value in (even(own), ratio) if value is not None}
    return following.pop() if fits and len(following) == 1 else None


def sums(terms: Terms) -> Fraction | None:
    """Each term is the sum of the two before it, and of one number that stays the same."""
    rests = {c - a - b for a, b, c in zip(terms, terms[1:], terms[2:], strict=False)}
    return terms[-1] + terms[-2] + rests.pop() if len(rests) == 1 and len(terms) > 3 else None


def affine(terms: Terms) -> Fraction | None:
    """Each term is a multiple of the one before it, and one number more."""
    steps = _differences(terms)
    if len(terms) < 4 or steps[0] == 0:
        return None
    factor = steps[1] / steps[0]
    rests = {after - factor * before for before, after in pairwise(terms)}
    return factor * terms[-1] + rests.pop() if len(rests) == 1 else None


def products(terms: Terms) -> Fraction | None:
    """Each term is the product of the two before it."""
    fits = len(terms) > 3 and all(a * b == c for a, b, c in zip(terms, terms[1:], terms[2:], strict=False))
    return terms[-1] * terms[-2] if fits else None


RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        even, geometric, second, third, growing_steps, growing_ratios, alternating_steps, alternating_ratios,
        step_and_ratio, interleaved, sums, affine, products,
    )
}  # fmt: skip
