"""What may be decided and what follows from it, without a store."""

from dataclasses import replace
from fractions import Fraction
from importlib.resources import files
from uuid import UUID

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from assessment_app.review.rules.deciding import (
    Adjustment,
    Choice,
    Decision,
    Fault,
    adjusted,
    allowed_levels,
    decision,
    faults,
    is_plain,
    match_error,
    read_review,
    seen_token,
    signed_document,
)
from assessment_app.review.rules.standing import Last, State, may_approve, may_decide, state_of
from assessment_app.rule_sets.rules import IncompleteRules
from assessment_app.scoring.rules import match, terms
from assessment_app.scoring.rules.sureness import serious
from item_bank.competencies import COMPETENCIES
from scoring_engine.canonical import canonical

STANDARD = msgspec.json.decode(files("assessment_app.rule_sets").joinpath("documents", "2026-3.json").read_bytes())
TERMS, LIMITS = terms(STANDARD), read_review(STANDARD)
RULES = TERMS.rules
REASON = "Alasan yang cukup panjang untuk dibaca orang lain, dengan buktinya."
FIRST, SECOND = UUID(int=1), UUID(int=2)
levels = some.lists(some.integers(1, 5), min_size=9, max_size=9)


def profile(given_levels, required=2, potential=70.0):
    """Make a profile of nine competencies whose levels are as sure as a test makes them."""
    competencies = []
    for one, level in zip(COMPETENCIES, given_levels, strict=True):
        chances = [0.05] * 5
        if level is not None:
            chances[level - 1] = 0.8
        competencies.append({
            "construct": one.code, "theta": 0.0, "se": 0.5, "cuts": [-1.5, -0.5, 0.5, 1.5], "level": level,
            "levels": None if level is None else chances, "required": required,
            "reaches": None if level is None else sum(chances[required - 1 :]), "near_cut": False,
        })  # fmt: skip
    composite = {"score": potential, "chances": [0.05, 0.9, 0.05]}
    return {"competencies": competencies, "jpm": match(competencies, TERMS), "potential": composite}


def adjust(code, level, system=3, reason=REASON):
    return Decision(Choice.ADJUST, (Adjustment(code, system, level, reason),))


@given(levels, some.integers(0, 8), some.integers(1, 5))
def test_the_match_after_an_adjustment_is_that_of_the_new_levels_and_nothing_else_changes(given_levels, which, level):
    before, code = profile(given_levels), COMPETENCIES[which].code
    after = adjusted(before, adjust(code, level).adjustments, TERMS)
    new = [level if place == which else one for place, one in enumerate(given_levels)]
    assert Fraction(*after["jpm"]["exact"]) == Fraction(100 * sum(new), 18)
    assert sum(after["jpm"]["chances"]) == pytest.approx(1)
    others = [one for one in after["competencies"] if one["construct"] != code]
    assert others == [one for one in before["competencies"] if one["construct"] != code]
    assert after["potential"] == before["potential"]


def test_when_every_level_is_adjusted_the_category_is_certain():
    every = tuple(Adjustment(one.code, 3, 2, REASON) for one in COMPETENCIES)
    after = adjusted(profile([3] * 9), every, TERMS)
    assert after["jpm"]["chances"] == [0.0, 0.0, 1.0]
    assert match_error(after, RULES) == pytest.approx(0, abs=1e-4)


def test_the_error_of_the_match_is_that_of_drawing_levels():
    known = profile([1, 2, 3, 4, 5, 3, 2, 4, 1])
    chance = np.random.default_rng(1)
    drawn = sum(chance.choice(np.arange(1, 6), 200_000, p=one["levels"]) for one in known["competencies"])
    alone = replace(RULES, level_correlation=0.0)
    assert match_error(known, alone) == pytest.approx(100 * np.std(drawn) / 18, rel=0.01)
    assert match_error(profile([None, *[3] * 8]), alone) is None


@pytest.mark.parametrize(("level", "allowed"), [(1, [1, 2]), (3, [2, 3, 4]), (5, [4, 5]), (None, [])])
def test_levels_are_within_the_limit_and_the_scale(level, allowed):
    assert list(allowed_levels(profile([level, *[3] * 8])["competencies"][0], LIMITS)) == allowed


@pytest.mark.parametrize(("taken", "is_correction", "found"), [
    (Decision(Choice.CONFIRM), False, []),
    (Decision(Choice.CONFIRM), True, [Fault.WHY_TOO_SHORT]),
    (adjust("M.08", 4), False, []),
    (adjust("M.08", 5), False, [Fault.TOO_FAR]),
    (adjust("M.08", 0), False, [Fault.TOO_FAR]),
    (adjust("M.08", 2, reason="x" * 49), False, [Fault.TOO_SHORT]),
    (adjust("M.08", 2, reason="x" * 50), False, []),
    (Decision(Choice.ADJUST), False, [Fault.NOTHING_ADJUSTED]),
    (Decision(Choice.REASSESS, part=3, why=REASON), False, [Fault.NO_PART]),
    (Decision(Choice.REASSESS, part=2), False, [Fault.WHY_TOO_SHORT]),
    (Decision(Choice.REASSESS, part=2, why=REASON), True, []),
])  # fmt: skip
def test_what_breaks_the_rule_set_is_named(taken, is_correction, found):
    known = profile([3] * 9)
    assert [fault for fault, _ in faults(taken, known, LIMITS, (1, 2), is_correction=is_correction)] == found


