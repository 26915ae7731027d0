"""The writers of the answer log, on both stores: what stands in the log, and what is told about it."""

from __future__ import annotations

import asyncio
import threading
import time

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from assessment_app.exam import rules
from assessment_app.exam.answer_log import log as answer_log
from assessment_app.exam.answer_log.log import AnswerLog
from assessment_app.exam.answer_log.saves import GateRow, SaveFailed
from assessment_app.exam.answer_log.writers import writer_for
from assessment_app.exam.models import AnswerEvent, Gate
from assessment_app.platform.db import ANSWERS, transaction
from tests.assessment_app.exam.saves import (
    DEADLINE,
    GRACE,
    Slow,
    commit,
    kept,
    let_go,
    open_gate,
    row,
    save,
    write,
)
from tests.loops import on_a_loop


@pytest.fixture
def writer(installation):
    made = writer_for(installation.stores[ANSWERS])
    yield made
    let_go(made)


@pytest.fixture
def log(writer):
    return AnswerLog(writer, patience_ms=3000)


def test_a_save_says_what_the_gate_says(writer):
    open_gate()
    assert writer.flush([save(row(1))]).gates == {1: GateRow(1, 1, DEADLINE, GRACE, False)}


def test_a_save_that_arrives_twice_stands_once(writer):
    open_gate()
    for _ in range(2):
        assert writer.flush([save(row(1), row(2, "i2"))]).taken in ([], ())
    assert kept() == [(1, 1, 1, "i1", '"p"'), (1, 1, 2, "i2", '"p"')]


def test_the_same_change_twice_in_one_commit_stands_once(writer):
    open_gate()
    assert not writer.flush([save(row(1)), save(row(1))]).taken
    assert len(kept()) == 1


@pytest.mark.parametrize("many", [2, 63, 64, 127, 256])
def test_however_many_changes_a_commit_has_each_stands_once_and_what_was_taken_is_told(writer, many):
    open_gate()
    writer.flush([save(row(many, "another"))])
    told = writer.flush([save(row(seq)) for seq in range(1, many + 1)])
    assert list(told.taken) == [(1, 1, many)]
    assert [(seq, item) for _, _, seq, item, _ in kept()] == [(n, "i1") for n in range(1, many)] + [(many, "another")]


def test_changes_are_kept_in_whatever_order_they_arrive(writer):
    open_gate()
    writer.flush([save(row(3), row(1))])
    writer.flush([save(row(2))])
    assert [seq for _, _, seq, _, _ in kept()] == [1, 2, 3]


def test_a_seq_that_stands_for_another_change_is_told_and_not_overwritten(writer):
    open_gate()
    writer.flush([save(row(1, said='"p"'))])
    flushed = writer.flush([save(row(1, said='"q"'), row(2))])
    assert [tuple(name) for name in flushed.taken] == [(1, 1, 1)]
    assert kept() == [(1, 1, 1, "i1", '"p"'), (1, 1, 2, "i1", '"p"')]


def test_a_seq_that_is_used_twice_in_one_batch_is_told(writer):
    open_gate()
    assert [tuple(name) for name in writer.flush([save(row(1, "i1"), row(1, "i2"))]).taken] == [(1, 1, 1)]


@pytest.mark.parametrize("epoch", [1, 3])
def test_another_epoch_writes_nothing(writer, epoch):
    open_gate(epoch=2)
    writer.flush([save(row(1, epoch=epoch))])
    assert kept() == []


def test_without_a_gate_nothing_is_written(writer):
    assert writer.flush([save(row(1))]).gates == {}
    assert kept() == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    received=st.integers(0, 10) | st.integers(2**41, 2**41 + 10), deadline=st.integers(0, 10), grace=st.integers(0, 5),
    closed=st.booleans(), refused=st.booleans(), number=st.integers(1, 10**12),
)  # fmt: skip
def test_the_statement_says_what_the_rule_says(writer, received, deadline, grace, closed, refused, number):
    attempt = number
    with transaction(ANSWERS) as answers:
        answers.merge(Gate(attempt_id=attempt, epoch=1, deadline_ms=deadline, grace_ms=grace, closed=closed))
        seq = 1 + (answers.scalar(select(AnswerEvent.seq).order_by(AnswerEvent.seq.desc()).limit(1)) or 0)
    writer.flush([save(row(seq, attempt=attempt, at=received)._replace(refused=refused))])
    said = rules.standing(received, deadline, grace, closed=closed)
    with transaction(ANSWERS, reads_only=True) as answers:
        event = answers.get_one(AnswerEvent, (attempt, 1, seq))
        assert event.standing == (rules.Standing.REFUSED if refused else said)


