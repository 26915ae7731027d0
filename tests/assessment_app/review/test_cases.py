"""The queue as the database counts and cuts it, against a slow computation of the same, on both databases."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select

from assessment_app.accounts.models import StaffAccount
from assessment_app.accounts.rules import Role
from assessment_app.platform.db import transaction
from assessment_app.review.messages import Wanted
from assessment_app.review.models import STEPS, ReviewDraft, ReviewLease, ReviewStep
from assessment_app.review.queries import cases
from assessment_app.review.rules.deciding import is_plain, read_review
from assessment_app.review.rules.standing import UNDECIDED, Last, State, state_of
from assessment_app.rule_sets import actions as rule_sets
from assessment_app.rule_sets import queries as numbers
from assessment_app.rule_sets.rules import read
from assessment_app.scheduling.models import Booking
from assessment_app.scoring.actions.current import point
from assessment_app.scoring.models import CurrentProfile, Profile
from assessment_app.scoring.rules.sureness import certainty, is_near_cut, serious
from scoring_engine.canonical import canonical, digest
from tests.assessment_app.scoring.house import staff
from tests.assessment_app.talent import crowd
from tests.assessment_app.talent.crowd import NOW

SIZE = 84
LATER = NOW + timedelta(days=1)
NOTHING: dict[str, object] = {"choice": "confirm", "part": None, "why": "", "adjustments": []}


@dataclass
class Wave:
    """A wave of cases in every state, two assessors, and what was done to whom."""

    crowd: crowd.Crowd
    hasan: UUID
    mega: UUID

    def reader(self) -> cases.Reader:
        return cases.Reader(self.crowd.agency_id, self.crowd.wave_id, self.hasan, LATER)


@pytest.fixture
def wave(installation):
    with transaction() as db:
        rule_sets.take_in(db)
        agency_id, room_id = crowd.agency(db, 1)
        people = crowd.employees(db, agency_id, SIZE, 2, 3)
        made = crowd.wave(db, agency_id, room_id, people, 3, "Tahap 1")
        crowd.wave(db, agency_id, room_id, people, 4, "Tahap 2")
    for name in ("hasan", "mega"):
        staff(agency_id, NOW, name, Role.ASSESSOR)
    with transaction() as db:
        found = {one.sign_in_name: one.account_id for one in db.scalars(select(StaffAccount))}
        some = Wave(made, found["hasan"], found["mega"])
        _computed_again(db, some)
        _worked_on(db, some)
    return some


def _computed_again(db, wave: Wave) -> None:
    """Put a newer profile beside that of every fifth, in which something is missing, and an older one elsewhere."""
    profiles = {one.sitting_id: one for one in db.scalars(select(Profile))}
    for n, sitting_id in enumerate(wave.crowd.sitting_ids):
        old = profiles[sitting_id]
        if n % 5 == 0:
            missing = {"exact": None, "percent": None, "category": None, "chances": None, "missing": ["M.01"]}
            document = old.document | {"jpm": old.document["jpm"] | missing}
            _add(db, old, document, "1" * 64, old.made + timedelta(minutes=1))
        elif n % 5 == 1:
            _add(db, old, old.document | {"validity": []}, "2" * 64, old.made - timedelta(minutes=1))
    db.flush()
    point(db, wave.crowd.sitting_ids)


def _add(db, old: Profile, document, name: str, made) -> None:
    db.add(Profile(
        sitting_id=old.sitting_id, inputs_sha256=name, agency_id=old.agency_id, rule_set=old.rule_set,
        document=document, sha256=digest(canonical(document)), made=made,
    ))  # fmt: skip


def _worked_on(db, wave: Wave) -> None:
    """Bring every combination of last step, outdated or not, draft and lease about."""
    newest = {one.sitting_id: one.sha256 for one in db.scalars(select(CurrentProfile))}
    kinds = [(), *((kind,) for kind in STEPS), ("submitted", "sent_back"), ("signed", "reassess")]
    combinations = product(kinds, (True, False), ("", "hasan", "mega"))
    for n, (sitting_id, (steps, is_current, draft)) in enumerate(
        zip(wave.crowd.sitting_ids, combinations, strict=False)
    ):
        by = {"agency_id": wave.crowd.agency_id, "account_id": wave.hasan if n % 2 else wave.mega}
        for number, kind in enumerate(steps, 1):
            sha256 = newest[sitting_id] if is_current else "f" * 64
            db.execute(insert(ReviewStep).values(
                sitting_id=sitting_id, n=number, kind=kind, profile_sha256=sha256, document=NOTHING, at=NOW, **by
            ))  # fmt: skip
        if draft:
            db.execute(insert(ReviewDraft).values(
                sitting_id=sitting_id, profile_sha256=newest[sitting_id], document={}, saved=NOW,
                agency_id=wave.crowd.agency_id, account_id=getattr(wave, draft),
            ))  # fmt: skip
    for n, sitting_id in enumerate(wave.crowd.sitting_ids[::3]):
        until = LATER + timedelta(hours=1 if n % 4 else -1)
        by = {"agency_id": wave.crowd.agency_id, "account_id": wave.hasan if n % 3 else wave.mega}
        db.execute(insert(ReviewLease).values(sitting_id=sitting_id, taken=n % 5 != 0, until=until, **by))


def slowly(db, wave: Wave) -> list[SimpleNamespace]:
    """List the queue by reading everything, one document after the other."""
    found = []
    for booking, sitting_id in zip(_bookings(db, wave), wave.crowd.sitting_ids, strict=True):
        mine = select(Profile).where(Profile.sitting_id == sitting_id)
        profile = db.scalars(mine.order_by(Profile.made, Profile.inputs_sha256)).all()[-1]
        document = numbers.rule_set(db, profile.rule_set).document
        rules, said = read(document), profile.document
        step = db.scalars(
            select(ReviewStep).where(ReviewStep.sitting_id == sitting_id).order_by(ReviewStep.n.desc())
        ).first()
        last = Last(step.n, step.kind, step.account_id, step.profile_sha256) if step else None
        lease = db.get(ReviewLease, sitting_id)
        lease = lease if lease is not None and lease.until > LATER else None
        state = state_of(last, profile.sha256, has_draft=db.get(ReviewDraft, (sitting_id, wave.hasan)) is not None)
        found.append(SimpleNamespace(
            sitting_id=sitting_id, booking=booking, certainty=certainty(said, rules), state=state, profile=profile,
            near_cut=is_near_cut(said, rules), flags=serious(said), lease=lease,
            plain=state == "open" and is_plain(said, rules, read_review(document)),
            mine=lease is not None and lease.taken and lease.account_id == wave.hasan,
        ))  # fmt: skip
    return sorted(found, key=lambda one: (one.certainty is None, one.certainty or 0.0, one.sitting_id))


def _bookings(db, wave: Wave):
    return db.scalars(select(Booking).where(Booking.wave_id == wave.crowd.wave_id).order_by(Booking.seat)).all()


def takes(wanted: Wanted, case) -> bool:
    name = wanted.name.casefold()
    is_named = not name or name in case.booking.name.casefold() or name.replace(" ", "") in case.booking.nip
    is_there = wanted.state in ("", case.state) and wanted.unit in ("", case.booking.unit) and is_named
    is_marked = (not wanted.near_cut or case.near_cut) and (not wanted.flagged or case.flags > 0)
    return is_there and is_marked and (not wanted.mine or case.mine)


def test_counts_are_those_of_a_walk_through_everything(wave):
    with transaction(reads_only=True) as db:
        told, expected = cases.counted(db, wave.reader()), slowly(db, wave)
        plain = cases.plain(db, wave.reader())
    assert told.states == Counter(one.state for one in expected)
    assert {"open", "draft", "returned", "waiting", "reassess", "outdated", "signed"} == set(told.states)
    assert (told.near, told.plain) == (sum(one.near_cut for one in expected), sum(one.plain for one in expected))
    assert told.units == sorted({one.booking.unit for one in expected})
    assert list(plain.items()) == [(one.sitting_id, one.profile.sha256) for one in expected if one.plain]
    assert plain


WANTED = [
    Wanted(), Wanted(near_cut=True), Wanted(flagged=True), Wanted(mine=True), Wanted(name="handa"),
    Wanted(name="HANDA"), Wanted(name="1985 "), Wanted(name="%"), Wanted(name="2010 00004"), Wanted(unit="Dinas 01"),
    *(Wanted(state=state) for state in ("open", "draft", "returned", "waiting", "reassess", "outdated", "signed")),
    Wanted(unit="Dinas 02", state="open", near_cut=True), Wanted(flagged=True, mine=True),
    Wanted.parse({"cari": "handa\0", "unit": "\0"}),
]  # fmt: skip


def test_every_filter_finds_whom_a_walk_finds_in_the_same_order_page_by_page(wave):
    with transaction(reads_only=True) as db:
        everybody = slowly(db, wave)
        for wanted in WANTED:
            found = cases.found(db, wave.reader(), wanted)
            for whole, total in ((True, found.whole), (False, found.incomplete)):
                expected = [one for one in everybody if takes(wanted, one) and (one.certainty is not None) is whole]
                pages = [
                    cases.page(db, wave.reader(), wanted, first, 7, whole=whole) for first in range(0, total + 1, 7)
                ]
                listed = [case for page in pages for case in page]
                assert [told(one) for one in listed] == [told(one) for one in expected], wanted
                assert total == len(expected)


def told(case) -> tuple[object, ...]:
    lease = case.lease and (case.lease.account_id, case.lease.taken, case.lease.until)
    return case.sitting_id, case.profile.sha256, case.state, case.flags, lease


def test_a_lease_carries_the_name_of_whoever_works(wave):
    with transaction(reads_only=True) as db:
        page = cases.page(db, wave.reader(), Wanted(), 0, SIZE, whole=True)
    names = {wave.hasan: "Hasan Anggraini", wave.mega: "Mega Anggraini"}
    held = [one.lease for one in page if one.lease]
    assert {one.account_id for one in held} == {*names}
    assert all(one.who == names[one.account_id] for one in held)


def test_the_place_in_the_queue_is_that_of_a_walk_for_everybody(wave):
    with transaction(reads_only=True) as db:
        everybody = slowly(db, wave)
        for case in everybody:
            order = [one for one in everybody if one.mine] if case.mine else everybody
            at = order.index(case)
            undecided = [one.sitting_id for one in order if one.state in UNDECIDED and one is not case]
            assert cases.around(db, wave.reader(), case.sitting_id) == cases.Around(
                at + 1, len(order), order[at - 1].sitting_id if at else None,
                order[at + 1].sitting_id if at + 1 < len(order) else None, case.mine,
                undecided[0] if undecided else None,
            )  # fmt: skip


def test_what_is_free_is_what_nobody_else_works_on(wave):
    with transaction(reads_only=True) as db:
        expected = [
            one.sitting_id for one in slowly(db, wave)
            if one.state in UNDECIDED and not one.mine
            and (one.lease is None or one.lease.account_id == wave.hasan)
        ]  # fmt: skip
        assert list(cases.free(db, wave.reader(), SIZE)) == expected
        assert list(cases.free(db, wave.reader(), 5)) == expected[:5]


def test_another_agency_sees_none_of_it(wave):
    with transaction() as db:
        other, _room = crowd.agency(db, 9, "bali")
    reader = cases.Reader(other, wave.crowd.wave_id, wave.hasan, LATER)
    with transaction(reads_only=True) as db:
        assert cases.counted(db, reader).all == 0
        assert cases.page(db, reader, Wanted(), 0, SIZE, whole=True) == []
        assert not cases.plain(db, reader)
        assert list(cases.free(db, reader, SIZE)) == []


def test_what_waits_for_an_assessor_is_what_is_undecided_or_to_be_approved_in_all_waves_of_the_agency(wave):
    with transaction(reads_only=True) as db:
        waves = db.scalars(select(CurrentProfile.wave_id).distinct()).all()
        readers = [cases.Reader(wave.crowd.agency_id, one, wave.hasan, LATER) for one in waves]
        states = sum((Counter(cases.counted(db, reader).states) for reader in readers), Counter())
        waiting = cases.waiting(db, wave.crowd.agency_id)
        elsewhere = cases.waiting(db, uuid4())
    assert waiting == sum(states[state] for state in (*UNDECIDED, State.WAITING)) > 0
    assert 0 < states[State.SIGNED] + states[State.REASSESS] == sum(states.values()) - waiting
    assert elsewhere == 0
