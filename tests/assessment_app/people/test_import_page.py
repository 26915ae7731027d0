"""The preview of a real list before people's eyes: found by kind, decided by hand, in both themes."""

import pytest
from playwright.sync_api import expect

from assessment_app.accounts.rules import Role
from assessment_app.people.messages.spreadsheet import make
from tests.assessment_app.people.conftest import NOW
from tests.assessment_app.talent.onlooker import looking


@pytest.fixture
def address(app, agency, page):
    page.set_default_timeout(8000)
    with looking(app, page, agency, role=Role.BKD_ADMIN, now=NOW) as at:
        yield f"{at}/pegawai"


@pytest.mark.timeout(240)
def test_the_preview_of_a_wave_stays_usable(address, page, tmp_path, accessible):
    file = tmp_path / "daftar.xlsx"
    file.write_bytes(make(1905, 2026, NOW.date()).content)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{address}/impor")
    page.set_input_files("[name=berkas]", file)
    page.get_by_role("button", name="Periksa berkas").click()
    expect(page.locator("h1")).to_contain_text("Pratinjau impor")
    for theme in ("terang", "kontras"):
        page.context.add_cookies([{"name": "theme", "value": theme, "url": address}])
        page.reload()
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1366, theme
    page.get_by_role("link", name="Golongan tidak dikenal").click()
    table = page.get_by_role("region", name="Baris yang ditolak atau diperingatkan")
    expect(table.locator("tbody tr").first).to_contain_text("bukan golongan")
    page.get_by_role("button", name="Setujui").click()
    expect(page.get_by_text("Keputusan disimpan")).to_be_visible()
