"""From facts to components: the vectors of the formula, windows, gaps, and what is missing stays missing."""

from datetime import date
from fractions import Fraction
from importlib.resources import files
from uuid import uuid4

import msgspec
import pytest

from assessment_app.evidence import messages
from assessment_app.evidence.rules import (
    COMPONENTS,
    Fact,
    Kind,
    Known,
    Numbers,
    State,
    components,
    predicate,
    read_none,
)
from assessment_app.evidence.rules.components import length
from assessment_app.rule_sets.rules import IncompleteRules

AS_OF = date(2026, 11, 26)
SOURCE = files("assessment_app.rule_sets").joinpath("documents", "2026-3.json")


def document():
    return msgspec.json.decode(SOURCE.read_bytes())


NUMBERS = Numbers.of(document())
DEFAULTS: dict[Kind, dict[str, object]] = {
    Kind.PERFORMANCE: {"year": 2025, "predicate": "baik", "results": None, "behaviour": None},
    Kind.AWARD: {"level": "province", "name": "ASN Berprestasi", "date": "2025-08-17"},
    Kind.TEAM: {"role": "member", "name": "Tim RB", "decree": "821/1", "from": "2026-01-02", "to": None},
    Kind.FEEDBACK_360: {"year": 2025, "value": "85"},
    Kind.TRAINING: {"name": "PKP", "number": "1", "bnsp": False, "date": "2024-06-15"},
    Kind.POST: {"title": "Analis", "from": "2022-11-26", "to": None},
    Kind.EDUCATION: {"level": "s1", "field": "Hukum", "fits": True, "graduated": "2010"},
    Kind.DISCIPLINE: {"level": "light", "name": "Teguran", "decree": "1", "from": "2020-01-01", "to": "2020-01-01"},
}


def fact(kind, replaces=None, **said):
    return Fact(uuid4(), kind, State.PRESENT, DEFAULTS[kind] | said, replaces, f"berkas {kind}")


def none(kind, day=AS_OF):
    return Fact(uuid4(), kind, State.ABSENT, read_none(day).said, None, "catatan BKD")


def judged(*facts, as_of=AS_OF, numbers=NUMBERS):
    return components(facts, numbers, as_of, messages.in_source)


def one(name, *facts, as_of=AS_OF):
    found = judged(*facts, as_of=as_of)[name]
    return found.state, found.value


def test_nobody_told_of_anything_and_nothing_is_zero():
    found = judged()
    assert tuple(found) == COMPONENTS
    assert {(part.state, part.value) for part in found.values()} == {(Known.UNKNOWN, None)}
    assert all(part.why for part in found.values())


@pytest.mark.parametrize(
    ("said", "worth"),
    [("sangat_baik", 100), ("baik", 80), ("butuh_perbaikan", 60), ("kurang", 40), ("sangat_kurang", 20)],
)
def test_every_predicate_has_its_worth(said, worth):
    facts = [fact(Kind.PERFORMANCE, predicate=said)]
    assert one("performance", *facts) == (Known.PRESENT, Fraction(worth))
    assert predicate(facts, AS_OF) == said


def weighted(found, weights):
    return sum(Fraction(weight) * found[name].value / 100 for name, weight in weights.items() if found[name].value)


def test_the_person_of_the_formulas_vector_gets_its_sums():
    found = judged(
        fact(Kind.PERFORMANCE), none(Kind.AWARD), fact(Kind.TEAM), fact(Kind.FEEDBACK_360), none(Kind.TRAINING),
        fact(Kind.POST), fact(Kind.EDUCATION), none(Kind.DISCIPLINE),
    )  # fmt: skip
    rules = {name: rule["value"] for name, rule in document()["rules"].items()}
    x = {name: weight for name, weight in rules["talent.x.weights"].items() if name in found}
    assert weighted(found, rules["talent.y.weights"]) == 64
    from_tests = Fraction("88.89") * Fraction(20, 100) + Fraction(75) * Fraction(25, 100)
    assert weighted(found, x) + from_tests == Fraction("82.528")
    assert {name: found[name].state for name in found} == {
        "performance": Known.PRESENT, "award": Known.ABSENT, "team": Known.PRESENT, "feedback_360": Known.PRESENT,
        "development": Known.ABSENT, "experience": Known.PRESENT, "education": Known.PRESENT, "field": Known.PRESENT,
        "discipline": Known.ABSENT,
    }  # fmt: skip


def test_good_and_nothing_else_known_is_no_sum_of_zeros():
    found = judged(fact(Kind.PERFORMANCE))
    assert [name for name in found if found[name].value is not None] == ["performance"]


def test_two_predicates_for_one_year_are_neither():
    facts = [fact(Kind.PERFORMANCE), fact(Kind.PERFORMANCE, predicate="sangat_baik")]
    assert one("performance", *facts) == (Known.UNKNOWN, None)
    assert predicate(facts, AS_OF) is None
    assert "2 predikat berbeda untuk 2025" in judged(*facts)["performance"].why


