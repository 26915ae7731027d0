"""What comes in from the pages of review, and how the numbers of a rule set are written for people."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from item_bank.competencies import COMPETENCIES

USED_RULES = (
    "jpm.purpose", "competency.standard", "competency.correlation", "potential.weights", "potential.min_measured",
    "potential.correlation", "potential.cuts", "competency.near_cut", "box.near_cut", "validity.rapid_seconds",
    "validity.effort_least", "validity.fit_level", "validity.longstring_share", "validity.straight_share",
    "validity.consistency_least",
)  # fmt: skip
"""The rules behind every profile; the thresholds that the purpose names come on top."""


@dataclass(frozen=True)
class UsedRule:
    """One rule as it was used for a person: its value in words, where it comes from, and how sure that is."""

    name: str
    value: str
    source: str
    mark: str


def used_rules(document: Mapping[str, Any], job_level: str, without: Container[str] = ()) -> list[UsedRule]:
    """List the rules that made a profile, each with what it said for this job level; those ``without`` did not."""
    rules, purpose = document["rules"], document["rules"]["jpm.purpose"]["value"]
    used = [name for name in (purpose, *USED_RULES) if name in rules and name not in without]
    return [
        UsedRule(name, _written(rules[name]["value"], job_level), rules[name]["source"], rules[name]["mark"])
        for name in used
    ]


def _written(value: Any, job_level: str) -> str:
    """Write a rule's value down briefly; of a table by job level only the line that counts."""
    match value:
        case {"lowest": lowest, "above": above}:
            return ", ".join([*(f"{name} ≥ {lower}" for name, lower in reversed(above)), lowest])
        case dict() if job_level in value:
            return str(value[job_level])
        case dict():
            return _("sama") if len(set(value.values())) == 1 else " / ".join(str(part) for part in value.values())
        case list():
            return " / ".join(str(part) for part in value)
        case float():
            return str(value).replace(".", ",")
        case _:
            return str(value)


CHOICES = {
    "confirm": mark("Setujui hasil sistem"),
    "adjust": mark("Sesuaikan level kompetensi"),
    "reassess": mark("Minta asesmen ulang satu bagian"),
}

STATES = {
    "open": mark("Belum ditinjau"),
    "draft": mark("Draf saya"),
    "returned": mark("Dikembalikan"),
    "waiting": mark("Menunggu persetujuan"),
    "reassess": mark("Asesmen ulang"),
    "outdated": mark("Dihitung ulang, tinjau lagi"),
    "signed": mark("Ditandatangani"),
}

FAULTS = {
    "nothing_adjusted": mark("Belum ada level yang diubah. Ubah sedikitnya satu, atau pilih Setujui hasil sistem."),
    "too_far": mark("%(name)s: level paling jauh %(furthest)s dari hasil sistem, dan hanya untuk yang terukur."),
    "too_short": mark("%(name)s: tulis alasan sedikitnya %(least)s huruf."),
    "no_part": mark("Pilih bagian yang diasesmen ulang."),
    "why_too_short": mark("Tulis alasan sedikitnya %(least)s huruf."),
}

UNDECIDED = mark("Pilih dahulu hasil tinjauan Anda. Belum ada yang ditandatangani.")

STORY = {
    "entered": mark("Masuk ruang tes"),
    "sealed": mark("Lembar %(title)s disegel: %(answered)s dari %(items)s soal terjawab"),
    "scored": mark("Lembar dinilai, mesin skor %(version)s"),
    "profile": mark("Profil disusun dari %(count)s skor"),
    "placed": mark("Penempatan %(definition)s: kotak %(box)s"),
    "placed.none": mark("Penempatan %(definition)s: belum ada kotak"),
    "time.proctor": mark("%(who)s menambah %(minutes)s menit pada bagian %(part)s"),
    "time.outage": mark("%(who)s mengembalikan %(minutes)s menit gangguan ruangan pada bagian %(part)s"),
    "profile.open": mark("%(who)s membuka profil"),
    "review.approve": mark("%(who)s menyetujui sebagai asesor kedua"),
    "review.draft": mark("%(who)s menyimpan draf"),
    "review.reassess": mark("%(who)s meminta asesmen ulang bagian %(part)s"),
    "review.release": mark("%(who)s melepas perkara ini dari antreannya"),
    "review.send_back": mark("%(who)s mengembalikan keputusan"),
    "review.sign": mark("%(who)s menandatangani hasil nomor %(n)s"),
    "review.submit": mark("%(who)s mengajukan keputusan kepada asesor kedua"),
    "review.take": mark("%(who)s mengambil perkara ini"),
}
"""What the trail of a sitting says of each act and event."""

