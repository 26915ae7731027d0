"""An office server with the pages of standards, and an agency."""

import pytest
from flask import Flask

from assessment_app.accounts.routes import install_sign_in
from assessment_app.job_standards import routes
from assessment_app.platform import db, settings, web
from tests.assessment_app.scoring.house import browser
from tests.assessment_app.talent.conftest import forms, house, made, makers

__all__ = ["forms", "house", "made", "makers"]


@pytest.fixture
def app(forms):
    app = Flask("office", template_folder=web.TEMPLATES, static_folder=None)
    web.furnish(app, settings.settings(), cookie="office", stores=[db.EXAM], slices=["accounts"])
    install_sign_in(app, db.EXAM)
    app.register_blueprint(routes.bp)
    return app


@pytest.fixture
def enter(app):
    """Open a browser that is signed in with a new account of a house."""
    return lambda house, name, *roles: browser(app, house.staff(name, *roles))
