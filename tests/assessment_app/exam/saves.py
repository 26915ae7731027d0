"""Saves as the answer log takes them, without a sitting behind them."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from sqlalchemy import select

from assessment_app.exam.answer_log.log import AnswerLog
from assessment_app.exam.answer_log.saves import Flushed, GateRow, Row, Save, Writer
from assessment_app.exam.models import AnswerEvent, Gate
from assessment_app.platform.db import ANSWERS, transaction
from tests.loops import on_a_loop

DEADLINE, GRACE = 100_000, 2_000


def open_gate(attempt_id: int = 1, epoch: int = 1, deadline: int = DEADLINE, grace: int = GRACE, closed: bool = False):
    with transaction(ANSWERS) as answers:
        answers.add(Gate(attempt_id=attempt_id, epoch=epoch, deadline_ms=deadline, grace_ms=grace, closed=closed))


def row(seq: int, item: str = "i1", said: str | None = '"p"', *, attempt: int = 1, epoch: int = 1, at: int = 50) -> Row:
    return Row(attempt, epoch, seq, attempt, item, said, 0, 0, at, refused=False)  # type: ignore[arg-type]  # None is poison


def save(*rows: Row) -> Save:
    return Save(rows[0].attempt_id, rows)


def write(log: AnswerLog, saved: Save) -> GateRow | None:
    """Write a save as a request does."""
    return on_a_loop(log.write(saved))


def commit(log: AnswerLog, *saves: Save) -> list[bool]:
    """Let a log write saves in one commit; tells which were acknowledged."""

    log._write_together(saves)
    return [not one.failed for one in saves]


def kept() -> list[tuple]:
    columns = AnswerEvent.attempt_id, AnswerEvent.epoch, AnswerEvent.seq, AnswerEvent.item, AnswerEvent.response
    with transaction(ANSWERS, reads_only=True) as answers:
        return [tuple(one) for one in answers.execute(select(*columns).order_by(*columns))]


def let_go(writer: Writer) -> None:
    """Close a writer's connection, so that no test finds it lying about."""
    if (held := writer._db) is not None:  # type: ignore[attr-defined]  # both writers have one
        held.close()


class Slow:
    """A writer that holds each commit until it is let go."""

    def __init__(self) -> None:
        """Begin with the gate shut."""
        self.begun, self.go, self.commits = threading.Event(), threading.Event(), list[list[int]]()

    def flush(self, saves: Sequence[Save]) -> Flushed:
        """Wait until somebody lets go, then take down the seqs."""
        self.begun.set()
        self.go.wait()
        self.commits.append([row.seq for one in saves for row in one.rows])
        return Flushed({}, ())
