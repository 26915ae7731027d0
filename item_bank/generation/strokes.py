"""The smaller parts of cells as SVG: bars, dots, lines of a lattice, tiles, spokes, pointers, hands of a clock."""

from __future__ import annotations

from math import cos, pi, sin

from item_bank.generation.shapes import INK, Point, number, path

LATTICE = (16, 50, 84)
SEGMENTS = ("1-3", "3-9", "7-9", "1-7", "4-6", "2-8", "1-9", "3-7")
"""Lines between points of a lattice that are numbered like the keys of a telephone."""

DICE = {1: "5", 2: "46", 3: "159", 4: "1379", 5: "13579", 6: "134679", 7: "1345679", 8: "12346789", 9: "123456789"}
"""Where so many things lie, as on dice."""


def dice(count: int) -> list[Point]:
    """Give the places of so many things."""
    return [_key(int(key), (20, 50, 80)) for key in DICE[count]]


def _key(key: int, lines: tuple[int, ...] = LATTICE) -> Point:
    return lines[(key - 1) % 3], lines[(key - 1) // 3]


def _around(reach: float, turn: float) -> Point:
    """Give a point around the middle of a cell; turns are eighths from the top, clockwise."""
    return 50 + reach * sin(pi * turn / 4), 50 - reach * cos(pi * turn / 4)


def dot(at: Point, radius: float, solid: bool) -> str:
    """Draw a dot, solid or open."""
    return f'<circle cx="{number(at[0])}" cy="{number(at[1])}" r="{number(radius)}"{" " + INK if solid else ""}/>'


def corner_dot(corner: int, solid: bool) -> str:
    """Draw a dot in a corner, counted clockwise from the upper left."""
    return dot(((10, 10), (90, 10), (90, 90), (10, 90))[corner], 6.5, solid)


def orbit_dot(place: int) -> str:
    """Draw a dot near the edge, counted in eighths from the top."""
    return dot(((50, 10), (90, 10), (90, 50), (90, 90), (50, 90), (10, 90), (10, 50), (10, 10))[place], 7, True)


def bars(count: int) -> str:
    """Draw level bars in the middle."""
    levels = [50 + 11 * (bar - (count - 1) / 2) for bar in range(count)]
    return f'<path d="{"".join(f"M37 {number(level)}H63" for level in levels)}" stroke-width="4.5"/>'


def lattice() -> str:
    """Draw the nine points between which lines may run."""
    points = "".join(f"M{x} {y}h.1" for y in LATTICE for x in LATTICE)
    return f'<path d="{points}"/>'


def segments(chosen: int) -> str:
    """Draw the chosen lines of the lattice."""
    lines = [[_key(int(end)) for end in name.split("-")] for name in named_segments(chosen)]
    drawn = "".join(path(line, closed=False) for line in lines)
    return f'<path d="{drawn}" stroke-width="4.5"/>' if drawn else ""


def named_segments(chosen: int) -> list[str]:
    """Name the chosen lines by their ends."""
    return [name for place, name in enumerate(SEGMENTS) if chosen >> place & 1]


def tiles(black: int) -> str:
    """Draw nine tiles, some of them black."""
    corners = [(14 + 24 * (place % 3), 14 + 24 * (place // 3)) for place in range(9) if black >> place & 1]
    filled = "".join(f"M{x} {y}h24v24h-24z" for x, y in corners)
    drawn = f'<path d="{filled}" {INK} stroke="none"/>' if filled else ""
    return f'{drawn}<path d="M14 14h72v72h-72zM38 14v72M62 14v72M14 38h72M14 62h72" stroke-width="2"/>'


def spokes(chosen: int) -> str:
    """Draw the chosen of six spokes that end in dots, counted clockwise from the top."""
    turns = [place * 4 / 3 for place in range(6) if chosen >> place & 1]
    lines = "".join(path([_around(24, turn), _around(43, turn)], closed=False) for turn in turns)
    ends = "".join(dot(_around(43, turn), 4, True) for turn in turns)
    return f'<path d="{lines}"/>{ends}' if lines else ""


def pointer(kind: int, turn: int) -> str:
    """Draw a pointer of a kind in a direction."""
    drawn = (
        '<path d="M50 80V22M36 37L50 21L64 37" stroke-width="5"/>',
        f'<path d="M50 18L66 78L50 68L34 78z" {INK}/>',
        f'<circle cx="50" cy="50" r="29"/><path d="M50 50L29.5 29.5A29 29 0 0 1 70.5 29.5z" {INK}/>',
        f'<path d="M50 80V36" stroke-width="5"/><circle cx="50" cy="29" r="10" {INK}/><path d="M40 80H60"/>',
    )[kind]
    return f'<g transform="rotate({45 * turn} 50 50)">{drawn}</g>' if turn else drawn


def hands(long: int, short: int) -> str:
    """Draw a long thin and a short thick hand."""
    far, near = (path([(50, 50), _around(reach, turn)], closed=False) for reach, turn in ((33, long), (18, short)))
    return f'<path d="{far}" stroke-width="3"/><path d="{near}" stroke-width="8"/><circle cx="50" cy="50" r="3" {INK}/>'
