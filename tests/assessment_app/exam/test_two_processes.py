"""Two exam processes on one database: what one acknowledges, the other's writer and closing cannot undo."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, update

from assessment_app.exam.answer_log.writers import PostgresWriter
from assessment_app.exam.models import AnswerEvent, Gate
from assessment_app.platform.db import ANSWERS, transaction
from tests import stores
from tests.assessment_app.exam.saves import let_go, open_gate, row, save
from tests.journeys.platform import wait_until

SITTINGS, SEQS = 8, 400


@pytest.fixture
def url(postgres, tmp_path):
    with stores.postgres_urls(postgres) as urls, stores.opened(tmp_path, urls) as chosen:
        yield chosen.stores[ANSWERS]


class Process:
    """One exam process's writer: it gets every save, as when nginx gave a request to it that another one had."""

    def __init__(self, url: str, order: list[int]) -> None:
        self.writer, self.order = PostgresWriter(url), order
        self.acked: set[tuple[int, int]] = set()

    def work(self) -> None:
        for seq in range(1, SEQS):
            saves = [save(row(seq, attempt=attempt)) for attempt in self.order]
            self.writer.flush(saves)  # never a ring: rows are written in one order, whatever order they came in
            self.acked |= {(attempt, seq) for attempt in self.order}


def close(attempt: int) -> set[int]:
    """Close a gate as the exam does, and give the seqs that its sheet is folded from."""
    counts = select(AnswerEvent.seq).where(AnswerEvent.attempt_id == attempt, AnswerEvent.standing == 0)
    with transaction(ANSWERS) as answers:
        answers.get(Gate, attempt, with_for_update=True)
        answers.execute(update(Gate).where(Gate.attempt_id == attempt).values(closed=True))
        return set(answers.scalars(counts))


def test_every_acknowledged_answer_is_in_the_log_once_and_none_counts_after_the_closing(url):
    for attempt in range(1, SITTINGS + 1):
        open_gate(attempt)
    orders = (list(range(1, SITTINGS + 1)), list(range(SITTINGS, 0, -1)))
    processes = [Process(url, order) for order in orders]
    threads = [threading.Thread(target=one.work) for one in processes]
    for thread in threads:
        thread.start()
    folded = {}
    for attempt in range(1, SITTINGS + 1):
        wait_until("saves under way", 30, lambda n=attempt: len(processes[0].acked) > n * SITTINGS * 30)
        folded[attempt] = close(attempt)
    for thread in threads:
        thread.join()
    with transaction(ANSWERS, reads_only=True) as answers:
        rows = answers.execute(select(AnswerEvent.attempt_id, AnswerEvent.seq, AnswerEvent.standing)).all()
    kept = {(attempt, seq) for attempt, seq, _standing in rows}
    for one in processes:
        let_go(one.writer)
        assert one.acked == {(attempt, seq) for attempt in range(1, SITTINGS + 1) for seq in range(1, SEQS)}
        assert one.acked <= kept
    assert len(rows) == len(kept) == SITTINGS * (SEQS - 1)
    counting = {attempt: {seq for a, seq, standing in rows if a == attempt and standing == 0} for attempt in folded}
    assert counting == folded, "an answer that was acknowledged as counting is not on its sheet"
