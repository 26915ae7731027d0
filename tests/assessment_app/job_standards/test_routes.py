"""The pages of standards, over HTTP."""

import io

import pytest

from assessment_app.accounts.rules import Role
from assessment_app.job_standards.messages import COLUMNS
from assessment_app.platform import workbooks
from tests.assessment_app.job_standards.sheets import LEVELS, imported, row, sheet
from tests.assessment_app.scoring.house import House


@pytest.fixture
def dewi(enter, house):
    return enter(house, "dewi", Role.BKD_ADMIN)


def send(browser, content, name="standar.csv"):
    data = {"berkas": (io.BytesIO(content), name), "_csrf": "csrf"}
    return browser.post("/standar-jabatan/impor", data=data, content_type="multipart/form-data")


def text(answer, status=200):
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_a_file_is_shown_first_and_holds_after_it_is_applied(dewi, house):
    there = send(dewi, sheet(row("Analis Kebijakan"), row("Arsiparis", levels=LEVELS | {"M.01": 9}))).location
    shown = text(dewi.get(there))
    assert "Belum ada yang disimpan" in shown
    assert "Level Integritas &#39;9&#39; bukan 1 sampai 5." in shown
    assert "Belum ada standar per jabatan" in text(dewi.get("/standar-jabatan"))
    dewi.post(f"{there}/terapkan", data={"_csrf": "csrf"})
    listed = text(dewi.get("/standar-jabatan"))
    assert "Analis Kebijakan" in listed
    assert "Arsiparis" not in listed
    assert "1 standar disimpan." in listed
    assert "Lihat standar" in text(dewi.get(there))


def test_the_list_says_what_holds_for_all_others(dewi):
    assert "belum diverifikasi dengan lampiran PermenPANRB 38/2017" in text(dewi.get("/standar-jabatan"))


def test_the_search_finds_part_of_a_post(dewi, house):
    imported(house.agency_id, "Analis Kebijakan", "Arsiparis")
    found = text(dewi.get("/standar-jabatan?cari=arsip"))
    assert "Arsiparis" in found
    assert "Analis Kebijakan" not in found


def test_the_template_is_read_back_with_its_columns(dewi, house):
    content = dewi.get("/standar-jabatan/impor/templat.xlsx").data
    (grid,) = workbooks.grids(content)
    assert list(grid[0]) == [names[0] for names in COLUMNS.values()]
    assert "Tanggal berlaku" in text(dewi.get(send(dewi, content, "templat.xlsx").location))


def test_findings_can_be_taken_along(dewi):
    there = send(dewi, sheet(row("", unit="x"))).location
    (grid,) = workbooks.grids(dewi.get(f"{there}/temuan.xlsx").data)
    assert "JABATAN kosong." in grid[1]


def test_no_file_is_a_sentence(dewi):
    answer = dewi.post("/standar-jabatan/impor", data={"_csrf": "csrf"})
    assert "Pilih berkas standar jabatan" in text(answer, 400)


def test_another_agency_and_other_roles_find_nothing(enter, forms, house):
    run = imported(house.agency_id, "Analis")
    made = enter(House(forms, "bali"), "made", Role.BKD_ADMIN)
    assert text(made.get(f"/standar-jabatan/impor/{run.import_id}"), 404)
    assert "Analis" not in text(made.get("/standar-jabatan"))
    for role in (Role.ASSESSOR, Role.PROCTOR, Role.AUDITOR, Role.TALENT_COMMITTEE):
        assert text(enter(house, role.value, role).get("/standar-jabatan"), 403)


def test_an_english_reader_reads_english(dewi):
    dewi.set_cookie("lang", "en")
    assert "Import standards" in text(dewi.get("/standar-jabatan"))
