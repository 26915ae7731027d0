"""The faults of real lists of people (domain.md 10.1, 14), each by its name: what it does, and what an import says.

A fault changes the cells of one row, or adds rows; it knows whether the row still goes in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

from assessment_app.people.messages.invented import Person

Value = str | float
Cells = dict[str, Value]
Outcome = Literal["", "repair", "warning", "question", "error"]

RANKS = {
    "II/b": "Pengatur Muda Tk. I", "II/c": "Pengatur", "II/d": "Pengatur Tk. I", "III/a": "Penata Muda",
    "III/b": "Penata Muda Tk. I", "III/c": "Penata", "III/d": "Penata Tk. I", "IV/a": "Pembina",
    "IV/b": "Pembina Tk. I", "IV/c": "Pembina Utama Muda", "IV/d": "Pembina Utama Madya",
}  # fmt: skip
ABBREVIATED = {
    "Dinas Kesehatan": "DINKES", "Dinas Pendidikan": "Disdik", "Dinas Sosial": "DINSOS", "Dinas Perhubungan": "Dishub",
    "Dinas Komunikasi dan Informatika": "Diskominfo", "Badan Perencanaan Pembangunan Daerah": "BAPPEDA",
    "Badan Kepegawaian Daerah": "BKD", "Rumah Sakit Umum Daerah": "RSUD", "Sekretariat Daerah": "Setda",
    "Badan Pendapatan Daerah": "Bapenda", "Dinas Lingkungan Hidup": "DLH",
}  # fmt: skip
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "Nopember",
    "Desember",
)  # fmt: skip


def cells_of(person: Person) -> Cells:
    """Write somebody as a sound row."""
    return {
        "nip": person.nip, "name": person.name, "grade": person.grade, "title": person.post, "level": person.level,
        "echelon": person.echelon, "unit": person.unit, "born": f"{person.born:%d-%m-%Y}", "sex": person.sex,
        "status": person.status, "standing": "",
    }  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One way in which a row is wrong: the cells that it changes, whom it can happen to, and what is said of it."""

    change: Callable[[Person, Random], Cells]
    outcome: Outcome
    kind: str
    fits: Callable[[Person], bool] = lambda _: True
    meant: Callable[[Person], Person] = lambda one: one
    """What the house reads in the end, where it is not what is true of the person."""


def _nip(change: Callable[[str], Value]) -> Callable[[Person, Random], Cells]:
    return lambda person, _: {"nip": change(person.nip)}


def _cell(field: str, change: Callable[[Person], Value]) -> Callable[[Person, Random], Cells]:
    return lambda person, _: {field: change(person)}


def _one_of(field: str, *texts: str) -> Callable[[Person, Random], Cells]:
    return lambda _, chance: {field: chance.choice(texts)}


def _is_pns(person: Person) -> bool:
    return person.status == "PNS"


def _has_short(person: Person) -> bool:
    return person.unit in ABBREVIATED


def _has_head(person: Person) -> bool:
    return person.level in ("Administrator", "Pengawas")


def _is_pppk(person: Person) -> bool:
    return person.status == "PPPK"


def _serial(person: Person) -> float:
    return float(person.born.toordinal() - 693594)  # 30 December 1899 is day 0 of spreadsheets


def _slip(person: Person) -> str:
    """Leave one letter out of the longest word, as fingers do."""
    word = max(person.unit.split(), key=len)
    return person.unit.replace(word, word[:3] + word[4:])


def _later(person: Person) -> str:
    return f"{person.born.replace(year=person.born.year + 1):%d-%m-%Y}"


def _old(person: Person, chance: Random) -> Cells:
    """Make somebody past sixty: beyond the lowest retirement age, with a NIP and a birth date that agree."""
    born = person.born.replace(year=person.born.year - (61 - person.age))
    digits = f"{born:%Y%m%d}{born.year + 24}{person.nip[12:15]}{chance.randint(100, 999)}"
    return {"nip": digits, "born": f"{born:%d-%m-%Y}"}


