import io
import re

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from assessment_app.accounts.rules import Role
from assessment_app.people.models import Employee, ImportRun
from assessment_app.platform import db
from tests.assessment_app.people.conftest import GOOD, HEADER, OTHER, book_of, csv_of

BOTH = csv_of(HEADER, GOOD, OTHER)
MIXED = csv_of(["NIP", "NAMMA", *HEADER[2:]], GOOD, ["123", "=A1", *GOOD[2:]], [*OTHER[:3], "Lurah", "", "PPPK"])


def apply_path(browser):
    """Find where the button of the preview on the screen leads."""
    return re.findall(r'action="(/pegawai/impor/[^"]+/terapkan)"', browser.said)[0]


def people():
    with db.transaction(reads_only=True) as session:
        return session.scalar(select(func.count()).select_from(Employee))


def test_an_empty_agency_is_told_to_import(dewi):
    assert dewi.get("/pegawai").status_code == 200
    assert "Belum ada pegawai" in dewi.said


def test_the_way_from_a_file_to_the_list(dewi):
    assert dewi.upload(BOTH).status_code == 200
    assert "Pratinjau impor" in dewi.said
    assert "Belum ada yang disimpan" in dewi.said
    assert people() == 0
    dewi.post(apply_path(dewi))
    assert "2 pegawai baru dan 0 perubahan disimpan." in dewi.said
    dewi.get("/pegawai")
    assert "19850317 201001 1 987" in dewi.said
    assert "Dinas Contoh" in dewi.said


def test_the_preview_shows_counts_reasons_and_advice(dewi):
    dewi.upload(MIXED)
    for words in (
        "2 diterima",
        "1 peringatan",
        "1 ditolak",
        "NIP 3 angka",
        "Lengkapi NIP",
        "dibaca sebagai NAMA",
        "Lurah",
    ):
        assert words in dewi.said


def test_findings_can_be_filtered_and_downloaded(dewi):
    dewi.upload(MIXED)
    path = apply_path(dewi).removesuffix("/terapkan")
    dewi.get(f"{path}?jenis=error")
    rows = dewi.said.partition('id="temuan"')[2]
    assert "NIP 3 angka" in rows
    assert "dibaca sebagai" not in rows
    text = dewi.get(f"{path}/temuan.csv").get_data().decode("utf-8-sig")
    assert "'=A1" in text
    answer = dewi.get(f"{path}/temuan.xlsx")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()) == 4


def test_the_template_is_a_workbook(dewi):
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(dewi.get("/pegawai/impor/templat.xlsx").data)).get_sheet_by_index(
        0
    )
    assert sheet.to_python()[0][0] == "NIP"


def test_a_demonstration_list_can_be_fetched_and_imported(dewi):
    dewi.upload(dewi.get("/pegawai/impor/peragaan.xlsx").data, name="peragaan.xlsx")
    assert "1.905" in dewi.said
    assert "Perlu keputusan Anda" in dewi.said


@pytest.mark.parametrize(
    ("content", "says"),
    [(book_of(HEADER, GOOD)[:700], "Berkas rusak"), (b"", "Berkas kosong"), (csv_of(["a", "b"]), "Judul kolom")],
)
def test_a_broken_file_is_one_clear_line(dewi, content, says):
    assert dewi.upload(content).status_code == 400
    assert says in dewi.said
    with db.transaction(reads_only=True) as session:
        assert session.scalar(select(func.count()).select_from(ImportRun)) == 0


def test_no_file_at_all_is_one_clear_line(dewi):
    dewi.get("/pegawai/impor")
    assert dewi.post("/pegawai/impor").status_code == 400
    assert "Pilih berkas" in dewi.said


def test_a_second_click_on_apply_is_harmless(dewi):
    dewi.upload(BOTH)
    path = apply_path(dewi)
    for _ in range(2):
        assert dewi.post(path).status_code == 200
    assert people() == 2


def test_the_same_file_later_says_that_it_was_applied(dewi):
    dewi.upload(BOTH)
    dewi.post(apply_path(dewi))
    dewi.upload(BOTH)
    assert "Berkas yang sama sudah diterapkan" in dewi.said


def test_the_last_imports_are_listed_with_who_read_them(dewi):
    dewi.upload(MIXED, name="pegawai <tahap 1>.csv")
    dewi.get("/pegawai/impor")
    assert "pegawai &lt;tahap 1&gt;.csv" in dewi.said
    assert "Dewi Contoh" in dewi.said


