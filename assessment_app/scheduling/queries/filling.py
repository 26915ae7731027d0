"""What filling a wave would do: who is chosen, who of each unit is away already, and the plan that comes out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from assessment_app.people import queries as people
from assessment_app.people.models import Employee, Unit
from assessment_app.scheduling import queries
from assessment_app.scheduling.messages.filling import Filling
from assessment_app.scheduling.models import Accommodation, Booking, ExamSession, Room
from assessment_app.scheduling.queries import lists
from assessment_app.scheduling.rules import Needs
from assessment_app.scheduling.rules.filling import Filled, fill, limit, spare_of
from assessment_app.scheduling.rules.hall import Absence, Kind, Seats
from assessment_app.scheduling.rules.timetable import minutes_needed
from scoring_engine.canonical import canonical, digest

UNKNOWN, BOOKED = "unknown", "booked"
"""Why a NIP of a list is not placed before anybody looks for a seat: no active employee, or seated already."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who could be placed, as a booking would keep them."""

    employee_id: UUID
    nip: str
    name: str
    unit: str
    post: str
    job_level: str


@dataclass(frozen=True)
class UnitLine:
    """What a plan means for a unit with everybody below it."""

    name: str
    heads: int
    chosen: int
    placed: int
    away: int
    limit: int


@dataclass(frozen=True)
class RoomLine:
    """What a plan means for a room, over all its sessions that take people."""

    room: Room
    sessions: int
    placed: int
    filled: int
    seats: int


