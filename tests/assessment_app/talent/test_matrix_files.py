"""What the official matrix says besides numbers, and the files and paper that leave the nine-box page."""

import csv
import html
import io
import re

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from assessment_app.accounts.rules import Role
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.talent.models import CurrentPlacement
from assessment_app.talent.rules import sources
from tests.assessment_app.scoring.house import browser, staff
from tests.assessment_app.talent import crowd
from tests.assessment_app.talent.conftest import office
from tests.assessment_app.talent.people import document
from tests.assessment_app.talent.provinces import (
    LATER,
    NUMBERING,
    SIZE,
    counted,
    listed,
    page,
    rows,
    two_waves_placed,
)


@pytest.fixture
def waves(service_run, compiled_once, tmp_path, monkeypatch):
    with two_waves_placed(service_run, tmp_path, monkeypatch) as placed:
        yield placed


@pytest.fixture
def dewi(waves):
    return browser(office(), staff(waves[1].agency_id, LATER, "dewi", Role.TALENT_COMMITTEE))


def test_the_official_matrix_carries_recommendations_and_the_pool(dewi):
    text = page(dewi, sumbu="talent", kotak="8")
    assert "Masuk kelompok rencana suksesi instansi" in text
    assert text.count("Kelompok rencana suksesi.") == 3
    assert "suksesi" not in page(dewi).lower()


def test_who_is_provisional_is_listed_with_what_is_missing_and_where_it_may_lead(dewi, waves):
    text = page(dewi, sumbu="talent", kotak="sementara")
    lacking = [one for one in rows(waves[1], "talent") if one.cell is None]
    assert f"Kotak sementara: {len(lacking)} orang" in text
    assert "Penugasan dalam tim kerja" in text
    assert set(listed(text)) <= {one.name for one in lacking}
    assert re.search(r'class="open"><span class="nbchip', text)


def test_performance_by_score_is_shown_where_it_differs(dewi, waves):
    differing = [one for one in rows(waves[1], "talent") if one.other_cell is not None]
    one = differing[0]
    text = page(dewi, sumbu="talent", cari=one.name)
    assert f"nilai Y: kotak {NUMBERING[one.other_cell // 3][one.other_cell % 3]}" in text


def test_rules_without_source_are_counted_and_listed(dewi):
    text = page(dewi, sumbu="talent")
    said = text.partition(" aturan tanpa sumber publik")[0].rpartition(">")[2]
    assert text.split('id="aturan"')[1].count('<th scope="row">') == int(said) > 0
    assert "belum diverifikasi" in text


@pytest.mark.parametrize(("definition", "named", "other"), [
    ("talent", "talent.cut.y", "potential.cuts"), ("profiling", "potential.cuts", "talent.cut.y"),
])  # fmt: skip
def test_the_count_leads_to_the_rules_that_this_definition_used_and_to_no_others(dewi, definition, named, other):
    text = page(dewi, sumbu=definition)
    (address,) = re.findall(r'<a href="(/aturan/sidik/[^"]+)">\d+ aturan tanpa', text)
    rules = dewi.get(html.unescape(address)).get_data(as_text=True)
    shown = re.findall(r'<article class="rule" id="([^"]+)"', rules)
    assert sorted(shown) == sorted(sources.used(document(), definition))
    assert (named in shown, other in shown) == (True, False)
    assert f"Hanya {len(shown)} aturan yang dipakai hasil ini." in rules
    (whole,) = re.findall(r'<a href="([^"?]+)">Tampilkan semua', rules)
    assert dewi.get(whole).get_data(as_text=True).count('<article class="rule"') == len(document()["rules"])


def test_the_printed_page_holds_everybody_of_the_box_and_says_what_was_filtered(dewi, waves):
    number = max(counted(rows(waves[1], unit="Dinas 01")).items(), key=lambda item: item[1])[0]
    answer = dewi.get("/talenta/cetak", query_string={"unit": "Dinas 01", "kotak": number})
    text = answer.get_data(as_text=True)
    assert len(listed(text)) == counted(rows(waves[1], unit="Dinas 01"))[number]
    assert "OPD: Dinas 01." in text
    assert "Dicetak 24 November 2026" in text


