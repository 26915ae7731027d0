"""The demonstration forms are fair to read and give nothing away by their looks."""

from collections import Counter
from itertools import pairwise
from math import exp

import pytest

from item_bank import drafts
from item_bank.instruments import INSTRUMENTS
from item_bank.item_keys import Graded, Preferred, Ranked, RightOrWrong

FORMS = {draft.presentation.code: draft for draft in drafts.samples()}


def pairs(kind):
    return [
        (words, key)
        for draft in FORMS.values()
        for words, key in zip(draft.presentation.items, draft.keys, strict=True)
        if isinstance(key, kind)
    ]


def best_place(words, key):
    return max(range(len(words.options)), key=lambda place: key.credit[words.options[place].id])


def test_there_is_a_short_form_for_each_instrument():
    told = {code: (len(f.presentation.items), f.presentation.time_limit_ms // 60000) for code, f in FORMS.items()}
    assert told == {
        "karier-demo": (3, 5),
        "literasi-demo": (4, 5),
        "mansoskul-demo": (9, 15),
        "potensi-demo": (8, 10),
    }
    assert {draft.presentation.instrument for draft in FORMS.values()} == set(INSTRUMENTS)


@pytest.mark.parametrize("draft", FORMS.values(), ids=FORMS)
def test_every_form_says_that_it_is_a_demonstration_and_its_numbers_assumed(draft):
    assert draft.presentation.demonstration
    assert draft.parameters == "assumed"
    assert {scale.construct for scale in draft.recipe.scales} == set(
        INSTRUMENTS[draft.presentation.instrument].constructs
    )


def test_omitted_answers_are_wrong_only_where_ability_is_measured():
    rules = {code: draft.recipe.missing for code, draft in FORMS.items()}
    assert rules == {
        "karier-demo": "ignored",
        "literasi-demo": "wrong",
        "mansoskul-demo": "ignored",
        "potensi-demo": "wrong",
    }
    motivation = FORMS["potensi-demo"].recipe.scales[-1]
    assert (motivation.construct, motivation.missing) == ("motivation", "ignored")


def test_each_situation_shows_five_grades_of_action():
    for words, key in pairs(Graded):
        assert sorted(key.credit.values()) == [0, 1, 2, 3, 4]
        assert 4 <= words.stem[0].count(". ") + 1 <= 5


def test_options_of_a_situation_are_about_equally_long():
    for words, _ in pairs(Graded):
        lengths = [len(option.text) for option in words.options]
        assert max(lengths) <= 1.15 * min(lengths)


def test_the_best_action_is_not_known_by_its_place_or_length():
    situations = pairs(Graded)
    places = Counter(best_place(words, key) for words, key in situations)
    assert len(places) == 5
    assert max(places.values()) <= 2
    longest = sum(
        len(words.options[best_place(words, key)].text) == max(len(o.text) for o in words.options)
        for words, key in situations
    )
    assert longest <= 3


def test_right_answers_stand_in_every_place():
    assert {best_place(words, key) for words, key in pairs(RightOrWrong)} == {0, 1, 2, 3, 4}


def test_option_ids_do_not_follow_quality():
    for words, key in pairs(Graded):
        by_quality = sorted(words.option_ids, key=key.credit.__getitem__)
        assert by_quality not in (sorted(by_quality), sorted(by_quality, reverse=True), words.option_ids)


def test_every_block_on_motivation_has_a_statement_that_speaks_against_it():
    for words, key in pairs(Preferred):
        assert len(words.options) == 4
        assert any(statement.loading < 0 for statement in key.statements.values())
        assert any(statement.loading > 0 for statement in key.statements.values())


def test_one_career_block_is_asked_twice_in_other_words_and_order():
    blocks = {words.id: (words, key) for words, key in pairs(Ranked)}
    repeats = [key for _, key in blocks.values() if key.repeats]
    assert len(repeats) == 1
    words, key = blocks[repeats[0].id]
    first_words, first_key = blocks[key.repeats]
    asked = [[k.statements[name] for name in w.option_ids] for w, k in ((first_words, first_key), (words, key))]
    assert sorted(asked[0]) == sorted(asked[1])
    assert asked[0] != asked[1]
    assert not {o.text for o in words.options} & {o.text for o in first_words.options}


def ability_by_credit(key):
    """Estimate on a plain grid, by the formula as printed, the ability that each credit alone gives (EAP)."""
    grid = [step / 50 for step in range(-300, 301)]
    above = [
        [1.0] * len(grid),
        *([1 / (1 + exp(-key.a * (t - b))) for t in grid] for b in key.b),
        [0.0] * len(grid),
    ]
    for upper, lower in pairwise(above):
        weight = [(u - v) * exp(-t * t / 2) for u, v, t in zip(upper, lower, grid, strict=True)]
        yield sum(w * t for w, t in zip(weight, grid, strict=True)) / sum(weight)


def test_every_level_of_a_competency_can_be_reached_with_one_situation():
    cuts = {scale.construct: scale.cuts or () for scale in FORMS["mansoskul-demo"].recipe.scales}
    for _, key in pairs(Graded):
        levels = [1 + sum(theta >= cut for cut in cuts[key.construct]) for theta in ability_by_credit(key)]
        assert levels == [1, 2, 3, 4, 5]
