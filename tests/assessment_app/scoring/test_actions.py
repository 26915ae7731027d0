"""From a sealed sheet to scores and a profile, on real stores and the real sample forms."""

from datetime import timedelta
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from scipy.integrate import quad
from sqlalchemy import func, select

from assessment_app.exam.models import Attempt
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.errors import NotFound
from assessment_app.rule_sets import actions as rule_sets
from assessment_app.rule_sets.models import RuleSet
from assessment_app.scoring import actions, queries
from assessment_app.scoring.models import Profile, Score
from assessment_app.talent.models import Placement
from item_bank import keys
from scoring_engine.canonical import canonical, digest
from tests.assessment_app.scoring.house import BEST, FORMS, NOW, WORST, House, all_answers, publish, steady, stores


def key_of(code):
    draft = FORMS[code]
    return keys.Key("proasn/key/1", "00" * 16, draft.parameters, draft.recipe, draft.keys)


def without(answerer, *items):
    return lambda code, key: None if key.id in items else answerer(code, key)


def without_form(answerer, form):
    return lambda code, key: None if code == form else answerer(code, key)


def result_of(sitting_id):
    with transaction(reads_only=True) as store:
        profile = store.scalars(select(Profile).where(Profile.sitting_id == sitting_id)).one()
        placement = store.scalars(select(Placement).filter_by(sitting_id=sitting_id, definition="profiling")).one()
        return profile.document, placement


def count(model):
    with transaction(reads_only=True) as store:
        return store.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize("code", FORMS)
def test_the_same_sheet_gives_the_same_bytes_twice(code):
    answers = all_answers(code, steady(0.7))
    written = [canonical(actions.score_sheets(key_of(code), [answers])) for _ in range(2)]
    assert written[0] == written[1]


def test_a_kept_score_is_what_computing_again_gives(house):
    sitting_id = house.measure(steady(0.75))
    with transaction(reads_only=True) as store, transaction(VAULT, reads_only=True) as vault:
        for score in store.scalars(select(Score)):
            (sealed,) = queries.sealed_sheets(store, [score.attempt_id])
            assert sealed.sitting_id == sitting_id
            answers = all_answers(store.get_one(Attempt, score.attempt_id).form.code, steady(0.75))
            (again,) = actions.score_sheets(keys.key_of(vault, sealed.key_seal), [answers])
            kept = msgspec.json.decode(score.body)
            assert canonical({part: kept[part] for part in again}) == canonical(again)
            assert score.sha256 == digest(score.body)


def test_scoring_twice_adds_nothing(house):
    sitting_id = house.measure(BEST)
    before = [count(model) for model in (Score, Profile, Placement, RuleSet)]
    house.score(sitting_id)
    with transaction() as store:
        rule_sets.take_in(store)
    assert [count(model) for model in (Score, Profile, Placement, RuleSet)] == before == [4, 1, 2, 1]


def test_all_best_answers_lead_to_box_9_and_all_worst_to_box_1(house):
    assert result_of(house.measure(BEST))[1].box == 9
    assert result_of(house.measure(WORST))[1].box == 1


def test_an_unanswered_competency_leaves_match_and_box_missing(house):
    document, placement = result_of(house.measure(without(BEST, "ms-int-01")))
    integrity = document["competencies"][0]
    assert [integrity[part] for part in ("construct", "theta", "level", "reaches")] == ["M.01", None, None, None]
    assert document["jpm"]["missing"] == ["M.01"]
    assert [document["jpm"][part] for part in ("percent", "exact", "category", "chances")] == [None] * 4
    assert placement.box is None
    assert placement.document["missing"] == ["competency"]


def test_an_unanswered_part_leaves_potential_and_box_missing(house):
    document, placement = result_of(house.measure(without_form(BEST, "potensi-demo")))
    assert document["potential"]["measured"] == 0
    assert document["potential"]["score"] is None
    assert placement.document["missing"] == ["potential"]
    assert placement.box is None


