"""The certificate of a rehearsal: the document as JSON, a page to print, and the same tables on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from assessment_app.commands.psychometrics.results import write_pieces
from assessment_app.commands.rehearse.outcome import is_sound
from scoring_engine.canonical import canonical

WIB = ZoneInfo("Asia/Jakarta")
STYLE = "sertifikat.css"
CALLS = {
    "sign-in": "masuk", "consent": "persetujuan", "sitting": "keadaan", "start": "mulai bagian", "content": "isi soal",
    "save": "simpan jawaban", "heartbeat": "tanda hidup", "finish": "selesai bagian",
    "receipt": "tanda terima",
}  # fmt: skip
FIGURES = {
    "sittings": "Peserta yang mengerjakan", "sheets": "Lembar tersegel", "receipts": "Tanda terima diambil",
    "made": "Jawaban diberikan", "acknowledged": "Jawaban dijamin server",
    "recovered": "di antaranya setelah halaman hilang", "logged": "Jawaban dalam catatan server",
    "in_sheets": "Jawaban terakhir pada lembar", "aside": "Terlambat, disimpan terpisah",
    "on_computers": "Belum terkirim, masih di komputer", "lost": "HILANG", "invented": "TIDAK PERNAH DIBERIKAN",
    "other": "Temuan lain",
}  # fmt: skip
ALWAYS_UNTRIED = (
    "Waktu pada jam server dan jarak antargiliran (giliran dimainkan berurutan, waktu berpikir dimampatkan)",
    "Peramban sungguhan, tata letak layar, Safe Exam Browser", "Lebih dari satu mesin server",
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """One part of the certificate."""

    title: str
    rows: Sequence[Sequence[str]]
    head: Sequence[str] = ()


def write(document: Mapping[str, Any], folder: Path, stamp: str) -> str:
    """Write JSON and page into a folder; gives the lines for the terminal, which name both files."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    base = folder / f"sertifikat-{stamp}"
    sheets = (("platform", "tokens.css"), ("rehearsal", "certificate.css"))
    style = [files(f"assessment_app.{slice_}").joinpath("static", name).read_bytes() for slice_, name in sheets]
    write_pieces(folder / STYLE, style)
    write_pieces(base.with_suffix(".json"), [canonical(document), b"\n"])
    write_pieces(base.with_suffix(".html"), [page(document).encode()])
    return "\n".join([*lines(document), "", f"{base}.html", f"{base}.json"])


def title(document: Mapping[str, Any]) -> str:
    """Say in two words what came of it."""
    return f"Sertifikat gladi: {'tidak ada yang hilang' if is_sound(document) else 'ADA YANG SALAH'}"


