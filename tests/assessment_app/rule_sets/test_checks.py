"""Every invariant of a rule set, broken once: the rule is named, and everything that is wrong is said at once."""

import pytest

from assessment_app.rule_sets.messages.faults import SENTENCES, rule_name, sentence
from assessment_app.rule_sets.rules.checks import ALL, LADDERS, LATER, LEVELS, SHAPES, changes, unverified, violations
from assessment_app.rule_sets.rules.shapes import Fault


def said(document):
    return [(one.rule, one.fault) for one in violations(document)]


def put(document, name, value):
    document["rules"][name]["value"] = value
    return document


def part(document, name, **changed):
    document["rules"][name]["value"] |= {key.removesuffix("_"): value for key, value in changed.items()}
    return document


BROKEN: dict[str, tuple[str, Fault, dict]] = {
    "weights of performance that sum to 105": ("talent.y.weights", Fault.SUM, {"award": 20}),
    "weights of potential that sum to 90": ("talent.x.weights", Fault.SUM, {"potential": 15}),
    "axes that sum to 99": ("talent.axis_weights", Fault.SUM, {"y": 49}),
    "a weight below zero": ("talent.y.weights", Fault.NUMBER, {"award": -15}),
    "a weight that is text": ("talent.y.weights", Fault.NUMBER, {"award": "15"}),
    "a weight that is a truth value": ("talent.axis_weights", Fault.NUMBER, {"y": True}),
    "a component that nobody knows": ("talent.y.weights", Fault.EXTRA, {"loyalty": 0}),
    "a lower award above a higher one": ("talent.subscale.award", Fault.NOT_BELOW, {"regency": 90}),
    "a member above the leader": ("talent.subscale.team", Fault.NOT_BELOW, {"member": 90}),
    "no certificate above a certificate": ("talent.subscale.development", Fault.NOT_BELOW, {"has_certificate": 40}),
    "a diploma above a bachelor": ("talent.subscale.education", Fault.NOT_BELOW, {"d3": 85}),
    "a field that does not fit above one that does": ("talent.subscale.field", Fault.NOT_BELOW, {"fits": 40}),
    "a heavier sanction above a lighter one": ("talent.subscale.discipline", Fault.NOT_BELOW, {"heavy": 60}),
    "a subscale above a hundred": ("talent.subscale.team", Fault.NUMBER, {"leader": 101}),
    "Kurang above Butuh Perbaikan": ("predicate.score", Fault.NOT_BELOW, {"kurang": 70}),
    "Kurang level with Butuh Perbaikan": ("predicate.score", Fault.ABOVE, {"kurang": 60}),
    "a row that Kurang has above Butuh Perbaikan": ("predicate.row", Fault.NOT_BELOW, {"kurang": 1}),
    "a row that the matrix does not have": ("predicate.row", Fault.WHOLE, {"sangat_baik": 3}),
    "a standard of six": ("competency.standard", Fault.WHOLE, {"jpt_utama": 6}),
    "a standard of two and a half": ("competency.standard", Fault.WHOLE, {"pengawas": 2.5}),
    "more asked of a pengawas than of an administrator": ("competency.standard", Fault.NOT_BELOW, {"pengawas": 4}),
    "retirement at 40": ("bup.table", Fault.WHOLE, {"pelaksana": 40}),
    "retirement at 80": ("bup.table", Fault.WHOLE, {"ahli_utama": 80}),
    "an aspect without weight": ("potential.weights", Fault.NUMBER, {"growth": "satu"}),
    "minus one assessor": ("assessment.assessors_min", Fault.WHOLE, {"job_fit": -1}),
    "shares that make 110": ("talent.technical_mix", Fault.SUM, {"pengawas": [60, 50]}),
    "a job level that nobody knows": ("talent.technical_mix", Fault.EXTRA, {"camat": [50, 50]}),
    "a share that is text": ("talent.technical_mix", Fault.FORM, {"pengawas": ["50", 50]}),
    "an empty recommendation": ("box.recommendations", Fault.EMPTY, {"5": []}),
    "a blank recommendation": ("box.recommendations", Fault.EMPTY, {"5": [" "]}),
    "box 10": ("succession.eligible", Fault.BOXES, {"agency": [7, 8, 9, 10]}),
    "a box twice": ("succession.eligible", Fault.BOXES, {"agency": [9, 9]}),
    "national but not of the agency": ("succession.eligible", Fault.NOT_OF_AGENCY, {"agency": [7, 8]}),
}

