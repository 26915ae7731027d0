"""A corrected key stands beside the old one, is compared, and counts only when two people say so; nothing is lost."""

import msgspec
from sqlalchemy import select

from assessment_app.platform import queue
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.queue import Job
from assessment_app.recompute import queries as stored
from assessment_app.recompute.rules import Kind
from assessment_app.rescoring.actions import delivering
from assessment_app.rescoring.models import RescoredProfile
from assessment_app.rescoring.queries import versions
from assessment_app.scoring import actions as scoring
from assessment_app.scoring import queries as scores
from assessment_app.scoring.models import KeyChoice, KeyVersion, Score
from assessment_app.talent.models import CurrentPlacement, Placement
from item_bank import keys
from item_bank.signing import Signature, holds_correction
from tests.assessment_app.rescoring import planted
from tests.assessment_app.rescoring.planted import (
    ITEM,
    PEOPLE,
    chosen,
    correct,
    counted,
    counting,
    delivered,
    everything,
    newest,
    recomputed,
)
from workers import tasks


def with_right_key(sitting_id: int) -> dict[str, object]:
    """Compute the scores of somebody's sheet as if the key had been right from the beginning."""
    with transaction(reads_only=True) as db, transaction(VAULT, reads_only=True) as vault:
        ((attempt_id, _part),) = [
            (one, part) for one, (whose, part) in stored.sealed_attempts(db, [sitting_id]).items() if part == 1
        ]
        (sheet,) = scores.sealed_sheets(db, [attempt_id])
        wrong = keys.key_of(vault, sheet.key_seal)
    items = tuple(planted.right_key() if key.id == ITEM else key for key in wrong.items)
    (told,) = scoring.score_sheets(
        msgspec.structs.replace(wrong, items=items), [msgspec.json.decode(sheet.body)["answers"]]
    )
    return {one["construct"]: (one["theta"], one["level"]) for one in told["constructs"] if "level" in one}


def test_a_correction_changes_nothing_that_counts_before_two_people_say_so(now):
    before, was = everything(), counting()
    delivered_at = now(24)
    key_seal = correct(delivered_at)
    delivered(delivered_at)
    assert counting() == was
    assert {name: everything()[name] for name in before} == before
    assert counted(Score) == 4 * PEOPLE + PEOPLE
    assert counted(RescoredProfile) == PEOPLE
    with transaction(reads_only=True) as db:
        kept = db.scalars(select(KeyVersion)).one()
        assert (kept.key_seal, kept.n, kept.replaces, kept.reason) == (
            key_seal, 1, planted.form().key_seal, planted.REASON,
        )  # fmt: skip
    signature = Signature(kept.public_key, kept.signature)
    assert holds_correction(kept.form_id, kept.replaces, key_seal, signature)
    assert not holds_correction(kept.form_id, key_seal, kept.replaces, signature)


def test_the_form_and_the_sheets_go_on_naming_the_first_key(now):
    seal, form_id = planted.form().key_seal, planted.form().form_id
    correct(now(1))
    delivered(now(1))
    assert (planted.form().key_seal, planted.form().form_id) == (seal, form_id)


def test_once_chosen_everybody_has_what_the_right_key_gives_and_the_compared_bytes(now, two):
    key_seal = correct(now(24))
    delivered(now(0))
    with transaction(reads_only=True) as db:
        compared = {one.sitting_id: (one.inputs_sha256, one.sha256) for one in db.scalars(select(RescoredProfile))}
    before = everything()
    assert chosen(key_seal, two, now(1)) == 1
    profiles = newest()
    assert {one: (row.inputs_sha256, row.sha256) for one, row in profiles.items()} == compared
    for sitting_id, profile in profiles.items():
        told = {one["construct"]: (one["theta"], one["level"]) for one in profile.document["competencies"]}
        assert told == with_right_key(sitting_id)
    assert {name: everything()[name] for name in before} == before, "nothing of the old version is lost"
    placed = {placement.profile_inputs for placement in _current_placements()}
    assert placed == {row.inputs_sha256 for row in profiles.values()}
    assert counted(Placement) == 4 * PEOPLE


def _current_placements():
    with transaction(reads_only=True) as db:
        names = {(one.sitting_id, one.definition, one.inputs_sha256) for one in db.scalars(select(CurrentPlacement))}
        return [
            one for one in db.scalars(select(Placement))
            if (one.sitting_id, one.definition, one.inputs_sha256) in names
        ]  # fmt: skip


def test_every_version_is_computed_again_to_the_same_bytes(now, two):
    key_seal = correct(now(24))
    delivered(now(0))
    report = recomputed()
    assert report.differences == []
    assert (report.same[Kind.SCORE], report.same[Kind.COMPARED], report.same[Kind.SHEET]) == (
        5 * PEOPLE, PEOPLE, 4 * PEOPLE,
    )  # fmt: skip
    chosen(key_seal, two, now(1))
    after, again = recomputed(), recomputed()
    assert after.differences == again.differences == []
    assert after.fingerprint == again.fingerprint
    # The old key now stands beside the one that counts, so that the way back is compared as well.
    assert (after.same[Kind.PROFILE], after.same[Kind.COMPARED]) == (2 * PEOPLE, 2 * PEOPLE)


def test_what_is_done_twice_adds_nothing(now, two):
    key_seal = correct(now(24))
    delivered(now(0))
    chosen(key_seal, two, now(1))
    before = everything(), counting(), counted(RescoredProfile)
    with transaction(VAULT, reads_only=True) as vault:
        again = delivering.approved(vault, (), [planted.form().form_id])
    with transaction() as db:
        assert delivering.take_in(db, again, now(0)) == 0
        delivering.score_again(db, planted.form().form_id, now(0))
        for task in ("make_profile", "compare_versions", "place"):
            queue.enqueue_many(db, task, map(str, newest()), now(0))
    tasks.hand_out()
    assert (everything(), counting(), counted(RescoredProfile)) == before


def test_a_second_correction_and_the_way_back_are_versions_like_the_first(now, two):
    first = correct(now(1))
    delivered(now(0))
    chosen(first, two, now(1))
    middle = msgspec.structs.replace(planted.right_key(), a=planted.right_key().a * 1.5)
    second = correct(now(1), middle, b"m" * 32)
    delivered(now(0))
    assert chosen(second, two, now(1)) == 2
    was = {sitting_id: one.document["competencies"] for sitting_id, one in newest().items()}
    assert chosen(planted.form().key_seal, two, now(1)) == 3
    assert all(one.document["competencies"] != was[sitting_id] for sitting_id, one in newest().items())
    with transaction(reads_only=True) as db:
        offered = versions.versions(db, two[0][0].agency_id, planted.wave().wave_id)
    assert [(one.n, one.counts) for one in offered] == [(0, True), (1, False), (2, False)]
    assert counted(KeyChoice) == 3
    assert recomputed().differences == []


def test_a_sheet_that_is_sealed_later_is_measured_by_what_counts_then(now, two):
    with transaction() as db:
        gone = db.scalars(select(Job).where(Job.task == "score_attempt").limit(1)).one()
        assert gone.done
    key_seal = correct(now(1))
    delivered(now(0))
    chosen(key_seal, two, now(1))
    with transaction() as db:
        done = scoring.make_profiles(db, list(newest()), now(0))
    assert {one.sat.sitting_id: one.inputs_sha256 for one in done.made} == {
        sitting_id: one.inputs_sha256 for sitting_id, one in newest().items()
    }
