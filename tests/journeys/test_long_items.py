"""On a lab's screen every demonstration item is answered without scrolling: its options, and its question too."""

from __future__ import annotations

import msgspec
import pytest
from playwright.sync_api import Page, expect

from item_bank import demonstration
from item_bank.presentation import AnyItem
from tests.journeys.browser import sign_in
from tests.journeys.desk import desk_on
from tests.journeys.kinds import NIP, every_kind, wave_of
from tests.journeys.screens import PATIENCE, shown

HIDDEN = """async (items) => {
  const { draw } = window.kinds;
  const item = document.querySelector('[data-at="item"]');
  const answers = ".option, .fc tr, .order__row, .rating__point, .task__number, .sim__buttons .btn, .sim__pick, .spot";
  return items.map((one) => {
    document.querySelector('[data-at="form"]').replaceChildren(draw(one, {}).form);
    const edge = item.getBoundingClientRect().bottom;
    const below = [...item.querySelectorAll(answers)].filter((answer) => answer.getBoundingClientRect().bottom > edge);
    const wider = [...item.querySelectorAll(".task__scroll")].map((box) => box.scrollWidth - box.clientWidth);
    return [one.id, below.length, item.scrollHeight - item.clientHeight, Math.max(0, ...wider)];
  });
}"""
UNDER_THE_BAR = {"dig-sim-13": 19, "dig-kea-102": 30, "ms-pp-13": 9, "psm-111": 16}
"""Items whose case reaches below the fold while the bar of a lost network stands there -> pixels, of 541; their options
do not."""


def items() -> list[AnyItem]:
    """Give all items that a new installation begins with."""
    return [item.words for stock in demonstration.stocks() for item in stock.items]


def hidden(page: Page) -> list[tuple[str, int, int, int]]:
    """Draw each item; gives those of which something is out of sight: options, pixels below, pixels beside."""
    found = page.evaluate(HIDDEN, msgspec.to_builtins(items()))
    assert len(found) > 1300
    return [(name, *more) for name, *more in found if any(more)]


@pytest.mark.long
@pytest.mark.timeout(240)
def test_every_item_is_seen_whole_and_with_the_network_gone_its_options_still_are(on_sqlite, page):
    with desk_on(on_sqlite, page) as desk:
        sign_in(page, desk.platform, NIP, wave_of(every_kind()))
        page.locator('[data-act="start"]:not([aria-disabled="true"])').click()
        shown(page, "question")
        page.evaluate("import('/static/platform/items/kinds.js').then((module) => { window.kinds = module; })")
        assert hidden(page) == []
        page.context.set_offline(True)
        page.locator('[data-cell="1"]').click()
        page.locator(".option").first.click()
        expect(page.locator("[data-at=net-off]")).to_be_visible(timeout=PATIENCE)
        found = hidden(page)
        page.context.set_offline(False)
    assert [name for name, options, _, beside in found if options or beside] == []
    assert {name for name, *_ in found} <= UNDER_THE_BAR.keys()
    assert all(below <= UNDER_THE_BAR[name] for name, _, below, _ in found)
