"""A page of the player: from signing in to the receipt (``player.js``, ``section.js``, ``entrance.js``)."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from assessment_app.platform import clock
from assessment_app.rehearsal.participants.behaviour import Step
from assessment_app.rehearsal.participants.courier import Courier
from assessment_app.rehearsal.participants.outbox import Outbox
from assessment_app.rehearsal.participants.refusals import Busy, Closed, Elsewhere, Refused, Unreachable, Unsaved
from assessment_app.rehearsal.participants.wire import API, Browser, delay

if TYPE_CHECKING:
    from assessment_app.rehearsal.participants.person import Computer, Participant

WORKING = ("open", "grace")
LONGEST_MS = 86_400_000
"""The protocol's bound of a moment within a part."""
_uids = itertools.count(1)


def passes(error: Exception) -> bool:
    """Tell whether something passes by itself."""
    return isinstance(error, Unreachable | Busy)


def is_outdated(error: Exception) -> bool:
    """Tell whether the server stands elsewhere than this page thinks, though not at another device."""
    return isinstance(error, Refused) and error.status == 409 and not isinstance(error, Elsewhere)


class Tab:
    """One page in one browser; whatever it knows that is not on the disk goes with it."""

    def __init__(self, person: Participant, computer: Computer) -> None:
        """Open the page on a computer."""
        self._person, self._computer = person, computer
        self._pace, self._chance, self._seen = person.pace, person.chance, person.seen
        self._browser = Browser(person.line)
        computer.browsers.append(self._browser)
        self._sitting: dict[str, Any] = {}
        self._ends_at = 0.0
        self._n: int | None = None

    async def live(self) -> bool:
        """Work until the receipt; gives True. Raises Elsewhere or SignedOut when this token is dead."""
        if not self._computer.token:
            await self._sign_in()
        self._sitting = await self._patiently(lambda: self._call("GET", "/sitting"))
        await self._open_outbox()
        while True:
            try:
                await self._go()
                return True
            except Refused as refused:
                if not is_outdated(refused):
                    raise
            await asyncio.sleep(self._pace.look_again)
            self._sitting = await self._patiently(lambda: self._call("GET", "/sitting"))

    async def _sign_in(self) -> None:
        who = {"nip": self._person.nip, "pin": self._person.pin, "device": self._computer.device}
        said = await self._patiently(lambda: self._call("POST", "/sign-in", who))
        self._computer.token = said["token"]

    async def _open_outbox(self) -> None:
        epoch, acked = self._sitting["epoch"], self._sitting["acked_seq"]
        self._seen.counts_now = False  # this only says that it has arrived
        self._outbox = await Outbox.open(self._computer.disk, epoch, acked, self._seen)
        self._courier = Courier(self._promise, self._outbox, self._pace, self._chance, self._seen)
        self._courier.on_answer = self._hear
        task = asyncio.create_task(self._courier.run())
        self._computer.couriers.add(task)

    async def _go(self) -> None:
        if not self._sitting["consent"]["accepted"]:
            given = {"version": self._sitting["consent"]["version"], "accepted": True}
            await self._patiently(lambda: self._call("POST", "/consent", given))
            self._sitting = await self._patiently(lambda: self._call("GET", "/sitting"))
        while attempt := self._next():
            await self._work(attempt)
        await self._courier.drained()
        said = await self._patiently(lambda: self._call("GET", "/receipt"), lambda e: passes(e) or is_outdated(e))
        self._seen.receipt = said

    def _next(self) -> dict[str, Any] | None:
        attempts: list[dict[str, Any]] = self._sitting["attempts"]
        working = [one for one in attempts if one["state"] in WORKING]
        return next(iter([*working, *(one for one in attempts if one["state"] == "waiting")]), None)

    async def _work(self, attempt: dict[str, Any]) -> None:
        n = attempt["n"]
        if attempt["state"] not in WORKING:
            await asyncio.sleep(self._person.behaviour.pause(n))
        started = await self._patiently(lambda: self._call("POST", f"/attempts/{n}/start"))
        content = await self._patiently(lambda: self._ask("GET", started["content"]))
        self._n, self._ends_at = n, self._now() + started["remaining_ms"] / 1000
        self._courier.attend(n)
        opened = self._now() - (attempt["time_limit_ms"] - started["remaining_ms"]) / 1000
        steps = self._person.behaviour.steps(n, content["items"])
        for number in range(self._person.begins_at(n), len(steps)):
            await asyncio.sleep(min(steps[number].seconds, max(0.0, self._ends_at - self._now())))
            if self._courier.refusal is not None or self._now() >= self._ends_at:
                break
            await self._answer(n, number, steps[number], opened)
        await self._end(n)

    async def _answer(self, n: int, number: int, step: Step, opened: float) -> None:
        uid = next(_uids)
        elapsed_ms = round(1000 * self._pace.speed * (self._now() - opened)) + self._computer.clock_off_ms
        at_ms = min(max(0, elapsed_ms), LONGEST_MS)
        said = {"uid": uid, "item": step.item, "response": step.response, "at_ms": at_ms, "spent_ms": step.spent_ms}
        change = self._outbox.next_change(n, said)
        self._seen.made[uid] = change
        self._person.gave(n, number, uid)
        self._courier.nudge()  # the page sends what waits whether or not the disk has it yet
        await self._outbox.put(change)
        self._seen.kept.add(uid)

    async def _end(self, n: int) -> None:
        """Bring everything to the server and close the attempt."""
        while True:
            try:
                await self._courier.drained()
                self._seen.finish_asked_ms.setdefault(n, round(clock.now().timestamp() * 1000))
                said = await self._patiently(lambda: self._finish(n))
                break
            except Closed:
                said = await self._patiently(lambda: self._call("GET", "/sitting"))
                break
            except Unsaved:
                await asyncio.sleep(self._pace.look_again)
        self._courier.attend(None)
        self._n = None
        self._sitting = said

    async def _finish(self, n: int) -> dict[str, Any]:
        return await self._call("POST", f"/attempts/{n}/finish", {"last_seq": self._outbox.last_seq})

    def _hear(self, answer: dict[str, Any], attempt: int) -> None:
        if attempt == self._n:
            self._ends_at = self._now() + answer["remaining_ms"] / 1000

    async def _promise(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self._call("POST", path, body)
        if not isinstance(answer.get("acked_seq"), int):
            raise Unreachable("an answer without acked_seq promises nothing")
        return answer

    async def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        return await self._ask(method, API + path, body)

    async def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        return await self._browser.ask(method, path, self._computer.token, body, self._pace.limit)

    async def _patiently(
        self, call: Callable[[], Awaitable[dict[str, Any]]], waits_for: Callable[[Exception], bool] = passes
    ) -> dict[str, Any]:
        """Repeat a call until it is answered; only what passes by itself is waited for."""
        for tries in itertools.count(1):
            try:
                return await call()
            except (Unreachable, Refused) as error:
                if not waits_for(error):
                    raise
                wish = getattr(error, "retry_after_s", 0.0)
                await asyncio.sleep(delay(tries, self._pace, self._chance, wish))
        raise AssertionError("never ends")

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
