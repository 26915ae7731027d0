"""Incidents, their corrections, the time they give back, and who was there: on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import time, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from assessment_app.accounts.rules import Officer
from assessment_app.logbook import actions as logbook
from assessment_app.logbook.actions import AlreadyCorrected, ChangedHands, WrittenOtherwise
from assessment_app.logbook.messages.forms import NewIncident, NewMark
from assessment_app.logbook.models import AttendanceMark, Incident, SeatMove
from assessment_app.logbook.queries import day as written
from assessment_app.logbook.rules import IncidentKind, MarkKind
from assessment_app.platform import audit
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.errors import Conflict, Invalid, NotFound
from assessment_app.proctoring import actions, queries
from assessment_app.proctoring.messages import MoreTime
from assessment_app.scheduling import queries as plans
from tests.assessment_app.proctoring.conftest import Lab
from tests.assessment_app.proctoring.test_moves import booking, move, wish

MINUTE = 60_000


def power(*seats, minutes=0, after=10**9, **more):
    told = {"kind": IncidentKind.POWER, "told": "Listrik padam", **more}
    return NewIncident(uuid4(), seats=seats, minutes=minutes, after_entry=after, **told)


def tell(lab, wanted, by=None):
    with transaction() as db:
        outcome = actions.tell(db, by or lab.by, lab.stage.session_id, wanted, lab.now)
        n, credited, left_out = outcome.incident.n, outcome.credited, outcome.left_out
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        for one in credited:
            actions.mirror(answers, db, one)
    return n, credited, left_out


def day(lab):
    with transaction(reads_only=True) as db:
        return written.day(db, plans.session(db, lab.stage.agency_id, lab.stage.session_id))


def ends(lab):
    with transaction(reads_only=True) as db:
        return plans.session(db, lab.stage.agency_id, lab.stage.session_id).ends


def test_an_incident_keeps_when_it_happened_when_it_was_written_and_by_whom(lab):
    lab.now += timedelta(minutes=30)
    tell(lab, power(1, 2, wall=time(8, 10), done="Genset dinyalakan"))
    ((told,), now) = day(lab).incidents, lab.now
    one = told.incident
    assert (one.n, one.happened, one.at, one.by) == (1, now - timedelta(minutes=25), now, lab.by.actor)
    assert (told.seats, told.names) == ([1, 2], ("Joko Peraga", "Rina Peraga"))
    with transaction(reads_only=True) as db:
        (entry,) = db.scalars(select(AuditEntry).where(AuditEntry.action == "incident.record"))
    assert (entry.reason, entry.detail["seats"]) == ("Listrik padam", [1, 2])


def test_it_names_who_sat_there_then_also_after_they_moved(lab):
    first = booking(lab, 1)
    tell(lab, power(1))
    move(lab, wish(lab, 1, 7), 1)
    move(lab, wish(lab, 2, 1), 2)
    (told,) = day(lab).incidents
    assert told.incident.seats == {"1": str(first)}
    tell(lab, power(1, replaces=told.incident.incident_id, kind=IncidentKind.COMPUTER))
    assert day(lab).incidents[1].incident.seats == {"1": str(first)}


def test_a_double_click_is_one_incident_and_one_credit(lab):
    owner = lab.sign_in()
    attempt_id = lab.start(owner)
    before = lab.gate(attempt_id).deadline_ms
    wanted = power(1, minutes=10)
    assert tell(lab, wanted)[0] == tell(lab, wanted)[0] == 1
    assert lab.gate(attempt_id).deadline_ms == before + 10 * MINUTE


def test_two_clicks_at_the_same_moment_are_one_incident(lab):
    lab.start(lab.sign_in())
    wanted = power(1, minutes=10)
    with ThreadPoolExecutor(2) as both:
        assert [n for n, *_rest in both.map(lambda _click: tell(lab, wanted), range(2))] == [1, 1]
    assert len(day(lab).incidents) == 1


def test_telling_waits_for_an_act_on_a_seat_and_neither_for_the_other_in_a_circle(lab):
    lab.start(lab.sign_in())
    with ThreadPoolExecutor(1) as other:
        with transaction() as db:
            queries.lock_sitting(db, lab.stage.agency_id, lab.stage.session_id, 1)
            told = other.submit(tell, lab, power(1, minutes=10))
            wait([told], 0.3)
            audit.record(db, audit.Act(lab.by.agency_id, lab.by.actor, "sitting.lock", "sitting:1"), lab.now)
        assert told.result()[0] == 1


def test_two_proctors_at_once_get_two_numbers(lab):
    with ThreadPoolExecutor(2) as both:
        assert sorted(n for n, *_rest in both.map(lambda _one: tell(lab, power(1)), range(2))) == [1, 2]


def test_other_words_under_a_number_in_use_are_not_taken_for_the_old_ones(lab):
    wanted = power(1)
    tell(lab, wanted)
    with pytest.raises(WrittenOtherwise):
        tell(lab, replace(wanted, told="Bukan listrik"))
    neighbour = Lab("tetangga")
    with pytest.raises(WrittenOtherwise):  # another agency's number is in use too, and says nothing of itself
        tell(neighbour, wanted)


def test_time_goes_to_the_named_seats_that_work_and_the_rest_are_told(lab):
    working, waiting = lab.sign_in("device-one", seat=1), lab.sign_in("device-two", seat=2)
    attempt_id = lab.start(working)
    before, end = lab.gate(attempt_id).deadline_ms, ends(lab)
    _n, credited, left_out = tell(lab, power(1, 2, 9, minutes=10))
    assert ([one.sitting_id for one in credited], left_out) == ([working.sitting_id], (2, 9))
    assert lab.gate(attempt_id).deadline_ms == before + 10 * MINUTE
    assert [entry.kind for entry in lab.sitting(waiting).attempts[0].ledger] == ["base"]
    assert ends(lab) == end


def test_the_whole_room_ends_later_too(lab):
    lab.start(lab.sign_in())
    end = ends(lab)
    tell(lab, power(minutes=20))
    assert ends(lab) == end + timedelta(minutes=20)
    entry = lab.sitting(lab.sign_in()).attempts[0].ledger[-1]
    assert (entry.kind, entry.ms, entry.reason) == ("outage", 20 * MINUTE, "Listrik padam")


def test_time_that_nobody_can_use_is_refused_and_nothing_is_written(lab):
    with pytest.raises(Conflict, match="tanpa mengembalikan waktu"):
        tell(lab, power(1, minutes=10))
    assert not day(lab).incidents


def test_a_page_that_does_not_know_of_other_time_gives_none(lab):
    owner = lab.sign_in()
    lab.start(owner)
    seen = lab.sitting(owner).attempts[0].ledger[-1].entry_id
    lab.act(actions.add_time, MoreTime(1, 5, seen, "Listrik padam"))
    with pytest.raises(Conflict, match="baru saja diubah"):
        tell(lab, power(1, minutes=10, after=seen))
    assert not day(lab).incidents
    assert sum(entry.ms for entry in lab.sitting(owner).attempts[0].ledger) == 20 * MINUTE


def test_a_correction_is_a_row_of_its_own_and_gives_no_time_again(lab):
    owner = lab.sign_in()
    lab.start(owner)
    tell(lab, power(1, minutes=10))
    (old,) = day(lab).incidents
    tell(lab, power(1, replaces=old.incident.incident_id, told="Stopkontak longgar", kind=IncidentKind.COMPUTER))
    first, second = day(lab).incidents
    assert (first.incident.told, first.corrected_by, second.corrects) == ("Listrik padam", 2, 1)
    assert (second.incident.minutes, second.incident.happened) == (10, first.incident.happened)
    assert [told.incident.n for told in day(lab).holding] == [2]
    assert sum(entry.ms for entry in lab.sitting(owner).attempts[0].ledger) == 25 * MINUTE
    with pytest.raises(AlreadyCorrected):
        tell(lab, power(1, replaces=old.incident.incident_id))


def test_of_two_who_correct_the_same_row_one_is_told(lab):
    tell(lab, power(1))
    (old,) = day(lab).incidents

    def correct(_one):
        try:
            return tell(lab, power(1, replaces=old.incident.incident_id))[0]
        except AlreadyCorrected:
            return 0

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(correct, range(2))) == [0, 2]


def test_seats_and_times_that_cannot_be_are_refused(lab):
    with pytest.raises(Invalid, match="32 kursi"):
        tell(lab, power(33))
    with pytest.raises(Invalid, match="belum tiba"):
        tell(lab, power(1, wall=time(9, 0)))
    with pytest.raises(NotFound):
        tell(lab, power(1, replaces=uuid4()))


def test_another_agency_tells_and_corrects_nothing(lab):
    tell(lab, power(1))
    (old,) = day(lab).incidents
    neighbour = Lab("tetangga")
    with pytest.raises(NotFound):
        tell(lab, power(1), by=Officer(neighbour.stage.agency_id, "account:stranger"))
    with pytest.raises(NotFound):
        tell(neighbour, power(1, replaces=old.incident.incident_id))


def state(lab, kind, seat=1, *, holds=True, reason="Sakit", who=None, number=None, by=None):
    wanted = NewMark(number or uuid4(), who or booking(lab, seat), kind, holds, reason)
    with transaction() as db:
        return logbook.mark(db, by or lab.by, lab.stage.session_id, seat, wanted, lab.now)


def test_the_newest_statement_of_each_kind_holds(lab):
    who = booking(lab, 1)
    state(lab, MarkKind.IDENTITY)
    state(lab, MarkKind.ABSENT)
    state(lab, MarkKind.ABSENT, holds=False, reason="Salah kursi")
    held = day(lab).marks[who]
    assert (held.identity.by, held.absent, held.late) == (lab.by.actor, None, None)


def test_whoever_signed_in_cannot_be_called_absent_but_may_come_after_being_called_so(lab):
    state(lab, MarkKind.ABSENT)
    lab.sign_in(seat=1)
    with pytest.raises(Conflict, match="sudah masuk"):
        state(lab, MarkKind.ABSENT)


def test_a_statement_sent_twice_is_one_and_of_somebody_else_none(lab):
    number = uuid4()
    assert state(lab, MarkKind.IDENTITY, number=number)
    assert not state(lab, MarkKind.IDENTITY, number=number)
    with pytest.raises(WrittenOtherwise):
        state(lab, MarkKind.LATE, number=number)
    with pytest.raises(ChangedHands):
        state(lab, MarkKind.IDENTITY, seat=2, who=booking(lab, 1))
    neighbour = Lab("tetangga")
    with pytest.raises(NotFound):
        state(lab, MarkKind.IDENTITY, by=Officer(neighbour.stage.agency_id, "account:stranger"))


def test_two_statements_at_once_both_stand(lab):
    who = booking(lab, 1)
    with ThreadPoolExecutor(2) as both:
        kinds = (MarkKind.IDENTITY, MarkKind.LATE)
        assert list(both.map(lambda kind: state(lab, kind, who=who), kinds)) == [True, True]
    held = day(lab).marks[who]
    assert held.identity
    assert held.late


@pytest.mark.parametrize("model", [Incident, AttendanceMark, SeatMove])
def test_the_database_refuses_to_change_what_is_written(lab, model):
    tell(lab, power(1))
    state(lab, MarkKind.IDENTITY)
    move(lab, wish(lab, 1, 7), 1)
    with pytest.raises(DatabaseError, match="never changed"), transaction() as db:
        db.execute(update(model).values(by="nobody"))
