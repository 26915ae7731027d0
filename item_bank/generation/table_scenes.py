"""What the tables are about: neutral government work, counted by unit and period, by part, or averaged."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from item_bank.generation.figures import whole
from item_bank.parts import Table

LETTERS, DIGITS = "ABCDE", "12345"
PERIODS = {
    "triwulan": ("I", "II", "III", "IV"),
    "bulan": ("Januari", "Februari", "Maret", "April"),
    "tahun": ("2021", "2022", "2023", "2024"),
}


@dataclass(frozen=True)
class Scene:
    """What is counted, in which units of which kind, and how large the counts are."""

    noun: str
    unit: str
    marks: str
    least: int
    most: int

    @property
    def rows(self) -> list[str]:
        """Name the units."""
        return [f"{self.unit} {mark}" for mark in self.marks]


@dataclass(frozen=True)
class Parts:
    """A scene of which a part is counted too, or of which each has a measure."""

    scene: Scene
    heads: tuple[str, str]
    said: str
    unit: str = ""


@dataclass(frozen=True)
class Sheet:
    """The numbers of a table, row by row, and the words for its columns inside a sentence."""

    scene: Scene
    columns: list[str]
    cells: list[list[int]]

    def column(self, place: int) -> list[int]:
        """Give the numbers of a column."""
        return [row[place] for row in self.cells]

    def in_row(self, place: int) -> str:
        """Say that a unit is meant in all periods."""
        count, period = {3: "tiga", 4: "empat"}[len(self.columns)], self.columns[0].split()[0]
        return f"di {self.scene.rows[place]} selama {count} {period} itu"


COUNTED = (
    Scene("permohonan", "Loket", DIGITS, 120, 680),
    Scene("surat masuk", "Bidang", LETTERS, 60, 420),
    Scene("kunjungan", "Puskesmas", LETTERS, 1050, 4800),
    Scene("boks arsip yang diolah", "Unit", DIGITS, 40, 260),
    Scene("bibit pohon yang ditanam", "Kecamatan", LETTERS, 1100, 6900),
    Scene("buku yang dipinjam", "Perpustakaan", LETTERS, 240, 1900),
    Scene("laporan warga", "Posko", DIGITS, 35, 310),
    Scene("peserta pelatihan", "Kelas", LETTERS, 24, 96),
    Scene("kendaraan yang diuji", "Jalur", DIGITS, 150, 720),
    Scene("sambungan air baru", "Kecamatan", LETTERS, 85, 560),
    Scene("dokumen yang dipindai", "Tim", DIGITS, 900, 5400),
    Scene("rapat yang dicatat", "Bagian", LETTERS, 12, 88),
)
PARTED = (
    Parts(Scene("permohonan", "Loket", DIGITS, 150, 700), ("Diterima", "Selesai"), "selesai"),
    Parts(Scene("berkas", "Tim", DIGITS, 80, 460), ("Diperiksa", "Lengkap"), "lengkap"),
    Parts(Scene("peserta", "Kelas", LETTERS, 30, 120), ("Terdaftar", "Lulus"), "lulus"),
    Parts(Scene("rumah", "Kecamatan", LETTERS, 1200, 6800), ("Didata", "Layak huni"), "layak huni"),
    Parts(Scene("laporan", "Posko", DIGITS, 60, 380), ("Masuk", "Ditanggapi"), "ditanggapi"),
    Parts(Scene("kendaraan", "Jalur", DIGITS, 140, 640), ("Diuji", "Laik jalan"), "laik jalan"),
    Parts(Scene("arsip", "Unit", DIGITS, 500, 3900), ("Disimpan", "Dipindai"), "dipindai"),
)
AVERAGED = (
    Parts(Scene("peserta", "Kelas", LETTERS, 12, 60), ("Peserta", "Rata-rata nilai"), "nilai", "peserta"),
    Parts(Scene("responden", "Loket", DIGITS, 40, 320), ("Responden", "Rata-rata skor"), "skor", "responden"),
    Parts(
        Scene("pegawai", "Bidang", LETTERS, 8, 64), ("Pegawai", "Rata-rata jam pelatihan"), "jam pelatihan", "pegawai"
    ),
    Parts(Scene("berkas", "Tim", DIGITS, 30, 240), ("Berkas", "Rata-rata menit"), "menit pengerjaan", "berkas"),
)


def counted(chance: Random) -> tuple[Sheet, Table]:
    """Fill a table of counts by unit and period."""
    scene, period = chance.choice(COUNTED), chance.choice(list(PERIODS))
    names = PERIODS[period][: chance.choice((3, 4))]
    cells = [_counts(scene, len(names), chance) for _ in scene.rows]
    sheet = Sheet(scene, [f"{period} {name}" for name in names], cells)
    return sheet, shown(sheet, f"Jumlah {scene.noun} menurut {scene.unit.lower()} dan {period}", _heads(period, names))


def _counts(scene: Scene, count: int, chance: Random) -> list[int]:
    """Give the counts of a unit, which stay about as large as its first one."""
    first = chance.randint(scene.least, scene.most)
    return [first, *(max(5, first * chance.randint(70, 150) // 100) for _ in range(count - 1))]


def _heads(period: str, names: tuple[str, ...]) -> list[str]:
    return [f"{period.capitalize()} {name}" if period == "triwulan" else name for name in names]


def parted(chance: Random) -> tuple[Sheet, Parts, Table]:
    """Fill a table of counts and of the part of each."""
    parts = chance.choice(PARTED)
    counts = [chance.randint(parts.scene.least, parts.scene.most) for _ in parts.scene.rows]
    cells = [[count, count * chance.randint(42, 94) // 100] for count in counts]
    sheet = Sheet(parts.scene, [head.lower() for head in parts.heads], cells)
    first, second = sheet.columns
    caption = f"Jumlah {parts.scene.noun} yang {first} dan yang {second} menurut {parts.scene.unit.lower()}"
    return sheet, parts, shown(sheet, caption, list(parts.heads))


def averaged(chance: Random) -> tuple[Sheet, Parts, Table]:
    """Fill a table of counts and of an average in each unit."""
    parts, rows = chance.choice(AVERAGED), chance.choice((3, 4))
    cells = [[chance.randint(parts.scene.least, parts.scene.most), chance.randint(55, 95)] for _ in range(rows)]
    sheet = Sheet(parts.scene, [head.lower() for head in parts.heads], cells)
    caption = f"Banyaknya {parts.unit} dan rata-rata {parts.said} menurut {parts.scene.unit.lower()}"
    return sheet, parts, shown(sheet, caption, list(parts.heads))


def retabled(sheet: Sheet, table: Table) -> Table:
    """Write other numbers under the caption and the heads of a table."""
    return shown(sheet, table.caption, list(table.head[1:]))


def shown(sheet: Sheet, caption: str, heads: list[str]) -> Table:
    """Write a sheet as a table."""
    rows = zip(sheet.scene.rows, sheet.cells, strict=False)
    return Table(
        caption,
        (sheet.scene.unit, *heads),
        tuple((name, *map(whole, cells)) for name, cells in rows),
    )
