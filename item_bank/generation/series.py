"""Series of numbers: which number comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

from item_bank.generation.difficulty import of_series
from item_bank.generation.figures import whole
from item_bank.generation.numeric_slips import Slip, spread
from item_bank.generation.puzzles import Answer, Puzzle
from item_bank.generation.series_rules import only_prediction

STEMS = (
    "Perhatikan deret bilangan berikut: {0}.",
    "Bilangan berikut disusun menurut pola yang tetap: {0}.",
    "Deret berikut mengikuti satu pola: {0}.",
    "Berikut ini sebuah deret bilangan: {0}.",
)
QUESTIONS = (
    "Bilangan mana yang melanjutkan deret itu?",
    "Bilangan berapa yang berada pada urutan berikutnya?",
    "Bilangan mana yang tepat untuk urutan berikutnya?",
)
LARGEST = 9999


@dataclass(frozen=True)
class Series:
    """The shown terms, the next one and the one after it, the rule in words, and slips of its own kind."""

    family: str
    shown: list[int]
    right: int
    after: int
    told: str
    slips: list[Slip]


def make(chance: Random) -> Puzzle | None:
    """Make a series, or nothing where the shown terms leave more than one answer."""
    series = FAMILIES[chance.choice(list(FAMILIES))](chance)
    terms = [*series.shown, series.right]
    if len(set(terms)) < len(terms) or min(terms) < 0 or max(terms) > LARGEST:
        return None
    wrong = spread(series.right, [*series.slips, *_common_slips(series)], chance, whole, _amounts(series.right))
    if only_prediction(series.shown) != series.right or not wrong:
        return None
    return Puzzle(
        stem=chance.choice(STEMS).format(", ".join(map(whole, series.shown))),
        question=chance.choice(QUESTIONS),
        right=Answer(whole(series.right), f"Mengikuti pola: {series.told}."),
        wrong=tuple(Answer(whole(slip.value), f"Keliru: {slip.name}.") for slip in wrong),
        facet="numerik-deret",
        topic=TOPICS[series.family],
        difficulty=of_series(series.family, series.shown),
    )


def _common_slips(series: Series) -> Iterator[Slip]:
    """Name the slips that can happen in every series."""
    *_, before, last = series.shown
    yield Slip(last + last - before, "mengulang selisih terakhir")
    yield Slip(series.after, "melompati satu suku")
    yield Slip(last - (series.right - last), "membalik arah langkah terakhir")
    yield Slip(last + before, "menjumlahkan dua suku terakhir")


def _amounts(right: int) -> list[int]:
    """Give the miscounts that a number of this size invites."""
    return [amount for amount in (1, 2, 10, 100) if amount * 3 < right]


def _grown(start: int, count: int, step: Callable[[int, int], int]) -> list[int]:
    """Let a series grow: each term from its place and the one before."""
    terms = [start]
    for place in range(count - 1):
        terms.append(step(place, terms[-1]))
    return terms


def _series(family: str, terms: list[int], told: str, slips: list[Slip]) -> Series:
    *shown, right, after = terms
    return Series(family, shown, right, after, told, slips)


def _added(step: int) -> str:
    return f"ditambah {step}" if step > 0 else f"dikurangi {-step}"


def _arithmetic(chance: Random) -> Series:
    step = chance.choice((-1, 1, 1)) * chance.randint(3, 24)
    start = chance.randint(2, 60) + (8 * -step if step < 0 else 0)
    terms = _grown(start, chance.choice((7, 8)), lambda _, term: term + step)
    return _series(
        "arithmetic", terms, f"setiap langkah selisihnya {step}", [Slip(terms[-3], "mengulang suku terakhir")]
    )


def _geometric(chance: Random) -> Series:
    ratio = chance.choice((2, 2, 3, 4))
    terms = _grown(chance.randint(2, 15), 7, lambda _, term: term * ratio)
    told = f"setiap suku {ratio} kali suku sebelumnya"
    if chance.random() < 0.3:
        terms, told = terms[::-1], f"setiap suku sebelumnya dibagi {ratio}"
    last = terms[-3]
    slips = [
        Slip(last + terms[-4], "menjumlahkan dua suku terakhir"),
        Slip(last * (ratio + 1), "memakai pengali yang salah"),
    ]
    return _series("geometric", terms, told, slips)


def _second(chance: Random) -> Series:
    growth, first = chance.choice((-3, -2, 1, 2, 3, 4, 5)), chance.randint(2, 20)
    start = chance.randint(1, 50)
    terms = _grown(start, 8, lambda place, term: term + first + growth * place)
    last, step = terms[-3], terms[-3] - terms[-4]
    slips = [
        Slip(last + first, "kembali ke selisih pertama"),
        Slip(last + step + 2 * growth, "menambah selisih dua kali"),
        Slip(last + step - growth, "mengurangi selisih yang seharusnya bertambah"),
    ]
    return _series("second", terms, f"selisih antarsuku berubah {growth} setiap langkah", slips)


def _alternating(chance: Random) -> Series:
    """Two operations take turns: two steps, or a step and a factor."""
    up, down = chance.randint(4, 20), -chance.randint(1, 9)
    start = chance.randint(5, 40)
    if chance.random() < 0.5:
        terms = _grown(start, chance.choice((8, 9)), lambda place, term: term + (down if place % 2 else up))
        told = f"bergantian ditambah {up} dan dikurangi {-down}"
        slips = [Slip(terms[-3] + down + up, "melakukan kedua langkah sekaligus")]
        return _series("alternating", terms, told, slips)
    factor, step = chance.choice((2, 3)), chance.choice((down, up))
    terms = _grown(
        start % 9 + 2, chance.choice((8, 9)), lambda place, term: term * factor if place % 2 else term + step
    )
    last = terms[-3]
    slips = [Slip(last * factor + step, "melakukan kedua langkah sekaligus")]
    slips += [Slip(last + step, "menambah pada giliran mengali"), Slip(last * factor, "mengali pada giliran menambah")]
    return _series("alternating", terms, f"bergantian {_added(step)} dan dikalikan {factor}", slips)


def _interleaved(chance: Random) -> Series:
    steps = [chance.choice((-1, 1)) * chance.randint(2, 15) for _ in range(2)]
    starts = [chance.randint(5, 60) + (5 * -step if step < 0 else 0) for step in steps]
    factor = chance.choice((0, 0, 2, 3))
    own = [
        _grown(starts[0], 6, lambda _, term: term + steps[0]),
        _grown(
            starts[1] % 7 + 2 if factor else starts[1], 6, lambda _, term: term * factor if factor else term + steps[1]
        ),
    ]
    count = chance.choice((10, 11) if factor else (8, 9))
    terms = [own[place % 2][place // 2] for place in range(count)]
    parts = _added(steps[0]), f"dikalikan {factor}" if factor else _added(steps[1])
    jump = terms[-4] - terms[-6]
    slips = [
        Slip(terms[-3] + jump, "melanjutkan deret yang lain"),
        Slip(terms[-4], "mengulang suku deret yang sama"),
        Slip(terms[-2] + jump, "melangkah dua kali pada deret yang sama"),
    ]
    return _series("interleaved", terms, f"dua deret bergantian, {parts[0]} dan {parts[1]}", slips)


def _fibonacci(chance: Random) -> Series:
    first, extra = chance.randint(1, 12), chance.choice((0, 0, 0, 1, 2, -1))
    terms = [first, first + chance.randint(1, 9)]
    while len(terms) < 8:
        terms.append(terms[-1] + terms[-2] + extra)
    *_, third, before, last = terms[:-2]
    slips = [
        Slip(last + third, "menjumlahkan suku yang salah"),
        Slip(last + before + third, "menjumlahkan tiga suku terakhir"),
        Slip(2 * last, "menggandakan suku terakhir"),
    ]
    more = f" lalu {_added(extra)}" if extra else ""
    if extra:
        slips.append(Slip(last + before, "melupakan tambahan yang tetap"))
    return _series("fibonacci", terms, f"setiap suku jumlah dua suku sebelumnya{more}", slips)


def _affine(chance: Random) -> Series:
    factor, rest = chance.choice((2, 2, 3)), chance.choice((-7, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 7))
    terms = _grown(chance.randint(2, 15), 7 if factor == 3 else 8, lambda _, term: factor * term + rest)
    last = terms[-3]
    slips = [
        Slip(factor * last, "melupakan tambahan sesudah mengali"),
        Slip(factor * last - rest, "menukar tambah dengan kurang"),
        Slip(factor * (last + rest), "menambah sebelum mengali"),
        Slip((factor + 1) * last + rest, "memakai pengali yang salah"),
    ]
    return _series("affine", terms, f"setiap suku {factor} kali suku sebelumnya {_added(rest)}", slips)


FAMILIES: Mapping[str, Callable[[Random], Series]] = {
    "arithmetic": _arithmetic,
    "geometric": _geometric,
    "second": _second,
    "alternating": _alternating,
    "interleaved": _interleaved,
    "fibonacci": _fibonacci,
    "affine": _affine,
}
TOPICS = {
    "arithmetic": "selisih tetap",
    "geometric": "pengali tetap",
    "second": "selisih yang berubah",
    "alternating": "langkah bergantian",
    "interleaved": "dua deret bergantian",
    "fibonacci": "penjumlahan suku sebelumnya",
    "affine": "perkalian dan penjumlahan",
}
