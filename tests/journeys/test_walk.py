"""One wave walks through every room: from a spreadsheet to the nine-box, in Chromium, against the real servers."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from tests.journeys import browser as at
from tests.journeys.platform import Platform, in_a_data_centre, on_one_machine

WALKER = "198503172010011987"
CSV = f"""NIP;NAMA;UNIT KERJA;JABATAN;JENJANG;GOLONGAN;STATUS
{WALKER};Sari Jalan, S.Sos.;Dinas Jalan;Kepala Seksi Jalan;Pengawas;III/d;PNS
198513172010011987;Salah Bulan;Dinas Jalan;Staf;Pelaksana;II/c;PNS
"""
HEADER = ("NIP", "NAMA", "UNIT KERJA", "JABATAN", "JENJANG", "GOLONGAN", "STATUS")
XLSX_ROW = ("199104052014022006", "Bima Jalan", "Dinas Jalan", "Analis Jalan", "Ahli Muda", "III/c", "PNS")
DRAFT = Path(__file__).parents[2] / "item_bank" / "samples" / "karier-demo.json"


@pytest.fixture(params=["sqlite", "postgres"])
def platform(request, tmp_path):
    if request.param == "sqlite":
        with on_one_machine(request.getfixturevalue("service_run"), tmp_path) as running:
            yield running
        return
    redis = request.getfixturevalue("redis_server")
    with redis.client() as client:
        client.flushdb()
    with in_a_data_centre(tmp_path, request.getfixturevalue("postgres"), redis.url) as running:
        yield running


def workbook() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((HEADER, XLSX_ROW)):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
    return made.getvalue()


def upload(page: Page, field: str, name: str, content: bytes) -> None:
    page.set_input_files(f"[name={field}]", {"name": name, "mimeType": "application/octet-stream", "buffer": content})


@pytest.mark.timeout(240)
def test_a_wave_goes_from_a_spreadsheet_to_the_nine_box(browser, platform, accessible, picture):
    author_publishes(browser, platform)
    pin = admin_plans(browser, platform)
    participant_sits(browser, platform, pin, accessible, picture)
    assessor_and_committee_see_the_result(browser, platform)
    everybody_else_opens_their_pages(browser, platform)


def author_publishes(browser, platform: Platform) -> None:
    draft = json.loads(DRAFT.read_text()) | {"code": "karier-jalan", "title": "Preferensi Karier Jalan"}
    with at.staff(browser, platform, "vault", "penulis") as page:
        page.goto(platform.url("vault", "/bank/formulir"))
        upload(page, "draf", "karier-jalan.json", json.dumps(draft).encode())
        page.click("text=Periksa dan pratinjau")
        page.click("button:has-text('Ajukan')")
        expect(page.locator("body")).to_contain_text("Formulir diajukan")
        proposal = page.url
    with at.staff(browser, platform, "vault", "psikometris") as page:
        page.goto(proposal)
        page.click("button:has-text('Setujui dan terbitkan')")
        expect(page.locator("body")).to_contain_text("karier-jalan")


def admin_plans(browser, platform: Platform) -> str:
    with at.staff(browser, platform, "office", "admin.bkd") as page:
        for name, content, accepted in (("orang.csv", CSV.encode(), 1), ("orang.xlsx", workbook(), 1)):
            page.goto(platform.url("office", "/pegawai/impor"))
            upload(page, "berkas", name, content)
            page.click("text=Periksa berkas")
            page.click(f"text=Terapkan {accepted} baris")
        page.goto(platform.url("office", "/gelombang/ruang"))
        page.fill("[name=name]", "Lab Jalan")
        page.fill("[name=site]", "SMKN Jalan")
        page.fill("[name=seats]", "20")
        page.select_option("[name=timezone]", "Asia/Makassar")
        page.click("button:has-text('Tambah ruang')")
        make_wave(page, platform)
        seat_people(page)
        page.goto(page.url + "/layar")
        pin = page.locator(".front__pin").inner_text()
        return "".join(pin.split())


def make_wave(page: Page, platform: Platform) -> None:
    titles = ("mansoskul-demo", "potensi-demo", "literasi-demo", "karier-jalan")
    page.goto(platform.url("office", "/gelombang/baru"))
    page.fill("[name=name]", "Gelombang Jalan")
    for _ in range(40):  # the new form is carried over by the worker's sweep: some seconds
        if page.locator("[name=form_id]").first.locator("option", has_text="Preferensi Karier Jalan").count():
            break
        page.wait_for_timeout(500)
        page.reload()
        page.fill("[name=name]", "Gelombang Jalan")
    page.select_option("[name=purpose]", "pemetaan")
    for number, title in enumerate(titles):
        chosen = page.locator("[name=form_id]").nth(number)
        chosen.select_option(value=chosen.locator("option", has_text=title).first.get_attribute("value"))
    page.click("button:has-text('Buat gelombang')")
    expect(page.locator("h1")).to_contain_text("Gelombang Jalan")
    room = page.locator("[name=room_id] option", has_text="Lab Jalan").first.get_attribute("value")
    page.select_option("[name=room_id]", value=room)
    local = datetime.now(UTC) + timedelta(hours=8)  # WITA
    page.fill("[name=starts]", local.strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name=ends]", (local + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M"))
    page.click("button:has-text('Tambah sesi')")
    expect(page.locator("h1")).to_contain_text("Lab Jalan")


def seat_people(page: Page) -> None:
    for name in ("Sari Jalan", "Bima Jalan"):
        page.locator("li label", has_text=name).locator("input").check()
    page.click("button:has-text('Tempatkan yang dicentang')")
    expect(page.locator("table", has_text="Sari Jalan").first).to_be_visible()


def participant_sits(browser, platform: Platform, pin: str, accessible, picture) -> None:
    with browser.new_context(locale="id-ID", viewport={"width": 1366, "height": 768}) as context:
        page = context.new_page()
        at.sign_in(page, platform, WALKER, pin)
        for number in range(4):
            items = at.work_through_a_part(page, lambda _n, part=number: None if part else picture(page, "ujian"))
            assert items >= 3
            if number == 0:
                accessible(page)
            if number < 3:
                page.click('[data-act="continue"]')
        code = page.locator('[data-field="code"]')
        expect(code).not_to_be_empty(timeout=15000)
        picture(page, "tanda-terima")


def assessor_and_committee_see_the_result(browser, platform: Platform) -> None:
    with at.staff(browser, platform, "office", "asesor") as page:
        for _ in range(40):
            if page.locator("main a", has_text="Sari Jalan").count():
                break
            page.wait_for_timeout(500)
            page.reload()
        page.locator("main a", has_text="Sari Jalan").first.click()
        expect(page.locator("main")).to_contain_text("JPM")
        expect(page.locator("main")).to_contain_text("parameter diasumsikan")
    with at.staff(browser, platform, "office", "komite") as page:
        wave = page.locator("select[name=gelombang] option", has_text="Gelombang Jalan").first.get_attribute("value")
        page.select_option("select[name=gelombang]", value=wave)
        page.click("button:has-text('Terapkan')")
        expect(page.locator("main table", has_text="Sari Jalan").first).to_be_visible()
        expect(page.locator(".nb[aria-current], .nb[aria-pressed=true]").first).to_contain_text("1")


def everybody_else_opens_their_pages(browser, platform: Platform) -> None:
    others = {
        "office": ("admin.bkd", "pengawas", "asesor", "komite", "auditor", "admin.sistem"),
        "vault": ("penulis", "psikometris", "auditor.brankas"),
    }
    for server, names in others.items():
        for name in names:
            with at.staff(browser, platform, server, name) as page:
                headings = at.open_every_entry(page)
                assert headings
                assert all(headings)
    with at.staff(browser, platform, "office", "auditor") as page:
        page.goto(platform.url("office", "/jejak-audit"))
        page.click("button:has-text('Periksa rantai')")
        expect(page.locator("main")).to_contain_text("utuh")
