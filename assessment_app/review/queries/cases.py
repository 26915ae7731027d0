"""The queue of a wave as one assessor sees it: counted, filtered, ordered and cut into pages by the database.

The least certain come first, and what is incomplete comes last. A document is read only of who is on the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from assessment_app.accounts import queries as accounts
from assessment_app.exam.models import Sitting
from assessment_app.people.queries import holds
from assessment_app.review.messages import Wanted
from assessment_app.review.models import ReviewDraft, ReviewLease, ReviewStep
from assessment_app.review.rules import unsure_levels
from assessment_app.review.rules.deciding import read_review
from assessment_app.review.rules.standing import AFTER, UNDECIDED, Lease, State
from assessment_app.rule_sets import queries as numbers
from assessment_app.scheduling.models import Booking, Wave
from assessment_app.scoring import queries as scores
from assessment_app.scoring.models import CurrentProfile, Profile

Current = CurrentProfile
Last = aliased(ReviewStep, name="last_step")
Next = aliased(ReviewStep, name="next_step")

INCOMPLETE_LAST = 2.0
"""Stands in the order for the certainty of who has none: no chance is above 1."""

PLACE = func.coalesce(Current.certainty, INCOMPLETE_LAST)
ORDER = (PLACE, Current.sitting_id)


@dataclass(frozen=True)
class Reader:
    """Who looks at which wave, and when."""

    agency_id: UUID
    wave_id: UUID
    account_id: UUID
    now: datetime


@dataclass(frozen=True)
class Case:
    """A profile in the queue."""

    profile: Profile
    booking: Booking
    current: CurrentProfile
    unsure_levels: int
    state: State
    lease: Lease | None

    @property
    def sitting_id(self) -> int:
        """The sitting that is reviewed."""
        return self.current.sitting_id

    @property
    def flags(self) -> int:
        """How many things an assessor should look at."""
        return self.current.serious

    @property
    def reasons(self) -> list[str]:
        """Name, once each, the checks that found something serious, and an outage."""
        flags = self.profile.document.get("validity", ())
        return list(dict.fromkeys(one["flag"] for one in flags if one["serious"] or one["flag"] == "outage"))


@dataclass(frozen=True)
class Counted:
    """Everybody of a wave, whatever the filters say."""

    states: Mapping[str, int]
    near: int
    plain: int
    units: Sequence[str]

    @property
    def all(self) -> int:
        """How many have a profile."""
        return sum(self.states.values())


def _word(state: State) -> ColumnElement[str]:
    """Write a state into the statement itself: PostgreSQL does not see that two parameters are the same."""
    return literal_column(f"'{state.value}'")


HAS_DRAFT = ReviewDraft.account_id.is_not(None)
IS_BACK = Last.kind == literal_column("'sent_back'")

STATE = case(
    (and_(or_(Last.n.is_(None), IS_BACK), HAS_DRAFT), _word(State.DRAFT)),
    (Last.n.is_(None), _word(State.OPEN)),
    (IS_BACK, _word(State.RETURNED)),
    (Last.profile_sha256 != Current.sha256, _word(State.OUTDATED)),
    *((Last.kind == literal_column(f"'{kind}'"), _word(state)) for kind, state in AFTER.items()),
)
"""The state of a review as ``rules.standing.state_of`` judges it."""


def _seen_by(asked: Select[*tuple[Any, ...]], reader: Reader) -> Select[*tuple[Any, ...]]:
    """Put beside each profile of a wave its last step, the reader's draft, and who works on it."""
    is_last = ~exists().where(Next.sitting_id == Last.sitting_id, Next.n == Last.n + 1)
    draft = and_(ReviewDraft.sitting_id == Current.sitting_id, ReviewDraft.account_id == reader.account_id)
    return (
        asked.select_from(Current)
        .outerjoin(Last, and_(Last.sitting_id == Current.sitting_id, Last.agency_id == reader.agency_id, is_last))
        .outerjoin(ReviewDraft, and_(draft, ReviewDraft.agency_id == reader.agency_id))
        .outerjoin(ReviewLease, and_(
            ReviewLease.sitting_id == Current.sitting_id, ReviewLease.agency_id == reader.agency_id,
            ReviewLease.until > reader.now,
        ))
        .where(Current.agency_id == reader.agency_id, Current.wave_id == reader.wave_id)
    )  # fmt: skip


