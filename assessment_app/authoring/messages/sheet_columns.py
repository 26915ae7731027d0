"""The sheet that authors fill in: its columns, what fits in each, and the workbook with examples to begin from."""

from __future__ import annotations

import io
import re

import xlsxwriter

from assessment_app.authoring.messages.item_form import FORM_KINDS
from assessment_app.authoring.messages.words import KIND_NAMES, WORTHS
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from item_bank.instruments import INSTRUMENTS

MAX_ROWS, LETTERS = 2000, "ABCDEFGH"
SIGN, FIGURE = "[-\u2212]?", r"[0-9]{1,15}([.,][0-9]{1,10})?"
PLAIN = r"(?![1-9][0-9]{0,2}(\.[0-9]{3})+$)"  # 1.500 may be a thousand and a half, or one and a half
POSITIVE = f"(?=.*[1-9]){FIGURE}"
STATEMENT = rf"{SIGN}{FIGURE}(\s*;\s*{SIGN}{FIGURE}(\s*;\s*{POSITIVE})?)?"
COLUMNS = {
    "id": ("Kode", "[a-z0-9][a-z0-9-]{0,39}", mark("Isi dengan 1 sampai 40 huruf kecil, angka, atau tanda hubung.")),
    "instrument": ("Instrumen", "[^,]+", mark("Pilih instrumen dari daftar.")),
    "kind": ("Jenis", "[^,]+", mark("Pilih jenis dari daftar.")),
    "construct": ("Konstruk", ".+", mark("Isi dengan kode atau nama konstruk instrumen itu.")),
    "facet": ("Segi", ".{1,60}", mark("Isi dengan segi konstruk, paling panjang 60 huruf.")),
    "topic": ("Topik", ".{3,80}", mark("Isi dengan pokok butir, 3 sampai 80 huruf.")),
    "job_levels": ("Jenjang", ".*", mark("Pisahkan jenjang dengan koma; kosong berarti semua.")),
    "enemies": ("Musuh", ".*", mark("Kode butir yang tidak boleh ada dalam formulir yang sama, dipisah koma.")),
    "stem": ("Situasi", ".{0,4000}", mark("Paling panjang 4000 huruf; paragraf dipisah baris kosong atau ||.")),
    "question": ("Pertanyaan", ".{1,4000}", mark("Isi dengan yang ditanyakan, paling panjang 4000 huruf.")),
    "a": ("a", POSITIVE, mark("Isi dengan angka lebih dari 0; kosong berarti 1.")),
    "b": ("b", rf"{SIGN}{FIGURE}(\s*;\s*{SIGN}{FIGURE}){{0,11}}", mark("Isi misalnya -1; 0,2. Kosong berarti 0.")),
    "value": ("Jawaban", PLAIN + SIGN + FIGURE, mark("Isi angka yang benar tanpa titik ribuan: 1500 atau 1,5.")),
    "tolerance": ("Toleransi", PLAIN + FIGURE, mark("Isi dengan selisih yang masih benar; kosong berarti 0.")),
    "unit": ("Satuan", ".{1,20}", mark("Isi dengan satuan jawaban, paling panjang 20 huruf.")),
    "whole_why": ("Alasan kunci", ".{10,1000}", mark("Jelaskan angka yang benar, 10 sampai 1000 huruf.")),
    "repeats": ("Mengulang", ".*", mark("Kode blok preferensi yang ditanyakan ulang.")),
}  # fmt: skip
"""Fields: their heading, which is Indonesian in every language, what fits, and what people are told."""
OF_OPTION = {
    "text": ("Pilihan", ".{1,4000}", mark("Isi semua pilihan berurutan dari A, paling panjang 4000 huruf.")),
    "worth": ("Skor", ".*", mark("Isi menurut jenis butirnya.")),
    "why": ("Alasan", ".{10,1000}", mark("Tulis alasan pilihan ini, 10 sampai 1000 huruf.")),
}
COLUMNS |= {f"{of}-{at}": (f"{told[0]} {at}", *told[1:]) for at in LETTERS for of, told in OF_OPTION.items()}
HEADINGS = {field: heading for field, (heading, *_told) in COLUMNS.items()}
NEEDED = {"id", "instrument", "kind", "construct", "facet", "topic", "question"}
KINDS, NAMES = {kind: KIND_NAMES[kind] for kind in FORM_KINDS}, {one.code: one.name for one in INSTRUMENTS.values()}
EXAMPLES = (
    "contoh-pilihan|Literasi Digital|Pilihan tunggal|Keamanan digital|sandi|sandi bocor|||Sandi surel dinas Anda bocor"
    ".|Apa langkah pertama?|1|0||||||Mengganti sandi.|1|Menutup jalan masuk.|Menghapus surel.|0|Sandi tetap berlaku."
    "|Menunggu kabar.|0|Penyusup bebas masuk.|Memberi tahu rekan.|0|Sandi tetap bocor.|Diam saja.|0|Risiko tetap ada.",
    "contoh-urutan|Literasi Digital|Urutan|Cakap digital|surat|surat gabungan|Pelaksana, Pengawas|contoh-pilihan||"
    "Urutkan langkahnya.|1|-0,5; 0,5||||||Mencetak surat.|3|Setelah isi diperiksa.|Merapikan daftar.|1|Sebelum daftar"
    " dihubungkan.|Menyisipkan kolom.|2|Setelah daftar rapi.",
)


def template() -> bytes:
    """Write the sheet to fill in: headings, two examples, lists to choose from, and what each column takes."""
    out, said = io.BytesIO(), [("", _("Hapus baris contoh sebelum mengunggah."))]
    said += [(name, _(hint)) for name, _fit, hint in COLUMNS.values() if not re.fullmatch(".* [B-H]", name)]
    said += [(f"Skor: {_(KINDS[kind])}", _(hint)) for kind, (_name, hint) in WORTHS.items()]
    said += [pair for one in INSTRUMENTS.values() for pair in [("", _(one.name)), *one.constructs.items()]]
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet, guide = book.add_worksheet("Butir"), book.add_worksheet("Petunjuk")
        text, head = book.add_format({"num_format": 49}), book.add_format({"bold": True})  # 49 is "Text"
        sheet.set_column(0, len(HEADINGS) - 1, 22, text)
        guide.set_column(0, 0, 32)
        sheet.write_row(0, 0, HEADINGS.values(), head)
        for row, example in enumerate(EXAMPLES, 1):
            sheet.write_row(row, 0, example.split("|"), text)
        for at, names in enumerate((NAMES, KINDS), [*HEADINGS].index("instrument")):
            sheet.data_validation(1, at, MAX_ROWS, at, {"validate": "list", "source": [*names.values()]})
        for row, pair in enumerate(said):
            guide.write_row(row, 0, pair)
    return out.getvalue()
