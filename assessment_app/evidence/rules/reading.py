"""From the cells of one row, as agencies write them, to what a fact says; with findings for the clerk.

A cell that is empty never means that there is none: only the words for it do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from assessment_app.evidence.rules.facts import Kind, State, earliest
from assessment_app.evidence.rules.numbers import Numbers
from assessment_app.people.rules import Finding, Severity, error, plain, warning

EARLIEST_YEAR = 1950
LONGEST = 200
HIGHEST = 100
BOXES = tuple("123456789")

PREDICATES = {
    "sangat_baik": "sangat baik", "baik": "baik", "butuh_perbaikan": "(butuh|perlu) perbaikan",
    "sangat_kurang": "sangat kurang", "kurang": "kurang( misconduct)?|misconduct",
}  # fmt: skip
RATINGS = {"0": "di ?bawah( ekspektasi)?", "1": "sesuai( ekspektasi)?", "2": "di ?atas( ekspektasi)?"}
AWARDS = {
    "international": "internasional", "national": r"nasional|pusat|presiden|kementerian",
    "province": "provinsi|propinsi|gubernur", "regency": r"kab(upaten)?( kota)?|kota|bupati|wali ?kota",
    "agency": "instansi|unit( kerja)?|opd|skpd|perangkat daerah|dinas|badan",
}  # fmt: skip
ROLES = {
    "deputy": r"wakil( ketua)?|sekretaris", "leader": "ketua( tim)?|koordinator|penanggung jawab|pemimpin",
    "member": "anggota( tim)?",
}  # fmt: skip
DEGREES = {
    "s3": "s ?3( doktor)?|doktor|strata 3", "s2": "s ?2( magister)?|magister|pasca ?sarjana|strata 2",
    "d4": "d ?(4|iv)|diploma (4|iv|empat)|sarjana terapan", "s1": "s ?1( sarjana)?|sarjana|strata 1",
    "d3": "d ?(3|iii)|diploma (3|iii|tiga)", "slta": "slta|sma|smk|smu|sma sederajat|slta sederajat|stm|ma",
}  # fmt: skip
SANCTIONS = {"light": "ringan", "medium": "sedang", "heavy": "berat"}
NONE_WORDS = re.compile(r"(tidak|belum) (ada|pernah)( .*)?|nihil|bersih")
YES, NO = re.compile("ya|y|sesuai|ada|bnsp"), re.compile("tidak|t|bukan|tidak sesuai|non bnsp")
STILL = re.compile("(sampai )?(sekarang|saat ini)")


@dataclass(frozen=True)
class Said:
    """What one row says: something, or that somebody looked and found none."""

    state: State
    said: Mapping[str, Any]


class Row:
    """The cells of a row while they are read; collects what is wrong with them."""

    def __init__(self, cells: Mapping[str, str], numbers: Numbers, today: date, year: int | None) -> None:
        """Take the cleaned cells by field, and the year of the whole file where a row has none of its own."""
        self.cells, self.numbers, self.today, self.year = cells, numbers, today, year
        self.found: list[Finding] = []

    def text(self, field: str) -> str:
        """Give a cell as it is; tells one that is too long."""
        written = self.cells.get(field, "")
        if len(written) > LONGEST:
            self.found.append(error(field, f"Isian lebih dari {LONGEST} huruf.", "Persingkat."))
        return written

    def word(self, field: str, words: Mapping[str, str], what: str, example: str) -> str:
        """Read a cell that says one of a few things; empty and told when it says none of them."""
        written = plain(self.text(field))
        hit = next((code for code, pattern in words.items() if re.fullmatch(pattern, written)), "")
        if not hit:
            said = f"{what} '{self.cells[field]}' tidak dikenal." if written else f"{what} kosong."
            self.found.append(error(field, said, f"Tulis {example}."))
        return hit

    def day(self, field: str, what: str, *, may_come: bool = False) -> str:
        """Read a day or a bare year; empty when there is none, told when it cannot be read or has not come."""
        written = self.text(field)
        try:
            first = earliest(written) if written else None
        except ValueError:
            self.found.append(error(field, f"{what} '{written}' tidak terbaca.", "Tulis seperti 17-03-2025."))
            return ""
        if first is not None and (first.year < EARLIEST_YEAR or (first > self.today and not may_come)):
            wrong = "belum tiba" if first > self.today else "terlalu lama"
            self.found.append(error(field, f"{what} {written} {wrong}.", "Cocokkan dengan dokumen aslinya."))
        return written if first is None or len(written) == 4 else first.isoformat()

    def needed_day(self, field: str, what: str) -> str:
        """Read a day that must be there."""
        if not self.cells.get(field):
            self.found.append(error(field, f"{what} kosong.", f"Isi {what}."))
            return ""
        return self.day(field, what)

    def until(self, field: str, since: str) -> str | None:
        """Read the day on which something ended, which may be still to come; nothing while it goes on."""
        if STILL.fullmatch(plain(self.text(field))):
            return None
        written = self.day(field, "Tanggal selesai", may_come=True)
        if written and since and not self.is_bad() and earliest(written) < earliest(since):
            self.found.append(error(field, "Tanggal selesai mendahului tanggal mulai.", "Periksa kedua tanggal."))
        return written or None

    def points(self, field: str, what: str) -> str:
        """Read a number from 0 to 100, exactly as it is written; empty and told when it is none."""
        written = self.text(field).replace(",", ".").removesuffix("%").strip()
        if not re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", written):
            said = f"{what} '{self.cells[field]}' bukan angka." if written else f"{what} kosong."
            self.found.append(error(field, said, "Tulis angka 0 sampai 100."))
        elif not 0 <= Fraction(written) <= HIGHEST:
            self.found.append(error(field, f"{what} {written} di luar 0 sampai 100.", "Periksa skalanya."))
        else:
            return format(Decimal(written).normalize(), "f")
        return ""

    def whole_year(self, *, must_be_over: bool) -> int:
        """Read the year that a row, or else its whole file, is about; 0 and told when there is none."""
        written = self.text("year")
        if re.search(r"triwulan|bulan|semester|\btw\b", written, re.IGNORECASE):
            advice = "Hanya predikat tahunan yang dihitung: unggah yang tahunan."
            self.found.append(error("year", f"Periode '{written}' bukan satu tahun penuh.", advice))
            return 0
        hit = re.search(r"\b(19|20)\d\d\b", written)
        year = int(hit[0]) if hit else (self.year or 0) if not written else 0
        if not year:
            said = f"Tahun '{written}' tidak terbaca." if written else "Tahun kosong."
            self.found.append(error("year", said, "Isi kolom TAHUN, atau tahun berkas saat mengunggah."))
        elif year > self.today.year or (must_be_over and year == self.today.year):
            self.found.append(error("year", f"Tahun {year} belum berakhir.", "Unggah lagi setelah tahunnya berakhir."))
        return year

    def truth(self, field: str) -> bool | None:
        """Read a yes or no; nothing when it is not said."""
        written = plain(self.text(field))
        if not written:
            return None
        if YES.fullmatch(written) or NO.fullmatch(written):
            return bool(YES.fullmatch(written))
        self.found.append(warning(field, f"'{self.cells[field]}' bukan ya atau tidak.", "Dibiarkan belum diketahui."))
        return None

    def is_bad(self) -> bool:
        """Tell whether something was found that keeps the row out."""
        return any(finding.severity == Severity.ERROR for finding in self.found)


def read_row(
    kind: Kind, cells: Mapping[str, str], numbers: Numbers, today: date, year: int | None = None
) -> tuple[Said | None, list[Finding]]:
    """Read the cells of a row of one kind, by field; nothing is said when a finding is an error."""
    row = Row(cells, numbers, today, year)
    subject = SUBJECT.get(kind)
    if subject and NONE_WORDS.fullmatch(plain(row.text(subject))):
        day = row.day("checked", "Tanggal periksa")
        made = read_none(read_day(day) or today)
    else:
        made = Said(State.PRESENT, READERS[kind](row))
    return (None if row.is_bad() else made), row.found


def read_day(text: str) -> date | None:
    """Read one day of a form; nothing when it cannot be read."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_none(checked: date) -> Said:
    """Write down that somebody looked on a day and found none."""
    return Said(State.ABSENT, {"checked": checked.isoformat()})


