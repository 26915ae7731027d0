"""The strip of response times: one bar an item in the order of the form, on a log scale. Pure.

The drawing has no words; its template writes those of the scale, the parts and the description, and the same numbers
stand in a table below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from markupsafe import Markup

WIDTH, HEIGHT = 790, 178
LEFT, TOP, BOTTOM = 30.0, 16.0, 158.0
LEAST_SECONDS, MOST_SECONDS = 1.0, 300.0
TICKS = (1, 3, 10, 30, 100, 300)

OFFLINE_MS = 60_000
"""An answer that arrived this long after it was given waited for the network."""

LETTER, MARGIN = 6.2, 6.0
"""Width of a letter and what is left free of a part's title, in pixels."""


@dataclass(frozen=True)
class Arrival:
    """When an item's answer was given last, counted from the opening of its part, and how much later it came in."""

    at_ms: int
    delay_ms: int


@dataclass(frozen=True)
class Outage:
    """Time that was given back for an outage, and when, counted from the opening of the part."""

    at_ms: int
    ms: int


@dataclass(frozen=True)
class PartTimes:
    """A part of a sitting: its items in their order, the time on each that was answered, how answers came in."""

    n: int
    title: str
    items: Sequence[str]
    spent_ms: Mapping[str, int]
    arrivals: Mapping[str, Arrival]
    outages: Sequence[Outage]


@dataclass(frozen=True)
class Bar:
    """One item of the strip; without seconds it was not answered, or its time is not known."""

    part: int
    number: int
    seconds: float | None
    is_rapid: bool
    is_offline: bool


@dataclass(frozen=True)
class Title:
    """Where a part begins, and what of its title fits above it."""

    x: float
    text: str


@dataclass(frozen=True)
class Tick:
    """One line of the scale: where it is, and how many seconds it stands for."""

    y: float
    seconds: int


@dataclass(frozen=True)
class Strip:
    """The whole strip: its bars, what its template writes, and the drawing."""

    bars: Sequence[Bar]
    titles: Sequence[Title]
    ticks: Sequence[Tick]
    limit: float
    drawing: Markup

    @property
    def timed(self) -> int:
        """Count the items whose time is known."""
        return sum(bar.seconds is not None for bar in self.bars)

    @property
    def rapid(self) -> Mapping[int, int]:
        """Count the rapid answers by part, of the parts that have some."""
        return _by_part([bar for bar in self.bars if bar.is_rapid])

    @property
    def offline(self) -> Mapping[int, int]:
        """Count by part the answers that were given without network or in an outage."""
        return _by_part([bar for bar in self.bars if bar.is_offline])


def time_strip(parts: Sequence[PartTimes], rapid_seconds: float) -> Strip:
    """Draw the response times of a sitting, part after part; faster than ``rapid_seconds`` is marked."""
    bars = [bar for part in parts for bar in _bars(part, rapid_seconds)]
    step = (WIDTH - LEFT) / max(1, len(bars))
    drawing = Markup().join([
        *(_line("grid-l", f"M{LEFT} {_up(seconds):.1f}H{WIDTH}") for seconds in TICKS),
        *_shades(bars, step),
        *_borders(parts, step),
        _bars_of([(at, bar) for at, bar in enumerate(bars) if not bar.is_rapid], "strip__bar", step),
        _bars_of([(at, bar) for at, bar in enumerate(bars) if bar.is_rapid], "strip__rapid", step),
        *(_flag(_across(at, step), bar) for at, bar in enumerate(bars) if bar.is_rapid),
        _line("strip__limit", f"M{LEFT} {_up(rapid_seconds):.1f}H{WIDTH}"),
        _line("axis", f"M{LEFT} {BOTTOM}H{WIDTH}"),
    ])  # fmt: skip
    ticks = [Tick(_up(seconds), seconds) for seconds in TICKS]
    return Strip(bars, list(_titles(parts, step)), ticks, rapid_seconds, drawing)


def _by_part(bars: Sequence[Bar]) -> dict[int, int]:
    parts = [bar.part for bar in bars]
    return {part: parts.count(part) for part in sorted(set(parts))}


def _bars(part: PartTimes, rapid_seconds: float) -> Iterator[Bar]:
    for number, item in enumerate(part.items, 1):
        seconds = part.spent_ms.get(item, 0) / 1000 or None
        is_rapid = seconds is not None and seconds < rapid_seconds
        yield Bar(part.n, number, seconds, is_rapid, _is_offline(part, item))


def _is_offline(part: PartTimes, item: str) -> bool:
    came = part.arrivals.get(item)
    if came is None:
        return False
    in_outage = any(one.at_ms - one.ms <= came.at_ms <= one.at_ms for one in part.outages)
    return in_outage or came.delay_ms >= OFFLINE_MS


def _across(place: int, step: float) -> float:
    return LEFT + (place + 0.5) * step


def _up(seconds: float) -> float:
    inside = min(max(seconds, LEAST_SECONDS), MOST_SECONDS)
    return BOTTOM - log(inside / LEAST_SECONDS) / log(MOST_SECONDS / LEAST_SECONDS) * (BOTTOM - TOP)


def _bars_of(bars: Sequence[tuple[int, Bar]], name: str, step: float) -> Markup:
    """Draw bars as one path, so that hundreds of them stay small; one of a second or less keeps a stump."""
    strokes = "".join(
        f"M{_across(at, step):.1f} {BOTTOM}V{min(_up(bar.seconds), BOTTOM - 2):.1f}"
        for at, bar in bars
        if bar.seconds is not None
    )
    width = min(max(step * 0.66, 1.0), 8.0)
    return Markup('<path class="{}" stroke-width="{:.2f}" d="{}"/>').format(name, width, strokes)


def _flag(x: float, bar: Bar) -> Markup:
    top = _up(bar.seconds or LEAST_SECONDS) - 9
    return Markup('<path class="strip__flag" d="M{:.1f} {:.1f}h7l-3.500 6z"/>').format(x - 3.5, top)


def _shades(bars: Sequence[Bar], step: float) -> Iterator[Markup]:
    """Shade the items that were answered without network, one after another as one span."""
    first = None
    for at, bar in enumerate([*bars, Bar(0, 0, None, is_rapid=False, is_offline=False)]):
        if bar.is_offline and first is None:
            first = at
        elif not bar.is_offline and first is not None:
            shape = Markup('<rect class="strip__offline" x="{:.1f}" y="{}" width="{:.1f}" height="{}"/>')
            yield shape.format(LEFT + first * step, TOP, (at - first) * step, BOTTOM - TOP)
            first = None


def _starts(parts: Sequence[PartTimes], step: float) -> Iterator[tuple[PartTimes, float, float]]:
    place = 0
    for part in parts:
        yield part, LEFT + place * step, len(part.items) * step
        place += len(part.items)


def _borders(parts: Sequence[PartTimes], step: float) -> Iterator[Markup]:
    for _, x, _ in _starts(parts, step):
        yield _line("strip__border", f"M{x:.1f} 2V{BOTTOM}")


def _titles(parts: Sequence[PartTimes], step: float) -> Iterator[Title]:
    for part, x, width in _starts(parts, step):
        own = part.title.rpartition(": ")[2]  # before the colon stands what the part shares with its neighbours
        whole, room = f"{part.n} {own}", int((width - MARGIN) / LETTER)
        short = whole if len(whole) <= room else f"{whole[: max(room - 1, 0)].rstrip()}…"
        yield Title(x + 3, short if len(short) > len(f"{part.n} …") else str(part.n))


def _line(name: str, path: str) -> Markup:
    return Markup('<path class="{}" d="{}"/>').format(name, path)