def sheet(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_a_workbook_holds_everybody_with_texts_as_texts_and_numbers_as_numbers(dewi, waves):
    answer = dewi.get("/talenta/sembilan-kotak.xlsx?sumbu=talent")
    header, *lines = sheet(answer.data)
    assert header[:7] == ["NIP", "Nama", "Unit Organisasi", "Jabatan", "Nilai X", "Nilai Y", "Box"]
    assert header[7:18] == [
        "X - Penilaian Kompetensi", "X - Pengembangan Kompetensi", "X - Pengalaman Jabatan", "X - Penilaian Potensi",
        "X - Tingkat Pendidikan Formal", "X - Kesesuaian Bidang Ilmu", "X - Verifikasi Rekam Jejak Disiplin",
        "Y - Penilaian Kinerja", "Y - Penghargaan", "Y - Penugasan dalam Tim Kerja", "Y - Umpan Balik Kinerja 360",
    ]  # fmt: skip
    assert len(lines) == SIZE
    by_nip = {one.nip: one for one in rows(waves[1], "talent")}
    for line in lines:
        one, said = by_nip[line[0]], dict(zip(header, line, strict=True))
        assert said["Nilai X"] == ("" if one.x is None else one.x / 100)
        assert (said["Box"] == "") == (one.cell is None)
        assert said["Status Kotak"] == ("sementara" if one.cell is None else "final")
        assert (said["Y - Penugasan dalam Tim Kerja"] == "") == (one.cell is None)


def test_a_file_follows_the_filters_and_csv_is_as_indonesian_spreadsheets_read_it(dewi, waves):
    answer = dewi.get("/talenta/sembilan-kotak.csv?unit=Dinas+01&keadaan=signed")
    header, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    expected = rows(waves[1], unit="Dinas 01", state="signed")
    assert sorted(line[0] for line in lines) == sorted(one.nip for one in expected)
    assert {line[header.index("Keadaan")] for line in lines} == {"Ditandatangani asesor"}
    assert re.fullmatch(r"\d+,\d\d", lines[0][4])


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_name_that_is_a_formula_is_a_text_in_every_file(dewi, waves, kind):
    evil = '=HYPERLINK("http://x";"y")'
    with transaction() as db:
        one = CurrentPlacement.sitting_id == waves[1].sitting_ids[0]
        db.execute(update(CurrentPlacement).where(one).values(name=evil, unit="+1+1", post="@SUM(A1)"))
    content = dewi.get(f"/talenta/sembilan-kotak.{kind}").data
    if kind == "csv":
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        assert not [cell for line in lines for cell in line if cell[:1] in ("=", "+", "@")]
    else:
        assert evil in [cell for line in sheet(content) for cell in line]  # read back as what it is: a text


def test_taking_a_file_out_is_kept_in_the_audit_trail(dewi, waves):
    dewi.get("/talenta/sembilan-kotak.xlsx?unit=Dinas+01")
    with transaction(reads_only=True) as db:
        kept = db.scalars(select(AuditEntry).where(AuditEntry.action == "placement.export")).one()
    assert kept.subject == f"wave:{waves[1].wave_id}"
    assert kept.detail["filters"] == {"unit": "Dinas 01"}
    assert kept.detail["rows"] == len(rows(waves[1], unit="Dinas 01"))


def test_another_agency_sees_nothing_of_it_by_any_address(waves, dewi):
    with transaction() as db:
        other, _ = crowd.agency(db, 9, "bali")
    made = browser(office(), staff(other, LATER, "made", Role.TALENT_COMMITTEE))
    assert "Belum ada hasil" in made.get("/talenta").get_data(as_text=True)
    for path in ("/talenta", "/talenta/cetak", "/talenta/sembilan-kotak.xlsx", "/talenta/sembilan-kotak.csv"):
        assert made.get(path, query_string={"gelombang": waves[1].wave_id}).status_code == 404, path
