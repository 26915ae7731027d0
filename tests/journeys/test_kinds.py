"""Items of every kind at a real exam server, answered in Chromium by mouse and by keyboard."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import msgspec
import pytest
from playwright.sync_api import Page, expect

from item_bank.generation.generate import generate
from tests.journeys.browser import sign_in
from tests.journeys.desk import desk_on
from tests.journeys.kinds import (
    ANSWERED,
    DRAFT,
    DRAW,
    HIDDEN,
    KEYS,
    MOUSE,
    NIP,
    OPTION_OF_150,
    PLACES,
    STANDS,
    click,
    every_kind,
    go,
    press,
    sent,
    stands,
    wave_of,
)


@pytest.fixture
def desk(on_sqlite, page) -> Iterator[Page]:
    """A participant before the first item of a form with an item of every kind."""
    with desk_on(on_sqlite, page) as served:
        sign_in(page, served.platform, NIP, wave_of(every_kind()))
        page.locator('[data-act="start"]:not([aria-disabled="true"])').click()
        expect(page.locator('body[data-screen="question"]')).to_be_visible(timeout=15000)
        yield page


def assert_all_answered(page: Page, taken: dict[str, object]) -> None:
    """The server has what was answered, and it stands on the page after a reload."""
    expect(page.locator(".qgrid .qcell--answered")).to_have_count(len(PLACES), timeout=15000)
    expect(page.locator('[data-sync="server"]')).to_be_visible(timeout=15000)
    until = time.monotonic() + 5
    while taken != ANSWERED and time.monotonic() < until:
        page.wait_for_timeout(20)  # what listens to the answers reads each of them after the page did
    assert taken == ANSWERED
    page.reload()
    expect(page.locator('body[data-screen="question"]')).to_be_visible()
    assert {item: stands(page, item) for item in PLACES} == ANSWERED


def test_every_kind_is_answered_by_mouse(desk, accessible):
    taken = sent(desk)
    for item, act in MOUSE.items():
        go(desk, item)
        act(desk)
        accessible(desk)
        desk.locator("[data-contrast]").click()
        accessible(desk)
        desk.locator("[data-contrast]").click()
    assert_all_answered(desk, taken)


def test_every_kind_is_answered_by_keyboard(desk):
    taken = sent(desk)
    for item, act in KEYS.items():
        expect(desk.locator('[data-field="here"]')).to_have_text(f"Soal {PLACES[item]}")
        act(desk)
        if item != "foto":
            desk.keyboard.press("Control+ArrowRight")
    assert_all_answered(desk, taken)


def test_one_choice_too_many_is_refused_aloud(desk):
    go(desk, "beberapa")
    press("a", "b", "c")(desk)
    expect(desk.locator("[role=status].is-warning")).to_contain_text("Paling banyak 2 pilihan")
    assert desk.evaluate(STANDS) == ["p", "q"]
    go(desk, "gambar")
    click(".spot[data-id=dari]", ".spot[data-id=perihal]", ".spot[data-id=tautan]")(desk)
    expect(desk.locator("[role=status].is-warning")).to_contain_text("Paling banyak 2 pilihan")
    assert desk.evaluate(STANDS) == ["dari", "perihal"]


def test_delete_clears_each_kind_but_the_steps_of_a_simulation(desk):
    for item, act in MOUSE.items():
        go(desk, item)
        act(desk)
        desk.locator(f'[data-cell="{PLACES[item]}"].qcell--answered').wait_for()
        if item == "angka":
            desk.locator("[data-at=field]").fill("")
        else:
            desk.locator("#content").focus()
            desk.keyboard.press("Delete")
        left = 1 if item == "tiruan" else 0
        expect(desk.locator(f'[data-cell="{PLACES[item]}"].qcell--answered')).to_have_count(left)
    expect(desk.locator(".qgrid .qcell--answered")).to_have_count(1)
    assert stands(desk, "tiruan") == ANSWERED["tiruan"]


def test_the_starting_order_becomes_an_answer_when_it_is_said_to_be_right(desk):
    go(desk, "urutan")
    expect(desk.locator("[data-at=partial]")).to_be_visible()
    click("[data-act=confirm]")(desk)
    expect(desk.locator(f'[data-cell="{PLACES["urutan"]}"]')).to_have_class("qcell qcell--answered", timeout=15000)
    click("[data-act=undo]")(desk)
    expect(desk.locator(".qgrid .qcell--answered")).to_have_count(0)


def test_a_number_not_understood_is_no_answer_and_stands_there_after_a_reload(desk):
    go(desk, "angka")
    desk.locator("[data-at=field]").fill("1.250")
    expect(desk.locator("[data-at=field]")).to_have_attribute("aria-invalid", "true")
    desk.reload()
    expect(desk.locator("[data-at=field]")).to_have_value("1.250")
    expect(desk.locator(".task__note.is-warning")).to_be_visible()
    expect(desk.locator(".qgrid .qcell--answered")).to_have_count(0)


def test_what_was_typed_a_moment_ago_survives_a_reload_and_a_step_to_another_item(desk):
    go(desk, "angka")
    desk.locator("[data-at=field]").fill("12")
    expect(desk.locator(f'[data-cell="{PLACES["angka"]}"].qcell--answered')).to_be_visible()
    desk.reload()
    expect(desk.locator("[data-at=field]")).to_have_value("12")
    desk.locator("[data-at=field]").fill("13")
    go(desk, "skala")
    assert stands(desk, "angka") == "13"


def test_steps_are_taken_back_and_are_not_without_end(desk):
    go(desk, "tiruan")
    click("[data-step=sandi]", *["[data-step=ganti]"] * 6)(desk)
    expect(desk.locator("[role=status].is-warning")).to_contain_text("Paling banyak 6 langkah")
    expect(desk.locator(".sim__taken li")).to_have_count(6)
    expect(desk.locator(".sim__says")).to_contain_text("Sandi baru dibuat.")
    go(desk, "pilihan")
    go(desk, "tiruan")
    expect(desk.locator(".sim__says")).to_contain_text("Sandi baru dibuat.")
    click(*["[data-act=step-back]"] * 6)(desk)
    expect(desk.locator(".sim__title")).to_have_text("Kotak masuk")
    click("[data-step=lembar]", "[data-act=restart]")(desk)
    expect(desk.locator(".sim__taken li")).to_have_count(0)
    expect(desk.locator(".qgrid .qcell--answered")).to_have_count(0)


def test_a_double_click_on_periksa_does_not_end_the_part(desk):
    go(desk, "foto")
    desk.locator('[data-act="next"]').dblclick()
    expect(desk.locator('body[data-screen="review"]')).to_be_visible()
    expect(desk.locator("[data-at=sure]")).to_be_hidden()
    assert desk.evaluate("document.querySelectorAll('.review').length") == 1


def test_a_double_click_takes_one_step_of_a_simulation_and_ticks_a_box_once(desk):
    go(desk, "tiruan")
    desk.locator("tr:has([data-step=buka])").dblclick()
    desk.locator("[data-step=lapor]").dblclick()
    expect(desk.locator(".sim__taken li")).to_have_text(["Buka surel", "Laporkan pengelabuan"])
    go(desk, "beberapa")
    desk.locator(".option").first.dblclick()
    assert desk.evaluate(STANDS) == ["p"]
    go(desk, "gambar")
    desk.locator(".spot[data-id=dari]").dblclick()
    assert desk.evaluate(STANDS) == ["dari"]


def test_ending_with_blanks_asks_once_more_and_the_next_page_says_how_many(desk, accessible):
    go(desk, "pilihan")
    MOUSE["pilihan"](desk)
    desk.locator('[data-act="review"]').click()
    desk.locator('[data-act="finish"]').click()
    blanks = len(PLACES) - 1
    expect(desk.locator("#sure-title")).to_have_text(f"{blanks} soal belum dijawab. Tetap akhiri bagian?")
    expect(desk.locator('[data-at=sure] [data-act="back"]')).to_be_focused()
    accessible(desk)
    desk.keyboard.press("Enter")
    expect(desk.locator('body[data-screen="question"]')).to_be_visible()
    desk.locator('[data-act="review"]').click()
    click('[data-act="finish"]', '[data-act="finish-anyway"]')(desk)
    expect(desk.locator(".done__count")).to_have_text(f"1 dijawab, {blanks} tidak dijawab", timeout=15000)


def test_a_doubt_without_an_answer_is_shown_apart_and_both_pages_count_the_same(desk, accessible):
    for item in ("pilihan", "figural"):
        go(desk, item)
        desk.locator('[data-act="doubt"]').click()
    MOUSE["figural"](desk)
    names = [desk.locator(f'.qgrid [data-cell="{PLACES[item]}"]') for item in ("pilihan", "figural")]
    expect(names[0]).to_have_attribute("aria-label", f"Soal {PLACES['pilihan']}, ragu-ragu, belum dijawab")
    expect(names[1]).to_have_attribute("aria-label", re.compile("dijawab, ragu-ragu"))
    beside = {name: desk.locator(f'.qlegend [data-field="{name}"]').inner_text() for name in COUNTS}
    assert beside == {"answered": "1", "unanswered": str(len(PLACES) - 1), "doubted": "2"}
    accessible(desk)
    desk.locator('[data-act="review"]').click()
    assert {name: desk.locator(f'.kpi [data-field="{name}"]').inner_text() for name in COUNTS} == beside
    accessible(desk)


def test_the_review_tells_when_the_last_answer_has_arrived(desk):
    desk.route("**/api/exam/v1/answers", lambda route: route.abort())
    go(desk, "pilihan")
    MOUSE["pilihan"](desk)
    desk.locator('[data-act="review"]').click()
    expect(desk.locator('.kpi [data-field="pending"]')).to_have_text("1")
    desk.unroute("**/api/exam/v1/answers")
    expect(desk.locator('.kpi [data-field="pending"]')).to_have_text("0", timeout=15000)


def test_arrows_in_one_column_do_not_steal_the_choice_of_the_other(desk):
    go(desk, "paling")
    click("tr:nth-child(2) label:has([name=most])", "tr:nth-child(1) label:has([name=least])")(desk)
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("[name=least]").nth(2)).to_be_focused()
    assert desk.evaluate(STANDS) == {"most": "q", "least": "r"}


def test_what_was_said_of_an_item_is_not_heard_on_the_next(desk):
    desk.locator('[data-act="doubt"]').click()
    expect(desk.locator("[data-at=live]")).to_contain_text("ditandai ragu-ragu")
    desk.locator('[data-act="next"]').click()
    expect(desk.locator("[data-at=live]")).to_be_empty()


def test_a_usual_item_of_every_kind_is_seen_whole_on_a_lab_screen(desk):
    options = [{"id": letter, "text": OPTION_OF_150} for letter in "pqrst"]
    case = {"id": "biasa", "kind": "choice", "stem": ["antrean loket " * 30], "options": options}
    asked = {"question": "Tindakan mana yang paling tepat Anda lakukan lebih dahulu?"}
    samples = json.loads((DRAFT.parents[2] / "item_bank/samples/items/literasi.json").read_bytes())["items"]
    simulations = [one["words"] for one in samples if one["words"]["kind"] == "simulation"]
    tables = [msgspec.to_builtins(generate("table", seed).words) for seed in (141, 197)]
    for item in [case | asked, *simulations, *tables]:
        desk.evaluate(DRAW, [item])
        assert desk.evaluate(HIDDEN) == {"below": 0, "beside": 0}, item["id"]


def test_a_table_that_is_too_wide_says_so_and_the_question_stands_above_it(desk, accessible):
    table = {"caption": "Anggaran", "head": ["Nama"] * 5, "rows": [["Kementerian Ketenagakerjaan " * 2] * 5] * 40}
    desk.evaluate(DRAW, [{**WORDS, "kind": "choice", "table": table, "options": [{"id": "p", "text": "Ya"}] * 2}])
    expect(desk.locator(".task__question")).to_be_in_viewport()
    expect(desk.locator(".task__scroll.is-wider")).to_have_attribute("tabindex", "0")
    expect(desk.locator("[data-at=more]")).to_have_text("Gulir ke bawah, soal masih berlanjut")


def test_what_is_liked_is_not_asked_as_what_fits(desk):
    options = [{"id": letter, "text": letter} for letter in "pqr"]
    desk.evaluate(DRAW, [{**WORDS, "kind": "most_least", "options": options, "question": "Mana yang Anda sukai?"}])
    expect(desk.locator(".fc thead th")).to_have_text(["Kegiatan", "Paling saya sukai", "Paling tidak saya sukai"])


COUNTS = ("answered", "unanswered", "doubted")
WORDS = {"id": "lain", "stem": [], "question": "Apa alasan Anda?"}
BAD = '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "!"</script></svg>'


def test_free_words_are_counted_and_told(desk):
    desk.evaluate(DRAW, [{**WORDS, "kind": "text", "max_length": 30}])
    desk.locator("textarea").press_sequentially("Karena rapi, del dan r")
    expect(desk.locator("[data-at=left]")).to_have_text("Sisa 8 karakter")
    assert desk.evaluate("window.changes.at(-1)") == "Karena rapi, del dan r"


def test_a_drawing_that_could_do_more_than_be_seen_is_not_shown(desk, accessible):
    picture = {"media": "image/svg+xml", "width": 10, "height": 10, "text": "Sebuah gambar.", "data": BAD}
    desk.evaluate(DRAW, [{**WORDS, "kind": "number", "picture": picture}])
    expect(desk.locator(".task .alert--warn")).to_contain_text("Sebuah gambar.")
    assert desk.locator(".task script").count() == 0
    accessible(desk)


@pytest.mark.parametrize("width", [360, 1366])
def test_no_item_is_wider_than_the_page(desk, width):
    desk.locator("[data-size=l]").click()
    desk.set_viewport_size({"width": width, "height": 768})
    for item in PLACES:
        go(desk, item)
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, item
