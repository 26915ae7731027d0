"""What a rule set would change before it decides: the same as computing anew, counted, and never kept."""

import re

import msgspec
import numpy as np
import pytest
from sqlalchemy import func, select

from assessment_app.accounts.rules import Role
from assessment_app.foresight import queries, rules
from assessment_app.foresight.rules import Numbers, Outcome
from assessment_app.people.rules import JobLevel
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.rule_sets import queries as rule_sets
from assessment_app.scoring import queries as scores
from assessment_app.scoring.models import CurrentProfile, Profile, Score
from assessment_app.scoring.rules import describe, terms
from assessment_app.scoring.rules.sureness import basis
from assessment_app.talent.models import Placement
from assessment_app.talent.rules.profiling import profiling_boxes
from item_bank.competencies import COMPETENCIES
from item_bank.instruments import POTENTIAL_ASPECTS
from tests.assessment_app.foresight.conftest import drafting_house
from tests.assessment_app.scoring.house import BEST, NOW, WORST, steady

ALL_FIVE = dict.fromkeys((level.value for level in JobLevel), 5)
ALL_ONE = dict.fromkeys((level.value for level in JobLevel), 1)
CHANGES: dict[str, dict] = {
    "stricter standard": {"competency__standard": ALL_FIVE},
    "milder standard": {"competency__standard": ALL_ONE},
    "other cuts of potential": {"potential__cuts": [30, 95]},
    "other categories": {"jpm__pemetaan": {"lowest": "C", "above": [["B", 20], ["A", 100]]}},
    "another purpose": {"jpm__purpose": "jpm.pengisian"},
    "another numbering": {"box__numbering": [[1, 2, 3], [4, 6, 7], [5, 8, 9]]},
    "aspects that stand alone": {"potential__correlation": 0.0, "potential__cuts": [60, 85]},
    "one aspect that counts": {
        "potential__min_measured": 1,
        "potential__weights": dict.fromkeys((one.code for one in POTENTIAL_ASPECTS), 0) | {"intellectual": 1},
    },
    "more aspects asked": {"potential__min_measured": 8},
    "everything": {
        "competency__standard": ALL_FIVE, "potential__cuts": [50, 70],
        "box__numbering": [[1, 2, 3], [4, 6, 7], [5, 8, 9]],
    },
}  # fmt: skip


def without_potential(code, key):
    return None if code == "potensi-demo" else BEST(code, key)


def measured_house():
    house = drafting_house()
    for share in (0.0, 0.3, 0.55, 0.7, 1.0):
        house.measure(steady(share), name=f"Orang {share}")
    house.measure(steady(0.7), name="Kabid", level="administrator")
    house.measure(without_potential, name="Belum Lengkap")
    return house


@pytest.fixture
def makers(makers):
    return makers | {"measured": measured_house}


@pytest.fixture
def measured(house):
    return house


def judged(house, draft_id, agency_id=None):
    with transaction(reads_only=True) as db:
        life = rule_sets.life(db, house.agency_id, draft_id)
        return queries.judged(db, agency_id or house.agency_id, house.wave_id, life.rule_set).people


def computed_anew(house, draft_id):
    """Describe everybody's stored scores under the draft, as the worker would, and place them."""
    with transaction(reads_only=True) as db:
        known = terms(rule_sets.life(db, house.agency_id, draft_id).rule_set.document)
        found = {}
        everybody = db.scalars(select(CurrentProfile.sitting_id).where(CurrentProfile.wave_id == house.wave_id)).all()
        for profile, booking in scores.those(db, house.agency_id, everybody).values():
            named = profile.document["inputs"]["scores"]
            bodies = [msgspec.json.decode(one.body) for one in db.scalars(select(Score).where(Score.sha256.in_(named)))]
            standard = {one.code: known.rules.standard[booking.job_level] for one in COMPETENCIES}
            document = describe(bodies, known, booking.job_level, standard)
            placed = profiling_boxes([document], known.rules)[0]
            found[profile.sitting_id] = (document["jpm"]["category"], placed["column"], placed["box"])
        return found


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_foreseen_is_what_computing_anew_from_the_scores_gives(measured, what):
    draft_id = measured.draft(**CHANGES[what])
    anew = computed_anew(measured, draft_id)
    for one in judged(measured, draft_id):
        match, column, box = anew[one.sitting_id]
        assert (one.after.match, one.after.box) == (match, box)
        assert column in (None, one.after.potential)


def kept_beside(count, correlation, seed=5):
    """What is kept beside the profiles of people whose aspects go together so."""
    chance = np.random.default_rng(seed)
    shared, own = chance.standard_normal((count, 1)), chance.standard_normal((count, 4))
    seen = np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own + 0.5 * chance.standard_normal((count, 4))
    theta = np.concatenate([seen / 1.25, np.full((count, 4), np.nan)], axis=1).tolist()
    se = [0.2**0.5] * 4 + [None] * 4
    return [{"theta": [None if one != one else one for one in row], "se": se} for row in theta]


def test_a_wave_tells_how_aspects_go_together():
    told = rules.likely(kept_beside(1500, 0.6))
    assert told is not None
    assert told.people == 1500
    assert abs(told.correlation - 0.6) < 4 * (told.se or 0) < 0.2


@pytest.mark.parametrize("people", [0, rules.TELLING - 1])
def test_few_people_tell_nothing_of_how_aspects_go_together(people):
    assert rules.likely(kept_beside(people, 0.6)) is None


@pytest.mark.parametrize("what", CHANGES)
def test_something_changes_for_somebody(measured, what):
    people = judged(measured, measured.draft(**CHANGES[what]))
    assert rules.foresight(people).changed


