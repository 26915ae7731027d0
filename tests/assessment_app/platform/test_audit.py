"""The trail: added with its act or not at all, in one chain, and whoever changes it is named by the row."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from assessment_app.platform import audit
from assessment_app.platform.audit import Act, AuditEntry
from assessment_app.platform.db import EXAM, VAULT, engine_of, transaction

NOW = datetime(2026, 11, 23, 1, 0, 0, 123456, tzinfo=UTC)
HERE, THERE = UUID(int=1), UUID(int=2)


def note(subject: str, store=EXAM, agency_id=HERE, **more) -> None:
    with transaction(store) as db:
        audit.record(db, Act(agency_id, "account:1", "test.note", subject, "karena", "10.0.0.1", **more), NOW)


def verdict(store=EXAM) -> audit.Verdict:
    with transaction(store, reads_only=True) as db:
        return audit.verify(db)


@pytest.fixture(params=[EXAM, VAULT])
def trail(request, installation):
    """Five rows in one of the stores, on SQLite and on PostgreSQL."""
    for subject in "abcde":
        note(subject, request.param, detail={"n": 1, "names": ["é", "e\u0301"], "none": None})
    return request.param


@pytest.fixture
def here(on_sqlite):
    """Five rows in the exam store, on SQLite alone."""
    for subject in "abcde":
        note(subject, detail={"n": 1})
    return EXAM


def around(store, *statements: str) -> None:
    """Do what only the owner of the database can: take the guards off, and change rows."""
    with engine_of(store).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
        else:
            for act in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER audit_entry_refuses_{act}")
        for statement in statements:
            connection.execute(text(statement))


def test_an_empty_trail_holds(installation):
    assert verdict() == audit.Verdict(0, None, "", audit.GENESIS)


def test_a_trail_that_nobody_touched_holds(trail):
    found = verdict(trail)
    assert (found.holds, found.rows) == (True, 5)
    with transaction(trail, reads_only=True) as db:
        assert found.last == audit.newest(db, None, limit=1)[0].hash


def test_a_trail_of_many_pages_holds(on_sqlite, monkeypatch):
    monkeypatch.setattr(audit, "PAGE", 2)
    for subject in "abcde":
        note(subject)
    assert (verdict().holds, verdict().rows) == (True, 5)


@pytest.mark.parametrize(
    "column",
    ["agency_id = NULL", "actor = 'x'", "action = 'x'", "subject = 'x'", "reason = ''", "origin = ''", "detail = '{}'"],
)
def test_a_row_that_was_changed_is_named(here, column):
    around(here, f"UPDATE audit_entry SET {column} WHERE entry_no = 3")
    assert (verdict(here).broken_at, verdict(here).holds) == (3, False)


def test_a_moment_that_was_changed_is_named(here):
    around(here, "UPDATE audit_entry SET at = '2026-11-23 01:00:00.123457' WHERE entry_no = 4")
    assert verdict(here).broken_at == 4


def test_a_row_that_was_changed_with_its_hash_is_betrayed_by_the_next(trail):
    around(trail, f"UPDATE audit_entry SET subject = 'x', hash = '{'a' * 64}' WHERE entry_no = 2")
    with transaction(trail, reads_only=True) as db:
        honest = db.get_one(AuditEntry, 2).computed_hash()
    around_again = f"UPDATE audit_entry SET hash = '{honest}' WHERE entry_no = 2"
    with engine_of(trail).begin() as connection:
        connection.execute(text(around_again))
    assert verdict(trail).broken_at == 3


@pytest.mark.parametrize(("removed", "named"), [(1, 1), (3, 3)])
def test_a_row_that_was_removed_is_named(trail, removed, named):
    around(trail, f"DELETE FROM audit_entry WHERE entry_no = {removed}")
    assert verdict(trail).broken_at == named
    assert "missing" in verdict(trail).reason


def test_rows_cut_off_the_end_show_in_the_last_hash(here):
    before = verdict(here)
    around(here, "DELETE FROM audit_entry WHERE entry_no > 3")
    assert verdict(here).holds
    assert verdict(here).last != before.last


@pytest.mark.parametrize(("place", "named"), [(0, 1), (-7, 1), (6, 6)])
def test_a_row_that_was_slipped_in_is_named(here, place, named):
    columns = "agency_id, at, actor, action, subject, reason, origin, detail, previous, hash"
    around(here, f"INSERT INTO audit_entry (entry_no, {columns}) SELECT {place}, {columns} FROM audit_entry "
                  "WHERE entry_no = 1")  # fmt: skip
    assert verdict(here).broken_at == named


def test_rows_that_changed_places_are_named(trail):
    swap = [(2, 99), (4, 2), (99, 4)]
    around(trail, *(f"UPDATE audit_entry SET entry_no = {new} WHERE entry_no = {old}" for old, new in swap))
    assert verdict(trail).broken_at == 2


@pytest.mark.parametrize(
    "garbage",
    ["detail = '{'", "detail = '{\"n\": NaN}'", "at = 'yesterday'", "agency_id = 'x'", "agency_id = 7", "at = 5"],
)
def test_a_row_that_cannot_even_be_read_is_named(here, garbage):
    around(here, f"UPDATE audit_entry SET {garbage} WHERE entry_no = 4")
    assert verdict().broken_at == 4


@pytest.mark.parametrize(
    "statement", [update(AuditEntry).values(subject="x"), delete(AuditEntry)], ids=["update", "delete"]
)
def test_the_database_refuses_to_change_or_remove(trail, statement):
    with pytest.raises(DBAPIError, match="added, never changed"), transaction(trail) as db:
        db.execute(statement)
    assert verdict(trail).rows == 5


def test_the_database_refuses_to_replace(on_sqlite):
    note("a")
    columns = "agency_id, at, actor, action, subject, reason, origin, detail, previous, hash"
    replace = f"INSERT OR REPLACE INTO audit_entry (entry_no, {columns}) SELECT entry_no, {columns} FROM audit_entry"
    with pytest.raises(DBAPIError, match="added, never changed"), transaction() as db:
        db.execute(text(replace))


@pytest.mark.parametrize("installation", ["postgres"], indirect=True)
def test_the_database_refuses_to_truncate(installation):
    with pytest.raises(DBAPIError, match="added, never changed"), transaction() as db:
        db.execute(text("TRUNCATE audit_entry"))


def test_an_entry_is_rolled_back_with_its_act(installation):
    note("kept")
    with suppress(KeyError), transaction() as db:
        audit.record(db, Act(HERE, "a", "b", "lost"), NOW)
        raise KeyError
    note("next")
    assert (verdict().rows, verdict().holds) == (2, True)


@pytest.mark.parametrize("detail", [{"a": 0.5}, {"a": [1, {"b": 1e16}]}, {"a": (2.0,)}])
def test_a_float_in_a_detail_is_refused_because_not_every_database_keeps_it(on_sqlite, detail):
    with pytest.raises(ValueError, match="no floats"):
        note("x", detail=detail)


def test_writers_at_once_keep_one_chain(installation):
    starts = Barrier(4)

    def write() -> None:
        starts.wait()
        for _ in range(5):
            note("x")

    writers = [Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert (verdict().rows, verdict().holds) == (20, True)


def test_an_agency_reads_its_own_rows_and_the_system_all(installation):
    for subject, agency_id in (("a", HERE), ("b", THERE), ("c", None), ("d", HERE)):
        note(subject, agency_id=agency_id)
    with transaction(reads_only=True) as db:
        assert [entry.subject for entry in audit.newest(db, HERE)] == ["d", "a"]
        assert [entry.subject for entry in audit.newest(db, None)] == ["d", "c", "b", "a"]
        assert [entry.subject for entry in audit.newest(db, None, before=4, limit=2)] == ["c", "b"]
        assert audit.newest(db, HERE, action="other") == []
        assert audit.actions(db, THERE) == ["test.note"]
        assert db.scalar(select(func.count()).select_from(AuditEntry)) == 4
