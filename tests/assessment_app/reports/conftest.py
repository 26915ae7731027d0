"""The office of those who review, with reports: people who are measured, and an assessor who signs them."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessment_app.accounts.models import StaffAccount
from assessment_app.accounts.routes import install_sign_in
from assessment_app.accounts.rules import Role
from assessment_app.platform import db, rate, settings, web
from assessment_app.platform.db import transaction
from assessment_app.reports import routes as reports
from assessment_app.reports.models import Report, ReportRequest
from assessment_app.review import routes as review
from assessment_app.rule_sets.routes import sets as rule_sets
from assessment_app.talent import actions as talent
from assessment_app.talent import routes as boxes
from tests.assessment_app.review.conftest import hire, measured_house
from tests.assessment_app.scoring.house import MAKERS, NOW, house_of_three
from tests.assessment_app.talent.conftest import enter, forms, house, made
from workers import tasks

__all__ = ["enter", "forms", "hire", "house", "made"]

SLICES = ["accounts", "rule_sets", "review", "talent", "reports"]


@pytest.fixture
def makers():
    return MAKERS | {"measured": measured_house, "three": house_of_three}


@pytest.fixture
def app(forms):
    app = Flask("office", template_folder=web.TEMPLATES, static_folder=None)
    web.furnish(app, settings.settings(), cookie="office", stores=[db.EXAM], slices=SLICES)
    install_sign_in(app, db.EXAM)
    for blueprint in (rule_sets.bp, review.bp, boxes.bp, reports.bp, reports.issuing, reports.verification):
        app.register_blueprint(blueprint)
    return app


@pytest.fixture
def measured(house):
    return house


@pytest.fixture
def hasan(hire, measured):
    return hire(measured, "hasan")


def signs(desk, *sitting_ids):
    """Let an assessor read and confirm what was measured, and the worker place it anew."""
    for sitting_id in sitting_ids:
        desk.open(sitting_id)
        desk.decide(sitting_id)
    places(*sitting_ids)


def places(*sitting_ids):
    with transaction() as store:
        talent.place_all(store, sitting_ids, NOW)


@dataclass
class Desk:
    """Somebody before the pages of reports."""

    browser: FlaskClient
    wave_id: object

    def get(self, path="", status=200):
        answer = self.browser.get(f"/laporan{path}")
        assert answer.status_code == status, (answer.status_code, answer.get_data(as_text=True))
        return answer.get_data(as_text=True)

    def words(self, path="", status=200):
        return plain(self.get(path, status))

    def issue(self, *sitting_ids, status=303, wave_id=None):
        form = {"_csrf": "csrf"} | ({"orang": [str(one) for one in sitting_ids]} if sitting_ids else {"semua": "1"})
        answer = self.browser.post(f"/laporan/gelombang/{wave_id or self.wave_id}/terbitkan", data=form)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer


@pytest.fixture
def dewi(enter, measured):
    return Desk(enter(measured, "dewi", Role.BKD_ADMIN), measured.wave_id)


@pytest.fixture(autouse=True)
def fresh_limits():
    rate._limiter.cache_clear()


def works():
    while tasks.work_off(reports=True):
        pass


def reports_of(*sitting_ids):
    with transaction(reads_only=True) as store:
        wanted = select(Report).order_by(Report.number)
        return list(store.scalars(wanted.where(Report.sitting_id.in_(sitting_ids)) if sitting_ids else wanted))


def requests():
    with transaction(reads_only=True) as store:
        return list(store.scalars(select(ReportRequest.sitting_id)))


def account_of(name):
    with transaction(reads_only=True) as store:
        return store.scalars(select(StaffAccount.account_id).where(StaffAccount.sign_in_name == name)).one()


def plain(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
