"""Matrices of figures, three by three: which picture belongs into the ninth cell."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from item_bank.generation.difficulty import of_matrix
from item_bank.generation.figure_slips import OPTIONS, choices_of, combinations
from item_bank.generation.layers import Grid, Layer, lay, told, topic_of
from item_bank.generation.matrix_rules import only_prediction
from item_bank.generation.puzzles import Answer, Puzzle
from item_bank.generation.scenes import SCENES, Attribute, Cell, Scene
from item_bank.pictures import Image, Picture

STEM = (
    "Perhatikan perubahan menurut baris dan menurut kolom. Gambar ketiga sering terbentuk dari dua gambar sebelumnya."
)
QUESTION = "Gambar mana yang melengkapi kotak bertanda tanya?"

LAYER_COUNTS = (1, 1, 2, 2, 2, 3, 3)
"""Numbers of rules, as often as they should come."""

STROKES = 'fill="none" stroke="currentColor" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"'
SVG_START = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
PLACES = [(3 + 110 * (place % 3), 3 + 110 * (place // 3)) for place in range(9)]


def make(chance: Random) -> Puzzle | None:
    """Make a matrix, or nothing where its rules leave more than one answer."""
    scene = chance.choice(SCENES)
    layers = _layers(scene, chance)
    constants = {of: chance.choice(of.values) for of in scene.attributes if of not in layers}
    if not is_sound(list(layers.values())) or has_constant_set(constants):
        return None
    right = constants | {of: layer.right for of, layer in layers.items()}
    wrong = [(right | slip, reason) for slip, reason in combinations(choices_of(layers, constants, chance))]
    if len({_cell(scene, values) for values in (right, *(values for values, _ in wrong))}) != OPTIONS:
        return None
    rules = list(layers.values())
    return Puzzle(
        stem=STEM,
        question=QUESTION,
        picture=_matrix(scene, [_cell(scene, constants | _values_at(place, rules)) for place in range(8)]),
        right=_answer(scene, right, f"Mengikuti semua aturan: {'; '.join(map(told, rules))}."),
        wrong=tuple(_answer(scene, values, reason) for values, reason in wrong),
        facet="figural-matriks",
        topic=topic_of(rules),
        difficulty=of_matrix([layer.rule for layer in rules], sum(layer.by_columns for layer in rules)),
    )


def _layers(scene: Scene, chance: Random) -> dict[Attribute, Layer]:
    """Lay rules over some attributes; where one cannot be laid, nothing."""
    able = [of for of in scene.attributes if len(of.values) > 2]
    count = min(chance.choice(LAYER_COUNTS), len(able))
    if count == 1:
        able = [of for of in able if of.scale.kind not in {"nominal", "graded"}] or able
    ruled = chance.sample(able, count)
    laid = {of: lay(of, chance) for of in scene.attributes if of in ruled}
    whole = {of: layer for of, layer in laid.items() if layer}
    return whole if len(whole) == len(laid) else {}


def is_sound(layers: list[Layer]) -> bool:
    """Whether there are layers, all proven, of which none only repeats another."""
    groups = {_grouping(layer.grid) for layer in layers}
    return bool(layers) and all(map(is_proven, layers)) and len(groups) == len(layers)


def _grouping(grid: Grid) -> tuple[int, ...]:
    """Say which cells are alike, whatever their values: two layers of one grouping would be read as one."""
    return tuple(grid.index(value) for value in grid)


def is_proven(layer: Layer) -> bool:
    """Whether every rule that fits the eight visible values leads to the ninth value of the layer."""
    return only_prediction(layer.grid[:8], layer.attribute.scale) == layer.right


def has_constant_set(constants: Mapping[Attribute, int]) -> bool:
    """Whether lines or tiles stay the same everywhere: they would be ornament that is read for nothing."""
    return any(of.scale.kind == "set" for of in constants)


def _values_at(place: int, rules: list[Layer]) -> dict[Attribute, int]:
    return {layer.attribute: layer.grid[place] for layer in rules}


def _cell(scene: Scene, values: Mapping[Attribute, int]) -> Cell:
    return tuple(values[of] for of in scene.attributes)


def _answer(scene: Scene, values: Mapping[Attribute, int], reason: str) -> Answer:
    cell = _cell(scene, values)
    drawn = f"{SVG_START.format(side=100)}<g {STROKES}>{scene.draw(cell)}</g></svg>"
    return Answer(scene.tell(cell).capitalize(), reason, Image("image/svg+xml", 100, 100, drawn))


def _matrix(scene: Scene, cells: list[Cell]) -> Picture:
    """Draw the eight cells in frames, and the place of the ninth."""
    frames = "".join(f'<rect x="{x}" y="{y}" width="104" height="104" rx="4"/>' for x, y in PLACES[:8])
    drawn = "".join(
        f'<g transform="translate({x + 2} {y + 2})">{scene.draw(cell)}</g>'
        for (x, y), cell in zip(PLACES, cells, strict=False)
    )
    empty = '<rect x="223" y="223" width="104" height="104" rx="4" stroke-width="2.5" stroke-dasharray="7 5"/>'
    asked = (
        '<text x="275" y="293" text-anchor="middle" font-size="52" font-weight="600" fill="currentColor" '
        'stroke="none">?</text>'
    )
    data = f'{SVG_START.format(side=330)}<g {STROKES}><g stroke-width="1.2">{frames}</g>{drawn}{empty}{asked}</g></svg>'
    return Picture("image/svg+xml", 330, 330, data, tell_matrix([scene.tell(cell) for cell in cells]))


def tell_matrix(cells: list[str]) -> str:
    """Tell the eight cells by row."""
    rows = [cells[:3], cells[3:6], [*cells[6:], "kotak bertanda tanya"]]
    told_rows = (f"Baris {number}: {'; '.join(row)}." for number, row in enumerate(rows, start=1))
    return f"Matriks tiga kali tiga. {' '.join(told_rows)}"
