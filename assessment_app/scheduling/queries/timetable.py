"""What a grid of sessions would do: which are new, which are there already, and which clash with what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assessment_app.platform.errors import Invalid
from assessment_app.scheduling import queries
from assessment_app.scheduling.messages.timetable import Grid
from assessment_app.scheduling.models import ExamSession, Room
from assessment_app.scheduling.queries.lists import on_the_wall
from assessment_app.scheduling.rules import timetable
from assessment_app.scheduling.rules.timetable import Concern, Wanted


@dataclass(frozen=True)
class Draft:
    """A grid beside what is planned already."""

    rooms: dict[UUID, Room]
    new: list[Wanted]
    there: list[Wanted]
    """Sessions that the wave has, exactly so."""
    clashes: list[tuple[Wanted, ExamSession]]
    """Sessions for which the room is taken, with what has it."""
    past: list[Wanted]
    concerns: Sequence[Concern]
    needed: int
    """Minutes that the battery needs."""

    @property
    def seats(self) -> int:
        """Count the seats of the new sessions."""
        return sum(self.rooms[one.room_id].seats for one in self.new)


def draft(db: Session, agency_id: UUID, wave_id: UUID, grid: Grid, now: datetime) -> Draft:
    """Compare a grid with what is planned; refuses with NotFound another's wave and with Invalid another's room."""
    queries.wave(db, agency_id, wave_id)
    known = {room.room_id: room for room in queries.rooms(db, agency_id)}
    if not set(grid.room_ids) <= set(known):
        raise Invalid("Ruang itu tidak ada di instansi Anda.")
    rooms = {room_id: known[room_id] for room_id in grid.room_ids}
    wanted = timetable.sessions(grid.days, grid.usual, grid.friday, {key: room.timezone for key, room in rooms.items()})
    needed = timetable.minutes_needed(queries.time_limits(db, wave_id))
    found = Draft(rooms, [], [], [], [], timetable.concerns(grid.usual, grid.friday, needed), needed)
    by_room = _planned(db, agency_id, wanted)
    for one in wanted:
        other = next((s for s in by_room[one.room_id] if s.starts < one.ends and s.ends > one.starts), None)
        if other is not None and (other.wave_id, other.starts, other.ends) == (wave_id, one.starts, one.ends):
            found.there.append(one)
        elif other is not None:
            found.clashes.append((one, other))
        else:
            (found.past if one.ends <= now else found.new).append(one)
    return found


def _planned(db: Session, agency_id: UUID, wanted: Sequence[Wanted]) -> dict[UUID, list[ExamSession]]:
    """List by room the sessions that touch the days of a grid."""
    since, until = min(one.starts for one in wanted), max(one.ends for one in wanted)
    touching = select(ExamSession).where(
        ExamSession.agency_id == agency_id, ExamSession.starts < until, ExamSession.ends > since
    )  # fmt: skip
    by_room: dict[UUID, list[ExamSession]] = defaultdict(list)
    for one in db.scalars(touching.options(joinedload(ExamSession.wave)).order_by(ExamSession.starts)):
        by_room[one.room_id].append(one)
    return by_room


@dataclass(frozen=True)
class Week:
    """A week of a wave as a calendar shows it: columns are beginnings on the wall clock, rows are rooms."""

    days: dict[date, list[datetime]]
    rows: list[tuple[Room, dict[datetime, tuple[ExamSession, int]]]]


def calendar(sessions: Sequence[tuple[ExamSession, int]]) -> list[Week]:
    """Lay sessions, each with its number of people, out by week, room and beginning."""
    weeks: dict[tuple[int, int], dict[datetime, dict[UUID, tuple[ExamSession, int]]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    rooms = {one.room_id: one.room for one, _taken in sessions}
    for one, taken in sessions:
        at = on_the_wall(one).replace(tzinfo=None)
        weeks[at.isocalendar()[:2]][at][one.room_id] = one, taken
    return [_week(weeks[name], rooms) for name in sorted(weeks)]


def _week(columns: dict[datetime, dict[UUID, tuple[ExamSession, int]]], rooms: dict[UUID, Room]) -> Week:
    days: dict[date, list[datetime]] = defaultdict(list)
    for at in sorted(columns):
        days[at.date()].append(at)
    used = sorted(
        {key for cells in columns.values() for key in cells}, key=lambda key: (rooms[key].site, rooms[key].name)
    )
    return Week(
        dict(days), [(rooms[key], {at: columns[at][key] for at in columns if key in columns[at]}) for key in used]
    )
