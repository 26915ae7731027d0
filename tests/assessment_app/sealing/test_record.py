"""The record of a session whose day did not go as planned, and its attendance as a sheet."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from assessment_app.accounts.rules import Officer, Role
from assessment_app.logbook import actions as logbook
from assessment_app.logbook.messages.forms import Move, NewIncident, NewMark
from assessment_app.logbook.rules import IncidentKind, MarkKind
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import show_nip
from assessment_app.proctoring import actions as proctoring
from assessment_app.proctoring.actions import Seated, talk
from assessment_app.proctoring.messages import Message, MoreTime
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling.messages import NewRoom, NewSession
from assessment_app.scheduling.models import Booking
from assessment_app.servers import office
from tests import factories
from tests.assessment_app.proctoring.conftest import Lab
from tests.assessment_app.scheduling.office import Staff


class Day:
    """A session in which somebody came late, somebody was moved, somebody is absent, and the power went."""

    def __init__(self, chosen, monkeypatch):
        self.lab = lab = Lab()
        monkeypatch.setattr("assessment_app.platform.clock.now", lambda: lab.now)
        self.app = office.build(chosen)
        self.tri = Staff(self.app, lab.stage.agency_id, Role.PROCTOR, "tri")
        self.by = Officer(lab.stage.agency_id, self.tri.actor)
        self.page = f"/berita-acara/sesi/{lab.stage.session_id}"

    def booking(self, seat):
        with transaction(reads_only=True) as db:
            wanted = select(Booking.booking_id).where(Booking.session_id == self.lab.stage.session_id)
            return db.execute(wanted.where(Booking.seat == seat)).scalar_one()

    def move(self, seat, to, session_id=None):
        wanted = Move(uuid4(), self.booking(seat), session_id or self.lab.stage.session_id, to, "Komputer rusak")
        with transaction() as db:
            proctoring.move(db, self.by, Seated(self.lab.stage.session_id, seat), wanted, self.lab.now)

    def state(self, seat, kind, reason=""):
        wanted = NewMark(uuid4(), self.booking(seat), kind, True, reason)
        with transaction() as db:
            logbook.mark(db, self.by, self.lab.stage.session_id, seat, wanted, self.lab.now)

    def tell(self, told, **more):
        number = uuid4()
        with transaction() as db:
            wanted = NewIncident(number, IncidentKind.POWER, (1,), told, **more)
            proctoring.tell(db, self.by, self.lab.stage.session_id, wanted, self.lab.now)
        return number

    def go_wrong(self):
        owner = self.lab.sign_in(seat=1)
        self.lab.start(owner)
        entry = self.lab.sitting(owner).attempts[0].ledger[-1].entry_id
        with transaction() as db:
            wanted = MoreTime(1, 5, entry, "Mouse macet")
            proctoring.add_time(db, self.by, Seated(self.lab.stage.session_id, 1), wanted, self.lab.now)
        with transaction() as db:
            talk.announce(db, self.by, self.lab.stage.session_id, Message("Harap tenang"), self.lab.now)
        self.state(1, MarkKind.IDENTITY)
        self.state(1, MarkKind.LATE, "Lalu lintas")
        self.state(2, MarkKind.ABSENT, "=HYPERLINK(1)")
        newest = self.lab.sitting(owner).attempts[0].ledger[-1].entry_id
        first = self.tell("Listrik padam", minutes=10, after_entry=newest)
        self.tell("Stopkontak longgar", replaces=first)
        self.move(1, 7)


@pytest.fixture
def day(on_sqlite, monkeypatch):
    return Day(on_sqlite, monkeypatch)


def test_the_record_tells_the_whole_day(day):
    day.go_wrong()
    day.tri.get(day.page)
    for words in (
        "Terjadwal 3 Hadir 1 Tidak hadir 1 Belum masuk 1", "Masuk setelah mulai 1 Identitas diperiksa 1",
        "07 rencana 01 Joko Peraga", "Hadir, masuk 08.05 WIB 5 menit setelah mulai Lalu lintas (Tri)",
        "Dikoreksi oleh nomor 2. Listrik padam", "Koreksi atas nomor 1. Stopkontak longgar",
        "Kursi 01 Kursi 07 Komputer rusak Tri", "5 Tambahan waktu Mouse macet Tri",
        "10 Tambahan waktu Listrik padam Tri", "kepada 1 peserta: Harap tenang",
        "Nihil: berkas jawaban dan jawaban yang disimpan terpisah.",
    ):  # fmt: skip
        assert words in day.tri.words, words
    assert day.tri.words.count("Joko Peraga") >= 4


def test_a_day_without_anything_says_so_in_one_line(day):
    day.tri.get(day.page)
    nothing = (
        "Nihil: insiden, pindah kursi, waktu tambahan, pengumuman, berkas jawaban dan jawaban yang disimpan terpisah."
    )
    assert nothing in day.tri.words


def test_whoever_went_to_another_session_is_planned_here_and_counted_there(day):
    with transaction() as db:
        room = scheduling.add_room(db, day.by, NewRoom("Lab 2", "SMKN Contoh", "Asia/Jakarta", 10), day.lab.now)
        hours = NewSession(room.room_id, factories.NOW, factories.NOW + timedelta(hours=3))
        there = scheduling.add_session(db, day.by, day.lab.stage.wave_id, hours, day.lab.now).session_id
    day.move(1, 4, there)
    day.tri.get(day.page)
    for words in ("Terjadwal 3 Pindah ke sesi lain 1 Hadir 0", "Kursi 01 Kursi 04, Lab 2 Komputer rusak"):
        assert words in day.tri.words, words
    day.tri.get(f"/berita-acara/sesi/{there}")
    for words in ("Terjadwal 0 Pindah masuk dari sesi lain 1", "04 rencana Lab 1 01 Joko Peraga"):
        assert words in day.tri.words, words


def test_the_attendance_as_a_workbook_keeps_every_digit_and_runs_no_formula(day):
    day.go_wrong()
    said = day.tri.client.get(f"{day.page}/daftar-hadir.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(said.data))
    header, *lines = book.get_sheet_by_index(0).to_python()
    found = [dict(zip(header, line, strict=True)) for line in lines]
    by_nip = {line["NIP"]: line for line in found}
    assert set(by_nip) == set(day.lab.stage.nips)
    joko, rina = by_nip[day.lab.nips[1]], by_nip[day.lab.nips[2]]
    assert (joko["STATUS"], joko["KURSI RENCANA"], joko["KURSI"], joko["TERLAMBAT (MENIT)"]) == (
        "HADIR",
        "01",
        "07",
        "5",
    )
    assert (joko["LOGIN"], joko["IDENTITAS"], joko["SESI"]) == (
        "2026-11-23 08:05:00", "DIPERIKSA", "23 November 2026 08.00 WIB",
    )  # fmt: skip
    assert (rina["STATUS"], rina["KETERANGAN"]) == ("TIDAK HADIR", "'=HYPERLINK(1) (Tri)")


def test_the_attendance_as_csv_opens_in_an_indonesian_spreadsheet(day):
    day.go_wrong()
    said = day.tri.get(f"{day.page}/daftar-hadir.csv").data
    assert said.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(said.decode("utf-8-sig")), delimiter=";"))
    assert [row["NIP"] for row in rows if row["STATUS"] == "HADIR"] == [show_nip(day.lab.nips[1])]


def test_who_takes_the_attendance_out_is_on_record_and_a_stranger_gets_none(day):
    day.tri.get(f"{day.page}/daftar-hadir.csv")
    stranger = Staff(day.app, factories.agency("tetangga"), Role.PROCTOR, "tamu")
    for kind in ("csv", "xlsx"):
        assert stranger.client.get(f"{day.page}/daftar-hadir.{kind}").status_code == 404
    with transaction(reads_only=True) as db:
        entries = list(db.scalars(select(AuditEntry).where(AuditEntry.action == "attendance.export")))
    assert [(entry.actor, entry.detail) for entry in entries] == [(day.tri.actor, {"kind": "csv", "people": 3})]
