"""Every fault by name, and the plan in which they happen. A seed gives the plan; the machine gives the moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

OURS, DATABASE, PROCESSES, NETWORK, PEOPLE = "servers", "database", "database processes", "network", "people"
"""What a fault needs within reach: servers that we started, a database server that can be restarted, its processes on
this machine, a network without encryption, or nothing but the participants."""


@dataclass(frozen=True)
class Fault:
    """One kind of bad luck."""

    label: str
    share: int
    """How many of it there are in a hundred, about."""
    needs: str = PEOPLE
    overlaps: bool = False
    """Whether it can also happen while something else has not come back yet."""


TRICKS = {
    "cut-before": "Permintaan terputus sebelum sampai", "cut-in-request": "Permintaan terputus di tengah",
    "lost-answer": "Jawaban server hilang di jalan", "cut-in-answer": "Jawaban server terputus di tengah",
    "half-open": "Sambungan menggantung", "delayed": "Permintaan tertunda", "reordered": "Permintaan datang terlambat",
    "duplicated": "Permintaan terkirim dua kali", "replayed": "Permintaan terulang kemudian",
    "portal": "Halaman masuk jaringan menjawab",
}  # fmt: skip
"""What can be done to one request; each is a fault of its own."""

FAULTS: Mapping[str, Fault] = {
    "exam server killed": Fault("Server ujian mati mendadak", 5, OURS),
    "exam server killed in mid-commit": Fault("Server ujian mati saat menyimpan", 5, OURS),
    "exam server restarted": Fault("Server ujian dimulai ulang", 2, OURS),
    "exam server frozen": Fault("Server ujian membeku", 2, OURS),
    "worker killed": Fault("Pekerja penilaian mati mendadak", 4, OURS, overlaps=True),
    "worker frozen": Fault("Pekerja penilaian membeku", 2, OURS),
    "power cut": Fault("Listrik server padam", 2, OURS),
    "disk full": Fault("Penyimpanan penuh", 3, OURS),
    "network cut": Fault("Jaringan satu ruang putus", 8, overlaps=True),
    "lab power cut": Fault("Listrik satu ruang padam", 5, overlaps=True),
    "tab closed": Fault("Peramban tertutup", 8, overlaps=True),
    "tab reloaded": Fault("Halaman dimuat ulang", 6, overlaps=True),
    "moved to another computer": Fault("Peserta pindah komputer", 8, overlaps=True),
    "gone for good": Fault("Peserta pulang sebelum selesai", 2, overlaps=True),
    "clock wrong": Fault("Jam komputer peserta salah", 4, overlaps=True),
    "database killed": Fault("Basis data mati dan hidup lagi", 5, DATABASE),
    "connections killed": Fault("Sambungan basis data diputus", 4, DATABASE),
    "database frozen": Fault("Basis data membeku", 2, PROCESSES),
    **{f"request {name}": Fault(label, 4, NETWORK) for name, label in TRICKS.items()},
}  # fmt: skip


def possible(within_reach: Sequence[str]) -> list[str]:
    """Name the faults for which everything that they need is within reach."""
    return [name for name, fault in FAULTS.items() if fault.needs in within_reach]


def dealt(names: Sequence[str], count: int, chance: np.random.Generator) -> list[str]:
    """Deal ``count`` faults: each kind as often as its share says, at least once while there are enough."""
    shares = np.array([FAULTS[name].share for name in names], dtype=np.float64)
    deck = [names[n] for n in chance.permutation(len(names))[:count].tolist()]
    more = chance.choice(len(names), size=max(0, count - len(deck)), p=shares / shares.sum())
    deck += [names[n] for n in more.tolist()]
    return [deck[n] for n in chance.permutation(len(deck)).tolist()]
