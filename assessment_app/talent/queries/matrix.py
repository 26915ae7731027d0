"""What the nine-box page counts: an agency's current placements of a wave, never a document for each person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ColumnExpressionArgument, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from assessment_app.people.rules import clean_nip
from assessment_app.platform.errors import NotFound
from assessment_app.rule_sets import queries as numbers
from assessment_app.rule_sets.models import RuleSet
from assessment_app.scheduling.models import Booking, Wave
from assessment_app.talent.messages.asked import Asked, Wanted
from assessment_app.talent.models import CurrentPlacement
from assessment_app.talent.rules import SIGNED

Before = aliased(CurrentPlacement, name="before")
"""The same person's placement in the wave that is compared with."""


@dataclass(frozen=True)
class Chosen:
    """The wave that a page is about, the one it is compared with, and the waves that can be chosen."""

    waves: Sequence[Wave]
    wave: Wave
    compared: Wave | None
    waiting: Sequence[Wave]
    """Those in which nobody has a result yet: they cannot be chosen, and the page says why."""


@dataclass(frozen=True)
class Totals:
    """Everybody of a wave, whatever the filters say: booked, placed, by rule set; and what filters can be set to."""

    booked: int
    placed: int
    demonstration: bool
    rule_set: RuleSet
    rule_sets: int
    units: Sequence[str]
    job_levels: frozenset[str]


@dataclass(frozen=True)
class Counts:
    """How many people a page's filters leave, by cell; without a cell they are provisional or incomplete."""

    cells: Mapping[int, int]
    signed: Mapping[int, int]
    near: int
    without: int
    without_signed: int

    @property
    def placed(self) -> int:
        """How many have a box."""
        return sum(self.cells.values())

    @property
    def all_signed(self) -> int:
        """How many results an assessor signed, with a box or without."""
        return sum(self.signed.values()) + self.without_signed


def chosen(db: Session, agency_id: UUID, asked: Asked) -> Chosen | None:
    """Take the waves that are asked for, else the newest one; refuses with NotFound what has no placements here."""
    has_placements = select(CurrentPlacement.sitting_id).where(CurrentPlacement.wave_id == Wave.wave_id).exists()
    every = db.execute(
        select(Wave, has_placements).where(Wave.agency_id == agency_id).order_by(Wave.created.desc(), Wave.wave_id)
    ).all()
    waves = [wave for wave, is_placed in every if is_placed]
    by_id = {wave.wave_id: wave for wave in waves}
    if not waves and asked.wave_id is None:
        return None
    if (asked.wave_id or next(iter(by_id))) not in by_id or (asked.compared_id or next(iter(by_id))) not in by_id:
        raise NotFound("Gelombang ini tidak ada di instansi Anda, atau belum ada hasilnya.")
    wave = by_id[asked.wave_id] if asked.wave_id else waves[0]
    compared = by_id[asked.compared_id] if asked.compared_id and asked.compared_id != wave.wave_id else None
    return Chosen(waves, wave, compared, [wave for wave, is_placed in every if not is_placed])


def totals(db: Session, wave: Wave, definition: str) -> Totals:
    """Count everybody of a wave and list what filters can be set to."""
    current = CurrentPlacement
    groups = db.execute(
        select(current.rule_set, current.demonstration, current.unit, current.job_level, func.count())
        .where(current.agency_id == wave.agency_id, current.wave_id == wave.wave_id, current.definition == definition)
        .group_by(current.rule_set, current.demonstration, current.unit, current.job_level)
    ).all()  # fmt: skip
    found = [numbers.rule_set(db, sha256) for sha256 in {group.rule_set for group in groups}]
    booked = db.scalar(select(func.count()).select_from(Booking).where(Booking.wave_id == wave.wave_id)) or 0
    return Totals(
        booked, sum(count for *_, count in groups), any(group.demonstration for group in groups),
        max(found, key=lambda one: (one.effective, one.sha256)), len(found),
        sorted({group.unit for group in groups}), frozenset(group.job_level for group in groups),
    )  # fmt: skip