@pytest.mark.parametrize(
    ("query", "shown"),
    [("cari=satu", ["Contoh Satu"]), ("cari=19910405", ["Contoh Dua"]), ("cari=zzz", []),
     ("halaman=99999999999999999", []), ("cari=satu%00", ["Contoh Satu"]),
     ("unit=bukan-uuid", ["Contoh Satu", "Contoh Dua"])],
)  # fmt: skip
def test_the_list_is_searched(dewi, query, shown):
    dewi.upload(BOTH)
    dewi.post(apply_path(dewi))
    assert dewi.get(f"/pegawai?{query}").status_code == 200
    assert [name for name in ("Contoh Satu", "Contoh Dua") if name in dewi.said] == shown


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.ASSESSOR, Role.TALENT_COMMITTEE, Role.AUDITOR])
def test_other_roles_stay_outside(sign_in, role):
    other = sign_in(role)
    for path in ("/pegawai", "/pegawai/impor", "/pegawai/impor/templat.xlsx"):
        assert other.get(path).status_code == 403


def test_nobody_enters_without_signing_in(app):
    assert app.test_client().get("/pegawai").status_code == 302


def test_an_import_of_another_agency_does_not_exist(dewi, sign_in, neighbour):
    dewi.upload(BOTH)
    path = apply_path(dewi)
    stranger = sign_in(Role.BKD_ADMIN, agency_id=neighbour)
    stranger.get("/pegawai/impor")
    assert stranger.get(path.removesuffix("/terapkan")).status_code == 404
    assert stranger.get(path.replace("terapkan", "temuan.csv")).status_code == 404
    assert stranger.post(path).status_code == 404


def test_an_account_without_agency_is_sent_away_politely(sign_in):
    admin = sign_in(Role.SYSTEM_ADMIN, agency_id=None)
    assert admin.get("/pegawai").status_code == 403
    assert "tidak terikat pada satu instansi" in admin.said


ALIKE = csv_of(
    HEADER, [*GOOD[:2], "Dinas Kesehatan", *GOOD[3:]], [*OTHER[:2], "DINKES", *OTHER[3:]],
    ["197910212005011002", "=Contoh", "Dinas Kesehatan", "Staf", "", "PNS"],
)  # fmt: skip


def asked(browser):
    """Find the names of the questions on the screen."""
    return list(dict.fromkeys(re.findall(r'name="(tanya-[^"]+)"', browser.said)))


def test_a_question_is_answered_on_the_page(dewi):
    dewi.upload(ALIKE)
    assert "1 baris menunggu" in dewi.said
    path = apply_path(dewi).removesuffix("/terapkan")
    dewi.post(f"{path}/putuskan", **{asked(dewi)[0]: "merge"})
    assert "Keputusan disimpan. 0 baris masih menunggu." in dewi.said
    assert "Sudah diputuskan (1)" in dewi.said


def test_all_proposals_about_units_are_taken_by_one_act(dewi):
    dewi.upload(ALIKE)
    path = apply_path(dewi).removesuffix("/terapkan")
    dewi.post(f"{path}/putuskan", semua="1")
    assert "Keputusan disimpan. 0 baris masih menunggu." in dewi.said


def test_a_form_without_an_answer_and_a_made_up_answer_are_one_clear_line(dewi):
    dewi.upload(ALIKE)
    path = apply_path(dewi).removesuffix("/terapkan")
    assert dewi.post(f"{path}/putuskan").status_code == 400
    assert "Pilih jawaban" in dewi.said
    dewi.get(path)
    assert dewi.post(f"{path}/putuskan", **{"tanya-unit:0": "merge"}).status_code == 400


def test_findings_are_filtered_by_kind(dewi):
    dewi.upload(ALIKE)
    path = apply_path(dewi).removesuffix("/terapkan")
    dewi.get(f"{path}?macam=level_unknown")
    table = dewi.said.partition('id="temuan"')[2]
    assert "Jenjang tidak terbaca" in table
    assert "DINKES" not in table
    assert dewi.get(f"{path}?macam=tidak-ada&jenis=entah").status_code == 200


def test_the_rows_come_back_marked_until_the_file_is_applied(dewi, sign_in, neighbour):
    dewi.upload(ALIKE)
    path = apply_path(dewi).removesuffix("/terapkan")
    book = CalamineWorkbook.from_filelike(io.BytesIO(dewi.get(f"{path}/baris-bertanda.xlsx").data))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[-3] for row in rows[1:]] == ["Menunggu keputusan", "Ditolak"]
    assert rows[2][1] == "'=Contoh"
    assert sign_in(Role.BKD_ADMIN, agency_id=neighbour).get(f"{path}/baris-bertanda.xlsx").status_code == 404
    dewi.get(path)
    dewi.post(f"{path}/terapkan")
    assert dewi.get(f"{path}/baris-bertanda.xlsx").status_code == 409
