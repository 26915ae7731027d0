"""Where the people of a wave stand on the way to a report: counted, filtered and cut into pages by the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased, defer

from assessment_app.exam.models import Sitting
from assessment_app.people.queries import holds
from assessment_app.reports.messages.asked import Wanted
from assessment_app.reports.models import Report, ReportRequest
from assessment_app.reports.rules import State
from assessment_app.review.models import ReviewStep, SignedResult
from assessment_app.review.rules.standing import AFTER
from assessment_app.review.rules.standing import State as Review
from assessment_app.scheduling.models import Booking, ExamSession
from assessment_app.scoring.models import CurrentProfile
from assessment_app.talent.models import CurrentPlacement, Placement
from assessment_app.talent.rules import PROFILING, TALENT

Current = CurrentProfile
Signed = aliased(SignedResult, name="newest_signed")
LaterSigned = aliased(SignedResult, name="later_signed")
Last = aliased(ReviewStep, name="last_step")
Next = aliased(ReviewStep, name="next_step")
Early = aliased(CurrentPlacement, name="early")
Official = aliased(CurrentPlacement, name="official")
Newest = aliased(Report, name="newest_report")
Later = aliased(Report, name="later_report")

SIGNED_STEPS = tuple(kind for kind, state in AFTER.items() if state is Review.SIGNED)

MOST_NAMED = 500
"""Sittings that one statement names: SQLite takes no more than some thousand values."""


def _word(state: State) -> ColumnElement[str]:
    """Write a state into the statement itself: PostgreSQL does not see that two parameters are the same."""
    return literal_column(f"'{state.value}'")


def _rests_on_signed(pointer: type[CurrentPlacement]) -> ColumnElement[bool]:
    """Tell whether a placement was made of the newest signed result."""
    return exists().where(
        Placement.sitting_id == pointer.sitting_id, Placement.definition == pointer.definition,
        Placement.inputs_sha256 == pointer.inputs_sha256, Placement.signed_sha256 == Signed.sha256,
    )  # fmt: skip


IS_COVERED = and_(
    Newest.signed_n == Signed.n, Newest.profiling_inputs == Early.inputs_sha256,
    Newest.talent_inputs == Official.inputs_sha256,
)  # fmt: skip
IS_SOUND = and_(
    Last.kind.in_([literal_column(f"'{kind}'") for kind in SIGNED_STEPS]), Last.profile_sha256 == Current.sha256,
    _rests_on_signed(Early), _rests_on_signed(Official),
)  # fmt: skip

STATE = case(
    (Signed.n.is_(None), _word(State.UNSIGNED)),
    (IS_COVERED, _word(State.ISSUED)),
    (or_(Last.n.is_(None), ~func.coalesce(IS_SOUND, literal_column("FALSE"))), _word(State.HELD)),
    (ReportRequest.sitting_id.is_not(None), _word(State.ASKED)),
    else_=_word(State.WAITING),
)


def _standing(asked: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Put beside each profile what was signed, its last step, its placements, its newest report, and who asked."""
    signed = and_(Signed.sitting_id == Current.sitting_id, ~exists().where(
        LaterSigned.sitting_id == Signed.sitting_id, LaterSigned.n == Signed.n + 1
    ))  # fmt: skip
    last = and_(Last.sitting_id == Current.sitting_id, ~exists().where(
        Next.sitting_id == Last.sitting_id, Next.n == Last.n + 1
    ))  # fmt: skip
    newest = and_(Newest.sitting_id == Current.sitting_id, ~exists().where(
        Later.sitting_id == Newest.sitting_id, Later.edition == Newest.edition + 1
    ))  # fmt: skip
    return (
        asked.select_from(Current).outerjoin(Signed, signed).outerjoin(Last, last)
        .outerjoin(Early, and_(Early.sitting_id == Current.sitting_id, Early.definition == PROFILING))
        .outerjoin(Official, and_(Official.sitting_id == Current.sitting_id, Official.definition == TALENT))
        .outerjoin(Newest, newest)
        .outerjoin(ReportRequest, ReportRequest.sitting_id == Current.sitting_id)
    )  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """Everybody of a wave, whatever the filters say; ``replaced`` have a report that took the place of another."""

    states: Mapping[str, int]
    replaced: int
    units: Sequence[str]
    sessions: Sequence[ExamSession]

    @property
    def all(self) -> int:
        """How many have a result."""
        return sum(self.states.values())


def counted(db: Session, agency_id: UUID, wave_id: UUID) -> Counted:
    """Count everybody of a wave by state; list the units and sessions that filters can be set to."""
    of_wave = Current.agency_id == agency_id, Current.wave_id == wave_id
    rows = db.execute(
        _standing(select(STATE.label("stands"), func.count(), func.count(Newest.replaces))).where(*of_wave)
        .group_by("stands")
    ).all()  # fmt: skip
    sessions = db.scalars(
        select(ExamSession).where(ExamSession.wave_id == wave_id, ExamSession.agency_id == agency_id)
        .order_by(ExamSession.starts, ExamSession.session_id)
    ).unique().all()  # fmt: skip
    return Counted(
        {state.value: 0 for state in State} | {state: count for state, count, _ in rows},
        sum(replaced for _, _, replaced in rows),
        sorted(db.scalars(select(Current.unit).where(*of_wave).distinct())), sessions,
    )  # fmt: skip


@dataclass(frozen=True)
class Line:
    """Somebody in the list: where they stand, and the newest report if there is one."""

    sitting_id: int
    state: State
    booking: Booking
    report: Report | None