REPLACED: dict[str, tuple[str, Fault, object]] = {
    "cuts that fall": ("talent.cut.y", Fault.ABOVE, [80, 60]),
    "cuts that are one": ("talent.cut.x", Fault.ABOVE, [60, 60]),
    "a cut above the scale": ("potential.cuts", Fault.NUMBER, [60, 120]),
    "three cuts": ("potential.cuts", Fault.FORM, [40, 60, 80]),
    "categories that fall": ("jpm.pemetaan", Fault.CATEGORY_ORDER, {"lowest": "K", "above": [["C", 90], ["O", 78]]}),
    "an empty category": ("jpm.pengisian", Fault.CATEGORY_ORDER, {"lowest": "K", "above": [["C", 80], ["O", 80]]}),
    "two categories": ("jpm.pemetaan", Fault.THREE_CATEGORIES, {"lowest": "K", "above": [["O", 90]]}),
    "a category twice": ("jpm.pemetaan", Fault.CATEGORY_NAMES, {"lowest": "O", "above": [["C", 78], ["O", 90]]}),
    "a category without name": ("jpm.pemetaan", Fault.CATEGORY_NAMES, {"lowest": " ", "above": [["C", 78], ["O", 90]]}),
    "a category at minus one": ("jpm.pemetaan", Fault.NUMBER, {"lowest": "K", "above": [["C", -1], ["O", 90]]}),
    "categories with an upper end": (
        "jpm.pemetaan", Fault.THREE_CATEGORIES, {"lowest": "K", "above": [["C", 78], ["O", 90]], "below": 100}
    ),
    "a purpose that nobody knows": ("jpm.purpose", Fault.CHOICE, "jpm.promosi"),
    "a cap that is no flag": ("jpm.cap_per_competency", Fault.YES_OR_NO, 1),
    "a cap below the highest category": ("jpm.cap_total", Fault.CAP_TOO_LOW, 85),
    "a competency that weighs nothing": ("jpm.weights", Fault.NUMBER, dict.fromkeys(
        ("M.01", "M.02", "M.03", "M.04", "M.05", "M.06", "M.07", "M.08", "SK.01"), 0)),
    "weights of some competencies": ("jpm.weights", Fault.LACKS, {"M.01": 1}),
    "a chance of one": ("box.near_cut", Fault.BETWEEN, 1),
    "a chance of zero": ("competency.near_cut", Fault.BETWEEN, 0),
    "nine of eight aspects": ("potential.min_measured", Fault.WHOLE, 9),
    "a window of no year": ("talent.window.award_years", Fault.WHOLE, 0),
    "a window of a century": ("talent.window.team_years", Fault.WHOLE, 100),
    "results that hold half a year": ("assessment.validity_years", Fault.WHOLE, 0.5),
    "an adjustment of nine levels": ("review.adjustment_limit", Fault.WHOLE, 9),
    "a reason of no letters": ("review.reason_min_letters", Fault.WHOLE, 0),
    "months below zero": ("succession.min_months_to_bup", Fault.WHOLE, -1),
    "missing evidence as zero": ("talent.missing_policy", Fault.CHOICE, "zero"),
    "another mode of the row": ("box.performance_mode", Fault.CHOICE, "mean"),
    "another first day": ("bup.first_day_rule", Fault.CHOICE, "birthday"),
    "steps that leave out the beginning": ("talent.subscale.experience", Fault.STARTS_AT_ZERO, [[2, 60], [5, 100]]),
    "steps in disorder": ("talent.subscale.experience", Fault.STEPS_RISE, [[0, 60], [5, 80], [3, 100]]),
    "steps whose values fall": ("talent.subscale.experience", Fault.STEPS_RISE, [[0, 60], [3, 50]]),
    "no step": ("talent.subscale.experience", Fault.FORM, []),
    "a number twice": ("box.numbering", Fault.PERMUTATION, [[1, 3, 6], [2, 5, 8], [4, 7, 8]]),
    "a number ten": ("box.numbering", Fault.PERMUTATION, [[1, 3, 6], [2, 5, 8], [4, 7, 10]]),
    "a number that is a flag": ("box.numbering", Fault.PERMUTATION, [[True, 3, 6], [2, 5, 8], [4, 7, 9]]),
    "two rows": ("box.numbering", Fault.NINE_CELLS, [[1, 3, 6], [2, 5, 8]]),
    "a predicate that nobody knows": ("predicate.matrix", Fault.CHOICE, [["kurang", "kurang", "cukup"]] * 3),
    "better behaviour with a lower predicate": (
        "predicate.matrix", Fault.MATRIX_FALLS,
        [["sangat_kurang", "butuh_perbaikan", "kurang"], ["kurang", "baik", "baik"], ["kurang", "baik", "sangat_baik"]],
    ),
    "better results with a lower predicate": (
        "predicate.matrix", Fault.MATRIX_FALLS,
        [["kurang", "butuh_perbaikan", "baik"], ["sangat_kurang", "baik", "baik"], ["kurang", "baik", "sangat_baik"]],
    ),
    "a table that is a list": ("talent.y.weights", Fault.FORM, [60, 15, 15, 10]),
    "no value at all": ("competency.standard", Fault.FORM, None),
}  # fmt: skip


