"""What later slices offer to do with chosen people: for their roles, in their matrices; never on paper."""

import re

import pytest
from flask import Blueprint

from assessment_app.accounts.rules import Role
from assessment_app.platform import clock
from assessment_app.talent.routes import Offer, offers
from assessment_app.talent.rules import PROFILING, TALENT
from tests.assessment_app.scoring.house import BEST, MAKERS, NOW, new_house
from tests.assessment_app.talent.conftest import office


def measured_house():
    house = new_house()
    for name in ("Ahmad Fauzi", "Lestari Handayani"):
        house.measure(BEST, name=name)
    return house


@pytest.fixture
def makers():
    return MAKERS | {"measured": measured_house}


@pytest.fixture
def measured(house):
    return house


@pytest.fixture
def app(measured, monkeypatch):
    """An office with a later slice that offers one thing in both matrices, and another one in one of them."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    later, app = Blueprint("later", __name__, url_prefix="/nanti"), office()
    later.add_url_rule("/rencana", "plan", lambda: "")
    later.add_url_rule("/usul", "propose", lambda: "")
    offers(later, Offer("Rencana", "later.plan", frozenset({Role.BKD_ADMIN}), frozenset({PROFILING, TALENT})))
    offers(later, Offer("Usul", "later.propose", frozenset({Role.BKD_ADMIN, Role.ASSESSOR}), frozenset({TALENT})))
    app.register_blueprint(later)
    return app


def offered(client, path):
    text = client.get(path).get_data(as_text=True)
    return re.findall(r'formaction="(/nanti/\w+)"', text), len(re.findall(r'name="orang" value="\d+"', text))


def test_each_reader_is_offered_what_is_for_them_in_the_matrix_that_it_is_for(enter, measured):
    dewi, ratih = enter(measured, "dewi", Role.BKD_ADMIN), enter(measured, "ratih", Role.ASSESSOR)
    hasan = enter(measured, "hasan", Role.TALENT_COMMITTEE)
    early, official = "/talenta?kotak=9", "/talenta?sumbu=talent&kotak=sementara"
    assert offered(dewi, early) == (["/nanti/rencana"], 2)
    assert offered(dewi, official) == (["/nanti/rencana", "/nanti/usul"], 2)
    assert offered(ratih, early) == ([], 0)
    assert offered(ratih, official) == (["/nanti/usul"], 2)
    assert offered(hasan, official) == ([], 0)
    assert offered(dewi, "/talenta?kotak=5") == ([], 0), "nobody is there to be chosen"
    assert offered(dewi, "/talenta/cetak?kotak=9") == ([], 0)


def test_a_link_ticks_everybody_of_a_page_and_goes_no_further(enter, measured):
    dewi = enter(measured, "dewi", Role.BKD_ADMIN)
    text = dewi.get("/talenta?kotak=9&pilih=semua").get_data(as_text=True)
    assert len(re.findall(r'name="orang"[^>]* checked', text)) == 2
    assert " checked" not in dewi.get("/talenta?kotak=9&pilih=x").get_data(as_text=True)
    assert "pilih=semua" not in "".join(re.findall(r'href="([^"]*kotak=\d[^"]*)#kotak', text))
