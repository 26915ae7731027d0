"""What a cell of a matrix can show: scenes with their attributes, how they are drawn and how they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from item_bank.generation import strokes
from item_bank.generation.matrix_rules import Kind, Scale
from item_bank.generation.shapes import (
    BLACK,
    CIRCLE,
    CROSS,
    DIAMOND,
    FILLS,
    HEXAGON,
    PLAIN,
    SHAPES,
    SQUARE,
    STAR,
    TRIANGLE,
    figure,
    flock,
)

Cell = tuple[int, ...]
"""The values of a scene's attributes, in their order."""

CORNERS = ("kiri atas", "kanan atas", "kanan bawah", "kiri bawah")
DIRECTIONS = ("atas", "kanan atas", "kanan", "kanan bawah", "bawah", "kiri bawah", "kiri", "kiri atas")
SIZES = ("kecil", "sedang", "besar")
RADII = (13, 24, 36)
NUMBERS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
POINTERS = ("panah", "segitiga runcing", "juring", "jarum pentul")


@dataclass(frozen=True)
class Attribute:
    """One thing about a cell that can change: its name for reviewers, its scale, and the values that can be drawn."""

    name: str
    scale: Scale
    values: tuple[int, ...]


@dataclass(frozen=True)
class Scene:
    """Attributes that can be seen together, and how a cell is drawn and told."""

    name: str
    attributes: tuple[Attribute, ...]
    draw: Callable[[Cell], str]
    tell: Callable[[Cell], str]


def _attribute(name: str, kind: Kind, values: tuple[int, ...] | range) -> Attribute:
    size = max(values).bit_length() if kind == "set" else len(values)
    return Attribute(name, Scale(kind, size), tuple(values))


ANY_SHAPE = (CIRCLE, SQUARE, TRIANGLE, DIAMOND, STAR, CROSS)
WIDE_SHAPE = (CIRCLE, SQUARE, DIAMOND, HEXAGON)
FILL = _attribute("isian", "graded", range(3))
CORNER = _attribute("letak bulatan", "cycle", range(4))


def _draw_plain(cell: Cell) -> str:
    shape, size, fill = cell
    return figure(shape, 50, 50, RADII[size], fill)


def _tell_plain(cell: Cell) -> str:
    return f"{SHAPES[cell[0]]} {SIZES[cell[1]]} {FILLS[cell[2]]}"


def _draw_nested(cell: Cell) -> str:
    outer, inner, fill = cell
    return figure(outer, 50, 50, 38, PLAIN) + figure(inner, 50, 50, 14, fill)


def _tell_nested(cell: Cell) -> str:
    return f"{SHAPES[cell[0]]} berisi {SHAPES[cell[1]]} {FILLS[cell[2]]}"


def _draw_barred(cell: Cell) -> str:
    shape, bars, corner, fill = cell
    return figure(shape, 50, 50, 32, PLAIN) + strokes.bars(bars) + strokes.corner_dot(corner, fill == 1)


def _tell_barred(cell: Cell) -> str:
    shape, bars, corner, fill = cell
    dot = "hitam" if fill else "polos"
    return f"{SHAPES[shape]} bergaris {NUMBERS[bars]}, bulatan {dot} di {CORNERS[corner]}"


def _draw_flock(cell: Cell) -> str:
    count, shape, fill = cell
    return flock(shape, strokes.dice(count), 10, BLACK if fill else PLAIN)


def _tell_flock(cell: Cell) -> str:
    return f"{NUMBERS[cell[0]]} {SHAPES[cell[1]]} {'hitam' if cell[2] else 'polos'}"


def _draw_lattice(cell: Cell) -> str:
    return strokes.lattice() + strokes.segments(cell[0])


def _tell_lattice(cell: Cell) -> str:
    return f"kisi titik {_listed('dengan garis', strokes.named_segments(cell[0]), 'tanpa garis')}"


def _draw_two_lattices(cell: Cell) -> str:
    return _draw_lattice((cell[0] | cell[1] << 4,))


def _tell_two_lattices(cell: Cell) -> str:
    return _tell_lattice((cell[0] | cell[1] << 4,))


def _draw_tiles(cell: Cell) -> str:
    return strokes.tiles(cell[0])


