"""One transaction, both databases, and nothing that was not given."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from threading import Thread

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from assessment_app.platform import clock, db
from assessment_app.platform.db import ANSWERS, EXAM, VAULT, StoreError, transaction
from assessment_app.platform.queue import Duty


def duties() -> list[str]:
    with transaction(reads_only=True) as store:
        return [one.name for one in store.query(Duty).order_by(Duty.name)]


def test_what_is_written_stays(installation):
    with transaction() as store:
        store.add(Duty(name="a", due=clock.now()))
    assert duties() == ["a"]


def test_what_raises_leaves_nothing(installation):
    with suppress(KeyError), transaction() as store:
        store.add(Duty(name="a", due=clock.now()))
        store.flush()
        raise KeyError
    assert duties() == []


@pytest.mark.parametrize("store", [EXAM, ANSWERS, VAULT])
def test_a_reading_transaction_refuses_to_write(installation, store):
    table = inspect(db.engine_of(store)).get_table_names()[0]
    for _ in range(2):
        with pytest.raises(DBAPIError, match=r"read-?only"), transaction(store, reads_only=True) as reader:
            reader.execute(text(f"DELETE FROM {table}"))


def test_after_reading_the_same_connection_writes_again(installation):
    for name in ("a", "b"):
        assert name not in duties()
        with transaction() as store:
            store.add(Duty(name=name, due=clock.now()))


def test_a_moment_without_a_zone_is_refused(installation):
    with pytest.raises(StatementError, match="needs a time zone"), transaction() as store:
        store.add(Duty(name="a", due=datetime(2026, 11, 23)))  # noqa: DTZ001 - the naive one is what is tested


def test_a_row_that_points_nowhere_is_refused(installation):
    wrong = "INSERT INTO staff_role (account_id, role) VALUES ('00000000000000000000000000000001', 'auditor')"
    with pytest.raises(IntegrityError), transaction() as store:
        store.execute(text(wrong))


def test_a_new_row_is_new_once(installation):
    for is_new in (True, False):
        with transaction() as store:
            assert db.insert_new(store, Duty, name="a", due=clock.now()) is is_new


def test_a_process_without_the_vault_cannot_open_it(installation):
    db.disconnect()
    db.connect(installation.stores, [EXAM])
    with pytest.raises(StoreError, match="does not open the store 'vault'"), transaction(VAULT):
        pass


def test_a_store_that_was_not_given_is_named():
    with pytest.raises(StoreError, match="PRO_ASN_VAULT_URL"):
        db.connect({}, [VAULT])


def test_an_error_of_the_database_does_not_tell_what_was_to_be_written(installation):
    row = text("INSERT INTO duty (name, due) VALUES ('a', :due)"), {"due": "2026-01-01"}
    with transaction() as store:
        store.execute(*row)
    with pytest.raises(IntegrityError) as refused, transaction() as store:
        store.execute(*row)
    assert "2026-01-01" not in str(refused.value)


def test_readers_do_not_wait_for_a_writer(installation):
    with transaction() as writer:
        writer.add(Duty(name="a", due=clock.now()))
        writer.flush()
        assert duties() == []


def test_more_threads_than_a_pool_has_places_read_at_once(on_sqlite):
    readers = [transaction(reads_only=True) for _ in range(40)]
    for reader in readers:
        reader.__enter__().execute(text("SELECT 1 FROM duty"))
    for reader in readers:
        reader.__exit__(None, None, None)


def test_a_thread_that_may_not_write_yet_gives_up_after_its_patience_and_leaves_the_file_to_others(
    on_sqlite, monkeypatch
):
    monkeypatch.setattr(db, "PATIENCE_S", 0.05)
    refused = []

    def write() -> None:
        try:
            with transaction() as session:
                session.execute(text("SELECT 1"))
        except PoolTimeout as error:
            refused.append(str(error))

    with transaction(), transaction(ANSWERS):  # another file has turns of its own
        other = Thread(target=write)
        other.start()
        other.join()
    write()
    assert refused == ["The exam store is being written to by others."]


def test_writers_of_a_file_that_come_together_all_get_their_turn(on_sqlite):
    def write(number: int) -> None:
        with transaction() as session:
            session.add(Duty(name=f"turn-{number}", due=clock.now()))

    threads = [Thread(target=write, args=(number,)) for number in range(24)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert duties() == sorted(f"turn-{number}" for number in range(24))
