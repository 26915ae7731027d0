"""Whom the nine-box page lists: one page of a box, or everybody for a file, with what each placement says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnExpressionArgument, Select, and_, null, select
from sqlalchemy.orm import Session

from assessment_app.people.queries import holds
from assessment_app.scheduling.models import Wave
from assessment_app.scoring.models import Profile
from assessment_app.scoring.rules.sureness import serious
from assessment_app.talent.messages.asked import Asked
from assessment_app.talent.models import CurrentPlacement, Placement
from assessment_app.talent.queries.matrix import Before, beside, narrow, only_moved
from assessment_app.talent.rules import PROFILING

SORTS = {
    "nama": CurrentPlacement.name, "y": CurrentPlacement.y, "x": CurrentPlacement.x,
    "peluang": CurrentPlacement.chance,
}  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """A person in a list: the current placement, its document, and the cell in the wave that is compared with.

    On a page also the reported score of potential, and how many serious notes there are on how somebody worked.
    """

    current: CurrentPlacement
    document: Mapping[str, Any]
    before: int | None
    potential: float | None = None
    notes: int = 0


def listed(
    db: Session, agency_id: UUID, wave: Wave, asked: Asked, cell: int | None, size: int, today: date,
    compared: Wave | None = None,
) -> Sequence[Listed]:  # fmt: skip
    """Give one page of the people in a cell, or of those without one.

    In two steps, because a database that sorts people with their documents carries every document along: first who is
    on the page, then what is said of them.
    """
    inside = CurrentPlacement.cell.is_(None) if cell is None else CurrentPlacement.cell == cell
    asked_for = select(CurrentPlacement.sitting_id)
    who = narrow(asked_for, agency_id, wave.wave_id, asked.definition, asked.wanted, today, only_moved(asked, compared))
    page = who.where(inside).order_by(*_order(asked.sort)).limit(size).offset((asked.page - 1) * size)
    found = db.scalars(page).all()
    # By the key alone: told the filters again, SQLite would walk through the whole wave once more.
    told = _with_documents(compared).where(
        CurrentPlacement.sitting_id.in_(found), CurrentPlacement.definition == asked.definition
    )
    rows = db.execute(_with_profiles(told).order_by(*_order(asked.sort)))
    return [
        Listed(current, document, before, potential, serious({"validity": validity or ()}))
        for current, document, before, potential, validity in rows
    ]


def everybody(
    db: Session, agency_id: UUID, wave: Wave, asked: Asked, today: date, compared: Wave | None = None
) -> Iterator[Listed]:
    """Give all people whom the filters leave, by name, read as they are used: a province is too many at once."""
    told = _with_documents(compared)
    wanted = narrow(told, agency_id, wave.wave_id, asked.definition, asked.wanted, today, None)
    if asked.wanted.moved and compared is not None:
        wanted = wanted.where(Before.cell != CurrentPlacement.cell)
    for row in db.execute(wanted.order_by(*_order("nama")).execution_options(yield_per=500)):
        yield Listed(*row)


def _with_documents(compared: Wave | None) -> Select[*tuple[Any, ...]]:
    """Ask for placements with what they say, and where people were in the wave that is compared with."""
    current = CurrentPlacement
    same = and_(
        Placement.sitting_id == current.sitting_id, Placement.definition == current.definition,
        Placement.inputs_sha256 == current.inputs_sha256,
    )  # fmt: skip
    if compared is None:
        return select(current, Placement.document, null()).join(Placement, same)
    return beside(select(current, Placement.document, Before.cell).join(Placement, same), compared)


def _with_profiles(told: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Take of the profile that was placed the score of potential and the notes, without the rest of its document."""
    placed = and_(Profile.sitting_id == Placement.sitting_id, Profile.inputs_sha256 == Placement.profile_inputs)
    said = Profile.document
    return told.add_columns(said["potential"]["score"], said["validity"]).join(Profile, placed)


def _order(sort: str) -> list[ColumnExpressionArgument[Any]]:
    column = SORTS[sort.removeprefix("-")]
    first = column.desc() if sort.startswith("-") else column.asc()
    # The number at the end makes pages of equal people never overlap.
    return [first, CurrentPlacement.name, CurrentPlacement.sitting_id]


def named(db: Session, agency_id: UUID, text: str, most: int) -> list[tuple[CurrentPlacement, str]]:
    """List whom a text names among the people of all matrices, with their wave, the newest first."""
    wanted = (
        select(CurrentPlacement, Wave.name).join(Wave, Wave.wave_id == CurrentPlacement.wave_id)
        .where(CurrentPlacement.agency_id == agency_id, CurrentPlacement.definition == PROFILING,
               holds(CurrentPlacement.name, CurrentPlacement.nip, text))
        .order_by(CurrentPlacement.sitting_id.desc()).limit(most)
    )  # fmt: skip
    return [(placement, wave) for placement, wave in db.execute(wanted)]
