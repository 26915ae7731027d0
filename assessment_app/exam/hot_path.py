"""The calls that every browser makes all the time, answered before Flask's dispatch.

Why this looks different from the rest of the house: a save through Flask's dispatch, session and hooks costs several
times the save itself, and in an exam nothing else is as frequent or as urgent. So saves, heartbeats and content are
answered here: one signed token, one decode, one hand-over to the writer thread. What is decided inside the save's
transaction (deadline, epoch, closed) stands in ``answer_log``. All other calls go on to Flask.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from wsgiref.types import InputStream, StartResponse, WSGIEnvironment

import msgspec
import structlog
from flask import Flask
from sqlalchemy import exc

from assessment_app.exam import actions, queries, rules
from assessment_app.exam.answer_log import AnswerLog, GateRow, Row, Save, SaveFailed
from assessment_app.exam.messages import MOST_BYTES, SEQ_TAKEN, AnswerBatch, Heartbeat, Rejected, Saved, parse, stamp
from assessment_app.exam.models import Gate
from assessment_app.exam.refusals import Locked, NotStarted, SittingElsewhere
from assessment_app.platform import clock
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.errors import Busy, Invalid, NotFound, NotSignedIn, Refusal, TooLarge
from assessment_app.platform.observe import SAVES
from item_bank import presentation

log = structlog.get_logger(__name__)

PREFIX = "/api/exam/v1/"
SAVE, HEARTBEAT, CONTENT = PREFIX + "answers", PREFIX + "heartbeat", PREFIX + "content/"
STATUS = {200: "200 OK", 400: "400 Bad Request", 401: "401 Unauthorized", 404: "404 Not Found", 409: "409 Conflict",
          413: "413 Content Too Large", 423: "423 Locked", 503: "503 Service Unavailable"}  # fmt: skip
COMMON = [("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")]


@dataclass(frozen=True)
class Answered:
    """What a call answers: bytes and how they travel."""

    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    status: int = 200


@lru_cache(maxsize=65_536)
def _attempts(sitting_id: int) -> dict[int, tuple[int, str]]:
    """Remember a sitting's attempts by n: they are made at the first sign-in and never change."""
    with transaction(reads_only=True) as db:
        return {n: (attempt_id, form_id) for n, attempt_id, form_id in queries.attempts_of(db, sitting_id)}


@lru_cache(maxsize=256)
def _presentation(form_id: str) -> tuple[bytes, presentation.FormGuide]:
    """Remember a form, compressed for delivery and compiled for checking: it is immutable by its name."""
    with transaction(reads_only=True) as db:
        document = queries.presentation(db, form_id)
    return gzip.compress(document, 9, mtime=0), presentation.FormGuide(presentation.parse(document))


