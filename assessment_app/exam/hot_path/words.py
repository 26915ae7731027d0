"""Which sittings have something new to show: told with every save, so that no page has to ask for it.

The events are read once for all sittings every few seconds, in a thread: what a save says of them costs it nothing.
"""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy import exc

from assessment_app.exam.queries import words
from assessment_app.platform import clock
from assessment_app.platform.db import transaction

log = structlog.get_logger(__name__)

EVERY_S = 3.0


class Newest:
    """The number of the newest thing to show, by sitting, as it was read last. Belongs to one event loop."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._numbers: dict[int, int] = {}
        self._due_s = 0.0

    def of(self, sitting_id: int) -> int:
        """Give the number for a sitting, 0 for none; has it read anew in a thread when it is time for it."""
        if (now_s := clock.ticks()) >= self._due_s:
            self._due_s = now_s + EVERY_S
            asyncio.get_running_loop().run_in_executor(None, self._read)
        return self._numbers.get(sitting_id, 0)

    def _read(self) -> None:
        try:
            with transaction(reads_only=True) as db:
                self._numbers.update(words.lately(db))
        except (exc.OperationalError, exc.TimeoutError) as error:
            log.warning("messages_not_read", reason=type(error).__name__)