def _performance(row: Row) -> dict[str, Any]:
    year = row.whole_year(must_be_over=True)
    rated = [row.text(field) for field in ("results", "behaviour")]
    results, behaviour = (
        row.word(field, RATINGS, what, "di atas, sesuai atau di bawah ekspektasi") if any(rated) else ""
        for field, what in (("results", "Rating hasil kerja"), ("behaviour", "Rating perilaku kerja"))
    )
    said = row.text("predicate")
    predicate = row.word("predicate", PREDICATES, "Predikat", "misalnya Baik") if said or not any(rated) else ""
    if results and behaviour:
        follows = row.numbers.matrix[int(results)][int(behaviour)]
        if predicate and predicate != follows:
            sentence = f"Predikat '{said}' tidak sesuai matriks: hasil dan perilaku itu memberi '{_title(follows)}'."
            row.found.append(error("predicate", sentence, "Perbaiki di e-Kinerja, lalu unggah lagi."))
        predicate = predicate or follows
    return {"year": year, "predicate": predicate, "results": results or None, "behaviour": behaviour or None}


def _award(row: Row) -> dict[str, Any]:
    level = row.word("level", AWARDS, "Tingkat pemberi", "Internasional, Nasional, Provinsi, Kabupaten atau Instansi")
    return {"level": level, "name": row.text("thing"), "date": row.needed_day("date", "Tanggal penghargaan")}


