"""A participant as bytes: every call of the exam protocol, made when it is sent, and what its answer teaches."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from functools import partial

from benchmarks.exam.wire import Connection, Wire

ROOT = "/api/exam/v1"

Then = Callable[[float], None]
"""What is done at the end of a script, told the moment."""


def response_of(item: dict) -> object:
    """Answer an item of any kind by what stands first."""
    kind = item["kind"]
    options = [one["id"] for one in item.get("options", ())]
    if kind == "most_least":
        return {"most": options[0], "least": options[-1]}
    if kind == "simulation":
        return [item["steps"][0]["id"]]
    plain = {"rating": item.get("low"), "number": "4", "text": "ya", "order": options, "choices": options[:1]}
    regions = [one["id"] for one in item.get("regions", ())][:1]
    return (plain | {"choice": options[:1] and options[0], "hotspot": regions})[kind]


def said_of(content: bytes) -> list[bytes]:
    """Make the end of a change for each item of a form: what is always the same of it."""
    items = json.loads(content)["items"]
    return [
        json.dumps({"item": one["id"], "response": response_of(one)}, separators=(",", ":")).encode()[1:-1]
        for one in items
    ]


class Participant:
    """One person at one computer, and the connection of the browser there."""

    FORMS: dict[str, list[bytes]] = {}  # noqa: RUF012  # shared on purpose: everybody has the same forms
    __slots__ = (
        "acked", "connection", "content", "epoch", "head", "kept", "n", "nip", "parts", "pin", "sent", "sitting",
        "token", "version", "wire",
    )  # fmt: skip

    def __init__(self, nip: str, pin: str, wire: Wire) -> None:
        """Begin in front of the sign-in page."""
        self.nip, self.pin, self.wire, self.connection = nip, pin, wire, Connection()
        self.token = self.version = self.content = self.sitting = ""
        self.epoch, self.n, self.parts, self.acked, self.sent = 0, 1, 0, 0, 0
        self.head = b""
        self.kept: list[int] = []  # acknowledged changes that nobody has asked about yet

    def play(self, script: Sequence[str], scheduled: float, then: Then | None = None) -> None:
        """Send the first call of a script; each further one when the one before it was answered well, then ``then``."""
        kind, _, number = script[0].partition(" ")
        name = kind.replace("-", "")
        make, learn = getattr(self, f"make_{name}"), getattr(self, f"learn_{name}", None)

        def answered(body: bytes) -> None:
            if learn is not None:
                learn(body)
            if len(script) > 1:
                self.play(script[1:], time.perf_counter(), then)
            elif then is not None:
                then(time.perf_counter())

        follows = answered if len(script) > 1 or then is not None else learn
        self.wire.ask(self.connection, (kind, scheduled, partial(make, int(number)) if number else make, follows))

    def save(self, scheduled: float) -> None:
        """Send one change: the call of which there are a thousand for each of the others."""
        self.wire.ask(self.connection, ("save", scheduled, self.make_save, self.learn_save))

    def _post(self, path: str, body: bytes) -> bytes:
        kind = b"Content-Type: application/json\r\nContent-Length: %d" % len(body)
        return b"POST %s%s HTTP/1.1\r\nHost: exam\r\n%s%s\r\n\r\n%s" % (
            ROOT.encode(), path.encode(), self.head, kind, body,
        )  # fmt: skip

    def _get(self, path: str) -> bytes:
        return b"GET %s HTTP/1.1\r\nHost: exam\r\n%sAccept-Encoding: gzip\r\n\r\n" % (path.encode(), self.head)

    def make_hello(self) -> bytes:
        """A bare route of another server."""
        return b"GET / HTTP/1.1\r\nHost: exam\r\n\r\n"

    def make_page(self) -> bytes:
        """The sign-in page."""
        return self._get("/")

    def make_signin(self) -> bytes:
        """Sign in; the device is this computer's."""
        wanted = {"nip": self.nip, "pin": self.pin, "device": f"meja-{self.nip}"}
        return self._post("/sign-in", json.dumps(wanted).encode())

    def learn_signin(self, body: bytes) -> None:
        """Keep token, epoch and what the server knows already."""
        said = json.loads(body)
        standing = said["sitting"]
        self.token, self.epoch, self.parts = said["token"], standing["epoch"], len(standing["attempts"])
        self.sitting = self.token.partition(".")[0]
        self.version, self.acked = standing["consent"]["version"], standing["acked_seq"]
        self.sent = max(self.sent, self.acked)
        self.head = f"Authorization: Bearer {self.token}\r\n".encode()

    def make_consent(self) -> bytes:
        """Accept pact and notice."""
        return self._post("/consent", json.dumps({"version": self.version, "accepted": True}).encode())

    def make_sitting(self) -> bytes:
        """Ask where the sitting stands, as a reloaded page does first."""
        return self._get(f"{ROOT}/sitting")

    def make_start(self, n: int = 0) -> bytes:
        """Open a part, or find it open."""
        self.n = n or self.n
        return self._post(f"/attempts/{self.n}/start", b"{}")

    def learn_start(self, body: bytes) -> None:
        """Keep where the content is."""
        at = body.index(b'"content":"') + 11
        self.content = body[at : body.index(b'"', at)].decode()

    def make_content(self) -> bytes:
        """Fetch a form's presentation."""
        return self._get(self.content)

    def make_save(self, changes: int = 1) -> bytes:
        """Save the next changes, going round the items."""
        said = self.FORMS[self.content]
        first, self.sent = self.sent + 1, self.sent + changes
        made = b",".join(
            b'{"seq":%d,%s,"at_ms":%d,"spent_ms":900}' % (seq, said[seq % len(said)], 20 * seq % 8_000_000)
            for seq in range(first, self.sent + 1)
        )
        return self._post("/answers", b'{"attempt":%d,"epoch":%d,"changes":[%s]}' % (self.n, self.epoch, made))

    def learn_save(self, body: bytes) -> None:
        """Keep what is acknowledged; nothing of ours may be refused."""
        at = body.index(b'"acked_seq":') + 12
        acked = int(body[at : body.index(b",", at)])
        self.acked = max(self.acked, acked)
        self.kept.append(acked)
        if b'"rejected":[]' not in body:
            self.wire.seen.rejected += 1

    def make_heartbeat(self) -> bytes:
        """Say that the page lives; a save says it too."""
        return self._post("/heartbeat", b'{"attempt":%d,"epoch":%d,"focus_lost":0}' % (self.n, self.epoch))

    def make_finish(self) -> bytes:
        """Close the part."""
        return self._post(f"/attempts/{self.n}/finish", b'{"last_seq":%d}' % self.acked)

    def make_receipt(self) -> bytes:
        """Ask for the receipt."""
        return self._get(f"{ROOT}/receipt")
