"""How long something may take, for many that wait on one event loop: one timer for them all, set for the oldest.

Why not ``asyncio.timeout``: it makes and ends a timer for each, and for a call of a tenth of a millisecond that is a
large part of its cost.
"""

from __future__ import annotations

import asyncio
from typing import Any, Protocol


class Ending(Protocol):
    """What can be waited for, and ended from outside."""

    def cancel(self) -> Any:
        """End it: whoever waits for it meets CancelledError."""


class Patience:
    """What waits, since when, and its end when it takes too long."""

    def __init__(self, seconds: float) -> None:
        """Take how long each may take."""
        self._seconds = seconds
        self._since: dict[Ending, float] = {}  # the oldest first
        self._looks = False

    def begin(self, one: Ending, loop: asyncio.AbstractEventLoop) -> None:
        """Let something have its time from now on."""
        self._since[one] = now = loop.time()
        if not self._looks:
            self._look_at(now + self._seconds, loop)

    def __contains__(self, one: Ending) -> bool:
        """Tell whether something has time left."""
        return one in self._since

    def end(self, one: Ending) -> None:
        """Forget what is over."""
        self._since.pop(one, None)

    def _look_at(self, when: float, loop: asyncio.AbstractEventLoop) -> None:
        self._looks = True
        loop.call_at(when, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looks = False
        while self._since:
            one, since = next(iter(self._since.items()))
            if since + self._seconds > loop.time():
                self._look_at(since + self._seconds, loop)
                return
            del self._since[one]
            one.cancel()
