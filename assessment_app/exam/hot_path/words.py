"""Which sittings have something new to show: told with every save, so that no page has to ask for it.

The events are read once for all sittings every few seconds, in a thread, for as long as anybody asks: what a save says
of them costs it nothing, and who asks seldom hears nothing old.
"""

from __future__ import annotations

import asyncio
from math import inf

import structlog
from sqlalchemy import exc

from assessment_app.exam.queries import held, words
from assessment_app.platform import clock
from assessment_app.platform.db import transaction

log = structlog.get_logger(__name__)

EVERY_S = 3.0

ASKED_WITHIN_S = 900.0
"""So long after the last question it is read on: of several processes one hears a lone page only now and then."""

PATIENCE_S = 1.0

NOTHING = held.Marks()


class Newest:
    """The number of the newest thing to show, by sitting, as it was read last. Belongs to one event loop."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._numbers: dict[int, int] = {}
        self._marks: dict[int, held.Marks] = {}
        self._asked_s = self._due_s = 0.0
        self._read_s = -inf
        self._reading: asyncio.Future[None] | None = None
        self._next: asyncio.TimerHandle | None = None

    def of(self, sitting_id: int) -> int:
        """Give the number for a sitting, 0 for none, as it was some seconds ago; has it read where nobody does."""
        self._asked_s = clock.ticks()
        if self._asked_s >= self._due_s:
            self._read_on()
        return self._numbers.get(sitting_id, 0)

    async def lately(self, sitting_id: int) -> int:
        """Give the same, after the reading where the last one is old: whoever asks but twice a minute has the time."""
        number = self.of(sitting_id)
        if self._asked_s - self._read_s < 2 * EVERY_S or self._reading is None or self._reading.done():
            return number
        await asyncio.wait((self._reading,), timeout=PATIENCE_S)
        return self._numbers.get(sitting_id, 0)

    def held(self, sitting_id: int) -> str:
        """Say how a proctor holds a sitting, as far as it was read; empty while none does."""
        return self._marks.get(sitting_id, NOTHING).held

    def _read_on(self) -> None:
        self._due_s = clock.ticks() + 2 * EVERY_S  # nobody has to begin again before the timer does
        loop = asyncio.get_running_loop()
        if self._next is not None:
            self._next.cancel()
        self._next = loop.call_later(EVERY_S, self._go_on)
        if self._reading is None or self._reading.done():  # a store that hangs is not asked twice
            self._reading = loop.run_in_executor(None, self._read)

    def _go_on(self) -> None:
        if clock.ticks() - self._asked_s < ASKED_WITHIN_S:
            self._read_on()

    def _read(self) -> None:
        try:
            with transaction(reads_only=True) as db:
                self._numbers.update(words.lately(db))
                marks = held.lately(db)
            self._marks |= {name: one.with_later(self._marks.get(name, NOTHING)) for name, one in marks.items()}
            self._read_s = clock.ticks()
        except (exc.OperationalError, exc.TimeoutError) as error:
            log.warning("messages_not_read", reason=type(error).__name__)
