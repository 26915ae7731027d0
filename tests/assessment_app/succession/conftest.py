"""An agency with candidates for a post, made once per run and copied for each test."""

import pytest

from assessment_app.platform import clock
from assessment_app.servers import office
from tests.assessment_app.scoring.house import NOW
from tests.assessment_app.succession.group import LATER, new_group
from tests.stores import Furniture


def made():
    """Make the agency while the clock stands."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: NOW)
        return new_group()


@pytest.fixture
def furniture(request):
    """The agency, where a test asks for it."""
    wanted = {"group", "desk"} & set(request.fixturenames)
    return Furniture("succession_group", made) if wanted else None


@pytest.fixture
def group(installation, furniture, monkeypatch):
    """The agency on either store; the clock stands an hour after the session."""
    monkeypatch.setattr(clock, "now", lambda: LATER)
    return furniture.made


@pytest.fixture
def desk(on_sqlite, furniture, monkeypatch):
    """The office, before the agency of ``group``."""
    monkeypatch.setattr(clock, "now", lambda: LATER)
    return office.build(on_sqlite), furniture.made
