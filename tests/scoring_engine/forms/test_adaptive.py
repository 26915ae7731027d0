"""The next item of one examinee."""

import numpy as np
import pytest

from scoring_engine.curves.draws import draw_answers
from scoring_engine.curves.items import Items, Logistic
from scoring_engine.forms.adaptive import CERTAIN, EXHAUSTED, LONGEST, PRECISE, RUNNING, Design, next_item
from scoring_engine.forms.exposure import Progressive, Quotas, Randomesque, SympsonHetter
from scoring_engine.forms.pool import Pool
from scoring_engine.forms.simulation import simulate
from tests.scoring_engine.forms.banks import MIXED, bank, slow_moments, slow_posterior

BANK = bank(1, 60)
POOL = Pool.of(BANK, 20)
AREAS = Quotas(np.array([np.arange(60) % 2 == 0, np.arange(60) % 2 == 1]), np.array([3, 4]), np.array([12, 6]))


def sit(design, answers, seed):
    """Take a test item by item, as a lab server would, from a seed and nothing else."""
    given: list[int] = []
    closed: list[int] = []
    for step in range(design.longest + 1):
        own = np.random.default_rng(seed).spawn(design.longest)[min(step, design.longest - 1)]
        choice = next_item(given, [int(answers[item]) for item in given], POOL, design, own, closed)
        closed += choice.passed_over
        if choice.ended != RUNNING:
            return given, choice
        given.append(choice.item)
    raise AssertionError("a test without an end")


@pytest.mark.parametrize(
    "design",
    [
        Design(10),
        Design(10, exposure=Randomesque()),
        Design(10, exposure=Progressive()),
        Design(10, exposure=SympsonHetter(np.where(np.arange(60) % 2, 0.4, 1.0))),
        Design(10, criterion="posterior variance", quotas=AREAS),
        Design(20, se=0.5),
        Design(20, cuts=(0.0,)),
    ],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_one_examinee_alone_has_the_test_that_the_simulation_gives(design, seed):
    answers = draw_answers([0.8], BANK, np.random.default_rng(seed))
    found = simulate(answers, POOL, design, np.random.default_rng(seed))
    given, choice = sit(design, answers[0], seed)
    assert given == [int(item) for item in found.order[0] if item >= 0]
    assert (choice.theta, choice.se, choice.ended) == (
        found.ability.theta[0],
        found.ability.se[0],
        found.ended[0],
    )


def test_the_estimate_on_the_way_is_that_of_the_textbook_formula():
    choice = next_item([3, 1, 5], [3, 0, 2], Pool.of(MIXED, 8), Design(8), np.random.default_rng(1))
    assert (choice.theta, choice.se) == pytest.approx(
        slow_moments(*slow_posterior(MIXED, [3, 1, 5], [3, 0, 2])), abs=1e-6
    )
    assert choice.item not in (3, 1, 5)


def test_before_the_first_answer_the_prior_is_known():
    choice = next_item([], [], POOL, Design(5), np.random.default_rng(1))
    assert (choice.theta, choice.se, choice.ended, choice.passed_over) == (0.0, 1.0, RUNNING, ())


def test_a_better_answer_never_leads_to_a_lower_estimate():
    low, high = (next_item([4, 7], [0, last], POOL, Design(5), np.random.default_rng(1)).theta for last in (0, 1))
    assert high > low


def test_closed_items_are_never_given_and_with_all_closed_the_test_ends():
    first = next_item([], [], POOL, Design(5), np.random.default_rng(1)).item
    second = next_item([], [], POOL, Design(5), np.random.default_rng(1), [first]).item
    assert second != first
    choice = next_item([first], [1], POOL, Design(5), np.random.default_rng(1), range(60))
    assert (choice.item, choice.ended) == (-1, EXHAUSTED)


@pytest.mark.parametrize(
    ("design", "reason"),
    [(Design(3), LONGEST), (Design(9, se=0.99), PRECISE), (Design(9, cuts=(-3.5,)), CERTAIN), (Design(9), RUNNING)],
)
def test_a_test_ends_for_the_reason_that_its_design_has(design, reason):
    choice = next_item([0, 1, 2], [1, 1, 1], POOL, design, np.random.default_rng(1))
    assert choice.ended == reason
    assert (choice.item == -1) == (reason != RUNNING)


def test_nothing_ends_a_test_below_its_shortest_length():
    design = Design(9, shortest=4, se=0.99, cuts=(-3.5,))
    assert next_item([0, 1, 2], [1, 1, 1], POOL, design, np.random.default_rng(1)).ended == RUNNING
    assert next_item([0, 1, 2, 3], [1] * 4, POOL, design, np.random.default_rng(1)).ended == PRECISE


REFUSED = [
    ([0, 0], [1, 1], [], "once each"),
    ([0, 1], [1], [], "one answer each"),
    ([60], [1], [], "columns of the bank"),
    ([0], [1], [60], "columns of the bank"),
    ([0], [2], [], "answer 2 to item 0 is not 0 to 1"),
    ([0], [-1], [], "answer -1 to item 0"),
]


@pytest.mark.parametrize(("given", "answers", "closed", "why"), REFUSED)
def test_a_path_that_cannot_be_is_refused(given, answers, closed, why):
    with pytest.raises(ValueError, match=why):
        next_item(given, answers, POOL, Design(5), np.random.default_rng(1), closed)


def test_more_answers_than_the_longest_test_has_are_refused():
    with pytest.raises(ValueError, match="6 items are more than the longest test of 5"):
        next_item(range(6), [1] * 6, POOL, Design(5), np.random.default_rng(1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"longest": 0},
        {"longest": 5, "shortest": 6},
        {"longest": 5, "shortest": 0},
        {"longest": 5, "criterion": "luck"},
        {"longest": 5, "maximum_exposure": 0.0},
        {"longest": 5, "maximum_exposure": 1.1},
        {"longest": 5, "certainty": 0.5},
        {"longest": 5, "certainty": 1.0},
        {"longest": 5, "cuts": (float("nan"),)},
        {"longest": 5, "se": 0.0},
        {"longest": 5, "se": float("nan")},
        {"longest": 3, "quotas": AREAS},
    ],
)
def test_what_is_no_design_is_refused(wrong):
    with pytest.raises(ValueError):
        Design(**wrong)


def test_an_answer_that_no_one_could_give_is_told():
    pool = Pool.of(Items([Logistic(5.0, 160.0), Logistic(1.0, 0.0)]), 2)
    with pytest.raises(ValueError, match="nobody could answer item 0 so"):
        next_item([0], [1], pool, Design(2), np.random.default_rng(1))