def counts(db: Session, agency_id: UUID, wave: Wave, asked: Asked, today: date, compared: Wave | None = None) -> Counts:
    """Count the people of a wave whom the filters leave."""
    current = CurrentPlacement
    wanted = select(current.cell, current.state, func.count(), func.count().filter(current.near_cut))
    narrowed = narrow(
        wanted, agency_id, wave.wave_id, asked.definition, asked.wanted, today, only_moved(asked, compared)
    )
    rows = [tuple(row) for row in db.execute(narrowed.group_by(current.cell, current.state))]
    cells: dict[int, int] = {}
    for cell, _, count, _ in rows:
        if cell is not None:
            cells[cell] = cells.get(cell, 0) + count
    return Counts(
        cells, {cell: count for cell, state, count, _ in rows if cell is not None and state == SIGNED},
        sum(near for _, _, _, near in rows), sum(count for cell, _, count, _ in rows if cell is None),
        sum(count for cell, state, count, _ in rows if cell is None and state == SIGNED),
    )  # fmt: skip


def moves(
    db: Session, agency_id: UUID, wave: Wave, compared: Wave, asked: Asked, today: date
) -> Mapping[tuple[int, int], int]:
    """Count the people who have a box in both waves by where they were and where they are."""
    wanted = beside(select(Before.cell, CurrentPlacement.cell, func.count()).select_from(CurrentPlacement), compared)
    narrowed = narrow(wanted, agency_id, wave.wave_id, asked.definition, asked.wanted, today, None)
    both = narrowed.where(Before.cell.is_not(None), CurrentPlacement.cell.is_not(None))
    if asked.wanted.moved:
        both = both.where(Before.cell != CurrentPlacement.cell)
    return {(old, new): count for old, new, count in db.execute(both.group_by(Before.cell, CurrentPlacement.cell))}


def only_moved(asked: Asked, compared: Wave | None) -> Wave | None:
    """Give the wave that people must have moved since to be wanted."""
    return compared if asked.wanted.moved else None


def beside(asked: Select[*tuple[Any, ...]], compared: Wave) -> Select[*tuple[Any, ...]]:
    """Put each person's placement in another wave of the same agency beside the one asked for."""
    same = and_(
        Before.agency_id == compared.agency_id, Before.wave_id == compared.wave_id,
        Before.definition == CurrentPlacement.definition, Before.employee_id == CurrentPlacement.employee_id,
    )  # fmt: skip
    return asked.outerjoin(Before, same)


def narrow(
    asked: Select[*tuple[Any, ...]], agency_id: UUID, wave_id: UUID, definition: str, wanted: Wanted, today: date,
    moved_since: Wave | None,
) -> Select[*tuple[Any, ...]]:  # fmt: skip
    """Restrict a query to the agency, wave and definition and to the people who are wanted."""
    current = CurrentPlacement
    if moved_since is not None:
        asked = beside(asked.select_from(current), moved_since).where(Before.cell != current.cell)
    mine = (current.agency_id == agency_id, current.wave_id == wave_id, current.definition == definition)
    return asked.where(*mine, *_wanted(wanted, today))


def _wanted(wanted: Wanted, today: date) -> Iterator[ColumnExpressionArgument[bool]]:
    current, (born_after, born_until) = CurrentPlacement, wanted.born(today)
    if wanted.unit:
        yield current.unit == wanted.unit
    if wanted.job_level:
        yield current.job_level == wanted.job_level
    if wanted.state:
        yield current.state == wanted.state
    if wanted.near_cut:
        yield current.near_cut
    if wanted.age:
        yield and_(current.birth_date > born_after, current.birth_date <= born_until)
    if wanted.search:
        yield _named(wanted.search)


def _named(search: str) -> ColumnElement[bool]:
    """Find a part of a name, or the first digits of a NIP in any spelling."""
    by_name = CurrentPlacement.name.icontains(search, autoescape=True)
    digits = clean_nip(search)
    return or_(by_name, CurrentPlacement.nip.startswith(digits)) if digits.isdecimal() else by_name
