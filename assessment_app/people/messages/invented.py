"""People who do not exist: the one way of inventing them, for demonstrations, rehearsals and tests.

Seeded: the same number, seed and day give the same people. Every surname says that its bearer is invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, product
from random import Random

LABEL = "DATA PERAGAAN: semua orang di berkas ini rekaan, bukan data pegawai."

FIRST = (
    "Adi", "Agus", "Ahmad", "Arif", "Bambang", "Bayu", "Budi", "Citra", "Dedi", "Dewi", "Dian", "Eko", "Endang",
    "Fajar", "Fitri", "Galih", "Hana", "Hendra", "Indra", "Joko", "Kartika", "Lestari", "Made", "Maya", "Nur", "Oka",
    "Putri", "Rahmat", "Rina", "Sari", "Slamet", "Sri", "Tono", "Tuti", "Umar", "Vina", "Wahyu", "Yuni", "Yusuf",
    "Zainal",
)  # fmt: skip
MIDDLE = (
    "Anggraini", "Astuti", "Cahyono", "Fauzi", "Firmansyah", "Ginting", "Gunawan", "Handayani", "Hartono", "Hidayat",
    "Irawan", "Kurniawan", "Kusuma", "Lubis", "Marpaung", "Mulyani", "Nasution", "Nugroho", "Permata", "Prasetyo",
    "Pratiwi", "Purnomo", "Rahayu", "Ramadhan", "Saputra", "Setiawan", "Siregar", "Subekti", "Suharto", "Suryani",
    "Susanti", "Sutrisno", "Utami", "Wibowo", "Widodo", "Wijaya", "Wulandari", "Yulianti", "Zulkarnain", "Simanjuntak",
)  # fmt: skip
LAST = (
    "Contoh", "Peraga", "Rekaan", "Semu", "Tiruan", "Fiktif", "Purwarupa", "Misalnya", "Umpama", "Simulasi", "Andaikan",
    "Ibarat", "Sampel",
)  # fmt: skip
"""Surnames that nobody bears: all of them say that the person is invented."""

DEGREES = ("", "", "S.Sos.", "S.E.", "S.H.", "S.Kom.", "S.T.", "S.Pd.", "S.STP., M.Si.", "S.E., M.M.", "A.Md.", "S.IP.")

UNITS = (
    "Dinas Kesehatan", "Dinas Pendidikan", "Dinas Sosial", "Dinas Perhubungan", "Dinas Komunikasi dan Informatika",
    "Dinas Tenaga Kerja", "Dinas Perdagangan", "Dinas Pariwisata", "Dinas Pertanian", "Dinas Perkebunan",
    "Dinas Kehutanan", "Dinas Lingkungan Hidup", "Dinas Kependudukan dan Pencatatan Sipil",
    "Dinas Pekerjaan Umum dan Penataan Ruang",
    "Dinas Kelautan dan Perikanan", "Dinas Pemuda dan Olahraga", "Dinas Pemberdayaan Masyarakat dan Desa",
    "Dinas Perpustakaan dan Kearsipan", "Dinas Ketahanan Pangan", "Dinas Koperasi dan Usaha Kecil",
    "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu", "Dinas Energi dan Sumber Daya Mineral",
    "Dinas Perumahan Rakyat", "Badan Perencanaan Pembangunan Daerah", "Badan Kepegawaian Daerah",
    "Badan Pengelolaan Keuangan dan Aset Daerah", "Badan Pendapatan Daerah", "Badan Penanggulangan Bencana Daerah",
    "Badan Kesatuan Bangsa dan Politik", "Badan Penelitian dan Pengembangan", "Badan Penghubung",
    "Badan Pengembangan Sumber Daya Manusia", "Inspektorat Daerah", "Sekretariat Daerah", "Sekretariat DPRD",
    "Satuan Polisi Pamong Praja", "Rumah Sakit Umum Daerah", "Biro Hukum", "Biro Organisasi", "Biro Umum",
)  # fmt: skip
"""Forty units of the invented agency; more are numbered schools."""

WORK = (
    "Perencanaan", "Anggaran", "Mutasi", "Umum", "Pelayanan", "Pengawasan", "Data", "Kerja Sama", "Evaluasi", "Program",
)  # fmt: skip
EXPERTS = (
    "Analis Kebijakan",
    "Perencana",
    "Pranata Komputer",
    "Auditor",
    "Arsiparis",
    "Pranata Humas",
    "Penata Laksana",
)
SKILLED = ("Pranata Komputer", "Arsiparis", "Pranata Laboratorium", "Bidan", "Nutrisionis")
STAFF = ("Pengelola Layanan Operasional", "Penelaah Teknis Kebijakan", "Pengadministrasi Perkantoran", "Pengolah Data")


@dataclass(frozen=True)
class Rung:
    """One rung of posts: how many of a hundred people stand on it, their ages and their grades."""

    level: str
    echelon: str
    share: int
    ages: tuple[int, int]
    grades: Sequence[str]
    contract: Sequence[str] = ()
    """Grades of those who work by contract (PPPK); empty where nobody does."""


RUNGS = (
    Rung("JPT Pratama", "II.a", 1, (46, 56), ("IV/c", "IV/d")),
    Rung("Administrator", "III.a", 8, (40, 56), ("IV/a", "IV/b")),
    Rung("Pengawas", "IV.a", 20, (36, 56), ("III/c", "III/d")),
    Rung("Ahli Madya", "", 13, (42, 56), ("IV/a", "IV/b", "IV/c")),
    Rung("Ahli Muda", "", 22, (34, 55), ("III/c", "III/d"), ("X", "XI")),
    Rung("Ahli Pertama", "", 10, (27, 45), ("III/a", "III/b"), ("IX",)),
    Rung("Penyelia", "", 4, (40, 56), ("III/c", "III/d")),
    Rung("Mahir", "", 4, (32, 54), ("III/a", "III/b")),
    Rung("Terampil", "", 4, (26, 46), ("II/c", "II/d"), ("VII",)),
    Rung("Pelaksana", "", 14, (25, 56), ("II/b", "II/c", "II/d", "III/a"), ("V", "VII", "IX")),
)
"""The mix of a province's first wave: structural, functional and executing posts (domain.md 1.3, 10.4)."""

