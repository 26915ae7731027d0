"""The queue of waiting saves, and the one thread that takes them all, commits them together, then wakes them.

Why not a transaction per request: a commit costs an fsync, and an fsync costs the same for one save as for sixty. On a
lab's hard disk (15 ms an fsync) that is the difference between 20 and 3,000 durable saves a second. A save is
acknowledged after its commit, never before, and waits as a coroutine: a commit takes all that wait, however many. The
event loop gathers saves for two milliseconds; the thread is woken, and patience timed, for a batch and not for each.
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

APART_S = 0.002
"""Commits begin at least so far apart: what comes meanwhile goes with the next one. Nobody sees two milliseconds, and a
commit of sixty saves costs hardly more than one of four."""

EXIT_WRITER_DIED = 70
"""A process whose writer died acknowledges nothing any more, so it ends and is started anew."""


class Batch:
    """Saves that an event loop hands over together, and what their requests wait for."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin without any."""
        self.loop = loop
        self.saves: list[Save] = []
        self._written: list[asyncio.Future[None]] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(self, save: Save) -> asyncio.Future[None]:
        """Take a save; gives what is done once it is durable."""
        written = self.loop.create_future()
        self.saves.append(save)
        self._written.append(written)
        return written

    def wait(self, patience_s: float) -> None:
        """Give up on what is not written in time."""
        self._timer = self.loop.call_later(patience_s, self._give_up)

    def _give_up(self) -> None:
        for save in self.saves:
            save.rows = ()  # the browser comes back with them: no use in writing them for nobody
            save.failed = "the writer took too long"
        self.settle()

    def settle(self) -> None:
        """Tell every request what became of its save."""
        if self._timer is not None:
            self._timer.cancel()
        for save, written in zip(self.saves, self._written, strict=True):
            if written.done():  # it may have lost its patience
                continue
            if save.failed:
                written.set_exception(SaveFailed(save.failed))
            else:
                written.set_result(None)


class AnswerLog:
    """The queue of waiting saves and the thread that works it off."""

    def __init__(self, writer: Writer, patience_ms: int) -> None:
        """Start the thread; call it after the server has forked its worker, never before."""
        self._writer, self._patience_s = writer, patience_ms / 1000
        self._gathering: dict[int, Batch] = {}  # by thread: each runs one loop at a time
        self._handed: queue.SimpleQueue[Batch] = queue.SimpleQueue()
        self._waiting: set[Save] = set()
        self._handed_s = 0.0
        threading.Thread(target=self._run, name="answer-writer", daemon=True).start()

    @property
    def is_full(self) -> bool:
        """Tell whether so many saves wait that another one had better come back later."""
        return len(self._waiting) >= MOST_WAITING

    async def write(self, save: Save) -> GateRow | None:
        """Hand over a save and wait for its commit; answers the attempt's gate, or nothing if it has none.

        Raises SaveFailed when the commit failed or took longer than the patience. What is written twice stands once.
        """
        written = self._batch(threading.get_ident()).add(save)
        self._waiting.add(save)
        try:
            await written
        finally:
            self._waiting.discard(save)
        return save.gate

    def _batch(self, here: int) -> Batch:
        batch = self._gathering.get(here)
        if batch is None or len(batch.saves) >= MOST_IN_A_COMMIT or not batch.loop.is_running():
            batch = self._gathering[here] = Batch(asyncio.get_running_loop())
            self._handed_s = max(batch.loop.time(), self._handed_s + APART_S)
            batch.loop.call_at(self._handed_s, self._hand_over, here, batch)
        return batch

    def _hand_over(self, here: int, batch: Batch) -> None:
        if self._gathering.get(here) is batch:
            del self._gathering[here]
        batch.wait(self._patience_s)
        self._handed.put(batch)

    def _run(self) -> None:
        try:
            following = None
            while True:
                batches = [following or self._handed.get()]
                following = self._join(batches)
                self._write_together([save for batch in batches for save in batch.saves])
                _wake(batches)
        except BaseException:
            log.exception("answer_writer_died")
            os._exit(EXIT_WRITER_DIED)

    def _join(self, batches: list[Batch]) -> Batch | None:
        """Add the batches that wait as far as one commit takes them; gives the first that it does not."""
        saves = len(batches[0].saves)
        while True:
            try:
                batch = self._handed.get_nowait()
            except queue.Empty:
                return None
            saves += len(batch.saves)
            if saves > MOST_IN_A_COMMIT:
                return batch
            batches.append(batch)

    def _write_together(self, saves: Sequence[Save]) -> None:
        try:
            flushed = self._writer.flush(saves)
        except (sqlite3.Error, psycopg.Error) as error:
            if len(saves) > 1 and not _is_of_the_store(error):  # one bad row must not fail the others: each on its own
                for one in saves:
                    self._write_together([one])
                return
            log.error("answers_not_written", reason=type(error).__name__, saves=len(saves))
            for save in saves:
                save.failed = str(error) or type(error).__name__
            return
        COMMIT_SIZE.observe(len(saves))
        for save in saves:
            save.gate = flushed.gates.get(save.attempt_id)
            save.taken = {row.seq for row in save.rows if row[:3] in flushed.taken} if flushed.taken else ()


def _is_of_the_store(error: Exception) -> bool:
    """Tell whether every save would meet this error: then trying each alone only makes the others wait longer."""
    of_one_gate = isinstance(error, psycopg.errors.LockNotAvailable)
    return isinstance(error, (sqlite3.OperationalError, psycopg.OperationalError)) and not of_one_gate


def _wake(batches: Iterable[Batch]) -> None:
    for loop, on_it in groupby(batches, lambda batch: batch.loop):  # one call for all that wait on the same loop
        with suppress(RuntimeError):  # on a loop that is closed nobody waits any more
            loop.call_soon_threadsafe(_settle, list(on_it))


def _settle(batches: Iterable[Batch]) -> None:
    for batch in batches:
        batch.settle()
