"""Loading a file through the real office server."""

import io
import re
from base64 import b64encode

import pytest

from assessment_app.accounts.rules import Role
from assessment_app.exam.messages import RESCUE
from assessment_app.exam.rules import Standing
from assessment_app.platform import letters
from assessment_app.rescue import messages
from tests.assessment_app.rescue.files import answers_of, file_of, log_of, questions, sealed, unsent
from tests.assessment_app.scheduling.office import Staff


@pytest.fixture
def seated(small_lab):
    owner = small_lab.sign_in()
    return owner, small_lab.start(owner), questions(small_lab, owner)


def seat(lab, number=1):
    return f"/pengawas/sesi/{lab.stage.session_id}/kursi/{number}/berkas"


def console(lab, number=1):
    return f"/pengawas/sesi/{lab.stage.session_id}?kursi={number}"


def send(who, lab, raw, name="jawaban-kursi-01-0830.proasn", number=1):
    who.get(console(lab))
    return who._read(closed(who.post(seat(lab, number), berkas=(io.BytesIO(raw), name))))


def confirm(who, lab, raw, reason="Jaringan lab terputus"):
    assert send(who, lab, raw).status_code == 200
    carried = {"_csrf": who.csrf, "berkas": who.hidden("berkas"), "reason": reason}
    return closed(who.client.post(f"{seat(lab)}/muat", data=carried, content_type="multipart/form-data"))


def closed(answer):
    answer.request.environ["wsgi.input"].close()  # a large one is a file, which the test client leaves open
    return answer


def test_a_file_is_shown_then_loaded_with_a_reason_and_is_seen_in_the_room(tri, small_lab, seated):
    owner, attempt_id, ((first, (p, *_)), (second, (q, *_)), *_) = seated
    raw = file_of(owner, unsent(1, first, p), unsent(2, second, q))
    assert send(tri, small_lab, raw).status_code == 200
    for words in ("Belum ada yang disimpan.", "Muat 2 perubahan", "1. Kompetensi Manajerial"):
        assert words.lower() in tri.words.lower()
    assert re.search(r"2 0 2 0 0 0 2", tri.words)
    assert log_of(owner) == {}
    tri.follow(confirm(tri, small_lab, raw))
    for words in (
        "2 perubahan kursi 01 dimuat dan tersimpan di server.",
        "Berkas jawaban dimuat, 2 perubahan: Jaringan lab terputus",
        "Bagian 1: 2 perubahan dari berkas yang dimuat pengawas",
    ):
        assert words in tri.words
    assert answers_of(attempt_id) == {first: p, second: q}


def test_a_file_that_was_loaded_already_offers_nothing_to_load(tri, small_lab, seated):
    owner, _attempt_id, ((first, (p, *_)), *_) = seated
    raw = file_of(owner, unsent(1, first, p))
    tri.follow(confirm(tri, small_lab, raw))
    text = messages.open_file(raw).text
    send(tri, small_lab, raw)
    assert "Tidak ada yang perlu dimuat" in tri.words
    assert 'name="reason"' not in tri.said
    tri.follow(tri.post(f"{seat(small_lab)}/muat", berkas=text, reason="sekali lagi"))
    assert "Tidak ada yang berubah." in tri.words
    assert "sekali lagi" not in tri.words


def test_the_largest_file_travels_through_its_preview(tri, small_lab, seated):
    owner, attempt_id, ((first, (p, *_)), *_) = seated
    filler = [unsent(seq, first, "no option " + "x" * 900) for seq in range(2, 2000)]
    raw = file_of(owner, unsent(1, first, p), *filler)
    assert 0.9 * messages.MOST_BYTES < len(raw) <= messages.MOST_BYTES
    tri.follow(confirm(tri, small_lab, raw))
    assert answers_of(attempt_id) == {first: p}


def test_late_and_aside_changes_are_told_on_the_seat(tri, small_lab, seated):
    owner, attempt_id, ((first, (p, *_)), *_) = seated
    late, aside = Standing.LATE.value, Standing.ASIDE.value
    said = f'"{p}"'
    small_lab.answer(owner, attempt_id, (1, first, said, late), (2, first, said, aside), (3, first, said, aside))
    tri.get(console(small_lab))
    assert "Bagian 1: 1 perubahan terlambat, dihitung · 2 perubahan disimpan terpisah, tidak dihitung" in tri.words


def test_the_console_says_until_when_a_file_counts(tri, small_lab, seated):
    tri.get(console(small_lab))
    assert "Untuk bagian 1: yang dimuat sampai 08.22 WIB dihitung" in tri.words  # 08.05, 15 minutes, 2 of grace


HEAD = b'{"format":"proasn/rescue/%s","key":"0","sender":"","nonce":""}\n'


