"""Demonstration files: two lists of invented people that fit, and the same with one fault of each rule planted.

Seeded: the same seed and size give the same cells. Nobody in them exists; every file says so above its header.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from assessment_app.people.messages import write_book, write_csv
from assessment_app.people.messages.invented import FIRST, LABEL, LAST, MIDDLE
from assessment_app.personnel.messages.columns import PAYROLL, PERSONNEL

MONTH = date(2026, 7, 1)
"""The month that the payroll list pays."""

UNITS = ("Dinas Contoh Sosial", "Badan Contoh Keuangan", "Dinas Contoh Pendidikan", "Kecamatan Contoh", "RSUD Contoh")
POSTS = (("Analis Kebijakan Ahli Muda", "Ahli Muda", "III/c", 540_000), ("Pengelola Layanan", "Pelaksana", "II/c", 0),
         ("Kepala Bidang Anggaran", "Administrator", "IV/a", 1_260_000),
         ("Guru Ahli Pertama", "Ahli Pertama", "III/a", 327_000))  # fmt: skip

Cells = dict[str, str]


@dataclass
class Pair:
    """Both lists as rows of cells by field, and what was planted: rule -> NIP that it has to name."""

    personnel: list[Cells]
    payroll: list[Cells]
    planted: dict[str, str] = field(default_factory=dict)

    def personnel_book(self) -> bytes:
        """Write the personnel list as XLSX."""
        return write_book("Pegawai", _written(PERSONNEL, self.personnel), {})

    def payroll_book(self) -> bytes:
        """Write the payroll list as XLSX."""
        return write_book("Gaji", _written(PAYROLL, self.payroll), {})

    def personnel_csv(self) -> bytes:
        """Write the personnel list as CSV."""
        return write_csv(_written(PERSONNEL, self.personnel))

    def payroll_csv(self) -> bytes:
        """Write the payroll list as CSV."""
        return write_csv(_written(PAYROLL, self.payroll))


def _written(columns: Mapping[str, Sequence[str]], rows: Iterable[Cells]) -> list[list[str]]:
    width = len(columns)
    title = [[LABEL, *[""] * (width - 1)], [headers[0] for headers in columns.values()]]
    return title + [[row.get(name, "") for name in columns] for row in rows]


def clean_pair(people: int, seed: int = 2026) -> Pair:
    """Invent two lists of so many people that agree with each other."""
    chance = np.random.default_rng(seed)
    pair = Pair([], [])
    for number in range(people):
        person = _person(number, chance)
        pair.personnel.append(person)
        pair.payroll.append(_pay(person, number))
    return pair


def _person(number: int, chance: np.random.Generator) -> Cells:
    """Invent somebody; day of birth and number together are nobody else's."""
    born = date(1972 + number % 28, 1 + number // 28 % 12, 1 + number // 336 % 28)
    woman = bool(chance.integers(2))
    since = f"{born.year + 24}{1 + number % 12:02}"
    post, level, grade, allowance = POSTS[int(chance.integers(len(POSTS)))]
    name = (
        f"{FIRST[int(chance.integers(len(FIRST)))]} {LAST[number // 9408 % len(LAST)]} {MIDDLE[number % len(MIDDLE)]}"
    )
    nik = f"187101{born.day + 40 * woman:02}{born:%m%y}{number // 336 % 9999 + 1:04}"
    return {
        "nip": f"{born:%Y%m%d}{since}{1 + woman}{number // 9408 + 1:03}", "name": name, "nik": nik,
        "born": f"{born:%d-%m-%Y}", "sex": "P" if woman else "L", "standing": "Aktif", "post": post,
        "level": level, "grade": grade, "unit": UNITS[int(chance.integers(len(UNITS)))], "dukcapil": "Hidup",
        "allowance": str(allowance), "last_login": "15-07-2026", "last_presence": "30-07-2026",
    }  # fmt: skip


def _pay(person: Cells, number: int) -> Cells:
    net = 3_500_000 + int(person["allowance"])
    same = {name: person[name] for name in ("nip", "name", "grade", "post", "unit", "allowance")}
    return {**same, "month": "Juli 2026", "net": str(net), "account": f"38{number + 10_000_000:010}"}


def planted_pair(people: int = 40, seed: int = 2026) -> Pair:
    """Invent two lists and plant one fault of each rule but R10, which needs a wave; refuses fewer than 20 people."""
    if people < len(PLANTS) + 1:
        raise ValueError(f"{people} people are too few to plant {len(PLANTS)} faults")
    pair = clean_pair(people, seed)
    for number, (rule, plant) in enumerate(PLANTS.items()):
        plant(pair, number)
        pair.planted[rule] = pair.personnel[number]["nip"] or pair.payroll[number]["nip"]
    pair.personnel = [row for row in pair.personnel if row["nip"]]
    pair.payroll = [row for row in pair.payroll if row["nip"]]
    return pair


def _retired(pair: Pair, at: int) -> None:
    nip = pair.personnel[at]["nip"]
    changed = f"19670317{nip[8:]}"
    nik = f"187101{17 + 40 * (nip[14] == '2')}03670099"
    pair.personnel[at] |= {"nip": changed, "born": "17-03-1967", "level": "Pelaksana", "nik": nik,
                           "post": "Pengelola Layanan"}  # fmt: skip
    pair.payroll[at] |= {"nip": changed, "post": "Pengelola Layanan"}


def _set(name: str, value: str) -> Callable[[Pair, int], None]:
    def plant(pair: Pair, at: int) -> None:
        pair.personnel[at][name] = value

    return plant


def _unknown(pair: Pair, at: int) -> None:
    pair.personnel[at]["nip"] = ""


def _unpaid(pair: Pair, at: int) -> None:
    pair.payroll[at]["nip"] = ""


def _same_account(pair: Pair, at: int) -> None:
    pair.payroll[-1]["account"] = pair.payroll[at]["account"]


def _other_day(pair: Pair, at: int) -> None:
    day = pair.personnel[at]["born"]
    pair.personnel[at]["born"] = f"{'02' if day.startswith('01') else '01'}{day[2:]}"


def _other_sex(pair: Pair, at: int) -> None:
    pair.personnel[at]["sex"] = "L" if pair.personnel[at]["sex"] == "P" else "P"


def _other_grade(pair: Pair, at: int) -> None:
    pair.payroll[at]["grade"] = "IV/b"


def _rounded(pair: Pair, at: int) -> None:
    pair.payroll[at]["nip"] = pair.payroll[at]["nip"][:15] + "000"


PLANTS: dict[str, Callable[[Pair, int], None]] = {
    "R0": _rounded, "R1": _retired, "R2": _set("standing", "Pensiun"), "R3": _unknown,
    "R4": _unpaid, "R5": _same_account, "R6": _other_day, "R7": _other_sex,
    "R8": _set("dukcapil", "Meninggal Dunia"), "R9": _other_grade, "R11": _set("moved_out", "01-06-2026"),
}  # fmt: skip
