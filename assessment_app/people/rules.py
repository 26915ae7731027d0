"""What a personnel record must look like; findings are written for the clerk who mends the spreadsheet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import partial
from typing import Literal

WORKING_AGE = range(17, 76)
APPOINTMENT_AGE = (18, 46)
"""Nobody is appointed before the first; after the second, and outside working age, a NIP is asked back."""

MATCH = "Cocokkan dengan SK."


class Severity(StrEnum):
    """An error keeps the row out, a warning lets it in and shows it."""

    ERROR = "error"
    WARNING = "warning"


class Status(StrEnum):
    """The two kinds of civil servants of UU 20/2023."""

    PNS = "PNS"
    PPPK = "PPPK"


class Sex(StrEnum):
    """As personnel sheets write it; the fifteenth digit of a NIP says the same with 1 and 2."""

    MALE = "L"
    FEMALE = "P"


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


@dataclass(frozen=True)
class Finding:
    """One thing to mend in one field of one row: what is wrong, and what to do."""

    severity: Severity
    field: str
    sentence: str
    advice: str


error = partial(Finding, Severity.ERROR)
warning = partial(Finding, Severity.WARNING)


@dataclass(frozen=True)
class Nip:
    """A sound NIP and what it says: ``YYYYMMDD YYYYMM S NNN``; for PPPK without the month."""

    digits: str
    birth: date
    appointed: tuple[int, int | None]
    sex: Sex
    status: Status


def clean_nip(text: str) -> str:
    """Take away what stands between the digits in spreadsheets: spaces of any kind, dots, quotes, dashes."""
    return re.sub(r"[\s.'\"`´‘’“”\-\u00a0\u200b-\u200d\ufeff]", "", text)


def age(birth: date, on: date) -> int:
    """Count full years of life on a day."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def read_nip(text: str, status: Status | None, today: date) -> tuple[Nip | None, list[Finding]]:
    """Check a NIP as written in a cell; the value is there when no finding is an error."""
    digits = clean_nip(text)
    found = list(_shape(text, digits))
    if found:
        return None, found
    year, month = int(digits[8:12]), int(digits[12:14])
    if status is None and month == 21:  # no month: the pattern of PPPK numbers since 2023
        found.append(warning("nip", "NIP berpola PPPK, tetapi status kosong.", "Isi kolom STATUS: PPPK."))
    status = status or (Status.PPPK if month == 21 else Status.PNS)
    birth = _day(digits[:8])
    start = _day(digits[8:14] + "01" if status is Status.PNS else digits[8:12] + "1231")
    found += _parts(digits, birth, start, status, today)
    if birth is None or Severity.ERROR in (f.severity for f in found):
        return None, found
    appointed = (year, month if status is Status.PNS else None)
    return Nip(digits, birth, appointed, Sex.MALE if digits[14] == "1" else Sex.FEMALE, status), found


def _day(digits: str) -> date | None:
    try:
        return date.fromisoformat(digits)
    except ValueError:
        return None


def _shape(text: str, digits: str) -> Iterator[Finding]:
    if not digits:
        yield error("nip", "NIP kosong.", "Isi NIP 18 angka.")
    elif re.fullmatch(r"\d+(,\d+)?e\+?\d+", digits, re.IGNORECASE):
        advice = "Format kolom NIP sebagai Teks, lalu salin ulang NIP dari sumber aslinya."
        yield error("nip", f"NIP rusak oleh Excel: tertulis {text.strip()}.", advice)
    elif not re.fullmatch(r"[0-9]+", digits):
        yield error("nip", "NIP memuat huruf atau tanda lain.", "Tulis 18 angka saja.")
    elif len(digits) == 9:
        yield error("nip", "Ini NIP lama, 9 angka.", "Isi NIP baru, 18 angka.")
    elif len(digits) != 18:
        yield error("nip", f"NIP {len(digits)} angka, seharusnya 18.", f"Lengkapi NIP. {MATCH}")


def _parts(nip: str, birth: date | None, start: date | None, status: Status, on: date) -> Iterator[Finding]:
    if birth is None:
        yield error("nip", f"Angka 1-8 NIP ({nip[:8]}) bukan tanggal lahir yang sah.", MATCH)
    elif (years := age(birth, on)) not in WORKING_AGE:
        yield warning("nip", f"Menurut NIP pegawai berumur {years} tahun.", MATCH)
    if start is None:
        advice = "Bulan PNS 01-12. Jika pegawai PPPK, isi kolom STATUS: PPPK."
        yield error("nip", f"Angka 9-14 NIP ({nip[8:14]}) bukan tahun dan bulan TMT CPNS.", advice)
    elif start.year > on.year:
        yield warning("nip", f"Tahun pengangkatan pada NIP ({start.year}) belum tiba.", MATCH)
    elif birth is not None and (years := age(birth, start)) < APPOINTMENT_AGE[0]:
        yield error("nip", f"Menurut NIP pegawai diangkat pada umur {years} tahun.", MATCH)
    elif birth is not None and status is Status.PNS and years > APPOINTMENT_AGE[1]:
        yield warning("nip", f"Menurut NIP pegawai diangkat pada umur {years} tahun.", MATCH)
    if nip[14] not in "12":
        advice = f"Angka 1 untuk laki-laki, 2 untuk perempuan. {MATCH}"
        yield error("nip", f"Angka ke-15 NIP adalah {nip[14]}, seharusnya 1 atau 2.", advice)
    if nip.endswith("000"):
        yield warning("nip", "NIP berakhir 000, mungkin dibulatkan Excel.", f"Periksa 3 angka akhir. {MATCH}")


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
        return None, [error("level", said, _suggest(plain(level) or words))]
    advice = f"Dipakai {known.label}. Jika keliru, perbaiki kolom JENJANG."
    return known, [warning("level", f"Jenjang disimpulkan dari jabatan '{title}'.", advice)]