def counted(db: Session, reader: Reader) -> Counted:
    """Count everybody of a wave by state, and those who are near a cut or plain; list the units."""
    states: Counter[str] = Counter()
    near = plain = 0
    for state, is_near, can_be_plain, rule_set, count in db.execute(_seen_by(
        select(STATE.label("state"), Current.near_cut, _SOUND.label("sound"), Current.rule_set, func.count()), reader
    ).group_by("state", Current.near_cut, "sound", Current.rule_set)):  # fmt: skip
        states[state] += count
        near += count * is_near
        plain += count * (state == State.OPEN and can_be_plain and rule_set in _for_one(db, [rule_set]))
    wanted = select(Current.unit).where(Current.agency_id == reader.agency_id, Current.wave_id == reader.wave_id)
    return Counted(states, near, plain, sorted(db.scalars(wanted.distinct())))


_SOUND = and_(Current.certainty.is_not(None), ~Current.near_cut, Current.serious == literal_column("0"))
"""Whole, near no cut, nothing serious against it."""


def waiting(db: Session, agency_id: UUID) -> int:
    """Count the profiles of an agency that wait for an assessor: to decide, or to approve what another one decided."""
    is_last = ~exists().where(Next.sitting_id == Last.sitting_id, Next.n == Last.n + 1)
    step = and_(Last.sitting_id == Current.sitting_id, Last.agency_id == agency_id, is_last)
    waits = or_(Last.n.is_(None), Last.kind.in_(("sent_back", "submitted")), Last.profile_sha256 != Current.sha256)
    wanted = select(func.count()).select_from(Current).outerjoin(Last, step)
    return db.scalar(wanted.where(Current.agency_id == agency_id, waits)) or 0


def _for_one(db: Session, rule_sets: Collection[str]) -> set[str]:
    """Name the rule sets by which one assessor is enough for a plain case."""
    return {one for one in rule_sets if read_review(numbers.rule_set(db, one).document).plain <= 1}


def plain(db: Session, reader: Reader) -> dict[int, str]:
    """Name the undecided plain cases, the least certain first, each with the hash of its profile."""
    sets = db.scalars(select(Current.rule_set).where(Current.wave_id == reader.wave_id).distinct()).all()
    wanted = _seen_by(select(Current.sitting_id, Current.sha256), reader).where(
        _word(State.OPEN) == STATE, _SOUND, Current.rule_set.in_(_for_one(db, sets))
    )
    return dict(tuple(row) for row in db.execute(wanted.order_by(*ORDER)))


@dataclass(frozen=True)
class Found:
    """How many cases the filters leave: whole and incomplete ones."""

    whole: int
    incomplete: int


def found(db: Session, reader: Reader, wanted: Wanted) -> Found:
    """Count the cases that the filters leave."""
    asked = _seen_by(select(func.count(), func.count(Current.certainty)), reader).where(*_wanted(wanted, reader))
    every, whole = db.execute(asked).one()
    return Found(whole, every - whole)


def page(db: Session, reader: Reader, wanted: Wanted, first: int, size: int, *, whole: bool) -> list[Case]:
    """Give some of the cases that the filters leave: of the whole ones or of the incomplete, from the first on."""
    is_wanted = Current.certainty.is_not(None) if whole else Current.certainty.is_(None)
    asked = _seen_by(select(Current.sitting_id), reader).where(is_wanted, *_wanted(wanted, reader))
    return those(db, reader, db.scalars(asked.order_by(*ORDER).offset(first).limit(size)).all())


def those(db: Session, reader: Reader, sitting_ids: Collection[int]) -> list[Case]:
    """Give the cases of some sittings, in the order of the queue."""
    asked = _seen_by(select(Current, STATE, ReviewLease), reader).where(Current.sitting_id.in_(sitting_ids))
    rows = [tuple(row) for row in db.execute(asked.order_by(*ORDER))]
    profiles = scores.those(db, reader.agency_id, sitting_ids)
    names = accounts.names_of(db, {lease.account_id for _, _, lease in rows if lease is not None})
    cases = []
    for current, state, lease in rows:
        profile, booking = profiles[current.sitting_id]
        works = lease and Lease(lease.account_id, names[lease.account_id], lease.taken, lease.until)
        cases.append(Case(profile, booking, current, unsure_levels(profile.document), State(state), works))
    return cases


