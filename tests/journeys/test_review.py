"""An assessor's morning in Chromium: five planted cases, one of them adjusted, all signed; the audit tells it all."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from assessment_app.accounts.rules import Role
from assessment_app.platform import audit
from assessment_app.platform.db import transaction
from assessment_app.review.models import SignedResult
from scoring_engine.canonical import canonical, digest
from tests.assessment_app.scoring.house import BATTERY, House, all_answers
from tests.journeys.assessors import CASES, PASSWORD, Office, entered, hire, office_on, rushed
from workers import tasks

REASON = "Tiga skenario keputusan dijawab dengan menunda ke atasan; wawancara singkat menguatkan."
RAPID = len(all_answers(BATTERY[0], rushed))
IN_QUEUE = {
    "Nina Marlina": "Dekat batas", "Rudi Hartono": "jawaban kilat",
    "Linda Manurung": "Belum terukur: Integritas", "Sari Wulandari": "gangguan", "Ahmad Fauzi": r"97% - Belum ditinjau",
}  # fmt: skip
SAYS = {
    "Nina Marlina": ["Peluang kedua kategori benar"],
    "Rudi Hartono": [
        f"Jawaban kilat bagian 1: {RAPID} dari {RAPID}", "Upaya menjawab (RTE)", "2 catatan keabsahan yang serius",
    ],
    "Linda Manurung": ["Profil belum lengkap, sehingga belum ada kotak.", "Belum terukur"],
    "Sari Wulandari": [
        "Gangguan, waktu diganti, bagian 2", "+10 mnt", "Perubahan terlambat yang dihitung, bagian 2",
        "mengembalikan 10 menit gangguan ruangan pada bagian 2", "listrik padam",
    ],
    "Ahmad Fauzi": ["tanpa catatan"],
}  # fmt: skip
"""Why each case lies in the queue, as an assessor must be able to see it: in its row, and on its page."""


@pytest.fixture
def running(tmp_path):
    with office_on(tmp_path) as office:
        yield office


def seen(page: Page) -> str:
    """Give what a page says."""
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def go_to(page: Page, name: str) -> None:
    """Press Tab until the field of a form has the focus."""
    for _ in range(150):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never came to {name}")


def sign(page: Page) -> None:
    """Give the password and sign, by keyboard alone."""
    page.locator("h1").click()
    go_to(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".flash")).to_contain_text("Hasil ditandatangani")


def confirm(page: Page, running: Office, name: str) -> None:
    """Find a case in the queue, see what there is to see, and sign it."""
    says_why(page, running, name)
    if name == "Rudi Hartono":
        choose_in_spite_of_notes(page)
    sign(page)


def choose_in_spite_of_notes(page: Page) -> None:
    """Find nothing chosen where serious notes speak against a profile, be told so, and choose."""
    expect(page.locator("[name=choice]:checked")).to_have_count(0)
    expect(page.locator("[data-sign]")).to_have_text("Tandatangani atau kirim")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[data-sign]").click()
    expect(page.locator("[role=alert]")).to_contain_text("Pilih dahulu hasil tinjauan Anda")
    page.get_by_label("Setujui hasil sistem").check()
    expect(page.locator("[data-sign]")).to_have_text("Tandatangani")


def says_why(page: Page, running: Office, name: str) -> None:
    """See in the queue and on the page of a case why it is there."""
    page.goto(running.url("/tinjau"))
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text(IN_QUEUE[name])
    page.get_by_role("link", name=name).click()
    expect(page.locator("h1")).to_have_text(name)
    told = seen(page)
    assert [line for line in SAYS[name] if line not in told] == []
    shows_times(page, name)


def shows_times(page: Page, name: str) -> None:
    """See the strip of response times: who clicked through has flagged bars and is counted, nobody else."""
    rapid = RAPID if name == "Rudi Hartono" else 0
    strip = page.locator("section[aria-labelledby=waktu] .chart")
    expect(strip.locator(".strip__flag")).to_have_count(rapid)
    said = f"Bagian 1: {rapid} soal lebih cepat dari 3 detik." if rapid else "Tidak ada jawaban kilat."
    expect(strip.locator("desc")).to_contain_text(said)


def filters_are_calm(page: Page, running: Office) -> None:
    """See columns of one width that no choice changes, and a phone that holds the whole page."""
    selects = page.locator(".filters .select")
    for width, columns in ((1366, 2), (360, 1)):
        page.set_viewport_size({"width": width, "height": 768})
        page.goto(running.url("/tinjau"))
        before = [round(box["width"]) for box in map(Locator.bounding_box, selects.all()) if box]
        assert len(set(before)) == columns
        page.goto(running.url("/tinjau?keadaan=reassess"))
        assert [round(box["width"]) for box in map(Locator.bounding_box, selects.all()) if box] == before
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(running.url("/tinjau"))


def adjust(page: Page, running: Office, accessible) -> None:
    """Adjust a level; the effect is there before anything is sent."""
    says_why(page, running, "Ahmad Fauzi")
    expect(page.locator("[data-when=adjust]").first).to_be_hidden()
    page.get_by_label("Sesuaikan level kompetensi").check()
    page.locator(".level summary", has_text="Pengambilan Keputusan").click()
    page.locator('[name="level.M.08"]').select_option("2")
    expect(page.locator("[data-effect]")).to_contain_text(re.compile(r"150,00% →\s+144,44%"))
    page.locator('[name="reason.M.08"]').fill(REASON)
    expect(page.locator("details[open] .letters")).to_have_text(f"{len(REASON)} dari sedikitnya 50 huruf")
    expect(page.locator("[data-sign]")).to_have_text("Kirim untuk disetujui")
    accessible(page)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[data-sign]").click()
    expect(page.locator(".flash")).to_contain_text("Keputusan diajukan")


def approve(page: Page, running: Office, accessible) -> None:
    """Read what the first assessor decided, and sign it as the second."""
    page.goto(running.url("/tinjau?keadaan=waiting"))
    page.get_by_role("link", name="Ahmad Fauzi").click()
    assert REASON in seen(page)
    accessible(page)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Setujui dan tanda tangan").click()
    expect(page.locator(".flash")).to_contain_text("Hasil ditandatangani")


@pytest.mark.timeout(240)
def test_five_cases_are_reviewed_one_adjusted_all_signed_and_the_audit_tells_it(browser, running, accessible, picture):
    with ExitStack() as people:
        hasan = people.enter_context(entered(browser, running, "hasan"))
        hasan.goto(running.url("/tinjau"))
        accessible(hasan)
        filters_are_calm(hasan, running)
        assert [name for name in CASES if name not in seen(hasan)] == []
        for name in [one for one in CASES if one != "Ahmad Fauzi"]:
            confirm(hasan, running, name)
        adjust(hasan, running, accessible)
        hasan.goto(running.profile("Ahmad Fauzi"))
        picture(hasan, "tinjau")
        mega = people.enter_context(entered(browser, running, "megawati"))
        mega.context.add_cookies([{"name": "theme", "value": "kontras", "url": running.url()}])
        approve(mega, running, accessible)
        tasks.hand_out()
        tells_the_whole_story(mega, running, accessible)
        mega.goto(running.url("/tinjau"))
        accessible(mega)
        assert "Ditandatangani 5 dari 5" in seen(mega)
    everything_is_signed_and_whole(running)


def tells_the_whole_story(page: Page, running: Office, accessible) -> None:
    """Read the trail of the adjusted case, and that of the one with the outage."""
    page.goto(running.profile("Ahmad Fauzi"))
    page.get_by_role("link", name="lengkap").click()
    expect(page.locator("h1")).to_contain_text("Jejak audit")
    accessible(page)
    told = seen(page)
    for line in (
        "Masuk ruang tes", "Profil disusun dari 4 skor", "Penempatan Kompetensi × Potensi: kotak 4",
        "Hasan Anggraini membuka profil", "Hasan Anggraini mengajukan keputusan kepada asesor kedua",
        f"Pengambilan Keputusan: 3 → 2. {REASON}", "Megawati Anggraini menyetujui sebagai asesor kedua",
        "menandatangani hasil nomor 1",
    ):  # fmt: skip
        assert line in told, line
    page.goto(running.profile("Sari Wulandari") + "/jejak")
    assert "mengembalikan 10 menit gangguan ruangan pada bagian 2" in seen(page)
    assert "listrik padam" in seen(page)


def everything_is_signed_and_whole(running: Office) -> None:
    """Look into the store: five results, their bytes as hashed, and a chain that holds."""
    with transaction(reads_only=True) as db:
        results = {one.sitting_id: one for one in db.scalars(select(SignedResult))}
        assert results.keys() == set(running.sittings.values())
        assert all(one.sha256 == digest(canonical(one.document)) for one in results.values())
        second = [one for one in results.values() if one.approved_by is not None]
        assert [one.sitting_id for one in second] == [running.sittings["Ahmad Fauzi"]]
        assert audit.verify(db).holds


def test_another_agencys_assessor_sees_none_of_it(browser, running):
    hire(House(running.house.forms, "bali", now=running.house.now), "made", Role.ASSESSOR)
    with entered(browser, running, "made") as page:
        page.goto(running.url("/tinjau"))
        assert "Belum ada profil" in seen(page)
        for sitting_id in running.sittings.values():
            for path in ("", "/jejak"):
                answer = page.goto(running.url(f"/tinjau/{sitting_id}{path}"))
                assert answer is not None
                assert answer.status == 404
            assert not any(name in page.content() for name in CASES)


def test_without_script_the_effect_is_shown_by_a_button_before_anything_is_sent(browser, running):
    with entered(browser, running, "hasan", java_script_enabled=False) as page:
        page.goto(running.profile("Ahmad Fauzi"))
        page.get_by_label("Sesuaikan level kompetensi").check()
        page.locator(".level summary", has_text="Pengambilan Keputusan").click()
        page.locator('[name="level.M.08"]').select_option("4")
        page.locator('[name="reason.M.08"]').fill(REASON)
        page.get_by_role("button", name="Hitung dampak").click()
        expect(page.locator(".effect")).to_contain_text("155,56%")
        expect(page.locator('[name="reason.M.08"]')).to_have_value(REASON)
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Tandatangani atau kirim").click()
        expect(page.locator(".flash")).to_contain_text("Keputusan diajukan")
