"""Match against the standard of a person's own post: nine levels that differ, variants, and what the profile names."""

from fractions import Fraction

import pytest
from sqlalchemy import select

from assessment_app.exam.models import Attempt
from assessment_app.job_standards.rules import CODES
from assessment_app.platform.db import VAULT, transaction
from assessment_app.rule_sets.models import RuleSet
from assessment_app.scoring import actions, rules
from assessment_app.scoring.models import Profile
from assessment_app.scoring.rules.faults import Reason
from scoring_engine.canonical import canonical, digest
from tests.assessment_app.job_standards.sheets import LEVELS, imported
from tests.assessment_app.scoring.house import NOW, steady


def document():
    with transaction(reads_only=True) as store:
        return store.scalars(select(RuleSet)).one().document


def profiles():
    with transaction(reads_only=True) as store:
        return list(store.scalars(select(Profile).order_by(Profile.sitting_id, Profile.made)))


def competencies(levels, required):
    return [
        {"construct": code, "level": level, "required": wanted, "levels": [float(level == k) for k in range(1, 6)]}
        for code, level, wanted in zip(CODES, levels, required, strict=True)
    ]


def match(levels, required, **changed):
    said = document()
    for name, value in changed.items():
        said["rules"][f"jpm.{name}"]["value"] = value
    return rules.match(competencies(levels, required), rules.terms(said))


def test_a_post_is_matched_against_its_own_nine_levels(house):
    imported(house.agency_id, "Kepala Subbagian")
    house.measure(steady(0.5))
    (profile,) = profiles()
    assert profile.document["standard"] == LEVELS
    assert {one["construct"]: one["required"] for one in profile.document["competencies"]} == LEVELS
    assert "Keputusan Bupati 12/2025" in profile.document["standard_source"]
    levels = [one["level"] for one in profile.document["competencies"]]
    numerator, denominator = profile.document["jpm"]["exact"]
    assert Fraction(numerator, denominator) == Fraction(100 * sum(levels), sum(LEVELS.values()))


def test_a_post_without_a_standard_takes_the_level_of_its_rung(house):
    imported(house.agency_id, "Kepala Bidang")
    house.measure(steady(0.5))
    (profile,) = profiles()
    assert profile.document["standard"] == dict.fromkeys(CODES, 2)
    assert profile.document["inputs"]["standard"]["kind"] == "level"


def test_a_new_standard_makes_a_new_profile_beside_the_old_one(house):
    sitting_id = house.measure(steady(0.5))
    imported(house.agency_id, "Kepala Subbagian")
    house.score(sitting_id)
    house.score(sitting_id)
    old, new = profiles()
    assert {old.document["inputs"]["standard"]["kind"], new.document["inputs"]["standard"]["kind"]} == {"level", "post"}
    assert old.inputs_sha256 != new.inputs_sha256


def test_the_inputs_name_the_standard_so_that_anybody_computes_the_same_bytes(house):
    imported(house.agency_id, "Kepala Subbagian")
    house.measure(steady(0.5))
    (profile,) = profiles()
    assert profile.inputs_sha256 == digest(canonical(profile.document["inputs"]))
    assert profile.sha256 == digest(canonical(profile.document))
    assert profile.document["inputs"]["standard"]["levels"] == LEVELS


def test_a_person_without_standard_is_named_with_what_to_do_and_nobody_else_waits(house):
    other = house.sit(house.book(name="Budi", level="pengawas"), steady(0.5))
    booking = house.book(name="Sri Wahyuningsih", post="Penelaah", level="penyelia")
    lost = house.sit(booking, steady(0.5))
    with transaction() as store:
        broken = document()
        del broken["rules"]["competency.standard"]["value"]["penyelia"]
        store.add(RuleSet(sha256="f" * 64, name="aturan-baku", effective=NOW, document=broken))
    house.score(other)
    with transaction() as store, transaction(VAULT, reads_only=True) as vault:
        attempts = store.scalars(select(Attempt.attempt_id).where(Attempt.sitting_id == lost)).all()
        actions.keep_scores(store, actions.score_attempts(store, vault, attempts).made, NOW)
    with transaction(reads_only=True) as store:
        told = actions.make_profiles(store, [other, lost], NOW).refused
    assert {one: error.reason for one, error in told.items()} == {lost: Reason.NO_STANDARD}
    for part in ("Sri Wahyuningsih", "19850312 201001 2 002", "Penelaah", "Impor standarnya"):
        assert part in str(told[lost])
    assert [profile.sitting_id for profile in profiles()] == [other]


def test_a_standard_of_one_everywhere_is_told_as_a_floor(house):
    assert match([1] * 9, [1] * 9)["floor"]
    assert not match([1] * 9, [1] * 8 + [2])["floor"]


@pytest.mark.parametrize(
    ("changed", "exact"),
    [
        ({}, Fraction(2000, 18)), ({"cap_total": 100}, Fraction(100)),
        ({"cap_per_competency": True}, Fraction(1600, 18)),
        ({"weights": dict.fromkeys(CODES, 1) | {"M.01": 3}}, Fraction(2600, 22)),
    ],
)  # fmt: skip
def test_the_variants_of_the_rule_set_are_honoured(house, changed, exact):
    found = match([3, 3, 3, 3, 2, 2, 2, 1, 1], [2] * 9, **changed)
    assert Fraction(*found["exact"]) == exact
    assert found["chances"][found["categories"].index(found["category"])] == 1.0
