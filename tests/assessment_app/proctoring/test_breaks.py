"""Breaks that were granted: a signed entry of the break's length when it begins, and no more of them than granted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from assessment_app.accommodations import actions as accommodations
from assessment_app.accommodations.messages import Wanted
from assessment_app.accounts.rules import Officer
from assessment_app.exam.models import SittingEvent
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Closed, Conflict, NotFound
from assessment_app.proctoring import actions
from assessment_app.proctoring.actions import NoBreakLeft
from assessment_app.proctoring.messages import Break, MoreTime
from assessment_app.scheduling.rules import Needs
from tests import factories

TWO = Needs(breaks=2, break_minutes=10)


def grant(lab, needs=TWO):
    with transaction() as db:
        accommodations.grant(db, lab.by, lab.stage.session_id, 1, Wanted(needs, "Surat"), lab.now)


def wish(lab, owner, n=1):
    """Wish for a break as the page does that shows the ledger as it is now."""
    return Break(n, lab.sitting(owner).attempts[n - 1].ledger[-1].entry_id)


def breaks(lab, owner):
    return [
        (one.n, entry.ms // 60_000, entry.by)
        for one in lab.sitting(owner).attempts for entry in one.ledger if entry.kind == "break"
    ]  # fmt: skip


@pytest.fixture
def working(lab):
    """Somebody with two breaks of ten minutes, at work on part 1."""
    grant(lab)
    owner = lab.sign_in()
    return owner, lab.start(owner)


def test_a_break_moves_the_deadline_by_its_length(lab, working):
    owner, attempt_id = working
    before = lab.gate(attempt_id).deadline_ms
    lab.act(actions.add_break, wish(lab, owner))
    assert lab.gate(attempt_id).deadline_ms - before == 600_000
    assert breaks(lab, owner) == [(1, 10, "account:proctor")]
    with transaction(reads_only=True) as db:
        (event,) = db.scalars(select(SittingEvent).where(SittingEvent.kind == "break"))
    assert event.note == "1 10"


def test_asking_twice_from_one_page_is_one_break(lab, working):
    owner, _attempt = working
    wanted = wish(lab, owner)
    lab.act(actions.add_break, wanted)
    lab.act(actions.add_break, wanted)
    assert len(breaks(lab, owner)) == 1


def test_there_are_no_more_breaks_than_granted_over_all_parts(lab, working):
    owner, attempt_id = working
    lab.act(actions.add_break, wish(lab, owner))
    lab.finish(owner, attempt_id)
    lab.start(owner, 2)
    lab.act(actions.add_break, wish(lab, owner, 2))
    with pytest.raises(NoBreakLeft):
        lab.act(actions.add_break, wish(lab, owner, 2))
    assert breaks(lab, owner) == [(1, 10, "account:proctor"), (2, 10, "account:proctor")]


def test_who_was_granted_none_has_none(lab):
    owner = lab.sign_in()
    lab.start(owner)
    with pytest.raises(NoBreakLeft):
        lab.act(actions.add_break, wish(lab, owner))


def test_while_no_clock_runs_there_is_nothing_to_stop(lab, working):
    owner, _attempt = working
    with pytest.raises(Closed):
        lab.act(actions.add_break, wish(lab, owner, 2))
    lab.now += timedelta(minutes=15, seconds=1)
    with pytest.raises(Closed):
        lab.act(actions.add_break, wish(lab, owner))
    assert breaks(lab, owner) == []


def test_a_page_that_does_not_know_the_newest_time_decides_nothing(lab, working):
    owner, _attempt = working
    wanted = wish(lab, owner)
    lab.act(actions.add_time, MoreTime(1, 5, wanted.after_entry, "Listrik padam"))
    with pytest.raises(Conflict, match="baru saja diubah"):
        lab.act(actions.add_break, wanted)
    assert breaks(lab, owner) == []


def test_another_agencys_proctor_finds_nobody(lab, working):
    owner, _attempt = working
    stranger = Officer(factories.agency("lain"), "account:stranger")
    with pytest.raises(NotFound):
        lab.act(actions.add_break, wish(lab, owner), by=stranger)


def test_the_seat_shows_what_was_granted_and_the_break_begins_by_a_button(tri, small_lab):
    grant(small_lab, Needs(factor=130, breaks=1, break_minutes=10, reader="Ani Pembaca"))
    owner = small_lab.sign_in()
    small_lab.start(owner)
    seat = f"/pengawas/sesi/{small_lab.stage.session_id}"
    tri.get(f"{seat}?kursi=1")
    for words in ("Akomodasi : waktu 1,3 kali", "pembaca: Ani Pembaca", "Istirahat (sisa 1 kali)"):
        assert words in tri.words
    assert "Surat" not in tri.words  # why is the planner's to know
    after = small_lab.sitting(owner).attempts[0].ledger[-1].entry_id
    tri.follow(tri.post(f"{seat}/kursi/1/istirahat", n="1", after_entry=str(after)))
    for words in ("Istirahat kursi 01 dimulai", "Istirahat (sisa 0 kali)", "Bagian 1: istirahat 10 menit"):
        assert words in tri.words


def test_a_seat_without_accommodations_says_nothing_of_them(tri, small_lab):
    small_lab.sign_in()
    tri.get(f"/pengawas/sesi/{small_lab.stage.session_id}?kursi=1")
    assert "Istirahat" not in tri.words
    assert "Akomodasi" not in tri.words
    assert "Kata sandi keluar" not in tri.words