def test_the_same_predicate_from_two_sources_is_no_conflict():
    facts = [fact(Kind.PERFORMANCE), fact(Kind.PERFORMANCE, results="1", behaviour="1")]
    assert one("performance", *facts) == (Known.PRESENT, 80)


def test_a_taken_back_predicate_settles_the_conflict():
    wrong, right = fact(Kind.PERFORMANCE), fact(Kind.PERFORMANCE, predicate="sangat_baik")
    back = Fact(uuid4(), Kind.PERFORMANCE, State.TAKEN_BACK, {}, wrong.fact_id)
    assert one("performance", wrong, right, back) == (Known.PRESENT, 100)


def test_a_correction_stands_in_place_of_what_it_names():
    wrong = fact(Kind.PERFORMANCE)
    assert one("performance", wrong, fact(Kind.PERFORMANCE, wrong.fact_id, predicate="kurang")) == (Known.PRESENT, 40)


def test_a_year_that_is_not_over_does_not_count():
    facts = [fact(Kind.PERFORMANCE), fact(Kind.PERFORMANCE, year=2026, predicate="kurang")]
    assert one("performance", *facts) == (Known.PRESENT, 80)
    assert one("performance", *facts, as_of=date(2027, 1, 1)) == (Known.PRESENT, 40)


def test_an_older_year_counts_and_says_so():
    found = judged(fact(Kind.PERFORMANCE, year=2023))["performance"]
    assert (found.state, found.value) == (Known.PRESENT, 80)
    assert "Tahun yang lebih baru belum diterima" in found.why


@pytest.mark.parametrize(
    ("day", "known"),
    [("2021-11-26", Known.PRESENT), ("2021-11-25", Known.UNKNOWN), ("2021", Known.PRESENT), ("2020", Known.UNKNOWN)],
)
def test_an_award_counts_for_five_years_to_the_day(day, known):
    assert one("award", fact(Kind.AWARD, date=day))[0] == known


def test_an_old_award_is_no_proof_that_there_is_no_newer_one():
    found = judged(fact(Kind.AWARD, date="2015-01-01"))["award"]
    assert (found.state, found.value) == (Known.UNKNOWN, None)
    assert "di luar masa hitung" in found.why


def test_the_best_award_counts():
    assert one("award", fact(Kind.AWARD, level="agency"), fact(Kind.AWARD, level="national")) == (Known.PRESENT, 100)


@pytest.mark.parametrize(
    ("kind", "name", "worth"),
    [(Kind.AWARD, "award", 0), (Kind.TEAM, "team", 0), (Kind.TRAINING, "development", 50),
     (Kind.DISCIPLINE, "discipline", 100)],
)  # fmt: skip
def test_checked_and_none_is_worth_what_the_rule_says(kind, name, worth):
    assert one(name, none(kind)) == (Known.ABSENT, worth)


def test_a_mark_older_than_the_window_says_nothing_of_it():
    assert one("award", none(Kind.AWARD, date(2020, 1, 1)))[0] == Known.UNKNOWN


def test_a_mark_of_tomorrow_is_not_seen_yet():
    assert one("award", none(Kind.AWARD, date(2026, 11, 27)))[0] == Known.UNKNOWN


def test_an_award_after_the_check_counts_and_one_before_it_is_a_conflict():
    assert one("award", none(Kind.AWARD, date(2025, 1, 1)), fact(Kind.AWARD)) == (Known.PRESENT, 80)
    assert one("award", none(Kind.AWARD), fact(Kind.AWARD)) == (Known.UNKNOWN, None)


@pytest.mark.parametrize(
    ("said", "known"),
    [({"decree": ""}, Known.UNKNOWN), ({"from": "2020-01-01", "to": "2024-11-26"}, Known.PRESENT),
     ({"from": "2020-01-01", "to": "2024-11-25"}, Known.UNKNOWN), ({"from": "2026-12-01"}, Known.UNKNOWN)],
)  # fmt: skip
def test_a_team_counts_for_two_years_after_its_end_and_only_with_a_decree(said, known):
    assert one("team", fact(Kind.TEAM, **said))[0] == known


def test_the_highest_role_counts():
    assert one("team", fact(Kind.TEAM), fact(Kind.TEAM, role="leader"))[1] == 100


@pytest.mark.parametrize(
    ("bnsp", "day", "known"),
    [(False, "2021-11-26", Known.PRESENT), (False, "2021-11-25", Known.UNKNOWN),
     (True, "2023-11-26", Known.PRESENT), (True, "2023-11-25", Known.UNKNOWN)],
)  # fmt: skip
def test_certificates_count_five_years_and_those_of_bnsp_three(bnsp, day, known):
    assert one("development", fact(Kind.TRAINING, bnsp=bnsp, date=day))[0] == known


