"""When each sitting was heard of last: what tells a proctor that a computer is cut off.

Every save and every heartbeat is a contact. They are gathered on the event loop and written down every few seconds,
many at once: a write for each would double what a save costs. What a killed process had not written comes again within
half a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from sqlalchemy import exc

from assessment_app.exam.models import SittingContact
from assessment_app.platform import clock
from assessment_app.platform.db import insert_of, transaction

log = structlog.get_logger(__name__)

EVERY_S = 5.0
AT_ONCE = 500
"""Rows of a transaction: others wait for the store meanwhile, but no save, which has a file of its own."""


class Contacts:
    """Who was heard of since it was last written down. Belongs to one event loop."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._heard: dict[int, int] = {}
        self._due_s = 0.0

    def hear(self, sitting_id: int, at_ms: int) -> None:
        """Take a contact; hands over to a thread what was gathered when it is time for it.

        No timer does so later: what is written lags by some seconds when everybody falls silent at once.
        """
        self._heard[sitting_id] = at_ms
        if (now_s := clock.ticks()) >= self._due_s:  # not the clock of the wall: somebody may set it back a day
            self._due_s = now_s + EVERY_S
            heard, self._heard = self._heard, {}
            asyncio.get_running_loop().run_in_executor(None, write, heard)


def write(heard: Mapping[int, int]) -> None:
    """Write down by sitting when it was heard of; what the store does not take now, the next contact tells again."""
    in_order = sorted(heard.items())  # so that two processes never wait for each other in a ring
    try:
        for begin in range(0, len(in_order), AT_ONCE):
            rows = [{"sitting_id": name, "heard_ms": at_ms} for name, at_ms in in_order[begin : begin + AT_ONCE]]
            with transaction() as db:
                added = insert_of(db)(SittingContact)
                db.execute(
                    added.on_conflict_do_update(
                        index_elements=["sitting_id"], set_={"heard_ms": added.excluded.heard_ms}
                    ),
                    rows,
                )
    except (exc.OperationalError, exc.TimeoutError) as error:
        log.warning("contacts_not_written", reason=type(error).__name__, sittings=len(heard))
