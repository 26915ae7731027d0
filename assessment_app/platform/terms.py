"""What the words of the trade mean, in one place: pages that say them offer the meaning (``platform/_terms.html``)."""

from __future__ import annotations

from dataclasses import dataclass

from assessment_app.platform.texts import mark


@dataclass(frozen=True)
class Term:
    """A word as pages write it, and what it means to somebody who never learned statistics."""

    word: str
    meaning: str


TERMS = {
    "se": Term(mark("SE, galat baku"), mark(
        "Seberapa teliti nilainya. Kira-kira dua dari tiga kali, nilai yang sebenarnya ada di antara nilai dikurangi "
        "dan ditambah satu SE."
    )),
    "logit": Term(mark("Logit"), mark(
        "Satuan skala kemampuan. 0 adalah rata-rata yang dijadikan acuan; makin besar angkanya, makin tinggi "
        "kemampuannya."
    )),
    "p_level": Term(mark("P level"), mark("Peluang bahwa level yang dilaporkan adalah level yang sebenarnya.")),
    "p_required": Term(mark("P≥wajib"), mark("Peluang bahwa level yang sebenarnya memenuhi level wajib jabatan.")),
    "near": Term(mark("Dekat batas"), mark(
        "Hasil begitu dekat dengan suatu batas sehingga sisi lain batas itu juga mungkin."
    )),
    "jpm": Term(mark("JPM, kecocokan dengan jabatan"), mark(
        "Level yang dicapai dibandingkan dengan level wajib jabatan, dalam persen."
    )),
    "z": Term(mark("Skala baku"), mark(
        "0 adalah rata-rata, 1 adalah satu simpangan baku. Kira-kira dua dari tiga orang ada di antara −1 dan 1."
    )),
    "t": Term(mark("Skor T"), mark(
        "Nilai dibandingkan dengan kelompok norma: 50 adalah rata-rata kelompok itu, tiap 10 adalah satu simpangan "
        "baku."
    )),
    "theta": Term(mark("θ (theta)"), mark(
        "Tempat pada skala kemampuan, dalam logit: 0 adalah rata-rata yang dijadikan acuan."
    )),
    "model": Term(mark("2PL, GRM"), mark(
        "Model yang menghubungkan kemampuan dengan jawaban: 2PL untuk butir yang benar atau salah, GRM untuk butir "
        "yang jawabannya bertingkat."
    )),
    "slope": Term(mark("a, daya beda"), mark(
        "Seberapa tajam butir membedakan orang yang kemampuannya sedikit di bawah dan sedikit di atas kesukarannya."
    )),
    "location": Term(mark("b, kesukaran"), mark(
        "Tempat butir pada skala kemampuan: orang yang kemampuannya sama dengan b berpeluang setengah untuk menjawab "
        "benar. Butir bertingkat mempunyai satu b untuk tiap tingkat di atas yang terendah."
    )),
    "information": Term(mark("Informasi I(θ)"), mark(
        "Seberapa banyak sebuah butir atau tes memberi tahu tentang orang di θ itu. Makin besar, makin kecil galat "
        "bakunya."
    )),
    "reliability": Term(mark("Reliabilitas marginal"), mark(
        "Bagian dari perbedaan nilai antarorang yang berasal dari kemampuan mereka, bukan dari galat; 1 berarti tanpa "
        "galat."
    )),
    "fit": Term(mark("Infit, outfit"), mark(
        "Seberapa jauh jawaban menyimpang dari yang diperkirakan model; 1 sesuai perkiraan. Infit menimbang orang yang "
        "kemampuannya dekat dengan kesukaran butir, outfit semua orang sama berat."
    )),
    "s_x2": Term(mark("p S-X²"), mark(
        "Peluang melihat penyimpangan sebesar ini pada butir yang sesuai dengan modelnya. Bila kecil, butir diperiksa."
    )),
    "drift": Term(mark("Δb, Δb / galat"), mark(
        "Pergeseran kesukaran dari kalibrasi lama ke kalibrasi baru, dan pergeseran itu dibagi galat bakunya."
    )),
    "hash": Term(mark("Sidik (SHA-256)"), mark(
        "Kode yang dihitung dari suatu isi. Isi yang sama selalu memberi sidik yang sama; satu huruf yang berubah "
        "memberi sidik lain."
    )),
}  # fmt: skip
