"""One rule laid over one attribute of a matrix: nine values that follow it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from item_bank.generation.matrix_rules import COMBINED, Kind
from item_bank.generation.scenes import Attribute

Grid = tuple[int, ...]
"""Nine values, row by row."""

RULES_OF: dict[Kind, tuple[str, ...]] = {
    "nominal": ("three",),
    "graded": ("three", "progress"),
    "count": ("three", "progress", "plus", "plus", "minus", "minus"),
    "cycle": ("turn", "turn", "three"),
    "set": ("union", "xor", "both", "less"),
}
"""Rules that are laid over attributes; those are likelier that the kind of attribute alone allows."""

RULE_NAMES = {
    "three": "sebaran tiga", "progress": "perubahan bertahap", "turn": "putaran", "plus": "penjumlahan",
    "minus": "pengurangan", "union": "gabungan", "xor": "bagian yang hanya ada pada salah satu",
    "both": "bagian bersama", "less": "bagian pertama tanpa yang kedua",
}  # fmt: skip


@dataclass(frozen=True)
class Layer:
    """A rule on an attribute, read along the rows or the columns, with its step where it has one."""

    attribute: Attribute
    rule: str
    by_columns: bool
    step: int
    grid: Grid

    @property
    def right(self) -> int:
        """Give the ninth value."""
        return self.grid[8]

    @property
    def operands(self) -> tuple[int, int]:
        """Give the first two values of the last line."""
        return (self.grid[2], self.grid[5]) if self.by_columns else (self.grid[6], self.grid[7])

    def closed(self, value: int) -> int:
        """Bring a value back into a cycle."""
        return value % self.attribute.scale.size if self.attribute.scale.kind == "cycle" else value


def lay(attribute: Attribute, chance: Random) -> Layer | None:
    """Lay a rule over an attribute, or nothing where chance led beyond what can be drawn."""
    rule = chance.choice(RULES_OF[attribute.scale.kind])
    by_columns = chance.random() < 0.4
    grid, step = LAYING[rule](attribute, chance)
    if by_columns:
        grid = tuple(grid[3 * (place % 3) + place // 3] for place in range(9))
    fits = set(grid) <= set(attribute.values) and len(set(grid)) > 1
    return Layer(attribute, rule, by_columns, step, grid) if fits else None


def _three(attribute: Attribute, chance: Random) -> tuple[Grid, int]:
    values, shift = chance.sample(attribute.values, 3), chance.choice((1, 2))
    return tuple(values[(column + shift * row) % 3] for row in range(3) for column in range(3)), 0


def _progress(attribute: Attribute, chance: Random) -> tuple[Grid, int]:
    """Step evenly in each row, and evenly from row to row; where few values are, every row is the same."""
    few = len(attribute.values) == 3
    step = chance.choice((-1, 1) if few else (-2, -1, 1, 2))
    down = 0 if few else chance.choice((-2, -1, 1, 2))
    start = chance.choice(attribute.values)
    return tuple(start + step * column + down * row for row in range(3) for column in range(3)), step


def _turn(attribute: Attribute, chance: Random) -> tuple[Grid, int]:
    size = attribute.scale.size
    step = chance.choice((-1, 1) if size == 4 else (-3, -2, -1, 1, 2, 3))
    start, down = chance.randrange(size), chance.randrange(1, size)
    return tuple((start + step * column + down * row) % size for row in range(3) for column in range(3)), step


def _sum(attribute: Attribute, chance: Random) -> tuple[Grid, int]:
    pairs = [_two_parts(chance, max(attribute.values)) for _ in range(3)]
    return tuple(value for a, b in pairs for value in (a, b, a + b)), 0


def _rest(attribute: Attribute, chance: Random) -> tuple[Grid, int]:
    pairs = [_two_parts(chance, max(attribute.values)) for _ in range(3)]
    return tuple(value for a, b in pairs for value in (a + b, b, a)), 0


def _two_parts(chance: Random, most: int) -> tuple[int, int]:
    whole = chance.randint(2, most)
    part = chance.randint(1, whole - 1)
    return part, whole - part


def _combined(rule: str) -> Callable[[Attribute, Random], tuple[Grid, int]]:
    """Make the layer of a rule on sets."""

    def laying(attribute: Attribute, chance: Random) -> tuple[Grid, int]:
        pairs = [_two_sets(chance, attribute.scale.size) for _ in range(3)]
        return tuple(value for a, b in pairs for value in (a, b, COMBINED[rule](a, b))), 0

    return laying


def _two_sets(chance: Random, size: int) -> tuple[int, int]:
    """Choose two sets that share something and each have something of their own, and not too much."""
    shared, first, second, *rest = chance.sample(range(size), size)
    a, b = 1 << shared | 1 << first, 1 << shared | 1 << second
    for place in rest[:3]:
        into = chance.choice(("a", "b", "both", "none"))
        a |= (into in {"a", "both"}) << place
        b |= (into in {"b", "both"}) << place
    return a, b


LAYING: dict[str, Callable[[Attribute, Random], tuple[Grid, int]]] = {
    "three": _three,
    "progress": _progress,
    "turn": _turn,
    "plus": _sum,
    "minus": _rest,
    **{rule: _combined(rule) for rule in ("union", "xor", "both", "less")},
}


def told(layer: Layer) -> str:
    """Say the rule for reviewers."""
    return f"{layer.attribute.name}: {RULE_NAMES[layer.rule]} menurut {'kolom' if layer.by_columns else 'baris'}"


def topic_of(layers: Sequence[Layer]) -> str:
    """Name the kinds of rules, each once."""
    return " dan ".join(dict.fromkeys(RULE_NAMES[layer.rule] for layer in layers))
