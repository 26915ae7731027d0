"""The hall while people are placed: who is where, how many of each unit are away, and who makes way for whom. Pure."""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Why(StrEnum):
    """Why somebody has no seat."""

    NO_SEAT = "no-seat"
    UNIT_AWAY = "unit-away"
    TOO_SHORT = "too-short"
    BUSY = "busy"


@dataclass(frozen=True)
class Seats:
    """A session with the seats that nobody has; ``spare`` of them stay free."""

    key: str
    starts: datetime
    ends: datetime
    free: tuple[int, ...]
    spare: int = 0
    order: str = ""
    """Which of two sessions at one time comes first; their keys may come from chance."""

    @property
    def takes(self) -> int:
        """How many people it takes yet."""
        return max(0, len(self.free) - self.spare)


@dataclass(frozen=True)
class Kind:
    """What people have in common who can sit at the same places."""

    units: tuple[str, ...]
    """The own unit first, then those that it stands under."""
    minutes: int = 0
    """A session must be at least so long."""
    busy: tuple[tuple[datetime, datetime], ...] = ()
    """When they sit elsewhere."""

    def may_sit(self, starts: datetime, ends: datetime) -> bool:
        """Tell whether a session at that time is long enough and clashes with nothing."""
        return self.is_long_enough(starts, ends) and not any(a < ends and b > starts for a, b in self.busy)

    def is_long_enough(self, starts: datetime, ends: datetime) -> bool:
        """Tell whether a session holds what these people need."""
        return (ends - starts).total_seconds() >= 60 * self.minutes


@dataclass(frozen=True)
class Left:
    """Why somebody got no seat; the unit where it is a unit's limit that stood against it."""

    why: Why
    unit: str = ""


@dataclass(frozen=True)
class Absence:
    """Somebody who is away for an assessment already, with all units that miss them."""

    units: tuple[str, ...]
    starts: datetime
    ends: datetime


_Step = tuple[int, Kind, int]
"""Somebody of this kind moves from one time to another."""


@dataclass
class _Time:
    """All sessions that begin and end together, while they are filled."""

    starts: datetime
    ends: datetime
    sessions: list[Seats]
    spans: slice
    placed: dict[Kind, list[str]] = field(default_factory=lambda: defaultdict(list))
    taken: int = 0

    @property
    def takes(self) -> int:
        return sum(one.takes for one in self.sessions)


