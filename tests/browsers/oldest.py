"""The oldest browsers that a participant may sit before, driven as today's Chromium is."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright, ViewportSize, sync_playwright

from tests.services.browser import FLAGS

CHROMIUM = Path(sys.prefix) / "browsers" / "chromium-109"
FIREFOX = shutil.which("firefox-esr") or "/usr/bin/firefox-esr"
BETWEEN = Path(__file__).with_name("firefox.py")
SCREEN: ViewportSize = {"width": 1366, "height": 768}


def chromium(playwright: Playwright, profile: Path) -> BrowserContext:
    """Open Chromium 109."""
    return playwright.chromium.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=FLAGS, locale="id-ID", viewport=SCREEN
    )


def firefox(playwright: Playwright, profile: Path) -> BrowserContext:
    """Open Firefox ESR."""
    return playwright.firefox.launch_persistent_context(
        profile, channel="moz-firefox", executable_path=sys.executable, ignore_default_args=True,
        args=[str(BETWEEN), FIREFOX, str(profile)], firefox_user_prefs={"intl.accept_languages": "id-ID"},
        viewport=SCREEN,
    )  # fmt: skip


OLDEST: dict[str, Callable[[Playwright, Path], BrowserContext]] = {"chromium-109": chromium, "firefox-esr": firefox}


@contextmanager
def opened(name: str, profile: Path) -> Iterator[BrowserContext]:
    """Open one of them for the length of a block."""
    with sync_playwright() as playwright:
        context = OLDEST[name](playwright, profile)
        context.set_default_timeout(15_000)
        try:
            yield context
        finally:
            context.close()
