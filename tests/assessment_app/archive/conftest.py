"""An agency whose people are measured, written to files, and a second installation that knows nothing."""

import pytest

from assessment_app.platform import clock
from tests.assessment_app.scoring.house import NOW, House, publish, stores


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    (tmp_path / "first").mkdir()
    with stores(tmp_path / "first"):
        yield House(publish())
