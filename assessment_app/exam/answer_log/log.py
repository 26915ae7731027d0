"""The queue of waiting saves, and the one thread that takes them all, commits them together, then wakes them.

Why not a transaction per request: a commit costs an fsync, and an fsync costs the same for one save as for sixty. On a
lab's hard disk (15 ms an fsync) that is the difference between 20 and 3,000 durable saves a second. A save is
acknowledged after its commit, never before, and waits as a coroutine: a commit takes all that wait, however many. What
the thread is woken for and what is timed is a turn of the event loop with all its saves, not each save.
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


class Turn:
    """The saves that came in one turn of an event loop, and what their requests wait for."""

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
        self._gathering: dict[int, Turn] = {}  # by thread: each runs one loop at a time
        self._handed: queue.SimpleQueue[Turn] = queue.SimpleQueue()
        self._waiting: set[Save] = set()
        threading.Thread(target=self._run, name="answer-writer", daemon=True).start()

    @property
    def is_full(self) -> bool:
        """Tell whether so many saves wait that another one had better come back later."""
        return len(self._waiting) >= MOST_WAITING

    async def write(self, save: Save) -> GateRow | None:
        """Hand over a save and wait for its commit; answers the attempt's gate, or nothing if it has none.

        Raises SaveFailed when the commit failed or took longer than the patience. What is written twice stands once.
        """
        written = self._turn(threading.get_ident()).add(save)
        self._waiting.add(save)
        try:
            await written
        finally:
            self._waiting.discard(save)
        return save.gate

    def _turn(self, here: int) -> Turn:
        turn = self._gathering.get(here)
        if turn is None or len(turn.saves) >= MOST_IN_A_COMMIT or not turn.loop.is_running():
            turn = self._gathering[here] = Turn(asyncio.get_running_loop())
            turn.loop.call_soon(self._hand_over, here, turn)
        return turn

    def _hand_over(self, here: int, turn: Turn) -> None:
        if self._gathering.get(here) is turn:
            del self._gathering[here]
        turn.wait(self._patience_s)
        self._handed.put(turn)

    def _run(self) -> None:
        try:
            following = None
            while True:
                turns = [following or self._handed.get()]
                following = self._join(turns)
                self._write_together([save for turn in turns for save in turn.saves])
                _wake(turns)
        except BaseException:
            log.exception("answer_writer_died")
            os._exit(EXIT_WRITER_DIED)

    def _join(self, turns: list[Turn]) -> Turn | None:
        """Add the turns that wait as far as one commit takes them; gives the first that it does not."""
        saves = len(turns[0].saves)
        while True:
            try:
                turn = self._handed.get_nowait()
            except queue.Empty:
                return None
            saves += len(turn.saves)
            if saves > MOST_IN_A_COMMIT:
                return turn
            turns.append(turn)

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


def _wake(turns: Iterable[Turn]) -> None:
    for loop, on_it in groupby(turns, lambda turn: turn.loop):  # one call for all that wait on the same loop
        with suppress(RuntimeError):  # on a loop that is closed nobody waits any more
            loop.call_soon_threadsafe(_settle, list(on_it))


def _settle(turns: Iterable[Turn]) -> None:
    for turn in turns:
        turn.settle()
