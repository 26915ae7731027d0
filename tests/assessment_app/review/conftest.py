"""The same office as for the nine boxes: who reviews, reviews the people who stand in them."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from assessment_app.accounts.models import StaffAccount
from assessment_app.accounts.queries import hash_password
from assessment_app.accounts.rules import Role
from assessment_app.platform import rate
from assessment_app.platform.db import insert_new, transaction
from assessment_app.review.models import ReviewStep, SignedResult
from assessment_app.scoring import queries as scores
from assessment_app.scoring.actions.current import point
from assessment_app.scoring.models import Profile
from scoring_engine.canonical import canonical, digest
from tests.assessment_app.scoring.house import BEST, MAKERS, WORST, House, new_house, steady
from tests.assessment_app.talent.conftest import app, enter, forms, house, made

__all__ = ["app", "enter", "forms", "house", "made"]

PASSWORD = "tujuh-gajah-di-lapangan"  # nosec B105 # of people who exist in a test only
REASON = "Tiga skenario keputusan dijawab dengan menunda ke atasan; wawancara menguatkan."


def without_integrity(code, key):
    return None if key.id == "ms-int-01" else BEST(code, key)


def near_a_border(code, key):
    """Worst answers, but three of four aspects of potential at their best."""
    return (BEST if code == "potensi-demo" and getattr(key, "construct", "") != "intellectual" else WORST)(code, key)


def measured_house():
    house = new_house()
    house.sure = house.measure(steady(0.5), name="Ahmad Fauzi")
    house.unsure = house.measure(near_a_border, name="Nina Marlina")
    house.incomplete = house.measure(without_integrity, name="Linda Manurung")
    return house


@pytest.fixture
def makers():
    return MAKERS | {"measured": measured_house}


@pytest.fixture
def measured(house):
    return house


@dataclass
class Desk:
    """An assessor before the browser, and the forms that the pages would send."""

    browser: FlaskClient
    house: House

    def open(self, sitting_id, status=200):
        answer = self.browser.get(f"/tinjau/{sitting_id}")
        assert answer.status_code == status
        return answer.get_data(as_text=True)

    def form(self, sitting_id, **more):
        """Fill the form as the page shows it now."""
        return {
            "_csrf": "csrf", "profile": profile_of(self.house, sitting_id).sha256, "steps": str(len(steps(sitting_id))),
            "choice": "confirm", "password": PASSWORD, **more,
        }  # fmt: skip

    def adjusting(self, sitting_id, code="M.08", level=2, reason=REASON, **more):
        """Fill the form with another level, whose effect the page has shown."""
        form = self.form(sitting_id, choice="adjust", **{f"level.{code}": str(level), f"reason.{code}": reason}, **more)
        shown = self.send(sitting_id, "dampak?sebagian=1", form, 200)
        return form | {"effect": shown.split('name="effect" value="')[1].split('"')[0]}

    def send(self, sitting_id, act, form, status=303):
        answer = self.browser.post(f"/tinjau/{sitting_id}/{act}", data=form)
        text = answer.get_data(as_text=True)
        assert answer.status_code == status, (answer.status_code, text)
        return text

    def decide(self, sitting_id, form=None, status=303):
        return self.send(sitting_id, "keputusan", self.form(sitting_id) if form is None else form, status)

    def judge(self, sitting_id, verdict="approve", status=303, **more):
        form = self.form(sitting_id, verdict=verdict, **more)
        return self.send(sitting_id, "persetujuan", form, status)


def profile_of(house, sitting_id):
    with transaction(reads_only=True) as store:
        return scores.profile(store, house.agency_id, sitting_id)[0]


def steps(sitting_id):
    with transaction(reads_only=True) as store:
        return [row.kind for row in store.scalars(
            select(ReviewStep).where(ReviewStep.sitting_id == sitting_id).order_by(ReviewStep.n)
        )]  # fmt: skip


def results(sitting_id):
    with transaction(reads_only=True) as store:
        wanted = select(SignedResult).where(SignedResult.sitting_id == sitting_id).order_by(SignedResult.n)
        return list(store.scalars(wanted))


def plain(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


def computed_again(house, sitting_id, **more):
    """Put a newer profile beside the one that is there, as a new engine or a corrected key would."""
    old = profile_of(house, sitting_id)
    document = old.document | {"note": "computed again"} | more
    with transaction() as store:
        insert_new(
            store, Profile, sitting_id=sitting_id, inputs_sha256="1" * 64, agency_id=old.agency_id,
            rule_set=old.rule_set, document=document, sha256=digest(canonical(document)),
            made=old.made + timedelta(minutes=1),
        )  # fmt: skip
        point(store, [sitting_id])


@pytest.fixture
def hire(enter):
    """Hire an assessor, who has a password: hire(house, "hasan")."""
    rate._limiter.cache_clear()  # the tries of other tests are none of these people's

    def come(house, name, *roles):
        browser = enter(house, name, *(roles or (Role.ASSESSOR,)))
        with transaction() as store:
            account = store.scalars(select(StaffAccount).where(StaffAccount.sign_in_name == name)).one()
            account.password_hash = hash_password(PASSWORD)
        return Desk(browser, house)

    return come


@pytest.fixture
def hasan(hire, measured):
    return hire(measured, "hasan")


@pytest.fixture
def mega(hire, measured, hasan):
    return hire(measured, "mega")


RAPID = {"flag": "rapid", "part": 1, "value": 0.4, "limit": 0.1, "serious": True, "count": 12, "of": 30}


def against(house, sitting_id, notes=2):
    """Let serious notes on how somebody worked speak against a profile."""
    fine = {"flag": "effort", "part": None, "value": 0.9, "limit": 0.6, "serious": False, "count": None, "of": None}
    computed_again(house, sitting_id, validity=[fine, *({**RAPID, "part": n + 1} for n in range(notes))])
