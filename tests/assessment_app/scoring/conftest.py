"""Stores with published forms, and an agency whose people can be measured."""

import pytest

from tests.assessment_app.scoring.house import House, publish, stores


@pytest.fixture
def forms(tmp_path):
    with stores(tmp_path):
        yield publish()


@pytest.fixture
def house(forms):
    return House(forms)
