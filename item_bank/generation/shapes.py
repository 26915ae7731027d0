"""Plane figures as SVG: outlined, hatched or black, in the colour of the page."""

from __future__ import annotations

from functools import cache
from math import cos, pi, sin

Point = tuple[float, float]

CIRCLE, SQUARE, TRIANGLE, DIAMOND, STAR, CROSS, HEXAGON = range(7)
SHAPES = ("lingkaran", "persegi", "segitiga", "belah ketupat", "bintang", "palang", "segi enam")
PLAIN, HATCHED, BLACK = range(3)
FILLS = ("polos", "berarsir", "hitam")

INK = 'fill="currentColor"'
HATCH_GAP, FINE_GAP = 9.0, 6.5
"""Between hatches, and in figures of a radius below 20; closer lines run together on the screens of laboratories."""


def number(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def path(points: list[Point], closed: bool = True) -> str:
    """Write the outline through points as path data."""
    return "M" + " ".join(f"{number(x)} {number(y)}" for x, y in points) + ("z" if closed else "")


@cache
def figure(shape: int, x: float, y: float, radius: float, fill: int) -> str:
    """Draw a figure around a point."""
    ink = f" {INK}" if fill == BLACK else ""
    hatching = f'<path d="{_hatching(shape, x, y, radius)}" stroke-width="2"/>' if fill == HATCHED else ""
    if shape == CIRCLE:
        return f'{hatching}<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"{ink}/>'
    return f'{hatching}<path d="{path(_corners(shape, x, y, radius))}"{ink}/>'


def flock(shape: int, places: list[Point], radius: float, fill: int) -> str:
    """Draw a small figure at several places, plain or black, in one path if it has corners."""
    if shape == CIRCLE:
        return "".join(figure(shape, x, y, radius, fill) for x, y in places)
    outlines = "".join(path(_corners(shape, x, y, radius)) for x, y in places)
    return f'<path d="{outlines}"{f" {INK}" if fill == BLACK else ""}/>'


def _corners(shape: int, x: float, y: float, radius: float) -> list[Point]:
    """Place the corners so that all figures of a radius look about equally large."""
    if shape == SQUARE:
        half = 0.88 * radius
        return [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    if shape == CROSS:
        return _cross(x, y, radius, 0.36 * radius)
    if shape == TRIANGLE:
        return _ring(x, y + 0.18 * radius, [1.2 * radius], 3)
    if shape == STAR:
        return _ring(x, y + 0.05 * radius, [1.2 * radius, 0.5 * radius], 10)
    corners, reach = {DIAMOND: (4, 1.2), HEXAGON: (6, 1.08), CIRCLE: (48, 1.0)}[shape]
    return _ring(x, y, [reach * radius], corners)


def _ring(x: float, y: float, radii: list[float], corners: int) -> list[Point]:
    """Place corners around a point from the top on, at radii that take turns."""
    turns = [2 * pi * step / corners for step in range(corners)]
    reach = [radii[step % len(radii)] for step in range(corners)]
    return [(x + r * sin(turn), y - r * cos(turn)) for r, turn in zip(reach, turns, strict=True)]


def _cross(x: float, y: float, far: float, near: float) -> list[Point]:
    quarter = [(near, -far), (near, -near), (far, -near)]
    turned = [(dx * c - dy * s, dx * s + dy * c) for c, s in ((1, 0), (0, 1), (-1, 0), (0, -1)) for dx, dy in quarter]
    return [(x + dx, y + dy) for dx, dy in turned]


def _hatching(shape: int, x: float, y: float, radius: float) -> str:
    """Draw rising lines through the inside, one through the middle and the others beside it."""
    corners = _corners(shape, x, y, radius)
    gap = FINE_GAP if radius < 20 else HATCH_GAP
    reach = int(2 * radius // gap) + 1
    strokes = (_crossings(corners, x + y + step * gap * 2**0.5) for step in range(-reach, reach + 1))
    return "".join(path(pair, closed=False) for points in strokes for pair in _pairs(points))


def _pairs(points: list[Point]) -> list[list[Point]]:
    """Pair the points where a line goes in and out, leaving out lines that only touch a corner."""
    pairs = [points[at : at + 2] for at in range(0, len(points) - 1, 2)]
    return [pair for pair in pairs if pair[1][0] - pair[0][0] > 1]


def _crossings(corners: list[Point], level: float) -> list[Point]:
    """Find where the line x + y = level crosses an outline, from left to right."""
    found = []
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        before, after = x0 + y0 - level, x1 + y1 - level
        if (before < 0) != (after < 0):
            part = before / (before - after)
            found.append((x0 + part * (x1 - x0), y0 + part * (y1 - y0)))
    return sorted(found)
