"""What comes in from the pages of the vault, what waits sealed in them, and items as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from uuid import UUID

import msgspec
from cryptography.fernet import InvalidToken
from werkzeug.datastructures import FileStorage

from assessment_app.platform.errors import Invalid, TooLarge
from assessment_app.platform.security import open_secret, seal_secret
from assessment_app.platform.texts import mark
from item_bank import drafts
from item_bank.drafts import Draft, DraftRefused
from item_bank.presentation import AnyItem, Choosing, Option, Presentation

REASON_LEAST, REASON_MOST = 10, 500
"""Characters of a reason: fewer say nothing, more is a report and belongs elsewhere."""

DRAFT_MOST = 2 * 1024 * 1024
"""Bytes of a draft file: the sealed draft travels through a page, and a form field holds at most 4 MiB."""

SHORT_REASON = mark("Tulis alasan 10 sampai 500 karakter. Alasan ini tercatat bersama nama Anda.")

KIND_NAMES = {
    "choice": mark("Pilihan tunggal"),
    "choices": mark("Pilihan ganda"),
    "order": mark("Urutan"),
    "most_least": mark("Paling dan paling tidak"),
    "rating": mark("Skala"),
    "number": mark("Isian angka"),
    "text": mark("Isian teks"),
    "hotspot": mark("Bagian gambar"),
    "simulation": mark("Simulasi"),
}
MODEL_NAMES = {"grm": "GRM", "2pl": "2PL", "thurstone": "Thurstone", "ipsative": mark("Ipsatif")}
STATEMENT_NAMES = {"loading": mark("muatan"), "mean": mark("rerata"), "psi": mark("ragam galat")}


@dataclass(frozen=True)
class Upload:
    """A draft file as an author sends it."""

    name: str
    content: bytes

    @classmethod
    def parse(cls, files: Mapping[str, FileStorage]) -> Upload:
        """Take the file of the form; refuses with Invalid when there is none, with TooLarge above 2 MiB."""
        sent = files.get("draf")
        if sent is None or not sent.filename:
            raise Invalid("Pilih berkas draf lebih dahulu.")
        content = sent.read(DRAFT_MOST + 1)
        if len(content) > DRAFT_MOST:
            raise TooLarge("Berkas draf paling besar 2 MB.")
        name = "".join(letter for letter in PurePath(sent.filename).name if letter.isprintable())[:200]
        return cls(name or "draf.json", content)

    def read(self) -> tuple[Draft | None, list[str]]:
        """Read the draft, or else list all that is wrong with it."""
        try:
            return drafts.parse(self.content, self.name), []
        except DraftRefused as refused:
            return None, refused.problems


@dataclass(frozen=True)
class Preview:
    """A draft on its way to being published: it travels sealed through the page, stored nowhere.

    The nonce is chosen before the preview, so whoever publishes one preview twice publishes one form.
    """

    account_id: UUID
    nonce: bytes
    name: str
    content: bytes

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


@dataclass(frozen=True)
class Reason:
    """Why somebody opens what is closed; ``fault`` is the sentence for the field when it will not do."""

    text: str
    fault: str = ""

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Reason:
        """Read the reason of the form; space around and between its words does not count."""
        text = " ".join(form.get("alasan", "").split())
        return cls(text, "" if REASON_LEAST <= len(text) <= REASON_MOST else SHORT_REASON)


NO_REASON = Reason("")
"""What stands in the field before anybody has written there."""


@dataclass(frozen=True)
class ShownItem:
    """One item as a participant sees it; a kind without options has none."""

    number: int
    item_id: str
    kind: str
    stem: tuple[str, ...]
    question: str
    options: tuple[Option, ...]

    @property
    def gist(self) -> str:
        """Give the words by which a list tells this item from the next."""
        words = " ".join(self.stem or [option.text for option in self.options] or [self.question])
        return words if len(words) <= 70 else words[:70].rsplit(" ", 1)[0].rstrip(" .,;:…") + "…"


def shown(words: Presentation) -> tuple[ShownItem, ...]:
    """Arrange the items of a form for its pages."""
    return tuple(_shown(number, item) for number, item in enumerate(words.items, start=1))


def _shown(number: int, item: AnyItem) -> ShownItem:
    options = item.options if isinstance(item, Choosing) else ()
    kind = str(item.__struct_config__.tag)
    return ShownItem(number, item.id, kind, item.stem, item.question, options)
