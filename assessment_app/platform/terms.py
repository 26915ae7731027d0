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
    "hash": Term(mark("Sidik (SHA-256)"), mark(
        "Kode yang dihitung dari suatu isi. Isi yang sama selalu memberi sidik yang sama; satu huruf yang berubah "
        "memberi sidik lain."
    )),
}  # fmt: skip
