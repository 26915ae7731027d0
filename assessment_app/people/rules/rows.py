"""What a personnel record must look like; findings are written for the clerk who mends the spreadsheet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from assessment_app.people.rules.findings import MATCH, Finding, Severity, error, repair, warning
from assessment_app.people.rules.nips import WORKING_AGE, Nip, Status, age, day_of, read_nip
from assessment_app.people.rules.posts import JobLevel, plain, read_job_level
from assessment_app.people.rules.standings import Standing, read_standing

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


GRADE_OF = {plain(rank): grade for grade, rank in RANKS.items()}
"""Grade by the name of its rank; every rank has one grade."""

EARLIEST_PENSION = 58
"""The lowest retirement age of UU 20/2023 art. 55; which one holds is told by the rule set, not by an import."""

GONE = {
    Standing.DECEASED: "sudah meninggal dunia", Standing.RETIRED: "sudah pensiun", Standing.STOPPED: "sudah berhenti",
    Standing.MOVED: "sudah pindah",
}  # fmt: skip
"""Who is not sent to an assessment, whatever else the row says."""


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
    found = [*_missing(text), *_gone(text, today)]
    status = Status(text["status"]) if text["status"] in list(Status) else None
    nip, of_nip = read_nip(text["nip"], status, today)
    of_nip = [one for one in of_nip if one.kind != "status_missing" or not text["status"]]  # unknown is told already
    level, of_level = read_job_level(text["level"], text["echelon"], text["title"])
    found += of_nip + (of_level if text["level"] or text["title"] else [])  # an empty post is told already
    if nip is None or level is None or Severity.ERROR in (f.severity for f in found):
        return None, found
    grade, of_grade = _grade(text["grade"], nip.status)
    born, of_birth = _birth(text["born"], nip)
    return Verdict(nip, level, grade, born), [*found, *of_birth, *of_grade, *_doubts(text, nip), *_pension(nip, today)]


def _missing(text: Mapping[str, str]) -> Iterator[Finding]:
    for field, column in (("name", "NAMA"), ("unit", "UNIT KERJA"), ("title", "JABATAN")):
        if not text[field]:
            yield error(field, f"{column} kosong.", f"Isi kolom {column}.", kind="field_missing")
    for field in (field for field, value in text.items() if len(value) > 200):
        yield error(field, "Isian lebih dari 200 huruf.", "Persingkat.", kind="too_long")
    if text["status"] and text["status"] not in list(Status):
        yield error("status", f"Status '{text['status']}' tidak dikenal.", "Isi PNS atau PPPK.", kind="status_unknown")


def _gone(text: Mapping[str, str], today: date) -> Iterator[Finding]:
    """Keep out who is no longer here by a remark of the list; what will only be so one day is no reason yet."""
    standing = read_standing(text["standing"])
    if standing in GONE and not _is_later(text["standing"], today):
        said = f"Menurut kolom keterangan pegawai ini {GONE[standing]}: '{text['standing']}'."
        advice = "Hapus baris ini. Bila keliru, perbaiki keterangannya."
        yield error("standing", said[:400], advice, kind="gone")
    elif re.match(r"\W*(alm|almh|almarhum|almarhumah)\b", text["name"], re.IGNORECASE):
        said = f"Nama ditandai almarhum: '{text['name']}'."
        yield error("name", said[:400], "Hapus baris ini. Bila keliru, perbaiki namanya.", kind="gone")


def _is_later(remark: str, today: date) -> bool:
    """Tell whether a remark names a day, or only a year, that has not come."""
    if hit := re.search(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", remark):
        day = day_of(f"{hit[3]}-{int(hit[2]):02}-{int(hit[1]):02}")
        return day is not None and day > today
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d{2}\b", remark)]
    return bool(years) and max(years) > today.year


def _birth(written: str, nip: Nip) -> tuple[date, list[Finding]]:
    """Take the birth date of its own column before that of the NIP; month and day may have changed places."""
    born, swapped = day_of(written), day_of(f"{written[:4]}-{written[8:10]}-{written[5:7]}")
    if not written or born == nip.birth:
        return nip.birth, []
    if swapped == nip.birth:
        said = f"Tanggal lahir tertulis bulan dahulu; dibaca {nip.birth:%d-%m-%Y} seperti pada NIP."
        return nip.birth, [repair("born", said, "", kind="born_spelling")]
    if born is None:
        said = f"Tanggal lahir '{written}' tidak terbaca."
        return nip.birth, [warning("born", said, "Dipakai tanggal dari NIP.", kind="born_unread")]
    said = f"Tanggal lahir {born:%d-%m-%Y} berbeda dari NIP ({nip.birth:%d-%m-%Y})."
    return born, [warning("born", said, f"Dipakai isi kolom. {MATCH}", kind="born_differs")]


def _grade(written: str, status: Status) -> tuple[str, list[Finding]]:
    """Take a grade as it is, or by the name of its rank; what is neither is left empty and told."""
    if not written or written in GRADES[status]:
        return written, []
    by_rank = (
        GRADE_OF.get(re.sub(r"\btk\b", "tingkat", plain(written)).replace("tingkat 1", "tingkat i"))
        if status is Status.PNS
        else None
    )
    if by_rank is not None:
        return by_rank, [repair("grade", f"Pangkat '{written}' dibaca golongan {by_rank}.", "", kind="grade_spelling")]
    said, advice = f"Golongan '{written}' bukan golongan {status}.", f"Dikosongkan. Tulis seperti {GRADES[status][8]}."
    return "", [warning("grade", said, advice, kind="grade_unknown")]


def _doubts(text: Mapping[str, str], nip: Nip) -> Iterator[Finding]:
    if text["sex"] and text["sex"] != nip.sex:
        said = f"Jenis kelamin {text['sex']} berbeda dari NIP ({nip.sex})."
        yield warning("sex", said, "Dipakai isi NIP.", kind="sex_differs")


def _pension(nip: Nip, today: date) -> Iterator[Finding]:
    if (years := age(nip.birth, today)) >= EARLIEST_PENSION and years in WORKING_AGE:
        advice = "Periksa batas usia pensiun jabatannya sebelum dijadwalkan."
        yield warning("nip", f"Menurut NIP pegawai berumur {years} tahun.", advice, kind="near_pension")
