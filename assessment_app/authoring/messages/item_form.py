"""The editor's form: an item as fields that an author fills in, and back from an item to fields.

Kinds whose parts are no rows of text (pictures, simulations, tables) are written as a document instead; what an item
has of them stays when its text is edited here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from assessment_app.authoring.messages import typed
from assessment_app.authoring.messages.words import WORTHS
from assessment_app.platform.texts import mark
from item_bank import bank
from item_bank.bank import BankItem
from item_bank.drafts import UNREADABLE
from item_bank.instruments import INSTRUMENTS
from item_bank.item_keys import Graded, Preferred, Quantity, Ranked, RightOrWrong, Selected, Sequenced
from item_bank.presentation import Choices, Choosing, Number
from item_bank.stock import Face
from scoring_engine.canonical import canonical

ROWS = 6
"""Options that the form offers at first; an item that has more shows all of them."""
MOST_ROWS = 12
FREE_LETTERS = "abcdefghjkmnpqrstuvwxyz"
"""Names for new options; an id is the option's own and says nothing about its place."""

FORM_KINDS = ("choice", "choices", "order", "most_least", "number")
"""Kinds that the form can write."""

JOB_LEVELS = {
    "pelaksana": mark("Pelaksana"), "pengawas": mark("Pengawas (jabatan)"), "administrator": mark("Administrator"),
    "jpt": mark("JPT"), "fungsional": mark("Fungsional"),
}  # fmt: skip

NO_INSTRUMENT = mark("Pilih instrumennya.")
BAD_ID = mark("Kode butir berisi huruf kecil, angka, dan tanda hubung, paling panjang 40.")
NO_CONSTRUCT = mark("Pilih konstruk yang diukur.")
NO_FACET = mark("Isi seginya: bagian konstruk yang diukur.")
NO_TOPIC = mark("Isi topiknya, sedikitnya 3 huruf.")
NO_LEVEL = mark("Pilih sedikitnya satu jenjang jabatan.")
NO_QUESTION = mark("Tulis pertanyaannya.")
FEW_OPTIONS = mark("Tulis sedikitnya dua pilihan; blok paling dan paling tidak memerlukan tiga.")
NO_VALUE = mark("Isi jawaban yang benar.")
SHORT_WHY = mark("Tulis alasan untuk setiap pilihan, sedikitnya 10 huruf.")
NO_KIND = mark("Pilih jenis butirnya.")
NO_ORDER = mark("Urutan ditulis 1, 2, 3, dan seterusnya; setiap pilihan mendapat satu angka yang berbeda.")
NO_ITEM = mark("Dokumen butir tidak terbaca.")


@dataclass(frozen=True)
class Row:
    """One option as fields: its name, its words, what it earns, and why."""

    id: str = ""
    text: str = ""
    worth: str = ""
    why: str = ""


