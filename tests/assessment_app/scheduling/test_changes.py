"""Changes by hand and frozen lists, on a real database: SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from assessment_app.exam.models import Sitting
from assessment_app.people.models import Employee
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Closed, Conflict, Invalid, NotFound
from assessment_app.scheduling import actions, queries
from assessment_app.scheduling.actions import changes
from assessment_app.scheduling.messages.changes import Late, Move, Place, Swap
from assessment_app.scheduling.messages.filling import Filling
from assessment_app.scheduling.models import Accommodation, Booking, FrozenList
from assessment_app.scheduling.queries import lists
from scoring_engine.canonical import digest
from tests.assessment_app.scheduling.towns import Province, add_people
from tests.factories import NOW

WHY = "Tugas luar kota"


@pytest.fixture
def province(installation):
    made = Province({"Dinas A": 8, "Dinas B": 8}, rooms=2, seats=6, days=1)
    made.fill(Filling())
    return made


def place(booking):
    return Place(booking.session_id, booking.seat)


def now_at(province, booking):
    found = province.ask(lists.booking, booking.booking_id)
    return place(found) if found else None


def other_session(province, booking):
    with transaction(reads_only=True) as db:
        rows = queries.sessions_of(db, province.agency_id, province.wave.wave_id)
        return next(one for one, _n in rows if one.session_id != booking.session_id)


def move(province, booking, session_id, seat=None, shown=None, now=NOW):
    wanted = Move(shown or place(booking), session_id, seat, WHY)
    return province.act(changes.move, booking.booking_id, wanted, now)


def freeze(province, session_id):
    session = province.ask(queries.session, session_id)
    return province.act(changes.freeze, session_id, digest(lists.document(session)), NOW)


def sign_in(province, booking):
    with transaction() as db:
        db.add(Sitting(
            agency_id=province.agency_id, booking_id=booking.booking_id, wave_id=booking.wave_id, epoch=1, device="d",
            signed_in=NOW,
        ))  # fmt: skip


def trail(action):
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def test_who_moves_gets_the_first_free_seat_and_it_is_on_record_with_its_reason(province):
    booking = province.bookings()[0]
    target = other_session(province, booking)
    move(province, booking, target.session_id)
    assert now_at(province, booking).session_id == target.session_id
    entry = trail("booking.move")[0]
    assert entry.reason == WHY
    assert entry.detail["before"] == str(place(booking))
    assert entry.detail["after"] == str(now_at(province, booking))


def test_double_click_moves_once(province):
    booking = province.bookings()[0]
    target = other_session(province, booking)
    with ThreadPoolExecutor(4) as clicks:
        list(clicks.map(lambda _n: move(province, booking, target.session_id), range(4)))
    assert len(trail("booking.move")) == 1


def test_stale_page_moves_nobody(province):
    booking = province.bookings()[0]
    target = other_session(province, booking)
    move(province, booking, booking.session_id, seat=6)
    with pytest.raises(Conflict, match="sudah dipindahkan"):
        move(province, booking, target.session_id)
    assert now_at(province, booking) == Place(booking.session_id, 6)


def test_two_planners_at_once_give_one_seat_to_one_person(province):
    first, second = province.bookings()[:2]
    target = next(one for one, _n in sessions(province) if one.session_id not in (first.session_id, second.session_id))

    def go(booking):
        try:
            return move(province, booking, target.session_id, seat=6).seat
        except Conflict as refusal:
            return str(refusal)

    with ThreadPoolExecutor(2) as planners:
        said = list(planners.map(go, (first, second)))
    assert 6 in said
    assert any("sudah dipakai" in str(one) for one in said)


def sessions(province):
    with transaction(reads_only=True) as db:
        return queries.sessions_of(db, province.agency_id, province.wave.wave_id)


@pytest.mark.parametrize(("seat", "said"), [(7, "hanya punya kursi 1 sampai 6"), (1, "sudah dipakai")])
def test_a_seat_that_is_taken_or_does_not_exist_is_refused(province, seat, said):
    booking = province.bookings()[0]
    target = other_session(province, booking)
    with pytest.raises(Conflict, match=said):
        move(province, booking, target.session_id, seat=seat)
    assert now_at(province, booking) == place(booking)


def test_two_people_change_places_also_between_sessions(province):
    one = province.bookings()[0]
    other = next(each for each in province.bookings() if each.session_id != one.session_id)
    wanted = Swap(place(one), other.nip, WHY)
    for _click in range(2):  # the second changes nothing back
        province.act(changes.swap, one.booking_id, wanted, NOW)
    assert (now_at(province, one), now_at(province, other)) == (place(other), place(one))
    assert len(trail("booking.move")) == 2


def test_who_is_taken_off_is_unscheduled_again_and_a_second_click_says_the_same(province):
    booking = province.bookings()[0]
    taken = [province.act(changes.take_off, booking.booking_id, place(booking), WHY, NOW) for _click in range(2)]
    assert taken == [True, False]
    assert len(province.fill(Filling()).filled.placed) == 1
    assert [entry.reason for entry in trail("booking.take_off")] == [WHY]


def test_whoever_signed_in_is_neither_moved_nor_taken_off(province):
    booking, other = province.bookings()[:2]
    sign_in(province, booking)
    target = other_session(province, booking)
    with pytest.raises(Closed, match="sudah masuk"):
        move(province, booking, target.session_id)
    with pytest.raises(Closed, match="sudah masuk"):
        province.act(changes.take_off, booking.booking_id, place(booking), WHY, NOW)
    with pytest.raises(Closed, match="sudah masuk"):
        province.act(changes.swap, other.booking_id, Swap(place(other), booking.nip, WHY), NOW)
    assert now_at(province, booking) == place(booking)


def grant(province, booking, factor="300"):
    with transaction() as db:
        db.add(Accommodation(
            booking_id=booking.booking_id, n=1, agency_id=province.agency_id, kind="time", value=factor, reason="x",
            by="account:x", at=NOW,
        ))  # fmt: skip


def test_an_accommodation_goes_along_and_keeps_its_person_from_being_taken_off(province):
    booking = province.bookings()[0]
    grant(province, booking)
    move(province, booking, other_session(province, booking).session_id)
    with pytest.raises(Conflict, match="catatan akomodasi"):
        province.act(changes.take_off, booking.booking_id, now_at(province, booking), WHY, NOW)


def test_who_needs_more_time_is_not_moved_to_a_session_that_is_too_short(province):
    booking = province.bookings()[0]
    grant(province, booking, "1000")  # 35 minutes become 350, and 15 to prepare
    with pytest.raises(Conflict, match="memerlukan 365 menit; sesi itu hanya 240 menit"):
        move(province, booking, other_session(province, booking).session_id)


def test_what_happened_in_a_session_that_is_over_stays(province):
    booking = province.bookings()[0]
    over = booking_ends(province, booking) + timedelta(seconds=1)
    later = max(sessions(province), key=lambda one: one[0].ends)[0]
    with pytest.raises(Closed):
        province.act(changes.take_off, booking.booking_id, place(booking), WHY, over)
    if later.session_id != booking.session_id and later.ends > over:
        with pytest.raises(Closed, match="catatannya tetap"):
            move(province, booking, later.session_id, now=over)


def booking_ends(province, booking):
    return province.ask(queries.session, booking.session_id).ends


def test_a_latecomer_is_added_by_nip_once(province):
    add_people(province.agency_id, {"Dinas C": 1})
    nip = newest_nip()
    target = sessions(province)[0][0]
    for _click in range(2):
        province.act(changes.add_late, target.session_id, Late(nip, None, WHY), NOW)
    assert [entry.detail["nip"] for entry in trail("booking.add")] == [nip]
    with pytest.raises(Invalid, match="tidak terdaftar"):
        province.act(changes.add_late, target.session_id, Late("199912312020121999", None, WHY), NOW)
    elsewhere = next(one for one in province.bookings() if one.session_id != target.session_id)
    with pytest.raises(Conflict, match="sudah punya sesi"):
        province.act(changes.add_late, target.session_id, Late(elsewhere.nip, None, WHY), NOW)


def newest_nip():
    with transaction(reads_only=True) as db:
        return db.scalars(select(Employee.nip).where(Employee.active).order_by(Employee.nip.desc())).first()


def test_a_frozen_list_keeps_its_hash_and_later_changes_are_amendments(province):
    booking = province.bookings()[0]
    frozen = freeze(province, booking.session_id)
    move(province, booking, other_session(province, booking).session_id)
    again = province.ask(lists.frozen, booking.session_id)
    assert (again.sha256, again.document) == (digest(frozen.document), frozen.document)
    amended = province.ask(lists.amendments, booking.session_id)
    assert [(one.n, one.kind, one.nip, one.reason) for one in amended] == [(1, "moved-out", booking.nip, WHY)]
    nip_back = Late(booking.nip, None, WHY)
    province.act(changes.take_off, booking.booking_id, now_at(province, booking), WHY, NOW)
    province.act(changes.add_late, booking.session_id, nip_back, NOW)
    assert [one.kind for one in province.ask(lists.amendments, booking.session_id)] == ["moved-out", "added"]


def test_filling_and_ticking_leave_a_frozen_list_alone(province):
    session_id = province.bookings()[0].session_id
    freeze(province, session_id)
    before = province.by_session()[session_id]
    people = add_people(province.agency_id, {"Dinas C": 3})["Dinas C"]
    with pytest.raises(Conflict, match="sudah dibekukan"):
        province.act(actions.book, session_id, people[:1], NOW)
    assert province.fill(Filling()).filled.placed
    assert province.by_session()[session_id] == before


def test_a_list_that_changed_since_it_was_shown_is_not_frozen(province):
    booking = province.bookings()[0]
    shown = digest(lists.document(province.ask(queries.session, booking.session_id)))
    move(province, booking, booking.session_id, seat=6)
    with pytest.raises(Conflict, match="Daftar berubah"):
        province.act(changes.freeze, booking.session_id, shown, NOW)
    first = freeze(province, booking.session_id)
    assert province.act(changes.freeze, booking.session_id, shown, NOW).sha256 == first.sha256


def test_a_frozen_list_cannot_be_changed_in_the_database(province):
    session_id = province.bookings()[0].session_id
    freeze(province, session_id)
    with pytest.raises(DBAPIError), transaction() as db:
        db.get_one(FrozenList, session_id).people = 0


def test_another_agency_changes_nothing_here(province):
    neighbour = Province({"Dinas X": 2}, rooms=1, seats=3, days=1, code="tetangga")
    booking = province.bookings()[0]
    target = sessions(neighbour)[0][0].session_id
    with pytest.raises(NotFound):
        neighbour.act(changes.move, booking.booking_id, Move(place(booking), booking.session_id, None, WHY), NOW)
    with pytest.raises(NotFound):
        province.act(changes.move, booking.booking_id, Move(place(booking), target, None, WHY), NOW)
    with pytest.raises(NotFound):
        neighbour.act(changes.take_off, booking.booking_id, place(booking), WHY, NOW)
    with pytest.raises(NotFound):
        neighbour.act(changes.add_late, booking.session_id, Late(booking.nip, None, WHY), NOW)
    with pytest.raises(NotFound):
        neighbour.act(changes.freeze, booking.session_id, "0" * 64, NOW)
    with transaction(reads_only=True) as db:
        assert db.get_one(Booking, booking.booking_id).seat == booking.seat
