"""What was seen is named part by part; who may do what after which act."""

from uuid import UUID

import pytest

from assessment_app.succession.rules import standing
from assessment_app.succession.rules.life import AFTER, DECISIONS, STANDING, Deed, may_do
from assessment_app.succession.rules.ranking import Place
from assessment_app.succession.rules.standing import PARTS, changed_since, differences, placed, seen, worth

ONE, OTHER = UUID(int=1), UUID(int=2)


def criterion(state="met", **values):
    return {"state": state, "code": "x", "values": values, "source": ""}


def document(**changes):
    whole = {
        "screening": {
            "box": criterion(box=9), "discipline": criterion(), "retirement": criterion(start="2043-04-01", months=196),
            "result": criterion(),
        },
        "box": 9, "near_cut": False, "technical": None, "match": {"exact": [100, 1]}, "value": [80, 1], "rank": None,
    }  # fmt: skip
    return whole | changes


def screened(**changes):
    return document(screening=document()["screening"] | changes)


def test_nothing_has_changed_of_what_was_shown():
    assert changed_since(seen(document()), document()) == []


def test_what_changed_is_named():
    now = document(screening=document()["screening"] | {"discipline": criterion("not_met")}, value=[81, 1])
    assert changed_since(seen(document()), now) == ["discipline", "value"]


def test_a_month_that_went_by_is_no_change_and_another_day_of_pension_is_one():
    assert changed_since(seen(document()), screened(retirement=criterion(start="2043-04-01", months=195))) == []
    assert changed_since(seen(document()), screened(retirement=criterion(start="2045-04-01", months=220))) == [
        "retirement"
    ]


def test_a_box_that_came_near_a_border_is_a_change():
    assert changed_since(seen(document()), document(near_cut=True)) == ["box"]


def test_another_rank_is_a_change_and_one_more_candidate_behind_is_none():
    first = placed(document(), Place(1), 3)
    assert changed_since(seen(first), placed(document(), Place(1), 4)) == []
    assert changed_since(seen(first), placed(document(), Place(2), 4)) == ["rank"]


@pytest.mark.parametrize("hostile", ["", "x", "box-", "box-1.box-2", "a-b.c-d", "-" * 50, "." * 50, "\0"])
def test_a_name_that_is_none_of_ours_has_seen_nothing(hostile):
    assert changed_since(hostile, document()) == list(PARTS)


def test_what_it_was_decided_on_is_compared_with_now_and_a_first_rank_is_no_difference():
    now = placed(document(value=None), Place(1), 2)
    assert [(one.part, one.before, one.after) for one in differences(document(), now)] == [("value", [80, 1], None)]


def test_whoever_does_not_meet_a_criterion_has_no_rank_and_an_unknown_one_keeps_it():
    assert not worth(screened(discipline=criterion("not_met"))).ranks
    assert worth(screened(discipline=criterion("unknown"))).ranks
    assert worth(document(technical={"hundredths": 8250, "basis": "BA 1"})).technical == 82.5
    assert worth(document(match={"why": "unsigned"})).match is None


def test_every_deed_follows_on_something_and_nobody_is_out_for_good():
    assert set().union(*AFTER.values()) == set(Deed)
    assert set(AFTER) == {None, *Deed}
    assert all(Deed.PROPOSE in AFTER[deed] for deed in Deed if deed not in STANDING)


def test_the_proposer_withdraws_and_decides_nothing():
    assert not any(may_do(deed, ONE, ONE) for deed in DECISIONS)
    assert all(may_do(deed, ONE, OTHER) for deed in DECISIONS)
    assert may_do(Deed.WITHDRAW, ONE, ONE)
    assert not may_do(Deed.WITHDRAW, ONE, OTHER)
    assert standing.SCHEMA.startswith("proasn/")
