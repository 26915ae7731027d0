"""The queue of waiting saves, and the one thread that takes them all, commits them together, then wakes them.

Why not a transaction per request: a commit costs an fsync, and an fsync costs the same for one save as for sixty. On a
lab's hard disk (15 ms an fsync) that is the difference between 20 and 3,000 durable saves a second. A save is
acknowledged after its commit, never before, and waits as a coroutine: a commit takes all that wait, however many.
"""

from __future__ import annotations

import asyncio
import os
import queue
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import groupby

import psycopg
import structlog

from assessment_app.exam.answer_log.saves import GateRow, Save, SaveFailed, Writer
from assessment_app.platform.observe import COMMIT_SIZE

log = structlog.get_logger(__name__)

MOST_IN_A_COMMIT = 256
MOST_WAITING = 4096
"""Beyond this the server sheds load (503) before it slows everyone down."""

EXIT_WRITER_DIED = 70
"""A process whose writer died acknowledges nothing any more, so it ends and is started anew."""

Waiting = tuple[Save, asyncio.Future[None]]
"""A save in the queue, and what its request waits for."""


class AnswerLog:
    """The queue of waiting saves and the thread that works it off."""

    def __init__(self, writer: Writer, patience_ms: int) -> None:
        """Start the thread; call it after the server has forked its worker, never before."""
        self._writer, self._patience = writer, patience_ms / 1000
        self._waiting: queue.SimpleQueue[Waiting] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="answer-writer", daemon=True).start()

    @property
    def is_full(self) -> bool:
        """Tell whether so many saves wait that another one had better come back later."""
        return self._waiting.qsize() >= MOST_WAITING

    async def write(self, save: Save) -> GateRow | None:
        """Hand over a save and wait for its commit; answers the attempt's gate, or nothing if it has none.

        Raises SaveFailed when the commit failed or took longer than the patience. What is written twice stands once.
        """
        written = asyncio.get_running_loop().create_future()
        self._waiting.put((save, written))
        try:
            async with asyncio.timeout(self._patience):
                await written
        except TimeoutError:
            save.rows = ()  # the browser comes back with them: no use in writing them for nobody
            raise SaveFailed("the writer took too long") from None
        return save.gate

    def _run(self) -> None:
        try:
            while True:
                self._write_together([self._waiting.get(), *self._drain()])
        except BaseException:
            log.exception("answer_writer_died")
            os._exit(EXIT_WRITER_DIED)

    def _drain(self) -> Iterable[Waiting]:
        for _ in range(MOST_IN_A_COMMIT - 1):
            try:
                yield self._waiting.get_nowait()
            except queue.Empty:
                return

    def _write_together(self, waiting: Sequence[Waiting]) -> None:
        saves = [save for save, _written in waiting]
        try:
            flushed = self._writer.flush(saves)
        except (sqlite3.Error, psycopg.Error) as error:
            if len(saves) > 1 and not _is_of_the_store(error):  # one bad row must not fail the others: each on its own
                for one in waiting:
                    self._write_together([one])
            else:
                log.error("answers_not_written", reason=type(error).__name__, saves=len(saves))
                _wake(waiting, error)
            return
        COMMIT_SIZE.observe(len(saves))
        for save in saves:
            save.gate = flushed.gates.get(save.attempt_id)
            save.taken = {row.seq for row in save.rows if row[:3] in flushed.taken} if flushed.taken else ()
        _wake(waiting, None)


def _is_of_the_store(error: Exception) -> bool:
    """Tell whether every save would meet this error: then trying each alone only makes the others wait longer."""
    of_one_gate = isinstance(error, psycopg.errors.LockNotAvailable)
    return isinstance(error, (sqlite3.OperationalError, psycopg.OperationalError)) and not of_one_gate


def _wake(waiting: Sequence[Waiting], error: Exception | None) -> None:
    for loop, on_it in groupby(waiting, lambda one: one[1].get_loop()):  # one call for all that wait on the same loop
        with suppress(RuntimeError):  # on a loop that is closed nobody waits any more
            loop.call_soon_threadsafe(_settle, list(on_it), error)


def _settle(waiting: Sequence[Waiting], error: Exception | None) -> None:
    for _save, written in waiting:
        if not written.done():  # it may have lost its patience
            written.set_result(None) if error is None else written.set_exception(SaveFailed(str(error)))
