"""Rule sets are read whole or refused; numbers are rounded for the eye alone."""

from decimal import Decimal
from fractions import Fraction

import pytest

from assessment_app.rule_sets import messages, rules
from assessment_app.rule_sets.rules import IncompleteRules
from scoring_engine.standards.match import percent_display


def test_the_rules_that_come_along_are_whole(document):
    read = rules.read(document)
    assert [band.name for band in read.thresholds.bands] == ["Kurang Optimal", "Cukup Optimal", "Optimal"]
    assert (read.potential_cuts, read.least_measured, read.near_cut) == ((60.0, 80.0), 4, 0.75)
    assert set(read.standard) >= {"pengawas", "jpt_utama", "pemula"}


@pytest.mark.parametrize("change", [{"source": ""}, {"mark": "X"}])
def test_a_rule_without_source_or_mark_is_refused(document, change):
    document["rules"]["box.near_cut"] |= change
    with pytest.raises(IncompleteRules, match=r"box\.near_cut"):
        rules.read(document)


@pytest.mark.parametrize("name", ["jpm.purpose", "competency.standard", "potential.cuts", "box.numbering"])
def test_rules_with_a_hole_are_refused(document, name):
    del document["rules"][name]
    with pytest.raises(IncompleteRules):
        rules.read(document)


def test_thresholds_out_of_order_are_refused(document):
    document["rules"]["jpm.pemetaan"]["value"]["above"].reverse()
    with pytest.raises(IncompleteRules):
        rules.read(document)


def test_a_match_just_below_a_border_shows_rounded_and_stays_below(document):
    exact = Fraction(89_995, 1000)
    assert percent_display(exact) == Decimal("90.00")
    assert rules.read(document).thresholds.category(exact) == "Cukup Optimal"


def test_a_border_is_read_as_it_is_written(document):
    document["rules"]["jpm.pemetaan"]["value"]["above"][0][1] = 79.1
    assert rules.read(document).thresholds.bands[1].lower == Fraction(791, 10)


def test_every_rule_has_a_name_for_people(document):
    assert set(messages.RULE_NAMES) == set(document["rules"])


def test_every_mark_has_one_word_of_its_own_and_a_meaning():
    assert set(messages.SOURCE_MARKS) == {"V2", "V1", "M", "D"}
    assert (
        len({one.word for one in messages.SOURCE_MARKS.values()})
        == len({one.meaning for one in messages.SOURCE_MARKS.values()})
        == 4
    )


def test_rule_sets_are_named_in_words_that_tell_a_release_from_an_agencys_own():
    assert messages.named("2026-3", is_released=True) == "aturan baku, versi 2026-3"
    assert messages.titled("2027-1", is_released=False) == "Aturan instansi, versi 2027-1"


@pytest.mark.parametrize(("per_competency", "total", "exceeds"), [
    (False, None, True), (False, 120, True), (False, 100, False), (True, None, False),
])  # fmt: skip
def test_a_match_above_100_is_possible_where_nothing_caps_it(document, per_competency, total, exceeds):
    document["rules"]["jpm.cap_per_competency"]["value"] = per_competency
    document["rules"]["jpm.cap_total"]["value"] = total
    assert rules.read(document).exceeds is exceeds
