"""The servers that the exam server is compared with, each behind the same gateway with the same settings.

``python -m benchmarks.exam.servers hello|naive|bare|grouped|ungrouped``; which stores and which port, the settings say.
``bare`` is the cheapest that Flask can be: the same route under granian's own WSGI, which a stalled upload can block.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence

from flask import Flask, request
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from itsdangerous import BadSignature, TimestampSigner
from sqlalchemy import select

from assessment_app.exam.answer_log import log as answer_log
from assessment_app.exam.answer_log.saves import Flushed, Save, Writer
from assessment_app.exam.messages import MOST_BYTES
from assessment_app.exam.models import AnswerEvent, Attempt, Gate, Sitting
from assessment_app.platform import clock, db, garbage, settings
from assessment_app.platform.db import ANSWERS, EXAM, transaction
from assessment_app.platform.gateway import Gateway
from assessment_app.servers import exam, serving

THREADS = 32
DISK_S = 0.015
"""What one fsync costs on a lab's hard disk (exam-server, section 5)."""

LIFETIME_S = 86_400


def hello() -> Flask:
    """The yardstick: one bare route of a bare application."""
    app = Flask(__name__)

    @app.get("/")
    def greet() -> str:
        return "hello"

    return app


def naive() -> Flask:
    """The save as it is written first: Flask's dispatch, one ORM session and one commit for each request."""
    chosen = settings.load()
    settings.use(chosen)
    db.connect(chosen.stores, (EXAM, ANSWERS))
    app, signer = Flask(__name__), TimestampSigner("benchmark")
    badge = signer.sign(b"0")

    @app.post("/api/exam/v1/answers")
    def save() -> dict[str, object]:
        try:
            signer.unsign(badge, max_age=LIFETIME_S)  # what reading a signed session costs
        except BadSignature:
            return {}
        sitting_id = int(request.headers["Authorization"].removeprefix("Bearer ").partition(".")[0])
        return _save_naively(sitting_id, request.get_json())

    return app


def _save_naively(sitting_id: int, batch: dict) -> dict[str, object]:
    now_ms = round(clock.now().timestamp() * 1000)
    with transaction(reads_only=True) as store:
        sitting = store.scalars(select(Sitting).where(Sitting.sitting_id == sitting_id)).one()
        wanted = select(Attempt).where(Attempt.sitting_id == sitting_id, Attempt.n == batch["attempt"])
        attempt = store.scalars(wanted).one()
    with transaction(ANSWERS) as answers:
        gate = answers.get_one(Gate, attempt.attempt_id)
        for new in batch["changes"]:
            name, said = (sitting_id, sitting.epoch, new["seq"]), json.dumps(new["response"])
            if answers.get(AnswerEvent, name) is None:
                answers.add(AnswerEvent(
                    sitting_id=sitting_id, epoch=sitting.epoch, seq=new["seq"], attempt_id=attempt.attempt_id,
                    item=new["item"], response=said, at_ms=new["at_ms"], spent_ms=new["spent_ms"],
                    received_ms=now_ms, standing=int(now_ms > gate.deadline_ms),
                ))  # fmt: skip
    return {
        "acked_seq": batch["changes"][-1]["seq"], "server_time": clock.now().isoformat(),
        "remaining_ms": gate.deadline_ms - now_ms, "notices": [], "rejected": [],
    }  # fmt: skip


class SlowDisk:
    """A writer whose commits take as long as on a hard disk; it holds the file meanwhile, as the disk would."""

    def __init__(self, inner: Writer) -> None:
        """Write through another writer."""
        self._inner = inner

    def flush(self, saves: Sequence[Save]) -> Flushed:
        """Write, then wait as for the disk; whoever waits for this commit waits too."""
        flushed = self._inner.flush(saves)
        time.sleep(DISK_S)
        return flushed


def on_a_slow_disk(most: int) -> None:
    """Run the real exam server with a slow disk below it and at most so many saves in one commit."""
    real = exam.writer_for
    exam.writer_for = lambda url: SlowDisk(real(url))
    answer_log.MOST_IN_A_COMMIT = most
    exam.main()  # granian forks its worker, so the worker has what was just put in place


def create_app() -> Gateway:
    """Put the application that is asked for behind the house's own gateway, as the exam server is."""
    app = {"hello": hello, "naive": naive}[sys.argv[1]]()
    garbage.started()  # as our servers do
    return Gateway(app, threads=THREADS, most_bytes=MOST_BYTES)


def serve(target: str, interface: Interfaces, **more: int) -> None:
    """Serve one of the applications here as the exam server is served."""
    chosen = settings.load()
    Granian(
        target=f"benchmarks.exam.servers:{target}", address=chosen.host, port=chosen.exam_port, interface=interface,
        factory=True, workers=1, backlog=serving.BACKLOG, backpressure=serving.BACKPRESSURE, log_access=False,
        log_level=LogLevels.error, http=HTTPModes.http1, websockets=False, **more,
    ).serve()  # fmt: skip


def main() -> None:
    """Run the server that is named."""
    name = sys.argv[1]
    if name in ("hello", "naive"):
        serve("create_app", Interfaces.RSGI)
    elif name == "bare":
        serve("hello", Interfaces.WSGI, blocking_threads=THREADS)
    else:
        on_a_slow_disk({"grouped": answer_log.MOST_IN_A_COMMIT, "ungrouped": 1}[name])


if __name__ == "__main__":
    main()
