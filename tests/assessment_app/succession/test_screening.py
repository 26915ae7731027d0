"""Each criterion is met, not met or unknown by its numbers; what nobody knows is never met."""

from datetime import date
from uuid import uuid4

import pytest

from assessment_app.evidence.rules import Fact, Kind, State
from assessment_app.people.rules import JobLevel
from assessment_app.personnel.rules.records import Person
from assessment_app.rule_sets.rules import IncompleteRules
from assessment_app.succession.rules import Pool, screening
from assessment_app.succession.rules.screening import Met, Numbers, overall
from assessment_app.talent.rules.cells import cells_by_number, mask_of
from tests.assessment_app.talent.people import changed, document

NUMBERS = Numbers.of(document())
CELL = cells_by_number(NUMBERS.numbering)
TODAY = date(2026, 11, 26)
PNS = Person(0, "198503122010012001", "Sri", born=date(1985, 3, 12), post="Kepala Subbagian", level=JobLevel.PENGAWAS)


def mask(*numbers):
    return mask_of(CELL[number] for number in numbers)


@pytest.mark.parametrize(("box", "pool", "met"), [
    (9, Pool.AGENCY, Met.MET), (7, Pool.AGENCY, Met.MET), (6, Pool.AGENCY, Met.NOT_MET),
    (9, Pool.NATIONAL, Met.MET), (8, Pool.NATIONAL, Met.NOT_MET),
])  # fmt: skip
def test_a_box_belongs_to_a_group_by_the_rule_set(box, pool, met):
    assert screening.box(CELL[box], 0, pool, NUMBERS).state is met


def test_a_provisional_box_is_unknown_until_none_that_is_possible_belongs_to_the_group():
    assert screening.box(None, mask(5, 8), Pool.AGENCY, NUMBERS).state is Met.UNKNOWN
    assert screening.box(None, mask(7, 8), Pool.AGENCY, NUMBERS).state is Met.UNKNOWN, "a box that is not final"
    assert screening.box(None, 0, Pool.AGENCY, NUMBERS).state is Met.UNKNOWN, "where the boxes are not told"
    none = screening.box(None, mask(2, 5), Pool.AGENCY, NUMBERS)
    assert (none.state, none.values["boxes"]) == (Met.NOT_MET, [2, 5])
    assert screening.box(None, mask(7, 8), Pool.NATIONAL, NUMBERS).state is Met.NOT_MET


def sanction(level, since, until=None):
    said = {"level": level, "name": "penurunan pangkat", "decree": "", "from": since, "to": until}
    return Fact(uuid4(), Kind.DISCIPLINE, State.PRESENT, said, source=f"SK {since}")


def look(day):
    return Fact(uuid4(), Kind.DISCIPLINE, State.ABSENT, {"checked": day}, source=f"diperiksa {day}")


@pytest.mark.parametrize(("facts", "met", "code"), [
    ([], Met.UNKNOWN, "unchecked"),
    ([look("2026-11-01")], Met.MET, "none"),
    ([look("2024-11-26")], Met.MET, "none"),
    ([look("2024-11-25")], Met.UNKNOWN, "old"),
    ([look("2026-11-27")], Met.UNKNOWN, "old"),
    ([sanction("heavy", "2026-01-01", "2026-06-01")], Met.NOT_MET, "grave"),
    ([sanction("medium", "2022-01-01", "2024-11-26")], Met.NOT_MET, "grave"),
    ([sanction("medium", "2022-01-01")], Met.NOT_MET, "grave"),
    ([sanction("medium", "2022-01-01", "2024-11-25")], Met.UNKNOWN, "old"),
    ([sanction("heavy", "2027-01-01")], Met.UNKNOWN, "old"),
    ([sanction("light", "2026-01-01")], Met.MET, "light"),
    ([sanction("light", "2020-01-01")], Met.UNKNOWN, "old"),
    ([sanction("medium", "2018-01-01", "2019-01-01"), look("2026-11-01")], Met.MET, "none"),
    ([sanction("heavy", "2026-01-01"), look("2026-11-01")], Met.UNKNOWN, "conflict"),
    ([sanction("heavy", "2026-03-01"), look("2026-02-01")], Met.NOT_MET, "grave"),
])  # fmt: skip
def test_sanctions_count_within_the_window_and_only_what_speaks_of_it_is_known(facts, met, code):
    found = screening.discipline(facts, 2, TODAY)
    assert (found.state, found.code) == (met, f"discipline.{code}")
    assert found.values["begin"] == "2024-11-26"


