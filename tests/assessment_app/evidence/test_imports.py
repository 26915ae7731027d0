"""Files of other systems: what is read, what is told, and what a second time changes: nothing."""

from datetime import date, timedelta

import pytest

from assessment_app.evidence import messages, queries
from assessment_app.evidence.rules import Kind, Known
from assessment_app.people.messages import grids
from assessment_app.platform import db
from assessment_app.platform.errors import Invalid
from tests.assessment_app.evidence.conftest import JOKO, NOW, RINA, SRI
from tests.assessment_app.people.conftest import book_of, csv_of

HEADER = ["NIP", "NAMA", "TAHUN", "HASIL KERJA", "PERILAKU KERJA", "PREDIKAT KINERJA"]
GOOD = [SRI, "Sri Peraga", "2025", "Sesuai Ekspektasi", "Di Atas Ekspektasi", "Baik"]
NOBODY = "198001012005011001"


def predicates(*rows):
    return csv_of(["NIP", "TAHUN", "PREDIKAT"], *rows)


def test_an_export_of_e_kinerja_becomes_facts_with_their_source(bkd):
    run = bkd.bring_in(csv_of(HEADER, GOOD), name="ekinerja-2025.csv")
    assert (run.kind, run.accepted, run.recorded, run.rejected) == ("performance", 1, 1, 0)
    (fact,) = bkd.facts()
    assert fact.said == {"year": 2025, "predicate": "baik", "results": "1", "behaviour": "2"}
    assert (fact.import_id, fact.row_no, fact.by, fact.at) == (run.import_id, 2, "account:dewi", NOW)
    found = bkd.components(SRI)["performance"]
    assert (found.state, found.value, found.source) == (Known.PRESENT, 80, "e-Kinerja: ekinerja-2025.csv, baris 2")
    assert bkd.predicate(SRI) == "baik"


def test_a_preview_records_nothing(bkd):
    bkd.preview(csv_of(HEADER, GOOD))
    assert bkd.facts() == []
    assert bkd.components(SRI)["performance"].state == Known.UNKNOWN


def test_the_same_file_twice_adds_nothing(bkd):
    bkd.bring_in(csv_of(HEADER, GOOD))
    again = bkd.bring_in(csv_of(HEADER, GOOD), now=NOW + timedelta(days=3))
    assert (again.accepted, again.recorded, again.known) == (1, 0, 1)
    assert len(bkd.facts()) == 1


def test_applying_twice_is_applying_once(bkd):
    run = bkd.preview(csv_of(HEADER, GOOD))
    bkd.apply(run)
    bkd.apply(run)
    assert len(bkd.facts()) == 1


def test_a_mark_without_a_day_is_not_doubled_on_another_day(bkd):
    file = csv_of(["NIP", "HUKUMAN DISIPLIN"], [SRI, "Tidak pernah"])
    bkd.bring_in(file)
    assert bkd.bring_in(file, now=NOW + timedelta(days=2)).recorded == 0
    assert bkd.components(SRI)["discipline"].state == Known.ABSENT


def test_another_file_that_says_none_is_a_newer_check(bkd):
    bkd.bring_in(csv_of(["NIP", "PERAN DALAM TIM"], [SRI, "Tidak ada"]))
    later = NOW + timedelta(days=730)
    assert bkd.components(SRI, as_of=date(2028, 12, 1))["team"].state == Known.UNKNOWN
    again = bkd.bring_in(csv_of(["NIP", "PERAN DALAM TIM"], [SRI, "Tidak ada"], [JOKO, "Tidak ada"]), now=later)
    assert again.recorded == 2
    assert bkd.components(SRI, as_of=date(2028, 12, 1))["team"].state == Known.ABSENT


def test_today_is_the_day_where_the_agency_is(bkd):
    early = NOW.replace(hour=23)  # 06.00 of the 27th in Jakarta
    run = bkd.preview(csv_of(["NIP", "TINGKAT PENGHARGAAN", "TANGGAL"], [SRI, "Nasional", "27-11-2026"]), now=early)
    assert run.rejected == 0


def test_everybody_else_goes_through(bkd):
    run = bkd.bring_in(csv_of(
        HEADER, GOOD, [NOBODY, "Entah", *GOOD[2:]], ["123", "Salah", *GOOD[2:]], [JOKO, "Joko", "2027", "", "", "Baik"],
        [RINA, "Rina Peraga", "2025", "Di Bawah Ekspektasi", "Sesuai Ekspektasi", "Baik"],
    ))  # fmt: skip
    assert (run.accepted, run.rejected) == (1, 4)
    told = {row: sentence for row, severity, sentence in bkd.told(run) if severity == "error"}
    assert "tidak ada dalam daftar pegawai" in told[3]
    assert "NIP 3 angka" in told[4]
    assert "Tahun 2027 belum berakhir" in told[5]
    assert "matriks" in told[6]
    assert "Butuh Perbaikan" in told[6]
    assert all(one.advice for one in bkd.findings(run))


