"""The file that a participant's page saves, as a proctor sends it; what is wrong with one has a sentence each.

A line of JSON in the clear, then sealed bytes that are bound to that line. The line names no person and no sitting: the
token inside, which only a page has that was signed in, says whose changes they are and as which device.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from typing import Annotated

import msgspec
from werkzeug.datastructures import FileStorage, MultiDict

from assessment_app.exam.messages import RESCUE, Text60, parse
from assessment_app.platform import letters
from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import mark
from assessment_app.scheduling.messages import reason

FORMAT = "proasn/rescue/1"
ANY_FORMAT = "proasn/rescue/"
MOST_BYTES = 2 * 1024 * 1024
"""Ten times what a whole battery weighs when not one answer could be sent."""

MOST_HEAD = 1024
MOST_CHANGES = 20_000
LARGEST = 2**53
"""The largest whole number that a browser counts exactly."""


class UnfitFile(Invalid):
    """What was sent cannot be taken in. The title says why, the advice what to do with it."""

    advice = ""

    def __init__(self, advice: str = "") -> None:
        """Say what to do: what always helps here, or better words for this case."""
        super().__init__(advice or self.advice)


class NoFile(UnfitFile):
    """Nothing was chosen."""

    slug, title = "no-file", "Pilih berkas jawaban lebih dahulu."


class NotOurFile(UnfitFile):
    """Something else was chosen."""

    slug, title = "not-our-file", "Berkas ini bukan berkas jawaban."
    advice = mark("Pilih berkas yang namanya berawal “jawaban-kursi-” dan berakhir “.proasn”.")


class OtherFormat(UnfitFile):
    """A page of another version wrote it."""

    slug, title = "other-format", "Berkas ini dibuat oleh versi halaman ujian yang lain."
    advice = mark("Jangan hapus berkasnya. Serahkan kepada admin sistem; isinya tetap utuh.")


class OtherServer(UnfitFile):
    """It was sealed for another installation, or before the secret of this one was changed."""

    slug, title = "other-server", "Berkas ini dibuat untuk server ujian yang lain, sehingga tidak dapat dibuka di sini."
    advice = mark("Jangan hapus berkasnya. Serahkan kepada admin sistem.")


class Damaged(UnfitFile):
    """It was cut or changed on its way."""

    slug, title = "damaged", "Isi berkas ini rusak atau pernah diubah, sehingga tidak ada yang dimuat."
    advice = mark("Minta peserta menyimpan berkas jawaban sekali lagi di komputernya, lalu salin ulang.")


class FileTooLarge(UnfitFile):
    """No page of ours writes so much."""

    slug, title = "file-too-large", "Berkas ini terlalu besar untuk berkas jawaban."
    advice = mark("Pilih berkas yang namanya berawal “jawaban-kursi-” dan berakhir “.proasn”.")


class NotThisSeat(UnfitFile):
    """It holds somebody else's changes."""

    slug, title = "not-this-seat", "Berkas ini bukan milik peserta di kursi ini, sehingga tidak ada yang dimuat."


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The line in the clear."""

    format: str
    key: str
    sender: bytes
    nonce: bytes


class Version(msgspec.Struct, frozen=True):
    """What the line of every version has."""

    format: str


Whole = Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]


class Unsent(msgspec.Struct, frozen=True):
    """One change that the page could not send, under the name that it would have had."""

    attempt: Annotated[int, msgspec.Meta(ge=1, le=100)]
    epoch: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    seq: Annotated[int, msgspec.Meta(ge=1, le=2**40)]
    item: Text60
    response: object
    at_ms: Whole = 0
    spent_ms: Whole = 0


class Content(msgspec.Struct, frozen=True):
    """What the sealed bytes hold."""

    token: Annotated[str, msgspec.Meta(max_length=200)]
    changes: Annotated[list[Unsent], msgspec.Meta(min_length=1, max_length=MOST_CHANGES)]


@dataclass(frozen=True)
class AnswerFile:
    """A file that could be opened: what it holds, and what names it."""

    sha256: str
    content: Content
    raw: bytes

    @property
    def text(self) -> str:
        """The file as a form carries it from the preview to the confirmation, still sealed."""
        return b64encode(self.raw).decode()


def sent(files: MultiDict[str, FileStorage]) -> bytes:
    """Take the file of a form; refuses with NoFile or FileTooLarge."""
    given = files.get("berkas")
    if given is None or not given.filename:
        raise NoFile
    return given.stream.read(MOST_BYTES + 1)


def carried(form: MultiDict[str, str]) -> bytes:
    """Take the file that the preview carried along; refuses with Damaged."""
    try:
        return b64decode(form.get("berkas", ""), validate=True)
    except NotBase64 as error:
        raise Damaged from error


def open_file(raw: bytes) -> AnswerFile:
    """Open a file; refuses with FileTooLarge, NotOurFile, OtherFormat, OtherServer or Damaged."""
    if len(raw) > MOST_BYTES:
        raise FileTooLarge
    line, newline, sealed = raw.partition(b"\n")
    head = _head(line)
    if head.key != letters.key_name(letters.public_key(RESCUE)):
        raise OtherServer
    try:
        letter = letters.Letter(head.sender, head.nonce, sealed, line + newline)
        content = parse(Content, letters.open_letter(letter, RESCUE, FORMAT))
    except (letters.CannotOpen, Invalid) as error:
        raise Damaged from error
    return AnswerFile(hashlib.sha256(raw).hexdigest(), content, raw)


def _head(line: bytes) -> Head:
    if len(line) > MOST_HEAD:
        raise NotOurFile
    try:
        version = parse(Version, line).format
    except Invalid as error:
        raise NotOurFile from error
    if not version.startswith(ANY_FORMAT):
        raise NotOurFile
    if version != FORMAT:
        raise OtherFormat
    try:
        return parse(Head, line)
    except Invalid as error:
        raise Damaged from error


@dataclass(frozen=True)
class Load:
    """A wish to let a file in that was looked at."""

    file: AnswerFile
    reason: str

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Load:
        """Read the form; refuses with Invalid, and as ``open_file`` does."""
        return cls(open_file(carried(form)), reason(form))
