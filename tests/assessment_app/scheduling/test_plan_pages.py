"""The pages that fill a wave, change it and print it, through the real office server."""

import io
import re
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from assessment_app.accounts.rules import Role
from assessment_app.people.models import Employee
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.platform.security import secret
from assessment_app.scheduling import queries
from assessment_app.scheduling.messages.filling import Filling, nips_in
from assessment_app.scheduling.models import Booking, ExamSession
from assessment_app.scheduling.rules import pin
from tests.assessment_app.scheduling.office import Staff
from tests.assessment_app.scheduling.towns import Province, add_people, form
from tests.factories import NOW

EVIL = '=HYPERLINK("x")'


@pytest.fixture
def province(on_sqlite, monkeypatch):
    monkeypatch.setattr("assessment_app.platform.clock.now", lambda: NOW)
    return Province({"Dinas A": 8, "Dinas B": 8}, rooms=2, seats=6, days=1)


@pytest.fixture
def wave(province):
    return f"/gelombang/{province.wave.wave_id}"


@pytest.fixture
def planner(province, app):
    return Staff(app, province.agency_id, Role.BKD_ADMIN, "dewi")


def session_page(province):
    return f"/gelombang/sesi/{province.bookings()[0].session_id}"


def test_many_sessions_are_looked_at_first_and_then_made(planner, province, wave):
    planner.get(f"{wave}/sesi-sekaligus")
    assert "Baterai ini perlu 50 menit" in planner.words
    wanted = {
        "first": "2026-12-07", "last": "2026-12-11", "weekday": list("01234"), "starts": ["08:00", "10:00"],
        "ends": ["08:30", "11:00"], "friday_starts": "11:00", "friday_ends": "12:00",
        "room_id": [str(room.room_id) for room in province.rooms],
    }  # fmt: skip
    planner._read(planner.post(f"{wave}/sesi-sekaligus", act="look", **wanted))
    for words in (
        "Sesi baru 18", "Kursi baru 108", "Bentrok 0", "Sesi 08.00-08.30 panjangnya 30 menit", "Kurang 20 menit",
        "melewati waktu salat Jumat",
    ):  # fmt: skip
        assert words in planner.words
    assert len(province.ask(queries.sessions_of, province.wave.wave_id)) == 4
    planner.follow(planner.post(f"{wave}/sesi-sekaligus", act="make", **wanted))
    assert "18 sesi dibuat, 0 sudah ada, 0 dilewati" in planner.words
    planner._read(planner.post(f"{wave}/sesi-sekaligus", act="look", **wanted))
    assert "Tidak ada sesi baru" in planner.words


def test_a_clash_is_named_with_room_time_and_wave(planner, province, wave):
    planner.get(f"{wave}/sesi-sekaligus")
    wanted = {
        "first": "2026-11-30", "last": "2026-11-30", "weekday": "0", "starts": "11:00", "ends": "12:30",
        "room_id": str(province.rooms[0].room_id),
    }  # fmt: skip
    planner._read(planner.post(f"{wave}/sesi-sekaligus", act="look", **wanted))
    assert "Lab 2 30 Nov 2026 11.00 WIB: dipakai Tahap Besar, 08.00 WIB sampai 12.00 WIB." in planner.words


def test_a_wave_is_filled_as_its_preview_said_and_a_stale_preview_fills_nothing(planner, province, wave):
    planner.get(f"{wave}/isi")
    planner._read(planner.post(f"{wave}/isi/pratinjau", away_percent="25", spare_percent="5"))
    assert "Dipilih 16 Akan ditempatkan 8 Belum mendapat kursi 8" in planner.words
    assert "8 orang : batas unit tercapai" in planner.words
    planner._read(planner.post(f"{wave}/isi/pratinjau", away_percent="50"))
    assert "Akan ditempatkan 16" in planner.words
    shown = planner.hidden("shown")
    assert province.bookings() == []
    planner.follow(planner.post(f"{wave}/isi", away_percent="50", shown=shown))
    assert "16 peserta ditempatkan." in planner.words
    assert "4 /6" in planner.words
    add_people(province.agency_id, {"Dinas C": 2})
    assert planner.post(f"{wave}/isi", away_percent="50", shown=shown).status_code == 409
    assert len(province.bookings()) == 16


