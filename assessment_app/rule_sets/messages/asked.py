"""What comes in from the pages of rule sets: version and date, a file, one rule field by field or as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from werkzeug.datastructures import FileStorage

from assessment_app.platform.errors import Invalid, TooLarge
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from assessment_app.rule_sets.messages.faults import key_name
from assessment_app.rule_sets.messages.words import (
    CHOICE_NAMES,
    NONE_WORDS,
    PERFORMANCE_ROWS,
    POTENTIAL_COLUMNS,
    in_order,
)
from scoring_engine.canonical import NotCanonical, canonical

MOST_BYTES = 256 * 1024
"""Bytes of a document; that of a release has 14 thousand."""

AS_TEXT = frozenset({"jpm.weights", "box.recommendations", "succession.eligible", "bup.special"})
"""Rules whose value has no fixed places to fill in."""

BANDS = ("lowest", "above")
BAND_PLACES = {
    "lowest": mark("Kategori terendah"),
    "above/0/0": mark("Kategori tengah"),
    "above/0/1": mark("Kategori tengah mulai dari (%)"),
    "above/1/0": mark("Kategori teratas"),
    "above/1/1": mark("Kategori teratas mulai dari (%)"),
}
CUT_PLACES = {"0": mark("Menengah mulai dari"), "1": mark("Tinggi mulai dari")}
MIX_PLACES = (mark("%(what)s: nilai talenta"), mark("%(what)s: kompetensi teknis"))
STEP_PLACES = (mark("Langkah %(what)s mulai dari"), mark("Langkah %(what)s: nilainya"))

GRID_PLACES = {
    "predicate.matrix": (mark("Hasil %(row)s, perilaku %(column)s"), PERFORMANCE_ROWS),
    "box.numbering": (mark("Kinerja %(row)s, potensial %(column)s"), POTENTIAL_COLUMNS),
}

NUMBER = re.compile(r"-?[0-9]{1,9}([.,][0-9]{1,6})?", re.ASCII)
WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True)
class Heading:
    """The version of a rule set and the moment from which it decides."""

    version: str
    effective: datetime

    @classmethod
    def parse(cls, form: Mapping[str, str], zone: str) -> Heading:
        """Read the form; the day begins at midnight of the agency's zone. Refuses with Invalid."""
        try:
            day = date.fromisoformat(form.get("effective", ""))
        except ValueError as error:
            raise Invalid("Tanggal mulai berlaku tidak terbaca. Pilih tanggalnya lagi.") from error
        version = " ".join(form.get("version", "").split())
        if not 0 < len(version) <= 20 or not 2000 <= day.year < 2100 or not version.isprintable():
            raise Invalid("Isi versi, paling banyak 20 huruf, dan tanggal mulai berlaku dari 2000 sampai 2099.")
        return cls(version, datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC))

    def parts(self) -> dict[str, str]:
        """Give what a document says of it."""
        return {"version": self.version, "effective": self.effective.isoformat()}


def sent_document(files: Mapping[str, FileStorage]) -> dict[str, Any]:
    """Take the document that somebody sends as a file; refuses with Invalid or TooLarge what cannot be one."""
    sent = files.get("berkas")
    if sent is None or not sent.filename:
        raise Invalid("Pilih berkas set aturan (JSON) lebih dahulu.")
    return read_document(sent.read(MOST_BYTES + 1))


def read_document(content: bytes) -> dict[str, Any]:
    """Read a document's bytes; refuses with Invalid or TooLarge what cannot be one."""
    if len(content) > MOST_BYTES:
        raise TooLarge("Berkas set aturan paling besar 256 kB.")
    found = _read_json(content)
    if not isinstance(found, dict):
        raise Invalid("Berkas ini bukan set aturan. Unduh set yang berlaku, ubah, lalu kirim berkas itu.")
    return found


def _read_json(content: bytes | str) -> Any:
    try:
        found = msgspec.json.decode(content)
        plain = canonical(found)
    except (msgspec.DecodeError, RecursionError, NotCanonical, UnicodeError) as error:
        raise Invalid("Teks JSON tidak terbaca. Periksa tanda kurung, koma, dan tanda kutipnya.") from error
    if b"\\u0000" in plain:  # no database keeps it
        raise Invalid("Teks memuat huruf yang tidak dapat disimpan. Hapus huruf yang tidak terlihat.")
    return found