def test_an_aspect_that_no_item_measures_is_missing_and_not_average(house):
    aspects = {one["construct"]: one for one in result_of(house.measure(BEST))[0]["potential"]["aspects"]}
    assert len(aspects) == 8
    assert aspects["growth"] == {"construct": "growth", "theta": None, "se": None}


def test_nobody_who_answered_nothing_has_a_preference(house):
    document, _placement = result_of(house.measure(lambda _code, _key: None))
    assert document["preference"] is None
    assert all(pillar["theta"] is None and pillar["level"] is None for pillar in document["literacy"])


@pytest.mark.parametrize("option", ["m", "d", "h", "r", "f"])
def test_integrity_agrees_with_adaptive_integration(option):
    key = next(one for one in key_of("mansoskul-demo").items if one.id == "ms-int-01")
    credit = key.credit[option]

    def above(theta, border):
        return 1 / (1 + np.exp(-key.a * (theta - key.b[border])))

    def weight(theta):
        reached = above(theta, credit - 1) if credit else 1.0
        passed = above(theta, credit) if credit < len(key.b) else 0.0
        return (reached - passed) * np.exp(-(theta**2) / 2)

    def moment(power, low=-9.0, high=9.0):
        return quad(lambda theta: theta**power * weight(theta), low, high, epsabs=1e-13, limit=400)[0]

    whole = moment(0)
    mean = moment(1) / whole
    scored = actions.score_sheets(key_of("mansoskul-demo"), [{"ms-int-01": option}])[0]["constructs"][0]
    assert scored["theta"] == pytest.approx(mean, abs=1e-7)
    assert scored["se"] == pytest.approx(np.sqrt(moment(2) / whole - mean**2), abs=1e-7)
    borders = [-9.0, *scored["cuts"], 9.0]
    chances = [moment(0, low, high) / whole for low, high in pairwise(borders)]
    assert scored["levels"] == pytest.approx(chances, abs=1e-7)
    assert scored["level"] == sum(cut <= scored["theta"] for cut in scored["cuts"]) + 1


def test_no_profile_while_a_score_is_missing(house):
    sitting_id = house.sit(house.book(), BEST)
    with transaction() as store, transaction(VAULT, reads_only=True) as vault:
        first = store.scalars(select(Attempt.attempt_id).where(Attempt.sitting_id == sitting_id)).all()[0]
        later = NOW + timedelta(minutes=9)
        actions.keep_scores(store, actions.score_attempts(store, vault, [first]).made, later)
        assert actions.make_profiles(store, [sitting_id], later) == actions.Outcome()
    assert count(Score) == 1
    assert count(Profile) == 0


def test_a_profile_names_all_that_it_was_made_from(house):
    document, placement = result_of(house.measure(BEST))
    with transaction(reads_only=True) as store:
        assert document["inputs"]["scores"] == list(store.scalars(select(Score.sha256).order_by(Score.attempt_id)))
        profile = store.scalars(select(Profile)).one()
        assert profile.inputs_sha256 == digest(canonical(document["inputs"])) == placement.profile_inputs
        assert profile.sha256 == digest(canonical(document))


def test_an_agency_sees_its_own_profiles_and_waves_only(forms):
    here, there = House(forms), House(forms, "bali")
    sitting_id = here.measure(BEST)
    with transaction(reads_only=True) as store:
        ((_, booking),) = queries.those(store, here.agency_id, [sitting_id]).values()
        assert booking.name == "Sri Wahyuningsih, S.Sos."
        assert [(one.wave.wave_id, one.booked) for one in queries.measured_waves(store, here.agency_id)] == [
            (here.wave_id, 1)
        ]
        assert not queries.those(store, there.agency_id, [sitting_id])
        assert not queries.measured_waves(store, there.agency_id)
        with pytest.raises(NotFound):
            queries.profile(store, there.agency_id, sitting_id)


def test_two_installations_score_alike(tmp_path):
    bodies = []
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        with stores(tmp_path / place):
            house = House(publish())
            house.measure(steady(0.6))
            with transaction(reads_only=True) as store:
                bodies.append(store.scalars(select(Score.body).order_by(Score.attempt_id)).all())
    assert bodies[0] == bodies[1]
