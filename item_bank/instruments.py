"""The four instruments and what each measures: competencies, aspects of potential, pillars, paths."""

from __future__ import annotations

from dataclasses import dataclass

from item_bank.competencies import COMPETENCIES


@dataclass(frozen=True)
class PotentialAspect:
    """One of the eight aspects of psychological potential; one not measured is never reported as average."""

    code: str
    name: str
    meaning: str
    measured: bool


POTENTIAL_ASPECTS = (
    PotentialAspect(
        "intellectual",
        "Kemampuan intelektual",
        "Kecakapan memahami, menalar, dan mengolah informasi verbal, angka, dan pola.",
        measured=True,
    ),
    PotentialAspect(
        "interpersonal",
        "Kemampuan interpersonal",
        "Kecakapan membangun dan memelihara hubungan kerja yang baik.",
        measured=False,
    ),
    PotentialAspect(
        "self_awareness",
        "Kesadaran diri",
        "Mengenal kekuatan, batas, dan pengaruh diri terhadap orang lain.",
        measured=False,
    ),
    PotentialAspect(
        "strategic_thinking",
        "Berpikir kritis dan strategis",
        "Menilai informasi secara runtut dan melihat akibat jangka panjang.",
        measured=False,
    ),
    PotentialAspect(
        "problem_solving",
        "Pemecahan masalah",
        "Menemukan akar persoalan dan memilih jalan keluar yang dapat dijalankan.",
        measured=True,
    ),
    PotentialAspect(
        "emotional",
        "Kecerdasan emosional",
        "Mengenali dan mengelola emosi sendiri serta memahami emosi orang lain.",
        measured=True,
    ),
    PotentialAspect(
        "growth",
        "Belajar cepat dan mengembangkan diri",
        "Percaya kemampuan dapat bertumbuh, cepat belajar dari pengalaman.",
        measured=False,
    ),
    PotentialAspect(
        "motivation",
        "Motivasi dan komitmen",
        "Tekun dan bertahan pada tujuan jangka panjang.",
        measured=True,
    ),
)


@dataclass(frozen=True)
class DigitalPillar:
    """One of the four national pillars of digital literacy, with what it holds for a civil servant."""

    code: str
    name: str
    content: str


DIGITAL_PILLARS = (
    DigitalPillar(
        "cakap",
        "Cakap digital",
        "Memakai perangkat kantor dan kolaborasi, mencari dan memeriksa informasi, mengolah data, "
        "serta memakai layanan SPBE dan asisten AI dengan cermat.",
    ),
    DigitalPillar(
        "budaya",
        "Budaya digital",
        "Membawa nilai dan bahasa kedinasan ke ruang digital serta menjaga layanan terbuka bagi semua warga.",
    ),
    DigitalPillar(
        "etika",
        "Etika digital",
        "Menjaga netralitas, menolak hoaks, menghormati hak cipta, dan berbeda pendapat dengan santun.",
    ),
    DigitalPillar(
        "keamanan",
        "Keamanan digital",
        "Menjaga sandi, perangkat, dan data pribadi warga, mengenali penipuan, serta melaporkan insiden.",
    ),
)


@dataclass(frozen=True)
class CareerPath:
    """One of the three ways of a career between which a person's preference is divided; none is better."""

    code: str
    name: str
    meaning: str


CAREER_PATHS = (
    CareerPath(
        "path.manajerial",
        "Manajerial",
        "Memimpin orang, membagi tugas, dan bertanggung jawab atas unit kerja.",
    ),
    CareerPath(
        "path.fungsional",
        "Fungsional-keahlian",
        "Mendalami satu bidang keahlian dan menjadi rujukan di bidang itu.",
    ),
    CareerPath(
        "path.pelaksana",
        "Pelaksana/operasional",
        "Menjalankan pekerjaan nyata sehari-hari dengan rapi dan tuntas.",
    ),
)


@dataclass(frozen=True)
class Instrument:
    """One of the four things measured as a whole; ``constructs`` gives each construct's name by its code."""

    code: str
    name: str
    constructs: dict[str, str]


INSTRUMENTS = {
    instrument.code: instrument
    for instrument in (
        Instrument(
            "managerial_sociocultural",
            "Kompetensi Manajerial dan Sosial Kultural",
            {competency.code: competency.name for competency in COMPETENCIES},
        ),
        Instrument(
            "potential",
            "Potensi Psikologi",
            {aspect.code: aspect.name for aspect in POTENTIAL_ASPECTS if aspect.measured},
        ),
        Instrument("digital_literacy", "Literasi Digital", {pillar.code: pillar.name for pillar in DIGITAL_PILLARS}),
        Instrument("career_preference", "Preferensi Karier", {path.code: path.name for path in CAREER_PATHS}),
    )
}
"""The four parts of the assessment, by code."""
