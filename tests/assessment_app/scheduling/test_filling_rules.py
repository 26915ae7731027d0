"""Who is placed where: laws that hold for every list, and an independent maximum flow where there is one."""

import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from assessment_app.scheduling.rules.filling import Filled, fill, limit, spare_of
from assessment_app.scheduling.rules.hall import Absence, Kind, Seats, Why

MONDAY = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
HALF_DAY = timedelta(hours=5)


def session(slot, room=0, seats=4, spare=0, hours=4.0, taken=()):
    """A session; slots begin five hours apart."""
    starts = MONDAY + slot * HALF_DAY
    free = tuple(seat for seat in range(1, seats + 1) if seat not in taken)
    return Seats(f"{slot:03}-{room}", starts, starts + timedelta(hours=hours), free, spare)


def staff(**units):
    """People by unit: staff(a=3) are a0, a1, a2."""
    return {f"{unit}{n}": Kind((unit,)) for unit, number in units.items() for n in range(number)}


def filled(people, sessions, percent=25, heads=None, away=()):
    heads = heads or Counter(unit for kind in people.values() for unit in kind.units)
    return fill(people, sessions, heads, away, percent)


def most_away(people, sessions, found: Filled, away=()):
    """Count, at every beginning of a session, who of each unit sits then."""
    by_key = {one.key: one for one in sessions}
    most: Counter[str] = Counter()
    for moment in (one.starts for one in sessions):
        now: Counter[str] = Counter()
        for key, (sat, _seat) in found.placed.items():
            if by_key[sat].starts <= moment < by_key[sat].ends:
                now.update(people[key].units)
        for one in away:
            if one.starts <= moment < one.ends:
                now.update(one.units)
        for unit, number in now.items():
            most[unit] = max(most[unit], number)
    return most


kinds = some.builds(
    lambda leaf, minutes, busy: Kind(
        (f"u{leaf}", f"top{leaf % 2}"), minutes, ((MONDAY, MONDAY + busy * HALF_DAY),) if busy else ()
    ),
    some.integers(0, 5), some.sampled_from([0, 0, 0, 230, 290]), some.sampled_from([0, 0, 0, 1, 2]),
)  # fmt: skip
halls = some.lists(
    some.builds(
        session, some.integers(0, 4), some.just(0), some.integers(1, 6), some.integers(0, 3),
        some.sampled_from([3.0, 4.0, 5.0, 8.0]), some.sets(some.integers(1, 6), max_size=3),
    ),
    max_size=8, unique_by=lambda one: (one.key, one.ends),
)  # fmt: skip


def renamed(sessions):
    """Give sessions of one beginning names of their own."""
    return [Seats(f"{n}", one.starts, one.ends, one.free, one.spare) for n, one in enumerate(sessions)]


@given(some.lists(kinds, max_size=40), halls, some.sampled_from([10, 25, 50, 100]))
def test_no_list_overfills_doubles_or_loses_anybody_and_no_unit_is_over_its_limit(chosen, sessions, percent):
    people, sessions = {f"p{n:02}": kind for n, kind in enumerate(chosen)}, renamed(sessions)
    heads = Counter(unit for kind in chosen for unit in kind.units)
    away = [Absence(kind.units, MONDAY, MONDAY + HALF_DAY) for kind in chosen[::7]]
    found = filled(people, sessions, percent, heads, away)
    assert set(found.placed) | set(found.left) == set(people)
    assert not set(found.placed) & set(found.left)
    by_key = {one.key: one for one in sessions}
    assert len(set(found.placed.values())) == len(found.placed)
    for key, number in Counter(sat for sat, _seat in found.placed.values()).items():
        assert number <= by_key[key].takes
    for key, (sat, seat) in found.placed.items():
        assert seat in by_key[sat].free
        assert people[key].may_sit(by_key[sat].starts, by_key[sat].ends)
    before = most_away(people, sessions, Filled({}, {}, {}), away)
    for unit, number in most_away(people, sessions, found, away).items():
        assert number <= max(limit(heads[unit], percent), before[unit])


@given(some.lists(kinds, max_size=30), halls, some.randoms(use_true_random=False))
def test_the_order_in_which_people_and_sessions_are_handed_over_changes_nothing(
    chosen, sessions, chance: random.Random
):
    people, sessions = [(f"p{n:02}", kind) for n, kind in enumerate(chosen)], renamed(sessions)
    first = filled(dict(people), sessions)
    chance.shuffle(people)
    assert filled(dict(people), chance.sample(sessions, len(sessions))) == first


@given(some.lists(kinds, max_size=30), halls)
def test_whoever_is_left_really_finds_no_place_and_the_reason_is_true(chosen, sessions):
    people, sessions = {f"p{n:02}": kind for n, kind in enumerate(chosen)}, renamed(sessions)
    heads = Counter(unit for kind in chosen for unit in kind.units)
    found = filled(people, sessions)
    sat = Counter(session for session, _seat in found.placed.values())
    away = most_away_at(people, sessions, found)
    for key, left in found.left.items():
        kind = people[key]
        possible = [one for one in sessions if kind.may_sit(one.starts, one.ends)]
        open_ones = [one for one in possible if sat[one.key] < one.takes]
        if left.why is Why.TOO_SHORT:
            assert not any(kind.is_long_enough(one.starts, one.ends) for one in sessions)
        elif left.why is Why.BUSY:
            assert not possible
        elif left.why is Why.NO_SEAT:
            assert not open_ones
        else:
            assert open_ones
            for one in open_ones:
                assert any(away[one.key][unit] >= limit(heads[unit], 25) for unit in kind.units)


