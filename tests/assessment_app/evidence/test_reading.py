"""From cells as agencies write them to what a fact says; what is wrong is told with what to do."""

from datetime import date
from itertools import product

import pytest

from assessment_app.evidence.rules import Kind, State, read_row
from assessment_app.people.rules import Severity
from tests.assessment_app.evidence.test_rules import NUMBERS

TODAY = date(2026, 11, 26)
BELOW, AS_EXPECTED, ABOVE = "Di Bawah Ekspektasi", "Sesuai Ekspektasi", "Di Atas Ekspektasi"
MATRIX = {
    (ABOVE, BELOW): "kurang", (ABOVE, AS_EXPECTED): "baik", (ABOVE, ABOVE): "sangat_baik",
    (AS_EXPECTED, BELOW): "kurang", (AS_EXPECTED, AS_EXPECTED): "baik", (AS_EXPECTED, ABOVE): "baik",
    (BELOW, BELOW): "sangat_kurang", (BELOW, AS_EXPECTED): "butuh_perbaikan", (BELOW, ABOVE): "butuh_perbaikan",
}  # fmt: skip
WORDS = {
    "sangat_baik": "Sangat Baik", "baik": "BAIK", "butuh_perbaikan": "Butuh perbaikan", "kurang": "Kurang (misconduct)",
    "sangat_kurang": "sangat  kurang",
}  # fmt: skip


def read(kind, of_file=None, **cells):
    return read_row(kind, cells, NUMBERS, TODAY, of_file)


def said(kind, **cells):
    found, wrong = read(kind, **cells)
    assert found is not None, wrong
    return found.said


def errors(kind, **cells):
    found, wrong = read(kind, **cells)
    errors = [one for one in wrong if one.severity == Severity.ERROR]
    assert (found is None) == bool(errors)
    assert all(one.advice for one in errors)
    return " ".join(one.sentence for one in errors)


@pytest.mark.parametrize(("results", "behaviour"), list(MATRIX))
def test_the_predicate_follows_from_results_and_behaviour(results, behaviour):
    found = said(Kind.PERFORMANCE, year="2025", results=results, behaviour=behaviour)
    assert found["predicate"] == MATRIX[results, behaviour]


@pytest.mark.parametrize(("pair", "claimed"), list(product(MATRIX, WORDS)))
def test_a_predicate_against_the_matrix_is_told_and_stays_out(pair, claimed):
    results, behaviour = pair
    told = errors(Kind.PERFORMANCE, year="2025", results=results, behaviour=behaviour, predicate=WORDS[claimed])
    assert ("tidak sesuai matriks" in told) == (claimed != MATRIX[pair])


@pytest.mark.parametrize("code", list(WORDS))
def test_a_predicate_alone_is_enough(code):
    assert said(Kind.PERFORMANCE, year="2025", predicate=WORDS[code])["predicate"] == code


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"year": "2026", "predicate": "Baik"}, "Tahun 2026 belum berakhir"),
        ({"year": "2031", "predicate": "Baik"}, "Tahun 2031 belum berakhir"),
        ({"year": "Triwulan III 2025", "predicate": "Baik"}, "bukan satu tahun penuh"),
        ({"year": "kemarin", "predicate": "Baik"}, "tidak terbaca"),
        ({"predicate": "Baik"}, "Tahun kosong"),
        ({"year": "2025", "predicate": "Cukup"}, "Predikat 'Cukup' tidak dikenal"),
        ({"year": "2025"}, "Predikat kosong"),
        ({"year": "2025", "results": "Sesuai", "predicate": "Baik"}, "Rating perilaku kerja kosong"),
        ({"year": "2025", "results": "lumayan", "behaviour": "Sesuai"}, "'lumayan' tidak dikenal"),
    ],
)
def test_what_is_wrong_with_a_predicate_is_told(cells, told):
    assert told in errors(Kind.PERFORMANCE, **cells)


def test_the_year_of_the_whole_file_serves_rows_without_one():
    found, _ = read(Kind.PERFORMANCE, 2025, predicate="Baik")
    assert found.said["year"] == 2025
    found, _ = read(Kind.PERFORMANCE, 2025, predicate="Baik", year="Periode 2024")
    assert found.said["year"] == 2024


@pytest.mark.parametrize(
    ("level", "code"),
    [("Presiden", "national"), ("tingkat provinsi", None), ("Gubernur", "province"), ("Kab./Kota", "regency"),
     ("Kabupaten/Kota", "regency"), ("Wali Kota", "regency"), ("Perangkat Daerah", "agency"),
     ("INTERNASIONAL", "international")],
)  # fmt: skip
def test_levels_of_awards_are_read_and_none_is_guessed(level, code):
    found, _ = read(Kind.AWARD, level=level, date="2025-08-17")
    assert (found and found.said["level"]) == code


@pytest.mark.parametrize(
    ("day", "told"),
    [("2026-11-27", "belum tiba"), ("2027", "belum tiba"), ("1900-01-01", "terlalu lama"), ("besok", "tidak terbaca"),
     ("", "kosong"), ("2025-02-30", "tidak terbaca")],
)  # fmt: skip
def test_days_that_cannot_be_are_told(day, told):
    assert told in errors(Kind.AWARD, level="Nasional", date=day)


