"""Debian's Chromium, driven by playwright, and the accessibility check that every page has to pass."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

PROGRAM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}


@contextmanager
def launched() -> Iterator[Browser]:
    """Lend a browser for the length of a block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def axe_violations(page: Page) -> list[str]:
    """Check a page against WCAG 2.2 AA; one line per violated rule, with its first elements."""
    results = Axe().run(page, options=AXE_OPTIONS)
    return [
        f"{rule['id']}: {rule['help']}: " + "; ".join(node["html"][:120] for node in rule["nodes"][:3])
        for rule in results.response["violations"]
    ]
