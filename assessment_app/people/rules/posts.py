"""The rung of a post, read from its own column, its echelon or its title (domain.md 10.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Literal

from assessment_app.people.rules.findings import Finding, error, warning

JobGroup = Literal["manajerial", "keahlian", "keterampilan", "pelaksana"]


class JobLevel(StrEnum):
    """The rung of a post: it decides the standard that a person is measured against."""

    JPT_UTAMA = "jpt_utama"
    JPT_MADYA = "jpt_madya"
    JPT_PRATAMA = "jpt_pratama"
    ADMINISTRATOR = "administrator"
    PENGAWAS = "pengawas"
    PELAKSANA = "pelaksana"
    AHLI_UTAMA = "ahli_utama"
    AHLI_MADYA = "ahli_madya"
    AHLI_MUDA = "ahli_muda"
    AHLI_PERTAMA = "ahli_pertama"
    PENYELIA = "penyelia"
    MAHIR = "mahir"
    TERAMPIL = "terampil"
    PEMULA = "pemula"

    @property
    def label(self) -> str:
        """Name the level as Indonesian regulations do."""
        return self.value.replace("_", " ").title().replace("Jpt", "JPT")

    @property
    def group(self) -> JobGroup:
        """Name the family that this level belongs to."""
        if self.value in ("penyelia", "mahir", "terampil", "pemula"):
            return "keterampilan"
        if self.value == "pelaksana":
            return "pelaksana"
        return "keahlian" if self.value.startswith("ahli") else "manajerial"


HEADS = {
    JobLevel.JPT_PRATAMA: r"kepala (dinas|badan|biro)|inspektur daerah|staf ahli",
    JobLevel.ADMINISTRATOR: r"kepala (bidang|bagian)|camat|sekretaris (dinas|badan|kecamatan)",
    JobLevel.PENGAWAS: r"kepala (sub ?bagian|sub ?bidang|seksi)|lurah|sekretaris kelurahan",
}
SHORT = {
    JobLevel.JPT_PRATAMA: "kadis|kaban|karo", JobLevel.ADMINISTRATOR: "kabid|kabag|sekdis|sekcam",
    JobLevel.PENGAWAS: "kasub+ag|kasub+id|kasi",
}  # fmt: skip
"""HEADS are titles that tell the level by themselves, believed with a warning; SHORT only suggest it."""

NAMED = r"\b(jpt (utama|madya|pratama)|ahli (utama|madya|muda|pertama)|penyelia|mahir|terampil|pemula)\b"
ORDINARY = r"\b(administrator|pengawas|pelaksana)\b"  # in a title just a word, as in 'Pengawas Sekolah'
ECHELONS = dict(zip(("i", "ii", "iii", "iv", "v"), list(JobLevel)[1:6], strict=True))


def plain(text: str) -> str:
    """Reduce a title to lower-case words, so that dots, slashes and double spaces do not matter."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip().replace("pimpinan tinggi", "jpt")


def level_in(words: str, pattern: str = NAMED) -> JobLevel | None:
    """Find a level that a text names outright, as in 'Analis Kebijakan Ahli Muda'."""
    hit = re.search(pattern, words)
    return JobLevel(hit[0].replace(" ", "_")) if hit else None


def level_of_echelon(cell: str) -> JobLevel | None:
    """Read a cell of the column ESELON: 'II.a', 'Eselon III', 'iv/b'."""
    hit = re.fullmatch(r"(?:es(?:elon|l)? )?(i{1,3}|iv|v)(?: ?[ab])?", plain(cell))
    return ECHELONS[hit[1]] if hit else None


def level_of(cell: str) -> JobLevel | None:
    """Read a cell of the column JENJANG. A bare 'III/a' is a grade there, not an echelon."""
    words = plain(cell)
    known = level_in(words) or level_in(words, ORDINARY) or level_in(f"ahli {words}")
    return known or (level_of_echelon(cell) if words.startswith("es") else None)


def read_job_level(level: str, echelon: str, title: str) -> tuple[JobLevel | None, list[Finding]]:
    """Take the level from the post, never from the grade: its own column, else echelon, else title."""
    words = plain(title)
    named = level_in(words)
    if known := level_of(level) or level_of_echelon(echelon) or (None if plain(level) else named):
        return known, []
    known = named or (None if plain(level) else _match(HEADS, words))
    if known is None:
        said = f"Jenjang '{level}' tidak dikenal." if plain(level) else f"Jenjang tidak terbaca dari jabatan '{title}'."
        return None, [error("level", said, _suggest(plain(level) or words), kind="level_unknown")]
    advice = f"Dipakai {known.label}. Jika keliru, perbaiki kolom JENJANG."
    return known, [warning("level", f"Jenjang disimpulkan dari jabatan '{title}'.", advice, kind="level_inferred")]


def _match(titles: Mapping[JobLevel, str], words: str) -> JobLevel | None:
    return next((level for level, title in titles.items() if re.match(rf"({title})\b", words)), None)


def _suggest(words: str) -> str:
    labels = {plain(level.label): level for level in JobLevel}
    close = get_close_matches(words, labels, n=1, cutoff=0.7)
    meant = labels[close[0]] if close else _match(SHORT, words)
    if meant is None:
        return "Isi kolom JENJANG, misalnya Ahli Muda."
    return f"Mungkin {meant.label}: tulis itu di kolom JENJANG."
