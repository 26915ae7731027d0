"""The pages of evidence: from a file to what is known, and one person's record."""

import io
import re

import pytest
from python_calamine import CalamineWorkbook

from assessment_app.accounts.rules import STAFF, Role
from assessment_app.evidence import messages
from assessment_app.evidence.rules import Kind
from tests.assessment_app.evidence.conftest import JOKO, SRI
from tests.assessment_app.people.conftest import csv_of

MIXED = csv_of(["NIP", "TAHUN", "PREDIKAT"], [SRI, "2025", "Baik"], ["123", "2025", "=A1"], [JOKO, "2025", "Cukup"])


def form_of(browser, ends):
    """Find where a form of the page leads."""
    return re.findall(rf'action="([^"]+{ends})"', browser.said)[0]


def test_the_way_from_a_file_to_what_is_known(dewi, bkd):
    assert dewi.upload(MIXED).status_code == 200
    for words in (
        "Pratinjau impor",
        "Predikat kinerja",
        "1 diterima",
        "2 ditolak",
        "NIP 3 angka",
        "Belum ada yang disimpan",
    ):
        assert words in dewi.said
    assert bkd.facts() == []
    dewi.post(form_of(dewi, "/terapkan"))
    assert "1 catatan bukti disimpan, 0 sudah tercatat." in dewi.said
    dewi.get("/bukti?gelombang=semua")
    assert "Sri Peraga" in dewi.said
    assert '<span class="hint">aturan baku, versi 2026-' in dewi.said
    dewi.get(f"/bukti/pegawai/{bkd.ids[SRI]}")
    assert "Predikat 2025: Baik." in dewi.said
    assert "bukti.csv" in dewi.said
    assert "nilai menurut aturan baku, versi 2026-" in dewi.said


def test_findings_are_filtered_and_downloaded(dewi):
    dewi.upload(MIXED)
    path = form_of(dewi, "/terapkan").removesuffix("/terapkan")
    assert "Tidak ada temuan" not in dewi.get(f"{path}?jenis=error").get_data(as_text=True)
    csv = dewi.get(f"{path}/temuan.csv").get_data().decode("utf-8-sig")
    assert "NIP 3 angka" in csv
    assert "'=A1" in csv
    book = CalamineWorkbook.from_filelike(io.BytesIO(dewi.get(f"{path}/temuan.xlsx").get_data()))
    assert len(book.get_sheet_by_index(0).to_python()) == 4


def test_who_lacks_what_is_listed(dewi, bkd):
    bkd.bring_in(csv_of(["NIP", "TAHUN", "PREDIKAT"], [SRI, "2025", "Baik"]))
    dewi.get("/bukti?gelombang=semua&kurang=performance")
    assert "Sri Peraga" not in dewi.said
    assert "Joko Peraga" in dewi.said
    dewi.get("/bukti?gelombang=semua&cari=1979")
    assert "Joko Peraga" in dewi.said
    assert "Rina Peraga" not in dewi.said
    dewi.get("/bukti?gelombang=semua&cari=tidakada")
    assert "Tidak ada pegawai yang cocok" in dewi.said


@pytest.mark.parametrize("asked", ["halaman=99", "halaman=x", "unit=x", "gelombang=x", "kurang=x", "cari=%00"])
def test_a_question_that_makes_no_sense_is_answered_all_the_same(dewi, asked):
    assert dewi.get(f"/bukti?{asked}").status_code == 200


GIVEN = {
    Kind.PERFORMANCE: {"year": "2025", "predicate": "Baik"},
    Kind.AWARD: {"level": "Kabupaten/Kota", "thing": "Teladan", "date": "17-08-2025"},
    Kind.TEAM: {"role": "Wakil ketua", "thing": "Tim", "decree": "1", "from": "01-01-2026"},
    Kind.FEEDBACK_360: {"year": "2025", "value": "85,5"},
    Kind.TRAINING: {"thing": "PKP", "date": "2024", "bnsp": "Ya"},
    Kind.POST: {"title": "Analis", "from": "01-03-2019"},
    Kind.EDUCATION: {"level": "S1", "field": "Hukum", "fits": "Ya"},
    Kind.DISCIPLINE: {"level": "Ringan", "from": "01-02-2023", "to": "01-02-2023"},
}


