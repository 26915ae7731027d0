"""A participant who speaks the exam protocol: keeps what is not acknowledged, tries again, gives up only in the end."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial


@dataclass
class Participant:
    """One person at one computer."""

    base: str
    nip: str
    pin: str
    device: str = "device-of-a-test"
    token: str = ""
    seq: int = 0
    acked: int = 0
    sitting: dict = field(default_factory=dict)

    def call(self, method: str, path: str, body: object = None) -> dict:
        """Send a call until it is answered; a refusal by the server is an error of the test."""
        data = None if body is None else json.dumps(body).encode()
        until = time.monotonic() + 30
        while True:
            request = urllib.request.Request(f"{self.base.rstrip('/')}/api/exam/v1{path}", data, method=method)
            request.add_header("Content-Type", "application/json")
            request.add_header("Authorization", f"Bearer {self.token}")
            try:
                with urllib.request.urlopen(request, timeout=5) as answer:
                    said = answer.read()
                    return json.loads(said) if said else {}
            except urllib.error.HTTPError as refusal:
                if refusal.code != 503:
                    raise AssertionError(f"{method} {path}: {refusal.code} {refusal.read()!r}") from refusal
            except OSError:
                pass  # the server is gone: it comes back, and what was not acknowledged is sent again
            assert time.monotonic() < until, f"{method} {path} was never answered"
            time.sleep(0.1)

    def sign_in(self) -> None:
        """Sign in and accept the pact."""
        said = self.call("POST", "/sign-in", {"nip": self.nip, "pin": self.pin, "device": self.device})
        self.token, self.sitting = said["token"], said["sitting"]
        self.seq = self.acked = self.sitting["acked_seq"]
        self.call("POST", "/consent", {"version": self.sitting["consent"]["version"], "accepted": True})

    def work(self, n: int, choose: Callable[[dict], object], between: Callable[[int], None] = lambda _: None) -> None:
        """Work through a part item by item; ``between`` is called before each."""
        started = self.call("POST", f"/attempts/{n}/start", {})
        content = self.call("GET", started["content"].removeprefix("/api/exam/v1"))
        for number, item in enumerate(content["items"]):
            between(number)
            self.seq += 1
            change = {
                "seq": self.seq,
                "item": item["id"],
                "response": choose(item),
                "at_ms": 1000 * number,
                "spent_ms": 900,
            }
            said = self.call("POST", "/answers", {"attempt": n, "epoch": self.sitting["epoch"], "changes": [change]})
            assert said["acked_seq"] == self.seq
            assert not said["rejected"]
        self.call("POST", f"/attempts/{n}/finish", {"last_seq": self.seq})

    def walk(self, choose: Callable[[dict], object], between: Callable[[int, int], None] = lambda *_: None) -> dict:
        """Work through the whole battery; gives the receipt."""
        self.sign_in()
        for attempt in self.sitting["attempts"]:
            n = attempt["n"]
            self.work(n, choose, partial(between, n))
        return self.call("GET", "/receipt")


def first_options(item: dict) -> object:
    """Choose what stands first, always: so two participants answer alike."""
    ids = [option["id"] for option in item["options"]]
    return ids[0] if item["kind"] == "choice" else {"most": ids[0], "least": ids[-1]}
