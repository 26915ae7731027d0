"""The list, the report, paper and plans: what they say, for whom, and what they do not invent."""

import html
import io
import re

import pytest
from python_calamine import CalamineWorkbook

from assessment_app.accounts.rules import Role
from assessment_app.reports.rules import grouped
from tests.assessment_app.reports.conftest import Desk, places, plain, reports_of, signs, works
from tests.assessment_app.reports.many import signed_wave
from tests.assessment_app.review.conftest import REASON
from tests.assessment_app.scoring.house import NOW, browser, staff


@pytest.fixture
def issued(dewi, hasan, measured):
    signs(hasan, measured.sure, measured.incomplete)
    dewi.issue()
    works()
    return {one.sitting_id: one for one in reports_of()}


def sections(text):
    return re.findall(r"<h3[^>]*>(\d)\. ", text)


def test_a_report_says_all_nine_sections_its_number_its_dates_and_whose_it_is(dewi, issued, measured):
    text = dewi.get(f"/{measured.sure}")
    words = plain(text)
    assert sections(text) == list("123456789")
    for said in (
        "LAMPUNG/2026/G1/000001", "berlaku sampai 23 Nov 2029", "RAHASIA", "Ahmad Fauzi", "19850312 201001 2 001",
        "Standar baku jenjang Pengawas, level 2", "4 bagian", "Hasan Anggraini", "150,0%", "rentang wajar",
        "7 Desember 2026", "bukan tanda tangan elektronik tersertifikasi", grouped(issued[measured.sure].code),
        "belum ditetapkan instansi",
    ):  # fmt: skip
        assert said in words, said
    assert text.count('<article class="sheet') == 2
    assert "<svg" in text.split('class="report__qr"')[1]


def test_demonstration_and_assumed_parameters_are_labelled_on_the_report_itself(dewi, issued, measured):
    first_sheet = dewi.get(f"/{measured.sure}").split("</article>")[0]
    assert "Konten demonstrasi: bukan dasar keputusan." in first_sheet
    assert "Parameter soal masih diasumsikan" in first_sheet


def test_what_was_not_measured_is_said_and_never_zero(dewi, issued, measured):
    words = dewi.words(f"/{measured.incomplete}")
    assert "Tidak dihitung" in words
    assert "belum terukur: Integritas" in words
    assert "tidak terukur, tidak dihitung nol" in words
    assert "Belum terukur, jadi belum dapat dinilai: Integritas." in words
    assert words.count("tidak diukur") == 4
    assert "Kotak belum final." in words
    assert "Yang belum diketahui tidak dihitung nol." in words


def test_what_an_assessor_adjusted_counts_and_the_systems_level_stands_beside(dewi, hasan, hire, measured):
    mega = hire(measured, "mega")
    hasan.open(measured.sure)
    hasan.decide(measured.sure, hasan.adjusting(measured.sure, "M.08", 2, REASON))
    signs_second(mega, measured.sure)
    dewi.issue()
    works()
    words = dewi.words(f"/{measured.sure}")
    assert "disesuaikan asesor dari level 3" in words
    assert "disetujui Mega Anggraini" in words
    assert REASON not in words  # why is between assessors


def signs_second(desk, sitting_id):
    desk.open(sitting_id)
    desk.judge(sitting_id)
    places(sitting_id)


def test_the_list_counts_filters_and_leads_to_reports(dewi, issued, measured):
    words = dewi.words()
    assert "Sudah terbit 2 dari 3" in words
    assert "Belum ditandatangani 1" in words
    listed = {state: dewi.words(f"?keadaan={state}") for state in ("issued", "waiting", "unsigned", "replaced")}
    assert "Ahmad Fauzi" in listed["issued"]
    assert "Nina Marlina" not in listed["issued"]
    assert "Nina Marlina" in listed["unsigned"]
    assert "Tidak ada orang dengan saringan sekarang" in listed["waiting"]
    assert "Tidak ada orang dengan saringan sekarang" in listed["replaced"]
    assert "Ahmad Fauzi" in dewi.words("?cari=ahmad&unit=Dinas Sosial")
    assert "Ahmad Fauzi" not in dewi.words("?cari=19850312 201001 2 003")
    assert f'href="/laporan/{measured.sure}"' in dewi.get()
    assert "Tidak ada orang" in dewi.words("?unit=Dinas Lain")
    assert "Ahmad Fauzi" in dewi.words(f"?sesi={measured.session_id}")


@pytest.mark.parametrize("query", ["keadaan=%00", "sesi=x", "halaman=-9", "halaman=99999999999999999999", "cari=%25",
                                   "unit=%27%20OR%201=1"])  # fmt: skip
def test_a_hostile_filter_is_no_fault_of_ours(dewi, issued, query):
    dewi.get(f"?{query}")


