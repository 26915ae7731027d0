"""Every screen that a participant can meet, one after the other, and what must be true of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route, expect

from tests.journeys.browser import agree, come_to_the_pact
from tests.journeys.desk import Desk
from tests.journeys.kinds import MOUSE, NIP, go
from tests.services.browser import axe_violations

Check = Callable[[str], None]
SHOWN = 'body[data-screen="{}"]'
PATIENCE = 15_000

CONTROLS = ("button", "checkbox", "radio", "textbox", "link", "slider", "combobox", "searchbox", "switch", "timer")
"""Roles that a screen reader announces, and must be able to name."""

UNREACHED = """() => {
  const dialog = document.querySelector("dialog[open]");
  const controls = "button, input, textarea, select, summary, a[href], [tabindex='0']";
  const lost = [];
  for (const control of (dialog ?? document.body).querySelectorAll(controls)) {
    if (!control.checkVisibility() || control.closest(".skip, fieldset:disabled")) continue;
    control.scrollIntoView({ block: "center", inline: "nearest" });
    const { left, top, width, height } = control.getBoundingClientRect();
    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
    const isHit = hit && (control.contains(hit) || hit.contains(control) || hit.closest("label")?.contains(control));
    if (!isHit) lost.push(control.outerHTML.slice(0, 120));
  }
  if (dialog && getComputedStyle(dialog, "::backdrop").backgroundColor === "rgba(0, 0, 0, 0)")
    lost.push("nothing veils the page behind a dialog");
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) lost.push(`the page is ${scrollWidth} wide in ${clientWidth}`);
  return lost;
}"""


def nameless(page: Page) -> list[str]:
    """List the controls of a page that a screen reader could not name."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    of_interest = [node for node in nodes if not node["ignored"] and node["role"]["value"] in CONTROLS]
    assert of_interest or page.locator('body[data-screen="notice"]').count(), "a screen without any control"
    return [node["role"]["value"] for node in of_interest if not node.get("name", {}).get("value", "").strip()]


def accessible_in_both_themes(page: Page) -> Check:
    """Give a check by WCAG 2.2 AA in both themes, and that every control has a name."""

    def check(screen: str) -> None:
        chosen = page.evaluate("document.documentElement.dataset.theme")
        for theme in ("terang", "kontras"):
            page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
            assert axe_violations(page) == [], f"{screen} in {theme}"
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", chosen)
        assert nameless(page) == [], screen

    return check


def nothing_is_lost(page: Page) -> Check:
    """Give a check that every control can be brought into sight and hit, on a page no wider than the window."""

    def check(screen: str) -> None:
        assert page.evaluate(UNREACHED) == [], screen

    return check


@contextmanager
def answered_by(page: Page, address: str, answer: Callable[[Route], None]) -> Iterator[None]:
    """Let something else than the server answer an address."""
    page.route(address, answer)
    try:
        yield
    finally:
        page.unroute(address)


def shown(page: Page, screen: str) -> None:
    """Wait for a screen."""
    expect(page.locator(SHOWN.format(screen))).to_be_visible(timeout=PATIENCE)


def told(page: Page, notice: str) -> None:
    """Wait for a calm page that has one thing to say."""
    expect(page.locator(f'body[data-screen="notice"][data-notice="{notice}"]')).to_be_visible(timeout=PATIENCE)


def meet_every_screen(desk: Desk, pin: str, check: Check) -> None:
    """Go from signing in to the receipt through two parts, and through what may come between."""
    page = desk.page
    page.goto(desk.platform.url("exam"))
    check("sign-in")
    page.click('[data-act="sign-in"]')
    expect(page.locator("#pin-error")).to_be_visible()
    check("sign-in with mistakes")
    before_the_first_part(desk, pin, check)
    first_part(page, check)
    interruptions(page, check)
    second_part_and_receipt(page, check)


