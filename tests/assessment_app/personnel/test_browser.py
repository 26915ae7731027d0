"""The pages in Chromium: from two files to a decision with the keyboard and the mouse, in both themes."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from assessment_app.personnel.messages import demonstration
from tests.journeys.screens import accessible_in_both_themes, nothing_is_lost


@pytest.fixture
def address(app, dewi, page) -> Iterator[str]:
    """Serve the office, with the page signed in as its BKD administrator."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    cookie = dewi.client.get_cookie("pro_asn_office")
    here = f"http://127.0.0.1:{server.port}"
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": here}])
    page.set_default_timeout(8000)
    yield here
    page.close()
    server.shutdown()
    thread.join()
    server.server_close()


def give(page: Page, folder, pair) -> None:
    """Choose both files and compare them."""
    (folder / "pegawai.xlsx").write_bytes(pair.personnel_book())
    (folder / "gaji.xlsx").write_bytes(pair.payroll_book())
    page.set_input_files("#pegawai", folder / "pegawai.xlsx")
    page.set_input_files("#gaji", folder / "gaji.xlsx")
    page.click("button:has-text('Bandingkan')")
    expect(page.locator("h1")).to_contain_text("Perbandingan")


@pytest.mark.timeout(240)
def test_from_two_files_to_a_decision_and_paper_every_page_accessible_in_both_themes(address, page, tmp_path):
    check = accessible_in_both_themes(page)
    page.goto(f"{address}/periksa-gaji")
    check("form")
    give(page, tmp_path, demonstration.planted_pair())
    check("worklist")
    page.select_option("#aturan", "R2")
    page.click("button:has-text('Saring')")
    expect(page.locator("tbody tr a[href*='/temuan/']")).to_have_count(1)
    page.locator("tbody tr a[href*='/temuan/']").click()
    expect(page.locator("#catatan")).to_be_visible()
    check("finding")
    page.check("input[value=dikonfirmasi]")
    page.fill("#catatan", "SK pensiun sudah terbit, gaji masih dibayar.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Putusan dicatat: Dikonfirmasi.")
    check("decided")
    page.go_back()
    page.goto(f"{address}/periksa-gaji")
    page.locator("tbody th a").first.click()
    page.click("text=Versi cetak")
    expect(page.locator("[data-print]")).to_be_visible()
    check("paper")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("width", [683, 1366])
def test_nothing_is_out_of_reach_on_a_narrow_screen(address, page, tmp_path, width):
    page.set_viewport_size({"width": width, "height": 768})
    check = nothing_is_lost(page)
    page.goto(f"{address}/periksa-gaji")
    check("form")
    give(page, tmp_path, demonstration.planted_pair())
    check("worklist")
    page.locator("tbody tr a[href*='/temuan/']").first.click()
    expect(page.locator("#catatan")).to_be_visible()
    check("finding")