@dataclass(frozen=True)
class ItemForm:
    """An item as an author writes it; every field is text as it was typed."""

    instrument: str = ""
    kind: str = "choice"
    id: str = ""
    construct: str = ""
    facet: str = ""
    topic: str = ""
    job_levels: tuple[str, ...] = tuple(JOB_LEVELS)
    enemies: str = ""
    stem: str = ""
    question: str = ""
    a: str = "1"
    b: str = "0"
    value: str = ""
    tolerance: str = "0"
    unit: str = ""
    whole_why: str = ""
    repeats: str = ""
    rows: tuple[Row, ...] = field(default_factory=lambda: (Row(),) * ROWS)
    document: str = ""
    note: str = ""

    @classmethod
    def parse(cls, form: Mapping[str, str], levels: Sequence[str]) -> ItemForm:
        """Take the fields as they were typed; whether they make an item, ``read`` says."""
        plain = {name: typed.text(form.get(name, "")) for name in cls.__dataclass_fields__ if name not in _NOT_PLAIN}
        numbers = range(1, MOST_ROWS + 1)
        rows = [
            Row(*(typed.text(form.get(f"{name}-{number}", "")) for name in ("id", "text", "worth", "why")))
            for number in numbers
        ]
        last = max((number for number, row in enumerate(rows, 1) if row.text), default=0)
        return cls(**plain, job_levels=tuple(levels), rows=tuple(rows[: max(last, ROWS)]))

    @classmethod
    def of(cls, item: BankItem, instrument: str) -> ItemForm:
        """Lay an item out in fields; one that the form could not write back as it is, as a document."""
        about = item.about
        form = cls(
            instrument=instrument, kind=bank.kind_of(item), id=item.id, construct=next(iter(sorted(item.constructs))),
            facet=about.facet, topic=about.topic, job_levels=about.job_levels, enemies=", ".join(about.enemies),
            stem="\n\n".join(item.words.stem), question=item.words.question, **_key_fields(item),
        )  # fmt: skip
        return form if form._writes(item) else replace(form, document=written(item))

    def _writes(self, item: BankItem) -> bool:
        """Tell whether an item would come back as it is: fields trim what stands in them, and a line has no breaks."""
        lines = (self.facet, self.topic, self.question, self.unit)
        areas = (self.stem, self.whole_why, *(text for row in self.rows for text in (row.text, row.why)))
        if any("\n" in line for line in lines) or any(typed.text(text) != text for text in (*lines, *areas)):
            return False
        try:
            return self._from_fields(Face(item.words, item.about)) == item
        except ValueError:
            return False

    def read(self, base: Face | None, known: Collection[str]) -> tuple[BankItem | None, list[str]]:
        """Make the item, or say all that is wrong.

        What the form has no field for stays as in ``base``, the version before. ``known`` names the items in stock,
        which enemies may be.
        """
        if missing := list(self._missing()):
            return None, missing
        try:
            made = self._from_document() if self.document else self._from_fields(base)
            item = msgspec.json.decode(canonical(msgspec.to_builtins(made)), type=BankItem)  # as it would be read back
        except ValueError as error:  # msgspec says what and where; a number that is none says so in our words
            return None, [str(error)]
        problems = list(bank.problems_of([item], self.instrument, known))
        return (None, problems) if problems else (item, [])

    def _missing(self) -> Iterator[str]:
        """Say what is not there yet, in the order of the form."""
        if self.instrument not in INSTRUMENTS:
            yield NO_INSTRUMENT
        if self.document:
            return
        least = 3 if self.kind == "most_least" else 2
        rows = [row for row in self.rows if row.text]
        wants = (
            (_ID.fullmatch(self.id), BAD_ID), (self.construct or self.kind == "most_least", NO_CONSTRUCT),
            (self.facet, NO_FACET), (len(self.topic) >= 3, NO_TOPIC), (self.job_levels, NO_LEVEL),
            (self.question, NO_QUESTION), (self.kind == "number" or len(rows) >= least, FEW_OPTIONS),
            (self.kind != "number" or self.value, NO_VALUE), (all(len(row.why) >= 10 for row in rows), SHORT_WHY),
            (self.kind != "number" or len(self.whole_why) >= 10, SHORT_WHY),
        )  # fmt: skip
        yield from (sentence for there, sentence in wants if not there)

    def _from_document(self) -> BankItem:
        try:
            item = msgspec.json.decode(self.document, type=BankItem)
        except UNREADABLE as error:
            raise ValueError(f"{NO_ITEM} {error}") from error
        if "\0" in item.about.facet + item.about.topic:  # no column of text takes it
            raise ValueError(NO_ITEM)
        return item

    def _from_fields(self, base: Face | None) -> BankItem:
        if self.kind not in FORM_KINDS:
            raise ValueError(NO_KIND)
        words: dict[str, Any] = {
            "kind": self.kind, "id": self.id, "question": self.question,
            "stem": [part.strip() for part in self.stem.split("\n\n") if part.strip()],
        }  # fmt: skip
        before = msgspec.to_builtins(base.words) if base is not None else {}
        words |= {name: before[name] for name in ("table", "picture") if name in before}
        images = {one["id"]: one["image"] for one in before.get("options", ()) if "image" in one}
        rows = self._named_rows()
        if self.kind != "number":
            words["options"] = [
                {"id": row.id, "text": row.text} | ({"image": images[row.id]} if row.id in images else {})
                for row in rows
            ]
        if self.kind == "choices":
            words["at_most"] = _at_most(base, len(rows))
        if self.kind == "number":
            words["unit"] = self.unit
        levels = base.about.job_levels if base and {*base.about.job_levels} == {*self.job_levels} else self.job_levels
        about = {
            "facet": self.facet, "topic": self.topic, "job_levels": list(levels),
            "enemies": [name.strip() for name in self.enemies.split(",") if name.strip()],
        }  # fmt: skip
        return msgspec.convert({"words": words, "key": self._key(rows), "about": about}, BankItem)

    def _named_rows(self) -> list[Row]:
        """Give every option a name of its own."""
        rows = [row for row in self.rows if row.text]
        taken = {row.id for row in rows if row.id}
        free = (letter for letter in FREE_LETTERS if letter not in taken)
        return [row if row.id else Row(next(free), row.text, row.worth, row.why) for row in rows]

    def _key(self, rows: Sequence[Row]) -> dict[str, Any]:
        why = {row.id: row.why for row in rows}
        if self.kind == "most_least":
            return self._block_key(rows, why)
        curve: dict[str, Any] = {"id": self.id, "construct": self.construct, "rationale": why}
        curve |= {"a": typed.slope(self.a), "b": typed.borders(self.b)}
        match self.kind:
            case "choice":
                credit = {row.id: typed.whole(row.worth, 12) for row in rows}
                if max(credit.values()) > 1 or len(curve["b"]) > 1:
                    return curve | {"model": "grm", "credit": credit}
                return curve | {"model": "2pl", "b": curve["b"][0], "credit": credit}
            case "choices":
                right = [row.id for row in rows if typed.whole(row.worth, 1, WORTHS["choices"][1])]
                return curve | {"model": "set", "right": right}
            case "order":
                return curve | {"model": "sequence", "right": _in_order(rows)}
            case "number":
                told = {"value": typed.decimal(self.value), "tolerance": typed.decimal(self.tolerance or "0")}
                return curve | told | {"model": "quantity", "rationale": {"whole": self.whole_why}}
            case _:
                raise ValueError(NO_KIND)

    def _block_key(self, rows: Sequence[Row], why: dict[str, str]) -> dict[str, Any]:
        """A block whose worths are constructs divides a preference; one whose worths are numbers measures one."""
        if all(row.worth in INSTRUMENTS[self.instrument].constructs for row in rows):
            said = {"model": "ipsative", "statements": {row.id: row.worth for row in rows}}
            return {"id": self.id, "rationale": why, "repeats": self.repeats or None} | said
        statements = {row.id: typed.statement(row.worth) for row in rows}
        return {
            "id": self.id, "model": "thurstone", "construct": self.construct, "statements": statements,
            "rationale": why,
        }  # fmt: skip