@dataclass(frozen=True)
class Leaf:
    """One place of a rule's value as a form asks for it; ``options`` is empty where something is typed."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    numeric: bool = False


def leaves(rule: str, value: Any) -> list[Leaf]:
    """List the places of a value that a form can ask for one by one."""
    return [_leaf(rule, path, one) for path, one in _walk(rule, value)]


def _walk(rule: str, value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    members: Any = ()
    if isinstance(value, dict):
        keys = BANDS if "lowest" in value else in_order(rule, value)
        members = [(key, value[key]) for key in keys]
    elif isinstance(value, list):
        members = enumerate(value)
    else:
        yield path, value
    for key, one in members:
        yield from _walk(rule, one, f"{path}/{key}".removeprefix("/"))


def _leaf(rule: str, path: str, value: Any) -> Leaf:
    label = _label(rule, path)
    if isinstance(value, bool):
        return Leaf(f"nilai.{path}", label, "ya" if value else "tidak", (("ya", _("Ya")), ("tidak", _("Tidak"))))
    if rule in CHOICE_NAMES:
        return Leaf(
            f"nilai.{path}", label, str(value), tuple((code, _(one)) for code, one in CHOICE_NAMES[rule].items())
        )
    written = "" if value is None else str(value).replace(".", ",") if isinstance(value, float) else str(value)
    return Leaf(f"nilai.{path}", label, written, numeric=not path.startswith("lowest") and not _is_name(path))


def _is_name(path: str) -> bool:
    return path.startswith("above/") and path.endswith("/0")


def _label(rule: str, path: str) -> str:
    first, _slash, second = path.partition("/")
    if not path:
        return _("Nilai")
    if path in BAND_PLACES:
        return _(BAND_PLACES[path])
    if rule in GRID_PLACES:
        words, columns = GRID_PLACES[rule]
        return _(words, row=_(PERFORMANCE_ROWS[int(first)]), column=_(columns[int(second)]))
    if rule == "talent.technical_mix":
        return _(MIX_PLACES[int(second)], what=key_name(rule, first))
    if second:
        return _(STEP_PLACES[int(second)], what=int(first) + 1)
    return _(CUT_PLACES[path]) if path in CUT_PLACES else key_name(rule, path)


@dataclass(frozen=True)
class RuleForm:
    """One rule as somebody filled it in; ``fault`` is what cannot be read of it."""

    rule: dict[str, Any]
    text: str
    fault: str = ""

    @classmethod
    def parse(cls, form: Mapping[str, str], name: str, old: Mapping[str, Any]) -> RuleForm:
        """Read the form: places of the old value one by one, or the whole value as JSON text."""
        rest = {"source": " ".join(form.get("source", "").split()), "mark": form.get("mark", "")}
        if "json" not in form:
            value = _filled(name, old["value"], form)
            return cls({"value": value, **rest}, as_text(value))
        try:
            return cls({"value": _read_json(form["json"]), **rest}, form["json"])
        except Invalid as refused:
            return cls({"value": old["value"], **rest}, form["json"], _(refused.detail))


def as_text(value: Any) -> str:
    """Write a value as JSON text that people can edit."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _filled(rule: str, value: Any, form: Mapping[str, str], path: str = "") -> Any:
    """Build a value of the same form from what was typed; what is no number stays text, for the check to name."""
    match value:
        case dict():
            return {key: _filled(rule, one, form, f"{path}/{key}".removeprefix("/")) for key, one in value.items()}
        case list():
            return [_filled(rule, one, form, f"{path}/{at}".removeprefix("/")) for at, one in enumerate(value)]
    typed = " ".join(form.get(f"nilai.{path}", "").split())
    match value:
        case bool():
            return {"ya": True, "tidak": False}.get(typed, typed)
        case str():
            return typed
    return None if not typed and rule in NONE_WORDS else _number(typed)


def _number(typed: str) -> float | str:
    if WHOLE.fullmatch(typed):
        return int(typed)
    return float(typed.replace(",", ".")) if NUMBER.fullmatch(typed) else typed
