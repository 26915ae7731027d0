"""How somebody worked, from the sealed sheet to the flags of a profile."""

import msgspec
import numpy as np
import pytest
from sqlalchemy import select

from assessment_app.exam.models import Sheet
from assessment_app.exam.rules import Manner
from assessment_app.platform.db import VAULT, transaction
from assessment_app.rule_sets.models import RuleSet
from assessment_app.rule_sets.rules import IncompleteRules
from assessment_app.scoring import actions, rules
from assessment_app.scoring.models import Profile, Score
from assessment_app.scoring.rules.flags import flags
from item_bank import keys
from tests.assessment_app.scoring.house import BATTERY, BEST, House, steady


def document():
    with transaction(reads_only=True) as store:
        return store.scalars(select(RuleSet)).one().document


def profile_of(sitting_id):
    with transaction(reads_only=True) as store:
        return store.scalars(select(Profile).where(Profile.sitting_id == sitting_id)).one()


def flags_of(sitting_id):
    return {(one["flag"], one["part"]): one for one in profile_of(sitting_id).document["validity"]}


def at_pace(ms, **counts):
    return lambda _code, said: Manner(dict.fromkeys(said, ms), **counts)


def measure(house: House, how, answerer=BEST):
    sitting_id = house.sit(house.book(), answerer, how)
    house.score(sitting_id)
    return sitting_id


def test_the_sheet_keeps_times_arrivals_and_the_ledger(house):
    measure(house, at_pace(15_000, late=2, aside=1))
    with transaction(reads_only=True) as store:
        bodies = [msgspec.json.decode(sheet.body) for sheet in store.scalars(select(Sheet))]
    assert {body["schema"] for body in bodies} == {"proasn/sheet/2"}
    for body in bodies:
        assert body["how"]["spent_ms"] == dict.fromkeys(body["answers"], 15_000)
        assert [body["how"][name] for name in ("late", "aside", "recovered", "time_ms")] == [2, 1, 0, {}]


def test_who_takes_time_has_no_serious_flag(house):
    found = flags_of(measure(house, at_pace(15_000), steady(0.5)))
    assert found["effort", None]["value"] == 1.0
    assert not [flag for flag in found.values() if flag["serious"]]


def test_who_rushes_through_a_part_is_flagged_there_and_nowhere_else(house):
    def hurried(code, said):
        return Manner(dict.fromkeys(said, 1200 if code == BATTERY[1] else 20000))

    found = flags_of(measure(house, hurried))
    assert found["rapid", 2] == {
        "flag": "rapid", "part": 2, "value": 1.0, "limit": 0.1, "serious": True, "count": 8, "of": 8
    }  # fmt: skip
    assert [part for flag, part in found if flag == "rapid"] == [2]
    assert found["effort", None]["serious"]


def test_a_time_at_the_limit_is_not_rapid(house):
    assert ("rapid", 1) not in flags_of(measure(house, at_pace(3_000)))


def test_without_times_nothing_is_said_of_effort(house):
    found = flags_of(house.measure(BEST))
    assert not {flag for flag, _ in found} & {"effort", "rapid"}


def test_flags_change_no_score_and_no_match(house):
    calm, hurried = measure(house, at_pace(15_000)), measure(house, at_pace(500, aside=3))
    one, other = (profile_of(sitting_id).document for sitting_id in (calm, hurried))
    assert [flag["flag"] for flag in other["validity"] if flag["serious"]].count("aside") == 4
    for part in ("competencies", "jpm", "potential", "literacy", "preference"):
        assert one[part] == other[part]


def test_a_late_change_is_told_and_not_serious(house):
    found = flags_of(measure(house, at_pace(15_000, late=2, recovered=1)))
    assert (found["late", 1]["value"], found["late", 1]["serious"]) == (2.0, False)
    assert found["recovered", 1]["limit"] is None


def test_a_sheet_from_before_times_were_sealed_is_still_scored(house):
    measure(house, at_pace(15_000))
    with transaction(reads_only=True) as store, transaction(VAULT, reads_only=True) as vault:
        sheet = store.scalars(select(Sheet).limit(1)).one()
        key = keys.key_of(vault, sheet.key_seal)
        said = {name: part for name, part in msgspec.json.decode(sheet.body).items() if name != "how"}
    (found,) = actions.signs_of(key, sheet.key_seal, [said])
    assert set(found["spent_ms"]) == {0}
    assert (found["time_ms"], found["late"]) == ({}, 0)


