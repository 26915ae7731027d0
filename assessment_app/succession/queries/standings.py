"""What is known of candidates for one post at a moment: screening, match with the post, talent value, rank."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from assessment_app.evidence import queries as evidence
from assessment_app.job_standards import queries as job_standards
from assessment_app.job_standards.rules import Standard
from assessment_app.people.rules import JobLevel
from assessment_app.review.queries.standing import signed as signed_results
from assessment_app.rule_sets import queries as numbers
from assessment_app.succession.models import TargetPost, TechnicalFit
from assessment_app.succession.queries.acts import technical_fits
from assessment_app.succession.queries.subjects import Basis, Subject, basis, screened, subjects
from assessment_app.succession.rules import fit, ranking, standing
from assessment_app.talent.models import CurrentPlacement, Placement
from assessment_app.talent.rules import TALENT
from assessment_app.talent.rules.cells import number_of
from scoring_engine.canonical import kept


@dataclass(frozen=True)
class Candidate:
    """Somebody as they stand for a post now: who it is, and everything known, as a document."""

    subject: Subject
    document: Mapping[str, Any]

    @property
    def employee_id(self) -> UUID:
        """Name the person."""
        return self.subject.employee.employee_id

    @property
    def seen(self) -> str:
        """Name what the document says, for forms."""
        return standing.seen(self.document)


def standard_of(db: Session, target: TargetPost, now: datetime) -> Standard | None:
    """Give what a target post asks today: its own standard, else that of its level by the rules in force."""
    by_level = numbers.in_force(db, target.agency_id, now).document["rules"]["competency.standard"]["value"]
    day = evidence.today(db, target.agency_id, now)
    level = JobLevel(target.job_level)
    return job_standards.of_post(db, target.agency_id, target.post, target.unit, level, day, by_level)


def candidates(
    db: Session, target: TargetPost, employee_ids: Collection[UUID], now: datetime
) -> dict[UUID, Candidate]:  # fmt: skip
    """Give what is known of some people for a post, unranked; who has no placement is left out."""
    found = list(subjects(db, target.agency_id, employee_ids).values())
    known = basis(db, target.agency_id, found, now)
    standard, values = standard_of(db, target, now), _values(db, found)
    fits = _matches(db, found, known, standard)
    technical = technical_fits(db, target, [one.employee.employee_id for one in found])
    return {
        one.employee.employee_id: Candidate(one, _document(
            one, target, known, standard, fits[one.placed.sitting_id], values[one.placed.sitting_id],
            technical.get(one.employee.employee_id),
        ))
        for one in found
    }  # fmt: skip


def in_order(found: Mapping[UUID, Candidate]) -> list[Candidate]:
    """Rank candidates of one post: by rank, then whoever has none; equals by name, which says nothing of them."""
    people = list(found.values())
    places = ranking.ranked([standing.worth(one.document) for one in people])
    of = sum(place.rank is not None for place in places)
    told = [
        Candidate(one.subject, standing.placed(one.document, place, of))
        for one, place in zip(people, places, strict=True)
    ]
    return sorted(told, key=_order)


def _order(one: Candidate) -> tuple[bool, int, str, str]:
    rank = one.document["rank"]["rank"]
    return rank is None, rank or 0, one.subject.employee.name, one.subject.employee.nip


def _matches(
    db: Session, found: Sequence[Subject], known: Basis, standard: Standard | None
) -> dict[int, Mapping[str, Any]]:  # fmt: skip
    """Match what is signed of each sitting with a standard; a reason where there is no match."""
    if standard is None:
        return {one.placed.sitting_id: {"why": fit.NO_STANDARD} for one in found}
    told: dict[int, Mapping[str, Any]] = {one.placed.sitting_id: {"why": fit.UNSIGNED} for one in found}
    results = signed_results(db, [one.placed.sitting_id for one in found if one.signed is not None])
    for sha256, rule_set in known.rule_sets.items():
        those = [one.placed.sitting_id for one in found if one.placed.rule_set == sha256]
        mine = [one for one in those if one in results]
        if mine:
            made = fit.fits([results[one].document for one in mine], standard.levels, fit.filling(rule_set.document))
            told |= dict(zip(mine, made, strict=True))
    return told


def _values(db: Session, found: Sequence[Subject]) -> dict[int, Fraction | None]:
    """Read the talent value of each placement, where it is one number and no range."""
    current = CurrentPlacement
    wanted = (
        select(current.sitting_id, Placement.document["value"])
        .join(Placement, and_(Placement.sitting_id == current.sitting_id, Placement.definition == current.definition,
                              Placement.inputs_sha256 == current.inputs_sha256))
        .where(current.definition == TALENT, current.sitting_id.in_([one.placed.sitting_id for one in found]))
    )  # fmt: skip
    return {sitting_id: Fraction(*low) if low == high else None for sitting_id, (low, high) in db.execute(wanted)}


def _document(
    one: Subject, target: TargetPost, known: Basis, standard: Standard | None, match: Mapping[str, Any],
    value: Fraction | None, technical: TechnicalFit | None,
) -> dict[str, Any]:  # fmt: skip
    placed, rules = one.placed, known.numbers[one.placed.rule_set]

    def number(cell: int | None) -> int | None:
        return None if cell is None else number_of(cell, rules.numbering)

    return {
        "schema": standing.SCHEMA, "as_of": known.as_of.isoformat(), "sitting": placed.sitting_id, "wave": one.wave,
        "placement": placed.inputs_sha256, "signed": one.signed, "rules": placed.rule_set,
        "screening": {name: told.written() for name, told in screened(one, target, known).items()},
        "box": number(placed.cell), "chance": None if placed.chance is None else kept(placed.chance),
        "near_cut": placed.near_cut, "rival": number(placed.rival), "match": dict(match),
        "value": None if value is None else [value.numerator, value.denominator],
        "technical": None if technical is None else {"hundredths": technical.hundredths, "basis": technical.basis},
        "standard": None if standard is None else standard.written() | {"source": standard.source}, "rank": None,
    }  # fmt: skip