def test_an_installation_without_results_says_so(enter, house):
    desk = Desk(enter(house, "dewi", Role.BKD_ADMIN), house.wave_id)
    assert "Belum ada hasil" in desk.words()
    desk.get("/daftar.xlsx", 404)
    assert "Belum ada orang yang dipilih" in desk.words("/rencana")


def test_files_hold_whom_the_filters_leave(dewi, issued):
    answer = dewi.browser.get("/laporan/daftar.xlsx?keadaan=issued")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == ["Nama", "Ahmad Fauzi", "Linda Manurung"]
    assert rows[1][6:] == ["LAMPUNG/2026/G1/000001", "2026-11-23", "2029-11-23", ""]
    assert dewi.browser.get("/laporan/daftar.csv").data.decode("utf-8-sig").count("\r\n") == 4


def test_many_reports_stand_one_after_the_other_and_the_limit_is_said(dewi, issued, measured, monkeypatch):
    path = f"/cetak?orang={measured.sure}&orang={measured.incomplete}&orang={measured.unsure}"
    text = dewi.get(path)
    assert text.count('<article class="sheet') == 4
    assert "1 orang yang dipilih belum punya laporan" in plain(text)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    monkeypatch.setattr("assessment_app.reports.routes.reading.MOST_PRINTED", 1)
    words = dewi.words(f"/cetak?gelombang={measured.wave_id}")
    assert "1 laporan lagi tidak ikut, karena paling banyak 1 sekaligus" in words
    dewi.get(path, 400)
    dewi.get("/cetak", 404)
    dewi.get(f"/cetak?orang={measured.unsure}", 404)


def test_one_search_finds_a_report_by_person_and_by_number(dewi, issued, measured):
    for text in ("Fauzi", "G1/000001", "198503122010012001"):
        found = dewi.browser.get("/cari", query_string={"q": text}).get_data(as_text=True)
        assert f'href="/laporan/{measured.sure}"' in html.unescape(found), text


def sheets_of(desk, sitting_id):
    return desk.get(f"/{sitting_id}").partition("<article")[2]


def test_a_report_is_the_same_whatever_the_rules_are_later(dewi, issued, measured, monkeypatch):
    before = sheets_of(dewi, measured.sure)
    monkeypatch.setattr("assessment_app.reports.rules.findings.MOST_STRENGTHS", 0)
    monkeypatch.setattr("assessment_app.reports.rules.document.TAIL", 0.4)
    monkeypatch.setattr("assessment_app.reports.rules.OBJECTION_DAYS", {"value": 1})
    assert sheets_of(dewi, measured.sure) == before


def test_a_plan_names_who_has_no_signed_result_and_why(dewi, issued, measured):
    asked = "&".join(f"orang={one}" for one in (measured.sure, measured.unsure, measured.incomplete))
    words = dewi.words(f"/rencana?{asked}")
    assert "Hasilnya belum ditandatangani asesor" in words
    assert "Tidak ada yang perlu dikembangkan" in words
    answer = dewi.browser.get(f"/laporan/rencana.xlsx?{asked}")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert len(rows) == 4
    dewi.get("/rencana?" + "&".join(f"orang={n}" for n in range(1, 302)), 400)


def test_a_plan_is_there_as_soon_as_a_result_is_signed_and_the_same_as_the_reports(house, app, monkeypatch):
    crowd = signed_wave(monkeypatch, 12, code="maluku")
    desk = Desk(browser(app, staff(crowd.agency_id, NOW, "dewi", Role.BKD_ADMIN)), crowd.wave_id)
    path = "/rencana?" + "&".join(f"orang={one}" for one in crowd.sitting_ids)
    before = desk.get(path)
    assert "laporan belum terbit" in before
    desk.issue()
    works()
    after = desk.get(path)
    assert "MALUKU/2026/G1/" in after
    aims = re.compile(r"<td>([^<]+)</td><td>([^<]+)</td>")
    assert aims.findall(before) == aims.findall(after) != []


def test_a_box_that_is_final_is_told_with_its_chance_and_what_the_regulation_recommends(house, app, monkeypatch):
    crowd = signed_wave(monkeypatch, 12, code="maluku")
    desk = Desk(browser(app, staff(crowd.agency_id, NOW, "dewi", Role.BKD_ADMIN)), crowd.wave_id)
    desk.issue()
    works()
    words = " ".join(desk.words(f"/{one}") for one in crowd.sitting_ids)
    assert re.search(r"Kotak \d: kinerja (di atas|sesuai|di bawah) ekspektasi, potensial \w+\.", words)
    assert "Rekomendasi: " in words
    assert "Kotak belum final." in words  # every seventh lacks something
    assert "sah dengan catatan : Jawaban kilat bagian 1: 6 dari 30" in words
    assert "sah tanpa catatan" in words
