"""An installation's app, and a browser that talks to it."""

from __future__ import annotations

import pytest

from tests.assessment_app.platform.apps import furnished


@pytest.fixture
def app(on_sqlite):
    return furnished(on_sqlite)


@pytest.fixture
def browser(app):
    return app.test_client()
