"""What an answer that is none, or no good one, means to a client (``protocol.js``)."""

from __future__ import annotations

from typing import Any


class Unreachable(Exception):
    """No answer came: no network, no server, too late, or not from our server."""


class Refused(Exception):
    """The server answered, and the answer is no."""

    def __init__(self, status: int, problem: dict[str, Any], retry_after_s: float) -> None:
        super().__init__(f"{status} {problem.get('type', '')} {problem.get('detail', '')}")
        self.status = status
        self.slug = str(problem.get("type", "")).replace("/", ":").rpartition(":")[2]
        self.retry_after_s = retry_after_s


class SignedOut(Refused):
    """The token is worth nothing."""


class Elsewhere(Refused):
    """Another device owns the sitting."""


class Unsaved(Refused):
    """Something has not arrived yet."""


class Closed(Refused):
    """The attempt or the session is over."""


class Busy(Refused):
    """The server asks to come back, or is in trouble of its own."""


BY_SLUG: dict[str, type[Refused]] = {"sitting-elsewhere": Elsewhere, "unsaved": Unsaved, "closed": Closed}
BY_STATUS: dict[int, type[Refused]] = {401: SignedOut, 408: Busy, 429: Busy}


def refusal(status: int, problem: dict[str, Any], retry_after_s: float) -> Refused:
    """Name what an answer with an error status means."""
    slug = Refused(status, problem, 0).slug
    kind = BY_SLUG.get(slug) or BY_STATUS.get(status) or (Busy if status >= 500 else Refused)
    return kind(status, problem, retry_after_s)