def test_a_nip_that_excel_damaged_is_recognised(bkd):
    with pytest.raises(Invalid, match="berisi angka, bukan teks"):
        bkd.preview(book_of(["NIP", "TAHUN", "PREDIKAT"], [1.98503172010011e17, "2025", "Baik"]))
    run = bkd.bring_in(book_of(
        ["NIP", "TAHUN", "PREDIKAT"], [1.98503172010011e17, "2025", "Baik"], [JOKO, 2025, "Baik"],
        ["1,98E+17", 2025, "Baik"],
    ))  # fmt: skip
    assert [sentence for _, _, sentence in bkd.told(run)] == [
        "NIP tersimpan sebagai angka, bukan teks.", "NIP rusak oleh Excel: tertulis 1,98E+17.",
    ]  # fmt: skip
    assert [fact.employee_id for fact in bkd.facts()] == [bkd.ids[JOKO]]


@pytest.mark.parametrize("above", [0, 1, 39])
def test_the_header_is_found_within_forty_rows(bkd, above):
    run = bkd.preview(book_of(HEADER, GOOD, first=above))
    assert (run.kind, run.accepted) == ("performance", 1)


def test_a_header_below_the_fortieth_row_is_not_found(bkd):
    with pytest.raises(Invalid, match="40 baris pertama"):
        bkd.preview(book_of(HEADER, GOOD, first=40))


def test_a_misspelt_header_is_taken_and_told(bkd):
    run = bkd.preview(csv_of(["NIP", "TAHUNN", "PREDIKATT KINERJA"], [SRI, "2025", "Baik"]))
    assert run.accepted == 1
    assert "Judul kolom 'PREDIKATT KINERJA' dibaca sebagai PREDIKAT KINERJA." in [s for _, _, s in bkd.told(run)]


def test_two_predicates_for_one_year_are_both_listed_and_neither_wins(bkd):
    run = bkd.bring_in(predicates([SRI, "2025", "Baik"], [SRI, "2025", "Sangat Baik"], [JOKO, "2025", "Baik"]))
    assert run.recorded == 3
    told = bkd.told(run)
    assert [(row, severity) for row, severity, _ in told] == [(2, "warning"), (3, "warning")]
    assert "baris ini Baik, juga tercatat Sangat Baik (baris 3)" in told[0][2]
    assert bkd.components(SRI)["performance"].state == Known.UNKNOWN
    assert bkd.predicate(SRI) is None
    assert bkd.predicate(JOKO) == "baik"


def test_a_predicate_against_one_on_record_is_told_with_its_source(bkd):
    bkd.bring_in(predicates([SRI, "2025", "Baik"]), name="lama.csv")
    run = bkd.bring_in(predicates([SRI, "2025", "Kurang"]), now=NOW + timedelta(minutes=1))
    assert "Baik (e-Kinerja: lama.csv, baris 2)" in bkd.told(run)[0][2]
    assert bkd.predicate(SRI) is None


def test_a_row_twice_in_a_file_is_recorded_once_and_told(bkd):
    run = bkd.bring_in(predicates([SRI, "2025", "Baik"], [SRI, "2025", "baik"]))
    assert (run.accepted, run.recorded) == (2, 1)
    assert "Baris ganda dengan baris 2" in bkd.told(run)[0][2]


def test_what_was_taken_back_does_not_come_back_with_the_same_file(bkd):
    file = predicates([SRI, "2025", "Kurang"])
    bkd.bring_in(file)
    bkd.take_back(SRI, bkd.facts()[0].fact_id)
    again = bkd.bring_in(file, now=NOW + timedelta(minutes=1))
    assert again.recorded == 0
    assert "sudah dikoreksi atau dicabut" in bkd.told(again)[0][2]
    assert bkd.components(SRI)["performance"].state == Known.UNKNOWN


def test_what_was_corrected_does_not_come_back_with_the_same_file(bkd):
    file = predicates([SRI, "2025", "Kurang"])
    bkd.bring_in(file)
    bkd.record(SRI, Kind.PERFORMANCE, bkd.facts()[0].fact_id, year="2025", predicate="Baik")
    bkd.bring_in(file, now=NOW + timedelta(minutes=1))
    assert bkd.predicate(SRI) == "baik"


