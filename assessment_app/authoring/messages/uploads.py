"""Files that authors send, and what waits sealed in a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from uuid import UUID

import msgspec
from cryptography.fernet import InvalidToken
from werkzeug.datastructures import FileStorage

from assessment_app.authoring.messages.sheet import MAX_BYTES, SheetItems, read_sheet
from assessment_app.platform.errors import Invalid, TooLarge
from assessment_app.platform.security import open_secret, seal_secret
from assessment_app.platform.texts import mark
from item_bank import drafts
from item_bank.drafts import Draft, DraftRefused

DRAFT_MOST = 2 * 1024 * 1024
"""Bytes of a draft file: the sealed draft travels through a page, and a form field holds at most 4 MiB."""


@dataclass(frozen=True)
class Upload:
    """A draft file as an author sends it."""

    name: str
    content: bytes

    @classmethod
    def parse(cls, files: Mapping[str, FileStorage]) -> Upload:
        """Take the file of the form; refuses with Invalid when there is none, with TooLarge above 2 MiB."""
        sent = _chosen(files, "draf", mark("Pilih berkas draf lebih dahulu."))
        content = sent.read(DRAFT_MOST + 1)
        if len(content) > DRAFT_MOST:
            raise TooLarge("Berkas draf paling besar 2 MB.")
        return cls(_name(sent) or "draf.json", content)

    def read(self) -> tuple[Draft | None, list[str]]:
        """Read the draft, or else list all that is wrong with it."""
        try:
            return drafts.parse(self.content, self.name), []
        except DraftRefused as refused:
            return None, refused.problems


@dataclass(frozen=True)
class SheetUpload:
    """A filled-in sheet as an author sends it."""

    name: str
    content: bytes

    @classmethod
    def parse(cls, files: Mapping[str, FileStorage]) -> SheetUpload:
        """Take the file of the form, no more of it than a sheet may have; refuses with Invalid when there is none."""
        sent = _chosen(files, "berkas", mark("Pilih berkas butir lebih dahulu."))
        return cls(_name(sent), sent.read(MAX_BYTES + 1))

    def read(self, known: Collection[str]) -> SheetItems:
        """Read its items, or every fault; refuses with Invalid what is damaged, too large or no such sheet."""
        return read_sheet(self.content, self.name, known)


@dataclass(frozen=True)
class Preview:
    """A draft on its way to being proposed: it travels sealed through the page, stored nowhere.

    The nonce is chosen before the preview, so whoever proposes one preview twice proposes one form.
    """

    account_id: UUID
    nonce: bytes
    name: str
    content: bytes

    @property
    def proposal_id(self) -> UUID:
        """Name the proposal that this preview becomes: from the nonce, so the same preview is one proposal."""
        return UUID(bytes=self.nonce[:16], version=4)

    def sealed(self) -> str:
        """Seal it for the page: it holds the key, which the page must not tell."""
        return seal_secret(msgspec.msgpack.encode(self), "draft-preview").decode()

    @classmethod
    def parse(cls, form: Mapping[str, str], account_id: UUID) -> Preview:
        """Read one back from the page; refuses with Invalid if it is not ours or not this author's."""
        try:
            plain = open_secret(form.get("pratinjau", "").encode(), "draft-preview")
        except InvalidToken as error:
            raise Invalid("Pratinjau ini tidak dikenal. Unggah berkas drafnya lagi.") from error
        found = msgspec.msgpack.decode(plain, type=cls)
        if found.account_id != account_id:
            raise Invalid("Pratinjau ini dibuat oleh akun lain. Unggah sendiri berkas drafnya.")
        return found


def _chosen(files: Mapping[str, FileStorage], field: str, otherwise: str) -> FileStorage:
    sent = files.get(field)
    if sent is None or not sent.filename:
        raise Invalid(otherwise)
    return sent


def _name(sent: FileStorage) -> str:
    return "".join(letter for letter in PurePath(sent.filename or "").name if letter.isprintable())[:200]
