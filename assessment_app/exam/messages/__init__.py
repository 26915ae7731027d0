"""What browser and exam server say to each other (the exam protocol, version 1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, TypeVar

import msgspec

from assessment_app.platform.errors import Invalid
from item_bank.parts import Text
from item_bank.presentation import AnyItem

MOST_CHANGES = 500
"""Changes in one batch, by the protocol."""

MOST_BYTES = 64 * 1024
"""Bytes of one save; a batch of 500 answers to choices is about 40 kB."""

MOST_PARTS = 100
"""Forms in one battery."""

LAST_SEQ = 2**40
LAST_EPOCH = 2**31 - 1

SEQ_TAKEN = "seq-taken"
"""Why a change is refused whose seq stands for another change: it is not saved, so it must not be forgotten."""
RESCUE = "exam-rescue"
"""Purpose of the key for which a page seals the file of what it could not send; the slice ``rescue`` opens it."""

Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=86_400_000)]
Seq = Annotated[int, msgspec.Meta(ge=0, le=LAST_SEQ)]
Epoch = Annotated[int, msgspec.Meta(ge=1, le=LAST_EPOCH)]
PartNumber = Annotated[int, msgspec.Meta(ge=1, le=MOST_PARTS)]
Stamp = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
Hash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Response = Annotated[object, msgspec.Meta(extra_json_schema={"$ref": "#/components/schemas/Response"})]
"""An answer as its item's kind has it; what fits is the item's to say, not the message's."""
Text60 = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class Shown(msgspec.Struct, frozen=True):
    """What Safe Exam Browser says to a page's script: its keys, hashed with the address of the sign-in page."""

    config_key: Annotated[str, msgspec.Meta(max_length=128)] = ""
    exam_key: Annotated[str, msgspec.Meta(max_length=128)] = ""


class SignIn(msgspec.Struct, frozen=True):
    """Who wants to sit, and on which device."""

    nip: Annotated[str, msgspec.Meta(max_length=40)]
    pin: Annotated[str, msgspec.Meta(max_length=20)]
    device: Annotated[str, msgspec.Meta(min_length=8, max_length=80, pattern=r"^[!-~]+\Z")]
    browser: Shown = Shown()

    @property
    def digits(self) -> str:
        """The NIP as it is registered, however it was typed: what is limited and looked for is the same."""
        return "".join(filter(str.isdecimal, self.nip))


class ConsentGiven(msgspec.Struct, frozen=True):
    """The answer to the integrity pact and the privacy notice of one version."""

    version: Text60
    accepted: bool


class Finish(msgspec.Struct, frozen=True):
    """The highest seq that the browser ever used: nothing of it may be missing when the attempt closes."""

    last_seq: Seq


class Change(msgspec.Struct, frozen=True):
    """One change of one answer; ``null`` clears it."""

    seq: Annotated[int, msgspec.Meta(ge=1, le=LAST_SEQ)]
    item: Text60
    response: Response
    at_ms: Milliseconds = 0
    spent_ms: Milliseconds = 0


class AnswerBatch(msgspec.Struct, frozen=True):
    """Changes of one attempt, from the device that owns the sitting."""

    attempt: PartNumber
    epoch: Epoch
    changes: Annotated[list[Change], msgspec.Meta(min_length=1, max_length=MOST_CHANGES)]


class Heartbeat(msgspec.Struct, frozen=True):
    """A sign of life when nothing else was sent for half a minute."""

    attempt: PartNumber
    epoch: Epoch
    focus_lost: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 0
    """How often the page lost the focus since the last heartbeat that was answered."""


class Rejected(msgspec.Struct, frozen=True):
    """A change that was not taken, and why; the browser keeps it and shows it."""

    seq: int
    item: str
    reason: str


class Saved(msgspec.Struct, frozen=True):
    """The promise: every change up to ``acked_seq`` that is not among the rejected is on durable storage."""

    acked_seq: Seq
    server_time: Stamp
    remaining_ms: int
    notices: list[str]
    rejected: list[Rejected]
    newest_message: int = 0
    """Number of the newest thing that the page has to show (``GET /messages``), some seconds behind; 0 for none."""


Message = TypeVar("Message")


class Try(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One practice item: what to call it, what to try, and what to see once it was done."""

    name: Text60
    hint: Text
    done: Text
    words: AnyItem


class Practice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is practised before the first part: never in a form, never answered to the server."""

    schema: Literal["proasn/practice/1"]
    items: Annotated[tuple[Try, ...], msgspec.Meta(min_length=1)]


@cache
def practice() -> Practice:
    """Read the practice items that come with the product; checked as the items of a form are."""
    place = files("assessment_app.exam").joinpath("practice.json")
    return msgspec.json.decode(place.read_bytes(), type=Practice)


def parse(kind: type[Message], body: bytes) -> Message:
    """Read a message; refuses with Invalid, naming the member that is wrong."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(str(error)) from error


def stamp(moment: datetime) -> str:
    """Write a moment as the protocol does: RFC 3339 in UTC with milliseconds."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def content_address(form_id: str) -> str:
    """Name where a form's presentation is."""
    return f"/api/exam/v1/content/{form_id}"


@dataclass(frozen=True)
class Participant:
    """Who sits here, for the head of the page."""

    name: str
    nip: str
    post: str
    unit: str
    agency: str
    wave: str
    room: str
    seat: int
    session: str
    timezone: str  # of the room, as IANA names it: every moment is shown in it


@dataclass(frozen=True)
class AttemptView:
    """One part of the battery as the participant sees it."""

    n: int
    title: str
    instrument: str
    state: str
    time_limit_ms: int
    remaining_ms: int
    items: int
    content: str  # fetched while the participant reads the instructions, so that starts do not crowd
    extra_ms: int  # of the time limit: what was granted on top


@dataclass(frozen=True)
class NeedsView:
    """What the participant was granted for the sitting; zero, false and empty where nothing was."""

    extra_ms: int  # over all parts
    large_text: bool
    breaks: int
    break_ms: int
    reader: str


@dataclass(frozen=True)
class ConsentAsked:
    """Which version of pact and notice is asked for, and whether it was accepted."""

    version: str
    accepted: bool


@dataclass(frozen=True)
class SittingView:
    """Where the participant stands."""

    server_time: Stamp
    participant: Participant
    state: str
    epoch: int
    acked_seq: int
    consent: ConsentAsked
    demonstration: bool
    needs: NeedsView
    newest_message: int  # as a save tells it
    attempts: list[AttemptView] = field(default_factory=list)


@dataclass(frozen=True)
class SignedIn:
    """The token that every other call carries, and where the participant stands."""

    token: str
    sitting: SittingView


@dataclass(frozen=True)
class Started:
    """An opened attempt: how much time is left, where its content is, what was answered before."""

    remaining_ms: int
    server_time: Stamp
    content: str
    answers: dict[str, Response]


@dataclass(frozen=True)
class SheetView:
    """One sealed sheet on the receipt."""

    form: Hash
    title: str
    sha256: Hash
    answered: int
    of: int


@dataclass(frozen=True)
class Receipt:
    """What a participant takes home: a code that names exactly the sheets that were sealed, and when the last was."""

    receipt_code: str
    sealed_at: Stamp | None  # none where every part was withdrawn before it was begun
    sheets: list[SheetView]
