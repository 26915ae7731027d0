"""Files let in on a real database: SQLite and PostgreSQL."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from assessment_app.accounts.rules import Officer
from assessment_app.exam.models import Sheet, SittingEvent
from assessment_app.exam.queries import saved
from assessment_app.exam.rules import Standing, make_token
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.errors import NotFound
from assessment_app.platform.security import secret
from assessment_app.proctoring import actions as proctor
from assessment_app.proctoring.actions import Seated
from assessment_app.proctoring.messages import MoreTime, Release
from assessment_app.rescue import actions, messages
from assessment_app.rescue.rules import Fate
from tests.assessment_app.proctoring.conftest import Lab
from tests.assessment_app.rescue.files import (
    acked,
    answers_of,
    file_of,
    load,
    log_of,
    look,
    questions,
    sealed,
    unsent,
)

TIME, GRACE = timedelta(minutes=15), timedelta(minutes=2)
IN_TIME, LATE, ASIDE = (one.value for one in (Standing.IN_TIME, Standing.LATE, Standing.ASIDE))


@pytest.fixture
def seated(lab):
    """The owner of seat 1, at work on part 1; its attempt and its first two items with their options."""
    owner = lab.sign_in()
    return owner, lab.start(owner), questions(lab, owner)


def moved(lab):
    """Let the sitting go to a second computer."""
    lab.act(proctor.release, Release(1, "Komputer rusak"))
    return lab.sign_in("device-two")


def fates(judged):
    return [one.fate for one in judged]


def trail():
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(AuditEntry).where(AuditEntry.action == "sitting.recover")))


def events():
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(SittingEvent.note).where(SittingEvent.kind == "recover")))


def test_what_a_file_brings_in_time_counts(lab, seated):
    owner, attempt_id, ((first, (p, q, *_)), (second, (r, *_)), *_) = seated
    lab.answer(owner, attempt_id, (1, first, json.dumps(p), IN_TIME))
    raw = file_of(owner, unsent(2, first, q), unsent(3, second, r))
    assert fates(load(lab, raw)) == [Fate.COUNTS] * 2
    assert answers_of(attempt_id) == {first: q, second: r}


def test_a_file_that_is_only_looked_at_writes_nothing(lab, seated):
    owner, attempt_id, ((first, (p, *_)), *_) = seated
    assert fates(look(lab, file_of(owner, unsent(1, first, p)))) == [Fate.COUNTS]
    assert (answers_of(attempt_id), trail(), events()) == ({}, [], [])


def test_loading_twice_changes_nothing(lab, seated):
    owner, attempt_id, ((first, (p, q, *_)), *_) = seated
    raw = file_of(owner, unsent(1, first, p))
    load(lab, raw)
    lab.answer(owner, attempt_id, (2, first, json.dumps(q), IN_TIME))
    before = log_of(owner)
    assert fates(load(lab, raw)) == [Fate.KNOWN]
    assert log_of(owner) == before
    assert answers_of(attempt_id) == {first: q}
    assert (len(trail()), len(events())) == (1, 1)


def test_clicks_at_once_load_once(lab, seated):
    owner, _attempt_id, ((first, (p, *_)), *_) = seated
    raw = file_of(owner, unsent(1, first, p))
    with ThreadPoolExecutor(4) as clicks:
        list(clicks.map(lambda _: load(lab, raw), range(4)))
    assert (len(log_of(owner)), len(trail()), len(events())) == (1, 1, 1)


def test_an_old_devices_change_never_wins_over_a_newer_devices(lab, seated):
    owner, attempt_id, ((first, (p, q, *_)), (second, (r, *_)), *_) = seated
    stranded = file_of(owner, unsent(70, first, p), unsent(71, second, r))
    new = moved(lab)
    lab.answer(new, attempt_id, (1, first, json.dumps(q), IN_TIME))  # a lower seq, a higher epoch
    judged = load(lab, stranded)
    assert [(one.fate, one.is_newer) for one in judged] == [(Fate.COUNTS, False), (Fate.COUNTS, True)]
    assert answers_of(attempt_id) == {first: q, second: r}


def test_an_old_devices_change_does_not_bring_back_what_the_newer_device_cleared(lab, seated):
    owner, attempt_id, ((first, (p, *_)), *_) = seated
    stranded = file_of(owner, unsent(9, first, p))
    lab.answer(moved(lab), attempt_id, (1, first, "null", IN_TIME))
    load(lab, stranded)
    assert answers_of(attempt_id) == {}


def test_a_newer_devices_later_answer_wins_over_what_was_loaded_before_it(lab, seated):
    owner, attempt_id, ((first, (p, q, *_)), *_) = seated
    stranded = file_of(owner, unsent(900, first, p))
    new = moved(lab)
    load(lab, stranded)
    assert answers_of(attempt_id) == {first: p}
    lab.answer(new, attempt_id, (1, first, json.dumps(q), IN_TIME))
    assert answers_of(attempt_id) == {first: q}


def test_no_page_is_promised_what_only_a_file_brought(lab, seated):
    """The second computer's page forgets what is promised: it must not take the first one's seqs for its own."""
    owner, attempt_id, ((first, (p, *_)), (second, (r, *_)), *_) = seated
    stranded = file_of(owner, unsent(20, first, p))
    new = moved(lab)
    lab.answer(new, attempt_id, (11, second, json.dumps(r), IN_TIME))
    load(lab, stranded)
    assert acked(new) == 11


def test_after_the_deadline_it_counts_as_late_and_after_the_grace_it_is_kept_aside(lab, seated):
    owner, attempt_id, ((first, (p, *_)), (second, (r, *_)), *_) = seated
    lab.now += TIME + GRACE
    assert fates(load(lab, file_of(owner, unsent(1, first, p)))) == [Fate.LATE]
    lab.now += timedelta(seconds=1)
    assert fates(load(lab, file_of(owner, unsent(2, second, r)))) == [Fate.ASIDE]
    assert answers_of(attempt_id) == {first: p}


def test_within_grace_what_its_own_count_says_was_made_after_the_time_is_kept_aside(lab, seated):
    owner, _attempt_id, ((first, (p, *_)), (second, (r, *_)), *_) = seated
    lab.now += TIME + GRACE
    most = TIME // timedelta(milliseconds=1)
    raw = file_of(owner, unsent(1, first, p, at_ms=most), unsent(2, second, r, at_ms=most + 1))
    assert fates(load(lab, raw)) == [Fate.LATE, Fate.ASIDE]


def test_added_time_lets_a_file_count_that_would_have_come_too_late(lab, seated):
    owner, attempt_id, ((first, (p, *_)), *_) = seated
    lab.now += TIME + GRACE
    entry = lab.sitting(owner).attempts[0].ledger[-1].entry_id
    lab.act(proctor.add_time, MoreTime(1, 5, entry, "Jaringan lab terputus"))
    lab.now += timedelta(minutes=3)
    assert fates(load(lab, file_of(owner, unsent(1, first, p)))) == [Fate.COUNTS]
    assert answers_of(attempt_id) == {first: p}


def test_a_sealed_sheet_is_never_changed(lab, seated):
    owner, attempt_id, ((first, (p, q, *_)), *_) = seated
    lab.answer(owner, attempt_id, (1, first, json.dumps(p), IN_TIME))
    lab.finish(owner, attempt_id)
    with transaction(reads_only=True) as db:
        before = db.get_one(Sheet, attempt_id).body
    assert fates(load(lab, file_of(owner, unsent(2, first, q)))) == [Fate.ASIDE]
    with transaction(reads_only=True) as db:
        assert db.get_one(Sheet, attempt_id).body == before
    assert answers_of(attempt_id) == {first: p}


def test_a_change_of_a_part_that_nobody_started_is_kept_aside(lab, seated):
    owner, _attempt_id, _items = seated
    other, (p, *_) = questions(lab, owner, 2)[0]
    judged = load(lab, file_of(owner, unsent(1, other, p, attempt=2)))
    assert fates(judged) == [Fate.ASIDE]


def test_what_does_not_fit_its_item_or_whose_name_is_taken_is_not_written(lab, seated):
    owner, attempt_id, ((first, (p, q, *_)), *_) = seated
    lab.answer(owner, attempt_id, (1, first, json.dumps(p), IN_TIME))
    raw = file_of(owner, unsent(1, first, q), unsent(2, first, "no such option"), unsent(3, "no such item", p))
    assert fates(load(lab, raw)) == [Fate.UNUSABLE] * 3
    assert len(log_of(owner)) == 1
    assert trail() == []


def test_the_trail_names_the_file_the_seat_and_why(lab, seated):
    owner, _attempt_id, ((first, (p, *_)), *_) = seated
    raw = file_of(owner, unsent(1, first, p))
    load(lab, raw, reason="Kabel putus")
    (entry,) = trail()
    sha256 = messages.open_file(raw).sha256
    assert entry.detail == {"seat": 1, "file": sha256, "epoch": 1, "changes": 1}
    assert (entry.actor, entry.reason, events()) == (lab.by.actor, "Kabel putus", ["1 Kabel putus"])


def test_a_load_that_a_crash_cut_off_is_completed_by_loading_again(lab, seated):
    owner, attempt_id, ((first, (p, *_)), *_) = seated
    raw = file_of(owner, unsent(1, first, p))
    file = messages.open_file(raw)
    with transaction() as db:
        case = actions.take(db, lab.by, lab.where, file, secret("exam-token"))
        actions.record(db, lab.by, lab.where, case, messages.Load(file, "x"), 1, lab.now)
    assert answers_of(attempt_id) == {}
    load(lab, raw)
    assert (answers_of(attempt_id), len(trail())) == ({first: p}, 1)


def test_unusual_changes_are_counted_by_attempt(lab, seated):
    owner, attempt_id, ((first, (p, *_)), (second, (r, *_)), *_) = seated
    lab.answer(owner, attempt_id, (1, first, json.dumps(p), IN_TIME), (2, first, json.dumps(p), ASIDE))
    lab.now += TIME + GRACE
    load(lab, file_of(owner, unsent(3, second, r)))
    with transaction(ANSWERS, reads_only=True) as answers:
        assert saved.unusual(answers, [attempt_id, attempt_id + 1]) == {attempt_id: saved.Unusual(1, 1, 1)}


def test_a_file_of_another_seat_names_the_seat_where_it_belongs(lab, seated):
    neighbour = lab.sign_in("device-n", seat=2)
    lab.start(neighbour)
    raw = file_of(neighbour, unsent(1, seated[2][0][0], seated[2][0][1][0]))
    with pytest.raises(messages.NotThisSeat, match="kursi 02"):
        look(lab, raw)
    assert log_of(neighbour) == {}


def test_a_file_of_another_agency_is_of_another_session(lab, seated):
    owner, _attempt_id, ((first, (p, *_)), *_) = seated
    other = Lab("tetangga")
    stranger = other.sign_in()
    with pytest.raises(messages.NotThisSeat, match="sesi lain"):
        look(lab, file_of(stranger, unsent(1, first, p)))
    with pytest.raises(NotFound):
        load(lab, file_of(owner, unsent(1, first, p)), by=Officer(other.stage.agency_id, "account:x"))
    assert log_of(owner) == {}


def test_a_seat_where_nobody_signed_in_takes_no_file(lab, seated):
    owner, _attempt_id, ((first, (p, *_)), *_) = seated
    with pytest.raises(NotFound):
        look(lab, file_of(owner, unsent(1, first, p)), where=Seated(lab.stage.session_id, 3))


@pytest.mark.parametrize("wrong", [{"epoch": 2}, {"attempt": 9}])
def test_what_no_page_of_that_device_can_have_written_is_refused_whole(lab, seated, wrong):
    owner, _attempt_id, ((first, (p, *_)), *_) = seated
    with pytest.raises(messages.Damaged):
        load(lab, file_of(owner, unsent(1, first, p), unsent(2, first, p, **wrong)))
    assert log_of(owner) == {}


@pytest.mark.parametrize("forge", [lambda token: token[:-1] + "0", lambda _: "", lambda _: make_token(1, 1, b"x" * 32)])
def test_a_file_with_a_token_that_is_not_ours_is_refused(lab, seated, forge):
    owner, _attempt_id, ((first, (p, *_)), *_) = seated
    token = make_token(owner.sitting_id, 1, secret("exam-token"))
    bad = forge(token)
    if bad == token:
        bad = token[:-1] + "1"
    with pytest.raises(messages.OtherServer):
        look(lab, sealed({"token": bad, "changes": [unsent(1, first, p)]}))
