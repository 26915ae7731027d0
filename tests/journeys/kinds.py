"""A form with an item of every kind, and how each is answered by mouse and by keyboard."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from assessment_app.accounts.rules import Actor, Officer
from assessment_app.people import actions as people
from assessment_app.people.models import Employee
from assessment_app.platform import clock
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.security import secret
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.messages import NewRoom, NewSession, NewWave
from assessment_app.scheduling.rules import pin
from item_bank import drafts, publishing
from tests import factories

DRAFT = Path(__file__).parents[1] / "js" / "every-kind.json"
NIP = "198503172010011987"
PLACES = {item["words"]["id"]: number for number, item in enumerate(json.loads(DRAFT.read_bytes())["items"], 1)}
ANSWERED = {
    "pilihan": "q", "figural": "u", "beberapa": ["p", "r"], "urutan": ["q", "p", "r", "s"],
    "paling": {"most": "p", "least": "s"}, "skala": 4, "angka": "544.5", "gambar": ["dari", "tautan"],
    "tiruan": ["buka", "lapor", "ya"], "foto": ["p", "s"],
}  # fmt: skip


def every_kind() -> drafts.Draft:
    """Give a form with an item of every kind."""
    return drafts.read(DRAFT)


def short_form() -> drafts.Draft:
    """Give a form of one choice and one set of statements."""
    draft = json.loads(DRAFT.read_bytes()) | {"code": "bagian-kedua", "title": "Bagian kedua"}
    draft["items"] = [item for item in draft["items"] if item["words"]["id"] in ("pilihan", "paling")]
    return drafts.parse(json.dumps(draft).encode(), "bagian-kedua.json")


def wave_of(*forms: drafts.Draft, zone: str = "Asia/Jakarta") -> str:
    """Publish forms and seat one participant before them, in that order; gives the session's PIN."""
    now = clock.now()
    agency_id = factories.agency(now=now)
    by = Officer(agency_id, "test")
    with transaction(VAULT) as vault:
        for form in forms:
            publishing.publish(vault, form, bytes(32), now)
        vault.flush()
        deliveries = plans.published(vault)
    with transaction() as db:
        for delivery in deliveries:
            scheduling.take_in(db, delivery, now)
        named = {delivery.code: delivery.form_id for delivery in deliveries}
        battery = tuple(named[form.presentation.code] for form in forms)
        people.import_employees(db, agency_id, "orang.csv", factories.PEOPLE.encode(), Actor("test"), now)
        wave = scheduling.add_wave(db, by, NewWave("Gelombang Uji", "pemetaan", battery), now)
        room = scheduling.add_room(db, by, NewRoom("Lab 1", "SMKN Contoh", zone, 32), now)
        session = scheduling.add_session(
            db, by, wave.wave_id, NewSession(room.room_id, now, now + timedelta(hours=3)), now
        )
        one = db.query(Employee).filter(Employee.nip == NIP).one()
        scheduling.book(db, by, session.session_id, [one.employee_id], now)
        return pin(secret("session-pin"), session.session_id, session.pin_round)


def go(page: Page, item: str) -> None:
    """Open an item by its number in the list."""
    page.locator(f'[data-cell="{PLACES[item]}"]').click()
    expect(page.locator('[data-field="here"]')).to_have_text(f"Soal {PLACES[item]}")


def sent(page: Page) -> dict[str, object]:
    """Collect the newest response to each item that the server was sent and took."""
    taken: dict[str, object] = {}

    def hear(response) -> None:
        if response.url.endswith("/api/exam/v1/answers"):
            assert response.json()["rejected"] == []
            taken.update((one["item"], one["response"]) for one in response.request.post_data_json["changes"])

    page.on("response", hear)
    return taken


STANDS = """() => {
  const form = document.querySelector("form.task");
  const checked = (root, name) => [...root.querySelectorAll(`input${name}:checked`)].map((input) => input.value);
  const find = {
    choice: () => checked(form, "")[0] ?? null,
    choices: () => checked(form, ""),
    order: () => [...form.querySelectorAll(".order li")].map((row) => row.dataset.id),
    most_least: () => ({ most: checked(form, "[name=most]")[0], least: checked(form, "[name=least]")[0] }),
    rating: () => Number(checked(form, "")[0]),
    number: () => form.querySelector("input").value.replace(",", "."),
    hotspot: () => [...form.querySelectorAll(".spot[aria-pressed=true]")].map((spot) => spot.dataset.id),
    simulation: () => [...form.querySelectorAll(".sim__taken li")].map((step) => step.textContent),
  };
  return find[form.dataset.kind]();
}"""
DRAW = """async (items) => {
  const { draw } = await import("/static/platform/items/kinds.js");
  window.changes = [];
  const forms = items.map((item) => draw(item, { change: (response) => window.changes.push(response) }).form);
  document.querySelector('[data-at="form"]').replaceChildren(...forms);
}"""
HIDDEN = """() => {
  const { scrollHeight, clientHeight } = document.querySelector('[data-at="item"]');
  const wide = [...document.querySelectorAll(".task__scroll")].map((box) => box.scrollWidth - box.clientWidth);
  return { below: scrollHeight - clientHeight, beside: Math.max(0, ...wide) };
}"""
OPTION_OF_150 = (
    "Melaporkan kekosongan kepada penanggung jawab, memeriksa mutu vaksin bersama rekan sebelum dipakai, "
    "dan menjelaskannya kepada tim pembina setempat"
)
STEPS = {"Buka surel": "buka", "Laporkan pengelabuan": "lapor", "Laporkan": "ya"}


