"""What the exam protocol says no with, beside the refusals of the whole house; the document lists all of them."""

from __future__ import annotations

from assessment_app.platform.errors import Closed, Conflict, Forbidden, NotSignedIn, Refusal, TooEarly


class WrongNipOrPin(NotSignedIn):
    """One message for both: nobody learns which NIPs exist."""

    slug, title = "wrong-nip-or-pin", "NIP atau PIN belum cocok. Lihat lagi PIN di layar depan."


class NotBooked(Forbidden):
    """The PIN is of a session that this person is not booked for."""

    slug, title = (
        "not-booked",
        "NIP ini tidak terdaftar di sesi ini. Periksa angkanya; bila sudah benar, angkat tangan.",
    )


class SittingElsewhere(Conflict):
    """Another device owns the sitting."""

    slug, title = (
        "sitting-elsewhere",
        "Sesi Anda sedang terbuka di komputer lain. Angkat tangan, pengawas akan membantu.",
    )


class NotSealedYet(TooEarly):
    """Another device comes for the receipt while the last answers may still arrive, or their sheet is being written."""

    title = "Waktu semua bagian sudah habis dan jawaban Anda sedang disegel. Sesudah itu tanda terima terbuka di sini."


class Locked(Refusal):
    """A proctor locked the sitting: nothing is written until it is unlocked, and the device stays its owner."""

    status, slug, title = 423, "locked", "Asesmen Anda dikunci pengawas. Tunggu petunjuk pengawas."


class Paused(Locked):
    """A proctor paused the sitting: nothing is written and its time stands still until it goes on."""

    slug, title = "paused", "Asesmen Anda dijeda pengawas dan waktunya berhenti. Tunggu petunjuk pengawas."


class Unsaved(Conflict):
    """Something that the browser knows has not arrived yet."""

    slug, title = (
        "unsaved",
        "Masih ada jawaban yang belum tersimpan di server. Halaman ini akan mengirimnya dahulu.",
    )


class Withdrawn(Closed):
    """The form of this part was withdrawn before anything was begun."""

    title = "Bagian ini ditarik dan tidak dikerjakan. Lanjutkan ke bagian berikutnya."


class NoConsent(Conflict):
    """The pact and the notice come first."""

    slug, title = "consent-missing", "Pakta integritas belum disetujui."


class NotStarted(Closed):
    """A save for a part that nobody has started."""

    slug, title = "not-started", "Bagian ini belum dimulai."
