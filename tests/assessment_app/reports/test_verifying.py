"""Whoever holds a report in hand checks it without an account, and learns nothing but whether it is genuine."""

from datetime import timedelta

import pytest

from assessment_app.platform import clock
from assessment_app.reports.rules import grouped
from tests.assessment_app.reports.conftest import plain, reports_of, signs, works
from tests.assessment_app.reports.test_issuing import signs_anew
from tests.assessment_app.scoring.house import NOW


@pytest.fixture
def report(dewi, hasan, measured):
    signs(hasan, measured.sure)
    dewi.issue()
    works()
    return reports_of()[0]


@pytest.fixture
def stranger(app):
    client = app.test_client()

    def ask(code, status=200):
        answer = client.get("/verifikasi", query_string={"kode": code})
        assert answer.status_code == status
        return plain(answer.get_data(as_text=True).split("<main")[1])

    return ask


def test_a_genuine_report_is_told_by_number_initials_day_and_standing_and_nothing_else(stranger, report):
    words = stranger(grouped(report.code))
    for said in ("Sah dan berlaku", "LAMPUNG/2026/G1/000001", "A.F.", "23 November 2026"):
        assert said in words
    for hidden in ("Ahmad", "Fauzi", "1985", "Dinas", "Optimal", "BKD", "Hasan", report.sha256[:8]):
        assert hidden not in words, hidden


@pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{spaced}"])
def test_a_code_may_be_typed_as_people_type(stranger, report, typed):
    code = report.code
    assert "Sah dan berlaku" in stranger(typed.format(code, lower=code.lower(), spaced=" ".join(code)))


def test_the_code_in_the_qr_leads_here(dewi, report, measured, app):
    text = dewi.get(f"/{measured.sure}")
    assert 'role="img" aria-label="Kode QR verifikasi laporan"' in text


def test_an_unknown_code_and_one_that_can_be_none_are_told_in_the_same_words(stranger, report):
    words = {
        stranger(code, 404)
        for code in ("AAAA-BBBB-2222", report.code[:-1] + ("A" if report.code[-1] != "A" else "B"), "x", "'--")
    }
    assert len(words) == 1
    assert "Kode ini tidak dikenal" in words.pop()


def test_a_replaced_report_is_told_as_replaced(stranger, dewi, hasan, measured, report):
    signs_anew(hasan, measured.sure)
    dewi.issue()
    works()
    assert "Sudah diganti laporan yang lebih baru" in stranger(report.code)
    assert "Sah dan berlaku" in stranger(reports_of()[1].code)


def test_a_report_expires_after_its_last_day(stranger, report, monkeypatch):
    for days, said in ((3 * 365 + 1, "Sah dan berlaku"), (3 * 365 + 2, "Masa berlakunya sudah lewat")):
        monkeypatch.setattr(clock, "now", lambda days=days: NOW + timedelta(days=days))
        assert said in stranger(report.code)


def test_guessing_is_limited_by_address(stranger, report):
    for _ in range(20):
        stranger("AAAA-BBBB-2222", 404)
    assert report.number not in stranger(report.code, 429)


def test_without_a_code_the_page_asks_for_one_and_counts_no_try(app):
    client = app.test_client()
    for _ in range(30):
        assert client.get("/verifikasi").status_code == 200
