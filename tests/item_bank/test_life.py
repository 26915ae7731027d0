"""An item goes its way step by step, and nobody reviews what is their own."""

import pytest

from item_bank import life
from item_bank.life import Act, Aspect, Deed, NotNow, Reason, State


def lived(*acts):
    """Let a version live: each act as (act, who) or (act, who, aspect), after Ani wrote it."""
    history = [Deed(Act.WRITE, "ani", State.DRAFT)]
    for act, who, *aspect in acts:
        state = life.after(history, act, who, *aspect)
        history.append(Deed(act, who, state, *aspect))
    return history


REVIEWS = [(Act.REVIEW, "budi", "content"), (Act.REVIEW, "citra", "language"), (Act.REVIEW, "dedi", "fairness")]
TO_REVIEWED = [(Act.SUBMIT, "ani"), *REVIEWS]
TO_OPERATIONAL = [*TO_REVIEWED, (Act.APPROVE, "eka"), (Act.PILOT, "eka"), (Act.OPERATE, "eka")]


def refused(history, act, who, aspect=""):
    with pytest.raises(NotNow) as refusal:
        life.after(history, act, who, aspect)
    return refusal.value.reason


def test_three_people_review_three_aspects_in_any_order():
    assert lived(*TO_REVIEWED)[-1].state is State.REVIEWED
    assert lived(TO_REVIEWED[0], *reversed(REVIEWS))[-1].state is State.REVIEWED
    assert [deed.state for deed in lived(*TO_REVIEWED)[2:4]] == [State.IN_REVIEW] * 2


def test_nobody_reviews_returns_or_approves_an_item_of_their_own():
    assert refused(lived((Act.SUBMIT, "ani")), Act.REVIEW, "ani", "content") is Reason.OWN_ITEM
    assert refused(lived((Act.SUBMIT, "ani")), Act.RETURN, "ani", "content") is Reason.OWN_ITEM
    assert refused(lived(*TO_REVIEWED), Act.APPROVE, "ani") is Reason.OWN_ITEM


def test_one_person_reviews_one_aspect_and_an_aspect_is_reviewed_once():
    half = lived((Act.SUBMIT, "ani"), REVIEWS[0])
    assert refused(half, Act.REVIEW, "budi", "language") is Reason.ANOTHER_ASPECT_IS_YOURS
    assert refused(half, Act.REVIEW, "citra", "content") is Reason.ASPECT_IS_DONE
    assert life.open_aspects(half, "budi") == []
    assert life.open_aspects(half, "citra") == [Aspect.LANGUAGE, Aspect.FAIRNESS]


def test_what_is_returned_is_over_and_a_new_version_begins():
    back = lived((Act.SUBMIT, "ani"), (Act.RETURN, "budi", "language"))
    assert back[-1].state is State.RETURNED
    assert set(life.open_acts(back, "ani")) == {Act.RETIRE, Act.COMMENT}


def test_an_operational_item_can_be_recalled_and_reinstated_or_retired():
    recalled = lived(*TO_OPERATIONAL, (Act.RECALL, "eka"))
    assert life.after(recalled, Act.REINSTATE, "eka") is State.OPERATIONAL
    retired = lived(*TO_OPERATIONAL, (Act.RECALL, "eka"), (Act.RETIRE, "eka"))
    assert life.open_acts(retired, "eka") == [Act.COMMENT]


def test_no_step_is_skipped():
    for done in range(len(TO_OPERATIONAL)):
        ways_out = {Act.RETURN, Act.RECALL, Act.RETIRE, Act.COMMENT}
        assert set(life.open_acts(lived(*TO_OPERATIONAL[:done]), "fani")) <= {TO_OPERATIONAL[done][0], *ways_out}


def test_only_demonstration_content_comes_in_unreviewed():
    assert life.begins(Act.ADMIT, demonstration=True) is State.OPERATIONAL
    assert life.begins(Act.WRITE, demonstration=False) is State.DRAFT
    with pytest.raises(NotNow, match="only-demonstration"):
        life.begins(Act.ADMIT, demonstration=False)