def test_a_list_of_nips_is_read_as_people_type_it(planner, province, wave):
    province.fill(Filling(nips=("198501012010000004",), away_percent=100))
    planner.get(f"{wave}/isi")
    nips = "19850101 201000 0 005\r\n'198501012010000006; 198501012010000004,123"
    planner._read(planner.post(f"{wave}/isi/pratinjau", nips=nips, away_percent="100"))
    assert "Akan ditempatkan 2" in planner.words
    assert "Sudah punya kursi di gelombang ini" in planner.words
    assert "NIP ini tidak terdaftar sebagai pegawai aktif" in planner.words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"away_percent": "0"}, "Batas unit"), ({"spare_percent": "51"}, "cadangan"),
        ({"spare_seats": "²"}, "cadangan"),
        ({"unit_id": "x"}, "Unit kerja tidak dikenal"), ({"job_level": "raja"}, "sudah berubah"),
        ({"nips": "\n".join(map(str, range(20_001)))}, "Paling banyak 20000 NIP"),
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_read_is_refused_with_what_to_do(on_sqlite, typed, said):
    with pytest.raises(Exception, match=said):
        Filling.parse(form(**typed))


def test_an_empty_form_wishes_for_everybody_within_the_usual_limits():
    assert Filling.parse(form()) == Filling()
    assert nips_in(" 1\n\n1, 2") == ("1", "2")


def test_a_person_is_moved_swapped_and_taken_off_from_their_page(planner, province):
    province.fill(Filling(away_percent=100))
    one, other = province.bookings()[:2]
    page = f"/gelombang/peserta/{one.booking_id}"
    planner.get(session_page(province))
    assert page in planner.said
    planner.get(page)
    assert (
        planner.post(f"{page}/pindah", shown=planner.hidden("shown"), session_id=one.session_id, seat="6").status_code
        == 400
    )
    moved = planner.post(
        f"{page}/pindah", shown=planner.hidden("shown"), session_id=one.session_id, seat="6", reason="Dekat pintu"
    )
    planner.follow(moved)
    assert "sekarang di kursi 6" in planner.words
    planner.get(page)
    assert "Dekat pintu" in planner.words
    planner.follow(planner.post(f"{page}/tukar", shown=planner.hidden("shown"), nip=other.nip, reason="Permintaan"))
    planner.get(page)
    planner.follow(planner.post(f"{page}/keluar", shown=planner.hidden("shown"), reason="Sakit"))
    assert "kembali ke daftar yang belum terjadwal" in planner.words
    assert planner.get(page).status_code == 404


def test_a_list_is_frozen_on_its_page_and_a_latecomer_is_an_amendment(planner, province):
    province.fill(Filling(away_percent=100))
    page = session_page(province)
    nip = newcomer(province)
    planner.get(page)
    planner.follow(planner.post(f"{page}/bekukan", shown=planner.hidden("shown")))
    assert "Daftar dibekukan." in planner.words
    assert "Belum terjadwal (" not in planner.words
    planner.follow(planner.post(f"{page}/susulan", nip=nip, reason="Surat tugas menyusul"))
    assert "1 Ditambahkan" in planner.words
    assert "Surat tugas menyusul" in planner.words
    planner.get(f"{page}/cetak/daftar-hadir")
    assert "Amandemen daftar" in planner.words
    assert "Surat tugas menyusul Dewi" in planner.words


def newcomer(province):
    employee_id = add_people(province.agency_id, {"Dinas C": 1})["Dinas C"][0]
    with transaction(reads_only=True) as db:
        return db.get_one(Employee, employee_id).nip


def test_no_card_list_or_poster_carries_a_pin_and_no_poster_a_nip(planner, province, wave):
    province.fill(Filling(away_percent=100))
    page, booking = session_page(province), province.bookings()[0]
    session = province.ask(queries.session, booking.session_id)
    right = pin(secret("session-pin"), session.session_id, session.pin_round)
    for path in (f"{wave}/cetak/kartu", f"{page}/cetak/daftar-hadir", f"{page}/cetak/poster"):
        assert planner.get(path).status_code == 200
        assert right not in planner.said
    assert not re.search(r"\d{8} ?\d{6}", planner.words)
    with transaction(reads_only=True) as db:
        assert not db.scalars(select(AuditEntry).where(AuditEntry.action == queries.SHOW_PIN)).all()


