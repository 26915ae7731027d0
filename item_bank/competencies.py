"""The nine competencies, their five levels, and the level that each job level asks.

The texts are this project's own wording, not that of the official dictionary (PermenPANRB 38/2017). An agency
may load the official text over them. What no public source confirms is marked unverified.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """One of the five steps on which a competency is rated; names and gists are unverified."""

    number: int
    name: str
    gist: str


LEVELS = (
    Level(1, "Paham / dalam pengembangan", "bekerja dengan bimbingan"),
    Level(2, "Dasar", "mandiri pada pekerjaannya sendiri"),
    Level(3, "Menengah", "menggerakkan tim atau unit kecil"),
    Level(4, "Mumpuni / tingkat lanjutan", "menggerakkan unit besar atau lintas unit"),
    Level(5, "Ahli", "membentuk arah instansi atau nasional"),
)


@dataclass(frozen=True)
class Competency:
    """One competency; ``levels`` describes in order what a person on level 1 to 5 does."""

    code: str
    name: str
    definition: str
    levels: tuple[str, str, str, str, str]


COMPETENCIES = (
    Competency(
        "M.01",
        "Integritas",
        "Menjaga agar ucapan, keputusan, dan tindakan tetap sejalan dengan nilai, aturan, dan etika, "
        "juga ketika ada tekanan atau keuntungan untuk melanggarnya.",
        (
            "Menaati aturan dan kode etik pada pekerjaannya; mengaku bila keliru.",
            "Mengajak dan mengingatkan rekan agar tetap pada aturan.",
            "Menjaga agar anggota timnya bertindak etis dan memberi konsekuensi yang adil.",
            "Menata kendali dan kebiasaan organisasi sehingga pelanggaran sulit terjadi.",
            "Menjadi teladan di luar instansinya dan ikut membentuk norma etika pemerintahan.",
        ),
    ),
    Competency(
        "M.02",
        "Kerja Sama",
        "Membangun hubungan kerja yang saling menopang, berbagi informasi dan beban, agar tujuan bersama tercapai.",
        (
            "Ikut serta dan menyelesaikan bagiannya.",
            "Mengundang keterlibatan semua anggota dan menghargai masukan.",
            "Menyusun tim dengan peran yang saling melengkapi dan mengarahkan hasilnya.",
            "Menyatukan komitmen lintas tim, menengahi benturan, menghasilkan sinergi.",
            "Menanamkan pola kerja sama yang bertahan lintas instansi.",
        ),
    ),
    Competency(
        "M.03",
        "Komunikasi",
        "Menyampaikan gagasan dengan jelas, menyimak sungguh-sungguh, dan memilih cara yang tepat "
        "untuk tiap orang dan keadaan.",
        (
            "Menyampaikan informasi dengan jelas dan lengkap.",
            "Berkomunikasi aktif lisan dan tulis, menyimak, menyiapkan bahan yang dipahami.",
            "Tegas dan santun; mampu menyampaikan hal rumit atau peka.",
            "Merangkum banyak sudut pandang sampai tercapai kesepakatan.",
            "Merintis saluran komunikasi terbuka untuk kepentingan strategis.",
        ),
    ),
    Competency(
        "M.04",
        "Orientasi pada Hasil",
        "Menepati janji kerja, mengukur kemajuan, dan terus mencari cara agar hasil lebih baik dengan "
        "risiko yang terjaga.",
        (
            "Bertanggung jawab memenuhi standar kerja.",
            "Berusaha melampaui standar sendiri dan mencoba cara baru.",
            "Menetapkan sasaran yang menantang bagi unit, memberi penghargaan dan teguran.",
            "Mendorong unit melampaui sasaran dan memakai sumber daya lintas unit.",
            "Menaikkan mutu capaian organisasi secara menyeluruh dan berkelanjutan.",
        ),
    ),
    Competency(
        "M.05",
        "Pelayanan Publik",
        "Menjalankan tugas pemerintahan dan memenuhi kebutuhan warga secara adil, terbuka, tepat, dan tidak memihak.",
        (
            "Melayani sesuai prosedur baku.",
            "Menyelia pelayanan dan memberi penjelasan yang terbuka.",
            "Memakai kekuatan kelompok untuk memperbaiki pelayanan di unitnya.",
            "Memantau mutu, membaca isu jangka panjang, menyiapkan jawaban.",
            "Menjamin kebijakan layanan objektif, netral, tanpa pembedaan.",
        ),
    ),
    Competency(
        "M.06",
        "Pengembangan Diri dan Orang Lain",
        "Terus menambah pengetahuan dan kecakapan sendiri serta membantu orang lain bertumbuh.",
        (
            "Mengenali kekurangan diri dan belajar.",
            "Menolong rekan atau bawahan belajar lewat contoh dan penjelasan.",
            "Memberi umpan balik dan bimbingan yang berbekas.",
            "Menyusun program pengembangan jangka panjang.",
            "Mewujudkan organisasi yang terus belajar.",
        ),
    ),
    Competency(
        "M.07",
        "Mengelola Perubahan",
        "Menyesuaikan diri dengan keadaan baru dan membantu orang lain melewati perubahan sampai berhasil.",
        (
            "Mengikuti perubahan dengan arahan.",
            "Menyesuaikan diri atas kemauan sendiri.",
            "Membantu orang lain berubah dan menyiapkan langkah antisipasi.",
            "Memimpin perubahan pada unit kerja.",
            "Menggalang pemangku kepentingan untuk perubahan tingkat instansi atau nasional.",
        ),
    ),
    Competency(
        "M.08",
        "Pengambilan Keputusan",
        "Memilih tindakan pada waktunya berdasarkan data, pertimbangan risiko, dan tanggung jawab atas akibatnya.",
        (
            "Mengumpulkan informasi untuk bertindak dalam wewenangnya.",
            "Menelaah masalah secara mendalam sebelum memutuskan.",
            "Membandingkan pilihan dan menyeimbangkan risiko dengan hasil.",
            "Memutuskan perkara berisiko tinggi serta menyiapkan mitigasi.",
            "Mengambil keputusan strategis berdampak nasional.",
        ),
    ),
    Competency(
        "SK.01",
        "Perekat Bangsa",
        "Menghargai keberagaman, menjaga hubungan antarkelompok, dan menempatkan persatuan di atas "
        "kepentingan golongan.",
        (
            "Peka dan menerima kemajemukan.",
            "Mengembangkan sikap saling menghargai dan menekankan persatuan.",
            "Mengajak dan memajukan toleransi di lingkungannya.",
            "Memanfaatkan perbedaan untuk keberhasilan kelompok.",
            "Mewakili pemerintah membangun ikatan sosial antarkelompok.",
        ),
    ),
)
"""The eight managerial competencies and the sociocultural one, all assessed; the code SK.01 is unverified."""


@dataclass(frozen=True)
class JobLevel:
    """The level that a job level asks of every competency unless the standard of the post says otherwise."""

    code: str
    required_level: int
    verified: bool = False


JOB_LEVELS = (
    JobLevel("jpt_utama", 5),
    JobLevel("jpt_madya", 5),
    JobLevel("jpt_pratama", 4),
    JobLevel("administrator", 3),
    JobLevel("pengawas", 2),
    JobLevel("pelaksana", 1),
    JobLevel("ahli_utama", 5),
    JobLevel("ahli_madya", 4),
    JobLevel("ahli_muda", 3),
    JobLevel("ahli_pertama", 2),
    JobLevel("penyelia", 3),
    JobLevel("mahir", 2),
    JobLevel("terampil", 2),
    JobLevel("pemula", 1),
)
"""No readable public copy of the regulation's own table was found: an agency must confirm each value."""