def most_away_at(people, sessions, found):
    """Count by session who of each unit sits at some moment of it; the most at one moment."""
    by_key, counted = {one.key: one for one in sessions}, {}
    for one in sessions:
        most: Counter[str] = Counter()
        moments = {one.starts} | {other.starts for other in sessions if one.starts <= other.starts < one.ends}
        for moment in moments:
            now: Counter[str] = Counter()
            for key, (sat, _seat) in found.placed.items():
                if by_key[sat].starts <= moment < by_key[sat].ends:
                    now.update(people[key].units)
            most |= now
        counted[one.key] = most
    return counted


@given(
    some.dictionaries(some.sampled_from("abcdef"), some.integers(1, 14), min_size=1),
    some.lists(some.integers(1, 9), min_size=1, max_size=6), some.sampled_from([10, 25, 50]),
)  # fmt: skip
def test_as_many_are_placed_as_any_plan_could_place(units, seats, percent):
    sessions = [session(slot, seats=number) for slot, number in enumerate(seats)]
    found = filled(staff(**units), sessions, percent)
    names = sorted(units)
    nodes = 2 + len(names) + len(seats)
    capacity = np.zeros((nodes, nodes), dtype=np.int32)
    for n, unit in enumerate(names):
        capacity[0, 2 + n] = units[unit]
        capacity[2 + n, 2 + len(names) :] = limit(units[unit], percent)
    capacity[2 + len(names) :, 1] = seats
    assert len(found.placed) == maximum_flow(csr_array(capacity), 0, 1).flow_value


def test_a_unit_that_must_come_as_a_whole_is_told_and_not_sent():
    found = filled(staff(a=8), [session(0), session(1)])
    assert len(found.placed) == 4
    assert {left.why for left in found.left.values()} == {Why.UNIT_AWAY}
    assert {left.unit for left in found.left.values()} == {"a"}


def test_the_limit_of_a_whole_service_holds_for_all_its_small_units_together():
    people = {f"{leaf}{n}": Kind((leaf, "dinas")) for leaf in "abcdefgh" for n in range(2)}
    sessions = [session(slot, seats=16) for slot in range(2)]
    found = filled(people, sessions)
    assert most_away(people, sessions, found)["dinas"] == limit(16, 25) == 4


def test_who_needs_more_time_gets_the_one_session_that_is_long_enough():
    people = staff(a=3, b=3) | {"z": Kind(("b",), minutes=300)}
    found = filled(people, [session(0, seats=4), session(1, seats=2, hours=5)], percent=100)
    assert found.placed["z"][0] == "001-0"


def test_others_make_way_for_who_can_come_at_one_time_only():
    elsewhere = ((MONDAY + HALF_DAY, MONDAY + 9 * HALF_DAY),)
    people = {"a": Kind(("a",)), "b": Kind(("b",)), "z": Kind(("c",), busy=elsewhere)}
    found = filled(people, [session(0, seats=1), session(1, seats=2)])
    assert found.placed["z"][0] == "000-0"
    assert not found.left


def test_people_of_a_unit_are_in_different_rooms_and_not_side_by_side():
    people = staff(a=8, b=8, c=4)
    found = filled(people, [session(0, room, seats=10) for room in range(2)], percent=100)
    rows: dict[str, dict[int, str]] = defaultdict(dict)
    for key, (sat, seat) in found.placed.items():
        rows[sat][seat] = key[0]
    for row in rows.values():
        assert Counter(row.values()) == {"a": 4, "b": 4, "c": 2}
        assert all(row[seat] != row[seat + 1] for seat in range(1, 10))


def test_where_seats_are_short_they_are_short_for_every_unit_alike():
    found = filled(staff(a=40, b=20, c=20), [session(slot, seats=10) for slot in range(4)], percent=100)
    assert Counter(key[0] for key in found.placed) == {"a": 20, "b": 10, "c": 10}


def test_spare_seats_are_the_last_ones_and_stay_free():
    found = filled(staff(a=9), [session(0, seats=6, spare=2, taken={1, 5})], percent=100)
    assert sorted(seat for _session, seat in found.placed.values()) == [2, 3]
    assert {left.why for left in found.left.values()} == {Why.NO_SEAT}


@pytest.mark.parametrize(
    ("seats", "percent", "number", "spare"),
    [(32, 5, 0, 2), (20, 5, 0, 1), (32, 0, 4, 4), (32, 5, 4, 4), (2, 90, 0, 1), (1, 5, 3, 0)]
)  # fmt: skip
def test_spare_seats_are_rounded_up_and_never_all(seats, percent, number, spare):
    assert spare_of(seats, percent, number) == spare


def test_a_hall_without_sessions_leaves_everybody_for_want_of_a_seat():
    assert {left.why for left in filled(staff(a=2), []).left.values()} == {Why.NO_SEAT}
