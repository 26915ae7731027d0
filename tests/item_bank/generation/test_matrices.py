"""Matrices of figures: one answer, proven again by a reader of the pictures' descriptions, and nothing given away."""

import re
from collections import Counter
from random import Random

import pytest

from item_bank.generation import matrices
from item_bank.generation.difficulty import of_matrix
from item_bank.generation.layers import Layer
from item_bank.generation.matrix_rules import Scale, only_prediction, predictions
from item_bank.generation.scenes import SCENES
from tests.item_bank.generation.made import items_of, right_option, right_place
from tests.item_bank.generation.matrix_reader import answers, read_cell, read_matrix

ITEMS = items_of("figural")
RULE_WORDS = re.compile(r"putar|tambah|kurang|gabung|hilang|berubah|pola|aturan|sama|beda|benar|salah", re.IGNORECASE)


def options_read(item):
    return [read_cell(option.text) for option in item.words.options]


def test_each_attribute_of_the_right_cell_is_the_only_one_that_any_rule_leads_to():
    for item in ITEMS:
        right = read_cell(right_option(item).text)
        assert answers(read_matrix(item.words.picture.text)) == {name: {value} for name, value in right.items()}, (
            item.id
        )


def test_no_two_options_show_the_same():
    for item in ITEMS:
        cells = [tuple(sorted(cell.items(), key=str)) for cell in options_read(item)]
        assert len(set(cells)) == 8, item.id


def test_what_is_told_alike_is_drawn_alike_and_what_is_drawn_alike_is_told_alike():
    told = {(option.text, option.image.data) for item in ITEMS for option in item.words.options}
    assert len(told) == len({text for text, _ in told}) == len({drawn for _, drawn in told})


def test_the_matrix_draws_the_cells_that_it_tells():
    drawn_as = {
        o.text.lower(): re.findall(r"<g [^>]*>(.*)</g>", o.image.data)[0] for i in ITEMS for o in i.words.options
    }
    checked = 0
    for item in ITEMS:
        cells = re.findall(
            r'<g transform="translate\(\d+ \d+\)">(.*?)</g>(?=<g transform="translate|<rect)', item.words.picture.data
        )
        told = re.findall(r"(?<=[;:] )[^;:.]+(?=[;.])", item.words.picture.text)[:8]
        assert len(cells) == len(told) == 8
        pairs = [(drawn_as[text], cell) for text, cell in zip(told, cells, strict=True) if text in drawn_as]
        assert all(one == other for one, other in pairs), item.id
        checked += len(pairs)
    assert checked > 1000


def test_every_wrong_option_names_its_slip():
    for item in ITEMS:
        for option in item.words.options:
            right = item.key.credit[option.id]
            start = "Mengikuti semua aturan: " if right else "Keliru pada "
            assert item.key.rationale[option.id].startswith(start)


def test_descriptions_do_not_tell_rules():
    for item in ITEMS:
        for text in (item.words.picture.text, *(option.text for option in item.words.options)):
            assert not RULE_WORDS.search(text), text


def test_counting_what_the_options_show_does_not_find_the_right_one():
    found = sum(share_of_winners(item, votes_by_attribute(item)) for item in ITEMS) / len(ITEMS)
    assert found < 1 / 8 + 0.05


def test_counting_words_does_not_find_the_right_one():
    found = sum(share_of_winners(item, votes_by_word(item)) for item in ITEMS) / len(ITEMS)
    assert found < 1 / 8 + 0.1


def votes_by_attribute(item):
    """Count for each option how often its values come; of sets, how often each part is there or not."""
    cells = [{(name, str(value)) for name, value in parts_of(cell)} for cell in options_read(item)]
    every = Counter(value for cell in cells for value in cell)
    parts = {value for value in every if value[0].startswith("set_")}
    return [
        sum(every[value] for value in cell - parts)
        + sum(every[part] if part in cell else len(cells) - every[part] for part in parts)
        for cell in cells
    ]


def parts_of(cell):
    for name, value in cell.items():
        yield from ((name, part) for part in value) if isinstance(value, frozenset) else [(name, value)]


def votes_by_word(item):
    words = [set(re.findall(r"[\w-]+", option.text.lower())) for option in item.words.options]
    every = Counter(word for own in words for word in own)
    return [sum(every[word] for word in own) / len(own) for own in words]


def share_of_winners(item, votes):
    """Give the chance that the right option is chosen among those with most votes."""
    best = [place for place, vote in enumerate(votes) if vote == max(votes)]
    return (right_place(item) in best) / len(best)


def test_every_scene_and_every_rule_comes():
    told = " ".join(rationale for item in ITEMS for rationale in item.key.rationale.values())
    names = {attribute.name for scene in SCENES for attribute in scene.attributes} - {"isian"}
    assert [name for name in names if f"{name}: " not in told] == []
    topics = {topic for item in ITEMS for topic in item.about.topic.split(" dan ")}
    assert len(topics) == 9


@pytest.mark.parametrize("rule", ["progress", "three", "xor"])
def test_more_rules_are_harder_and_tell_more(rule):
    one, two, three = (of_matrix([rule] * count, 0) for count in (1, 2, 3))
    assert one.b < two.b < three.b or three.b == 2.0
    assert one.a < two.a < three.a


def test_drawings_are_small():
    sizes = [sum(len(o.image.data) for o in i.words.options) + len(i.words.picture.data) for i in ITEMS]
    assert max(sizes) <= 12_000


def test_a_layer_that_two_rules_fit_differently_is_no_proof():
    planted = next(grid for grid in ambiguous_grids() if len(set(predictions(grid, Scale("count", 9)).values())) > 1)
    assert only_prediction(planted, Scale("count", 9)) is None
    attribute = SCENES[3].attributes[0]
    layers = [Layer(attribute, "plus", False, 0, (*planted, value)) for value in attribute.values]
    assert not any(map(matrices.is_sound, ([layer] for layer in layers)))


def ambiguous_grids():
    """Plant sums along the rows until another rule fits too."""
    chance = Random(7)
    while True:
        (a, b), (d, e), (g, h) = ((chance.randint(1, 3), chance.randint(1, 3)) for _ in range(3))
        yield (a, b, a + b, d, e, d + e, g, h)


def test_a_rule_that_only_repeats_another_is_refused():
    shape, size, _ = SCENES[0].attributes
    grid = (0, 1, 2, 1, 2, 0, 2, 0, 1)
    one, other = (Layer(of, "three", False, 0, grid) for of in (shape, size))
    turned = Layer(size, "three", False, 0, (0, 1, 2, 2, 0, 1, 1, 2, 0))
    assert not matrices.is_sound([one, other])
    assert matrices.is_sound([one, turned])


@pytest.mark.parametrize(
    ("visible", "scale", "ninth"),
    [
        ((0, 1, 2, 1, 2, 0, 2, 0), Scale("nominal", 3), 1),
        ((1, 2, 3, 2, 3, 4, 3, 4), Scale("count", 9), 5),
        ((7, 1, 3, 2, 4, 6, 5, 7), Scale("cycle", 8), 1),
        ((0b011, 0b110, 0b101, 0b101, 0b011, 0b110, 0b1001, 0b0011), Scale("set", 4), 0b1010),
        ((0, 1, 2, 0, 1, 3, 2, 0), Scale("nominal", 4), None),
    ],
)
def test_planted_matrices_are_solved(visible, scale, ninth):
    assert only_prediction(visible, scale) == ninth