def test_a_mark_of_none_against_something_on_record_is_told(bkd):
    bkd.bring_in(csv_of(["NIP", "TINGKAT PENGHARGAAN", "TANGGAL"], [SRI, "Nasional", "17-08-2025"]))
    run = bkd.bring_in(
        csv_of(["NIP", "TINGKAT PENGHARGAAN"], [SRI, "Tidak ada"]), Kind.AWARD, NOW + timedelta(minutes=1)
    )
    assert "Bertentangan: baris ini tidak ada" in bkd.told(run)[0][2]
    assert bkd.components(SRI)["award"].state == Known.UNKNOWN


def test_a_name_that_is_another_is_told_and_titles_are_not(bkd):
    run = bkd.preview(csv_of(HEADER, [SRI, "Dr. Sri Peraga, M.Si.", *GOOD[2:]], [JOKO, "Bambang Wibowo", *GOOD[2:]]))
    assert bkd.told(run) == [(3, "warning", "Nama berbeda dari daftar pegawai (Joko Peraga).")]


FILES = {
    "performance": (["PREDIKAT", "TAHUN"], ["Baik", "2025"]),
    "award": (["TINGKAT PENGHARGAAN", "NAMA PENGHARGAAN", "TANGGAL"], ["Nasional", "Satyalancana", "17-08-2025"]),
    "team": (["PERAN DALAM TIM", "NOMOR SK", "TANGGAL MULAI"], ["Ketua", "821/1", "2 Januari 2026"]),
    "feedback_360": (["NILAI 360", "TAHUN"], ["85,5", "2025"]),
    "training": (["NAMA PELATIHAN", "TANGGAL SERTIFIKAT"], ["PKP", "15/06/2024"]),
    "post": (["JABATAN", "TMT JABATAN"], ["Analis", "01-03-2019"]),
    "education": (["TINGKAT PENDIDIKAN", "JURUSAN", "SESUAI JABATAN"], ["S1", "Hukum", "Ya"]),
    "discipline": (["HUKUMAN DISIPLIN"], ["Tidak pernah"]),
    "simata": (["Nilai X", "Nilai Y", "Box", "X - Penilaian Kompetensi", "Y - Penilaian Kinerja"],
               ["82,528", "64", "8", "88,89", "80"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", list(FILES))
def test_every_kind_is_recognised_by_its_headers(bkd, kind):
    headers, cells = FILES[kind]
    run = bkd.bring_in(csv_of(["NIP", *headers], [SRI, *cells]))
    assert (run.kind, run.recorded, run.warned) == (kind, 1, 0)


@pytest.mark.parametrize("kind", list(messages.LAYOUTS))
def test_a_template_is_read_as_its_kind_and_its_example_stays_out(bkd, kind):
    template = messages.template(kind)
    run = bkd.preview(template)
    assert (run.kind, run.accepted, run.rejected) == (kind, 0, 1)
    (grid,) = grids(template)
    assert len(grid[0]) == len(messages.LAYOUTS[kind].columns)


def test_what_fits_two_kinds_is_asked_back(bkd):
    with pytest.raises(Invalid, match="beberapa jenis bukti"):
        bkd.preview(csv_of(["NIP", "PREDIKAT", "NAMA PELATIHAN"], [SRI, "Baik", "PKP"]))
    assert bkd.preview(csv_of(["NIP", "TAHUN", "PREDIKAT", "PELATIHAN"], [SRI, "2025", "Baik", "PKP"]), Kind.TRAINING)


def test_a_file_without_evidence_is_refused_with_what_to_do(bkd):
    with pytest.raises(Invalid, match="Pilih jenis bukti"):
        bkd.preview(csv_of(["NIP", "NAMA"], [SRI, "Sri"]))


def test_the_year_of_the_file_serves_rows_without_one(bkd):
    bkd.bring_in(csv_of(["NIP", "PREDIKAT"], [SRI, "Baik"]), year=2025)
    assert bkd.predicate(SRI) == "baik"


def test_simata_is_kept_and_shown_but_counts_for_nothing(bkd):
    headers, cells = FILES["simata"]
    bkd.bring_in(csv_of(["NIP", *headers], [SRI, *cells]), system="SIMATA")
    with db.transaction(reads_only=True) as session:
        said = queries.simata(session, bkd.agency_id, list(bkd.ids.values()))
    assert said == {bkd.ids[SRI]: {
        "x": "82.528", "y": "64", "x_competency": "88.89", "y_performance": "80", "box": "8",
    }}  # fmt: skip
    assert {one.state for one in bkd.components(SRI).values()} == {Known.UNKNOWN}
