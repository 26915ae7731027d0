"""What every test of the platform shares, whichever stores it opens."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def compiled_for_all(compiled_once: None) -> None:
    """Compile templates and statements once, also for tests that open stores of their own."""
