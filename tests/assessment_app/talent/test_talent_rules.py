"""The official matrix, exactly: vectors of domain.md 4.5, 5.1 and 6, and what is missing."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.special import ndtr

from assessment_app.rule_sets.rules import IncompleteRules
from assessment_app.talent.rules.cells import cell_of, number_of
from assessment_app.talent.rules.formula import FROM_EVIDENCE, read_formula
from assessment_app.talent.rules.talent import Case, stand, talent_boxes
from tests.assessment_app.talent.people import COMPLETE, case, changed, formula, result, told

FINANCE = [[1, 2, 3], [4, 6, 7], [5, 8, 9]]
NOTHING = dict.fromkeys(FROM_EVIDENCE)


def points(pair):
    return Fraction(*pair)


def placed(one, **rules):
    return talent_boxes([one], formula(**rules))[0]


def test_the_complete_person_of_the_domain_has_64_by_82_528_and_box_8():
    found = placed(case())
    assert [points(end) for end in found["y"]] == [64, 64]
    assert float(points(found["x"][0])) == pytest.approx(82.528, abs=0.0005)
    assert (found["box"], found["row"], found["column"], found["missing"]) == (8, 1, 2, [])
    assert points(found["value"][0]) == (points(found["x"][0]) + 64) / 2


def test_potential_that_was_not_measured_leaves_boxes_open_and_is_never_zero():
    found = placed(case(result(potential=None)))
    assert float(points(found["x"][0])) == pytest.approx(63.778, abs=0.0005)
    assert (found["box"], found["boxes"], found["missing"]) == (None, [5, 8], ["potential"])


def test_baik_and_nothing_else_is_48_by_score_but_the_middle_row_by_predicate():
    nothing = dict.fromkeys(("award", "team", "feedback_360"), 0)
    found = placed(case(**nothing))
    assert (points(found["y"][0]), found["row"], found["score_row"]) == (48, 1, 0)
    assert placed(case(**nothing), box__performance_mode="score")["row"] == 0


def test_sangat_baik_and_nothing_else_meets_the_border_of_the_middle():
    nothing = dict.fromkeys(("award", "team", "feedback_360"), 0)
    found = placed(case(predicate="sangat_baik", **nothing, performance=100), box__performance_mode="score")
    assert (points(found["y"][0]), found["row"]) == (60, 1)


def test_the_highest_performance_with_baik_is_88():
    found = placed(case(award=100, team=100, feedback_360=100), box__performance_mode="score")
    assert (points(found["y"][0]), found["row"]) == (88, 2)


def test_tests_alone_never_reach_the_middle_column():
    best = result(match=Fraction(100), potential=100.0 - 1e-9)
    standing = stand(Case(best, told(**NOTHING | dict.fromkeys(("development", "experience"), 0) | {
        "education": 0, "field": 0, "discipline": 0}), "baik"), formula())  # fmt: skip
    assert float(standing.x.high) == pytest.approx(45)
    assert standing.columns == (0,)


def test_a_match_above_100_counts_as_100():
    over, full = (placed(case(result(match=Fraction(match)))) for match in ("1250/9", "100"))
    assert over["x"] == full["x"]
    assert over["components"]["competency"]["value"] == [100, 1]
    assert "1250/9" in over["components"]["competency"]["why"]


@pytest.mark.parametrize(
    ("predicate", "row"),
    [("sangat_baik", 2), ("baik", 1), ("butuh_perbaikan", 0), ("kurang", 0), ("sangat_kurang", 0)],
)
def test_each_predicate_has_its_row(predicate, row):
    assert placed(case(predicate=predicate))["row"] == row


@pytest.mark.parametrize("numbering", [[[1, 3, 6], [2, 5, 8], [4, 7, 9]], FINANCE])
@pytest.mark.parametrize("predicate", ["sangat_baik", "baik", "kurang"])
def test_the_number_follows_from_both_categories_under_any_numbering(numbering, predicate):
    found = placed(case(predicate=predicate), box__numbering=numbering)
    assert found["box"] == numbering[found["row"]][found["column"]]
    assert found["chances"][found["box"] - 1] == found["chance"]


def test_with_no_evidence_every_component_is_named_and_nothing_is_a_box():
    found = placed(Case(result(), {}, None))
    assert set(found["missing"]) == set(FROM_EVIDENCE)
    assert (found["box"], found["chances"], found["boxes"]) == (None, None, [1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert {part["state"] for name, part in found["components"].items() if name in FROM_EVIDENCE} == {"unknown"}


def test_what_is_missing_is_bounded_by_its_sub_scale():
    # Field counts 10 %: at least 50 of 100 points, so 5 of 10.
    low, high = placed(case(field=None))["x"]
    assert points(high) - points(low) == 5


def test_a_box_that_nothing_missing_can_change_is_still_provisional():
    found = placed(case(award=None))
    assert (found["boxes"], found["box"], found["missing"]) == ([8], None, ["award"])


def test_a_missing_predicate_leaves_every_row_open_though_the_score_is_known():
    found = placed(case(predicate=None))
    assert (found["missing"], found["boxes"]) == (["performance"], [6, 8, 9])


def test_a_predicate_that_no_rule_knows_is_none_and_stops_nobody():
    odd, sound = talent_boxes([case(predicate="istimewa"), case()], formula())
    assert (odd["box"], odd["missing"]) == (None, ["performance"])
    assert sound["box"] == 8


def test_a_policy_that_blocks_shows_no_box_of_what_is_missing():
    assert placed(case(award=None), talent__missing_policy="block")["boxes"] == []


def test_a_value_that_cannot_be_is_missing_and_stops_nobody():
    odd, sound = talent_boxes([case(team=140), case()], formula())
    assert odd["missing"] == ["team"]
    assert "140" in odd["components"]["team"]["why"]
    assert sound["box"] == 8


def test_what_is_absent_has_the_value_that_follows_and_is_not_missing():
    parts = told(**COMPLETE)
    parts["award"] = type(parts["award"])("absent", Fraction(0), "tidak ada penghargaan", "test")
    found = talent_boxes([Case(result(), parts, "baik")], formula())[0]
    assert (found["missing"], found["components"]["award"]["state"]) == ([], "absent")


def test_errors_of_competency_and_potential_reach_the_probability_of_the_box():
    unsure = [0.1, 0.5, 0.3, 0.1, 0.0]
    chance = np.random.default_rng(3)
    one = result(levels=unsure, potential=70.0, se=0.5)
    found = placed(case(one))
    sums = chance.choice(5, (200_000, 9), p=unsure).sum(axis=1) + 9
    score = ndtr(chance.normal(one["potential"]["theta"], 0.5, 200_000))
    x = 46 + 0.20 * np.minimum(100 * sums / 18, 100) + 25 * score
    expected = [(x < 60).mean(), ((x >= 60) & (x < 80)).mean(), (x >= 80).mean()]
    assert [found["chances"][n - 1] for n in (2, 5, 8)] == pytest.approx(expected, abs=0.004)
    assert sum(found["chances"]) == pytest.approx(1)


def test_evidence_alone_moves_no_chance_to_another_row():
    found = placed(case())
    assert sum(found["chances"][n - 1] for n in (2, 5, 8)) == pytest.approx(1)


@given(some.lists(some.sampled_from(["baik", "kurang", "sangat_baik", None]), min_size=1, max_size=6), some.data())
def test_a_batch_places_everybody_as_if_they_were_alone(predicates, data):
    people = [
        case(
            result(
                potential=data.draw(some.sampled_from([None, 40.0, 75.0, 90.0])),
                required=data.draw(some.sampled_from([1, 2, 3])),
            ),
            predicate=predicate, team=data.draw(some.sampled_from([None, 0, 50, 100])),
        )
        for predicate in predicates
    ]  # fmt: skip
    numbers = formula()
    assert talent_boxes(people, numbers) == [talent_boxes([one], numbers)[0] for one in people]


@given(some.sampled_from(FROM_EVIDENCE), some.integers(0, 100))
def test_what_turns_out_later_lies_in_what_was_left_open(part, value):
    numbers = formula()
    low, high = numbers.ends[part]
    later = min(max(Fraction(value), low), high)
    before = talent_boxes([case(**{part: None})], numbers)[0]
    assert talent_boxes([case(**{part: later})], numbers)[0]["box"] in before["boxes"]


def test_nobody_is_nothing():
    assert talent_boxes([], formula()) == []


@pytest.mark.parametrize(
    "broken",
    [
        {"talent__y__weights": {"performance": 60, "award": 15, "team": 15, "feedback_360": 11}},
        {"talent__y__weights": {"performance": 100}},
        {"talent__cut__x": [80, 60]},
        {"talent__missing_policy": "zero"},
        {"talent__missing_policy": "guess"},
        {"box__performance_mode": "mood"},
        {"predicate__row": {"baik": 1}},
        {"talent__subscale__field": {"fits": 120, "else": 50}},
    ],
)
def test_numbers_that_do_not_hold_together_are_refused(broken):
    with pytest.raises(IncompleteRules):
        read_formula(changed(**broken))


def test_a_rule_that_is_not_there_is_named():
    whole = changed()
    del whole["rules"]["talent.cut.x"]
    with pytest.raises(IncompleteRules, match=r"talent\.cut\.x"):
        read_formula(whole)


def test_weights_of_a_document_are_taken_as_they_are_written():
    weights = {"performance": 60.1, "award": 14.9, "team": 15, "feedback_360": 10}
    assert formula(talent__y__weights=weights).y.components[0].weight == Fraction(601, 10)


def test_every_cell_keeps_its_number_under_each_numbering():
    for numbering in ([[1, 3, 6], [2, 5, 8], [4, 7, 9]], FINANCE):
        found = [[number_of(cell_of(row, column), numbering) for column in range(3)] for row in range(3)]
        assert found == numbering
