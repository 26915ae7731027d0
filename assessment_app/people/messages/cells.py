"""Cells of a spreadsheet as the one text that rules expect of their field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

MONTHS = "januari februari maret april mei juni juli agustus september oktober november desember"

OTHERWISE = {"mei": "mei|may", "agustus": "agu|ags|agt|aug", "oktober": "okt|oct", "november": "nov|nop",
             "desember": "des|dec"}  # fmt: skip
"""Months that are also written otherwise than by their first three letters."""

ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII"]

Cell = object
Spelling = Callable[[str], str]


def as_text(cell: Cell) -> str:
    """Write a cell as it stands; a whole number without a point."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def clean(field: str, cell: Cell, spellings: Mapping[str, Spelling] | None = None) -> str:
    """Turn a cell into the one text that rules expect of its field; what is not understood stays as it is."""
    spellings = SPELLINGS if spellings is None else spellings
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    text = " ".join(re.sub(r"[\x00-\x1f\u200b-\u200d\ufeff]", " ", as_text(cell)).split()).lstrip("'`’")
    return spellings[field](text) if field in spellings and text else text


def spell_day(text: str) -> str:
    """Write a date as ISO: day first, month by number or name, or the serial number of a spreadsheet."""
    if re.fullmatch(r"\d{5}", text):
        return (date(1899, 12, 30) + timedelta(days=int(text))).isoformat()
    if year_first := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        return f"{year_first[1]}-{int(year_first[2]):02}-{int(year_first[3]):02}"
    written = text
    for number, month in enumerate(MONTHS.split(), 1):
        named = rf"\s*\b(?:{OTHERWISE.get(month, month[:3])})[a-z]*\b\.?\s*"
        written = re.sub(named, f"-{number}-", written, flags=re.IGNORECASE)
    day = re.fullmatch(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4}|\d{2})", written)
    return f"{_century(day[3])}-{int(day[2]):02}-{int(day[1]):02}" if day else text


def _century(year: str) -> str:
    """Write a year of two digits with four: 31 to 99 are of the last century."""
    return year if len(year) == 4 else f"{19 if int(year) > 30 else 20}{year}"


def spell_grade(text: str) -> str:
    """Write a grade as III/c, wherever it stands in the cell; of a PPPK as a Roman number."""
    if hit := re.search(r"\b(IV|I{1,3}|[1-4])\s*[/.\- ]?\s*([A-E])\b", text.upper()):
        return f"{ROMAN[int(hit[1]) - 1] if hit[1].isdigit() else hit[1]}/{hit[2].lower()}"
    whole = re.fullmatch(r"(?:GOL(?:ONGAN)?\b[. ]*)?([IVX]+|\d{1,2})(?: *\(?PPPK\)?)?", text.upper())
    if whole and whole[1].isdigit() and 0 < int(whole[1]) <= len(ROMAN):
        return ROMAN[int(whole[1]) - 1]
    return whole[1] if whole else text.upper()


def spell_status(text: str) -> str:
    """Write PNS or PPPK; candidates count as what they will be."""
    hit = re.match(r"(?:C?(PNS)|PEGAWAI (NEGERI)|(PPPK|P3K|PEGAWAI PEMERINTAH))\b", text.upper().replace(".", ""))
    return text if hit is None else "PPPK" if hit[3] else "PNS"


def spell_sex(text: str) -> str:
    """Write L or P."""
    hit = re.match(r"(l|pria|m|1)|p|w|f|2", text.lower())
    return text if hit is None else "L" if hit[1] else "P"


SPELLINGS: Mapping[str, Spelling] = {"born": spell_day, "grade": spell_grade, "status": spell_status, "sex": spell_sex}