@pytest.mark.parametrize(
    ("since", "worth"),
    [("2026-11-01", 60), ("2024-11-26", 60), ("2024-01-01", 60), ("2023-11-27", 60), ("2023-11-26", 80),
     ("2022-05-01", 80), ("2021-11-27", 80), ("2021-11-26", 100), ("2000-01-01", 100)],
)  # fmt: skip
def test_experience_has_no_gap_between_two_and_three_nor_four_and_five_years(since, worth):
    assert one("experience", fact(Kind.POST, **{"from": since})) == (Known.PRESENT, worth)


def test_posts_held_at_the_same_time_are_counted_once():
    spans = [(date(2020, 1, 1), date(2021, 12, 31)), (date(2021, 1, 1), date(2022, 12, 31)), (date(2023, 1, 1), None)]
    assert length(spans, date(2025, 1, 1)) == 5


def test_days_of_broken_stretches_are_put_together():
    spans = [(date(2020, 1, 1), date(2020, 1, 16)), (date(2021, 1, 1), date(2021, 1, 16))]
    assert length(spans, AS_OF) == Fraction(1, 12)


@pytest.mark.parametrize(
    ("level", "worth"), [("s3", 100), ("s2", 90), ("s1", 80), ("d4", 80), ("d3", 70), ("slta", 60)]
)
def test_every_degree_has_its_worth(level, worth):
    assert one("education", fact(Kind.EDUCATION, level=level)) == (Known.PRESENT, worth)


@pytest.mark.parametrize(
    ("fits", "found"),
    [([True, False], (Known.PRESENT, 100)), ([False], (Known.PRESENT, 50)), ([False, None], (Known.UNKNOWN, None)),
     ([None], (Known.UNKNOWN, None))],
)  # fmt: skip
def test_a_field_that_nobody_judged_is_unknown_and_not_unfitting(fits, found):
    assert one("field", *(fact(Kind.EDUCATION, fits=fit) for fit in fits)) == found


@pytest.mark.parametrize(
    ("said", "worth"),
    [({}, 75), ({"level": "medium"}, 50), ({"level": "heavy"}, 25), ({"level": "heavy", "to": "2026-11-26"}, 0),
     ({"level": "medium", "to": None}, 0), ({"to": None}, 75), ({"level": "medium", "to": "2026-11-25"}, 50)],
)  # fmt: skip
def test_every_sanction_has_its_worth_and_who_serves_one_has_none(said, worth):
    assert one("discipline", fact(Kind.DISCIPLINE, **said)) == (Known.PRESENT, worth)


def test_the_worst_sanction_decides():
    assert one("discipline", fact(Kind.DISCIPLINE), fact(Kind.DISCIPLINE, level="heavy"))[1] == 25


def test_punished_and_never_punished_is_neither():
    assert one("discipline", fact(Kind.DISCIPLINE), none(Kind.DISCIPLINE)) == (Known.UNKNOWN, None)
    serving = fact(Kind.DISCIPLINE, level="heavy", to=None)
    assert one("discipline", serving, none(Kind.DISCIPLINE)) == (Known.UNKNOWN, None)


def test_two_values_of_the_feedback_for_one_year_are_neither():
    assert one("feedback_360", fact(Kind.FEEDBACK_360), fact(Kind.FEEDBACK_360, value="70"))[0] == Known.UNKNOWN
    assert one("feedback_360", fact(Kind.FEEDBACK_360, year=2024), fact(Kind.FEEDBACK_360, value="70.1"))[
        1
    ] == Fraction("70.1")


def test_the_source_and_the_reason_are_told():
    found = judged(fact(Kind.AWARD))["award"]
    assert found.source == "berkas award"
    assert found.why == "Penghargaan tertinggi: Provinsi (ASN Berprestasi)."


def change(name, value):
    changed = document()
    changed["rules"][name]["value"] = value
    return changed


def test_a_changed_number_changes_the_component():
    numbers = Numbers.of(change("talent.subscale.education", {"s1": 81.5}))
    assert judged(fact(Kind.EDUCATION), numbers=numbers)["education"].value == Fraction(163, 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [("predicate.matrix", [["baik"]]), ("predicate.score", {"baik": 80}), ("talent.subscale.award", {"national": 1}),
     ("talent.subscale.experience", [[1, 60]]), ("talent.subscale.experience", [[0, 60], [5, 70], [3, 80]]),
     ("talent.window.award_years", None)],
)  # fmt: skip
def test_numbers_that_do_not_hold_together_are_refused(name, value):
    with pytest.raises(IncompleteRules):
        Numbers.of(change(name, value))


def test_a_rule_that_is_not_there_is_named():
    short = document()
    del short["rules"]["talent.subscale.field"]
    with pytest.raises(IncompleteRules, match=r"talent\.subscale\.field"):
        Numbers.of(short)