@pytest.mark.parametrize(("raw", "sentence"), [
    (b"", "bukan berkas jawaban"),
    (b"NIP;NAMA\n1;x", "bukan berkas jawaban"),
    (b"\x89PNG\r\n\x1a\n" + bytes(900), "bukan berkas jawaban"),
    (b"[" * 1000, "bukan berkas jawaban"),
    (b'{"format":"something/else"}\n', "bukan berkas jawaban"),
    (b'{"format":7}\n', "bukan berkas jawaban"),
    (bytes(messages.MOST_BYTES + 1), "terlalu besar"),
    (HEAD % b"0", "versi halaman ujian yang lain"),
    (HEAD % b"1", "server ujian yang lain"),
    (b'{"format":"proasn/rescue/1","extra":1}\n', "rusak atau pernah diubah"),
])  # fmt: skip
def test_what_is_wrong_with_a_file_is_told_in_a_sentence(tri, small_lab, seated, raw, sentence):
    tri.follow(send(tri, small_lab, raw))
    assert sentence in tri.words
    assert "Kursi 01" in tri.words


def test_nothing_chosen_is_told(tri, small_lab, seated):
    tri.follow(send(tri, small_lab, b"", name=""))
    assert "Pilih berkas jawaban lebih dahulu." in tri.words


@pytest.mark.parametrize("place", ["line", "sealed", "short"])
def test_a_tampered_file_loads_nothing(tri, small_lab, seated, place):
    owner, _attempt_id, ((first, (p, *_)), *_) = seated
    raw = bytearray(file_of(owner, unsent(1, first, p)))
    if place == "short":
        raw = raw[:-1]
    elif place == "sealed":
        raw[-20] ^= 1
    else:  # one sign of the nonce: still readable as a line
        at = raw.index(b'"nonce": "') + 12
        raw[at] = ord("A") if raw[at] != ord("A") else ord("B")
    tri.follow(send(tri, small_lab, bytes(raw)))
    assert "rusak atau pernah diubah" in tri.words
    tri.follow(tri.post(f"{seat(small_lab)}/muat", berkas=b64encode(raw).decode(), reason="x"))
    assert "rusak atau pernah diubah" in tri.words
    tri.follow(tri.post(f"{seat(small_lab)}/muat", berkas="not base64", reason="x"))
    assert "rusak atau pernah diubah" in tri.words
    assert log_of(owner) == {}


@pytest.mark.parametrize("content", [b"no json", {"token": "x"}, {"token": "x", "changes": []}, [], b"[" * 90_000])
def test_a_sealed_file_that_holds_something_else_is_told(tri, small_lab, seated, content):
    tri.follow(send(tri, small_lab, sealed(content)))
    assert "rusak atau pernah diubah" in tri.words


def test_a_file_sealed_for_another_key_cannot_be_passed_off_as_ours(tri, small_lab, seated):
    owner, _attempt_id, ((first, (p, *_)), *_) = seated
    own = letters.key_name(letters.public_key(RESCUE))
    other = letters.public_key("something else")
    tri.follow(send(tri, small_lab, file_of(owner, unsent(1, first, p), key=other)))
    assert "server ujian yang lain" in tri.words
    tri.follow(send(tri, small_lab, file_of(owner, unsent(1, first, p), key=other, named=own)))
    assert "rusak atau pernah diubah" in tri.words


def test_a_file_of_another_seat_leads_there(tri, small_lab, seated):
    neighbour = small_lab.sign_in("device-n", seat=2)
    _owner, _attempt_id, ((first, (p, *_)), *_) = seated
    tri.follow(send(tri, small_lab, file_of(neighbour, unsent(1, first, p))))
    assert "Berkas ini milik kursi 02." in tri.words


def test_loading_needs_a_reason(tri, small_lab, seated):
    owner, _attempt_id, ((first, (p, *_)), *_) = seated
    assert confirm(tri, small_lab, file_of(owner, unsent(1, first, p)), reason=" ").status_code == 400
    assert log_of(owner) == {}


def test_no_answer_stands_on_the_page_that_shows_a_file(tri, small_lab, seated):
    owner, _attempt_id, ((first, (p, *_)), *_) = seated
    send(tri, small_lab, file_of(owner, unsent(1, first, p)))
    page = tri.said.replace(tri.hidden("berkas"), "")
    assert f">{first}<" not in page
    assert f'"{p}"' not in page


@pytest.mark.parametrize("role", [Role.BKD_ADMIN, Role.ASSESSOR, Role.AUDITOR])
def test_only_proctors_load_files(small_lab, app, seated, role):
    owner, _attempt_id, ((first, (p, *_)), *_) = seated
    other = Staff(app, small_lab.stage.agency_id, role, "lain")
    other.get("/")
    raw = file_of(owner, unsent(1, first, p))
    for path in (seat(small_lab), f"{seat(small_lab)}/muat"):
        assert other.post(path, berkas=(io.BytesIO(raw), "a.proasn"), reason="x").status_code in (400, 403)
    assert log_of(owner) == {}
