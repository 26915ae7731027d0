"""What a report rests on: the newest signed result of each sitting, and where it places a person. Only reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from assessment_app.accounts import queries as accounts
from assessment_app.accounts.models import Agency as AgencyRow
from assessment_app.evidence import queries as evidence
from assessment_app.exam.models import Attempt, Sheet, Sitting
from assessment_app.reports.rules.document import Agency, Basis, Ruled, Sat, Signature
from assessment_app.review import queries as review
from assessment_app.review.models import SignedResult
from assessment_app.rule_sets import queries as numbers
from assessment_app.scheduling.models import Booking, ExamSession, Form, Room, Wave
from assessment_app.scoring.models import Profile
from assessment_app.talent.models import CurrentPlacement, Placement
from assessment_app.talent.rules import PROFILING, TALENT


@dataclass(frozen=True)
class _Sitting:
    """Who sat, in which agency, with what."""

    sat: Sat
    agency: Agency
    agency_id: UUID
    employee_id: UUID
    is_demonstration: bool


def bases(db: Session, sitting_ids: Collection[int]) -> dict[int, Basis]:
    """Collect what the reports of some sittings rest on; whoever has no signed result, or no placement, is left out.

    Whether a report may be issued is asked elsewhere (``standing``). Refuses with IncompleteRules.
    """
    signed = review.signed(db, sitting_ids)
    placements, people = _placements(db, signed.keys()), _sittings(db, signed.keys())
    rules = _rules(db, signed.values())
    names = accounts.names_of(
        db, {who for one in signed.values() for who in (one.signed_by, one.approved_by) if who is not None}
    )
    invented = _invented(db, people)
    found = {}
    for sitting_id, one in sorted(signed.items()):
        early, official = (placements.get((sitting_id, name)) for name in (PROFILING, TALENT))
        if early is None or official is None:
            continue
        who = people[sitting_id]
        found[sitting_id] = Basis(
            who.sat, who.agency, one.document, _signature(one, names), early.document, early.inputs_sha256,
            official.document, official.inputs_sha256, rules[sitting_id],
            is_demonstration=who.is_demonstration, is_invented=who.employee_id in invented,
        )  # fmt: skip
    return found


def _signature(one: SignedResult, names: Mapping[UUID, str]) -> Signature:
    approved = None if one.approved_by is None else names[one.approved_by]
    return Signature(one.n, one.sha256, names[one.signed_by], approved, one.at)


def _placements(db: Session, sitting_ids: Collection[int]) -> dict[tuple[int, str], Placement]:
    same = and_(
        CurrentPlacement.sitting_id == Placement.sitting_id, CurrentPlacement.definition == Placement.definition,
        CurrentPlacement.inputs_sha256 == Placement.inputs_sha256,
    )  # fmt: skip
    wanted = select(Placement).join(CurrentPlacement, same).where(Placement.sitting_id.in_(sitting_ids))
    return {(one.sitting_id, one.definition): one for one in db.scalars(wanted)}


def _rules(db: Session, signed: Collection[SignedResult]) -> dict[int, Ruled]:
    """Read the rule set of each result, each rule set once."""
    named = select(Profile.sitting_id, Profile.inputs_sha256, Profile.rule_set).where(
        Profile.sitting_id.in_([one.sitting_id for one in signed])
    )
    by_profile = {(sitting_id, inputs): sha256 for sitting_id, inputs, sha256 in db.execute(named)}
    read: dict[str, Ruled] = {}
    found = {}
    for one in signed:
        sha256 = by_profile[one.sitting_id, one.profile_inputs]
        if sha256 not in read:
            row = numbers.rule_set(db, sha256)
            read[sha256] = Ruled.of(sha256, row.document, is_released=row.is_released)
        found[one.sitting_id] = read[sha256]
    return found


def _sittings(db: Session, sitting_ids: Collection[int]) -> dict[int, _Sitting]:
    parts = (
        select(
            Attempt.sitting_id, func.count().label("parts"), func.sum(Sheet.items).label("items"),
            func.count().filter(Form.demonstration).label("demonstrations"),
        )
        .join(Sheet, Sheet.attempt_id == Attempt.attempt_id).join(Form, Form.form_id == Attempt.form_id)
        .where(Attempt.sitting_id.in_(sitting_ids)).group_by(Attempt.sitting_id).subquery()
    )  # fmt: skip
    wanted = (
        select(Sitting.sitting_id, Booking, ExamSession.starts, Room, Wave, AgencyRow,
               func.coalesce(parts.c.parts, 0), func.coalesce(parts.c["items"], 0),
               func.coalesce(parts.c.demonstrations, 0))
        .join(Booking, Booking.booking_id == Sitting.booking_id)
        .join(ExamSession, ExamSession.session_id == Booking.session_id).join(Room, Room.room_id == ExamSession.room_id)
        .join(Wave, Wave.wave_id == Sitting.wave_id).join(AgencyRow, AgencyRow.agency_id == Sitting.agency_id)
        .outerjoin(parts, parts.c.sitting_id == Sitting.sitting_id)
        .where(Sitting.sitting_id.in_(sitting_ids))
    )  # fmt: skip
    found = {}
    for sitting_id, booking, starts, room, wave, agency, count, items, demonstrations in db.execute(wanted):
        sat = Sat(
            booking.nip, booking.name, booking.post, booking.unit, wave.name,
            starts.astimezone(ZoneInfo(room.timezone)).date(), room.name, room.site, count, int(items),
        )  # fmt: skip
        found[sitting_id] = _Sitting(
            sat, Agency(agency.code, agency.name, agency.timezone), agency.agency_id, booking.employee_id,
            is_demonstration=wave.demonstration or demonstrations > 0,
        )  # fmt: skip
    return found


def _invented(db: Session, people: Mapping[int, Any]) -> frozenset[UUID]:
    """Name the employees of whom some evidence was invented for a demonstration."""
    by_agency: dict[UUID, set[UUID]] = {}
    for one in people.values():
        by_agency.setdefault(one.agency_id, set()).add(one.employee_id)
    return frozenset().union(*(evidence.invented(db, agency_id, ids) for agency_id, ids in by_agency.items()))
