"""Cells of one row, cleaned and dates as ISO, understood as somebody on a list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from assessment_app.people.rules import JobLevel, clean_nip, read_job_level, read_standing
from assessment_app.personnel.rules import readings
from assessment_app.personnel.rules.lists import PERSONNEL
from assessment_app.personnel.rules.records import Pay, Person

LEAST_ACCOUNT = 6
"""Digits of the shortest bank account; less is a placeholder such as 0 or -."""

MANY_NIKS = 10
"""Fewer NIKs than these can end in 0 by chance."""

NO = frozenset({"", "-", "tidak", "belum", "0", "false", "n"})


@lru_cache(maxsize=20_000)
def _level(level: str, echelon: str, post: str) -> JobLevel | None:
    return read_job_level(level, echelon, post)[0] if level or echelon or post else None


def person(row: int, cells: Mapping[str, str]) -> Person:
    """Understand a row of the personnel list."""

    def text(field: str) -> str:
        return cells.get(field, "")

    moved_on = readings.day(text("moved_out"))
    return Person(
        row=row, nip=clean_nip(text("nip")), name=text("name"), nik=nik(text("nik")), born=readings.day(text("born")),
        sex=text("sex") if text("sex") in ("L", "P") else "", standing=read_standing(text("standing")),
        standing_text=text("standing"), post=text("post"),
        level=_level(text("level"), text("echelon"), text("post")), grade=text("grade"), unit=text("unit"),
        pension=readings.day(text("pension")), contract_end=readings.day(text("contract_end")), moved_on=moved_on,
        moved_out=text("moved_out").casefold() not in NO, dukcapil=text("dukcapil"),
        allowance=readings.amount(text("allowance")), last_login=readings.day(text("last_login")),
        last_presence=readings.day(text("last_presence")), absence_reason=text("absence_reason").strip("- "),
    )  # fmt: skip


def nik(text: str) -> str:
    """Give the sixteen digits of a NIK; empty for anything else."""
    digits = re.sub(r"[\s.\-]", "", text)
    return digits if re.fullmatch(r"[0-9]{16}", digits) else ""


def about_niks(people: Sequence[Person], written: int) -> list[str]:
    """Tell how many NIKs could not be used, and when most end in 0: a spreadsheet keeps 15 digits of 16."""
    niks = [one.nik for one in people if one.nik]
    rounded = sum(one.endswith("0") for one in niks)
    told = [f"{PERSONNEL}: {written - len(niks)} NIK bukan 16 angka, tidak dipakai"] if written > len(niks) else []
    if len(niks) >= MANY_NIKS and rounded * 2 > len(niks):
        told.append(f"{PERSONNEL}: {rounded} dari {len(niks)} NIK berakhir 0, mungkin dibulatkan Excel")
    return told


def pay(row: int, cells: Mapping[str, str], month: date | None) -> Pay:
    """Understand a row of the payroll list; one that tells no month of its own is for the one given."""

    def text(field: str) -> str:
        return cells.get(field, "")

    account = re.sub(r"\D", "", text("account")).lstrip("0")  # a number among texts has lost its zeros
    own = readings.month(text("month"), text("year")) if text("month") else None
    return Pay(
        row=row, nip=clean_nip(text("nip")), name=text("name"), month=own or month, grade=text("grade"),
        post=text("post"), unit=text("unit"), allowance=readings.amount(text("allowance")),
        net=readings.amount(text("net")), account=account if len(account) >= LEAST_ACCOUNT else "",
    )  # fmt: skip