def _american(person: Person) -> str:
    return f"{person.born:%m/%d/%Y}"


FAULTS: Mapping[str, Fault] = {
    "nip_spaces": Fault(_nip(lambda nip: f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"), "repair", "nip_spelling"),
    "nip_quotes": Fault(_nip(lambda nip: f'"{nip}"'), "repair", "nip_spelling"),
    "nip_apostrophe": Fault(_nip(lambda nip: f"'{nip}"), "repair", "nip_spelling"),
    "nip_dots": Fault(_nip(lambda nip: f"{nip[:8]}.{nip[8:14]}.{nip[14]}.{nip[15:]}"), "repair", "nip_spelling"),
    "nip_hard_spaces": Fault(_nip(lambda nip: f"{nip[:8]}\u00a0{nip[8:]}"), "repair", "nip_spelling"),
    "nip_number": Fault(_nip(float), "error", "nip_number"),
    "nip_exponent": Fault(_nip(lambda nip: f"{float(nip):.5E}".replace(".", ",")), "error", "nip_damaged"),
    "nip_letter": Fault(_nip(lambda nip: nip.replace("0", "O")), "error", "nip_damaged"),
    "nip_short": Fault(_nip(lambda nip: nip[:-1]), "error", "nip_length"),
    "nip_old": Fault(_nip(lambda nip: f"13{nip[-7:]}"), "error", "nip_length"),
    "nip_missing": Fault(_nip(lambda _: ""), "error", "nip_missing"),
    "nip_birth_month": Fault(_nip(lambda nip: f"{nip[:4]}13{nip[6:]}"), "error", "nip_parts"),
    "nip_start_month": Fault(_nip(lambda nip: f"{nip[:12]}13{nip[14:]}"), "error", "nip_parts", _is_pns),
    "nip_sex_digit": Fault(_nip(lambda nip: f"{nip[:14]}3{nip[15:]}"), "error", "nip_parts"),
    "nip_zeros": Fault(_nip(lambda nip: f"{nip[:15]}000"), "warning", "nip_doubt"),
    "old_age": Fault(_old, "warning", "near_pension", _is_pns),
    "name_missing": Fault(_one_of("name", ""), "error", "field_missing"),
    "name_capitals": Fault(_cell("name", lambda one: one.name.upper()), "repair", "name_spelling"),
    "name_small": Fault(_cell("name", lambda one: one.name.lower()), "repair", "name_spelling"),
    "name_commas": Fault(
        _cell("name", lambda one: one.name.replace(", ", " ,")), "repair", "name_spelling", lambda one: "," in one.name
    ),
    "name_spaces": Fault(_cell("name", lambda one: one.name.replace(" ", "  ")), "repair", "name_spelling"),
    "name_titles": Fault(
        _cell("name", lambda one: f"DR. hj. {one.name}"), "repair", "name_spelling",
        meant=lambda one: replace(one, name=f"Dr. Hj. {one.name}"),
    ),
    "unit_missing": Fault(_one_of("unit", ""), "error", "field_missing"),
    "unit_capitals": Fault(_cell("unit", lambda one: one.unit.upper()), "repair", "unit_spelling"),
    "unit_stop": Fault(_cell("unit", lambda one: f"{one.unit}."), "repair", "unit_spelling"),
    "unit_short": Fault(_cell("unit", lambda one: ABBREVIATED[one.unit]), "question", "unit_alike", _has_short),
    "unit_region": Fault(_cell("unit", lambda one: f"{one.unit} Kab. Contoh"), "question", "unit_alike"),
    "unit_slip": Fault(_cell("unit", _slip), "question", "unit_alike"),
    "post_missing": Fault(_one_of("title", ""), "error", "field_missing"),
    "level_unknown": Fault(
        lambda *_: {"title": "Petugas Khusus Urusan Lain", "level": "", "echelon": ""}, "error", "level_unknown"
    ),
    "level_inferred": Fault(lambda *_: {"level": "", "echelon": ""}, "warning", "level_inferred", _has_head),
    "grade_joined": Fault(
        _cell("grade", lambda one: one.grade.replace("/", "")), "repair", "grade_spelling", _is_pns
    ),
    "grade_digits": Fault(
        _cell("grade", lambda one: f"{ROMAN[one.grade[:-2]]}{one.grade[-1]}"), "repair", "grade_spelling", _is_pns
    ),
    "grade_with_rank": Fault(
        _cell("grade", lambda one: f"{RANKS[one.grade]} ({one.grade})"), "repair", "grade_spelling", _is_pns
    ),
    "grade_rank_only": Fault(_cell("grade", lambda one: RANKS[one.grade]), "repair", "grade_spelling", _is_pns),
    "grade_of_contract": Fault(
        _cell("grade", lambda one: f"Gol. {one.grade}"), "repair", "grade_spelling", _is_pppk
    ),
    "grade_unknown": Fault(
        _one_of("grade", "III/f", "Honorer", "-"), "warning", "grade_unknown", meant=lambda one: replace(one, grade="")
    ),
    "status_unknown": Fault(_one_of("status", "Honorer", "Kontrak"), "error", "status_unknown"),
    "status_missing": Fault(_one_of("status", ""), "warning", "status_missing", _is_pppk),
    "status_contract": Fault(_one_of("status", "P3K", "PPPK Penuh Waktu"), "repair", "status_spelling", _is_pppk),
    "status_words": Fault(_one_of("status", "Pegawai Negeri Sipil", "CPNS"), "repair", "status_spelling", _is_pns),
    "born_serial": Fault(_cell("born", _serial), "repair", "born_spelling"),
    "born_words": Fault(
        _cell("born", lambda one: f"{one.born.day} {MONTHS[one.born.month - 1]} {one.born.year}"), "repair",
        "born_spelling",
    ),
    "born_slashes": Fault(_cell("born", lambda one: f"{one.born:%d/%m/%Y}"), "repair", "born_spelling"),
    "born_short": Fault(_cell("born", lambda one: f"{one.born:%d-%m-%y}"), "repair", "born_spelling"),
    "born_american": Fault(_cell("born", _american), "repair", "born_spelling"),
    "born_differs": Fault(
        _cell("born", _later), "warning", "born_differs",
        meant=lambda one: replace(one, born=one.born.replace(year=one.born.year + 1)),
    ),
    "born_unread": Fault(_one_of("born", "tidak diketahui", "?"), "warning", "born_unread"),
    "sex_words": Fault(
        _cell("sex", lambda one: "Laki-laki" if one.sex == "L" else "Perempuan"), "repair", "sex_spelling"
    ),
    "sex_differs": Fault(_cell("sex", lambda one: "P" if one.sex == "L" else "L"), "warning", "sex_differs"),
    "retired": Fault(_one_of("standing", "Pensiun", "BUP, sudah pensiun"), "error", "gone"),
    "deceased": Fault(_one_of("standing", "Meninggal dunia", "Wafat"), "error", "gone"),
    "deceased_by_name": Fault(_cell("name", lambda one: f"Alm. {one.name}"), "error", "gone"),
    "moved": Fault(_one_of("standing", "Mutasi keluar", "Pindah ke instansi lain"), "error", "gone"),
    "retires_later": Fault(_one_of("standing", "Pensiun TMT 01-04-2099"), "", ""),
    "remark": Fault(_one_of("standing", "Plt.", "Tugas belajar", "Ketua tim"), "", ""),
}  # fmt: skip
"""What can be wrong in one row; the last two look like faults and are none."""

REPEATED: Mapping[str, Outcome] = {"duplicate_same": "error", "duplicate_differs": "question", "namesake": "warning"}
"""Faults of two rows: somebody twice with the same words, somebody of two units, somebody under two NIPs."""