def stands(page: Page, item: str) -> object:
    """Read the response that stands on the page."""
    go(page, item)
    found = page.evaluate(STANDS)
    return [STEPS[step] for step in found] if item == "tiruan" else found


def click(*selectors: str):
    """Click one after the other."""

    def act(page: Page) -> None:
        for selector in selectors:
            page.locator(selector).click()

    return act


def drag_second_row_up(page: Page) -> None:
    """Drag the second row above the first by its grip."""
    grips = page.locator("[data-grip]")
    grips.nth(1).hover()
    page.mouse.down()
    box = grips.nth(0).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 20, steps=4)
    page.mouse.move(box["x"] + 5, box["y"] + 2, steps=4)
    page.mouse.up()


def write_number(page: Page) -> None:
    """Write a number that can be read in two ways, then one that cannot."""
    field = page.locator("[data-at=field]")
    field.press_sequentially("1.250")
    expect(page.locator(".task__note.is-warning")).to_contain_text("1250 atau 1,250")
    field.press("Control+A")
    field.press_sequentially("544,5")
    expect(page.locator(".task__note")).to_have_text("Terbaca: 544,5 juta rupiah")


OPTION = ".option:nth-child({})"
MOUSE = {
    "pilihan": click(OPTION.format(2)),
    "figural": click(OPTION.format(6)),
    "beberapa": click(OPTION.format(3), OPTION.format(1), OPTION.format(4)),
    "urutan": drag_second_row_up,
    "paling": click("tr:nth-child(1) label:has([name=most])", "tr:nth-child(4) label:has([name=least])"),
    "skala": click(".rating__point:nth-child(4)"),
    "angka": write_number,
    "gambar": click(".spot[data-id=dari]", "summary", ".task__line:has([value=tautan])", ".spot[data-id=lampiran]"),
    "tiruan": click("tr:has([data-step=buka])", "[data-step=lapor]", "[data-step=ya]"),
    "foto": click(OPTION.format(1), OPTION.format(4)),
}


def answer_every_kind(page: Page) -> None:
    """Answer every item of the form by mouse."""
    for item, act in MOUSE.items():
        go(page, item)
        act(page)
        expect(page.locator(f'[data-cell="{PLACES[item]}"]')).to_have_class("qcell qcell--answered", timeout=15000)


def press(*keys: str):
    """Press keys; one in brackets is a selector that Tab goes to."""

    def act(page: Page) -> None:
        for key in keys:
            if key.startswith("["):
                tab_to(page, key)
            else:
                page.keyboard.press(key)

    return act


def tab_to(page: Page, selector: str) -> None:
    """Go on with Tab until the focus is there."""
    for _ in range(40):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {selector}")


def move_first_row_down(page: Page) -> None:
    """Move a row by its button, which keeps the focus."""
    tab_to(page, "[data-id=p] [data-act=down]")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('li').dataset.id") == "p"
    expect(page.locator("[data-at=live]")).to_have_text("Urutan 2 dari 4: Melapor kepada pengelola akun.")


def type_number(page: Page) -> None:
    """Type into the field, where letters and Delete are the field's own."""
    tab_to(page, "[data-at=field]")
    page.keyboard.type("544,5r")
    page.keyboard.press("Backspace")


KEYS = {
    "pilihan": press("b"),
    "figural": press("f"),
    "beberapa": press("a", "c", "d"),
    "urutan": move_first_row_down,
    "paling": press("[name=most]", "Space", "[name=least]", "ArrowUp"),
    "skala": press("[name=rating]", "Space", "ArrowRight", "ArrowRight", "ArrowRight"),
    "angka": type_number,
    "gambar": press("[data-id=dari]", "Space", "[data-id=tautan]", "Enter"),
    "tiruan": press("[data-step=buka]", "Enter", "[data-step=lapor]", "Enter", "[data-step=ya]", "Enter"),
    "foto": press("a", "d"),
}