def test_saves_of_many_sittings_are_written_together(writer):
    for attempt in (1, 2, 3):
        open_gate(attempt)
    gates = writer.flush([save(row(1, attempt=attempt)) for attempt in (1, 2, 3)]).gates
    assert sorted(gates) == [1, 2, 3]
    assert len(kept()) == 3


def test_an_acknowledged_save_is_committed(log):
    open_gate()
    write(log, save(row(1)))
    assert len(kept()) == 1


def test_many_threads_lose_nothing(log):
    open_gate()
    threads = [threading.Thread(target=lambda seq=seq: write(log, save(row(seq)))) for seq in range(1, 101)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [seq for _, _, seq, _, _ in kept()] == list(range(1, 101))


def test_a_writer_is_told_which_of_its_own_changes_were_not_saved(log):
    open_gate(1)
    open_gate(2)
    write(log, save(row(1)))
    mine, another = save(row(1, said='"q"')), save(row(1, attempt=2, said='"q"'))
    write(log, mine)
    write(log, another)
    assert (set(mine.taken), set(another.taken)) == ({1}, set())


def test_a_poisoned_row_does_not_fail_its_batch(writer):
    open_gate(1)
    open_gate(2)
    poisoned, sound = save(row(1, said=None)), save(row(1, attempt=2))  # the column takes no null
    assert commit(AnswerLog(writer, patience_ms=3000), poisoned, sound) == [False, True]
    assert kept() == [(2, 1, 1, "i1", '"p"')]


def test_no_save_is_acknowledged_before_its_commit():
    slow = Slow()
    patient, told = AnswerLog(slow, patience_ms=5000), []
    saving = threading.Thread(target=lambda: told.append(write(patient, save(row(1)))))
    saving.start()
    saving.join(0.2)
    assert told == []
    slow.go.set()
    saving.join(5)
    assert (told, slow.commits) == ([None], [[1]])


def test_a_save_that_takes_too_long_fails_and_is_not_written_for_nobody():
    slow = Slow()
    impatient = AnswerLog(slow, patience_ms=100)
    with pytest.raises(SaveFailed):
        write(impatient, save(row(1)))
    with pytest.raises(SaveFailed):
        write(impatient, save(row(2)))
    slow.go.set()
    until = time.monotonic() + 5
    while len(slow.commits) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert slow.commits[1] == []


class Away:
    """A store that is away, and counts how often somebody tried."""

    tries = 0

    def flush(self, saves):
        self.tries += 1
        raise psycopg.OperationalError("gone")


def test_a_store_that_is_away_is_tried_once_for_all_who_wait():
    away = Away()
    patient = AnswerLog(away, patience_ms=3000)
    assert commit(patient, *(save(row(seq)) for seq in range(1, 60))) == [False] * 59
    assert away.tries == 1


def test_the_queue_is_full_when_too_many_wait(monkeypatch):
    monkeypatch.setattr(answer_log, "MOST_WAITING", 2)
    slow = Slow()
    patient, told = AnswerLog(slow, patience_ms=60_000), list[bool]()

    async def crowd():
        waiting = [asyncio.create_task(patient.write(save(row(1))))]
        await asyncio.to_thread(slow.begun.wait)
        told.append(patient.is_full)
        waiting += [asyncio.create_task(patient.write(save(row(seq)))) for seq in (2, 3)]
        await asyncio.sleep(0)
        told.append(patient.is_full)
        slow.go.set()
        await asyncio.gather(*waiting)

    on_a_loop(crowd())
    assert ([*told, patient.is_full], slow.commits) == ([False, True, False], [[1], [2, 3]])