CONTRACT = 0.3
"""How many of those who may be PPPK are."""


@dataclass(frozen=True)
class Person:
    """Somebody invented: what is true of them, spelt as the house spells it."""

    nip: str
    name: str
    born: date
    sex: str
    status: str
    grade: str
    level: str
    echelon: str
    post: str
    unit: str
    age: int


def invent(number: int, seed: int, day: date, units: int = len(UNITS)) -> list[Person]:
    """Invent so many people of so many units, who work on a day; nobody has another's NIP, or name and birth date.

    Refuses with ValueError numbers below one.
    """
    if number < 1 or units < 1:
        raise ValueError("there must be at least one person and one unit")
    chance = Random(f"{seed}:{number}:{units}")
    names, taken, offices = _names(chance), dict[str, int](), unit_names(units)
    rungs = [rung for rung in RUNGS for _ in range(rung.share)]
    people = []
    for at in range(number):
        # The first people fill the units, so that none stays empty.
        unit = offices[at] if at < len(offices) else chance.choice(offices)
        people.append(_person(chance, next(names), chance.choice(rungs), unit, day, taken))
    return people


def unit_names(number: int) -> list[str]:
    """Name so many units."""
    return [*UNITS[:number], *(f"SMAN Peraga {one}" for one in range(1, number - len(UNITS) + 1))]


def _names(chance: Random) -> Iterator[str]:
    every = [" ".join(parts) for parts in product(FIRST, MIDDLE, LAST)]
    chance.shuffle(every)
    yield from every
    for again in count(2):  # more people than names: they have a number too
        yield from (f"{name} {'I' * again}" if again < 4 else f"{name} ke-{again}" for name in every)


def _person(chance: Random, name: str, rung: Rung, unit: str, day: date, taken: dict[str, int]) -> Person:
    age = chance.randint(*rung.ages)
    born = date(day.year - age - 1, chance.randint(1, 12), chance.randint(1, 28))
    sex = chance.choice("LP")
    contract = bool(rung.contract) and chance.random() < CONTRACT
    if contract:
        start = f"{chance.randint(max(born.year + 20, day.year - 5), day.year - 1)}21"
    else:
        start = f"{min(born.year + chance.randint(21, 32), day.year - 1)}{chance.randint(1, 12):02}"
    head = f"{born:%Y%m%d}{start}{'LP'.index(sex) + 1}"
    taken[head] = taken.get(head, 0) + 1
    degree = chance.choice(DEGREES)
    return Person(
        f"{head}{taken[head]:03}", f"{name}, {degree}" if degree else name, born, sex, "PPPK" if contract else "PNS",
        chance.choice(rung.contract if contract else rung.grades), rung.level, rung.echelon,
        _post(chance, rung.level, unit), unit, age,
    )  # fmt: skip


def _post(chance: Random, level: str, unit: str) -> str:
    """Name a post as its level is named in lists."""
    work = chance.choice(WORK)
    heads = {
        "JPT Pratama": f"Kepala {unit}", "Administrator": f"Kepala Bidang {work}",
        "Pengawas": f"Kepala Subbagian {work}", "Pelaksana": chance.choice(STAFF),
    }  # fmt: skip
    if level in heads:
        return heads[level]
    return f"{chance.choice(EXPERTS if level.startswith('Ahli') else SKILLED)} {level}"
