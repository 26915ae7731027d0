"""The number of a civil servant: what it says and what cannot be right about it (domain.md 10.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assessment_app.people.rules.findings import MATCH, Finding, Severity, error, warning

WORKING_AGE = range(17, 76)
APPOINTMENT_AGE = (18, 46)
"""Nobody is appointed before the first; after the second, and outside working age, a NIP is asked back."""


class Status(StrEnum):
    """The two kinds of civil servants of UU 20/2023."""

    PNS = "PNS"
    PPPK = "PPPK"


class Sex(StrEnum):
    """As personnel sheets write it; the fifteenth digit of a NIP says the same with 1 and 2."""

    MALE = "L"
    FEMALE = "P"


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
        found.append(
            warning("nip", "NIP berpola PPPK, tetapi status kosong.", "Isi kolom STATUS: PPPK.", kind="status_missing")
        )
    status = status or (Status.PPPK if month == 21 else Status.PNS)
    birth = day_of(digits[:8])
    start = day_of(digits[8:14] + "01" if status is Status.PNS else digits[8:12] + "1231")
    found += _parts(digits, birth, start, status, today)
    if birth is None or Severity.ERROR in (f.severity for f in found):
        return None, found
    appointed = (year, month if status is Status.PNS else None)
    return Nip(digits, birth, appointed, Sex.MALE if digits[14] == "1" else Sex.FEMALE, status), found


def day_of(digits: str) -> date | None:
    """Read eight digits or an ISO date; None for what is no day."""
    try:
        return date.fromisoformat(digits)
    except ValueError:
        return None


def _shape(text: str, digits: str) -> Iterator[Finding]:
    if not digits:
        yield error("nip", "NIP kosong.", "Isi NIP 18 angka.", kind="nip_missing")
    elif re.fullmatch(r"\d+(,\d+)?e\+?\d+", digits, re.IGNORECASE):
        advice = "Format kolom NIP sebagai Teks, lalu salin ulang NIP dari sumber aslinya."
        yield error("nip", f"NIP rusak oleh Excel: tertulis {text.strip()}.", advice, kind="nip_damaged")
    elif not re.fullmatch(r"[0-9]+", digits):
        yield error("nip", "NIP memuat huruf atau tanda lain.", "Tulis 18 angka saja.", kind="nip_damaged")
    elif len(digits) == 9:
        yield error("nip", "Ini NIP lama, 9 angka.", "Isi NIP baru, 18 angka.", kind="nip_length")
    elif len(digits) != 18:
        yield error("nip", f"NIP {len(digits)} angka, seharusnya 18.", f"Lengkapi NIP. {MATCH}", kind="nip_length")


def _parts(nip: str, birth: date | None, start: date | None, status: Status, on: date) -> Iterator[Finding]:
    if birth is None:
        yield error("nip", f"Angka 1-8 NIP ({nip[:8]}) bukan tanggal lahir yang sah.", MATCH, kind="nip_parts")
    elif (years := age(birth, on)) not in WORKING_AGE:
        yield warning("nip", f"Menurut NIP pegawai berumur {years} tahun.", MATCH, kind="nip_doubt")
    if start is None:
        advice = "Bulan PNS 01-12. Jika pegawai PPPK, isi kolom STATUS: PPPK."
        yield error("nip", f"Angka 9-14 NIP ({nip[8:14]}) bukan tahun dan bulan TMT CPNS.", advice, kind="nip_parts")
    elif start.year > on.year:
        yield warning("nip", f"Tahun pengangkatan pada NIP ({start.year}) belum tiba.", MATCH, kind="nip_doubt")
    elif birth is not None and (years := age(birth, start)) < APPOINTMENT_AGE[0]:
        yield error("nip", f"Menurut NIP pegawai diangkat pada umur {years} tahun.", MATCH, kind="nip_parts")
    elif birth is not None and status is Status.PNS and years > APPOINTMENT_AGE[1]:
        yield warning("nip", f"Menurut NIP pegawai diangkat pada umur {years} tahun.", MATCH, kind="nip_doubt")
    if nip[14] not in "12":
        advice = f"Angka 1 untuk laki-laki, 2 untuk perempuan. {MATCH}"
        yield error("nip", f"Angka ke-15 NIP adalah {nip[14]}, seharusnya 1 atau 2.", advice, kind="nip_parts")
    if nip.endswith("000"):
        yield warning(
            "nip", "NIP berakhir 000, mungkin dibulatkan Excel.", f"Periksa 3 angka akhir. {MATCH}", kind="nip_doubt"
        )