def test_the_rules_of_the_release_hold_together(document):
    assert violations(document) == []
    assert set(SHAPES) <= set(document["rules"]) <= set(ALL)


@pytest.mark.parametrize("what", BROKEN)
def test_one_wrong_number_of_a_table_is_named(document, what):
    name, fault, changed = BROKEN[what]
    assert said(part(document, name, **changed)) == [(name, fault)]


@pytest.mark.parametrize("what", REPLACED)
def test_a_wrong_value_is_named(document, what):
    name, fault, value = REPLACED[what]
    assert set(said(put(document, name, value))) == {(name, fault)}


@pytest.mark.parametrize("name", SHAPES)
def test_a_missing_rule_is_named(document, name):
    del document["rules"][name]
    assert said(document) == [(name, Fault.MISSING)]


@pytest.mark.parametrize("name", [name for name in SHAPES if name not in ("talent.technical_mix",)])
def test_a_table_that_lacks_a_line_is_named(document, name):
    value = document["rules"][name]["value"]
    if isinstance(value, dict) and "lowest" not in value:
        value.popitem()
        assert Fault.LACKS in {fault for rule, fault in said(document) if rule == name}


SOUND = {
    "bup.special": [["guru besar", 70], ["guru", 60]], "payroll.mpp_paid": True, "payroll.absence_months": 3,
    "validity.rapid_seconds": 3, "validity.effort_least": 0.9, "validity.fit_level": 0.01, "validity.least_rated": 10,
    "validity.longstring_share": 0.5, "validity.straight_share": 0.8, "validity.consistency_least": 0.5,
    "potential.correlation": 0.4, "competency.correlation": 0.4, "assessment.objection_days": 14,
}  # fmt: skip
UNSOUND = {
    "bup.special": [["guru", 90]], "payroll.mpp_paid": "ya", "payroll.absence_months": 0, "validity.rapid_seconds": 0,
    "validity.effort_least": 1.1, "validity.fit_level": 1, "validity.least_rated": 0, "validity.longstring_share": -1,
    "validity.straight_share": "1", "validity.consistency_least": True, "potential.correlation": 1,
    "competency.correlation": -1, "assessment.objection_days": 0,
}  # fmt: skip


@pytest.mark.parametrize("name", LATER)
def test_a_rule_that_only_some_releases_know_is_checked_where_it_stands_and_missed_where_it_must(document, name):
    document["rules"][name] = {"value": SOUND[name], "source": "x", "mark": "D"}
    assert said(document) == []
    assert [one.rule for one in violations(put(document, name, UNSOUND[name]))] == [name]
    del document["rules"][name]
    assert said(document) == []
    assert [(one.rule, one.fault) for one in violations(document, [name])] == [(name, Fault.MISSING)]


def test_a_rule_that_nobody_knows_is_named(document):
    document["rules"]["talent.bonus"] = {"value": 1, "source": "x", "mark": "D"}
    assert said(document) == [("talent.bonus", Fault.UNKNOWN)]


@pytest.mark.parametrize("source", ["", "  ", None, 7, "x" * 501])
def test_a_rule_without_source_is_named(document, source):
    document["rules"]["box.numbering"]["source"] = source
    assert said(document) == [("box.numbering", Fault.NO_SOURCE)]


