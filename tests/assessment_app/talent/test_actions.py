"""Placing people, one and thousands, on real databases: safe to repeat, anew when something new is known."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from assessment_app.evidence import queries as evidence
from assessment_app.platform.db import transaction
from assessment_app.review import queries as review
from assessment_app.scoring.models import Profile
from assessment_app.talent import actions
from assessment_app.talent.models import CurrentPlacement, Placement
from scoring_engine.canonical import canonical, digest
from tests.assessment_app.talent import crowd
from tests.assessment_app.talent.crowd import NOW, Told

SIZE = 40
LATER = NOW + timedelta(days=40)


@dataclass
class Signed:
    """What ``review.queries.signed`` gives."""

    profile_inputs: str
    document: dict
    sha256: str


@pytest.fixture
def people(installation):
    with transaction() as db:
        agency_id, room_id = crowd.agency(db, 1)
        return crowd.wave(db, agency_id, room_id, crowd.employees(db, agency_id, SIZE, 2), 3, "Tahap 1")


@pytest.fixture
def told(people, monkeypatch):
    told = Told(people.employee_ids, 4)
    monkeypatch.setattr(evidence, "components", told.components)
    monkeypatch.setattr(evidence, "predicates", told.predicates)
    return told


def place_all(people, now=NOW):
    with transaction() as db:
        return actions.place_all(db, people.sitting_ids, now)


def placements(definition=None):
    with transaction(reads_only=True) as db:
        wanted = select(Placement).order_by(Placement.sitting_id, Placement.definition, Placement.placed)
        found = db.scalars(wanted).all()
    return [one for one in found if definition in (None, one.definition)]


def current(sitting_id, definition="talent"):
    with transaction(reads_only=True) as db:
        return db.get_one(CurrentPlacement, (sitting_id, definition))


def sign(monkeypatch, people, n=0):
    with transaction(reads_only=True) as db:
        profile = db.scalars(select(Profile).where(Profile.sitting_id == people.sitting_ids[n])).one()
    result = Signed(profile.inputs_sha256, profile.document, "5" * 64)
    monkeypatch.setattr(
        review, "signed", lambda _db, ids: {profile.sitting_id: result} if profile.sitting_id in ids else {}
    )
    return profile.sitting_id, result


def test_everybody_is_placed_under_both_definitions_and_pointed_at(people, told):
    assert place_all(people) == SIZE
    assert len(placements()) == 2 * SIZE
    with transaction(reads_only=True) as db:
        assert db.scalar(select(func.count()).select_from(CurrentPlacement)) == 2 * SIZE


def test_placing_again_adds_nothing_even_on_another_day(people, told):
    place_all(people)
    before = [(one.inputs_sha256, one.sha256, one.placed) for one in placements()]
    place_all(people, LATER)
    assert [(one.inputs_sha256, one.sha256, one.placed) for one in placements()] == before


def test_one_by_one_gives_the_bytes_of_all_at_once(people, told):
    place_all(people)
    together = {(one.sitting_id, one.definition): one.sha256 for one in placements()}
    with transaction() as db:
        db.execute(delete(CurrentPlacement))
    for sitting_id in people.sitting_ids[:10]:
        with transaction() as db:
            actions.place_all(db, [sitting_id], NOW)
    assert {(one.sitting_id, one.definition): one.sha256 for one in placements()} == together


def test_a_document_names_all_that_it_rests_on_and_hashes_to_its_name(people, told):
    place_all(people)
    for one in placements():
        inputs = one.document["inputs"]
        assert digest(canonical(inputs)) == one.inputs_sha256
        assert digest(canonical(one.document)) == one.sha256
        assert (inputs["rules"], inputs["signed"]) == (one.rule_set, None)
        assert (inputs["evidence"] is None) == (one.definition == "profiling")
    with transaction(reads_only=True) as db:
        known = dict(db.execute(select(Profile.sitting_id, Profile.sha256)).all())
    assert all(one.document["inputs"]["profile"] == known[one.sitting_id] for one in placements())


def test_who_lacks_something_is_provisional_and_the_others_are_final(people, told):
    place_all(people)
    boxes = {one.sitting_id: one for one in placements("talent")}
    for n, sitting_id in enumerate(people.sitting_ids):
        lacks = n % 7 == 0
        assert (boxes[sitting_id].box is None) == lacks
        assert boxes[sitting_id].document["missing"] == (["team"] if lacks else [])
        assert bool(current(sitting_id).open_cells) == lacks


def test_new_evidence_makes_a_placement_beside_the_old_one(people, told):
    place_all(people)
    first = people.employee_ids[0]
    told.parts[first] = told.parts[first] | {"team": told.parts[people.employee_ids[1]]["team"]}
    place_all(people, LATER)
    assert len(placements("talent")) == SIZE + 1
    assert len(placements("profiling")) == SIZE
    assert current(people.sitting_ids[0]).cell is not None


def test_evidence_that_is_taken_back_points_at_the_placement_that_was_there_before(people, told):
    place_all(people)
    first, before = people.employee_ids[0], current(people.sitting_ids[0]).inputs_sha256
    was = told.parts[first]
    told.parts[first] = was | {"team": told.parts[people.employee_ids[1]]["team"]}
    place_all(people, LATER)
    told.parts[first] = was
    place_all(people, LATER)
    assert current(people.sitting_ids[0]).inputs_sha256 == before
    assert len(placements("talent")) == SIZE + 1


def test_a_signature_makes_a_signed_placement_beside_the_proposed_one(people, told, monkeypatch):
    place_all(people)
    sitting_id, result = sign(monkeypatch, people, 1)
    place_all(people, LATER)
    mine = [one for one in placements() if one.sitting_id == sitting_id]
    assert sorted(one.state for one in mine) == ["proposed", "proposed", "signed", "signed"]
    assert {one.signed_sha256 for one in mine} == {None, result.sha256}
    assert current(sitting_id).state == current(sitting_id, "profiling").state == "signed"


def test_a_signed_result_counts_though_a_newer_profile_is_there(people, told, monkeypatch):
    sitting_id, result = sign(monkeypatch, people, 1)
    result.document = result.document | {"jpm": result.document["jpm"] | {"category": "Optimal"}}
    with transaction() as db:
        old = db.scalars(select(Profile).where(Profile.sitting_id == sitting_id)).one()
        db.add(Profile(
            sitting_id=sitting_id, inputs_sha256="7" * 64, agency_id=old.agency_id, rule_set=old.rule_set,
            document=old.document, sha256="8" * 64, made=LATER,
        ))  # fmt: skip
    place_all(people)
    mine = next(one for one in placements("profiling") if one.sitting_id == sitting_id)
    assert (mine.profile_inputs, mine.document["row"]) == (result.profile_inputs, 2)


def test_the_newest_of_two_profiles_counts_while_nothing_is_signed(people, told):
    sitting_id = people.sitting_ids[0]
    with transaction() as db:
        old = db.scalars(select(Profile).where(Profile.sitting_id == sitting_id)).one()
        db.add(Profile(
            sitting_id=sitting_id, inputs_sha256="0" * 64, agency_id=old.agency_id, rule_set=old.rule_set,
            document=old.document, sha256="8" * 64, made=LATER,
        ))  # fmt: skip
    place_all(people)
    assert next(one for one in placements("talent") if one.sitting_id == sitting_id).profile_inputs == "0" * 64


def test_who_has_no_profile_is_left_out_and_holds_nobody_up(people, told):
    with transaction() as db:
        actions.place_all(db, [999_999], NOW)
        assert actions.place_all(db, [999_999, people.sitting_ids[0]], NOW) == 1
    assert {one.sitting_id for one in placements()} == {people.sitting_ids[0]}


def test_without_evidence_the_official_box_is_open_and_the_early_one_is_there(people):
    place_all(people)
    assert {one.box for one in placements("talent")} == {None}
    assert None not in {one.box for one in placements("profiling")}


def test_more_people_than_are_read_at_once_are_all_placed(people, told, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 7)
    assert place_all(people) == SIZE
    assert len(placements()) == 2 * SIZE


def test_a_pointer_shows_what_the_document_says(people, told):
    place_all(people)
    for one in placements("talent"):
        shown = current(one.sitting_id)
        if one.box is None:
            assert (shown.cell, shown.chance, shown.near_cut) == (None, None, False)
            continue
        assert shown.cell == 3 * one.document["row"] + one.document["column"]
        assert shown.chance == pytest.approx(one.document["chance"])
        assert (shown.rival is not None) == one.document["near_cut"]
