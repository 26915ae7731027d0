"""What cells of real lists mean: standings, names, posts, months, amounts, and the date in a NIP or NIK."""

from __future__ import annotations

import re
from datetime import date

from assessment_app.people.rules import plain

SHORT_POSTS = {
    "kadis": "kepala dinas", "kaban": "kepala badan", "karo": "kepala biro", "kabid": "kepala bidang",
    "kabag": "kepala bagian", "kasubbag": "kepala sub bagian", "kasubag": "kepala sub bagian",
    "kasubbid": "kepala sub bidang", "kasubid": "kepala sub bidang", "kasi": "kepala seksi",
    "subbagian": "sub bagian", "subbidang": "sub bidang", "sekdis": "sekretaris dinas", "sekcam": "sekretaris camat",
    "kepsek": "kepala sekolah", "jft": "", "jfu": "",
}  # fmt: skip
"""How payroll offices shorten posts: no difference that anybody has to look at."""

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
SHORT_MONTHS = [name[:3].casefold() for name in MONTHS]
ENGLISH = {"may": "mei", "aug": "agu", "oct": "okt", "dec": "des", "agt": "agu", "ags": "agu", "nop": "nov"}

PAY_YEARS = range(1990, 2100)


def post_key(post: str) -> str:
    """Reduce a post to its words, abbreviations written out."""
    words = (SHORT_POSTS.get(word, word) for word in plain(post).split())
    return " ".join(" ".join(words).split())


def day(text: str) -> date | None:
    """Read a date that a cell was turned into; None for anything else, also 00-00-0000."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def month(text: str, year: str = "") -> date | None:
    """Read the month of a payroll row as its first day: a date, 'Juli 2026', '07/2026', '202607', or a month beside a
    column of years."""
    if (known := day(text)) is not None:
        return known.replace(day=1)
    words = re.findall(r"[a-z]+|\d+", text.casefold())
    numbers = [word for word in words if word.isdigit()] + ([year] if re.fullmatch(r"\d{4}", year) else [])
    if len(words) == 1 and re.fullmatch(r"\d{6}", text):
        numbers = [text[:4], text[4:]] if text.startswith(("19", "20")) else [text[:2], text[2:]]
    years = [int(one) for one in numbers if len(one) == 4]
    named = [ENGLISH.get(word[:3], word[:3]) for word in words if word.isalpha()]
    which = next((SHORT_MONTHS.index(one) + 1 for one in named if one in SHORT_MONTHS), 0)
    which = which or next((int(one) for one in numbers if len(one) <= 2), 0)
    sound = len(years) == 1 and years[0] in PAY_YEARS and 1 <= which <= 12
    return date(years[0], which, 1) if sound else None


def amount(text: str) -> int | None:
    """Read whole rupiah: 'Rp 1.234.567,00', '1,234,567', '-'; None for what is no amount."""
    bare = re.sub(r"(?i)rp\.?|idr|\s", "", text)
    if bare in ("-", "nihil"):
        return 0
    if not re.fullmatch(r"-?\d[\d.,]*", bare):
        return None
    digits = re.sub(r"[.,]\d{1,2}$", "", bare)
    return int(re.sub(r"[.,]", "", digits))


def born_of_nip(nip: str) -> date | None:
    """Give the date in digits 1 to 8 of a NIP; None where they are no date."""
    return day(f"{nip[:4]}-{nip[4:6]}-{nip[6:8]}")


def sex_of_nip(nip: str) -> str:
    """Give L or P by the fifteenth digit; empty where it is neither 1 nor 2."""
    return {"1": "L", "2": "P"}.get(nip[14:15], "")


def sex_of_nik(nik: str) -> str:
    """Give L or P by the day in a NIK, which is 40 higher for women; empty where it is no day."""
    written = int(nik[6:8])
    return "L" if 1 <= written <= 31 else "P" if 41 <= written <= 71 else ""


def born_of_nik(nik: str, like: date | None) -> date | None:
    """Give the date in a NIK in the century of another date; it has two digits of the year. None if it is no date."""
    written, century = int(nik[6:8]), (like or date(1970, 1, 1)).year // 100
    return day(f"{century:02}{nik[10:12]}-{nik[8:10]}-{written - 40 * (written > 40):02}")


def masked(number: str) -> str:
    """Show the last four digits of a number that is nobody's to read: ••••1234."""
    return "••••" + number[-4:] if len(number) > 4 else "••••"


def month_words(one: date) -> str:
    """Write a month as people say it: Juli 2026."""
    return f"{MONTHS[one.month - 1]} {one.year}"


def day_words(one: date | None) -> str:
    """Write a day as spreadsheets do: 17-03-1985."""
    return f"{one:%d-%m-%Y}" if one else "tidak terbaca"