def _team(row: Row) -> dict[str, Any]:
    role = row.word("role", ROLES, "Peran dalam tim", "Ketua, Wakil atau Anggota")
    since = row.needed_day("from", "Tanggal mulai")
    decree = row.text("decree")
    if not decree:
        row.found.append(
            warning("decree", "Nomor SK kosong: penugasan dicatat tetapi tidak dihitung.", "Isi nomor SK.")
        )
    return {"role": role, "name": row.text("thing"), "decree": decree, "from": since, "to": row.until("to", since)}


def _feedback(row: Row) -> dict[str, Any]:
    return {"year": row.whole_year(must_be_over=False), "value": row.points("value", "Nilai umpan balik 360")}


def _training(row: Row) -> dict[str, Any]:
    name, number = row.text("thing"), row.text("number")
    if not name:
        row.found.append(error("thing", "Nama pelatihan atau sertifikat kosong.", "Isi namanya."))
    bnsp = row.truth("bnsp")
    bnsp = "bnsp" in plain(name).split() if bnsp is None else bnsp
    return {"name": name, "number": number, "bnsp": bnsp, "date": row.needed_day("date", "Tanggal sertifikat")}


def _post(row: Row) -> dict[str, Any]:
    title = row.text("title")
    if not title:
        row.found.append(error("title", "Jabatan kosong.", "Isi nama jabatan."))
    since = row.needed_day("from", "TMT jabatan")
    return {"title": title, "from": since, "to": row.until("to", since)}


def _education(row: Row) -> dict[str, Any]:
    example = "S3, S2, S1, D4, D3 atau SLTA: jenjang lain belum ada nilainya dalam aturan"
    degree = row.word("level", DEGREES, "Jenjang pendidikan", example)
    if degree and degree not in row.numbers.education:
        sentence = f"Jenjang {degree.upper()} tidak ada dalam aturan yang berlaku."
        row.found.append(error("level", sentence, "Hubungi pengelola aturan."))
    graduated = row.day("graduated", "Tahun lulus")[:4]
    return {"level": degree, "field": row.text("field"), "fits": row.truth("fits"), "graduated": graduated}


def _discipline(row: Row) -> dict[str, Any]:
    level = row.word("level", SANCTIONS, "Tingkat hukuman", "Ringan, Sedang, Berat, atau Tidak pernah")
    since = row.needed_day("from", "Tanggal mulai hukuman")
    until = row.until("to", since)
    if level in ("medium", "heavy") and until is None:
        advice = "Isi tanggal selesai bila sudah selesai dijalani."
        row.found.append(warning("to", "Tanggal selesai kosong: dianggap masih dijalani.", advice))
    return {"level": level, "name": row.text("thing"), "decree": row.text("decree"), "from": since, "to": until}


def _simata(row: Row) -> dict[str, Any]:
    fields = [field for field in row.cells if re.fullmatch("[xy](_[a-z0-9_]+)?", field) and row.cells[field]]
    said = {field: row.points(field, field.replace("_", " ").upper()) for field in fields}
    if row.text("box") and row.cells["box"] not in BOXES:
        row.found.append(error("box", f"Box '{row.cells['box']}' bukan 1 sampai 9.", "Periksa kolom Box."))
    if not said and not row.cells.get("box"):
        row.found.append(error("x", "Tidak ada nilai pada baris ini.", "Ekspor ulang dari SIMATA."))
    return {**said, "box": row.text("box")}


def _title(predicate: str) -> str:
    return predicate.replace("_", " ").title()


SUBJECT = {Kind.AWARD: "level", Kind.TEAM: "role", Kind.TRAINING: "thing", Kind.DISCIPLINE: "level"}
"""The cell that may say that there is none."""

READERS: Mapping[Kind, Callable[[Row], dict[str, Any]]] = {
    Kind.PERFORMANCE: _performance, Kind.AWARD: _award, Kind.TEAM: _team, Kind.FEEDBACK_360: _feedback,
    Kind.TRAINING: _training, Kind.POST: _post, Kind.EDUCATION: _education, Kind.DISCIPLINE: _discipline,
    Kind.SIMATA: _simata,
}  # fmt: skip
