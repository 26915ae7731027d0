"""The incidents of all sessions as planners see them, on both stores and through the office server."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook

from assessment_app.accounts.rules import Role
from assessment_app.logbook.messages.forms import NewIncident
from assessment_app.logbook.messages.listing import Wanted
from assessment_app.logbook.queries import incidents
from assessment_app.logbook.rules import IncidentKind
from assessment_app.platform.db import transaction
from assessment_app.proctoring import actions
from tests import factories
from tests.assessment_app.scheduling.office import Staff


def tell(lab, kind, told, *seats, **more):
    wanted = NewIncident(uuid4(), kind, seats, told, **more)
    lab.now += timedelta(minutes=1)
    with transaction() as db:
        actions.tell(db, lab.by, lab.stage.session_id, wanted, lab.now)
    return wanted


def seen(lab, **asked):
    wanted = Wanted(**asked)
    with transaction(reads_only=True) as db:
        found = incidents.listed(db, lab.stage.agency_id, wanted)
        return [incident.told for incident, _at in found], incidents.totals(db, lab.stage.agency_id, wanted)


def test_the_newest_come_first_and_what_was_corrected_is_told_by_its_correction(lab):
    lab.start(lab.sign_in())
    first = tell(lab, IncidentKind.POWER, "Padam", minutes=10, after_entry=10**9)
    tell(lab, IncidentKind.NETWORK, "Bukan padam, kabel lepas", replaces=first.incident_id)
    tell(lab, IncidentKind.HEALTH, "Sakit kepala", 1)
    told, totals = seen(lab)
    assert sorted(told) == ["Bukan padam, kabel lepas", "Sakit kepala"]
    assert (totals.incidents, totals.sessions, dict(totals.kinds)) == (2, 1, {"network": 1, "health": 1})


def test_a_list_is_narrowed_by_wave_kind_and_words_and_the_buttons_count_all_kinds(lab):
    tell(lab, IncidentKind.POWER, "Listrik padam", done="Genset dinyalakan")
    tell(lab, IncidentKind.HEALTH, "Sakit kepala", 1)
    assert seen(lab, kind="power")[0] == ["Listrik padam"]
    assert dict(seen(lab, kind="power")[1].kinds) == {"power": 1, "health": 1}
    assert seen(lab, text="genset")[0] == ["Listrik padam"]
    assert seen(lab, text="%")[0] == []
    assert seen(lab, wave_id=lab.stage.wave_id)[1].incidents == 2
    assert seen(lab, wave_id=uuid4())[1].incidents == 0


@pytest.mark.parametrize(
    ("args", "wanted"),
    [
        ({"gelombang": "x", "jenis": "nope", "cari": " a\u0000 b "}, Wanted(None, "", "a b")),
        ({}, Wanted()),
        ({"cari": "x" * 500, "jenis": "power"}, Wanted(None, "power", "x" * 60)),
    ],
)
def test_an_address_that_asks_for_nonsense_filters_nothing(args, wanted):
    assert Wanted.parse(args) == wanted


@pytest.fixture
def dewi(small_lab, app):
    return Staff(app, small_lab.stage.agency_id, Role.BKD_ADMIN, "dewi")


def test_a_planner_reads_the_incidents_and_takes_them_along(dewi, small_lab):
    small_lab.start(small_lab.sign_in())
    tell(small_lab, IncidentKind.POWER, "=Listrik padam", minutes=10, after_entry=10**9)
    tell(small_lab, IncidentKind.HEALTH, "Sakit kepala", 1, 3, done="Istirahat")
    dewi.get("/insiden")
    for words in (
        "Insiden 2", "Menit yang dikembalikan 10", "Lab 1 SMKN Contoh", "Kesehatan 01, 03 Sakit kepala Istirahat",
        "=Listrik padam 10",
    ):  # fmt: skip
        assert words in dewi.words
    dewi.get("/insiden?jenis=health")
    assert "Listrik padam" not in dewi.words
    book = CalamineWorkbook.from_filelike(BytesIO(dewi.client.get("/insiden/insiden.xlsx").data))
    rows = {str(row[8]).lstrip("'"): row for row in book.get_sheet_by_index(0).to_python()[1:]}
    assert rows["Sakit kepala"][6:10] == ["Kesehatan", "01, 03", "Sakit kepala", "Istirahat"]
    assert rows["=Listrik padam"][10] == "10"
    assert "Sakit kepala" not in dewi.client.get("/insiden/insiden.csv?jenis=power").get_data(as_text=True)


def test_a_planner_of_another_agency_and_a_proctor_read_none(app, small_lab, tri):
    tell(small_lab, IncidentKind.POWER, "Padam")
    stranger = Staff(app, factories.agency("lain"), Role.BKD_ADMIN, "asing")
    stranger.get("/insiden")
    assert "Belum ada insiden yang dicatat." in stranger.words
    assert tri.get("/insiden").status_code == 403


def test_open_are_those_that_hold_and_of_which_nothing_was_done(lab):
    def open_ones(agency_id=lab.stage.agency_id):
        with transaction(reads_only=True) as db:
            return incidents.open_ones(db, agency_id)

    lab.start(lab.sign_in())
    assert open_ones() == 0
    ill = tell(lab, IncidentKind.HEALTH, "Sakit kepala", 1)
    power = tell(lab, IncidentKind.POWER, "Padam", minutes=10, after_entry=10**9)
    tell(lab, IncidentKind.NETWORK, "Kabel lepas", done="Dipasang lagi")
    assert (open_ones(), open_ones(uuid4())) == (1, 0)
    assert seen(lab, open_only=True)[0] == ["Sakit kepala"]
    tell(lab, IncidentKind.POWER, "Padam, bukan kabel", replaces=power.incident_id)  # its time was given back before
    tell(lab, IncidentKind.HEALTH, "Sakit kepala", 1, done="Diberi obat", replaces=ill.incident_id)
    assert open_ones() == 0


def test_the_page_shows_the_open_ones_alone_where_the_navigation_counts_them(small_lab, app):
    tell(small_lab, IncidentKind.HEALTH, "Sakit kepala", 1)
    tell(small_lab, IncidentKind.NETWORK, "Kabel lepas", done="Dipasang lagi")
    planner = Staff(app, small_lab.stage.agency_id, Role.BKD_ADMIN, "dewi")
    planner.get("/insiden?tindakan=belum&jenis=health")
    assert "1 tanpa tindakan" in planner.words
    assert "Sakit kepala" in planner.words
    assert "Kabel lepas" not in planner.words
    assert 'name="jenis" value="health"' in planner.said
    planner.get("/insiden?tindakan=%27%22")
    assert "Kabel lepas" in planner.words
