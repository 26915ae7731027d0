"""A proctor's forms, parsed at the border, and how a room's events are told."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from assessment_app.exam.messages.words import MOST_LETTERS
from assessment_app.exam.rules import ANNOUNCEMENT, SAFE_BROWSER, WORD, words_of
from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from assessment_app.scheduling.messages import count, reason

MINUTES = (3, 5, 10, 15, 30, 60)
"""What a proctor can add in one act; a longer outage is a matter for a new session."""

OUTAGE_MINUTES = (5, 10, 15, 20, 30, 45, 60, 90)
"""What can be given back to a whole room in one act."""

EVENTS = {
    "sign-in": mark("Masuk ujian"),
    "move": mark("Masuk di komputer lain"),
    "consent": mark("Menjawab pakta integritas"),
    "start": mark("Mulai bagian %(n)s"),
    "focus": mark("Meninggalkan halaman ujian %(n)s kali"),
    "seal": mark("Bagian %(n)s selesai"),
    "seat": mark("Pindah dari kursi %(n)s ke kursi %(minutes)s: %(reason)s"),
    "release": mark("Dilepas dari komputernya: %(reason)s"),
    "break": mark("Bagian %(n)s: istirahat %(minutes)s menit"),
    "lock": mark("Dikunci: %(reason)s"),
    "pause": mark("Dijeda, waktu berhenti: %(reason)s"),
    "resume": mark("Dilanjutkan setelah dijeda %(n)s menit"),
    "unlock": mark("Kunci dibuka: %(reason)s"),
    "help": mark("Minta bantuan: %(reason)s"),
    "helped": mark("Permintaan bantuan selesai"),
    "word": mark("Pesan pengawas: %(reason)s"),
    "announcement": mark("Pengumuman: %(reason)s"),
    "recover": mark("Berkas jawaban dimuat, %(n)s perubahan: %(rest)s"),
    "add-time": mark("Bagian %(n)s ditambah %(minutes)s menit: %(reason)s"),
    "outage": mark("Bagian %(n)s: %(minutes)s menit gangguan ruangan dikembalikan: %(reason)s"),
}
"""What can happen in a sitting, in the words of the room's list."""

SAFE_BROWSER_NAME = "Safe Exam Browser"

WITH_REASON = ("release", "lock", "unlock", "pause", "help")
"""Events whose note is the reason and nothing else."""

WORDS = (
    mark("Pengawas segera datang ke meja Anda."),
    mark("Silakan lanjutkan mengerjakan; waktu Anda sudah ditambah."),
    mark("Simpan telepon genggam Anda di luar ruangan."),
)
"""What the forms propose to write to one seat."""

ANNOUNCEMENTS = (
    mark("Waktu yang hilang karena gangguan sudah dikembalikan. Silakan lanjutkan."),
    mark("Jangan mematikan komputer dan jangan menutup halaman ujian."),
    mark("Harap tenang. Angkat tangan bila perlu bantuan."),
)
"""What the form proposes to announce to a whole room."""

REASONS = (
    mark("Komputer rusak"),
    mark("Jaringan lab terputus"),
    mark("Listrik padam"),
    mark("Salah duduk"),
    mark("Akomodasi peserta"),
)
"""Reasons that the forms propose; any other can be typed."""


@dataclass(frozen=True)
class Release:
    """A wish to free a sitting from the device that owns it."""

    epoch: int
    """What the page showed: a wish about an older device is already fulfilled."""
    reason: str

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Release:
        """Read the form; refuses with Invalid."""
        return cls(count(form, "epoch"), reason(form))


@dataclass(frozen=True)
class Lock:
    """A wish to lock a sitting, or to unlock it."""

    locked: bool
    reason: str

    @classmethod
    def parse(cls, form: MultiDict[str, str], *, locked: bool) -> Lock:
        """Read the form; refuses with Invalid."""
        return cls(locked, reason(form))


@dataclass(frozen=True)
class Pause:
    """A wish to let the time of a seat stand still, or of everybody in the room."""

    reason: str
    after_event: int
    """The newest pause or end of one that the page showed, 0 for none: the wish was made in its light."""

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Pause:
        """Read the form; refuses with Invalid."""
        return cls(reason(form), count(form, "after_event"))


@dataclass(frozen=True)
class Resume:
    """A wish to let time go on, of a seat or of everybody in the room."""

    after_event: int
    """As for a pause."""

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Resume:
        """Read the form; refuses with Invalid."""
        return cls(count(form, "after_event"))


@dataclass(frozen=True)
class Message:
    """What a proctor writes to a seat, or to everybody in a room."""

    text: str

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Message:
        """Read the form, as one line without control characters; refuses with Invalid."""
        text = " ".join("".join(sign if sign.isprintable() else " " for sign in form.get("text", "")).split())
        if not 0 < len(text) <= MOST_LETTERS:
            raise Invalid(_("Tulis pesannya, paling banyak %(most)s huruf.", most=MOST_LETTERS))
        return cls(text)


@dataclass(frozen=True)
class MoreTime:
    """A wish to add time to an attempt."""

    n: int
    minutes: int
    after_entry: int
    """The newest entry of the ledger that the page showed: the wish was made in its light."""
    reason: str

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> MoreTime:
        """Read the form; refuses with Invalid."""
        minutes = count(form, "minutes")
        if minutes not in MINUTES:
            raise Invalid("Pilih berapa menit yang ditambahkan.")
        return cls(count(form, "n"), minutes, count(form, "after_entry"), reason(form))


@dataclass(frozen=True)
class Break:
    """A wish to begin one of the breaks that somebody was granted, in a part that runs."""

    n: int
    after_entry: int
    """The newest entry of the ledger that the page showed, as for added time."""

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Break:
        """Read the form; refuses with Invalid."""
        return cls(count(form, "n"), count(form, "after_entry"))


@dataclass(frozen=True)
class Outage:
    """A wish to give the time of an outage back to a whole room."""

    minutes: int
    after_entry: int
    """The newest credit of the room that the page showed, 0 for none: the wish was made in its light."""
    reason: str

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Outage:
        """Read the form; refuses with Invalid."""
        minutes = count(form, "minutes")
        if minutes not in OUTAGE_MINUTES:
            raise Invalid("Pilih berapa menit yang dikembalikan.")
        return cls(minutes, count(form, "after_entry"), reason(form))


def time_note(wanted: MoreTime) -> str:
    """Write down for the list of events what was added and why."""
    return f"{wanted.n} {wanted.minutes} {wanted.reason}"


def event_words(kind: str, note: str) -> str:
    """Tell an event in the reader's language; a kind without words of its own says its name."""
    if kind in ("sign-in", "move") and note == SAFE_BROWSER:
        return f"{_(EVENTS[kind])} ({SAFE_BROWSER_NAME})"
    if kind not in EVENTS:
        return kind
    if kind in (WORD, ANNOUNCEMENT):
        return _(EVENTS[kind], reason=words_of(kind, note))
    n, _space, rest = note.partition(" ")
    minutes, _space, why = rest.partition(" ")
    return _(EVENTS[kind], n=n, rest=rest, minutes=minutes, reason=note if kind in WITH_REASON else why)


def quiet_words(minutes: int) -> str:
    """Say beside a seat's state for how long it has been quiet; nothing while it is not."""
    return _("%(minutes)s mnt", minutes=minutes) if minutes else ""


def clock_face(ms: int) -> str:
    """Write a duration as a countdown shows it: ``00.41.26``."""
    seconds = max(0, ms) // 1000
    return f"{seconds // 3600:02}.{seconds // 60 % 60:02}.{seconds % 60:02}"