def test_the_same_sheet_gives_the_same_bytes_in_a_process_that_knows_no_form(house):
    sitting_id = measure(house, at_pace(15_000))
    with transaction(reads_only=True) as store:
        before = [(one.attempt_id, one.sha256) for one in store.scalars(select(Score).order_by(Score.attempt_id))]
        sheets = [one.body for one in store.scalars(select(Sheet).order_by(Sheet.attempt_id))]
    actions._FORMS.clear()
    with transaction(VAULT, reads_only=True) as vault:
        for (attempt_id, _), body in zip(before, sheets, strict=True):
            said = msgspec.json.decode(body)
            again = actions.signs_of(keys.key_of(vault, said["key_seal"]), said["key_seal"], [said])[0]
            with transaction(reads_only=True) as store:
                kept = store.scalars(select(Score).where(Score.attempt_id == attempt_id)).one()
            told = msgspec.json.decode(kept.body)["validity"]
            assert told == msgspec.json.decode(msgspec.json.encode({"part": told["part"]} | again))
    assert profile_of(sitting_id)


def body_of(part=1, **signs):
    base = {
        "part": part,
        "spent_ms": [0],
        "time_ms": {},
        "late": 0,
        "aside": 0,
        "recovered": 0,
        "fit": None,
        "runs": None,
    }
    return {"validity": base | signs}


def found_in(house, *bodies):
    return list(flags(bodies, rules.terms(document()).limits))


def test_person_fit_is_judged_by_the_cut_of_the_form_at_the_level_of_the_rules(house):
    cuts = {"0.001": -3.2, "0.005": -2.8, "0.01": -2.5, "0.02": -2.1, "0.05": -1.7}
    below, above = (body_of(fit={"lz": lz, "items": 60, "cuts": cuts}) for lz in (-2.51, -2.5))
    assert [(one["serious"], one["limit"]) for one in found_in(house, below, above)] == [(True, -2.5), (False, -2.5)]


@pytest.mark.parametrize(
    ("runs", "serious"),
    [
        ({"rated": 30, "longest": 15, "commonest": 0.5}, []),
        ({"rated": 30, "longest": 16, "commonest": 0.6}, ["longstring"]),
        ({"rated": 30, "longest": 12, "commonest": 0.9}, ["straight"]),
        ({"rated": 9, "longest": 9, "commonest": 1.0}, []),
    ],
)
def test_straight_liners_are_flagged_from_the_limits_on_and_short_scales_never(house, runs, serious):
    assert [one["flag"] for one in found_in(house, body_of(runs=runs)) if one["serious"]] == serious


def test_an_outage_is_told_in_minutes(house):
    (found,) = found_in(house, body_of(time_ms={"base": 600_000, "outage": 360_000}))
    assert (found["flag"], found["value"], found["serious"]) == ("outage", 6.0, False)


def test_a_preference_below_chance_is_flagged(house):
    for steady_share, serious in ((0.0, True), (1 / 6, False)):
        body = body_of(7) | {"preference": {"consistency": steady_share}}
        assert [(one["part"], one["serious"]) for one in found_in(house, body)] == [(7, serious)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("validity.fit_level", 0.03), ("validity.effort_least", 1.2), ("validity.rapid_seconds", 0),
        ("jpm.weights", {"M.01": 2}), ("jpm.cap_total", 0), ("validity.least_rated", None),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_used_is_refused_when_it_is_read(house, name, value):
    broken = document()
    broken["rules"][name]["value"] = value
    with pytest.raises(IncompleteRules):
        rules.terms(broken)


def test_honest_times_are_rarely_called_rapid(house):
    """Log-normal with a median of 18 s, as wide as people differ; the rate among 2,000 people is below 1 %."""
    limits, chance = rules.terms(document()).limits, np.random.default_rng(11)
    speed = chance.normal(0, 0.3, (2000, 1))
    spent = (1000 * np.exp(np.log(18) - speed + chance.normal(0, 0.45, (2000, 40)))).astype(int)
    found = [list(flags([body_of(spent_ms=row)], limits)) for row in spent.tolist()]
    assert np.mean([any(one["serious"] for one in flags) for flags in found]) < 0.01
