"""What pages call the kinds, models, states and steps of items."""

from __future__ import annotations

from assessment_app.platform.texts import mark
from item_bank.life import Act, Aspect, Reason, State

KIND_NAMES = {
    "choice": mark("Pilihan tunggal"),
    "choices": mark("Pilihan ganda"),
    "order": mark("Urutan"),
    "most_least": mark("Paling dan paling tidak"),
    "rating": mark("Skala"),
    "number": mark("Isian angka"),
    "text": mark("Isian teks"),
    "hotspot": mark("Bagian gambar"),
    "simulation": mark("Simulasi"),
}
MODEL_NAMES = {
    "grm": "GRM", "2pl": "2PL", "thurstone": "Thurstone", "ipsative": mark("Ipsatif"), "set": mark("Himpunan jawaban"),
    "sequence": mark("Urutan benar"), "quantity": mark("Nilai dan toleransi"), "rating": mark("Skala sikap"),
    "steps": mark("Langkah simulasi"),
}  # fmt: skip
STATEMENT_NAMES = {"loading": mark("muatan"), "mean": mark("rerata"), "psi": mark("ragam galat")}

STATE_NAMES = {
    State.DRAFT: mark("Draf"), State.IN_REVIEW: mark("Ditelaah"), State.RETURNED: mark("Dikembalikan"),
    State.REVIEWED: mark("Selesai ditelaah"), State.APPROVED: mark("Disetujui"), State.PILOT: mark("Uji coba"),
    State.OPERATIONAL: mark("Operasional"), State.RECALLED: mark("Ditinjau ulang"), State.RETIRED: mark("Pensiun"),
}  # fmt: skip
STATE_PILLS = {
    State.DRAFT: "", State.IN_REVIEW: "info", State.RETURNED: "danger", State.REVIEWED: "info", State.APPROVED: "info",
    State.PILOT: "info", State.OPERATIONAL: "ok", State.RECALLED: "warn", State.RETIRED: "",
}  # fmt: skip
"""How a state is coloured; its words always stand with the colour."""

TRACK = (
    (mark("Draf"), None), (mark("Telaah isi"), Aspect.CONTENT), (mark("Telaah bahasa"), Aspect.LANGUAGE),
    (mark("Telaah keadilan"), Aspect.FAIRNESS), (mark("Disetujui"), None), (mark("Uji coba"), None),
    (mark("Operasional"), None),
)  # fmt: skip
"""The way of an item from left to right, with the aspect where a step is a review."""

ASPECT_NAMES = {
    Aspect.CONTENT: mark("Isi dan kunci"), Aspect.LANGUAGE: mark("Bahasa"), Aspect.FAIRNESS: mark("Keadilan"),
}  # fmt: skip
ASPECT_HINTS = {
    Aspect.CONTENT: mark("Kunci tepat, keadaan nyata, perilaku sesuai konstruk."),
    Aspect.LANGUAGE: mark("Kalimat jelas, baku, dan mudah dibaca sekali jalan."),
    Aspect.FAIRNESS: mark("Tidak memihak daerah, agama, jenis kelamin, usia, atau jenis jabatan."),
}
ACT_NAMES = {
    Act.WRITE: mark("Ditulis"), Act.ADMIT: mark("Diterima sebagai konten peragaan"),
    Act.SUBMIT: mark("Diajukan untuk telaah"), Act.REVIEW: mark("Lulus telaah"), Act.RETURN: mark("Dikembalikan"),
    Act.APPROVE: mark("Disetujui"), Act.PILOT: mark("Masuk uji coba"), Act.OPERATE: mark("Menjadi operasional"),
    Act.RECALL: mark("Ditarik untuk ditinjau ulang"), Act.REINSTATE: mark("Dipakai lagi"),
    Act.RETIRE: mark("Dipensiunkan"), Act.COMMENT: mark("Komentar"),
}  # fmt: skip
ACT_BUTTONS = {
    Act.SUBMIT: mark("Ajukan untuk telaah"), Act.APPROVE: mark("Setujui"), Act.PILOT: mark("Masukkan ke uji coba"),
    Act.OPERATE: mark("Jadikan operasional"), Act.RECALL: mark("Tinjau ulang"), Act.REINSTATE: mark("Pakai lagi"),
    Act.RETIRE: mark("Pensiunkan"), Act.COMMENT: mark("Tambahkan komentar"),
}  # fmt: skip

WORTHS = {
    "choice": (mark("Skor"), mark(
        "Skor 1 untuk yang benar dan 0 untuk yang lain; atau skor bertingkat 0, 1, 2 dan seterusnya. Jumlah batas b "
        "sama dengan skor tertinggi.")),
    "choices": (mark("1 bila tepat"), mark("Tulis 1 pada pilihan yang tepat dan 0 pada yang lain.")),
    "order": (mark("Urutan"), mark("Tulis urutan yang benar: 1 untuk yang pertama.")),
    "most_least": (mark("Konstruk atau muatan"), mark(
        "Untuk preferensi: kode konstruk tiap pernyataan. Untuk satu konstruk: muatan; rerata; ragam, misalnya "
        "0,7; 0; 1.")),
}  # fmt: skip
"""By kind: what the field beside an option is called, and what is written there."""

REFUSALS = {
    Reason.NOT_IN_THIS_STATE: mark("Langkah itu tidak dapat diambil pada keadaan butir sekarang. Muat ulang halaman."),
    Reason.OWN_ITEM: mark("Butir ini Anda tulis sendiri. Orang lain yang menelaah dan menyetujuinya."),
    Reason.ASPECT_IS_DONE: mark("Telaah itu sudah diberikan oleh orang lain."),
    Reason.ANOTHER_ASPECT_IS_YOURS: mark(
        "Anda sudah menelaah segi lain. Setiap segi ditelaah oleh orang yang berbeda."
    ),
    Reason.ONLY_DEMONSTRATION: mark("Hanya konten peragaan yang dapat masuk tanpa telaah di sini."),
}
"""Why a step cannot be taken, as people read it."""