def _match(titles: Mapping[JobLevel, str], words: str) -> JobLevel | None:
    return next((level for level, title in titles.items() if re.match(rf"({title})\b", words)), None)


def _suggest(words: str) -> str:
    labels = {plain(level.label): level for level in JobLevel}
    close = get_close_matches(words, labels, n=1, cutoff=0.7)
    meant = labels[close[0]] if close else _match(SHORT, words)
    if meant is None:
        return "Isi kolom JENJANG, misalnya Ahli Muda."
    return f"Mungkin {meant.label}: tulis itu di kolom JENJANG."


RANKS = {
    "I/a": "Juru Muda", "I/b": "Juru Muda Tingkat I", "I/c": "Juru", "I/d": "Juru Tingkat I",
    "II/a": "Pengatur Muda", "II/b": "Pengatur Muda Tingkat I", "II/c": "Pengatur",
    "II/d": "Pengatur Tingkat I", "III/a": "Penata Muda", "III/b": "Penata Muda Tingkat I", "III/c": "Penata",
    "III/d": "Penata Tingkat I", "IV/a": "Pembina", "IV/b": "Pembina Tingkat I",
    "IV/c": "Pembina Utama Muda", "IV/d": "Pembina Utama Madya", "IV/e": "Pembina Utama",
}  # fmt: skip
"""Grade of a PNS and the rank that belongs to it; the grades of PPPK have no rank names."""

PPPK = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI")
GRADES = {Status.PNS: tuple(RANKS), Status.PPPK: (*PPPK, "XVII")}


@dataclass(frozen=True)
class Verdict:
    """What a row that may be imported says, beyond its plain texts."""

    nip: Nip
    level: JobLevel
    grade: str
    born: date


def check_row(cells: Mapping[str, str], today: date) -> tuple[Verdict | None, list[Finding]]:
    """Judge the cells of one row, by field; there is no verdict when a finding is an error."""
    text = defaultdict(str, cells)
    found = list(_missing(text))
    status = Status(text["status"]) if text["status"] in list(Status) else None
    nip, of_nip = read_nip(text["nip"], status, today)
    level, of_level = read_job_level(text["level"], text["echelon"], text["title"])
    found += of_nip + (of_level if text["level"] or text["title"] else [])  # an empty post is told already
    if nip is None or level is None or Severity.ERROR in (f.severity for f in found):
        return None, found
    grade = text["grade"] if text["grade"] in GRADES[nip.status] else ""
    return Verdict(nip, level, grade, _day(text["born"]) or nip.birth), found + list(_doubts(text, nip))


def _missing(text: Mapping[str, str]) -> Iterator[Finding]:
    for field, column in (("name", "NAMA"), ("unit", "UNIT KERJA"), ("title", "JABATAN")):
        if not text[field]:
            yield error(field, f"{column} kosong.", f"Isi kolom {column}.")
    for field in (field for field, value in text.items() if len(value) > 200):
        yield error(field, "Isian lebih dari 200 huruf.", "Persingkat.")
    if text["status"] and text["status"] not in list(Status):
        yield error("status", f"Status '{text['status']}' tidak dikenal.", "Isi PNS atau PPPK.")


def _doubts(text: Mapping[str, str], nip: Nip) -> Iterator[Finding]:
    born = _day(text["born"])
    if text["born"] and born is None:
        yield warning("born", f"Tanggal lahir '{text['born']}' tidak terbaca.", "Dipakai tanggal dari NIP.")
    elif born and born != nip.birth:
        sentence = f"Tanggal lahir {born:%d-%m-%Y} berbeda dari NIP ({nip.birth:%d-%m-%Y})."
        yield warning("born", sentence, f"Dipakai isi kolom. {MATCH}")
    if text["sex"] and text["sex"] != nip.sex:
        yield warning("sex", f"Jenis kelamin {text['sex']} berbeda dari NIP ({nip.sex}).", "Dipakai isi NIP.")
    if text["grade"] and text["grade"] not in GRADES[nip.status]:
        sentence = f"Golongan '{text['grade']}' bukan golongan {nip.status}."
        yield warning("grade", sentence, f"Dikosongkan. Tulis seperti {GRADES[nip.status][8]}.")