def test_a_draft_that_says_the_same_changes_nobody(measured):
    seen = rules.foresight(judged(measured, measured.draft()))
    assert (seen.judged, seen.changed, seen.matches, seen.boxes) == (7, [], [], [])


def test_moves_are_counted_from_where_to_where(measured):
    seen = rules.foresight(judged(measured, measured.draft(competency__standard=ALL_FIVE)))
    assert sum(move.people for move in seen.matches) == sum(one.before.match != one.after.match for one in seen.changed)
    assert all(move.before != move.after for move in (*seen.matches, *seen.potentials, *seen.boxes))
    assert seen.potentials == []


def test_a_cap_on_each_competency_is_foreseen(measured):
    capped = judged(measured, measured.draft(jpm__cap_per_competency=True, competency__standard=ALL_ONE))
    assert {one.after.match for one in capped if one.name != "Orang 0.0"} == {"Optimal"}


def test_weights_are_taken_by_competency_whatever_their_order(document_of):
    numbers = Numbers.of(document_of({"SK.01": 9, **{f"M.0{n}": n for n in range(8, 0, -1)}}))
    assert numbers.variant.weights == (1, 2, 3, 4, 5, 6, 7, 8, 9)


@pytest.fixture
def document_of(house):
    def made(weights):
        with transaction(reads_only=True) as db:
            document = dict(rule_sets.in_force(db, house.agency_id, NOW).document)
        document["rules"] = document["rules"] | {"jpm.weights": {"value": weights, "source": "x", "mark": "D"}}
        return document

    return made


def test_a_post_with_a_standard_of_its_own_keeps_it(house):
    sitting_id = house.measure(steady(0.7))
    draft_id = house.draft(competency__standard=ALL_FIVE)
    with transaction(reads_only=True) as db:
        profile, _booking = scores.profile(db, house.agency_id, sitting_id)
        numbers = Numbers.of(rule_sets.in_force(db, house.agency_id, NOW).document)
        draft = rule_sets.life(db, house.agency_id, draft_id).rule_set.document
    own = dict(profile.document)
    own["competencies"] = [one | {"required": 1 + at % 2} for at, one in enumerate(own["competencies"])]
    (of_level,) = rules.foreseen([basis(profile.document)], [numbers], Numbers.of(draft))
    (of_post,) = rules.foreseen([basis(own)], [numbers], Numbers.of(draft))
    assert (of_level.match, of_post.match) == ("Cukup Optimal", "Optimal")


def test_nobody_is_judged_where_nobody_was_measured():
    assert rules.foresight([]).judged == 0
    assert rules.counts([]) == [(number, 0, 0) for number in range(9, 0, -1)]


def test_boxes_are_counted_on_both_sides():
    def person(before, after):
        return rules.Person(1, "a", "1", "u", Outcome("x", 1, before), Outcome("x", 1, after))

    counted = rules.counts([person(9, 8), person(9, 9), person(None, 8)])
    assert counted[:2] == [(9, 2, 1), (8, 0, 2)]
    assert len(counted) == 9


def test_the_page_tells_who_changes_and_keeps_nothing(measured, enter):
    draft_id = measured.draft(competency__standard=ALL_FIVE)
    dewi = enter(measured, "dewi", Role.BKD_ADMIN)

    def kept():
        with transaction(reads_only=True) as db:
            return [db.scalar(select(func.count()).select_from(one)) for one in (Profile, Placement, AuditEntry)]

    before = kept()
    text = dewi.get(f"/aturan/{draft_id}/pratinjau").get_data(as_text=True)
    assert re.search(r"Profil dihitung</dt><dd>7<", text)
    assert "Siapa yang berubah" in text
    assert "Kurang Optimal" in text
    assert kept() == before


def test_the_page_of_a_draft_leads_there_for_who_may_see_it(measured, enter):
    draft_id = measured.draft()
    address = f"/aturan/{draft_id}/pratinjau"
    assert address in enter(measured, "dewi", Role.BKD_ADMIN).get(f"/aturan/{draft_id}").get_data(as_text=True)
    lestari = enter(measured, "lestari", Role.AUDITOR)
    assert address not in lestari.get(f"/aturan/{draft_id}").get_data(as_text=True)
    assert lestari.get(address).status_code == 403


def test_only_fifty_are_listed_and_all_are_counted(house, enter, monkeypatch):
    for _number in range(3):
        house.measure(WORST)
    monkeypatch.setattr("assessment_app.foresight.routes.MOST_LISTED", 2)
    draft_id = house.draft(box__numbering=[[9, 2, 3], [4, 6, 7], [5, 8, 1]])
    text = enter(house, "dewi", Role.BKD_ADMIN).get(f"/aturan/{draft_id}/pratinjau").get_data(as_text=True)
    assert "2 dari 3" in text


def test_before_anybody_is_measured_the_page_says_so(house, enter):
    text = enter(house, "dewi", Role.BKD_ADMIN).get(f"/aturan/{house.draft()}/pratinjau").get_data(as_text=True)
    assert "Belum ada gelombang yang sudah dinilai" in text


def test_another_agencys_draft_and_wave_do_not_exist(measured, enter, forms):
    there = type(measured)(forms, code="lain")
    spy = enter(there, "spy", Role.BKD_ADMIN)
    assert spy.get(f"/aturan/{measured.draft()}/pratinjau").status_code == 404
    own = there.draft()
    assert spy.get(f"/aturan/{own}/pratinjau?gelombang={measured.wave_id}").status_code == 404
