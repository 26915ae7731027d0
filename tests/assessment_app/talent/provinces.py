"""Two waves of the same generated people, and their nine-box pages read back."""

import html
import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from assessment_app.evidence import queries as evidence
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.talent import actions
from assessment_app.talent.models import CurrentPlacement
from tests import stores
from tests.assessment_app.talent import crowd
from tests.assessment_app.talent.crowd import NOW, Told
from tests.assessment_app.talent.people import document

SIZE = 120
LATER = NOW + timedelta(days=1)
NUMBERING = document()["rules"]["box.numbering"]["value"]


@contextmanager
def two_waves_placed(run, folder, monkeypatch, cluster=None):
    """Open an installation with two waves in a folder; they are placed once per run."""

    def place():
        with pytest.MonkeyPatch.context() as patched:
            return two_waves(patched)

    monkeypatch.setattr(clock, "now", lambda: LATER)
    with stores.furnished(run, folder, "two_waves", place, cluster) as (before, now):
        tell(monkeypatch, now.employee_ids)
        yield before, now


def tell(monkeypatch, people):
    """Let evidence say the same of the same people, always."""
    told = Told(people, 4)
    monkeypatch.setattr(evidence, "components", told.components)
    monkeypatch.setattr(evidence, "predicates", told.predicates)


def two_waves(monkeypatch, size=SIZE, units=4):
    """Place two waves of some people half a year apart; of the second every third is signed."""
    with transaction() as db:
        agency_id, room_id = crowd.agency(db, 1)
        people = crowd.employees(db, agency_id, size, 2, units)
        before = crowd.wave(db, agency_id, room_id, people[: size - 20], 5, "Tahap 1", NOW - timedelta(days=200))
        now = crowd.wave(db, agency_id, room_id, people, 3, "Tahap 2")
        tell(monkeypatch, people)
        actions.place_all(db, (*before.sitting_ids, *now.sitting_ids), NOW)
        signed = CurrentPlacement.sitting_id.in_(now.sitting_ids[::3])
        db.execute(update(CurrentPlacement).where(signed).values(state="signed"))
    return before, now


def page(browser, **asked):
    answer = browser.get("/talenta", query_string=asked)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def boxes(text):
    found = re.findall(r'aria-label="(Kotak \d: [^"]*)"', text)
    return {int(label[6]): html.unescape(label) for label in found}


def counts(text):
    return {n: told(label) for n, label in boxes(text).items()}


def told(text: str) -> int:
    """Read how many people a label speaks of."""
    return int(text.partition(" orang")[0].rpartition(" ")[2].replace(".", ""))


def listed(text):
    return re.findall(r'<th scope="row">([^<]+)<span class="sub who">', text)


def rows(wave, definition="profiling", **wanted):
    with transaction(reads_only=True) as db:
        found = db.scalars(select(CurrentPlacement).where(CurrentPlacement.wave_id == wave.wave_id)).all()
    mine = [one for one in found if one.definition == definition]
    return [one for one in mine if all(getattr(one, name) == value for name, value in wanted.items())]


def counted(found):
    numbers = [NUMBERING[one.cell // 3][one.cell % 3] for one in found if one.cell is not None]
    return {n: numbers.count(n) for n in range(1, 10)}


def moved(waves, definition="profiling"):
    old = {one.employee_id: one.cell for one in rows(waves[0], definition)}
    both = [one for one in rows(waves[1], definition) if old.get(one.employee_id) is not None and one.cell is not None]
    return [one for one in both if old[one.employee_id] != one.cell], both
