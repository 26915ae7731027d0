"""An office server of the parts that show results, and an agency whose people are measured."""

import pytest
from flask import Blueprint, Flask

from assessment_app.accounts.routes import install_sign_in
from assessment_app.platform import clock, db, settings, web
from assessment_app.review import routes as review
from assessment_app.rule_sets.routes import sets as rule_sets
from assessment_app.talent import routes as talent
from tests import stores
from tests.assessment_app.scoring.house import MAKERS, NOW, House, browser

SLICES = ["accounts", "rule_sets", "review", "talent"]


@pytest.fixture
def makers():
    return MAKERS


@pytest.fixture
def made(request, service_run, makers, tmp_path, monkeypatch):
    """What a test begins with, made once per run."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with stores.begun(request, service_run, tmp_path, makers) as made:
        yield made


@pytest.fixture
def forms(made):
    return made.forms if isinstance(made, House) else made


@pytest.fixture
def house(made):
    return made


@pytest.fixture
def app(forms):
    return office()


def office(*later: Blueprint) -> Flask:
    """Make an office server of the parts that show results, and of later ones, over the stores that are open."""
    app = Flask("office", template_folder=web.TEMPLATES, static_folder=None)
    web.furnish(app, settings.settings(), cookie="office", stores=[db.EXAM], slices=SLICES)
    install_sign_in(app, db.EXAM)
    for blueprint in (rule_sets.bp, review.bp, talent.bp, *later):
        app.register_blueprint(blueprint)
    return app


@pytest.fixture
def enter(app):
    """Open a browser that is signed in with a new account of a house: enter(house, "dewi", Role.BKD_ADMIN)."""
    return lambda house, name, *roles: browser(app, house.staff(name, *roles))
