"""The demonstration's evidence: the same for the same people, let in whole, with gaps that can be found."""

from datetime import date

from assessment_app.commands.demo import invented
from assessment_app.evidence.messages import LAYOUTS
from assessment_app.evidence.queries import invented as of_demonstration
from assessment_app.evidence.rules import DEMONSTRATION, Known
from assessment_app.platform.db import transaction
from tests.assessment_app.evidence.conftest import NOW, Office, store

__all__ = ["store"]

TODAY = date(2026, 11, 26)


def test_the_files_are_the_same_whatever_the_order_of_the_people():
    people = [(f"{number:018}", f"Orang {number}") for number in range(40)]
    assert list(invented.files(people, TODAY)) == list(invented.files(reversed(people), TODAY))


def test_every_kind_but_simata_has_a_file():
    assert {kind for kind, _, _ in invented.files([], TODAY)} == set(LAYOUTS) - {"simata"}


def test_every_row_is_let_in_without_a_word(store):
    bkd = Office("contoh")
    people = [(nip, "") for nip in bkd.ids]
    for kind, name, content in invented.files(people, NOW.date()):
        run = bkd.bring_in(content, kind, name=name, system=DEMONSTRATION)
        assert (run.rejected, run.warned, run.recorded) == (0, 0, content.count(b"\r\n") - 1)
    states = {one.state for nip in bkd.ids for one in bkd.components(nip).values()}
    assert Known.PRESENT in states
    with transaction(reads_only=True) as db:
        assert of_demonstration(db, bkd.agency_id, bkd.ids.values()) == set(bkd.ids.values())
        assert of_demonstration(db, Office("lain").agency_id, bkd.ids.values()) == frozenset()
    assert all(DEMONSTRATION in one.source for one in bkd.components(people[0][0]).values() if one.source)