MOST_LETTERS = 2000
"""A reason is some sentences; a longer text belongs into a letter that the reason names."""

REPLAYED = mark("Halaman ini sudah berubah. Muat ulang lalu coba lagi.")

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


def text(form: Mapping[str, str], name: str) -> str:
    """Read what somebody wrote: white space becomes single spaces; refuses with Invalid what is too long."""
    value = "".join(letter for letter in " ".join(form.get(name, "").split()) if letter.isprintable())
    if len(value) > MOST_LETTERS:
        raise Invalid(_("Alasan paling banyak %(most)s huruf.", most=MOST_LETTERS))
    return value


def number(form: Mapping[str, str], name: str) -> int | None:
    """Read a small number; nothing where none was given. Refuses with Invalid."""
    given = form.get(name, "").strip()
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 8):
        raise Invalid(_(REPLAYED))
    return int(given)


def shown(form: Mapping[str, str]) -> tuple[str, int]:
    """Read which profile a page showed and how many steps its review had; refuses with Invalid."""
    profile, steps = form.get("profile", ""), number(form, "steps")
    if not _SHA256.fullmatch(profile) or steps is None:
        raise Invalid(_(REPLAYED))
    return profile, steps


@dataclass(frozen=True)
class Typed:
    """A decision as it stands in the form, finished or not; without a choice nothing is decided yet."""

    choice: str = "confirm"
    levels: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    part: int | None = None
    why: str = ""

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Typed:
        """Read the form; refuses with Invalid."""
        choice = form.get("choice", "")
        if choice and choice not in CHOICES:
            raise Invalid(_(REPLAYED))
        codes = [one.code for one in COMPETENCIES]
        levels = {code: level for code in codes if (level := number(form, f"level.{code}")) is not None}
        reasons = {code: reason for code in codes if (reason := text(form, f"reason.{code}"))}
        return cls(choice, levels, reasons, number(form, "part"), text(form, "why"))

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Typed:
        """Read a draft."""
        return cls(**{name: written[name] for name in ("choice", "levels", "reasons", "part", "why")})

    @classmethod
    def again(cls, said: Mapping[str, Any]) -> Typed:
        """Fill the form with what a step decided, to change it."""
        levels = {one["construct"]: one["signed"] for one in said["adjustments"]}
        reasons = {one["construct"]: one["reason"] for one in said["adjustments"]}
        return cls(said["choice"], levels, reasons, said["part"], said["why"])

    def written(self) -> dict[str, object]:
        """Write it down as a draft."""
        return {
            "choice": self.choice, "levels": dict(self.levels), "reasons": dict(self.reasons), "part": self.part,
            "why": self.why,
        }  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which cases of a queue the reader wants to see; empty means all."""

    state: str = ""
    unit: str = ""
    name: str = ""
    near_cut: bool = False
    flagged: bool = False
    mine: bool = False
    incomplete: bool = False

    @classmethod
    def parse(cls, asked: Mapping[str, str]) -> Wanted:
        """Read the filters of an address; an unknown state is none."""
        state = asked.get("keadaan", "")
        ticked = (asked.get(name) == "1" for name in ("dekat", "tanda", "saya", "kurang"))
        unit, name = ("".join(filter(str.isprintable, asked.get(field, ""))) for field in ("unit", "cari"))
        return cls(state if state in STATES else "", unit, name.strip()[:80], *ticked)

    def address(self) -> dict[str, str]:
        """Write the filters for links that keep them."""
        given = {
            "keadaan": self.state, "unit": self.unit, "cari": self.name, "dekat": "1" * self.near_cut,
            "tanda": "1" * self.flagged, "saya": "1" * self.mine,
            "kurang": "1" * self.incomplete,
        }  # fmt: skip
        return {name: value for name, value in given.items() if value}


def told(kind: str, who: str, detail: Mapping[str, Any]) -> str:
    """Say one line of the story."""
    if kind == "placed":
        axes = detail["definition"]
        kind, detail = ("placed" if detail["box"] else "placed.none"), {**detail, "definition": _(axes)}
    return _(STORY[kind], who=who, **{name: value for name, value in detail.items() if name != "who"})