def test_a_sanction_that_was_taken_back_counts_no_more_and_sources_are_named():
    heavy = sanction("heavy", "2026-01-01")
    gone = Fact(uuid4(), Kind.DISCIPLINE, State.TAKEN_BACK, {}, heavy.fact_id)
    assert screening.discipline([heavy, gone, look("2026-11-01")], 2, TODAY).state is Met.MET
    assert screening.discipline([heavy], 2, TODAY).source == "SK 2026-01-01"


def test_the_gravest_sanction_is_the_one_that_is_told():
    found = screening.discipline([sanction("heavy", "2025-06-01"), sanction("medium", "2026-06-01")], 2, TODAY)
    assert found.values["level"] == "heavy"


def retirement(
    born, *, by_contract=False, target=JobLevel.PENGAWAS, as_of=TODAY, level=JobLevel.PENGAWAS, numbers=NUMBERS
):  # fmt: skip
    who = Person(0, PNS.nip, "Sri", born=born, post="Kepala Subbagian", level=level)
    there = Person(0, PNS.nip, "Sri", born=born, post="Kepala Dinas", level=target)
    return screening.retirement(who, there, by_contract=by_contract, numbers=numbers, as_of=as_of)


def test_months_to_retirement_are_counted_to_the_day_and_the_border_belongs_to_those_who_may():
    at_border = retirement(date(1970, 11, 1), as_of=date(2026, 12, 1))  # BUP 58: pension from 1 December 2028
    assert (at_border.state, at_border.values["months"]) == (Met.MET, 24)
    short = retirement(date(1970, 11, 1), as_of=date(2026, 12, 2))
    assert (short.state, short.values["months"]) == (Met.NOT_MET, 23)


def test_the_age_of_the_target_post_is_told_beside_and_decides_nothing():
    found = retirement(date(1969, 6, 10), target=JobLevel.JPT_PRATAMA)
    assert (found.state, found.values["start"], found.values["there"]) == (Met.NOT_MET, "2027-07-01", "2029-07-01")
    assert "there" not in retirement(date(1985, 3, 12)).values


def test_a_contract_leaves_enough_months_unknown_and_too_few_certain():
    assert retirement(date(1985, 3, 12), by_contract=True).state is Met.UNKNOWN
    assert retirement(date(1969, 6, 10), by_contract=True).state is Met.NOT_MET


def test_without_a_level_the_age_is_unknown():
    found = retirement(date(1985, 3, 12), level=None)
    assert (found.state, found.code) == (Met.UNKNOWN, "retirement.no_age")


def test_a_rule_set_of_an_older_release_leaves_retirement_unknown_and_nothing_else():
    older = changed()
    del older["rules"]["bup.special"]
    numbers = Numbers.of(older)
    assert retirement(date(1985, 3, 12), numbers=numbers).state is Met.UNKNOWN
    assert screening.box(CELL[9], 0, Pool.AGENCY, numbers).state is Met.MET


def test_a_result_counts_when_it_is_signed_and_until_its_last_day():
    day = date(2024, 2, 29)
    assert screening.result("5" * 64, day, 3, date(2027, 2, 28)).state is Met.MET
    expired = screening.result("5" * 64, day, 3, date(2027, 3, 1))
    assert (expired.state, expired.values["until"]) == (Met.NOT_MET, "2027-02-28")
    assert screening.result(None, day, 3, day).code == "result.unsigned"


@pytest.mark.parametrize(("states", "whole"), [
    (["met", "met"], Met.MET), (["met", "unknown"], Met.UNKNOWN), (["unknown", "not_met"], Met.NOT_MET),
])  # fmt: skip
def test_one_that_is_not_met_decides_then_one_that_is_unknown(states, whole):
    assert overall({str(n): {"state": state} for n, state in enumerate(states)}) is whole


def test_numbers_of_an_agency_count_and_a_document_that_says_too_little_is_refused():
    own = Numbers.of(changed(succession__min_months_to_bup=60, succession__discipline_window_years=5))
    assert (own.least_months, own.discipline_years) == (60, 5)
    broken = changed()
    del broken["rules"]["succession.eligible"]
    with pytest.raises(IncompleteRules, match=r"succession\.eligible"):
        Numbers.of(broken)
