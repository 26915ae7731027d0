"""An agency whose people are measured; what the house of the scoring tests offers."""

import pytest

from assessment_app.platform import clock
from tests.assessment_app.scoring.house import NOW, House, publish, stores


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with stores(tmp_path):
        yield House(publish())