class ExamApp(Flask):
    """A Flask application that answers the hot calls itself."""

    answer_log: AnswerLog
    token_secret: bytes

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a hot call at once, hand everything else to Flask."""
        hot = self._hot_call(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if hot is None:
            return super().wsgi_app(environ, start_response)
        try:
            answered = hot(environ)
        except Refusal as refusal:
            answered = _refused(refusal)
        except (exc.OperationalError, exc.TimeoutError) as error:
            log.error("store_away", reason=type(error).__name__)
            answered = _refused(Busy("Basis data belum menjawab.", retry_after_s=1))
        start_response(STATUS[answered.status], [
            *answered.headers, *COMMON, ("Content-Length", str(len(answered.body)))
        ])  # fmt: skip
        return [answered.body]

    def _hot_call(self, method: str, path: str) -> Callable[[WSGIEnvironment], Answered] | None:
        if method == "POST":
            return {SAVE: self._save, HEARTBEAT: self._heartbeat}.get(path)
        return self._content if method == "GET" and path.startswith(CONTENT) else None

    def _signed_in(self, environ: WSGIEnvironment) -> tuple[int, int]:
        token = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        named = rules.read_token(token, self.token_secret)
        if named is None:
            raise NotSignedIn
        return named

    def _save(self, environ: WSGIEnvironment) -> Answered:
        sitting_id, epoch = self._signed_in(environ)
        batch = parse(AnswerBatch, _body(environ))
        if batch.epoch != epoch:
            raise SittingElsewhere
        now = clock.now()
        attempt_id, form_id = _attempt(sitting_id, batch.attempt)
        rows, rejected = _sort_out(batch, _presentation(form_id)[1], (sitting_id, epoch, attempt_id), now)
        gate, taken = self._write(Save(attempt_id, rows), sitting_id)
        if gate.epoch != epoch:
            SAVES.labels("elsewhere").inc()
            raise _not_owner(gate.epoch, epoch)
        SAVES.labels("saved").inc()
        unsaved = [new for new in batch.changes if new.seq in taken]
        rejected += [Rejected(new.seq, new.item, SEQ_TAKEN) for new in unsaved]
        return _state(gate, now, acked_seq=max(change.seq for change in batch.changes), rejected=rejected)

    def _write(self, save: Save, sitting_id: int) -> tuple[GateRow, Collection[int]]:
        if self.answer_log.is_full:
            SAVES.labels("shed").inc()
            raise Busy(retry_after_s=1)
        try:
            gate = self.answer_log.write(save)
            if _is_behind(gate, save) and _open_gate(sitting_id, save.attempt_id):
                save = Save(save.attempt_id, save.rows)
                gate = self.answer_log.write(save)
        except SaveFailed as error:
            SAVES.labels("failed").inc()
            raise Busy("Jawaban belum tersimpan di server.", retry_after_s=1) from error
        if gate is None:
            raise NotStarted
        return gate, save.taken

    def _heartbeat(self, environ: WSGIEnvironment) -> Answered:
        sitting_id, epoch = self._signed_in(environ)
        beat = parse(Heartbeat, _body(environ))
        attempt_id, _form = _attempt(sitting_id, beat.attempt)
        with transaction(ANSWERS, reads_only=True) as answers:
            gate, acked = queries.gate(answers, attempt_id), queries.acked_seq(answers, sitting_id)
        if gate is None:
            raise NotStarted
        if gate.epoch != epoch or beat.epoch != epoch:
            raise _not_owner(gate.epoch, epoch)
        return _state(gate, clock.now(), acked_seq=acked, rejected=[])

    def _content(self, environ: WSGIEnvironment) -> Answered:
        sitting_id, _epoch = self._signed_in(environ)
        form_id = environ["PATH_INFO"].removeprefix(CONTENT)
        if form_id not in {own for _attempt_id, own in _attempts(sitting_id).values()}:
            raise NotFound
        packed = _presentation(form_id)[0]
        headers = (
            ("Content-Type", "application/json"),
            ("ETag", f'"{form_id}"'),
            ("Vary", "Accept-Encoding"),
        )
        if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            return Answered(packed, (*headers, ("Content-Encoding", "gzip")))
        return Answered(gzip.decompress(packed), headers)


def _sort_out(
    batch: AnswerBatch, guide: presentation.FormGuide, owner: tuple[int, int, int], now: datetime
) -> tuple[list[Row], list[Rejected]]:
    """Make rows of a batch. What does not fit its item is written without its content, so that its seq is known."""
    sitting_id, epoch, attempt_id = owner
    received = rules.milliseconds(now)
    rows: list[Row] = []
    rejected: list[Rejected] = []
    for new in batch.changes:
        reason = guide.check(new.item, new.response)
        item, said = (new.item, new.response) if reason is None else ("", None)
        if reason is not None:
            rejected.append(Rejected(new.seq, new.item, reason))
        response = msgspec.json.encode(said).decode()
        rows.append(Row(sitting_id, epoch, new.seq, attempt_id, item, response, new.at_ms, new.spent_ms, received,
                        reason is not None))  # fmt: skip
    return rows, rejected


def _body(environ: WSGIEnvironment) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise Invalid("Content-Length")
    if len(length) > 9 or int(length) > MOST_BYTES:
        raise TooLarge
    stream: InputStream = environ["wsgi.input"]
    return stream.read(int(length))


def _attempt(sitting_id: int, n: int) -> tuple[int, str]:
    found = _attempts(sitting_id).get(n)
    if found is None:
        raise NotFound(f"attempt {n}")
    return found


def _not_owner(of_gate: int, of_token: int) -> Refusal:
    return Locked() if of_gate == rules.gate_epoch(of_token, locked=True) else SittingElsewhere()


def _is_behind(gate: GateRow | None, save: Save) -> bool:
    """Tell whether a gate lags behind the truth: the token that was signed later knows a later epoch."""
    return gate is None or any(row.epoch > abs(gate.epoch) for row in save.rows[:1])


def _open_gate(sitting_id: int, attempt_id: int) -> bool:
    """Make a gate anew from the truth: a crash between its commit and the gate's may have left it behind."""
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        return actions.open_gate(answers, db, sitting_id, attempt_id).deadline is not None


def _state(gate: GateRow | Gate, now: datetime, *, acked_seq: int, rejected: list[Rejected]) -> Answered:
    received = rules.milliseconds(now)
    counts = rules.standing(received, gate.deadline_ms, gate.grace_ms, closed=gate.closed)
    notices = [] if counts is rules.Standing.IN_TIME else [counts.name.lower()]
    remaining = 0 if gate.closed else max(0, gate.deadline_ms - received)
    return Answered(msgspec.json.encode(Saved(acked_seq, stamp(now), remaining, notices, rejected)))


def _refused(refusal: Refusal) -> Answered:
    headers = [("Content-Type", "application/problem+json")]
    if refusal.retry_after_s is not None:
        headers.append(("Retry-After", str(refusal.retry_after_s)))
    return Answered(msgspec.json.encode(refusal.problem()), tuple(headers), refusal.status)