def before_the_first_part(desk: Desk, pin: str, check: Check) -> None:
    page = desk.page
    come_to_the_pact(page, desk.platform, NIP, pin)
    expect(page.locator("[data-at=checks-pill] .pill")).to_be_visible()
    check("readiness")
    with answered_by(page, "**/api/**", lambda route: route.abort()):
        page.reload()  # nothing is remembered yet with which the page could go on
        told(page, "connecting")
        check("connecting")
    shown(page, "readiness")
    agree(page)
    check("practice")
    page.click("[data-act=try]")
    for number in (1, 2, 3):
        page.click(f'[data-cell="{number}"]')
        check(f"practice item {number}")
    page.locator(".option").first.click()
    page.click("[data-act=next]")
    check("practice tried")
    page.click("[data-act=done]")
    expect(page.locator('[data-act="start"]:not([aria-disabled="true"])')).to_be_visible(timeout=PATIENCE)
    check("instructions")


def first_part(page: Page, check: Check) -> None:
    page.click('[data-act="start"]')
    shown(page, "question")
    for item, act in MOUSE.items():
        go(page, item)
        act(page)
        check(f"item {item}")
    page.click('[data-act="panel"]:visible')
    check("without the list")
    page.click('[data-act="panel"]:visible')
    page.click('[data-act="doubt"]')
    page.keyboard.press("F1")
    expect(page.locator("[data-at=help]")).to_be_visible()
    check("help")
    page.keyboard.press("Escape")
    page.click('[data-act="assist"]')
    check("asking for a proctor")
    page.click('[data-act="assist-call"]')
    expect(page.locator("[data-at=called]")).to_be_visible()
    check("a call")
    page.click('[data-act="call-off"]')
    expect(page.locator("[data-at=called]")).to_be_hidden()
    page.evaluate("document.querySelector('[data-at=message]').hidden = false")
    page.evaluate("document.querySelector('[data-field=message]').textContent = 'Pesan pengawas.'")
    check("a message")
    page.click('[data-act="dismiss"]')
    page.click('[data-act="review"]')
    shown(page, "review")
    check("review")
    page.click('[data-act="back"]:visible')


def interruptions(page: Page, check: Check) -> None:
    """The network goes and comes, the proctor pauses, another computer takes over, and an answer makes no sense."""

    def held(name: str) -> Callable[[Route], None]:
        def answer(route: Route) -> None:
            kind = {"type": f"urn:pro-asn:problem:{name}", "title": "Tunggu"}
            route.fulfill(status=423, json=kind, headers={"Content-Type": "application/problem+json"})

        return answer

    def elsewhere(route: Route) -> None:
        problem = {"type": "urn:pro-asn:problem:sitting-elsewhere", "title": "Di komputer lain", "status": 409}
        route.fulfill(status=409, json=problem)

    def senseless(route: Route) -> None:
        route.fulfill(status=418, json={"title": "Teko"})

    shown(page, "question")
    with answered_by(page, "**/api/**", lambda route: route.abort()):
        page.locator(".option").first.click()
        expect(page.locator("[data-at=net-off]")).to_be_visible(timeout=PATIENCE)
        check("offline")
    for name in ("locked", "paused"):
        with answered_by(page, "**/api/exam/v1/sitting", held(name)):
            page.reload()
            told(page, name)
            check(name)
        shown(page, "question")
    with answered_by(page, "**/api/exam/v1/sitting", elsewhere):
        page.reload()
        told(page, "elsewhere")
        check("elsewhere")
    with answered_by(page, "**/api/exam/v1/sitting", senseless):
        page.reload()
        told(page, "broken")
        check("broken")
    page.reload()
    shown(page, "question")


def second_part_and_receipt(page: Page, check: Check) -> None:
    def busy(route: Route) -> None:
        route.fulfill(status=503, json={"title": "Sibuk", "status": 503})

    with answered_by(page, "**/finish", lambda route: route.abort()):
        page.click('[data-act="review"]')
        page.click('[data-act="finish"]')
        told(page, "ending")
        check("ending")
    shown(page, "between")
    check("between")
    page.click('[data-act="continue"]')
    page.locator('[data-act="start"]:not([aria-disabled="true"])').click()
    shown(page, "question")
    page.click('[data-act="review"]')
    page.click('[data-act="finish"]')
    expect(page.locator("dialog.sure")).to_be_visible()
    check("are you sure")
    with answered_by(page, "**/receipt", busy):
        page.click('[data-act="finish-anyway"]')
        told(page, "sealing")
        check("sealing")
    expect(page.locator('[data-field="code"]')).not_to_be_empty(timeout=PATIENCE)
    check("receipt")
