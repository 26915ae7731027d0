"""The names of what is measured and of what results say, as people read them."""

from __future__ import annotations

from assessment_app.platform.texts import mark

COMPETENCY_NAMES = {
    "M.01": mark("Integritas"),
    "M.02": mark("Kerja Sama"),
    "M.03": mark("Komunikasi"),
    "M.04": mark("Orientasi pada Hasil"),
    "M.05": mark("Pelayanan Publik"),
    "M.06": mark("Pengembangan Diri dan Orang Lain"),
    "M.07": mark("Mengelola Perubahan"),
    "M.08": mark("Pengambilan Keputusan"),
    "SK.01": mark("Perekat Bangsa"),
}

ASPECT_NAMES = {
    "intellectual": mark("Kemampuan intelektual"),
    "interpersonal": mark("Kemampuan interpersonal"),
    "self_awareness": mark("Kesadaran diri"),
    "strategic_thinking": mark("Berpikir kritis dan strategis"),
    "problem_solving": mark("Pemecahan masalah"),
    "emotional": mark("Kecerdasan emosional"),
    "growth": mark("Belajar cepat dan mengembangkan diri"),
    "motivation": mark("Motivasi dan komitmen"),
}

PILLAR_NAMES = {
    "cakap": mark("Cakap digital"),
    "budaya": mark("Budaya digital"),
    "etika": mark("Etika digital"),
    "keamanan": mark("Keamanan digital"),
}

PILLAR_BANDS = (
    mark("Sangat rendah"), mark("Rendah"), mark("Sedang"), mark("Tinggi"), mark("Sangat tinggi"),
)  # fmt: skip

PATH_NAMES = {
    "path.manajerial": mark("Manajerial"),
    "path.fungsional": mark("Fungsional-keahlian"),
    "path.pelaksana": mark("Pelaksana/operasional"),
}

POTENTIAL_CATEGORIES = (mark("Rendah"), mark("Menengah"), mark("Tinggi"))

FLAG_NAMES = {
    "effort": mark("Upaya menjawab (RTE)"),
    "rapid": mark("Jawaban kilat bagian %(part)s: %(count)s dari %(of)s"),
    "fit": mark("Kesesuaian pola lz, bagian %(part)s"),
    "longstring": mark("Jawaban sama berturut-turut, bagian %(part)s: %(count)s dari %(of)s"),
    "straight": mark("Pilihan skala yang sama, bagian %(part)s: %(count)s dari %(of)s"),
    "consistency": mark("Konsistensi blok ulang, bagian %(part)s"),
    "late": mark("Perubahan terlambat yang dihitung, bagian %(part)s"),
    "aside": mark("Perubahan yang tidak dihitung, bagian %(part)s"),
    "recovered": mark("Perubahan dari berkas pengawas, bagian %(part)s"),
    "outage": mark("Gangguan, waktu diganti, bagian %(part)s"),
}

FLAG_WORDS = {
    "effort": mark("upaya rendah"),
    "rapid": mark("jawaban kilat"),
    "fit": mark("pola tak wajar"),
    "longstring": mark("jawaban berderet"),
    "straight": mark("pilihan seragam"),
    "consistency": mark("blok ulang tak konsisten"),
    "aside": mark("perubahan tidak dihitung"),
    "outage": mark("gangguan"),
}
"""What a queue says of a case in a word or two: the checks that can be serious, and an outage."""

FLAG_MEANINGS = {
    "effort": mark(
        "Bagian soal yang dikerjakan cukup lama untuk dibaca. Nilai rendah berarti banyak soal dijawab lebih cepat "
        "daripada waktu membaca."
    ),
    "rapid": mark(
        "Jawaban yang masuk lebih cepat dari batas detik. Bisa karena menebak, kelelahan, atau soal yang sudah dikenal."
    ),
    "fit": mark(
        "Seberapa wajar pola jawaban bagi orang berkemampuan sama. Nilai di bawah batas berarti jawaban tidak saling "
        "cocok, misalnya soal mudah salah dan soal sulit benar."
    ),
    "longstring": mark(
        "Jawaban yang sama berderet panjang pada pernyataan berskala. Bisa karena tidak membaca, bisa juga karena "
        "pernyataannya memang serupa."
    ),
    "straight": mark("Hampir semua pernyataan berskala dijawab dengan pilihan yang sama."),
    "consistency": mark(
        "Bagian blok yang ditanyakan dua kali dan dijawab sama. Preferensi yang seimbang wajar bila kurang konsisten."
    ),
    "late": mark("Jawaban yang tiba setelah waktu habis, dalam kelonggaran jaringan, dan tetap dihitung."),
    "aside": mark("Jawaban yang dibuat atau tiba setelah bagian ditutup: disimpan, tetapi tidak dihitung."),
    "recovered": mark("Jawaban yang tidak terkirim lewat jaringan dan dimuat pengawas dari berkas bersegel."),
    "outage": mark("Pengawas mengembalikan waktu yang hilang karena gangguan. Bukan kesalahan peserta."),
}
"""What each check of how somebody answered looks at, for who reads it; none of them is a proof of anything."""

MATCH_CATEGORIES = (
    mark("Optimal"), mark("Cukup Optimal"), mark("Kurang Optimal"), mark("MS"), mark("MMS"), mark("KMS"),
)  # fmt: skip
"""The categories of the rule sets that come with a release; another agency's words stay as it wrote them."""
