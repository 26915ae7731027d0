"""An item's whole way in Chromium: written, reviewed by three, assembled, published by a second person, withdrawn."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import browser as at
from tests.journeys.platform import on_one_machine

ITEM = "psm-uji-01"
FIELDS = {
    "id": ITEM, "facet": "pemecahan-masalah", "topic": "antrean loket", "a": "1,0", "b": "0,1",
    "stem": "Antrean loket memanjang setiap Senin.", "question": "Langkah mana yang paling tepat?",
}  # fmt: skip
OPTIONS = (
    ("Menunda semua permohonan sampai pekan depan.", "0", "Menunda tidak mengurangi antrean."),
    ("Membuka loket kedua pada jam yang paling padat.", "1", "Kapasitas ditambah tepat saat diperlukan."),
    ("Meminta warga datang pada hari yang lain saja.", "0", "Beban hanya dipindahkan."),
)
ASPECTS = {"penelaah.isi": "content", "penelaah.bahasa": "language", "penelaah.adil": "fairness"}


@pytest.fixture
def platform(tmp_path, service_run):
    with on_one_machine(service_run, tmp_path) as running:
        yield running


@pytest.mark.timeout(240)
def test_author_three_reviewers_assembly_publication_and_withdrawal(browser, platform, accessible):
    with ExitStack() as people:

        def enter(name: str) -> Page:
            return people.enter_context(at.staff(browser, platform, "vault", name))

        author, psychometrician, second = enter("penulis"), enter("psikometris"), enter("psikometris.2")
        write(author, accessible)
        for name, aspect in ASPECTS.items():
            review(enter(name), aspect, accessible)
        for button in ("Setujui", "Masukkan ke uji coba", "Jadikan operasional"):
            psychometrician.goto(f"{platform.url('vault')}bank/butir/{ITEM}")
            psychometrician.get_by_role("button", name=button, exact=True).click()
            expect(psychometrician.locator(".alert--ok")).to_contain_text("Tercatat")
        assemble(psychometrician, accessible)
        form = publish(second, accessible)
        withdraw(second, form)


def write(page: Page, accessible) -> None:
    """Write an item, see it as participants will while typing, save it, and hand it in."""
    page.get_by_role("link", name="Butir baru").click()
    for field, words in FIELDS.items():
        page.fill(f"[name={field}]", words)
    page.select_option("[name=instrument]", "potential")
    page.select_option("[name=construct]", "problem_solving")
    for number, (words, worth, why) in enumerate(OPTIONS, start=1):
        page.fill(f"[name=text-{number}]", words)
        page.fill(f"[name=worth-{number}]", worth)
        page.fill(f"[name=why-{number}]", why)
    expect(page.locator("div[data-preview] .option")).to_have_count(3)
    expect(page.locator("div[data-preview]")).to_contain_text("Membuka loket kedua")
    accessible(page)
    page.get_by_role("button", name="Simpan sebagai draf").click()
    expect(page.locator("h1")).to_contain_text(ITEM)
    expect(page.locator("[data-item] .option")).to_have_count(3)
    assert "Kapasitas ditambah" not in page.content()
    page.get_by_role("button", name="Ajukan untuk telaah").click()
    expect(page.locator(".alert--ok")).to_contain_text("Ditelaah")


def review(page: Page, aspect: str, accessible) -> None:
    """Find the item in one's queue, look at its key, and pass one aspect."""
    page.get_by_role("link", name="Antrean telaah").click()
    page.get_by_role("link", name=ITEM).click()
    page.fill("[name=alasan]", "Telaah butir sebelum dipakai")
    page.get_by_role("button", name="Baca kunci").click()
    expect(page.locator(".opt--key")).to_contain_text("Membuka loket kedua")
    accessible(page)
    page.check(f"[name=segi][value={aspect}]")
    page.get_by_role("button", name="Lulus telaah").click()
    expect(page.locator(".alert--ok")).to_contain_text("Tercatat")
    page.get_by_role("link", name="Antrean telaah").click()
    expect(page.get_by_text("Tidak ada butir yang menunggu telaah Anda.")).to_be_visible()


def assemble(page: Page, accessible) -> None:
    """Assemble two parallel forms that may take the new item."""
    page.get_by_role("link", name="Perakitan").click()
    page.select_option("[name=kisi]", "pemecahan-masalah")
    page.get_by_role("button", name="Lihat kisi-kisi").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Rakit dan ajukan").click()
    expect(page.locator(".alert--ok")).to_contain_text("2 formulir dirakit", timeout=30_000)
    expect(page.locator("svg.chart").first).to_be_visible()
    accessible(page)
    page.locator("tbody a").first.click()
    expect(page.get_by_text("Anda yang mengajukan formulir ini.")).to_be_visible()
    expect(page.get_by_role("button", name="Setujui dan terbitkan")).to_have_count(0)


def publish(page: Page, accessible) -> str:
    """Look at what somebody else proposed, item by item, and publish it."""
    page.get_by_role("link", name="Formulir", exact=True).first.click()
    page.get_by_role("link", name="pemecahan-masalah-a").first.click()
    expect(page.locator("[data-item] form")).to_have_count(20)
    accessible(page)
    page.get_by_role("button", name="Setujui dan terbitkan").click()
    expect(page.locator(".alert--ok")).to_contain_text("Formulir terbit")
    assert re.search(r"/bank/formulir/[0-9a-f]{64}$", page.url)
    return page.url


def withdraw(page: Page, form: str) -> None:
    """Withdraw the form, and see that it says so."""
    page.goto(form)
    page.fill("[name=alasan-tarik]", "Satu butir beredar di media sosial.")
    page.get_by_role("button", name="Tarik formulir").click()
    expect(page.locator(".alert--danger")).to_contain_text("Satu butir beredar di media sosial.")
    page.get_by_role("link", name="Formulir", exact=True).first.click()
    expect(page.locator("tr", has_text="pemecahan-masalah-a").first).to_contain_text("Ditarik")
