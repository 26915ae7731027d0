"""An agency whose people are measured, written to files, and a second installation that knows nothing."""

import pytest

from assessment_app.platform import clock
from tests import stores
from tests.assessment_app.scoring.house import MAKERS, NOW


@pytest.fixture
def makers():
    return MAKERS


@pytest.fixture
def house(request, service_run, makers, tmp_path, monkeypatch):
    """An agency, with whatever else a test begins with, made once per run."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    (tmp_path / "first").mkdir()
    with stores.begun(request, service_run, tmp_path / "first", makers) as made:
        yield made
