"""Series of numbers: one answer, found again by a search through recurrences that shares no code with the rules."""

import re
from collections import Counter
from fractions import Fraction
from itertools import pairwise

import pytest

from item_bank.generation import series
from item_bank.generation.chance import chance_of
from item_bank.generation.difficulty import of_series
from item_bank.generation.series_rules import only_prediction, predictions
from tests.item_bank.generation.made import items_of, number, right_option

ITEMS = items_of("series")


def shown(item):
    return [int(number(text)) for text in re.findall(r"[\d.]*\d", item.words.stem[0])]


def solutions(terms):
    """Search recurrences with small whole coefficients, and series that take turns."""
    return {*by_last(terms), *by_last_two(terms), *by_turns(terms), *by_two_series(terms)}


def by_last(terms):
    """Each term is p times the last one, plus q, plus r times its place."""
    for p in range(5):
        rests = [after - p * before for before, after in pairwise(terms)]
        growth = rests[1] - rests[0] if p == 1 else 0
        if all(rest == rests[0] + growth * place for place, rest in enumerate(rests)):
            yield p * terms[-1] + rests[-1] + growth
    if all(before % after == 0 and before // after == terms[0] // terms[1] for before, after in pairwise(terms)):
        yield Fraction(terms[-1] * terms[1], terms[0])


def by_last_two(terms):
    for p in (1, 2):
        for q in (1, 2):
            rests = {c - p * b - q * a for a, b, c in zip(terms, terms[1:], terms[2:], strict=False)}
            if len(rests) == 1:
                yield p * terms[-1] + q * terms[-2] + rests.pop()


def by_turns(terms):
    """Two operations take turns, each adding a number or multiplying by one."""
    pairs = list(pairwise(terms))
    own, other = pairs[len(pairs) % 2 :: 2], pairs[1 - len(pairs) % 2 :: 2]
    if operations(other):
        yield from (factor * terms[-1] + step for factor, step in operations(own))


def operations(pairs):
    steps = {after - before for before, after in pairs}
    factors = {Fraction(after, before) for before, after in pairs if before}
    found = [(1, step) for step in steps if len(steps) == 1]
    return found + [(factor, 0) for factor in factors if len(factors) == 1 and len(pairs) > 1]


def by_two_series(terms):
    """Every second term makes a series of its own, with even steps or one factor."""
    own, other = terms[len(terms) % 2 :: 2], terms[1 - len(terms) % 2 :: 2]
    if len(other) > 2 and len(own) > 2 and (evenly(other) or by_factor(other, 3)):
        yield from evenly(own) + by_factor(own, 4)


def evenly(terms):
    steps = {after - before for before, after in pairwise(terms)}
    return [terms[-1] + step for step in steps if len(steps) == 1]


def by_factor(terms, least):
    factors = {Fraction(after, before) for before, after in pairwise(terms) if before}
    return [terms[-1] * factor for factor in factors if len(factors) == 1 and len(terms) >= least]


def test_the_right_number_is_the_only_one_that_any_recurrence_leads_to():
    for item in ITEMS:
        assert solutions(shown(item)) == {number(right_option(item).text)}, (item.id, shown(item))


def test_exactly_one_option_is_the_right_number():
    for item in ITEMS:
        values = [number(option.text) for option in item.words.options]
        assert len(set(values)) == 5
        assert sum(value in solutions(shown(item)) for value in values) == 1


def test_every_wrong_number_names_its_slip():
    for item in ITEMS:
        reasons = [reason for name, reason in item.key.rationale.items() if not item.key.credit[name]]
        assert all(re.fullmatch(r"Keliru: [a-z].{8,}\.", reason) for reason in reasons), item.id


def test_the_right_number_is_not_known_by_its_size():
    ranks = Counter(
        sorted(number(o.text) for o in item.words.options).index(number(right_option(item).text)) for item in ITEMS
    )
    assert len(ranks) == 5
    assert max(ranks.values()) < 0.36 * len(ITEMS)


def test_the_right_number_is_not_known_by_its_neighbours():
    def found(item):
        values = [number(option.text) for option in item.words.options]
        gaps = {v: min(abs(v - other) for other in values if other != v) for v in values}
        nearest = [value for value, gap in gaps.items() if gap == min(gaps.values())]
        return (number(right_option(item).text) in nearest) / len(nearest)

    assert sum(map(found, ITEMS)) / len(ITEMS) < 1 / 5 + 0.1


def test_every_family_comes():
    assert {item.about.topic for item in ITEMS} == set(series.TOPICS.values())


def test_families_are_of_rising_difficulty_and_larger_numbers_are_harder():
    difficulties = [of_series(family, [1, 2, 3, 4, 5]).b for family in series.FAMILIES]
    assert min(difficulties) == of_series("arithmetic", [1, 2, 3, 4, 5]).b
    assert max(difficulties) == of_series("affine", [1, 2, 3, 4, 5]).b
    assert of_series("second", [1, 2, 3, 4, 500]).b > of_series("second", [1, 2, 3, 4, 5]).b


def test_series_that_two_rules_continue_differently_have_no_answer():
    assert predictions([2, 3, 5, 8]) == {"second": 12, "sums": 13}
    assert only_prediction([2, 3, 5, 8]) is None


def test_a_series_whose_shown_terms_are_ambiguous_is_not_made(monkeypatch):
    def ambiguous(_chance):
        return series.Series("fibonacci", [2, 3, 5, 8], 13, 21, "setiap suku jumlah dua suku sebelumnya", [])

    monkeypatch.setattr(series, "FAMILIES", {"fibonacci": ambiguous})
    assert [series.make(chance_of("planted", seed)) for seed in range(50)] == [None] * 50


@pytest.mark.parametrize(
    ("terms", "following"),
    [
        ([3, 7, 11, 15, 19], 23),
        ([2, 6, 18, 54], 162),
        ([1, 2, 4, 7, 11], 16),
        ([5, 9, 6, 10, 7], 11),
        ([3, 6, 8, 16, 18, 36], 38),
        ([1, 50, 4, 40, 7, 30, 10], 20),
        ([1, 1, 2, 3, 5, 8], 13),
        ([3, 7, 15, 31, 63], 127),
        ([1, 4, 2, 7, 7, 1], None),
    ],
)
def test_planted_series_are_continued(terms, following):
    assert only_prediction(terms) == following