def _tell_tiles(cell: Cell) -> str:
    black = [str(place + 1) for place in range(9) if cell[0] >> place & 1]
    return f"sembilan petak, {_listed('yang hitam nomor', black, 'tidak ada yang hitam')}"


def _draw_spokes(cell: Cell) -> str:
    spokes, hub, fill = cell
    return strokes.spokes(spokes) + figure(hub, 50, 50, 15, fill)


def _tell_spokes(cell: Cell) -> str:
    hours = [str(2 * place or 12) for place in range(6) if cell[0] >> place & 1]
    return f"{SHAPES[cell[1]]} {FILLS[cell[2]]}, {_listed('jari ke arah pukul', hours, 'tanpa jari')}"


def _draw_pointer(cell: Cell) -> str:
    kind, turn, corner = cell
    return strokes.pointer(kind, turn) + strokes.corner_dot(corner, solid=False)


def _tell_pointer(cell: Cell) -> str:
    return f"{POINTERS[cell[0]]} ke {DIRECTIONS[cell[1]]}, bulatan di {CORNERS[cell[2]]}"


def _draw_clock(cell: Cell) -> str:
    frame, long, short = cell
    return figure(frame, 50, 50, 39, PLAIN) + strokes.hands(long, short)


def _tell_clock(cell: Cell) -> str:
    frame, long, short = cell
    return f"{SHAPES[frame]}, jarum panjang ke {DIRECTIONS[long]}, jarum pendek ke {DIRECTIONS[short]}"


def _draw_orbit(cell: Cell) -> str:
    shape, fill, place = cell
    return figure(shape, 50, 50, 21, fill) + strokes.orbit_dot(place)


def _tell_orbit(cell: Cell) -> str:
    return f"{SHAPES[cell[0]]} {FILLS[cell[1]]}, bulatan di {DIRECTIONS[cell[2]]}"


def _listed(lead: str, names: list[str], none: str) -> str:
    return f"{lead} {', '.join(names)}" if names else none


SHAPE, OUTER = _attribute("bentuk", "nominal", ANY_SHAPE), _attribute("bentuk luar", "nominal", WIDE_SHAPE)
HUB = _attribute("bentuk tengah", "nominal", (CIRCLE, SQUARE, TRIANGLE, DIAMOND))
TWO_FILLS = _attribute("isian", "nominal", range(2))
TURNS = range(8)

SCENES = (
    Scene("plain", (SHAPE, _attribute("ukuran", "graded", range(3)), FILL), _draw_plain, _tell_plain),
    Scene("nested", (OUTER, _attribute("bentuk dalam", "nominal", ANY_SHAPE), FILL), _draw_nested, _tell_nested),
    Scene(
        "barred",
        (OUTER, _attribute("jumlah garis", "count", range(1, 5)), CORNER, TWO_FILLS),
        _draw_barred,
        _tell_barred,
    ),
    Scene("flock", (_attribute("jumlah", "count", range(1, 10)), SHAPE, TWO_FILLS), _draw_flock, _tell_flock),
    Scene("lattice", (_attribute("garis", "set", range(256)),), _draw_lattice, _tell_lattice),
    Scene(
        "two lattices",
        (_attribute("garis tepi", "set", range(16)), _attribute("garis tengah", "set", range(16))),
        _draw_two_lattices,
        _tell_two_lattices,
    ),
    Scene("tiles", (_attribute("petak hitam", "set", range(512)),), _draw_tiles, _tell_tiles),
    Scene("spokes", (_attribute("jari", "set", range(64)), HUB, FILL), _draw_spokes, _tell_spokes),
    Scene(
        "pointer",
        (_attribute("jenis penunjuk", "nominal", range(4)), _attribute("arah", "cycle", TURNS), CORNER),
        _draw_pointer,
        _tell_pointer,
    ),
    Scene(
        "clock",
        (OUTER, _attribute("jarum panjang", "cycle", TURNS), _attribute("jarum pendek", "cycle", TURNS)),
        _draw_clock,
        _tell_clock,
    ),
    Scene("orbit", (SHAPE, FILL, _attribute("letak bulatan", "cycle", TURNS)), _draw_orbit, _tell_orbit),
)