class Hall:
    """What is known while people are placed: who is where, and how many of each unit are away in each span of time.

    A span lies between two moments at which some session begins or ends, so nothing changes inside it.
    """

    def __init__(self, sessions: Sequence[Seats], limits: Mapping[str, int], away: Iterable[Absence]) -> None:
        together: dict[tuple[datetime, datetime], list[Seats]] = defaultdict(list)
        for one in sorted(sessions, key=lambda one: (one.starts, one.ends, one.order, one.key)):
            together[one.starts, one.ends].append(one)
        bounds = sorted({moment for when in together for moment in when})
        self.times = [_Time(*when, ones, slice(*map(bounds.index, when))) for when, ones in together.items()]
        self.takes = [time.takes for time in self.times]
        self.limits = limits
        self.away: dict[str, list[int]] = defaultdict(lambda: [0] * len(bounds))
        self._kept: dict[Kind, list[int]] = {}
        for absence in away:
            first = max(0, bisect_right(bounds, absence.starts) - 1)
            last = min(bisect_left(bounds, absence.ends), len(bounds) - 1)  # after the last moment there is no span
            self._count(absence.units, slice(first, last), 1)

    @property
    def seats(self) -> int:
        """How many people all times together take."""
        return sum(self.takes)

    def _count(self, units: tuple[str, ...], spans: slice, by: int) -> None:
        for unit in units:
            counts = self.away[unit]
            for n in range(spans.start, spans.stop):
                counts[n] += by

    def times_for(self, kind: Kind) -> list[int]:
        """Number the times at which somebody of a kind may sit at all."""
        if kind not in self._kept:
            self._kept[kind] = [n for n, time in enumerate(self.times) if kind.may_sit(time.starts, time.ends)]
        return self._kept[kind]

    def is_free(self, kind: Kind) -> bool:
        """Tell whether people of a kind may sit at any time."""
        return len(self.times_for(kind)) == len(self.times)

    def _share(self, kind: Kind, n: int) -> float:
        """How much of what the tightest unit allows is away at a time; from 1 on nobody more may leave."""
        spans = self.times[n].spans
        return max((max(self.away[unit][spans]) / self.limits[unit] for unit in kind.units), default=0.0)

    def _rank(self, kind: Kind, n: int) -> tuple[float, float, int]:
        return self._share(kind, n), self.times[n].taken / self.takes[n], n

    def _has_seat(self, n: int) -> bool:
        return self.times[n].taken < self.takes[n]

    def _put(self, kind: Kind, key: str, n: int) -> None:
        self.times[n].placed[kind].append(key)
        self.times[n].taken += 1
        self._count(kind.units, self.times[n].spans, 1)

    def _take(self, kind: Kind, n: int) -> str:
        time = self.times[n]
        key = time.placed[kind].pop()
        if not time.placed[kind]:
            del time.placed[kind]
        time.taken -= 1
        self._count(kind.units, time.spans, -1)
        return key

    def place(self, kind: Kind, keys: Sequence[str]) -> int:
        """Place people of one kind, each where the least of theirs are away; tells how many found a place."""
        queue = [self._rank(kind, n) for n in self.times_for(kind) if self._has_seat(n)]
        heapq.heapify(queue)
        for done, key in enumerate(keys):
            n = self._best(kind, queue)
            if n is None:
                return done
            self._put(kind, key, n)
            heapq.heappush(queue, self._rank(kind, n))
        return len(keys)

    def _best(self, kind: Kind, queue: list[tuple[float, float, int]]) -> int | None:
        """Take the best time that still holds; ranks only get worse, so one that grew old is put back."""
        while queue:
            rank = heapq.heappop(queue)
            n = rank[2]
            if not self._has_seat(n) or (now := self._rank(kind, n))[0] >= 1:
                continue
            if now > rank:
                heapq.heappush(queue, now)
            else:
                return n
        return None

    def make_way(self, kind: Kind, key: str) -> bool:
        """Place somebody by moving others on, one from each time on the way, if there is such a way."""
        if not any(map(self._has_seat, range(len(self.times)))):
            return False
        came: dict[int, tuple[int, Kind] | None] = dict.fromkeys(self._open_to(kind))
        ahead = deque(came)
        while ahead:
            n = ahead.popleft()
            if self._has_seat(n):
                return self._move_along(*_way(came, n), kind, key)
            for mover in list(self.times[n].placed):
                for target in self._open_to(mover):
                    if target not in came:
                        came[target] = n, mover
                        ahead.append(target)
        return False

    def _open_to(self, kind: Kind) -> list[int]:
        """Number the times at which nothing but full rooms stands against one more of a kind."""
        return [n for n in self.times_for(kind) if self.takes[n] and self._share(kind, n) < 1]

    def _move_along(self, steps: Sequence[_Step], first: int, kind: Kind, key: str) -> bool:
        """Make the moves, the last one first; where they are in each other's way, everything stays as it was."""
        done: list[_Step] = []
        for source, mover, target in steps:
            if self._share(mover, target) >= 1:
                break
            self._put(mover, self._take(mover, source), target)
            done.append((source, mover, target))
        if len(done) == len(steps) and self._share(kind, first) < 1:
            self._put(kind, key, first)
            return True
        for source, mover, target in reversed(done):
            self._put(mover, self._take(mover, target), source)
        return False

    def why_not(self, kind: Kind) -> Left:
        """Say why nobody more of a kind finds a place."""
        times = self.times_for(kind)
        if not times:
            is_long = any(kind.is_long_enough(time.starts, time.ends) for time in self.times)
            return Left(Why.BUSY if is_long else Why.TOO_SHORT if self.times else Why.NO_SEAT)
        open_times = [n for n in times if self._has_seat(n)]
        if not open_times:
            return Left(Why.NO_SEAT)
        return Left(Why.UNIT_AWAY, self._tightest(kind, open_times[0]))

    def _tightest(self, kind: Kind, n: int) -> str:
        spans = self.times[n].spans
        return max(kind.units, key=lambda unit: max(self.away[unit][spans]) / self.limits[unit])

    def seated(self) -> dict[str, tuple[str, int]]:
        """Give everybody who was placed a session of their time and a seat in it."""
        return {key: place for time in self.times for key, place in _seat(time)}


def _way(came: Mapping[int, tuple[int, Kind] | None], last: int) -> tuple[list[_Step], int]:
    """List the steps that lead to a time, the last one first, and give the time where the way begins."""
    steps, n = [], last
    while (step := came[n]) is not None:
        steps.append((*step, n))
        n = step[0]
    return steps, n


def _seat(time: _Time) -> Iterator[tuple[str, tuple[str, int]]]:
    """Deal the people of one time out to its rooms, each unit to all rooms, and seat no two of a unit side by side."""
    rooms: list[list[tuple[str, str]]] = [[] for _one in time.sessions]
    of_unit: Counter[tuple[str, int]] = Counter()
    open_rooms = [n for n, one in enumerate(time.sessions) if one.takes]
    everybody = ((kind.units[0] if kind.units else "", key) for kind, keys in time.placed.items() for key in keys)
    for unit, key in sorted(everybody):
        n = min(open_rooms, key=lambda n: (of_unit[unit, n], len(rooms[n]) / time.sessions[n].takes, n))
        rooms[n].append((unit, key))
        of_unit[unit, n] += 1
        if len(rooms[n]) == time.sessions[n].takes:
            open_rooms.remove(n)
    for one, dealt in zip(time.sessions, rooms, strict=True):
        for seat, key in zip(one.free, _apart(dealt), strict=False):
            yield key, (one.key, seat)


def _apart(dealt: Sequence[tuple[str, str]]) -> list[str]:
    """Order people so that no two of a unit follow each other, wherever that is possible.

    The largest unit takes every second place first.
    """
    sizes = Counter(unit for unit, _key in dealt)
    ordered = [key for _size, _unit, key in sorted((-sizes[unit], unit, key) for unit, key in dealt)]
    order = [*range(0, len(ordered), 2), *range(1, len(ordered), 2)]
    return [key for _place, key in sorted(zip(order, ordered, strict=True))]
