"""Signs of how a sheet was answered: honest people, people who guess, people who do not read."""

import numpy as np
import pytest

from scoring_engine.curves.draws import draw_answers
from scoring_engine.curves.items import Graded, Logistic
from scoring_engine.recipes.answers import Credited, Rated
from scoring_engine.recipes.recipe import Preferred, Recipe, Scale, Statement
from scoring_engine.recipes.signs import LEVELS, Form, fit_cuts, signs


def form_of(scales=3, per_scale=12, graded=False, seed=1):
    chance = np.random.default_rng(seed)
    key, parameters = {}, {}
    for scale in range(scales):
        for number in range(per_scale):
            name = f"s{scale}-{number:02d}"
            borders = np.cumsum(chance.uniform(0.5, 0.9, 4)) - 1.8 if graded else [chance.normal()]
            slope = chance.uniform(0.9, 1.8)
            parameters[name] = Graded(slope, tuple(borders)) if graded else Logistic(slope, borders[0])
            key[name] = Credited(f"s{scale}", {str(credit): credit for credit in range(len(borders) + 1)})
    return Form(key, parameters, Recipe("signs", 1, tuple(Scale(f"s{scale}") for scale in range(scales))))


def honest(form, persons, seed=2):
    chance = np.random.default_rng(seed)
    sheets: list[dict[str, str]] = [{} for _ in range(persons)]
    for names, items in form.scales:
        for sheet, row in zip(sheets, draw_answers(chance.normal(size=persons), items, chance), strict=True):
            sheet.update({name: str(credit) for name, credit in zip(names, row, strict=True)})
    return sheets


def guessed(form, persons, seed=3):
    chance = np.random.default_rng(seed)
    return [{name: str(chance.integers(one.highest + 1)) for name, one in form.key.items()} for _ in range(persons)]


def cuts_of(form):
    return fit_cuts(form, np.random.default_rng(4))


def flagged(form, cuts, sheets, level):
    values = [one["fit"]["lz"] for one in signs(sheets, form, cuts)]
    return np.mean(np.array(values) < cuts[str(level)])


@pytest.mark.parametrize("graded", [False, True])
def test_honest_people_are_flagged_as_often_as_the_level_says(graded):
    form = form_of(graded=graded)
    cuts = cuts_of(form)
    assert 0.035 < flagged(form, cuts, honest(form, 4000), 0.05) < 0.065
    assert 0.004 < flagged(form, cuts, honest(form, 4000), 0.01) < 0.018


@pytest.mark.parametrize(("graded", "share"), [(False, 0.4), (True, 0.15)])
def test_people_who_guess_stand_out(graded, share):
    form = form_of(graded=graded)
    assert flagged(form, cuts_of(form), guessed(form, 300), 0.01) > share


def test_cuts_fall_with_their_level_and_come_again():
    form = form_of()
    cuts = cuts_of(form)
    assert list(cuts) == [str(level) for level in LEVELS]
    assert list(cuts.values()) == sorted(cuts.values())
    assert cuts_of(form) == cuts


def test_a_sheet_alone_tells_the_same_as_among_thousands():
    form = form_of(graded=True)
    cuts, sheets = cuts_of(form), honest(form, 50) + guessed(form, 10)
    together = signs(sheets, form, cuts)
    assert [signs([sheet], form, cuts)[0] for sheet in sheets] == together
    assert signs(sheets[::-1], form, cuts) == together[::-1]


def test_what_was_left_blank_is_left_out():
    form = form_of()
    cuts, (sheet,) = cuts_of(form), honest(form, 1)
    blank = {name: response for name, response in sheet.items() if not name.startswith("s2")}
    (found,) = signs([blank | {"s2-00": None}], form, cuts)
    assert found["fit"]["items"] == 24


def test_too_few_items_tell_nothing():
    short = form_of(scales=1, per_scale=9)
    assert cuts_of(short) is None
    assert signs(honest(short, 2), short, None) == [{"fit": None, "runs": None}] * 2
    form = form_of()
    few = dict(list(honest(form, 1)[0].items())[:9])
    assert signs([few, {}], form, cuts_of(form)) == [{"fit": None, "runs": None}] * 2


def rated_form(items=20):
    key = {f"r{number}": Rated("calm", 1, 5, reverse=bool(number % 2)) for number in range(items)}
    model = Graded(1.0, (-1.5, -0.5, 0.5, 1.5))
    return Form(key, dict.fromkeys(key, model), Recipe("rated", 1, (Scale("calm"),)))


def test_a_straight_line_is_seen_although_half_of_the_items_are_reversed():
    form = rated_form()
    (line,) = signs([dict.fromkeys(form.key, 4)], form, None)
    assert line["runs"] == {"rated": 20, "longest": 20, "commonest": 1.0}


def test_a_blank_ends_a_run_and_is_not_counted():
    form = rated_form()
    said = dict.fromkeys(form.key, 4) | {"r9": None, "r19": 2}
    (found,) = signs([said], form, None)
    assert found["runs"] == {"rated": 19, "longest": 9, "commonest": pytest.approx(18 / 19)}


def test_blocks_of_statements_have_no_fit():
    statements = [Statement(0.0, 1.0, 1.0)] * 3
    form = Form(
        {f"b{n}": Preferred("drive", ("a", "b", "c")) for n in range(12)}, {f"b{n}": statements for n in range(12)},
        Recipe("blocks", 1, (Scale("drive"),)),
    )  # fmt: skip
    assert fit_cuts(form, np.random.default_rng(1)) is None
    assert signs([{"b0": {"most": "a", "least": "b"}}], form, None) == [{"fit": None, "runs": None}]
