"""The sign-in page in Chromium: what is typed can be seen by whoever asks for it, by keyboard too."""

import pytest
from playwright.sync_api import expect

from assessment_app.servers import office as office_server
from tests.assessment_app.talent.onlooker import before

NOTES_THE_TYPE = """addEventListener("submit", () =>
  sessionStorage.setItem("sent", document.getElementById("password").type));"""


@pytest.fixture
def address(on_sqlite, page):
    app = office_server.build(on_sqlite)
    with before(app, page, app.test_client()) as at:
        yield f"{at}/masuk"


def test_a_password_is_shown_and_hidden_by_keyboard_and_never_sent_as_ordinary_text(address, page, accessible):
    page.add_init_script(NOTES_THE_TYPE)
    page.goto(address)
    page.fill("#name", "dewi")
    page.fill("#password", "tujuh gajah di lapangan")
    page.press("#password", "Tab")
    button = page.get_by_role("button", name="Tampilkan Kata sandi")
    expect(button).to_be_focused()
    for is_shown, kind in ((True, "text"), (False, "password"), (True, "text")):
        page.keyboard.press("Space")
        expect(page.locator("#password")).to_have_attribute("type", kind)
        expect(button).to_have_attribute("aria-pressed", str(is_shown).lower())
    accessible(page)
    page.press("#password", "Enter")
    expect(page.locator(".field__err")).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('sent')") == "password"


def test_without_script_there_is_no_button_that_does_nothing(on_sqlite, browser):
    app = office_server.build(on_sqlite)
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        with before(app, page, app.test_client()) as at:
            page.goto(f"{at}/masuk")
            expect(page.locator("[data-reveal]")).to_be_hidden()