def test_a_card_says_when_where_and_what_to_bring(planner, province, wave):
    province.fill(Filling(away_percent=100))
    planner.get(f"{wave}/cetak/kartu?unit=Dinas+A")
    assert planner.words.count("Kartu peserta asesmen") == 8
    assert "Dinas B" not in planner.words
    for words in (
        "1 (hari 1, urutan 1)",
        "Senin, 30 November 2026",
        "08.00-12.00 WIB",
        "mulai 07.00 WIB, saat pintu dibuka",
        "KTP elektronik",
    ):
        assert words in planner.words


def test_a_card_of_a_session_that_ends_on_another_day_names_that_day(planner, province, wave):
    province.fill(Filling(away_percent=100))
    with transaction() as db:
        for session in db.scalars(select(ExamSession)):
            session.ends += timedelta(days=365)
    planner.get(f"{wave}/cetak/kartu?unit=Dinas+A")
    assert "Senin, 30 November 2026, 08.00 - 30 Nov 2027 12.00 WIB" in planner.words


def test_the_pin_sheet_is_on_record_once_for_each_reader(planner, province):
    province.fill(Filling(away_percent=100))
    page = session_page(province)
    for _look in range(2):
        assert planner.get(f"{page}/cetak/pin").status_code == 200
    session = province.ask(queries.session, province.bookings()[0].session_id)
    assert pin(secret("session-pin"), session.session_id, session.pin_round) in planner.words
    with transaction(reads_only=True) as db:
        entries = db.scalars(select(AuditEntry).where(AuditEntry.action == queries.SHOW_PIN)).all()
    assert [entry.actor for entry in entries] == [planner.actor]


def test_the_attendance_sheet_is_in_the_order_of_the_seats(planner, province):
    province.fill(Filling(away_percent=100))
    planner.get(f"{session_page(province)}/cetak/daftar-hadir")
    seats = re.findall(r'<td class="num strong">(\d\d)</td>', planner.said)
    assert seats == sorted(seats)
    assert len(seats) == 4
    assert "Draf: daftar belum dibekukan" in planner.words


def test_no_text_of_a_file_becomes_a_formula_and_no_nip_loses_digits(planner, province, wave):
    province.fill(Filling(away_percent=100))
    with transaction() as db:
        booking = db.scalars(select(Booking).where(Booking.wave_id == province.wave.wave_id).limit(1)).one()
        booking.name, booking.unit, booking.post = EVIL, "+1", "@x"
        page, nip = f"/gelombang/sesi/{booking.session_id}", booking.nip
    for path in (f"{wave}/jadwal.xlsx", f"{page}/daftar-hadir.xlsx"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(planner.client.get(path).data))
        rows = book.get_sheet_by_index(0).to_python()
        line = next(row for row in rows if nip in row)
        assert f"'{EVIL}" in line
        assert {"'+1", "'@x"} <= set(line)
    text = planner.client.get(f"{wave}/jadwal.csv").data.decode("utf-8-sig")
    assert text.splitlines()[0] == "No;NIP;NAMA;UNIT KERJA;JABATAN;WAKTU;PELAKSANAAN;SESI;LOKASI;RUANG;KURSI"
    assert f"'{nip}" in text
    assert not re.search(r'(^|;)"?[=+@]', text, re.MULTILINE)


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.ASSESSOR, Role.SYSTEM_ADMIN])
def test_these_pages_are_for_planners(province, app, wave, role):
    province.fill(Filling(away_percent=100))
    other, page = Staff(app, province.agency_id, role, "lain"), session_page(province)
    for path in (
        f"{wave}/isi", f"{wave}/sesi-sekaligus", f"{wave}/cetak/kartu", f"{wave}/jadwal.xlsx", f"{page}/cetak/pin",
        f"/gelombang/peserta/{province.bookings()[0].booking_id}",
    ):  # fmt: skip
        assert other.get(path).status_code == 403


def test_another_agency_finds_none_of_these_pages(province, app, wave):
    province.fill(Filling(away_percent=100))
    neighbour, page = Province({"Dinas X": 1}, rooms=1, seats=2, days=1, code="tetangga"), session_page(province)
    stranger = Staff(app, neighbour.agency_id, Role.BKD_ADMIN, "asing")
    for path in (
        f"{wave}/isi", f"{wave}/sesi-sekaligus", f"{wave}/cetak/kartu", f"{wave}/jadwal.csv", f"{page}/cetak/pin",
        f"{page}/cetak/daftar-hadir", f"{page}/cetak/poster", f"{page}/daftar-hadir.xlsx",
        f"/gelombang/peserta/{province.bookings()[0].booking_id}",
    ):  # fmt: skip
        assert stranger.get(path).status_code == 404
