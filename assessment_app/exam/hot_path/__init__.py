"""The calls that every browser makes all the time, answered before Flask's dispatch.

Why this looks different from the rest of the house: a save through Flask's dispatch, session and hooks costs several
times the save itself, and in an exam nothing else is as frequent or as urgent. So saves, heartbeats and content are
answered here, by coroutines on the server's event loop: one signed token, one decode, one hand-over to the writer.
What is decided inside the save's transaction (deadline, epoch, closed) stands in ``answer_log``. All other calls go on
to Flask. Nothing here may wait for a store on the loop itself: what has to be read is read in a thread, once.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import NamedTuple
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec
import structlog
from flask import Flask
from sqlalchemy import exc

from assessment_app.exam import actions, rules
from assessment_app.exam.actions import events
from assessment_app.exam.answer_log.log import AnswerLog
from assessment_app.exam.answer_log.saves import GateRow, Row, Save, SaveFailed
from assessment_app.exam.hot_path.contacts import Contacts
from assessment_app.exam.hot_path.words import Newest
from assessment_app.exam.messages import MOST_BYTES, SEQ_TAKEN, AnswerBatch, Heartbeat, Rejected, Saved, parse, stamp
from assessment_app.exam.messages.words import NewestMessage
from assessment_app.exam.models import Gate
from assessment_app.exam.queries import facts, saved, views
from assessment_app.exam.refusals import Locked, NotStarted, SittingElsewhere
from assessment_app.platform import clock, rate
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.errors import Busy, NotFound, NotSignedIn, Refusal
from assessment_app.platform.gateway import Answered, Asked, Handler, Headers, body_length, refused
from assessment_app.platform.memory import Memory
from assessment_app.platform.observe import SAVES
from item_bank import presentation

log = structlog.get_logger(__name__)

PREFIX = "/api/exam/v1/"
SAVE, HEARTBEAT, CONTENT = PREFIX + "answers", PREFIX + "heartbeat", PREFIX + "content/"
NEWEST = PREFIX + "messages/newest"
SAVED, SHED, FAILED, ELSEWHERE = (SAVES.labels(outcome) for outcome in ("saved", "shed", "failed", "elsewhere"))
COMMON = (("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"))


_ENCODE = msgspec.json.Encoder().encode

FOCUS_LIMIT = "4/minute"
"""Of a sitting: a page beats every 30 seconds, and whoever beats faster fills no table."""


class Place(NamedTuple):
    """Where an opened attempt's answers go, what fits there, and from when its browser counts."""

    attempt_id: int
    opened_ms: int
    guide: presentation.FormGuide


def _read_attempts(sitting_id: int) -> dict[int, tuple[int, str]]:
    with transaction(reads_only=True) as db:
        return {n: (attempt_id, form_id) for n, attempt_id, form_id in facts.attempts_of(db, sitting_id)}


def _read_place(named: tuple[int, int]) -> Place:
    sitting_id, n = named
    attempt_id, form_id = _own(_attempts.read(sitting_id), n)
    with transaction(reads_only=True) as db:
        opened = facts.opened_ms(db, attempt_id)
    return Place(attempt_id, opened, _presentation.read(form_id)[1])


def _read_presentation(form_id: str) -> tuple[bytes, presentation.FormGuide]:
    with transaction(reads_only=True) as db:
        document = views.presentation(db, form_id)
    return gzip.compress(document, 9, mtime=0), presentation.FormGuide(presentation.parse(document))


_attempts = Memory(_read_attempts, 65_536)
"""A sitting's attempts by n: they are made at the first sign-in."""

_places = Memory(_read_place, 65_536)
"""Where answers go, by a sitting and the n of its attempt, once it was opened."""

_presentation = Memory(_read_presentation, 256)
"""A form, compressed for delivery and compiled for checking: it is immutable by its name."""


