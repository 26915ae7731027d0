"""The picture of a hotspot and its regions, which are rectangles here."""

from __future__ import annotations

from typing import Any

from item_bank.pictures import Image
from item_bank.qti.markup import Node
from item_bank.qti.reading.findings import Case, NotUnderstood
from item_bank.qti.texts import label, percent

FARTHEST = 1e6


def picture_of(interaction: Node) -> Node:
    """Give the picture as an image, also where it is written as an object."""
    shown = interaction.first("img")
    if shown is not None:
        return shown
    embedded = interaction.first("object") or interaction.first("qti-object")
    if embedded is None:
        raise NotUnderstood(interaction, "it shows no picture whose places could be chosen")
    told = {"src": embedded.get("data"), "alt": embedded.get("alt") or embedded.words()}
    sides = {side: embedded.get(side) for side in ("width", "height")}
    return Node("img", told | sides, [], embedded.line)


def region_of(spot: Node, own: str, image: Image, case: Case) -> dict[str, Any]:
    """Read a region, in percent of the picture; one of another shape becomes the rectangle around it."""
    left, top, right, bottom = _box(spot)
    if spot.get("shape") != "rect":
        case.tell(
            spot, f"a region of the shape {spot.get('shape')}", "it became the rectangle around it; the file is kept"
        )
    name = label(spot.get("hotspot-label") or spot.words())
    if not name:
        case.tell(spot, "a region without a name", "its identifier became its name; the file is kept")
    return {
        "id": own, "text": name or spot.get("identifier"),
        "x": percent(left, image.width), "width": percent(right - left, image.width),
        "y": percent(top, image.height), "height": percent(bottom - top, image.height),
    }  # fmt: skip


def _box(spot: Node) -> tuple[float, float, float, float]:
    """Give the rectangle around a region."""
    match spot.get("shape"), _figures(spot):
        case "rect", [left, top, right, bottom] if left <= right and top <= bottom:
            return left, top, right, bottom
        case "circle", [x, y, radius]:
            return x - radius, y - radius, x + radius, y + radius
        case "ellipse", [x, y, wide, high]:
            return x - wide, y - high, x + wide, y + high
        case "poly", [_, _, _, _, _, _, *_] as points:
            return min(points[::2]), min(points[1::2]), max(points[::2]), max(points[1::2])
    raise NotUnderstood(spot, "a region whose shape cannot be read")


def _figures(spot: Node) -> list[float]:
    try:
        figures = [float(part) for part in spot.get("coords").replace(",", " ").split()]
    except ValueError:
        return []
    return figures if all(abs(figure) < FARTHEST for figure in figures) else []
