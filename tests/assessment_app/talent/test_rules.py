"""Where a profile stands in the matrix, how surely, and how people are counted into it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assessment_app.rule_sets.rules import Rules
from assessment_app.talent import rules
from assessment_app.talent.rules import Placed, Wanted
from scoring_engine.standards.nine_box import BOX
from scoring_engine.standards.thresholds import ThresholdSet

FINANCE = ((1, 2, 3), (4, 6, 7), (5, 8, 9))
"""The numbering of a ministry: the same boxes under other numbers (domain 5.1)."""

NAMES = ["Kurang Optimal", "Cukup Optimal", "Optimal"]


def rule_set(numbering=BOX, near_cut=0.75):
    thresholds = ThresholdSet.rising(NAMES[0], (NAMES[1], 78), (NAMES[2], 90))
    return Rules("jpm.pemetaan", thresholds, {}, 4, (60.0, 80.0), numbering, near_cut, 0.75)


def profile(category="Optimal", rows=(0.05, 0.15, 0.8), score=85.0, columns=(0.1, 0.2, 0.7)):
    match = {"chances": rows, "categories": NAMES, "category": category, "exact": [850, 9], "missing": []}
    return {"jpm": match, "potential": {"chances": columns, "score": score, "measured": 4}}


def person(cell, unit="", job_level=""):
    return Placed(
        sitting_id=1, name="Sri", nip="", post="", unit=unit, job_level=job_level, match=None, potential=None,
        measured=4, lacking=(), rests_on_demonstration=False, cell=cell,
    )  # fmt: skip


def test_the_box_follows_from_the_two_reported_categories():
    placed = rules.profiling_box(profile(), rule_set())
    assert (placed["box"], placed["row"], placed["column"]) == (9, 2, 2)
    assert placed["chance"] == pytest.approx(0.8 * 0.7)
    assert sum(placed["chances"]) == pytest.approx(1)
    assert placed["near_cut"]


def test_the_reported_box_need_not_be_the_likeliest():
    placed = rules.profiling_box(profile("Cukup Optimal", rows=(0.1, 0.2, 0.7)), rule_set())
    assert (placed["box"], placed["likeliest"]) == (8, 9)


@pytest.mark.parametrize("axis", ["jpm", "potential"])
def test_a_missing_axis_leaves_no_box_and_is_named(axis):
    known = profile()
    known[axis]["chances"] = None
    placed = rules.profiling_box(known, rule_set())
    assert (placed["box"], placed["row"], placed["chances"]) == (None, None, None)
    assert placed["missing"] == [{"jpm": "competency", "potential": "potential"}[axis]]


category = some.integers(0, 2)


@given(some.permutations([0.05, 0.15, 0.8]), some.permutations([0.1, 0.2, 0.7]), category, category)
def test_another_numbering_changes_numbers_and_nothing_else(rows, columns, row, column):
    known = profile(NAMES[row], rows, (50.0, 70.0, 90.0)[column], columns)
    found = {}
    for numbering in (BOX, FINANCE):
        placed = rules.profiling_box(known, rule_set(numbering))
        assert placed["box"] == numbering[row][column]
        found[numbering] = rules.position(known, placed, numbering)
    assert found[BOX]["cell"] == found[FINANCE]["cell"] == (row, column)
    assert found[BOX]["chance"] == found[FINANCE]["chance"] == pytest.approx(rows[row] * columns[column])


def test_near_a_cut_the_rival_is_the_likeliest_other_box():
    known = profile(columns=(0.05, 0.4, 0.55))
    placed = rules.profiling_box(known, rule_set())
    shown = rules.position(known, placed, BOX)
    assert (shown["cell"], shown["rival"]) == ((2, 2), (2, 1))
    assert shown["match"] == Decimal("94.44")


def test_who_is_sure_has_no_rival():
    known = profile(rows=(0.0, 0.05, 0.95), columns=(0.0, 0.05, 0.95))
    assert rules.position(known, rules.profiling_box(known, rule_set()), BOX)["rival"] is None


def test_the_matrix_counts_everybody_with_a_box_and_nobody_else():
    people = [person((2, 2)), person((2, 2)), person((0, 1)), person(None)]
    matrix = rules.matrix(people, BOX)
    assert [[box.number for box in row] for row in matrix] == [[4, 7, 9], [2, 5, 8], [1, 3, 6]]
    boxes = {box.number: box for row in matrix for box in row}
    assert [boxes[9].count, boxes[9].share, boxes[9].length] == pytest.approx([2, 2 / 3, 1])
    assert (boxes[3].count, boxes[3].length) == (1, 0.5)
    assert rules.fullest(matrix) == boxes[9]


def test_an_empty_matrix_has_nine_boxes_of_nobody():
    matrix = rules.matrix([], BOX)
    assert {box.count for row in matrix for box in row} == {0}
    assert rules.fullest(matrix).number == 1


@pytest.mark.parametrize(
    ("wanted", "is_taken"),
    [
        (Wanted(), True),
        (Wanted(unit="Bappeda"), True),
        (Wanted(unit="Dinas Sosial"), False),
        (Wanted(job_level="pengawas"), False),
        (Wanted(near_cut=True), False),
    ],
)
def test_filters_take_only_who_fits_all_of_them(wanted, is_taken):
    assert wanted.takes(person((1, 1), unit="Bappeda", job_level="administrator")) is is_taken
