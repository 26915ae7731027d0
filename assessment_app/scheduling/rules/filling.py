"""Who is placed where: a list of people into sessions, by capacity, with seats kept free and no unit away as a whole.

Pure and repeatable: the same people, sessions and limits give the same seats, in whatever order they are handed over.
People of one kind (same units, same needs) are placed together, those who are hardest to place first, each at the time
at which the least of their unit is away. Who finds no place then may still get one by moves of others that break no
limit: a breadth-first search for an augmenting path, as in a maximum flow.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessment_app.scheduling.rules.hall import Absence, Hall, Kind, Left, Seats, Why


@dataclass(frozen=True)
class Filled:
    """Who sits where, as {person: (session, seat)}, and who does not; every person is in exactly one of the two."""

    placed: Mapping[str, tuple[str, int]]
    left: Mapping[str, Left]
    away: Mapping[str, int]
    """How many of each unit are away at the moment at which most of them are."""


def spare_of(seats: int, percent: int, number: int) -> int:
    """How many seats of a room stay free: a number, or percent rounded up; never all of them."""
    return min(max(number, -(-seats * percent // 100)), seats - 1)


def limit(heads: int, percent: int) -> int:
    """How many of a unit may be away at one time; at least one, or small units could never come."""
    return max(1, heads * percent // 100)


def fill(
    people: Mapping[str, Kind],
    sessions: Sequence[Seats],
    heads: Mapping[str, int],
    away: Iterable[Absence],
    percent: int,
) -> Filled:
    """Place people, by their key, into sessions.

    ``heads`` counts the people of every unit with those below it; ``away`` are those who already sit somewhere;
    ``percent`` of a unit may be away at one time.
    Raises KeyError for somebody of a unit that has no head count.
    """
    hall = Hall(sessions, {unit: limit(number, percent) for unit, number in heads.items()}, away)
    left: dict[str, Left] = {}
    rest = []
    for kind, keys in _in_order(people, hall):
        first = _share(len(keys), len(people), hall) if hall.is_free(kind) else len(keys)
        rest.append((kind, [*keys[hall.place(kind, keys[:first]) : first], *keys[first:]]))
    for kind, keys in rest:
        if without := keys[hall.place(kind, keys) :]:
            left |= dict.fromkeys(without, hall.why_not(kind))
    for kind, keys in _again(people, left):
        done = 0
        while done < len(keys) and hall.make_way(kind, keys[done]):
            done += 1
        for key in keys[:done]:
            del left[key]
        if done < len(keys):
            left |= dict.fromkeys(keys[done:], hall.why_not(kind))
    return Filled(hall.seated(), left, {unit: max(counts, default=0) for unit, counts in hall.away.items()})


def _share(number: int, people: int, hall: Hall) -> int:
    """How many of some people get a seat before others do: where seats are short, they are so for all alike."""
    return number * min(hall.seats, people) // people


def _in_order(people: Mapping[str, Kind], hall: Hall) -> list[tuple[Kind, list[str]]]:
    """Put those with the fewest places first, then units that must come in the most parts; ties by name."""
    by_kind: dict[Kind, list[str]] = defaultdict(list)
    for key in sorted(people):
        by_kind[people[key]].append(key)
    coming = Counter(unit for kind, keys in by_kind.items() for unit in kind.units for _key in keys)

    def hardness(kind: Kind) -> tuple[int, Fraction, tuple[str, ...], str]:
        parts = max((Fraction(coming[unit], hall.limits[unit]) for unit in kind.units), default=Fraction(0))
        return len(hall.times_for(kind)), -parts, kind.units, by_kind[kind][0]

    return [(kind, by_kind[kind]) for kind in sorted(by_kind, key=hardness)]


def _again(people: Mapping[str, Kind], left: Mapping[str, Left]) -> list[tuple[Kind, list[str]]]:
    by_kind: dict[Kind, list[str]] = defaultdict(list)
    for key, found in left.items():
        if found.why is Why.UNIT_AWAY or found.why is Why.NO_SEAT:
            by_kind[people[key]].append(key)
    return list(by_kind.items())
