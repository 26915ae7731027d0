"""What a proctor hears from the seats and says to them, on both stores and through the pages."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from assessment_app.accounts.rules import Officer
from assessment_app.exam.actions import words as speaking
from assessment_app.exam.messages.words import Assistance, WasRead
from assessment_app.exam.models import SittingEvent
from assessment_app.logbook.queries import attendance
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Conflict, Invalid, NotFound
from assessment_app.proctoring import queries
from assessment_app.proctoring.actions import Seated, talk
from assessment_app.proctoring.messages import Message
from assessment_app.proctoring.queries.talk import talk as spoken
from assessment_app.proctoring.rules import SAME_WORDS_S
from assessment_app.scheduling import queries as plans
from tests import factories
from tests.assessment_app.proctoring.test_moves import move, other_session, wish
from tests.assessment_app.proctoring.test_routes import page


def call(lab, owner, reason="Layar"):
    with transaction() as db:
        speaking.call(db, owner, Assistance(wanted=True, reason=reason), lab.now)


def read(lab, owner, number=2**50):
    with transaction() as db:
        speaking.read(db, owner, WasRead(number), lab.now)


def write(lab, text, seat=1, by=None):
    with transaction() as db:
        talk.write(db, by or lab.by, Seated(lab.stage.session_id, seat), Message(text), lab.now)


def announce(lab, text, by=None):
    with transaction() as db:
        return talk.announce(db, by or lab.by, lab.stage.session_id, Message(text), lab.now)


def heard(lab):
    with transaction(reads_only=True) as db:
        return spoken(db, plans.session(db, lab.stage.agency_id, lab.stage.session_id))


def told(lab):
    with transaction(reads_only=True) as db:
        return queries.events(db, plans.session(db, lab.stage.agency_id, lab.stage.session_id))


def notes(kind):
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(SittingEvent.note).where(SittingEvent.kind == kind)))


def trail(action):
    with transaction(reads_only=True) as db:
        return [
            (entry.subject, entry.detail) for entry in db.scalars(select(AuditEntry).where(AuditEntry.action == action))
        ]


def test_a_room_hears_who_calls_and_who_read_what(lab):
    one, two = lab.sign_in(), lab.sign_in("device-two", seat=2)
    call(lab, one, "Layar: silau")
    assert announce(lab, "Harap tenang.") == 2
    write(lab, "Segera datang.")
    read(lab, two)
    now = heard(lab)
    assert {sitting: found.reason for sitting, found in now.calls.items()} == {one.sitting_id: "Layar: silau"}
    assert (now.announced.text, now.announced.people, now.announced.read) == ("Harap tenang.", 2, 1)
    assert [(said.text, said.read) for said in now.words.values()] == [("Segera datang.", 0)]
    read(lab, one)
    assert (heard(lab).announced.read, [said.read for said in heard(lab).words.values()]) == (2, [1])


def test_a_double_click_writes_once_and_the_same_words_can_be_said_again_later(lab):
    owner = lab.sign_in()
    for after in (0, 1, SAME_WORDS_S + 60):  # the third: two minutes later, and still not read
        lab.now += timedelta(seconds=after)
        write(lab, "Segera datang.")
        assert announce(lab, "Harap tenang.") == 1
    assert (len(notes("word")), len(notes("announcement"))) == (1, 2)  # a word still stands there; a room is told again
    read(lab, owner)
    lab.now += timedelta(seconds=SAME_WORDS_S + 60)
    for _click in range(2):
        write(lab, "Segera datang.")
    assert len(notes("word")) == 2


def test_an_announcement_reaches_who_signed_in_and_has_not_finished(lab):
    with pytest.raises(Conflict):
        announce(lab, "Halo")
    done = lab.sign_in("device-two", seat=2)
    lab.sign_in()
    for n in range(1, len(lab.sitting(done).attempts) + 1):
        lab.finish(done, lab.start(done, n), n)
    assert announce(lab, "Halo") == 1
    assert trail("session.announce") == [
        (f"session:{lab.stage.session_id}", {"text": "Halo", "sittings": sittings_told()})
    ]


def sittings_told():
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(SittingEvent.sitting_id).where(SittingEvent.kind == "announcement")))


def test_an_announcement_is_one_line_of_the_room_and_reading_is_none(lab):
    one = lab.sign_in()
    lab.sign_in("device-two", seat=2)
    lab.now += timedelta(minutes=1)
    announce(lab, "Harap tenang.")
    lab.now += timedelta(minutes=1)
    read(lab, one)
    call(lab, one, "Keluar")
    newest = [(event.seat, event.words) for event in told(lab)[:3]]
    assert newest[:2] == [(1, "Minta bantuan: Keluar"), (0, "Pengumuman: Harap tenang.")]
    assert "Masuk ujian" in newest[2][1]


def test_nothing_is_said_to_an_empty_seat_or_to_another_agency(lab):
    with pytest.raises(NotFound):
        write(lab, "Halo")
    lab.sign_in()
    stranger = Officer(factories.agency("lain"), "account:proctor")
    with pytest.raises(NotFound):
        write(lab, "Halo", by=stranger)
    with pytest.raises(NotFound):
        announce(lab, "Halo", by=stranger)
    with transaction() as db, pytest.raises(NotFound):
        talk.attend(db, stranger, lab.where, lab.now)
    assert (notes("word"), notes("announcement")) == ([], [])


@pytest.mark.parametrize(("typed", "kept"), [
    ("  Segera \n datang.\t", "Segera datang."), ("a\u0000b\u202ec", "a b c"), ("x" * 180, "x" * 180),
    ("", None), (" \n ", None), ("x" * 181, None), ("\u200b", None),
])  # fmt: skip
def test_a_message_is_one_line_that_can_be_read_beside_a_question(typed, kept):
    if kept is None:
        with pytest.raises(Invalid):
            Message.parse(MultiDict({"text": typed}))
    else:
        assert Message.parse(MultiDict({"text": typed})).text == kept


def test_the_room_shows_who_calls_and_the_call_is_answered(tri, small_lab):
    owner = small_lab.sign_in()
    small_lab.start(owner)
    call(small_lab, owner, "Layar: silau")
    small_lab.now += timedelta(minutes=3)
    tri.get(page(small_lab, 1))
    for said in (
        "01 Joko Peraga Minta bantuan",
        "Perlu perhatian",
        "Minta bantuan 3 mnt: Layar: silau",
        "Sudah dibantu",
    ):
        assert said in tri.words
    news = tri.get(f"{page(small_lab)}/keadaan", headers={"Accept": "application/json"}).get_json()
    seat = news["seats"][0]
    assert (seat["state"], seat["asks"], seat["quiet"], news["counts"]["calling"]) == (
        "calling",
        "Layar: silau",
        "3 mnt",
        1,
    )
    tri.post(f"{page(small_lab)}/kursi/1/bantuan")
    tri.get(page(small_lab, 1))
    assert "Sudah dibantu" not in tri.words
    assert [subject for subject, _detail in trail("sitting.attend")] == [f"sitting:{owner.sitting_id}"]


def test_a_proctor_writes_to_a_seat_and_to_the_room_and_sees_who_read_it(tri, small_lab):
    owner = small_lab.sign_in()
    tri.get(page(small_lab, 1))
    tri.post(f"{page(small_lab)}/kursi/1/pesan", text="Segera datang.")
    tri.post(f"{page(small_lab)}/pengumuman", text="Harap tenang.")
    tri.get(page(small_lab, 1))
    for said in ("Segera datang. Belum dibaca.", "Harap tenang. Dibaca 0 dari 1 peserta."):
        assert said in tri.words
    read(small_lab, owner)
    tri.get(page(small_lab, 1))
    for said in ("Segera datang. Sudah dibaca.", "Harap tenang. Dibaca 1 dari 1 peserta."):
        assert said in tri.words
    assert trail("sitting.write")[0][1] == {"seat": 1, "text": "Segera datang."}


def test_a_message_without_words_is_refused_and_says_what_to_do(tri, small_lab):
    small_lab.sign_in()
    tri.get(page(small_lab))
    answer = tri.post(f"{page(small_lab)}/pengumuman", text=" ")
    assert (answer.status_code, "paling banyak 180 huruf" in answer.get_data(as_text=True)) == (400, True)
    assert notes("announcement") == []


def test_what_was_announced_stays_with_the_room_when_somebody_moves(lab):
    lab.sign_in()
    lab.sign_in("device-two", seat=2)
    announce(lab, "Harap tenang.")
    elsewhere, _pin = other_session(lab, lab.now)
    move(lab, wish(lab, 1, 3, elsewhere), 1)
    with transaction(reads_only=True) as db:
        there = plans.session(db, lab.stage.agency_id, elsewhere)
        assert (spoken(db, there).announced, attendance.announcements(db, there)) == (None, [])
        assert [event.words for event in queries.events(db, there) if event.seat == 0] == []
        here = plans.session(db, lab.stage.agency_id, lab.stage.session_id)
        assert [(text, people) for _at, text, people in attendance.announcements(db, here)] == [("Harap tenang.", 1)]
