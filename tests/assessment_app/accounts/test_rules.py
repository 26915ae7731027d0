"""Rules of sign-in, one by one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assessment_app.accounts.rules import (
    Entry,
    Group,
    Role,
    SessionState,
    Span,
    entry_of,
    first_page,
    local_path,
    lock_after,
    may_be_without_agency,
    may_enter,
    navigation,
    password_faults,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, None), (4, None), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10, 15), (10**6, 15)]
)
def test_the_fifth_failure_locks_and_each_further_one_longer_up_to_a_quarter_of_an_hour(failures, minutes):
    assert lock_after(failures) == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("age", "idle", "state"),
    [(0, 0, "alive"), (60, 60, "alive"), (90, 61, "expired"), (720, 0, "alive"), (721, 0, "expired")],
)
def test_a_session_lives_an_hour_of_idleness_and_half_a_day_at_most(age, idle, state):
    created, seen = NOON - timedelta(minutes=age), NOON - timedelta(minutes=idle)
    assert Span().state(created, seen, None, True, NOON) == state


def test_an_ended_session_stays_ended_whatever_else_holds():
    assert Span().state(NOON, NOON, NOON, True, NOON) is SessionState.ENDED


@pytest.mark.parametrize(("minutes", "state"), [(10, "half"), (11, "ended")])
def test_between_password_and_second_factor_there_are_ten_minutes(minutes, state):
    assert Span().state(NOON - timedelta(minutes=minutes), NOON, None, False, NOON) == state


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("kopi pahit di beranda", []),
        ("duabelashuru", []),
        ("sebelas-hur", ["short"]),
        ("", ["short"]),
        ("saya DEWI dari lampung", ["has_name"]),
        ("aaaaaaaaaaaaaaaa", ["monotone"]),
        ("x" * 201, ["long", "monotone"]),
    ],
)
def test_a_password_is_judged_with_every_reason(password, faults):
    assert list(password_faults(password, "Dewi")) == faults


@pytest.mark.parametrize("wanted", ["/gelombang", "/", "/akun/daftar?halaman=2"])
def test_a_path_of_ours_is_followed(wanted):
    assert local_path(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    ["", "gelombang", "//jahat.example", "/\\jahat.example", "https://jahat.example/", "/a\nb", "javascript:x"],
)
def test_no_path_leads_elsewhere(wanted):
    assert local_path(wanted) is None


def test_one_of_the_asked_roles_opens_a_door_and_none_opens_nothing():
    assert may_enter({Role.AUDITOR, Role.PROCTOR}, {Role.PROCTOR})
    assert not may_enter({Role.AUDITOR}, {Role.PROCTOR})
    assert not may_enter((), (Role.PROCTOR,))


def test_only_a_mere_system_administrator_is_without_agency():
    assert may_be_without_agency([Role.SYSTEM_ADMIN])
    assert not may_be_without_agency([Role.SYSTEM_ADMIN, Role.BKD_ADMIN])
    assert not may_be_without_agency([])


WAVES = Entry(Group.PLANNING, "Gelombang", "calendar", "waves.page", frozenset({Role.BKD_ADMIN}))
AUDIT = Entry(Group.SYSTEM, "Jejak audit", "history", "audit.page", frozenset({Role.AUDITOR, Role.BKD_ADMIN}))


def test_navigation_shows_groups_in_order_and_only_what_opens():
    assert navigation([AUDIT, WAVES], [Role.BKD_ADMIN]) == [(Group.PLANNING, [WAVES]), (Group.SYSTEM, [AUDIT])]
    assert navigation([AUDIT, WAVES], [Role.AUDITOR]) == [(Group.SYSTEM, [AUDIT])]
    assert navigation([AUDIT, WAVES], []) == []


def test_who_holds_a_role_comes_in_where_its_work_begins_and_with_several_where_the_first_does():
    own = Entry(Group.SYSTEM, "Akun", "key", "accounts.page", frozenset({Role.AUDITOR}))
    begins = replace(AUDIT, begins=frozenset({Role.AUDITOR}))
    assert first_page([own, begins], [Role.AUDITOR]) is begins
    assert first_page([own, AUDIT], [Role.AUDITOR]) is own
    assert first_page([own, begins, WAVES], [Role.AUDITOR, Role.BKD_ADMIN]) is WAVES
    assert first_page([WAVES], [Role.PROCTOR]) is None
    assert first_page([WAVES], []) is None


def test_a_page_without_an_entry_of_its_own_belongs_to_that_of_its_blueprint():
    groups = navigation([WAVES, AUDIT], [Role.BKD_ADMIN])
    assert entry_of(groups, "audit.page") is AUDIT
    assert entry_of(groups, "waves.detail") is WAVES
    assert entry_of(groups, "accounts.own") is None
