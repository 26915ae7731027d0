"""What comes in from sign-in pages, what waits sealed in them, and the words for what the rules decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import msgspec
import segno
from cryptography.fernet import InvalidToken
from markupsafe import Markup
from pyotp import TOTP

from assessment_app.platform.security import CSRF_FIELD, open_secret, seal_secret
from assessment_app.platform.texts import mark

NOT_ADMITTED = mark(
    "Nama masuk dan kata sandi tidak cocok, atau akun sedang dikunci sementara. "
    "Setelah 5 kali salah, akun dikunci 1 sampai 15 menit."
)
"""One sentence for unknown name, wrong password and lock: the page must not tell who has an account here."""

WRONG_CODE = mark("Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya di aplikasi, lalu ketik lagi.")
WRONG_PASSWORD_OR_CODE = mark("Kata sandi atau kode tidak cocok. Periksa keduanya, lalu coba lagi.")
DIFFERENT = mark("Kedua isian kata sandi tidak sama.")

ACTORS = {
    "system": mark("Sistem"), "system:demo": mark("Sistem (peragaan)"), "system:demo-second": mark("Sistem (peragaan)"),
    "anonymous": mark("Belum masuk"),
}  # fmt: skip
"""Whoever acts without an account, as the audit trail names them."""

DEEDS = {
    "archive.export": mark("Arsip gelombang diekspor"),
    "accommodation.grant": mark("Akomodasi peserta ditetapkan"),
    "account.activate": mark("Akun diaktifkan"),
    "account.create": mark("Akun dibuat"),
    "account.deactivate": mark("Akun dinonaktifkan"),
    "account.factor_enrolled": mark("Faktor kedua dipasang"),
    "account.factor_forgotten": mark("Faktor kedua dihapus"),
    "account.link": mark("Tautan kata sandi dibuat"),
    "account.locked": mark("Akun dikunci sementara"),
    "account.password": mark("Kata sandi diganti"),
    "account.session_ended": mark("Satu sesi masuk diakhiri"),
    "account.sessions_ended": mark("Semua sesi masuk diakhiri"),
    "account.sign_in": mark("Masuk"),
    "account.sign_in_failed": mark("Gagal masuk"),
    "account.sign_in_refused": mark("Ditolak masuk"),
    "account.sign_out": mark("Keluar"),
    "account.unlock": mark("Kunci akun dibuka"),
    "agency.create": mark("Instansi dibuat"),
    "attempt.add_break": mark("Istirahat peserta dimulai"),
    "attempt.add_time": mark("Waktu peserta ditambah"),
    "attendance.export": mark("Daftar hadir diunduh"),
    "attendance.mark": mark("Kehadiran peserta dinyatakan"),
    "calibration.keep": mark("Kalibrasi disimpan"),
    "employee.import.apply": mark("Impor pegawai diterapkan"),
    "employee.import.preview": mark("Impor pegawai diperiksa"),
    "evidence.correct": mark("Bukti dikoreksi"),
    "evidence.import.apply": mark("Impor bukti diterapkan"),
    "evidence.import.preview": mark("Impor bukti diperiksa"),
    "evidence.record": mark("Bukti dicatat"),
    "evidence.take_back": mark("Bukti dicabut"),
    "form.assemble": mark("Formulir dirakit"),
    "form.propose": mark("Formulir diajukan"),
    "form.publish": mark("Formulir diterbitkan"),
    "form.send_back": mark("Usulan formulir dikembalikan"),
    "form.withdraw": mark("Formulir ditarik"),
    "form_parameters.read": mark("Parameter butir dibaca"),
    "incident.correct": mark("Insiden dikoreksi"),
    "incident.record": mark("Insiden dicatat"),
    "item.approve": mark("Butir disetujui"),
    "item.comment": mark("Komentar butir ditulis"),
    "item.import": mark("Butir diimpor"),
    "item.operate": mark("Butir dijadikan operasional"),
    "item.pilot": mark("Butir diujicobakan"),
    "item.recall": mark("Butir ditinjau ulang"),
    "item.reinstate": mark("Butir dipakai kembali"),
    "item.retire": mark("Butir dipensiunkan"),
    "item.return": mark("Butir dikembalikan"),
    "item.review": mark("Butir ditelaah"),
    "item.submit": mark("Butir diajukan untuk ditelaah"),
    "item.write": mark("Versi butir ditulis"),
    "item_key.assemble": mark("Kunci butir dibaca untuk perakitan"),
    "item_key.edit": mark("Butir dibuka untuk disunting"),
    "item_key.export": mark("Kunci butir diekspor"),
    "item_key.read": mark("Kunci butir dibaca"),
    "key.correct": mark("Kunci formulir diperbaiki"),
    "key.propose": mark("Perbaikan kunci diajukan"),
    "key.send_back": mark("Perbaikan kunci dikembalikan"),
    "key_version.choose": mark("Versi kunci diberlakukan"),
    "key_version.decline": mark("Usulan versi kunci ditutup"),
    "key_version.propose": mark("Versi kunci diusulkan"),
    "payroll_check.decide": mark("Temuan gaji diputuskan"),
    "payroll_check.export": mark("Temuan gaji diunduh"),
    "payroll_check.run": mark("Daftar pegawai dan gaji dibandingkan"),
    "placement.export": mark("Sembilan kotak diunduh"),
    "profile.open": mark("Profil dibuka"),
    "report.export": mark("Daftar laporan diunduh"),
    "report.issue": mark("Laporan individu diterbitkan"),
    "report.open": mark("Laporan individu dibuka"),
    "report.plan": mark("Saran pengembangan dibuka"),
    "report.request": mark("Penerbitan laporan diminta"),
    "result.try_again": mark("Pengolahan hasil dicoba lagi"),
    "review.approve": mark("Penyesuaian profil disetujui asesor kedua"),
    "review.draft": mark("Draf keputusan asesor disimpan"),
    "review.reassess": mark("Asesmen ulang satu bagian diminta"),
    "review.release": mark("Perkara dilepas dari antrean asesor"),
    "review.send_back": mark("Keputusan asesor dikembalikan"),
    "review.sign": mark("Hasil ditandatangani"),
    "review.submit": mark("Keputusan asesor diajukan"),
    "review.take": mark("Perkara diambil asesor"),
    "room.add": mark("Ruang ditambah"),
    "rule_set.approve": mark("Set aturan disetujui"),
    "rule_set.draft": mark("Draf set aturan dibuat"),
    "rule_set.edit": mark("Draf set aturan diubah"),
    "rule_set.send_back": mark("Set aturan dikembalikan"),
    "rule_set.submit": mark("Set aturan diajukan"),
    "rule_set.withdraw": mark("Set aturan ditarik"),
    "seal.export": mark("Arsip segel diekspor"),
    "seat.move": mark("Peserta dipindahkan ke kursi lain"),
    "booking.add": mark("Peserta ditambahkan ke sesi"),
    "booking.move": mark("Peserta dipindahkan"),
    "booking.take_off": mark("Peserta dikeluarkan dari sesi"),
    "session.freeze_list": mark("Daftar sesi dibekukan"),
    "session.add": mark("Sesi ujian ditambah"),
    "session.announce": mark("Pengumuman kepada ruangan"),
    "session.pause": mark("Ruangan dijeda"),
    "session.resume": mark("Ruangan dilanjutkan"),
    "session.book": mark("Peserta ditempatkan"),
    "session.outage": mark("Waktu gangguan ruangan dikembalikan"),
    "session.new_pin": mark("PIN sesi diganti"),
    "session.show_pin": mark("PIN sesi ditampilkan"),
    "sitting.attend": mark("Permintaan bantuan dijawab"),
    "sitting.write": mark("Pesan kepada peserta"),
    "sitting.pause": mark("Peserta dijeda"),
    "sitting.resume": mark("Peserta dilanjutkan"),
    "sitting.recover": mark("Berkas jawaban peserta dimuat"),
    "sitting.release": mark("Peserta dilepas dari komputernya"),
    "sitting.lock": mark("Peserta dikunci"),
    "sitting.unlock": mark("Kunci peserta dibuka"),
    "wave.add_sessions": mark("Banyak sesi ditambah sekaligus"),
    "wave.fill": mark("Gelombang diisi otomatis"),
    "wave.add": mark("Gelombang dibuat"),
    "wave.set_browser": mark("Aturan Safe Exam Browser ditetapkan"),
}
"""What the audit trail calls each deed, for people; the name itself stays beside it as evidence."""

ROLE_NAMES = {
    "bkd_admin": mark("Admin BKD"),
    "proctor": mark("Pengawas"),
    "assessor": mark("Asesor"),
    "talent_committee": mark("Komite talenta"),
    "item_author": mark("Penulis butir"),
    "psychometrician": mark("Psikometris"),
    "auditor": mark("Auditor"),
    "system_admin": mark("Admin sistem"),
    "participant": mark("Peserta"),
}

GROUP_NAMES = {
    "planning": mark("Perencanaan"),
    "running": mark("Pelaksanaan"),
    "results": mark("Hasil"),
    "instruments": mark("Instrumen"),
    "system": mark("Sistem"),
}

PASSWORD_FAULTS = {
    "short": mark("Terlalu pendek: pakai sedikitnya 12 karakter."),
    "long": mark("Terlalu panjang: paling banyak 200 karakter."),
    "has_name": mark("Mudah ditebak: memuat nama masuk Anda."),
    "monotone": mark("Mudah ditebak: terlalu banyak karakter yang sama."),
}

Sealed = TypeVar("Sealed")

ISSUER = "Pro ASN"

MOST_KEPT = 200_000
"""Bytes of a form that still travel along through sign-in; a longer one is too much for a page."""

NEVER_KEPT = ("password", "code", "secret", "token")
"""Fields with such names are not carried along: the page would hold a secret."""


@dataclass(frozen=True)
class Visit:
    """Where a request comes from, as people recognise their own sessions by."""

    origin: str
    browser: str

    @classmethod
    def of(cls, address: str | None, agent: str) -> Visit:
        """Shorten what the browser says about itself to its family and system."""
        families = ("Firefox", "Edg", "OPR", "Chrome", "Safari")
        systems = ("Windows", "Android", "iPhone", "Mac OS", "Linux")
        family = next((name for name in families if name in agent), "?")
        system = next((name for name in systems if name in agent), "?")
        return cls(address or "", f"{family.replace('Edg', 'Edge')}, {system}")


@dataclass(frozen=True)
class Credentials:
    """What the sign-in page sends."""

    name: str
    password: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Credentials:
        """Read the form; what is missing or absurdly long simply matches nothing."""
        return cls(form.get("name", "").strip()[:80], form.get("password", "")[:1000])


def parse_code(form: Mapping[str, str]) -> str:
    """Read a six-digit code as people type it, with or without a space."""
    return "".join(form.get("code", "").split())[:10]


@dataclass(frozen=True)
class Enrolment:
    """A second factor on its way to being proven: it travels sealed through the page, stored nowhere."""

    account_id: UUID
    sign_in_name: str
    secret: str
    made: datetime

    def sealed(self) -> str:
        """Seal it for the page."""
        return seal_secret(msgspec.json.encode(self), "enrolment").decode()

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Enrolment | None:
        """Read one back from the page; nothing if it is not ours."""
        return _opened(form.get("enrolment", ""), "enrolment", cls)

    def groups(self) -> list[str]:
        """Give the secret in groups of four, as people can type it."""
        return [self.secret[i : i + 4] for i in range(0, len(self.secret), 4)]

    def qr(self) -> Markup:
        """Draw what an authenticator app reads; black on white in every theme, or no camera reads it."""
        address = TOTP(self.secret).provisioning_uri(name=self.sign_in_name, issuer_name=ISSUER)
        drawn = segno.make(address, error="m").svg_inline(scale=4, border=4, dark="black", light="white")
        return Markup(drawn)  # nosec B704 # segno draws paths from numbers, no text of anybody gets in


@dataclass(frozen=True)
class KeptForm:
    """A filled form that arrived after its session had expired, kept until its owner has signed in again."""

    account_id: UUID
    path: str
    back: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    withheld: tuple[str, ...]
    kept: datetime

    @classmethod
    def collect(
        cls, account_id: UUID, path: str, back: str,
        form: Iterable[tuple[str, Sequence[str]]], files: Iterable[str | None], now: datetime,
    ) -> KeptForm:  # fmt: skip
        """Take the fields of a form, except secrets and the old CSRF token, and the names of its files."""
        pairs = [(name, value) for name, values in form for value in values if name != CSRF_FIELD]
        secrets = {name for name, _value in pairs if any(word in name for word in NEVER_KEPT)}
        fields = tuple((name, value) for name, value in pairs if name not in secrets)
        return cls(account_id, path, back, fields, tuple(f for f in files if f), tuple(sorted(secrets)), now)

    def sealed(self) -> str:
        """Seal it for the page; empty when the form is too long to travel."""
        plain = msgspec.json.encode(self)
        return seal_secret(plain, "kept-form").decode() if len(plain) <= MOST_KEPT else ""

    @classmethod
    def opened(cls, token: str, now: datetime, life: timedelta) -> KeptForm | None:
        """Read one back; nothing if it is not ours or too old."""
        kept = _opened(token, "kept-form", cls)
        return kept if kept is not None and now - kept.kept <= life else None

    def shown(self) -> list[tuple[str, str]]:
        """Give the fields as people can recognise them: without the empty ones, names without underscores."""
        return [(name.replace("_", " "), value) for name, value in self.fields if value.strip()]


def _opened(token: str, purpose: str, kind: type[Sealed]) -> Sealed | None:
    try:
        return msgspec.json.decode(open_secret(token.encode(), purpose), type=kind)
    except (InvalidToken, msgspec.DecodeError):
        return None
