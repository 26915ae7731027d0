"""Two who write the same thing in the vault at the same moment: one comes after the other, and nobody gets an error."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from assessment_app.accounts.rules import Actor
from assessment_app.authoring.actions import life
from assessment_app.platform import db
from assessment_app.platform.errors import Conflict
from item_bank import bank, calibrations, proposals, publishing, stock
from item_bank.calibrations import Estimate, NewCalibration
from item_bank.drafts import samples
from tests.assessment_app.authoring.conftest import NOW

ITEM = next(one for one in bank.samples() if one.instrument == "digital_literacy").items[0]
ON_BOTH = pytest.mark.parametrize("store", ["sqlite", "postgres"], indirect=True)
ROUNDS = 5


def reworded(question):
    return msgspec.structs.replace(ITEM, words=msgspec.structs.replace(ITEM.words, question=question))


def at_once(*acts: Callable):
    """Do things in the vault at the same moment, each in a transaction; gives what each said, or its refusal."""
    gate = threading.Barrier(len(acts))

    def act(one):
        gate.wait(10)
        try:
            with db.transaction(db.VAULT) as session:
                return one(session)
        except Conflict as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def write(item, who, base):
    return lambda session: life.write(session, item, "digital_literacy", Actor(who), NOW, base=base)


@ON_BOTH
def test_a_double_click_on_a_new_item_keeps_it_once(store):
    said = at_once(*[write(ITEM, "account:a", 0)] * 2)
    assert sorted((one.version, one.is_new) for one in said) == [(1, False), (1, True)]


@ON_BOTH
def test_of_two_new_items_with_one_code_the_second_is_told(store):
    said = at_once(write(ITEM, "account:a", 0), write(reworded("Apa yang tepat?"), "account:b", 0))
    assert sorted(type(one).__name__ for one in said) == ["Conflict", "Written"]
    (refused,) = [one for one in said if isinstance(one, Conflict)]
    assert "sudah ada di bank soal" in refused.detail


@ON_BOTH
def test_of_two_who_edit_one_version_neither_loses_what_they_wrote(store):
    with db.transaction(db.VAULT) as session:
        write(ITEM, "account:a", 0)(session)
    for base in range(1, ROUNDS):
        edits = [write(reworded(f"Apa yang tepat menurut {who} {base}?"), f"account:{who}", base) for who in "bc"]
        said = at_once(*edits)
        assert sorted(type(one).__name__ for one in said) == ["Conflict", "Written"]
    with db.transaction(db.VAULT, reads_only=True) as session:
        assert stock.authors(session, ITEM.id, ROUNDS) <= {"account:a", "account:b", "account:c"}


@ON_BOTH
def test_a_form_is_withdrawn_once_and_a_calibration_kept_once(store):
    with db.transaction(db.VAULT) as session:
        write(ITEM, "account:a", 0)(session)
        form_id = publishing.publish(session, samples()[0], bytes(32), NOW).form_id
    new = NewCalibration("K-01", "calibrated", "semua", 900, "2.0.0", NOW)
    told, keys = {(ITEM.id, 1): Estimate(1.0, (0.2,))}, {(ITEM.id, 1): ITEM.key}
    said = at_once(*[lambda session: proposals.withdraw(session, form_id, "eka", "Bocor.", NOW)] * 2)
    assert sorted(said) == [False, True]
    said = at_once(*[lambda session: calibrations.keep(session, new, told, keys, "eka", NOW)] * 2)
    assert sorted(said) == [False, True]