@pytest.mark.parametrize("mark", ["", "X", None, "v2"])
def test_a_rule_without_mark_is_named(document, mark):
    document["rules"]["box.numbering"]["mark"] = mark
    assert said(document) == [("box.numbering", Fault.NO_MARK)]


def test_more_in_a_rule_than_value_source_and_mark_is_named(document):
    document["rules"]["box.numbering"]["note"] = "hilang diam-diam"
    assert said(document) == [("box.numbering", Fault.EXTRA)]


@pytest.mark.parametrize(("change", "fault"), [
    ({"schema": "proasn/rules/9"}, Fault.SCHEMA), ({"version": ""}, Fault.VERSION), ({"version": 7}, Fault.VERSION),
    ({"version": "x" * 21}, Fault.VERSION), ({"effective": "besok"}, Fault.EFFECTIVE),
    ({"effective": "2027-01-01T00:00:00"}, Fault.EFFECTIVE), ({"effective": None}, Fault.EFFECTIVE),
])  # fmt: skip
def test_what_a_document_says_of_itself_is_checked(document, change, fault):
    assert said(document | change) == [("", fault)]


@pytest.mark.parametrize("junk", [None, [], "set", {}, {"rules": []}, {"rules": {"jpm.purpose": 3}}])
def test_what_is_no_rule_set_is_said_and_breaks_nothing(junk):
    assert violations(junk)


def test_fewer_weighted_aspects_than_must_be_measured_are_named(document):
    weights = document["rules"]["potential.weights"]["value"]
    put(document, "potential.weights", dict.fromkeys(weights, 0) | {"growth": 1, "motivation": 1, "emotional": 1})
    assert said(document) == [("potential.min_measured", Fault.TOO_FEW_WEIGHTED)]


def test_everything_that_is_wrong_is_said_at_once(document):
    part(document, "talent.y.weights", award=20)
    put(document, "talent.cut.x", [90, 80])
    del document["rules"]["bup.table"]
    assert said(document) == [
        ("talent.y.weights", Fault.SUM), ("talent.cut.x", Fault.ABOVE), ("bup.table", Fault.MISSING),
    ]  # fmt: skip


@pytest.mark.parametrize("what", [*BROKEN, *REPLACED])
def test_each_fault_is_one_sentence_that_names_the_rule_and_says_what_to_do(document, what):
    if what in BROKEN:
        name, _fault, changed = BROKEN[what]
        broken = part(document, name, **changed)
    else:
        name, _fault, value = REPLACED[what]
        broken = put(document, name, value)
    for one in violations(broken):
        text = sentence(one.rule, one.fault, one.known)
        assert text.startswith(rule_name(name))
        assert text.endswith(".")
        assert "%(" not in text


def test_every_fault_has_its_sentence():
    assert {fault.value for fault in Fault} == set(SENTENCES)


def test_weights_that_are_a_hundred_but_for_the_last_bit_are_a_hundred(document):
    part(document, "talent.y.weights", performance=0.1, award=33.1, team=33.1, feedback_360=33.7)
    assert sum(document["rules"]["talent.y.weights"]["value"].values()) != 100
    assert said(document) == []


def test_the_numbering_of_another_ministry_is_let_in(document):
    assert said(put(document, "box.numbering", [[1, 2, 3], [4, 6, 7], [5, 8, 9]])) == []


def test_every_job_level_stands_on_one_ladder():
    assert sorted(LEVELS) == sorted(level for ladder in LADDERS for level in ladder)


def test_what_no_source_confirms_is_counted(document):
    found = unverified(document)
    assert {"competency.standard", "bup.table", "box.near_cut"} <= set(found)
    assert {document["rules"][name]["mark"] for name in found} == {"M", "D"}
    assert len(found) == sum(rule["mark"] in ("M", "D") for rule in document["rules"].values())


def test_a_change_of_source_alone_is_a_difference(document):
    other = {
        **document,
        "rules": document["rules"] | {"box.near_cut": document["rules"]["box.near_cut"] | {"mark": "M"}},
    }
    (change,) = changes(document, other)
    assert change.name == "box.near_cut"
    assert [one and one["mark"] for one in (change.before, change.after)] == ["D", "M"]