def test_a_level_that_is_the_systems_own_and_one_that_was_not_measured_adjust_nothing():
    known = profile([None, *[3] * 8])
    wanted = {"M.01": 2, "M.02": 3, "M.03": 4}
    taken = decision(known, Choice.ADJUST, wanted, {"M.03": REASON}, None, "")
    assert taken.adjustments == (Adjustment("M.03", 3, 4, REASON),)
    assert decision(known, Choice.CONFIRM, wanted, {}, None, "").adjustments == ()
    assert Decision.of(taken.said()) == taken


def test_a_confirmed_document_is_the_profile_and_the_signature():
    known = profile([3] * 9)
    document = signed_document(known, Decision(Choice.CONFIRM), TERMS, {"n": 1})
    assert {name: part for name, part in document.items() if name != "signed"} == known
    assert document["signed"]["n"] == 1
    canonical(document)


def test_the_name_of_an_effect_is_that_of_its_levels_and_its_profile():
    one, other = adjust("M.08", 2).adjustments, adjust("M.08", 4).adjustments
    tokens = {seen_token("a", one), seen_token("a", other), seen_token("b", one), seen_token("a", ())}
    assert len(tokens) == 4
    assert seen_token("a", one) == seen_token("a", adjust("M.08", 2, reason="lain").adjustments)


@pytest.mark.parametrize(("near_cut", "plain", "near_one", "sure_one"), [(1, 0, 1, 1), (2, 0, 2, 1), (2, 2, 2, 2)])
def test_the_rule_set_says_how_many_assessors_a_confirmation_needs(near_cut, plain, near_one, sure_one):
    least = {"value": {"automatic": plain, "near_cut": near_cut}}
    limits = read_review({"rules": STANDARD["rules"] | {"assessment.assessors_min": least}})
    sure, near = profile([3] * 9), profile([3] * 9)
    near["potential"] = {"score": 61.0, "chances": [0.45, 0.5, 0.05]}
    assert limits.assessors_needed(sure, RULES, is_adjusted=False) == sure_one
    assert limits.assessors_needed(near, RULES, is_adjusted=False) == near_one
    assert limits.assessors_needed(sure, RULES, is_adjusted=True) == 2


@pytest.mark.parametrize(("name", "value"), [
    ("review.adjustment_limit", -1), ("review.reason_min_letters", 5000), ("review.reason_min_letters", "x"),
    ("assessment.assessors_min", {"automatic": 0, "near_cut": 3}), ("assessment.assessors_min", {}),
])  # fmt: skip
def test_rules_that_do_not_hold_together_are_refused(name, value):
    with pytest.raises(IncompleteRules):
        read_review({"rules": STANDARD["rules"] | {name: {"value": value}}})


def test_plain_is_only_who_is_whole_sure_and_without_a_serious_flag():
    sure = profile([3] * 9)
    slight, grave = ({"flag": "x", "serious": is_serious} for is_serious in (False, True))
    assert is_plain(sure, RULES, LIMITS)
    assert is_plain(sure | {"validity": [slight]}, RULES, LIMITS)
    assert not is_plain(sure | {"validity": [slight, grave]}, RULES, LIMITS)
    assert serious(sure | {"validity": [slight, grave, grave]}) == 2
    assert not is_plain(profile([None, *[3] * 8]), RULES, LIMITS)
    near = sure | {"potential": {"score": 61.0, "chances": [0.45, 0.5, 0.05]}}
    assert not is_plain(near, RULES, LIMITS)


@pytest.mark.parametrize(("kind", "profile_now", "has_draft", "state"), [
    (None, "p", False, State.OPEN), (None, "p", True, State.DRAFT), ("submitted", "p", True, State.WAITING),
    ("submitted", "q", False, State.OUTDATED), ("approved", "p", False, State.SIGNED),
    ("signed", "p", True, State.SIGNED), ("signed", "q", False, State.OUTDATED),
    ("sent_back", "p", False, State.RETURNED),
    ("sent_back", "q", False, State.RETURNED), ("sent_back", "p", True, State.DRAFT),
    ("reassess", "p", False, State.REASSESS),
    ("reassess", "q", False, State.OUTDATED),
])  # fmt: skip
def test_where_a_review_stands_follows_from_its_last_step(kind, profile_now, has_draft, state):
    last = Last(1, kind, FIRST, "p") if kind else None
    assert state_of(last, profile_now, has_draft=has_draft) is state


def test_what_waits_is_changed_by_its_author_and_approved_by_another():
    last = Last(1, "submitted", FIRST, "p")
    assert (may_decide(State.WAITING, last, FIRST), may_decide(State.WAITING, last, SECOND)) == (True, False)
    assert (may_approve(State.WAITING, last, FIRST), may_approve(State.WAITING, last, SECOND)) == (False, True)
    assert not may_approve(State.SIGNED, last, SECOND)
