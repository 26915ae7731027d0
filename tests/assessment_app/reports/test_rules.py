"""Numbers, dates, codes and initials; what stands out in a result; and the texts that say it."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assessment_app.reports.queries.content import texts
from assessment_app.reports.rules import (
    Verdict,
    code_of,
    grouped,
    initials,
    number,
    other_boxes,
    read_code,
    span,
    verdict,
)
from assessment_app.reports.rules.document import fair_ranges
from assessment_app.reports.rules.findings import findings
from assessment_app.rule_sets.rules import IncompleteRules, read
from assessment_app.scheduling.rules import PIN_LETTERS
from assessment_app.scoring.messages import COMPETENCY_NAMES, PILLAR_BANDS
from assessment_app.scoring.rules import terms
from item_bank.competencies import COMPETENCIES
from item_bank.instruments import DIGITAL_PILLARS, POTENTIAL_ASPECTS
from tests.assessment_app.talent.people import document, result

RULES = {"assessment.validity_years": {"value": 3}, "assessment.objection_days": {"value": 14}}


def test_two_boxes_of_one_chance_are_told_each_by_its_own_number():
    placement = {"box": 8, "chances": [0.0, 0.004, 0.0, 0.0, 0.25, 0.0, 0.25, 0.4, 0.096]}
    assert other_boxes(placement) == [(5, 0.25), (7, 0.25), (9, 0.096)]


def test_a_number_names_agency_year_wave_and_place():
    assert number("lampung", 2026, 1, 734) == "LAMPUNG/2026/G1/000734"


@pytest.mark.parametrize(("assessed", "until"), [
    (date(2025, 11, 24), date(2028, 11, 24)), (date(2024, 2, 29), date(2027, 2, 28)),
])  # fmt: skip
def test_a_report_is_valid_from_the_assessment_and_can_be_objected_to_from_the_issue(assessed, until):
    counts = span(RULES, assessed, date(2025, 12, 2))
    assert (counts.valid_until, counts.objection_until) == (until, date(2025, 12, 16))


def test_rules_that_do_not_know_objections_give_fourteen_days_and_those_without_validity_are_refused():
    old = {"assessment.validity_years": {"value": 3}}
    assert span(old, date(2025, 1, 1), date(2025, 1, 1)).objection_until == date(2025, 1, 15)
    with pytest.raises(IncompleteRules):
        span({}, date(2025, 1, 1), date(2025, 1, 1))


def test_the_last_day_belongs_to_the_validity_and_a_replaced_report_is_that_whatever_the_day():
    day = date(2028, 11, 24)
    assert verdict(day, day, is_replaced=False) is Verdict.VALID
    assert verdict(day, date(2028, 11, 25), is_replaced=False) is Verdict.EXPIRED
    assert verdict(day, day, is_replaced=True) is Verdict.REPLACED


@given(some.binary(min_size=12, max_size=32))
def test_a_code_is_read_back_however_it_is_typed(secret):
    code = code_of(secret)
    assert len(code) == 12
    assert set(code) <= set(PIN_LETTERS)
    assert read_code(f" {grouped(code).lower()} ") == read_code(code.replace("", " ")) == code


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCD-EFGH-234", "ABCD-EFGH-23456", "ABCD-EFGH-2I45", "ÄBCD-EFGH-2345",
                                   "'; DROP TABLE report", "ABCD-EFGH-O111"])  # fmt: skip
def test_what_can_be_no_code_is_none(typed):
    assert read_code(typed) == ""


@pytest.mark.parametrize(("name", "short"), [
    ("Sri Wahyuningsih, S.Sos., M.M.", "S.W."), ("Dr. Hasan Basri, M.Psi.", "H.B."), ("Suharto", "S."),
    ("Ir. H. I Made Adi Putra", "I.M.A.P."), ("M.", "M."), ("A B C D E F G H", "A.B.C.D.E.F."),
])  # fmt: skip
def test_initials_leave_titles_out(name, short):
    assert initials(name) == short


def score(code="M.08", level=2, required=2, reaches=0.9, levels=None):
    return {
        "construct": code, "level": level, "required": required, "reaches": reaches,
        "levels": levels or [0.05, 0.9, 0.03, 0.01, 0.01],
    }  # fmt: skip


def person(*scores, literacy=(), aspects=()):
    return {"competencies": scores, "literacy": literacy, "potential": {"aspects": aspects}}


def found(*scores, **more):
    return findings(person(*scores, **more), read(document()), texts(), PILLAR_BANDS)


def test_what_is_surely_below_is_an_area_with_an_activity_by_its_distance():
    one = found(score(level=1, reaches=0.1), score("M.03", 1, 3, 0.05))
    assert [text.partition(" (")[0] for text in one.areas] == ["Komunikasi", "Pengambilan Keputusan"]
    assert "(level 1, wajib 3): perlu lebih konsisten menyimak" in one.areas[0]
    assert [(s["aim"], s["begins"]) for s in one.suggestions] == [
        ("Komunikasi: level 1 ke 3", 1), ("Komunikasi: level 1 ke 3", 2), ("Pengambilan Keputusan: level 1 ke 2", 3),
    ]  # fmt: skip
    assert one.suggestions[2]["kind"] == "Penugasan"


@pytest.mark.parametrize(("level", "reaches"), [(2, 0.6), (1, 0.45), (3, 0.7)])
def test_inside_the_error_nothing_is_called_a_gap_or_a_strength(level, reaches):
    one = found(score(level=level, reaches=reaches, levels=[0.4, 0.2, 0.2, 0.1, 0.1]))
    assert one.strengths == []
    (area,) = one.areas
    assert "dekat batas level 2" in area
    assert "level 1, wajib 2" not in area
    assert one.suggestions[0]["aim"] == "Pengambilan Keputusan: level 2 yang mantap"


def test_above_the_standard_counts_only_where_it_is_sure():
    sure = score(level=3, reaches=0.99, levels=[0.0, 0.01, 0.95, 0.04, 0.0])
    unsure = score("M.03", 3, 2, 0.9, [0.02, 0.38, 0.5, 0.1, 0.0])
    told = found(sure, unsure).strengths
    assert told[0].startswith("Pengambilan Keputusan (level 3, wajib 2): membandingkan")
    assert told[1].startswith("Komunikasi (level 3, memenuhi standar): menyimak")


def test_where_the_standard_is_level_1_reaching_it_is_no_strength():
    assert found(score(level=1, required=1, reaches=1.0)).strengths == []


def pillar(code="keamanan", level=1, levels=(0.7, 0.2, 0.1, 0.0, 0.0)):
    return {"construct": code, "level": level, "levels": list(levels)}


def test_bands_of_literacy_are_told_where_they_are_sure():
    one = found(
        literacy=[pillar(), pillar("etika", 5, (0, 0, 0, 0.2, 0.8)), pillar("cakap", 2, (0.3, 0.3, 0.3, 0.1, 0))]
    )
    assert one.areas == ["Keamanan digital (sangat rendah): " + texts().pillars["keamanan"].area + "."]
    assert one.suggestions[0]["aim"] == "Keamanan digital: sangat rendah ke rendah"
    assert one.strengths[0].startswith("Etika digital (sangat tinggi): ")


def aspect(t, se=3.4, code="emotional", **more):
    return {"construct": code, "theta": 0.1, "se": 0.3, "norm": {"name": "ASN 2026", "t": t, "se": se}} | more


@pytest.mark.parametrize(("t", "se", "strong", "weak"), [
    (61, 3.9, 1, 0), (56, 3.4, 0, 0), (54.9, 1.0, 0, 0), (55, 1.0, 1, 0), (43.1, 3.4, 0, 1), (49, 4.2, 0, 0),
])  # fmt: skip
def test_t_scores_are_told_two_errors_and_half_a_deviation_from_the_mean(t, se, strong, weak):
    one = found(aspects=[aspect(t, se)])
    assert (len(one.strengths), len(one.areas)) == (strong, weak)


def test_an_aspect_without_norm_or_without_measure_is_compared_with_nobody():
    without = {"construct": "growth", "theta": 2.0, "se": 0.2}
    assert found(aspects=[without, aspect(None, None, theta=None)]).strengths == []


def test_what_was_not_measured_is_neither_strength_nor_area():
    one = found(score(level=None, reaches=None) | {"levels": None}, literacy=[pillar(level=None)])
    assert (one.strengths, one.areas, one.suggestions) == ([], [], [])


def test_a_plan_fits_into_twelve_months_and_on_the_sheet():
    one = found(*(score(code, 1, 4, 0.01) for code in COMPETENCY_NAMES))
    assert (len(one.areas), len(one.suggestions)) == (4, 5)
    assert all(1 <= step["begins"] <= step["ends"] <= 12 for step in one.suggestions)


def test_a_level_that_an_assessor_set_is_certain():
    settled = score(level=1, required=2, reaches=0.0, levels=[1.0, 0, 0, 0, 0])
    assert "(level 1, wajib 2)" in found(settled).areas[0]


def test_the_texts_speak_of_everything_that_is_measured_in_sentences_that_fit():
    known = texts()
    assert set(known.competencies) == {one.code for one in COMPETENCIES}
    assert set(known.pillars) == {one.code for one in DIGITAL_PILLARS}
    assert set(known.aspects) == {one.code for one in POTENTIAL_ASPECTS}
    phrases = [level for one in known.competencies.values() for level in one.levels]
    phrases += [
        part for group in (known.pillars, known.aspects) for one in group.values() for part in (one.strength, one.area)
    ]
    assert all(one[0].islower() and not one.endswith(".") and len(one) <= 90 for one in phrases)
    assert len(set(phrases)) == len(phrases)
    acts = [
        act for one in known.competencies.values() for band in (one.basic, one.advanced)
        for group in (band.steady, band.one, band.more) for act in group
    ]  # fmt: skip
    acts += [one.activity for group in (known.pillars, known.aspects) for one in group.values()]
    assert all(act.text[0].isupper() and len(act.text) <= 95 and 1 <= act.months <= 12 for act in acts)
    assert len({act.text for act in acts}) == len(acts)
    assert all(len(band.more) == 2 for one in known.competencies.values() for band in (one.basic, one.advanced))


def test_the_fair_range_of_a_match_holds_nine_of_ten_and_the_match_itself():
    known = terms(document())
    (fair,) = fair_ranges([result(Fraction(800, 9), levels=[0.2, 0.7, 0.1, 0.0, 0.0])], known)
    assert fair is not None
    low, high = fair
    assert low <= Fraction(800, 9) <= high
    assert 70 < low < high < 130


def test_without_a_match_there_is_no_range():
    none = result() | {"jpm": {"exact": None}}
    assert fair_ranges([none], terms(document())) == [None]