@pytest.mark.parametrize("kind", [Kind.AWARD, Kind.TEAM, Kind.TRAINING, Kind.DISCIPLINE])
@pytest.mark.parametrize("words", ["Tidak ada", "tidak pernah", "Nihil", "Belum pernah dijatuhi", "BERSIH"])
def test_the_words_for_none_are_a_check_and_not_an_empty_cell(kind, words):
    field = {Kind.TEAM: "role", Kind.TRAINING: "thing"}.get(kind, "level")
    found, _ = read(kind, **{field: words, "checked": "2026-10-01"})
    assert (found.state, found.said) == (State.ABSENT, {"checked": "2026-10-01"})


@pytest.mark.parametrize("words", ["", "-", "  "])
def test_an_empty_cell_is_no_check(words):
    assert errors(Kind.DISCIPLINE, level=words)


def test_a_check_without_a_day_is_of_the_day_of_the_file():
    found, _ = read(Kind.DISCIPLINE, level="Tidak pernah")
    assert found.said == {"checked": "2026-11-26"}


def test_a_check_of_tomorrow_is_refused():
    assert "belum tiba" in errors(Kind.DISCIPLINE, level="Tidak pernah", checked="2026-11-27")


@pytest.mark.parametrize(
    ("written", "value"), [("85,5", "85.5"), ("85.50", "85.5"), ("100", "100"), ("0", "0"), ("70%", "70")]
)
def test_points_are_kept_as_they_are_written(written, value):
    assert said(Kind.FEEDBACK_360, year="2025", value=written)["value"] == value


@pytest.mark.parametrize(
    ("written", "told"),
    [("100,1", "di luar 0 sampai 100"), ("-1", "di luar"), ("850", "di luar"), ("4 dari 5", "bukan angka"),
     ("", "kosong"), ("1e2", "bukan angka"), ("NaN", "bukan angka")],
)  # fmt: skip
def test_points_outside_the_range_are_told(written, told):
    assert told in errors(Kind.FEEDBACK_360, year="2025", value=written)


@pytest.mark.parametrize(
    ("written", "code"),
    [("S-1", "s1"), ("S1/Sarjana", "s1"), ("Magister", "s2"), ("D.IV", "d4"), ("D-III", "d3"), ("SMA", "slta"),
     ("Doktor", "s3"), ("D2", None), ("SMP", None)],
)  # fmt: skip
def test_degrees_are_read_and_those_without_a_worth_are_told(written, code):
    found, _ = read(Kind.EDUCATION, level=written)
    assert (found and found.said["level"]) == code


@pytest.mark.parametrize(("written", "fits"), [("Ya", True), ("tidak sesuai", False), ("", None), ("mungkin", None)])
def test_whether_a_field_fits_is_said_or_not_known(written, fits):
    assert said(Kind.EDUCATION, level="S1", fits=written)["fits"] is fits


def test_a_team_without_a_decree_is_kept_and_told():
    found, wrong = read(Kind.TEAM, role="Ketua", **{"from": "2025-01-01"})
    assert found is not None
    assert "tidak dihitung" in wrong[0].sentence


def test_an_end_before_the_beginning_is_told():
    assert "mendahului" in errors(Kind.TEAM, role="Ketua", decree="1", **{"from": "2025-01-02", "to": "2025-01-01"})


def test_an_end_may_be_still_to_come_or_not_be_known():
    assert said(Kind.POST, title="Analis", **{"from": "2025-01-01", "to": "2027-01-01"})["to"] == "2027-01-01"
    assert said(Kind.POST, title="Analis", **{"from": "2025-01-01", "to": "sekarang"})["to"] is None


def test_a_heavy_sanction_without_an_end_is_told_as_being_served():
    _, wrong = read(Kind.DISCIPLINE, level="Berat", **{"from": "2025-01-01"})
    assert "dianggap masih dijalani" in wrong[0].sentence


def test_a_certificate_of_bnsp_is_known_by_its_name():
    assert said(Kind.TRAINING, thing="Sertifikasi BNSP Pengadaan", date="2025")["bnsp"] is True
    assert said(Kind.TRAINING, thing="PKP", date="2025")["bnsp"] is False


def test_what_simata_says_is_kept_as_it_says_it():
    found = said(Kind.SIMATA, x="82,528", y="64", box="8", x_education="80", y_award="0", x_field="")
    assert found == {"x": "82.528", "y": "64", "x_education": "80", "y_award": "0", "box": "8"}


@pytest.mark.parametrize(
    ("cells", "told"),
    [({"x": "182"}, "di luar"), ({"x": "1", "box": "10"}, "bukan 1 sampai 9"), ({"unit": "Dinas"}, "Tidak ada nilai")],
)  # fmt: skip
def test_what_simata_cannot_say_is_told(cells, told):
    assert told in errors(Kind.SIMATA, **cells)


def test_a_text_that_is_too_long_is_told():
    assert "lebih dari 200 huruf" in errors(Kind.AWARD, level="Nasional", date="2025", thing="x" * 201)
