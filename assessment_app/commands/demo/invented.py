"""Evidence for a demonstration: files as other systems would send them, the same for the same people and year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from random import Random

from assessment_app.evidence.rules import Kind
from assessment_app.people.messages import write_csv

KNOWN = 0.92
"""Of how many people each kind of evidence is there: who looks for what is missing must find somebody."""

RATINGS = ("Di Bawah Ekspektasi", "Sesuai Ekspektasi", "Di Atas Ekspektasi")
FIELDS = ("Administrasi Publik", "Hukum", "Teknik Informatika", "Ekonomi", "Ilmu Pemerintahan")

Row = Sequence[str]


def files(people: Iterable[tuple[str, str]], today: date) -> Iterator[tuple[Kind, str, bytes]]:
    """Make one file of each kind about people given by NIP and name: its kind, name and bytes."""
    listed = sorted(people)
    for kind, (headers, make) in MAKERS.items():
        rows = [(nip, name, *make(Random(f"{kind}:{nip}"), today)) for nip, name in listed if _is_known(kind, nip)]
        yield kind, f"peragaan-{kind}-{today.year}.csv", write_csv([("NIP", "NAMA", *headers), *rows])


def _is_known(kind: Kind, nip: str) -> bool:
    return Random(f"ada:{kind}:{nip}").random() < KNOWN


def _performance(chance: Random, today: date) -> Row:
    # The predicate is left to the matrix, so that no second one stands here.
    return (str(today.year - 1), *(chance.choices(RATINGS, (1, 6, 3))[0] for _ in range(2)))


def _award(chance: Random, today: date) -> Row:
    level = chance.choices(("Tidak ada", "Instansi", "Kabupaten/Kota", "Provinsi", "Nasional"), (3, 2, 3, 3, 2))[0]
    return (level, "", "") if level == "Tidak ada" else (level, "Penghargaan peragaan", str(today.year - 2))


def _team(chance: Random, today: date) -> Row:
    role = chance.choices(("Tidak ada", "Anggota", "Wakil ketua", "Ketua"), (1, 4, 2, 3))[0]
    return (role, "", "", "") if role == "Tidak ada" else (role, "Tim peragaan", "SK-0/RKN", str(today.year - 1))


def _feedback(chance: Random, today: date) -> Row:
    return str(today.year - 1), str(min(100, max(40, round(chance.gauss(80, 9)))))


def _training(chance: Random, today: date) -> Row:
    return ("Tidak ada", "") if chance.random() < 1 / 4 else ("Pelatihan peragaan", str(today.year - 1))


def _post(chance: Random, today: date) -> Row:
    return "Jabatan peragaan", f"01-03-{today.year - chance.randint(1, 9)}"


def _education(chance: Random, _today: date) -> Row:
    fits = chance.choices(("Ya", "Tidak", ""), (7, 2, 1))[0]
    return chance.choices(("S2", "S1", "D3"), (3, 6, 1))[0], chance.choice(FIELDS), fits


def _discipline(chance: Random, today: date) -> Row:
    if chance.random() < 9 / 10:
        return "Tidak pernah", "", ""
    return "Ringan", f"01-02-{today.year - 3}", f"01-02-{today.year - 3}"


MAKERS: Mapping[Kind, tuple[Row, Callable[[Random, date], Row]]] = {
    Kind.PERFORMANCE: (("TAHUN", "HASIL KERJA", "PERILAKU KERJA"), _performance),
    Kind.AWARD: (("TINGKAT PENGHARGAAN", "NAMA PENGHARGAAN", "TANGGAL PENGHARGAAN"), _award),
    Kind.TEAM: (("PERAN DALAM TIM", "NAMA TIM", "NOMOR SK", "TANGGAL MULAI"), _team),
    Kind.FEEDBACK_360: (("TAHUN", "NILAI UMPAN BALIK"), _feedback),
    Kind.TRAINING: (("NAMA PELATIHAN", "TANGGAL SERTIFIKAT"), _training),
    Kind.POST: (("JABATAN", "TMT JABATAN"), _post),
    Kind.EDUCATION: (("JENJANG PENDIDIKAN", "BIDANG ILMU", "SESUAI JABATAN"), _education),
    Kind.DISCIPLINE: (("TINGKAT HUKUMAN", "TANGGAL MULAI", "TANGGAL SELESAI"), _discipline),
}
