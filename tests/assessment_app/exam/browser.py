"""A browser as the exam server sees it: speaks the protocol, remembers its token, and nothing else."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from werkzeug.test import Client, TestResponse

from assessment_app.exam import hot_path
from assessment_app.exam.hot_path import ExamApp
from assessment_app.platform import rate
from tests import factories
from tests.assessment_app.exam import agreement

API = "/api/exam/v1"


@dataclass
class Browser:
    """One computer in the lab."""

    client: Client
    nip: str
    pin: str
    device: str = "computer-1"
    token: str = ""
    sitting: dict[str, Any] = field(default_factory=dict)
    heard: list[bytes] = field(default_factory=list)

    def call(self, method: str, path: str, body: object = None, **given: Any) -> TestResponse:
        """Send one call of the protocol; whatever is answered must stand in its document."""
        headers = {"Authorization": f"Bearer {self.token}"} | given.pop("headers", {})
        sent = {"json": body} if body is not None else given
        said = self.client.open(API + path, method=method, headers=headers, **sent)
        self.heard.append(said.data)
        if method != "HEAD":
            packed = said.headers.get("Content-Encoding") == "gzip"
            body = gzip.decompress(said.data) if packed else said.data
            agreement.check(method, path, said.status_code, dict(said.headers), body)
        return said

    def sign_in(self, **other: str) -> TestResponse:
        """Sign in; the token is kept if there is one."""
        said = self.call("POST", "/sign-in", {"nip": self.nip, "pin": self.pin, "device": self.device} | other)
        if said.status_code == 200:
            self.token, self.sitting = document(said)["token"], document(said)["sitting"]
        return said

    def agree(self) -> TestResponse:
        """Accept the pact and the notice of the version that is asked for."""
        return self.call("POST", "/consent", {"version": self.sitting["consent"]["version"], "accepted": True})

    def start(self, n: int = 1) -> TestResponse:
        """Open an attempt."""
        return self.call("POST", f"/attempts/{n}/start", {})

    def items(self, started: TestResponse) -> list[dict[str, Any]]:
        """Fetch the questions of an attempt that was started."""
        content = self.call("GET", document(started)["content"].removeprefix(API))
        return list(document(content)["items"])

    def save(self, changes: list[tuple[int, str, object]], n: int = 1, epoch: int = 1) -> TestResponse:
        """Save changes, each (seq, item, response)."""
        sent = [{"seq": seq, "item": item, "response": said} for seq, item, said in changes]
        return self.call("POST", "/answers", {"attempt": n, "epoch": epoch, "changes": sent})

    def finish(self, n: int = 1, last_seq: int = 0) -> TestResponse:
        """Close an attempt."""
        return self.call("POST", f"/attempts/{n}/finish", {"last_seq": last_seq})

    def walk(self) -> None:
        """Answer everything in every part with the first options, and finish each part."""
        self.sign_in()
        self.agree()
        seq = 0
        for n in [part["n"] for part in self.sitting["attempts"]]:
            changes = []
            for item in self.items(self.start(n)):
                seq += 1
                changes.append((seq, item["id"], first(item)))
            assert self.save(changes, n).status_code == 200
            assert self.finish(n, seq).status_code == 200


def document(said: TestResponse) -> dict[str, Any]:
    """Read an answer that must be a JSON object."""
    read = json.loads(said.data)
    assert isinstance(read, dict)
    return read


def first(item: dict[str, Any]) -> object:
    """Choose what stands first."""
    ids = [option["id"] for option in item["options"]]
    return ids[0] if item["kind"] == "choice" else {"most": ids[0], "least": ids[1]}


def slug(said: TestResponse) -> str:
    """Give the slug of a problem document."""
    assert said.mimetype == "application/problem+json", said.data
    return str(document(said)["type"]).rpartition(":")[2]


def browser_of(app: ExamApp, nip: str, pin: str, **other: Any) -> Browser:
    """Sit a person down at a computer of their own."""
    return Browser(app.test_client(), nip, pin, **other)


class MovedClock:
    """The server's time as a test sets it."""

    def __init__(self) -> None:
        self.moment = factories.NOW

    def now(self) -> datetime:
        """Give the time that was set."""
        return self.moment

    def forward(self, **how_far: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**how_far)


def forget() -> None:
    """Drop what this process remembers of another test's installation."""
    for remembered in (hot_path._attempts, hot_path._places, hot_path._presentation, rate._limiter):
        remembered.cache_clear()
