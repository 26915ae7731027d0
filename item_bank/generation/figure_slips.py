"""Wrong ninth cells, each from slips that have names.

The options of an item are all combinations of some values for each of a few attributes, the right value among them.
So every value is there as often as every other, and nobody finds the right answer by counting what the options show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from random import Random

from item_bank.generation.layers import Layer
from item_bank.generation.scenes import Attribute

OPTIONS = 8

Slips = dict[int, str]
"""Wrong values, each with the slip that leads to it."""


@dataclass(frozen=True)
class Choices:
    """The values that the options show of an attribute: the right one, and those of slips."""

    attribute: Attribute
    right: int
    slips: Slips


def choices_of(layers: Mapping[Attribute, Layer], constants: Mapping[Attribute, int], chance: Random) -> list[Choices]:
    """Choose what the options show; where chance finds no eight combinations, nothing."""
    free = [Choices(of, value, _changed(of, value, chance)) for of, value in constants.items()]
    governed = [Choices(of, layer.right, slips_of(layer, chance)) for of, layer in layers.items()]
    order = chance.sample(governed, len(governed)) + chance.sample(free, len(free))
    for sizes in _sizes(len(governed), len(order)):
        if all(len(one.slips) >= size - 1 for one, size in zip(order, sizes, strict=False)):
            return [_narrowed(one, size, layers, chance) for one, size in zip(order, sizes, strict=False)]
    return []


def _sizes(governed: int, attributes: int) -> Iterator[tuple[int, ...]]:
    """Give the ways to split eight options, those first that leave what is constant alone."""
    ways = {1: ((8,), (4, 2)), 2: ((4, 2), (2, 2, 2)), 3: ((2, 2, 2),)}[governed]
    return (sizes for sizes in ways if len(sizes) <= attributes)


def _narrowed(one: Choices, size: int, layers: Mapping[Attribute, Layer], chance: Random) -> Choices:
    """Keep so many values; of sets those that differ by whole parts, so that parts cannot be counted either."""
    layer = layers.get(one.attribute)
    if size < OPTIONS and one.attribute.scale.kind == "set" and layer:
        parts = chance.sample(parts_of(layer), size.bit_length() - 1)
        kept = [one.right ^ _sum_of(parts, taken) for taken in product((0, 1), repeat=len(parts)) if any(taken)]
    else:
        kept = list(one.slips)[: size - 1]
    return Choices(one.attribute, one.right, {value: one.slips[value] for value in kept})


def _sum_of(parts: list[int], taken: tuple[int, ...]) -> int:
    return sum(part for part, is_in in zip(parts, taken, strict=True) if is_in)


def parts_of(layer: Layer) -> list[int]:
    """Give what both operands share, and what each has alone."""
    a, b = layer.operands
    return [a & b, a & ~b, b & ~a]


def combinations(choices: list[Choices]) -> Iterator[tuple[dict[Attribute, int], str]]:
    """Give every wrong combination with the slips that lead to it."""
    for values in product(*([one.right, *one.slips] for one in choices)):
        wrong = [(one, value) for one, value in zip(choices, values, strict=True) if value != one.right]
        if wrong:
            reason = "; ".join(f"{one.attribute.name}: {one.slips[value]}" for one, value in wrong)
            yield {one.attribute: value for one, value in zip(choices, values, strict=True)}, f"Keliru pada {reason}."


def slips_of(layer: Layer, chance: Random) -> Slips:
    """Name the slips on a layer that lead to other values than the right one, in an order of chance."""
    if layer.attribute.scale.kind == "set":
        return _set_slips(layer)
    named = list(_named_slips(layer))
    chance.shuffle(named)
    strange = chance.sample(layer.attribute.values, len(layer.attribute.values))
    named += [(value, _strange(value in layer.grid)) for value in strange]
    drawable = set(layer.attribute.values) - {layer.right}
    slips: Slips = {}
    for value, name in named:
        if value in drawable:
            slips.setdefault(value, name)
    return slips


def _strange(is_there: bool) -> str:
    return "mengambil isi kotak lain tanpa aturan" if is_there else "memakai isi yang tidak ada pada matriks"


def _named_slips(layer: Layer) -> Iterator[tuple[int, str]]:
    grid, right, closed = layer.grid, layer.right, layer.closed
    yield grid[7], "mengulang kotak di sebelah kirinya"
    yield grid[5], "mengulang kotak di atasnya"
    yield grid[4], "mengulang kotak pada arah diagonal"
    yield grid[6], "mengulang kotak pertama pada barisnya"
    yield grid[2], "mengulang kotak pertama pada kolomnya"
    before = layer.operands[1]
    if layer.rule == "turn":
        yield closed(before - layer.step), "memutar ke arah yang berlawanan"
        yield closed(right + layer.step), "memutar satu langkah terlalu jauh"
    if layer.rule == "progress":
        yield before - layer.step, "berubah ke arah yang berlawanan"
        yield right + layer.step, "melangkah terlalu jauh"
    if layer.rule in {"plus", "minus"}:
        first, second = layer.operands
        yield abs(first - second) if layer.rule == "plus" else first + second, "menukar tambah dengan kurang"
        yield right + 1, "menghitung satu terlalu banyak"
        yield right - 1, "menghitung satu terlalu sedikit"


def _set_slips(layer: Layer) -> Slips:
    """Name all that can be made of what the operands share and of what each has alone."""
    shared, first, second = parts_of(layer)
    every = {
        shared | first | second: "menggabungkan semua bagian dari dua gambar",
        first | second: "mengambil bagian yang hanya ada pada salah satu gambar",
        shared: "mengambil bagian yang ada pada kedua gambar saja",
        first: "mengambil bagian yang hanya ada pada gambar pertama",
        second: "mengambil bagian yang hanya ada pada gambar kedua",
        shared | first: "mengulang gambar pertama",
        shared | second: "mengulang gambar kedua",
        0: "menghapus semua bagian",
    }
    return {value: name for value, name in every.items() if value != layer.right}


def _changed(attribute: Attribute, value: int, chance: Random) -> Slips:
    """Name the change of what stays the same in all cells."""
    others = [other for other in attribute.values if other != value]
    return dict.fromkeys(chance.sample(others, len(others)), "mengubah yang tetap sama di semua kotak")
