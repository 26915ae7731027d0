"""An installation on either store whose wave was scored with the wrong key."""

from datetime import UTC, datetime, timedelta

import pytest

from assessment_app.accounts.rules import Role
from assessment_app.platform import clock
from tests.assessment_app.rescoring import planted
from tests.assessment_app.rescoring.planted import PEOPLE, officer


@pytest.fixture
def now(installation, monkeypatch):
    """An installation on either store whose wave was scored with the wrong key; the clock stands until it is moved."""
    moved = [datetime(2026, 11, 23, 1, 0, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: moved[0])
    planted.plant(moved[0], PEOPLE)

    def later(hours: int) -> datetime:
        moved[0] += timedelta(hours=hours)
        return moved[0]

    return later


@pytest.fixture
def two(now):
    return officer("dewi", now(0)), officer("hasan", now(0), Role.ASSESSOR)
