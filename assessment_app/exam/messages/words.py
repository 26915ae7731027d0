"""What participant and proctor say to each other through the page: a call for help, and what a proctor wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec

from assessment_app.exam.messages import Stamp

MOST_LETTERS = 180
"""Of one message: it is read beside a question, while the time runs."""

Number = Annotated[int, msgspec.Meta(ge=1, le=2**53)]
Line = Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*\Z")]


class Assistance(msgspec.Struct, frozen=True):
    """A participant calls for a proctor, or takes the call back."""

    wanted: bool
    reason: Line = ""
    """In the participant's own words; may be empty."""


class WasRead(msgspec.Struct, frozen=True):
    """A participant said that everything up to this message was read."""

    number: Number


@dataclass(frozen=True)
class Call:
    """A call for a proctor that nobody has answered yet."""

    since: Stamp
    reason: str


@dataclass(frozen=True)
class Word:
    """What a proctor wrote, to this seat or to the whole room, and whether the participant said that it was read."""

    number: int
    at: Stamp
    text: str
    to_all: bool
    read: bool


@dataclass(frozen=True)
class NewestMessage:
    """What a page without a running part asks for now and then: as a save tells it."""

    newest_message: int
    held: str = ""
    """How a proctor holds the sitting, ``locked`` or ``paused``, some seconds behind; empty while none does."""


@dataclass(frozen=True)
class Messages:
    """What the page has to show: the call that is open, and what a proctor wrote, oldest first."""

    newest: int
    call: Call | None
    words: list[Word]