class ExamApp(Flask):
    """A Flask application that answers the hot calls itself."""

    answer_log: AnswerLog
    contacts: Contacts
    newest: Newest
    token_secret: bytes

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the gateway lets this app answer, for servers and tests that speak WSGI."""
        handler = self.handler(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if handler is None:
            return super().wsgi_app(environ, start_response)
        with ThreadPoolExecutor(1) as apart:  # this thread may have a loop of its own
            answered = apart.submit(asyncio.run, _from_wsgi(handler, environ)).result()
        start_response(f"{answered.status} -", [*answered.headers, ("Content-Length", str(len(answered.body)))])
        return [answered.body]

    def handler(self, method: str, path: str) -> Handler | None:
        """Give what answers a hot call, or nothing for all others."""
        hot = self._hot_call(method, path)
        if hot is None:
            return None

        async def answer(asked: Asked) -> Answered:
            try:
                answered = await hot(asked)
            except Refusal as refusal:
                answered = refused(refusal)
            except (exc.OperationalError, exc.TimeoutError) as error:
                log.error("store_away", reason=type(error).__name__)
                answered = refused(Busy("Basis data belum menjawab.", retry_after_s=1))
            return Answered(answered.body, answered.headers + COMMON, answered.status)

        return answer

    def _hot_call(self, method: str, path: str) -> Handler | None:
        if method == "POST":
            if path == SAVE:
                return self._save
            return self._heartbeat if path == HEARTBEAT else None
        if method != "GET":
            return None
        return self._content if path.startswith(CONTENT) else self._newest if path == NEWEST else None

    def _signed_in(self, headers: Headers) -> tuple[int, int]:
        token = headers.get("authorization", "").removeprefix("Bearer ")
        named = rules.read_token(token, self.token_secret)
        if named is None:
            raise NotSignedIn
        return named

    async def _save(self, asked: Asked) -> Answered:
        sitting_id, epoch = self._signed_in(asked.headers)
        batch = parse(AnswerBatch, asked.body)
        if batch.epoch != epoch:
            raise SittingElsewhere
        now = clock.now()
        received = rules.milliseconds(now)
        place = await _places.get((sitting_id, batch.attempt))
        rows, rejected = _sort_out(batch, place, sitting_id, received)
        gate, taken = await self._write(place.attempt_id, rows, sitting_id)
        if gate.epoch != epoch:
            ELSEWHERE.inc()
            raise _not_owner(gate.epoch, epoch)
        SAVED.inc()
        self.contacts.hear(sitting_id, received)
        if taken:
            rejected += [Rejected(new.seq, new.item, SEQ_TAKEN) for new in batch.changes if new.seq in taken]
        acked = max([change.seq for change in batch.changes])
        newest = self.newest.of(sitting_id)
        return _state(gate, now, received, acked, rejected=rejected, newest=newest, made=[row.made_ms for row in rows])

    async def _write(self, attempt_id: int, rows: list[Row], sitting_id: int) -> tuple[GateRow, Collection[int]]:
        if self.answer_log.is_full:
            SHED.inc()
            raise Busy(retry_after_s=1)
        save = Save(attempt_id, rows)
        try:
            gate = await self.answer_log.write(save)
            if _is_behind(gate, rows) and await asyncio.to_thread(_open_gate, sitting_id, attempt_id):
                save = Save(attempt_id, rows)
                gate = await self.answer_log.write(save)
        except SaveFailed as error:
            FAILED.inc()
            raise Busy("Jawaban belum tersimpan di server.", retry_after_s=1) from error
        if gate is None:
            raise NotStarted
        return gate, save.taken

    async def _heartbeat(self, asked: Asked) -> Answered:
        sitting_id, epoch = self._signed_in(asked.headers)
        beat = parse(Heartbeat, asked.body)
        attempt_id, _form = _own(await _attempts.get(sitting_id), beat.attempt)
        gate, acked = await asyncio.to_thread(_read_state, sitting_id, attempt_id)
        if gate is None:
            raise NotStarted
        if gate.epoch != epoch or beat.epoch != epoch:
            raise _not_owner(gate.epoch, epoch)
        if beat.focus_lost:
            await asyncio.to_thread(_note_focus, sitting_id, beat.focus_lost)
        now = clock.now()
        received = rules.milliseconds(now)
        self.contacts.hear(sitting_id, received)
        return _state(gate, now, received, acked, rejected=[], newest=await self.newest.lately(sitting_id))

    async def _newest(self, asked: Asked) -> Answered:
        sitting_id, _epoch = self._signed_in(asked.headers)
        number = await self.newest.lately(sitting_id)
        return Answered(_ENCODE(NewestMessage(number, self.newest.held(sitting_id))))

    async def _content(self, asked: Asked) -> Answered:
        sitting_id, _epoch = self._signed_in(asked.headers)
        form_id = asked.path.removeprefix(CONTENT)
        if form_id not in {own for _attempt_id, own in (await _attempts.get(sitting_id)).values()}:
            raise NotFound
        packed, _guide = await _presentation.get(form_id)
        headers = (
            ("Content-Type", "application/json"),
            ("ETag", f'"{form_id}"'),
            ("Vary", "Accept-Encoding"),
        )
        if "gzip" in asked.headers.get("accept-encoding", ""):
            return Answered(packed, (*headers, ("Content-Encoding", "gzip")))
        return Answered(gzip.decompress(packed), headers)


async def _from_wsgi(handler: Handler, environ: WSGIEnvironment) -> Answered:
    pairs = (("authorization", "HTTP_AUTHORIZATION"), ("accept-encoding", "HTTP_ACCEPT_ENCODING"))
    headers = {name: environ[at] for name, at in pairs if at in environ}
    try:
        length = body_length(environ.get("CONTENT_LENGTH") or "0", MOST_BYTES)
    except Refusal as refusal:
        return refused(refusal)
    return await handler(Asked(environ["PATH_INFO"], headers, environ["wsgi.input"].read(length)))


def _read_state(sitting_id: int, attempt_id: int) -> tuple[Gate | None, int]:
    with transaction(ANSWERS, reads_only=True) as answers:
        return saved.gate(answers, attempt_id), saved.acked_seq(answers, sitting_id)


def _note_focus(sitting_id: int, times: int) -> None:
    if rate.allows(FOCUS_LIMIT, f"focus:{sitting_id}"):
        with transaction() as db:
            events.note_focus(db, sitting_id, times, clock.now())


def _sort_out(batch: AnswerBatch, place: Place, sitting_id: int, received: int) -> tuple[list[Row], list[Rejected]]:
    """Make rows of a batch. What does not fit its item is written without its content, so that its seq is known."""
    attempt_id, opened, guide = place
    rows: list[Row] = []
    rejected: list[Rejected] = []
    for new in batch.changes:
        reason = guide.check(new.item, new.response)
        item, said = (new.item, new.response) if reason is None else ("", None)
        if reason is not None:
            rejected.append(Rejected(new.seq, new.item, reason))
        rows.append(Row(sitting_id, batch.epoch, new.seq, attempt_id, item, _ENCODE(said).decode(), new.at_ms,
                        new.spent_ms, received, reason is not None, opened + new.at_ms))  # fmt: skip
    return rows, rejected


def _own(attempts: dict[int, tuple[int, str]], n: int) -> tuple[int, str]:
    found = attempts.get(n)
    if found is None:
        raise NotFound(f"attempt {n}")
    return found


def _not_owner(of_gate: int, of_token: int) -> Refusal:
    return Locked() if of_gate == rules.gate_epoch(of_token, locked=True) else SittingElsewhere()


def _is_behind(gate: GateRow | None, rows: list[Row]) -> bool:
    """Tell whether a gate may lag behind the truth: the token that was signed later knows a later epoch.

    So may one that is held although its attempt is over: of a sitting that was sealed meanwhile nothing is held.
    """
    if gate is None or (gate.closed and gate.epoch < 0):
        return True
    return any(row.epoch > abs(gate.epoch) for row in rows[:1])


def _open_gate(sitting_id: int, attempt_id: int) -> bool:
    """Make a gate anew from the truth: a crash between its commit and the gate's may have left it behind."""
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        return actions.open_gate(answers, db, sitting_id, attempt_id).deadline is not None


def _state(
    gate: GateRow | Gate, now: datetime, received: int, acked_seq: int, *, rejected: list[Rejected], newest: int,
    made: Sequence[int] = (0,),
) -> Answered:  # fmt: skip
    in_time = received <= gate.deadline_ms and not gate.closed
    notices = [] if in_time else _notices(gate, received, made)
    remaining = 0 if gate.closed else max(0, gate.deadline_ms - received)
    return Answered(_ENCODE(Saved(acked_seq, stamp(now), remaining, notices, rejected, newest)))


def _notices(gate: GateRow | Gate, received: int, made: Sequence[int]) -> list[str]:
    """Say what changes that did not come in time count for."""
    window = (gate.deadline_ms, gate.grace_ms)
    counts = {rules.standing(received, *window, closed=gate.closed, made_ms=moment) for moment in made}
    return [standing.name.lower() for standing in sorted(counts)]