def page(document: Mapping[str, Any]) -> str:
    """Write the page that is printed and signed."""
    engine = Environment(
        loader=PackageLoader("assessment_app.rehearsal"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    shown = engine.get_template("rehearsal/certificate.html")
    return shown.render(title=title(document), style=STYLE, tables=list(tables(document)), sound=is_sound(document))


def lines(document: Mapping[str, Any]) -> Iterator[str]:
    """Tell it line by line."""
    yield title(document).upper()
    for table in tables(document):
        yield ""
        yield table.title
        every = [table.head, *table.rows] if table.head else table.rows
        widths = [max(len(row[n]) for row in every) for n in range(1, len(every[0]))] if every else []
        for first, *rest in every:
            cells = "  ".join(cell.rjust(width) for cell, width in zip(rest, widths, strict=True))
            yield f"  {first:<44}{cells}".rstrip()


def tables(document: Mapping[str, Any]) -> Iterator[Table]:
    """Give the parts of the certificate."""
    told, who, found = document["told"], document["people"], document["figures"]
    yield Table("Yang dimainkan", [
        ("Mulai", moment(document["began"])), ("Selesai", moment(document["ended"])),
        ("Penyimpanan", f"{told['store']}, {told['mode']}"), ("Baterai", f"{told['battery']}, {told['parts']} bagian"),
        ("Giliran", number(told["slots"])), ("Lebih cepat dari sebenarnya", f"{number(told['speed'])} kali"),
        ("Benih", str(told["seed"])), ("Kursi", number(who["seats"])), ("Tidak hadir", number(who["no_shows"])),
        ("Terlambat", number(who["late"])), ("Menebak cepat", number(who["rapid"])),
        ("Jawaban diperiksa lagi", number(who["revisits"])), ("Ragu-ragu", number(who["doubts"])),
        ("Butir tidak sempat", number(who["unreached"])),
    ])  # fmt: skip
    yield Table("Yang tersimpan", [(words, number(found[name])) for name, words in FIGURES.items()])
    yield Table("Gangguan", list(by_kind(document)), ("Jenis", "kali", "pertama", "terakhir", "terlama"))
    waits = [
        (CALLS.get(call, call), number(one["count"]), *(number(one[part]) for part in ("p50", "p99", "max")))
        for call, one in document["waits_ms"].items()
    ]
    yield Table("Waktu jawab server, milidetik", waits, ("Panggilan", "banyak", "p50", "p99", "terlama"))
    yield from _proofs(document)
    yield from _validity(document.get("validity"))
    untried = [(one, "") for one in (*document["not_tried"], *ALWAYS_UNTRIED)]
    yield Table("Tidak dicoba", untried)
    if document["findings"]:
        rows = [(f"{one['kind']} {one['nip']}", one["what"]) for one in document["findings"][:50]]
        yield Table("TEMUAN", rows)


def _proofs(document: Mapping[str, Any]) -> Iterator[Table]:
    cpu, left, seconds = document["cpu_ms_a_sitting"], document["capacity"], document["seconds"]
    rows = [
        ("Mengerjakan", f"{number(seconds['sitting'])} detik"),
        ("Menutup, menilai, menempatkan", f"{number(seconds['scoring'])} detik"),
        ("Basis data", f"{number(document['database_bytes_a_sitting'])} bita per peserta"),
    ]
    if left is not None:
        rows += [
            ("CPU server selama mengerjakan", f"{number(cpu['sitting'])} ms per peserta, penilaian ikut di dalamnya"),
            ("Satu jawaban", f"{number(left['cpu_us_an_answer'])} mikrodetik CPU, semuanya dibebankan padanya"),
            ("Sisa daya (perkiraan, bukan uji beban)",
             f"sekitar {number(left['people_at_once'])} peserta sekaligus per inti pada satu perubahan tiap 20 detik"),
        ]  # fmt: skip
    yield Table("Biaya dan sisa daya", rows)
    again, seals, placed = document["recomputed"], document["verified"], document["placed"]
    yield Table("Bukti", [
        ("Hitung ulang", f"{again['differences']} perbedaan"), ("Sidik hitung ulang", again["fingerprint"]),
        ("Segel", f"{seals['sessions']} sesi, {number(seals['sheets'])} lembar, {len(seals['wrong'])} kesalahan"),
        ("Tanda terima pada lembar tersegel", number(seals["receipts"])),
        ("Kotak: kompetensi x potensi", number(placed.get("profiling_boxes", 0))),
        ("Kotak: kinerja x potensi", number(placed.get("talent_boxes", 0))),
        ("Lengkap tetapi tanpa hasil", number(placed["left"])),
        ("Sidik semua lembar", document["stores"]), ("Sidik dokumen", document["sha256"]),
    ])  # fmt: skip


def _validity(found: Mapping[str, Any] | None) -> Iterator[Table]:
    if found is None:
        return
    rows = [
        (one["construct"], number(one["people"]), decimal(one["correlation"]), decimal(one["rmse"]))
        for one in found["constructs"]
    ]
    yield Table("Taksiran dan nilai benar", rows, ("Konstruk", "orang", "korelasi", "RMSE"))
    for one in found["boxes"]:
        told = f"{one['definition']}: {decimal(one['right'])} dari {number(one['people'])} orang di kotak benar"
        bins = [
            (f"{decimal(bin_['low'])} sampai {decimal(bin_['high'])}", number(bin_["count"]), decimal(bin_["stated"]),
             decimal(bin_["right"]), decimal(bin_["error"]))
            for bin_ in one["bins"]
        ]  # fmt: skip
        yield Table(told, bins, ("Peluang yang dinyatakan", "banyak", "rata-rata", "benar", "galat baku"))


def by_kind(document: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Put the faults together by kind: how often, first and last moment, and the longest in seconds."""
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for one in document["faults"]["happened"]:
        kinds.setdefault(one["label"], []).append(one)
    for label, those in sorted(kinds.items()):
        longest = max(one["seconds"] for one in those)
        yield label, number(len(those)), clock_of(those[0]["at"]), clock_of(those[-1]["at"]), f"{decimal(longest)} s"


def number(value: float) -> str:
    """Write a number as Indonesians do."""
    text = f"{value:,.1f}" if value % 1 else f"{value:,.0f}"
    return text.translate(str.maketrans(",.", ".,"))


def decimal(value: float | None) -> str:
    """Write a number with three decimals; a dash for none."""
    return "-" if value is None else f"{value:.3f}".replace(".", ",")


def moment(text: str) -> str:
    """Write a moment in western Indonesian time."""
    return f"{datetime.fromisoformat(text).astimezone(WIB):%d-%m-%Y %H.%M.%S} WIB"


def clock_of(text: str) -> str:
    """Write the time of day of a moment."""
    return f"{datetime.fromisoformat(text).astimezone(WIB):%H.%M.%S}"
