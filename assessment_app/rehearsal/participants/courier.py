"""Carries changes from the outbox to the server, one request at a time and in order (``courier.js``)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any

from assessment_app.rehearsal.participants.outbox import BATCH_LIMIT, Outbox, on_the_wire
from assessment_app.rehearsal.participants.refusals import Busy, Closed, Refused, Unreachable
from assessment_app.rehearsal.participants.wire import Pace, delay
from assessment_app.rehearsal.rules.witness import Record, Said, Witnessed

ABOUT_THE_BATCH = (400, 404, 413, 422)
"""Statuses that blame what was sent, not who or when."""

Promise = Callable[[str, dict[str, Any]], Any]
"""Sends a call that answers with ``acked_seq``."""


class Courier:
    """One page's way to the server."""

    def __init__(self, promise: Promise, outbox: Outbox, pace: Pace, chance: Random, seen: Witnessed) -> None:
        """``promise`` posts a body to an address of the protocol."""
        self._promise, self._outbox, self._pace, self._chance, self._seen = promise, outbox, pace, chance, seen
        self._attempt: int | None = None
        self.on_answer: Callable[[dict[str, Any], int], None] = lambda _answer, _attempt: None
        self.refusal: Refused | None = None
        """What cannot be settled by waiting."""
        self._changed = asyncio.Condition()
        self._nudged = asyncio.Event()
        self._goes = asyncio.Event()
        self._goes.set()
        self._tries, self._limit = 0, BATCH_LIMIT
        self._sent_at = asyncio.get_running_loop().time()

    def attend(self, attempt: int | None) -> None:
        """Beat the heart for this attempt, or for none. What was stopped goes on with a new attempt."""
        self._attempt = attempt
        if attempt is not None:
            self._goes.set()

    def nudge(self) -> None:
        """Hear that something was put into the outbox. While the server is silent the next try is already set."""
        if self._tries == 0:
            self._nudged.set()

    async def drained(self) -> None:
        """Wait until nothing waits any more; raises what cannot be settled by waiting."""
        self.nudge()
        async with self._changed:
            await self._changed.wait_for(lambda: self._outbox.size == 0 or self.refusal is not None)
        self.check()

    def check(self) -> None:
        """Raise what cannot be settled by waiting, once."""
        found, self.refusal = self.refusal, None
        if found is not None:
            raise found

    async def run(self) -> None:
        """Carry, beat and wait for as long as the page is open."""
        while True:
            await self._goes.wait()
            pause = await self._turn()
            async with self._changed:
                self._changed.notify_all()
            await self._wait(pause)

    async def _wait(self, pause: float | None) -> None:
        """Wait for the time of the next try, or for a nudge and whatever else is done in the same breath."""
        if pause is not None:
            await asyncio.sleep(pause)
        elif self._outbox.size == 0:
            try:
                async with asyncio.timeout(self._pace.heartbeat):  # wait_for of Python 3.11 can swallow a cancellation
                    await self._nudged.wait()
                await asyncio.sleep(self._pace.gather)
            except TimeoutError:
                pass
        self._nudged.clear()

    async def _turn(self) -> float | None:
        batch = self._outbox.batch(self._limit)
        try:
            if batch:
                await self._deliver(*batch)
            elif self._attempt is not None and self._now() - self._sent_at >= self._pace.heartbeat:
                await self._beat(self._attempt)
        except (Unreachable, Busy) as error:
            self._tries += 1
            wish = error.retry_after_s if isinstance(error, Busy) else 0.0
            return delay(self._tries, self._pace, self._chance, wish)
        except Refused as refused:
            self._heard()
            await self._settle(refused, batch)
        return None

    async def _deliver(self, attempt: int, changes: list[Record]) -> None:
        self._seen.sent.update(Said.of(change) for change in changes)
        body = {"attempt": attempt, "epoch": self._outbox.epoch, "changes": [on_the_wire(one) for one in changes]}
        answer = await self._promise("/answers", body)
        await self._outbox.refuse(answer.get("rejected", []))
        await self._take(answer, attempt)

    async def _beat(self, attempt: int) -> None:
        answer = await self._promise("/heartbeat", {"attempt": attempt, "epoch": self._outbox.epoch, "focus_lost": 0})
        await self._take(answer, attempt)

    async def _take(self, answer: dict[str, Any], attempt: int) -> None:
        self._seen.counts_now = "aside" not in answer["notices"]
        await self._outbox.ack(answer["acked_seq"])
        self._heard()
        self.on_answer(answer, attempt)

    def _heard(self) -> None:
        self._tries, self._sent_at = 0, self._now()
        if self._outbox.size == 0:
            self._limit = BATCH_LIMIT

    async def _settle(self, refused: Refused, batch: tuple[int, list[Record]] | None) -> None:
        """Put aside what is wrong with a change; leave the rest to others. One change may spoil its whole batch."""
        is_closed = isinstance(refused, Closed)
        is_about_the_batch = is_closed or refused.status in ABOUT_THE_BATCH
        if batch and is_about_the_batch:
            changes = batch[1]
            if is_closed or len(changes) == 1:
                await self._outbox.refuse([{"seq": one["seq"], "reason": refused.slug} for one in changes])
            else:
                self._limit = len(changes) // 2
        if not is_about_the_batch:
            self._goes.clear()
        if is_closed or not is_about_the_batch:
            self.refusal = refused

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
