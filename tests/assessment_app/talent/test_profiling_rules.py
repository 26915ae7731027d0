"""The early mapping: where a profile stands, how surely; and how people are counted into the matrix."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assessment_app.talent.rules import cells, placing, sources
from assessment_app.talent.rules.profiling import profiling_boxes
from assessment_app.talent.rules.talent import Part
from scoring_engine.standards.nine_box import BOX
from tests.assessment_app.talent.people import NAMES, changed, profile, rules, told

FINANCE = ((1, 2, 3), (4, 6, 7), (5, 8, 9))
"""The numbering of a ministry: the same boxes under other numbers (domain 5.1)."""


def test_the_box_follows_from_the_two_reported_categories():
    placed = profiling_boxes([profile()], rules())[0]
    assert (placed["box"], placed["row"], placed["column"]) == (9, 2, 2)
    assert placed["chance"] == pytest.approx(0.8 * 0.7)
    assert sum(placed["chances"]) == pytest.approx(1)
    assert placed["near_cut"]


def test_the_reported_box_need_not_be_the_likeliest():
    placed = profiling_boxes([profile("Cukup Optimal", rows=(0.1, 0.2, 0.7))], rules())[0]
    assert (placed["box"], placed["likeliest"]) == (8, 9)


@pytest.mark.parametrize("axis", ["jpm", "potential"])
def test_a_missing_axis_leaves_no_box_and_is_named(axis):
    known = profile()
    known[axis]["chances"] = None
    placed = profiling_boxes([known], rules())[0]
    assert (placed["box"], placed["row"], placed["chances"]) == (None, None, None)
    assert placed["missing"] == [{"jpm": "competency", "potential": "potential"}[axis]]


def test_who_lacks_an_axis_disturbs_nobody_else():
    lacking = profile()
    lacking["potential"]["chances"] = None
    together = profiling_boxes([profile(), lacking, profile("Cukup Optimal")], rules())
    assert [one["box"] for one in together] == [9, None, 8]
    assert together[0] == profiling_boxes([profile()], rules())[0]


category = some.integers(0, 2)


@given(some.permutations([0.05, 0.15, 0.8]), some.permutations([0.1, 0.2, 0.7]), category, category)
def test_another_numbering_changes_numbers_and_nothing_else(rows, columns, row, column):
    known = profile(NAMES[row], rows, (50.0, 70.0, 90.0)[column], columns)
    shown = []
    for numbering in (BOX, FINANCE):
        placed = profiling_boxes([known], rules(box__numbering=numbering))[0]
        assert placed["box"] == numbering[row][column]
        shown.append(placing.shown("profiling", placed, known, numbering))
    assert shown[0]["cell"] == shown[1]["cell"] == 3 * row + column
    assert shown[0]["chance"] == shown[1]["chance"] == pytest.approx(rows[row] * columns[column])


def test_near_a_cut_the_rival_is_the_likeliest_other_box():
    known = profile(columns=(0.05, 0.4, 0.55))
    shown = placing.shown("profiling", profiling_boxes([known], rules())[0], known, BOX)
    assert (shown["cell"], shown["rival"], shown["near_cut"]) == (8, 7, True)
    assert (shown["y"], shown["x"]) == (9500, 8500)


def test_who_is_sure_has_no_rival():
    known = profile(rows=(0.0, 0.05, 0.95), columns=(0.0, 0.05, 0.95))
    assert placing.shown("profiling", profiling_boxes([known], rules())[0], known, BOX)["rival"] is None


def test_an_axis_is_shown_in_hundredths_with_halves_up():
    known = profile(score=79.995)
    assert placing.shown("profiling", profiling_boxes([known], rules())[0], known, BOX)["x"] == 8000
    assert profiling_boxes([known], rules())[0]["column"] == 1


def test_the_matrix_counts_by_cell_and_compares():
    matrix = cells.matrix({8: 2, 1: 1}, {8: 1}, BOX, {8: 5})
    assert [[box.number for box in row] for row in matrix] == [[4, 7, 9], [2, 5, 8], [1, 3, 6]]
    boxes = {box.number: box for row in matrix for box in row}
    assert [boxes[9].count, boxes[9].share, boxes[9].length] == pytest.approx([2, 2 / 3, 1])
    assert (boxes[9].signed, boxes[9].moved, boxes[3].moved) == (1, -3, 1)
    assert (boxes[9].row, boxes[9].column) == (2, 2)
    assert cells.fullest(matrix) == boxes[9]


def test_an_empty_matrix_has_nine_boxes_of_nobody():
    matrix = cells.matrix({}, {}, BOX)
    assert {box.count for row in matrix for box in row} == {0}
    assert {box.moved for row in matrix for box in row} == {None}
    assert cells.fullest(matrix).number == 1


@given(some.sets(some.sampled_from(cells.CELLS)))
def test_a_set_of_cells_is_one_number_and_back(chosen):
    assert cells.cells_of(cells.mask_of(chosen)) == sorted(chosen)


def test_rules_without_a_public_source_are_named_the_unverified_first():
    for definition in ("profiling", "talent"):
        found = sources.doubtful(changed(), definition)
        assert [one.mark for one in found] == sorted((one.mark for one in found), reverse=True)
        assert found[0].name == "competency.standard"
    assert "talent.subscale.award" in {one.name for one in found}


def test_the_same_facts_on_another_day_are_the_same_basis():
    basis = placing.Basis("talent", "a" * 64, None, "b" * 64, placing.evidence_hash(told(team=50), "baik"))
    again = placing.Basis("talent", "a" * 64, None, "b" * 64, placing.evidence_hash(told(team=50), "baik"))
    assert basis.named() == again.named()
    worded = {"team": Part("present", Fraction(50), "3 tahun 2 bulan", "test")}
    assert placing.evidence_hash(worded, "baik") == placing.evidence_hash(told(team=50), "baik")
    other = placing.Basis("talent", "a" * 64, None, "b" * 64, placing.evidence_hash(told(team=50), "kurang"))
    assert basis.named() != other.named()
