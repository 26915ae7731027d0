"""An office server with the page of results on their way, and an agency whose people have sealed everything."""

import pytest
from flask import Flask

from assessment_app.accounts.routes import install_sign_in
from assessment_app.platform import clock, db, settings, web
from assessment_app.progress import routes as progress
from tests import stores
from tests.assessment_app.scoring.house import MAKERS, NOW, browser


@pytest.fixture
def makers():
    return MAKERS


@pytest.fixture
def house(request, service_run, makers, tmp_path, monkeypatch):
    """An agency, with whatever else a test begins with, made once per run."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with stores.begun(request, service_run, tmp_path, makers) as made:
        yield made


@pytest.fixture
def forms(house):
    return house.forms


@pytest.fixture
def app(forms):
    app = Flask("office", template_folder=web.TEMPLATES, static_folder=None)
    slices = ["accounts", "proctoring", "progress"]
    web.furnish(app, settings.settings(), cookie="office", stores=[db.EXAM], slices=slices)
    install_sign_in(app, db.EXAM)
    app.register_blueprint(progress.bp)
    return app


@pytest.fixture
def enter(app):
    """Open a browser that is signed in with a new account of a house: enter(house, "dewi", Role.BKD_ADMIN)."""
    return lambda house, name, *roles: browser(app, house.staff(name, *roles))
