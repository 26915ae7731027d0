"""What is written down, through the real office server."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from assessment_app.accounts.rules import Role
from assessment_app.logbook.models import Incident
from assessment_app.platform.db import transaction
from tests import factories
from tests.assessment_app.proctoring.test_moves import booking
from tests.assessment_app.proctoring.test_routes import page
from tests.assessment_app.scheduling.office import Staff

JSON = {"Accept": "application/json"}


def incidents():
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(Incident.told).order_by(Incident.n)))


def test_a_bad_quarter_of_an_hour_is_written_once_and_stands_on_the_page(tri, small_lab):
    small_lab.start(small_lab.sign_in())
    tri.get(page(small_lab))
    after = tri.hidden("after_entry")
    wanted = {"id": str(uuid4()), "kind": "power", "seats": "1", "told": "Listrik padam", "minutes": "10"}
    for _click in range(2):
        tri.follow(tri.post(f"{page(small_lab)}/insiden", **wanted, after_entry=after))
        assert "Insiden 1 dicatat. 10 menit dikembalikan kepada 1 peserta." in tri.words
    for words in ("1 08.05 Listrik 01 Listrik padam 10 menit dikembalikan Tri", "waktu tambahan 10 menit"):
        tri.get(page(small_lab, 1))
        assert words in tri.words
    assert incidents() == ["Listrik padam"]


def test_what_gives_time_writes_the_incident_in_the_same_act_once(tri, small_lab):
    owner = small_lab.sign_in()
    small_lab.start(owner)
    entry = small_lab.sitting(owner).attempts[0].ledger[-1].entry_id
    tri.get(page(small_lab, 1))
    fields = {"id": str(uuid4()), "kind": "computer", "n": "1", "minutes": "5", "after_entry": str(entry)}
    for _click in range(2):
        tri.follow(tri.post(f"{page(small_lab)}/kursi/1/waktu", **fields, reason="Mouse macet"))
    assert "Komputer 01 Mouse macet Bagian 1 ditambah 5 menit. 5 menit dikembalikan" in tri.words
    room = {"id": str(uuid4()), "kind": "power", "minutes": "10", "after_entry": "0", "reason": "Listrik padam"}
    tri.follow(tri.post(f"{page(small_lab)}/gangguan", **room))
    assert "Listrik Seluruh ruangan Listrik padam 10 menit dikembalikan" in tri.words
    assert incidents() == ["Mouse macet", "Listrik padam"]


def test_time_without_a_kind_writes_no_incident_and_a_wrong_kind_gives_no_time(tri, small_lab):
    owner = small_lab.sign_in()
    small_lab.start(owner)
    entry = small_lab.sitting(owner).attempts[0].ledger[-1].entry_id
    tri.get(page(small_lab, 1))
    fields = {"n": "1", "minutes": "5", "after_entry": str(entry), "reason": "Mouse macet"}
    assert tri.post(f"{page(small_lab)}/kursi/1/waktu", **fields, kind="war", id=str(uuid4())).status_code == 400
    assert tri.post(f"{page(small_lab)}/kursi/1/waktu", **fields, kind="power").status_code == 400
    assert len(small_lab.sitting(owner).attempts[0].ledger) == 1
    tri.follow(tri.post(f"{page(small_lab)}/kursi/1/waktu", **fields))
    assert incidents() == []


def test_a_program_gets_the_way_back_or_the_reason_so_that_it_can_keep_the_form(tri, small_lab):
    tri.get(page(small_lab))
    path, wanted = f"{page(small_lab)}/insiden", {"id": str(uuid4()), "kind": "power", "seats": "1", "told": "Padam"}
    said = tri.client.post(path, data={"_csrf": tri.csrf, **wanted}, headers=JSON)
    assert (said.status_code, said.get_json()) == (200, {"to": page(small_lab)})
    said = tri.client.post(path, data={"_csrf": tri.csrf, **wanted, "seats": "99"}, headers=JSON)
    assert said.status_code == 409
    said = tri.client.post(path, data={"_csrf": tri.csrf, **wanted, "id": str(uuid4()), "seats": "99"}, headers=JSON)
    assert (said.status_code, said.get_json()["detail"]) == (400, "Ruang ini punya 32 kursi. Periksa nomor kursinya.")


def test_words_of_a_proctor_are_words_and_no_markup(tri, small_lab):
    tri.get(page(small_lab))
    hostile = "<script>alert(1)</script> '; DROP TABLE incident; --"
    wanted = {"id": str(uuid4()), "kind": "other", "seats": "semua", "told": hostile, "done": "{{ 7 * 7 }}"}
    tri.follow(tri.post(f"{page(small_lab)}/insiden", **wanted))
    assert "<script>alert" not in tri.said
    assert "&lt;script&gt;alert(1)" in tri.said
    assert "{{ 7 * 7 }}" in tri.said
    assert incidents() == [hostile]


def test_an_incident_is_corrected_from_the_list(tri, small_lab):
    tri.get(page(small_lab))
    wanted = {"id": str(uuid4()), "kind": "power", "seats": "1, 3", "told": "Listrik padam"}
    tri.follow(tri.post(f"{page(small_lab)}/insiden", **wanted))
    tri.get(f"{page(small_lab)}?koreksi=1")
    assert "Koreksi insiden 1" in tri.words
    assert 'value="01, 03"' in tri.said
    fields = {"id": str(uuid4()), "replaces": tri.hidden("replaces"), "kind": "computer", "seats": "01, 03"}
    tri.follow(tri.post(f"{page(small_lab)}/insiden", **fields, told="Stopkontak longgar", wall="08.05"))
    assert "Stopkontak longgar mengoreksi insiden 1" in tri.words
    tri.get(f"{page(small_lab)}?koreksi=1")
    assert "Koreksi insiden 1" not in tri.words  # it holds no more: its correction is corrected instead


def test_a_move_leads_to_the_new_seat_and_shows_where_was_planned(tri, small_lab):
    small_lab.sign_in()
    tri.get(page(small_lab, 1))
    assert f'value="{small_lab.stage.session_id}/4"' in tri.said
    fields = {"id": str(uuid4()), "booking": tri.hidden("booking"), "to": f"{small_lab.stage.session_id}/7"}
    path = f"{page(small_lab)}/kursi/1/pindah"
    assert tri.post(path, **fields, reason="").status_code == 400
    for _click in range(2):
        tri.follow(tri.post(path, **fields, reason="Komputer rusak"))
    for words in (
        "07 Joko Peraga Dilepas",
        "Kursi rencana 01, Lab 1: Komputer rusak",
        "Pindah dari kursi 01 ke kursi 07",
    ):
        assert words in tri.words, words


def test_identity_absence_and_a_late_start_are_stated_with_name_and_reason(tri, small_lab):
    tri.get(page(small_lab, 2))
    path, who = f"{page(small_lab)}/kursi/2/hadir", str(booking(small_lab, 2))
    tri.follow(tri.post(path, id=str(uuid4()), booking=who, kind="identity"))
    assert "Identitas sudah diperiksa Tri, 08.05 WIB" in tri.words
    assert tri.post(path, id=str(uuid4()), booking=who, kind="absent").status_code == 400
    tri.follow(tri.post(path, id=str(uuid4()), booking=who, kind="absent", reason="Sakit"))
    assert "02 Rina Peraga Tidak hadir" in tri.words
    tri.follow(tri.post(path, id=str(uuid4()), booking=who, kind="absent", holds="0", reason="Datang juga"))
    tri.follow(tri.post(path, id=str(uuid4()), booking=who, kind="late", reason="Lalu lintas"))
    assert "Diizinkan mulai terlambat Tri, 08.05 WIB: Lalu lintas" in tri.words
    assert "02 Rina Peraga Belum datang" in tri.words


def test_what_others_write_changes_the_mark_by_which_a_page_catches_up(tri, small_lab):
    def mark():
        return tri.get(f"{page(small_lab)}/keadaan", headers=JSON).get_json()["written"]

    tri.get(page(small_lab))
    marks = [mark()]
    who, there = {"booking": str(booking(small_lab, 1))}, f"{small_lab.stage.session_id}/7"
    for act, fields in (
        ("insiden", {"kind": "power", "seats": "1", "told": "Padam"}),
        ("kursi/1/hadir", who | {"kind": "identity"}),
        ("kursi/1/pindah", who | {"to": there, "reason": "Rusak"}),
    ):
        tri.follow(tri.post(f"{page(small_lab)}/{act}", id=str(uuid4()), **fields))
        marks.append(mark())
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize("act", ["insiden", "kursi/1/pindah", "kursi/1/hadir"])
def test_neither_another_agency_nor_another_role_writes_anything(tri, app, small_lab, act):
    who = str(booking(small_lab, 1))
    fields = {"id": str(uuid4()), "booking": who, "to": f"{small_lab.stage.session_id}/7", "reason": "ingin tahu"}
    fields |= {"kind": "identity" if "hadir" in act else "power", "seats": "1", "told": "ingin tahu"}
    stranger = Staff(app, factories.agency("tetangga"), Role.PROCTOR, "tamu")
    stranger.get("/pengawas")
    stranger.csrf = stranger.csrf or "x"
    assert stranger.post(f"{page(small_lab)}/{act}", **fields).status_code == 404
    dewi = Staff(app, small_lab.stage.agency_id, Role.BKD_ADMIN, "dewi")
    dewi.get("/gelombang")
    assert dewi.post(f"{page(small_lab)}/{act}", **fields).status_code == 403
    assert incidents() == []
    assert str(booking(small_lab, 1)) == who