def _wanted(wanted: Wanted, reader: Reader) -> Iterator[ColumnElement[bool]]:
    if wanted.state:
        yield _word(State(wanted.state)) == STATE
    if wanted.unit:
        yield Current.unit == wanted.unit
    if wanted.near_cut:
        yield Current.near_cut.is_(True)
    if wanted.flagged:
        yield Current.serious > 0
    if wanted.mine:
        yield _is_mine(reader)
    if wanted.name:
        yield holds(Current.name, Current.nip, wanted.name)


def _is_mine(reader: Reader) -> ColumnElement[bool]:
    """Tell what the reader took into the own queue."""
    return and_(ReviewLease.taken, ReviewLease.account_id == reader.account_id)


def free(db: Session, reader: Reader, most: int) -> Sequence[int]:
    """Name the next undecided cases that nobody else works on and the reader has not taken, in order."""
    nobody = or_(
        ReviewLease.sitting_id.is_(None), and_(ReviewLease.account_id == reader.account_id, ~ReviewLease.taken)
    )
    asked = _seen_by(select(Current.sitting_id), reader).where(_is_undecided(), nobody)
    return db.scalars(asked.order_by(*ORDER).limit(most)).all()


def _is_undecided() -> ColumnElement[bool]:
    return STATE.in_([_word(state) for state in sorted(UNDECIDED)])


@dataclass(frozen=True)
class Around:
    """Where in a queue a case stands, from 1: in the reader's own, if it was taken into that, else in that of all."""

    place: int
    length: int
    before: int | None
    after: int | None
    is_own: bool
    next_open: int | None


def around(db: Session, reader: Reader, sitting_id: int) -> Around:
    """Tell where in the queue one of its cases stands."""
    own = db.scalar(_seen_by(select(Current.sitting_id), reader).where(
        Current.sitting_id == sitting_id, _is_mine(reader)
    ))  # fmt: skip
    inside = (_is_mine(reader),) if own else ()
    place = literal(db.scalar(select(PLACE).where(Current.sitting_id == sitting_id)))
    is_before = or_(place > PLACE, and_(place == PLACE, Current.sitting_id < sitting_id))
    is_after = or_(place < PLACE, and_(place == PLACE, Current.sitting_id > sitting_id))
    count, one = select(func.count()), select(Current.sitting_id)
    asked = (
        _seen_by(one, reader).where(*inside, is_before).order_by(PLACE.desc(), Current.sitting_id.desc()),
        _seen_by(one, reader).where(*inside, is_after).order_by(*ORDER),
        _seen_by(one, reader).where(*inside, _is_undecided(), Current.sitting_id != sitting_id).order_by(*ORDER),
    )
    before, after, next_open = (db.scalar(statement.limit(1)) for statement in asked)
    earlier = db.scalar(_seen_by(count, reader).where(*inside, is_before)) or 0
    length = db.scalar(_seen_by(count, reader).where(*inside)) or 0
    return Around(earlier + 1, length, before, after, bool(own), next_open)


def named(db: Session, agency_id: UUID, text: str, most: int) -> list[tuple[int, str, str, str]]:
    """List (sitting, name, NIP, wave) of profiles whose person a text names, of all waves, the newest first."""
    wanted = (
        select(Current.sitting_id, Booking.name, Booking.nip, Wave.name)
        .join(Sitting, Sitting.sitting_id == Current.sitting_id).join(Booking, Booking.booking_id == Sitting.booking_id)
        .join(Wave, Wave.wave_id == Current.wave_id)
        .where(Current.agency_id == agency_id, holds(Booking.name, Booking.nip, text))
        .order_by(Current.sitting_id.desc()).limit(most)
    )  # fmt: skip
    return [(sitting_id, name, nip, wave) for sitting_id, name, nip, wave in db.execute(wanted)]