_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_NOT_PLAIN = frozenset({"job_levels", "rows"})


def written(item: BankItem) -> str:
    """Write an item as the document that the editor shows."""
    return msgspec.json.format(msgspec.json.encode(item), indent=1).decode()


def _key_fields(item: BankItem) -> dict[str, Any]:
    """Lay a key out in fields."""
    options = item.words.options if isinstance(item.words, Choosing) else ()
    worth = _worths(item)
    rows = [Row(one.id, one.text, worth.get(one.id, ""), item.key.rationale.get(one.id, "")) for one in options]
    told: dict[str, Any] = {"rows": (*rows, *(Row(),) * (ROWS - len(rows)))}
    if isinstance(item.key, Preferred | Ranked):
        return told | {"repeats": (item.key.repeats or "") if isinstance(item.key, Ranked) else ""}
    told |= {"a": typed.shown(item.key.a), "b": "; ".join(typed.shown(border) for border in item.key.borders)}
    if isinstance(item.key, Quantity) and isinstance(item.words, Number):
        told |= {
            "value": item.key.value.replace(".", ","), "tolerance": item.key.tolerance.replace(".", ","),
            "unit": item.words.unit, "whole_why": item.key.rationale.get("whole", ""),
        }  # fmt: skip
    return told


def _worths(item: BankItem) -> dict[str, str]:
    match item.key:
        case Graded() | RightOrWrong():
            return {name: str(credit) for name, credit in item.key.credit.items()}
        case Selected() if isinstance(item.words, Choices):
            return {name: "1" if name in item.key.right else "0" for name in item.words.option_ids}
        case Sequenced():
            return {name: str(place) for place, name in enumerate(item.key.right, start=1)}
        case Ranked():
            return dict(item.key.statements)
        case Preferred():
            said = item.key.statements.items()
            return {name: "; ".join(map(typed.shown, (one.loading, one.mean, one.psi))) for name, one in said}
        case _:
            return {}


def _at_most(base: Face | None, rows: int) -> int:
    """Say how many options may be chosen: as before, and all of them where it was all before."""
    words = base.words if base is not None else None
    return min(words.at_most, rows) if isinstance(words, Choices) and words.at_most < len(words.options) else rows


def _in_order(rows: Sequence[Row]) -> list[str]:
    """Name the options in their right order; refuses places that leave it open."""
    places = {typed.whole(row.worth, MOST_ROWS, NO_ORDER): row.id for row in rows}
    if sorted(places) != [*range(1, len(rows) + 1)]:
        raise ValueError(NO_ORDER)
    return [places[place] for place in sorted(places)]