def _narrowed(
    asked: Select[*tuple[Any, ...]], agency_id: UUID, wave_id: UUID, wanted: Wanted, *, whole: bool = False
) -> Select[*tuple[Any, ...]]:
    """Ask for whom the filters leave; how they stand is worked out only for who wants to know it (``whole``)."""
    asked = _standing(asked) if whole or wanted.state else asked.select_from(Current)
    if whole or wanted.session_id:
        asked = asked.join(Sitting, Sitting.sitting_id == Current.sitting_id).join(
            Booking, Booking.booking_id == Sitting.booking_id
        )
    return asked.where(Current.agency_id == agency_id, Current.wave_id == wave_id, *_wanted(wanted))


def _wanted(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.state == Wanted.REPLACED:
        yield Newest.replaces.is_not(None)
    elif wanted.state:
        yield _word(State(wanted.state)) == STATE
    if wanted.unit:
        yield Current.unit == wanted.unit
    if wanted.session_id:
        yield Booking.session_id == wanted.session_id
    if wanted.name:
        yield holds(Current.name, Current.nip, wanted.name)


BY_NAME = (Current.name, Current.sitting_id)


def found(db: Session, agency_id: UUID, wave_id: UUID, wanted: Wanted) -> int:
    """Count whom the filters leave."""
    return db.scalar(_narrowed(select(func.count()), agency_id, wave_id, wanted)) or 0


def page(db: Session, agency_id: UUID, wave_id: UUID, wanted: Wanted, first: int, size: int) -> list[Line]:
    """Give some of those whom the filters leave, by name: first who is on the page, then what is said of them."""
    asked = _narrowed(select(Current.sitting_id), agency_id, wave_id, wanted).order_by(*BY_NAME)
    ids = db.scalars(asked.offset(first).limit(size)).all()
    return list(_lines(db, agency_id, wave_id, wanted, Current.sitting_id.in_(ids)))


def everybody(db: Session, agency_id: UUID, wave_id: UUID, wanted: Wanted) -> Iterator[Line]:
    """Give all whom the filters leave, by name, read as they are used."""
    return _lines(db, agency_id, wave_id, wanted)


def _lines(
    db: Session, agency_id: UUID, wave_id: UUID, wanted: Wanted, *which: ColumnElement[bool]
) -> Iterator[Line]:  # fmt: skip
    told = select(Current.sitting_id, STATE.label("stands"), Booking, Newest).options(defer(Newest.document))
    asked = _narrowed(told, agency_id, wave_id, wanted, whole=True).where(*which).order_by(*BY_NAME)
    for sitting_id, state, booking, report in db.execute(asked.execution_options(yield_per=500)):
        yield Line(sitting_id, State(state), booking, report)


def issued_to(
    db: Session, agency_id: UUID, wave_id: UUID, wanted: Wanted, most: int
) -> tuple[Sequence[int], int]:  # fmt: skip
    """Name the first of those whom the filters leave and who have a report, by name; and count all of them."""
    has_one = exists().where(Report.sitting_id == Current.sitting_id)
    asked = _narrowed(select(Current.sitting_id), agency_id, wave_id, wanted).where(has_one)
    total = db.scalar(asked.with_only_columns(func.count())) or 0
    return db.scalars(asked.order_by(*BY_NAME).limit(most)).all(), total


def states(db: Session, agency_id: UUID, sitting_ids: Collection[int]) -> dict[int, State]:
    """Tell where some sittings of an agency stand; whoever is none of the agency's, or has no result, is left out."""
    every: dict[int, State] = {}
    for named in _by_hundreds(sitting_ids):
        asked = _standing(select(Current.sitting_id, STATE)).where(
            Current.agency_id == agency_id, Current.sitting_id.in_(named)
        )
        every |= {sitting_id: State(state) for sitting_id, state in db.execute(asked)}
    return every


@dataclass(frozen=True)
class Asked:
    """Somebody whose report was asked for and can be issued: the basis by its names, and the report before."""

    sitting_id: int
    agency_id: UUID
    wave_id: UUID
    account_id: UUID
    signed_sha256: str
    profiling_inputs: str
    talent_inputs: str
    number: str | None
    edition: int | None


def asked_for(db: Session, sitting_ids: Collection[int]) -> list[Asked]:
    """Name those of some sittings whose report was asked for and can be issued now, of any agency, in order."""
    asked = _standing(
        select(
            Current.sitting_id, Current.agency_id, Current.wave_id, ReportRequest.account_id, Signed.sha256,
            Early.inputs_sha256, Official.inputs_sha256, Newest.number, Newest.edition,
        )
    ).where(Current.sitting_id.in_(sitting_ids), _word(State.ASKED) == STATE)  # fmt: skip
    return [Asked(*row) for row in db.execute(asked.order_by(Current.sitting_id))]


def waiting(db: Session, agency_id: UUID, wave_id: UUID) -> Sequence[int]:
    """Name everybody of a wave whose report can be issued now and was not asked for."""
    return db.scalars(_narrowed(select(Current.sitting_id), agency_id, wave_id, Wanted(State.WAITING.value))).all()


def issuable(db: Session, agency_id: UUID, wave_id: UUID, chosen: Collection[int]) -> list[int]:
    """Name those of some people of a wave whose report can be issued now and was not asked for."""
    asked = _narrowed(select(Current.sitting_id), agency_id, wave_id, Wanted(State.WAITING.value))
    return [one for named in _by_hundreds(chosen) for one in db.scalars(asked.where(Current.sitting_id.in_(named)))]


def _by_hundreds(sitting_ids: Collection[int]) -> Iterator[Sequence[int]]:
    ordered = sorted(sitting_ids)
    return (ordered[at : at + MOST_NAMED] for at in range(0, len(ordered), MOST_NAMED))