@dataclass(frozen=True)
class Plan:
    """A filling that is worked out and not written yet."""

    filling: Filling
    sessions: Sequence[tuple[ExamSession, int]]
    """Those that take people: their door is not open yet and their list is not frozen. With the seats taken before."""
    spare: Mapping[UUID, int]
    """Seats that stay free, by session."""
    candidates: Mapping[str, Candidate]
    """Everybody chosen, by NIP."""
    kinds: Mapping[str, Kind]
    filled: Filled
    """Who sits where, by NIP; a session is named by the text of its number."""
    refused: Mapping[str, str]
    """NIPs of a list for which nobody is looked for a seat, with UNKNOWN or BOOKED."""
    units: Mapping[str, UnitLine]
    """By key of the unit, those under nobody else."""
    every_unit: Mapping[str, UnitLine]

    @cached_property
    def fingerprint(self) -> str:
        """Name who sits where by a hash: another plan has another one."""
        return digest(canonical(sorted([nip, *map(str, place)] for nip, place in self.filled.placed.items())))

    @property
    def detail(self) -> dict[str, object]:
        """Say what is done as the audit trail keeps it."""
        return {
            "people": len(self.filled.placed), "left": len(self.filled.left), "places": self.fingerprint,
            "away_percent": self.filling.away_percent, "spare_percent": self.filling.spare_percent,
            "spare_seats": self.filling.spare_seats,
        }  # fmt: skip

    def rows(self, agency_id: UUID, wave_id: UUID) -> list[dict[str, object]]:
        """Write who sits where as columns of bookings."""
        found: list[dict[str, object]] = []
        for nip, (session_id, seat) in self.filled.placed.items():
            one = self.candidates[nip]
            found.append({
                "agency_id": agency_id, "wave_id": wave_id, "session_id": UUID(session_id), "seat": seat,
                "employee_id": one.employee_id, "nip": nip,
                "name": one.name, "unit": one.unit, "post": one.post, "job_level": one.job_level,
            })  # fmt: skip
        return found

    def placed_in(self, session_id: UUID) -> int:
        """Count the newcomers of a session."""
        return self._placed[str(session_id)]

    @cached_property
    def _placed(self) -> Counter[str]:
        return Counter(session for session, _seat in self.filled.placed.values())

    @property
    def rooms(self) -> list[RoomLine]:
        """Sum the sessions up by room."""
        lines: dict[UUID, RoomLine] = {}
        for one, taken in self.sessions:
            old, placed = lines.get(one.room_id, RoomLine(one.room, 0, 0, 0, 0)), self.placed_in(one.session_id)
            lines[one.room_id] = RoomLine(
                one.room, old.sessions + 1, old.placed + placed, old.filled + taken + placed, old.seats + one.room.seats
            )
        return sorted(lines.values(), key=lambda line: (line.room.site, line.room.name))

    @property
    def longest(self) -> int:
        """Give the minutes of the longest session that takes people."""
        return max((int((one.ends - one.starts).total_seconds()) // 60 for one, _taken in self.sessions), default=0)


def plan(db: Session, agency_id: UUID, wave_id: UUID, filling: Filling, now: datetime) -> Plan:
    """Work out who would sit where; writes nothing. Refuses with NotFound another agency's wave."""
    queries.wave(db, agency_id, wave_id)
    sessions = _sessions(db, agency_id, wave_id, now)
    spare = {
        one.session_id: spare_of(one.room.seats, filling.spare_percent, filling.spare_seats) for one, _n in sessions
    }
    chains, names = _units(db, agency_id)
    staff = _staff(db, agency_id)
    booked = set(db.scalars(select(Booking.employee_id).where(Booking.wave_id == wave_id)))
    below = {unit_id for unit_id, chain in chains.items() if filling.unit_ids & set(chain)}
    named = frozenset(filling.nips)
    chosen = {one.nip: one for one in staff if _is_chosen(one, filling, below, named) and one.employee_id not in booked}
    elsewhere = _absences(db, agency_id, sessions)
    keys = {unit_id: tuple(names[one][0] for one in chain) for unit_id, chain in chains.items()}
    limits_ms = queries.time_limits(db, wave_id)
    needs = _needs(db, agency_id, [one.employee_id for one in chosen.values()])
    kinds = {nip: _kind(one, keys, elsewhere, limits_ms, needs.get(one.employee_id)) for nip, one in chosen.items()}
    heads = Counter(key for one in staff for key in keys[one.unit_id])
    away = [Absence(keys[row.unit_id], row.starts, row.ends) for rows in elsewhere.values() for row in rows]
    filled = fill(kinds, _seats(db, wave_id, sessions, spare), heads, away, filling.away_percent)
    every = _lines(heads, kinds, filled, filling.away_percent, dict(names.values()))
    tops = {keys[unit_id][-1] for unit_id in chains}
    return Plan(
        filling, sessions, spare, {nip: _candidate(one, names) for nip, one in chosen.items()}, kinds, filled,
        _refused(filling, staff, booked), {key: line for key, line in every.items() if key in tops}, every,
    )  # fmt: skip


def _sessions(db: Session, agency_id: UUID, wave_id: UUID, now: datetime) -> list[tuple[ExamSession, int]]:
    frozen = lists.frozen_ids(db, agency_id, wave_id)
    return [
        (one, taken)
        for one, taken in queries.sessions_of(db, agency_id, wave_id)
        if one.session_id not in frozen and one.hours.opens > now
    ]


def _units(db: Session, agency_id: UUID) -> tuple[dict[UUID, tuple[UUID, ...]], dict[UUID, tuple[str, str]]]:
    """Give for every unit the units above it, itself first; and (key, name) of each."""
    found = {unit.unit_id: unit for unit in people.units(db, agency_id)}

    def chain(unit: Unit) -> tuple[UUID, ...]:
        above = found.get(unit.parent_id) if unit.parent_id else None
        return (unit.unit_id, *(chain(above) if above else ()))

    names = {unit_id: (unit.path_key, unit.name) for unit_id, unit in found.items()}
    return {unit_id: chain(unit) for unit_id, unit in found.items()}, names


_Staff = Row[UUID, str, str, UUID, str, str]


def _staff(db: Session, agency_id: UUID) -> Sequence[_Staff]:
    columns = (
        Employee.employee_id, Employee.nip, Employee.name, Employee.unit_id, Employee.post_title, Employee.job_level,
    )  # fmt: skip
    return db.execute(select(*columns).where(Employee.agency_id == agency_id, Employee.active)).all()


def _is_chosen(one: _Staff, filling: Filling, below: set[UUID], named: frozenset[str]) -> bool:
    return (
        (not filling.unit_ids or one.unit_id in below)
        and (not filling.job_levels or one.job_level in filling.job_levels)
        and (not named or one.nip in named)
    )


def _candidate(one: _Staff, names: Mapping[UUID, tuple[str, str]]) -> Candidate:
    return Candidate(one.employee_id, one.nip, one.name, names[one.unit_id][1], one.post_title, one.job_level)


_Away = Row[UUID, UUID, datetime, datetime]


def _absences(db: Session, agency_id: UUID, sessions: Sequence[tuple[ExamSession, int]]) -> dict[UUID, list[_Away]]:
    """List by employee when they sit in any wave of the agency, as far as it is near these sessions."""
    found: dict[UUID, list[_Away]] = defaultdict(list)
    if sessions:
        first, last = min(one.starts for one, _n in sessions), max(one.ends for one, _n in sessions)
        wanted = (
            select(Employee.employee_id, Employee.unit_id, ExamSession.starts, ExamSession.ends)
            .join(Booking, Booking.employee_id == Employee.employee_id).join(Booking.session)
            .where(Booking.agency_id == agency_id, ExamSession.ends > first, ExamSession.starts < last)
        )  # fmt: skip
        for row in db.execute(wanted):
            found[row.employee_id].append(row)
    return found


def _needs(db: Session, agency_id: UUID, employee_ids: Iterable[UUID]) -> dict[UUID, Needs]:
    """Give what people were granted in earlier waves: who needed more time will most likely need it again."""
    granted: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    wanted = (
        select(Booking.employee_id, Accommodation.kind, Accommodation.value)
        .join(Booking, Booking.booking_id == Accommodation.booking_id)
        .where(Accommodation.agency_id == agency_id).order_by(Accommodation.at, Accommodation.n)
    )  # fmt: skip
    for employee_id, kind, value in db.execute(wanted):
        granted[employee_id].append((kind, value))
    return {employee_id: Needs.of(granted[employee_id]) for employee_id in employee_ids if employee_id in granted}


def _kind(
    one: _Staff, keys: Mapping[UUID, tuple[str, ...]], elsewhere: Mapping[UUID, Sequence[_Away]],
    limits_ms: Sequence[int], needs: Needs | None,
) -> Kind:  # fmt: skip
    """Who needs nothing may sit in a session that is too short: the planner was told when it was made."""
    minutes = minutes_needed(limits_ms, needs) if needs and needs.takes_longer else 0
    busy = tuple(sorted((row.starts, row.ends) for row in elsewhere.get(one.employee_id, ())))
    return Kind(keys[one.unit_id], minutes, busy)


def _seats(
    db: Session, wave_id: UUID, sessions: Sequence[tuple[ExamSession, int]], spare: Mapping[UUID, int]
) -> list[Seats]:
    taken: dict[UUID, set[int]] = defaultdict(set)
    for session_id, seat in db.execute(select(Booking.session_id, Booking.seat).where(Booking.wave_id == wave_id)):
        taken[session_id].add(seat)
    return [
        Seats(
            str(one.session_id), one.starts, one.ends,
            tuple(seat for seat in range(1, one.room.seats + 1) if seat not in taken[one.session_id]),
            spare[one.session_id], f"{one.room.site}\x1f{one.room.name}",
        )
        for one, _n in sessions
    ]  # fmt: skip


def _lines(
    heads: Mapping[str, int], kinds: Mapping[str, Kind], filled: Filled, percent: int, names: Mapping[str, str]
) -> dict[str, UnitLine]:
    chosen = Counter(key for kind in kinds.values() for key in kind.units)
    placed = Counter(key for nip in filled.placed for key in kinds[nip].units)
    return {
        key: UnitLine(
            names[key], heads[key], chosen[key], placed[key], filled.away.get(key, 0), limit(heads[key], percent)
        )
        for key in sorted(heads)
    }


def _refused(filling: Filling, staff: Iterable[_Staff], booked: set[UUID]) -> dict[str, str]:
    known = {one.nip: one.employee_id for one in staff}
    return {
        nip: BOOKED if nip in known else UNKNOWN for nip in filling.nips if nip not in known or known[nip] in booked
    }
