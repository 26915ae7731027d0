"""Reading a matrix from the descriptions that go with its pictures, and solving it without the generator's rules."""

import re
from collections.abc import Callable
from itertools import combinations

COUNTS = ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
NUMBERS = {name: count for count, name in enumerate(COUNTS, 1)}
TURNS = {
    "atas": 0, "kanan atas": 1, "kanan": 2, "kanan bawah": 3, "bawah": 4, "kiri bawah": 5, "kiri": 6, "kiri atas": 7,
}  # fmt: skip
FILLS = {"polos": 0, "berarsir": 1, "hitam": 2}
SIZES = {"kecil": 0, "sedang": 1, "besar": 2}
SHAPE = r"lingkaran|persegi|segitiga|belah ketupat|bintang|palang|segi enam"
KIND = "panah|segitiga runcing|juring|jarum pentul"
FILL = "|".join(FILLS)
TURN = "kiri atas|kanan atas|kiri bawah|kanan bawah|atas|bawah|kiri|kanan"
CELLS = [
    rf"(?P<name_shape>{SHAPE}) (?P<rank_size>kecil|sedang|besar) (?P<rank_fill>{FILL})",
    rf"(?P<name_outer>{SHAPE}) berisi (?P<name_inner>{SHAPE}) (?P<rank_fill>{FILL})",
    rf"(?P<name_shape>{SHAPE}) bergaris (?P<count_bars>\w+), bulatan (?P<rank_fill>{FILL}) di (?P<turn_dot>{TURN})",
    rf"(?P<count_things>{'|'.join(NUMBERS)}) (?P<name_shape>{SHAPE}) (?P<rank_fill>{FILL})",
    r"kisi titik (?:dengan garis|tanpa garis)(?P<set_lines>.*)",
    r"sembilan petak, (?:yang hitam nomor|tidak ada yang hitam)(?P<set_tiles>.*)",
    rf"(?P<name_hub>{SHAPE}) (?P<rank_fill>{FILL}), (?:jari ke arah pukul|tanpa jari)(?P<set_spokes>.*)",
    rf"(?P<name_kind>{KIND}) ke (?P<turn_it>{TURN}), bulatan di (?P<turn_dot>{TURN})",
    rf"(?P<name_frame>{SHAPE}), jarum panjang ke (?P<turn_long>{TURN}), jarum pendek ke (?P<turn_short>{TURN})",
    rf"(?P<name_shape>{SHAPE}) (?P<rank_fill>{FILL}), bulatan di (?P<turn_dot>{TURN})",
]
READ: dict[str, Callable[[str], object]] = {
    "name": str,
    "rank": lambda text: {**FILLS, **SIZES}[text],
    "count": NUMBERS.__getitem__,
    "turn": TURNS.__getitem__,
    "set": lambda text: frozenset(re.findall(r"[\d-]+", text)),
}


def read_cell(text):
    """Read the attributes of a cell; their names begin with their kind. Exactly one kind of cell fits."""
    (found,) = (match for pattern in CELLS if (match := re.fullmatch(pattern, text, re.IGNORECASE)))
    return {name: READ[name.partition("_")[0]](value.lower()) for name, value in found.groupdict().items()}


def read_matrix(text):
    """Read the eight cells of a matrix, row by row."""
    rows = re.findall(r"Baris \d: (.*?)\.(?= Baris|$)", text)
    cells = [cell for row in rows for cell in row.split("; ")]
    assert len(rows) == 3
    assert cells.pop() == "kotak bertanda tanya"
    return [read_cell(cell) for cell in cells]


def answers(matrix):
    """Give, for each attribute, every value that a rule along rows or along columns leads to."""
    found = {name: answers_on(name, [cell[name] for cell in matrix], modulus(name, matrix)) for name in matrix[0]}
    if found.get("set_lines") == set():
        found["set_lines"] = answers_by_place([cell["set_lines"] for cell in matrix])
    return found


def answers_on(name, values, size):
    columns = [values[place] for place in (0, 3, 6, 1, 4, 7, 2, 5)]
    return {answer for reading in (values, columns) for answer in solve(name, reading, size)}


def answers_by_place(values):
    """Read the sides of a lattice by themselves, and the lines through its middle by themselves."""
    sides = frozenset({"1-3", "3-9", "7-9", "1-7"})
    outer, inner = [value & sides for value in values], [value - sides for value in values]
    return {one | other for one in answers_on("set", outer, 0) for other in answers_on("set", inner, 0)}


def modulus(name, matrix):
    """Dots that are only ever in corners go round in four steps, all else that turns in eight."""
    return 4 if name == "turn_dot" and ("turn_it" in matrix[0] or "count_bars" in matrix[0]) else 8


def solve(name, values, size):
    kind = name.partition("_")[0]
    lines = values[:3], values[3:6], values[6:]
    yield from by_likeness(*lines)
    if kind == "set":
        yield from by_parts(*lines)
    if kind == "turn" and size == 4:
        corners = [[turn // 2 for turn in line] for line in lines]
        yield from (2 * corner + 1 for corner in by_steps(corners[0], corners[1], corners[2], 4))
    elif kind == "turn":
        yield from by_steps(*lines, 8)
    if kind in {"rank", "count"}:
        yield from by_steps(*lines, 10**6)
    if kind == "count":
        yield from by_arithmetic(*lines)


def by_likeness(first, second, begun):
    if len({*first}) == len({*second}) == 1 and begun[0] == begun[1]:
        yield begun[0]
    if first[2] == first[0] and second[2] == second[0]:
        yield begun[0]
    if first[2] == first[1] and second[2] == second[1]:
        yield begun[1]
    for value in {*first}:
        if sorted(map(repr, first)) == sorted(map(repr, second)) == sorted(map(repr, [*begun, value])):
            yield value


def by_parts(first, second, begun):
    """Try every way to keep or drop what is in both, in the first alone, and in the second alone."""
    for kept in (kept for count in range(4) for kept in combinations(("both", "first", "second"), count)):
        if made(first, kept) == first[2] and made(second, kept) == second[2]:
            yield made(begun, kept)


def made(line, kept):
    a, b = line[0], line[1]
    parts = {"both": a & b, "first": a - b, "second": b - a}
    return frozenset().union(*(parts[part] for part in kept))


def by_steps(first, second, begun, size):
    def step(line, at):
        return (line[at + 1] - line[at]) % size

    evenly = step(first, 0) == step(first, 1) and step(second, 0) == step(second, 1)
    alike = step(first, 0) == step(second, 0) == step(begun, 0) and step(first, 1) == step(second, 1)
    if evenly:
        yield (begun[1] + step(begun, 0)) % size
    if alike:
        yield (begun[1] + step(first, 1)) % size


def by_arithmetic(first, second, begun):
    for sign_a, sign_b in ((1, 1), (1, -1), (-1, 1)):
        if all(sign_a * a + sign_b * b == c for a, b, c in (first, second)):
            yield sign_a * begun[0] + sign_b * begun[1]
