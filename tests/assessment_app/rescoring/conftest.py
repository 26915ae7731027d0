"""An installation on either store whose wave was scored with the wrong key."""

from datetime import UTC, datetime, timedelta

import pytest

from assessment_app.accounts.rules import Role
from assessment_app.platform import clock
from tests.assessment_app.rescoring import planted
from tests.assessment_app.rescoring.planted import PEOPLE, officer
from tests.stores import Furniture

BEGIN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def plant():
    """Seal a wave and score it with the wrong key, while the clock stands."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: BEGIN)
        planted.plant(BEGIN, PEOPLE)


@pytest.fixture
def furniture(request):
    """A wave with a wrong key, where a test asks for its time."""
    return Furniture("planted", plant) if "now" in request.fixturenames else None


@pytest.fixture
def now(installation, monkeypatch):
    """An installation on either store whose wave was scored with the wrong key; the clock stands until it is moved."""
    moved = [BEGIN]
    monkeypatch.setattr(clock, "now", lambda: moved[0])

    def later(hours: int) -> datetime:
        moved[0] += timedelta(hours=hours)
        return moved[0]

    return later


@pytest.fixture
def two(now):
    return officer("dewi", now(0)), officer("hasan", now(0), Role.ASSESSOR)
