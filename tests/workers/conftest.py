"""A wave that was sat, and a worker that has everything to do."""

from __future__ import annotations

import pytest

from assessment_app.platform import clock
from tests.assessment_app.exam.browser import MovedClock


@pytest.fixture
def moved_clock(monkeypatch: pytest.MonkeyPatch) -> MovedClock:
    """A clock that stands still until it is moved."""
    moved = MovedClock()
    monkeypatch.setattr(clock, "now", moved.now)
    return moved
