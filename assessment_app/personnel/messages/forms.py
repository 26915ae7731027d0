"""What officers send: two files to compare, a decision, filters."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath

from werkzeug.datastructures import FileStorage

from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _

LONG_NUMBER = re.compile(r"\d{10,}")
"""A NIK or an account number, unless it is as long as a NIP."""

NIP_DIGITS = 18

NOTE_LETTERS = range(5, 501)
"""How long the note of a decision is: one word explains nothing to an auditor in three years."""


@dataclass(frozen=True)
class NewCheck:
    """Two lists to compare. Without a personnel file the employees whom the platform knows are taken."""

    personnel_name: str
    personnel: bytes | None = field(repr=False)
    payroll_name: str
    payroll: bytes = field(repr=False)
    day: date
    month: date | None

    @classmethod
    def parse(cls, form: Mapping[str, str], files: Mapping[str, FileStorage], today: date) -> NewCheck:
        """Read the form of a new comparison; refuses with Invalid."""
        payroll, personnel = files.get("gaji"), files.get("pegawai")
        if payroll is None or not payroll.filename:
            raise Invalid("Pilih berkas daftar gaji lebih dahulu.")
        own = form.get("sumber") == "aplikasi"
        if not own and (personnel is None or not personnel.filename):
            raise Invalid("Pilih berkas daftar pegawai, atau pilih data pegawai di aplikasi.")
        day = _day(form["tanggal"]) if form.get("tanggal") else today
        month = _day(f"{form['bulan']}-01") if form.get("bulan") else None
        if day is None or day > today:
            raise Invalid("Tanggal data pegawai tidak terbaca, atau belum tiba.")
        if form.get("bulan") and month is None:
            raise Invalid("Bulan gaji tidak terbaca. Tulis seperti 2026-07.")
        taken = None if own or personnel is None else personnel
        return cls(
            _file_name(taken), taken.read() if taken else None, _file_name(payroll), payroll.read(),
            today if own else day, month,
        )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _file_name(sent: FileStorage | None) -> str:
    name = PurePath((sent.filename if sent else "") or "").name
    return "".join(letter for letter in name if letter.isprintable()).strip()[:200]


@dataclass(frozen=True)
class Decision:
    """What an officer decides about a mismatch, and why; ``after`` counts the decisions that they saw."""

    state: str
    note: str
    after: int

    @classmethod
    def parse(cls, form: Mapping[str, str], states: Collection[str]) -> Decision:
        """Read a decision; refuses with Invalid an empty note, and one that tells a NIK or an account number."""
        state, after = form.get("keadaan", ""), form.get("setelah", "")
        note = " ".join(form.get("catatan", "").split())
        if state not in states:
            raise Invalid("Pilih salah satu putusan.")
        if not (after.isascii() and after.isdigit() and len(after) < 9):
            raise Invalid("Halaman ini sudah berubah. Muat ulang lalu coba lagi.")
        if len(note) not in NOTE_LETTERS:
            said = _("Catatan harus diisi, %(least)s sampai %(most)s huruf: apa yang diperiksa, dan apa hasilnya.",
                     least=NOTE_LETTERS[0], most=NOTE_LETTERS[-1])  # fmt: skip
            raise Invalid(said)
        if any(len(number) != NIP_DIGITS for number in LONG_NUMBER.findall(note)):
            raise Invalid("Jangan tulis NIK atau nomor rekening dalam catatan: catatan tidak dapat dihapus.")
        return cls(state, note, int(after))
