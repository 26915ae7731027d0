"""The judge of the fault runs finds each thing that must not be, planted one at a time."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from dataclasses import replace

import pytest

from assessment_app.exam import rules
from assessment_app.rehearsal.participants.outbox import Disk
from assessment_app.rehearsal.rules.evidence import Evidence, Logged, Paper
from assessment_app.rehearsal.rules.judging import judge
from assessment_app.rehearsal.rules.witness import Said, Witness, Witnessed, written

NIP = "198503172010011000"
FIRST, SECOND = Said(1, 1, 1, "i1", '"p"'), Said(1, 2, 1, "i1", '"q"')
RIGHT: dict[str, object] = {"i1": "q", "i2": "r"}
OTHER, LATE = Said(1, 3, 1, "i2", '"r"'), Said(1, 5, 1, "i2", '"s"')


def record(uid: int, said: Said) -> dict:
    return {"uid": uid, "epoch": said.epoch, "seq": said.seq, "attempt": said.part, "item": said.item,
            "response": json.loads(said.response), "base": 0}  # fmt: skip


def paper(answers: dict[str, object], **other: object) -> Paper:
    body = written({"attempt": 7, "form": "f", "key_seal": "k", "answers": answers}).encode()
    sha256 = hashlib.sha256(body).hexdigest()
    sound = Paper(NIP, 1, 7, "f", "k", 10_000, 100, sha256, body, len(answers), 1, 1, 1, 1)
    return replace(sound, **other)  # type: ignore[arg-type]  # whatever a test wants wrong


@pytest.fixture
def witness() -> Witness:
    """Two changes of one item and one of another were acknowledged, one came too late, one waits on the computer."""
    waiting = record(4, Said(1, 4, 1, "i3", '"t"'))
    made = {1: record(1, FIRST), 2: record(2, SECOND), 3: record(3, OTHER), 4: waiting, 5: record(5, LATE)}
    told = {FIRST: 1, SECOND: 2, OTHER: 3, LATE: 5}
    person = Witnessed(NIP, made, kept={1, 2, 3, 4, 5}, sent=set(told), acknowledged=told)
    person.told_to_count = {FIRST, SECOND, OTHER}
    person.computers = [Disk(records={4: waiting})]
    sha256 = paper(RIGHT).sha256
    person.receipt = {"receipt_code": rules.receipt_code([sha256]), "sheets": [{"sha256": sha256}]}
    return Witness({NIP: person})


@pytest.fixture
def found() -> Evidence:
    """What must be there."""
    log = [Logged(said, 0, 500) for said in (FIRST, SECOND, OTHER)] + [Logged(LATE, 2, 10_101)]
    return Evidence({NIP: log}, {NIP: [paper(RIGHT)]})


def kinds(witness: Witness, found: Evidence) -> set[str]:
    return {finding.kind for finding in judge(witness, found)}


def test_what_is_as_it_must_be_passes(witness, found):
    assert judge(witness, found) == []


def without(found: Evidence, said: Said) -> Evidence:
    return replace(found, log={NIP: [row for row in found.log[NIP] if row.said != said]})


def with_row(found: Evidence, row: Logged) -> Evidence:
    return replace(without(found, row.said), log={NIP: [*without(found, row.said).log[NIP], row]})


def with_paper(found: Evidence, answers: dict[str, object], **other: object) -> Evidence:
    return replace(found, papers={NIP: [paper(answers, **other)]})


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("lost", lambda found: without(found, FIRST)),
        ("lost", lambda found: without(found, LATE)),
        ("lost", lambda found: replace(found, log={})),
        ("lost", lambda found: with_row(without(found, SECOND), Logged(replace(SECOND, response='"z"'), 0, 500))),
        ("not counted", lambda found: with_row(found, Logged(SECOND, 2, 500))),
        ("not counted", lambda found: with_row(found, Logged(LATE, 2, 5_100))),
        ("invented", lambda found: with_row(found, Logged(Said(1, 9, 1, "i9", '"p"'), 0, 500))),
        ("invented", lambda found: replace(found, papers={**found.papers, "stranger": found.papers[NIP]})),
        ("sheet", lambda found: with_paper(found, {"i1": "p", "i2": "r"})),
        ("sheet", lambda found: with_paper(found, {"i1": "q"})),
        ("sheet", lambda found: with_paper(found, RIGHT | {"i7": "p"})),
        ("sheet", lambda found: with_paper(found, RIGHT, sha256="0" * 64)),
        ("sheet", lambda found: with_paper(found, RIGHT, answered=1)),
        ("sheet", lambda found: with_paper(found, RIGHT, attempt_id=8)),
        ("sheet", lambda found: with_paper(found, RIGHT, seals=2)),
        ("sheet", lambda found: with_paper(found, RIGHT, seals=0, body=b"")),
        ("receipt", lambda found: with_paper(found, RIGHT | {"i8": "p"})),
        ("work", lambda found: with_paper(found, RIGHT, jobs=2)),
        ("work", lambda found: with_paper(found, RIGHT, jobs=0, jobs_done=0, scores=0)),
        ("work", lambda found: with_paper(found, RIGHT, scores=2)),
    ],
)
def test_what_is_wrong_in_the_stores_is_named(witness, found, kind, spoil):
    assert kind in kinds(witness, spoil(found))


def test_an_unacknowledged_answer_that_left_its_computer_is_named(witness, found):
    witness.people[NIP].computers = []
    assert kinds(witness, found) == {"vanished"}


def test_an_unacknowledged_answer_that_was_never_said_to_be_kept_may_go(witness, found):
    witness.people[NIP].computers = []
    witness.people[NIP].kept.discard(4)
    assert judge(witness, found) == []


def test_an_answer_that_a_newer_one_replaced_may_go(witness, found):
    witness.people[NIP].computers = []
    witness.people[NIP].superseded(witness.people[NIP].made[4])
    assert judge(witness, found) == []


def test_a_receipt_with_another_code_is_named(witness, found):
    told = deepcopy(witness)
    told.people[NIP].receipt = {**(witness.people[NIP].receipt or {}), "receipt_code": "AAAA-AAAA-AAAA-AAAA"}
    assert kinds(told, found) == {"receipt"}
