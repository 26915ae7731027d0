"""Stores with published forms, and an agency whose people can be measured."""

import pytest

from tests import stores
from tests.assessment_app.scoring.house import MAKERS, House


@pytest.fixture
def makers():
    return MAKERS


@pytest.fixture
def made(request, service_run, makers, tmp_path):
    """What a test begins with, made once per run."""
    with stores.begun(request, service_run, tmp_path, makers) as made:
        yield made


@pytest.fixture
def forms(made):
    return made.forms if isinstance(made, House) else made


@pytest.fixture
def house(made):
    return made