@pytest.mark.parametrize("kind", list(messages.FIELDS))
def test_every_kind_is_written_down_and_its_correction_begins_with_what_it_says(dewi, bkd, kind):
    page = f"/bukti/pegawai/{bkd.ids[SRI]}/catat/{kind}"
    dewi.get(page)
    dewi.post(page, **GIVEN[kind], alasan="dicocokkan dengan SK", dasar="SK 1/2026")
    assert "Catatan disimpan." in dewi.said
    (fact,) = bkd.facts()
    assert (fact.kind, fact.basis, fact.reason) == (kind, "SK 1/2026", "dicocokkan dengan SK")
    dewi.get(f"{page}?ganti={fact.fact_id}")
    assert "Koreksi catatan" in dewi.said
    written = messages.filled(kind, fact.said)
    dewi.post(f"{page}?ganti={fact.fact_id}", **written, alasan="tidak ada yang berubah")
    assert "Isi yang sama sudah tercatat." in dewi.said  # so the form said just what the fact says


def test_a_form_that_is_refused_keeps_what_was_typed(dewi, bkd):
    page = f"/bukti/pegawai/{bkd.ids[SRI]}/catat/award"
    dewi.get(page)
    answer = dewi.post(page, level="Nasional", thing="Satyalancana", date="17-08-2031", alasan="dicocokkan dengan SK")
    assert answer.status_code == 400
    for words in ("belum tiba", 'value="Satyalancana"', 'value="17-08-2031"', "dicocokkan dengan SK"):
        assert words in dewi.said


def test_none_is_marked_and_a_fact_is_taken_back_on_the_page(dewi, bkd):
    own = f"/bukti/pegawai/{bkd.ids[SRI]}"
    dewi.get(f"{own}/tidak-ada/discipline")
    dewi.post(f"{own}/tidak-ada/discipline", checked="20-11-2026", alasan="dicek di berkas kepegawaian")
    assert "Diperiksa 20-11-2026: tidak pernah dijatuhi hukuman disiplin." in dewi.said
    (fact,) = bkd.facts()
    dewi.get(f"{own}/catatan/{fact.fact_id}/cabut")
    dewi.post(f"{own}/catatan/{fact.fact_id}/cabut", alasan="ternyata berkasnya lain")
    assert "Rekam jejak disiplin belum diperiksa." in dewi.said
    assert "Dicabut" in dewi.said
    assert "ternyata berkasnya lain" in dewi.said


@pytest.mark.parametrize("path", ["catat/simata", "catat/x", "tidak-ada/post", "tidak-ada/x"])
def test_a_kind_that_cannot_be_written_down_is_not_found(dewi, bkd, path):
    assert dewi.get(f"/bukti/pegawai/{bkd.ids[SRI]}/{path}").status_code == 404


def test_templates_are_given_for_every_kind_and_for_no_other(dewi):
    assert dewi.get("/bukti/impor/templat.xlsx?jenis=award").get_data().startswith(b"PK")
    assert dewi.get("/bukti/impor/templat.xlsx?jenis=x").status_code == 404


def test_a_file_needs_a_file_and_a_system(dewi):
    assert dewi.upload(MIXED, sistem="").status_code == 400
    assert dewi.upload(b"", name="").status_code == 400


@pytest.mark.parametrize("role", sorted(STAFF - {Role.BKD_ADMIN}))
def test_evidence_is_for_the_bkd_alone(sign_in, bkd, role):
    browser = sign_in(role)
    assert browser.get("/bukti").status_code == 403
    assert browser.get(f"/bukti/pegawai/{bkd.ids[SRI]}").status_code == 403


def test_the_pages_speak_english_too(dewi, bkd):
    bkd.bring_in(csv_of(["NIP", "TAHUN", "PREDIKAT"], [SRI, "2025", "Baik"]))
    dewi.client.set_cookie("lang", "en")
    dewi.get(f"/bukti/pegawai/{bkd.ids[SRI]}")
    assert "Rating 2025: Good." in dewi.said
