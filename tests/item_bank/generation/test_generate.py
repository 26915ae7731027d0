"""Items by rules, whatever their family: the same each time, sound, balanced, and none of them twice."""

import re
from collections import Counter
from itertools import islice

import msgspec
import pytest

from item_bank import bank, lint
from item_bank.generation import generate as module
from item_bank.generation.chance import chance_of, place_of
from item_bank.generation.generate import FAMILIES, NoItem, generate, generated, without_twins
from tests.item_bank.generation.made import COUNT, items_of, option_texts, right_option, right_place

each_family = pytest.mark.parametrize("family", FAMILIES)


@each_family
def test_the_same_seed_gives_the_same_bytes(family):
    for seed in (1, 7, 240):
        assert msgspec.json.encode(generate(family, seed)) == msgspec.json.encode(generate(family, seed))


def test_the_bytes_of_an_item_are_those_of_the_day_it_was_written():
    item = generate("series", 1)
    assert item.words.stem == ("Deret berikut mengikuti satu pola: 71, 7, 59, 14, 47, 28, 35, 56, 23.",)
    assert option_texts(item) == ["56", "9", "11", "112", "110"]


@each_family
def test_items_have_no_problems_and_can_be_read_back(family):
    items = items_of(family)
    assert list(bank.problems_of(items, "potential")) == []
    for item in items:
        assert msgspec.json.decode(msgspec.json.encode(item), type=bank.BankItem) == item


@each_family
def test_an_editor_would_mark_nothing_but_new_words_and_what_differs_in_numbers_alone(family):
    marks = {finding.rule for finding in lint.lint(items_of(family))}
    assert marks <= {"spelling", "twin"}


@each_family
def test_no_item_is_there_twice(family):
    items = items_of(family)
    assert len(items) == COUNT == len({item.id for item in items})
    assert len({" ".join(re.findall(r"[\w-]+", " ".join(item.texts))) for item in items}) == COUNT
    assert len({module.shown_by(item) for item in items}) == COUNT


@each_family
def test_ids_and_facets_say_the_family(family):
    item = generate(family, 12)
    prefix, facet = {
        "figural": ("fig", "figural-matriks"),
        "series": ("num", "numerik-deret"),
        "table": ("tab", "numerik-tabel"),
    }[family]
    assert (item.id, item.about.facet) == (f"{prefix}-0012", facet)
    assert (item.constructs, item.about.enemies, len(item.about.job_levels)) == ({"intellectual"}, (), 5)


@each_family
def test_right_answers_stand_evenly_in_all_places(family):
    items = items_of(family)
    places = Counter(map(right_place, items))
    expected = len(items) / len(items[0].words.options)
    assert all(0.85 * expected <= places[place] <= 1.15 * expected for place in range(len(items[0].words.options)))


@each_family
def test_ids_of_options_are_single_letters_that_do_not_tell_the_right_one(family):
    items = items_of(family)
    assert all(len(option.id) == 1 for item in items for option in item.words.options)
    letters = Counter(right_option(item).id for item in items)
    assert max(letters.values()) < 0.12 * len(items)
    alphabetical = Counter(sorted(item.words.option_ids).index(right_option(item).id) for item in items)
    assert max(alphabetical.values()) < 1.5 * len(items) / len(items[0].words.options)


@each_family
def test_the_right_option_is_not_known_by_the_length_of_its_text(family):
    def extreme(item, choose):
        lengths = [len(option.text) for option in item.words.options]
        return lengths.count(choose(lengths)) == 1 and len(right_option(item).text) == choose(lengths)

    items = items_of(family)
    for choose in (min, max):
        assert sum(extreme(item, choose) for item in items) < 0.3 * len(items)


@each_family
def test_difficulty_covers_a_range_within_its_borders(family):
    keys = [item.key for item in items_of(family)]
    assert min(key.b for key in keys) <= -1.2
    assert max(key.b for key in keys) >= 1.2
    assert all(-2 <= key.b <= 2 and 0.8 <= key.a <= 1.5 for key in keys)


def test_a_puzzle_without_one_answer_is_passed_over_for_the_next_sub_seed(monkeypatch):
    good = next(filter(None, module.candidates(FAMILIES["series"], "series", 1)))
    puzzles = iter([None, None, good])
    monkeypatch.setattr(module, "FAMILIES", {"series": lambda _chance: next(puzzles)})
    assert generate("series", 1).words.stem == (good.stem,)


def test_a_seed_without_any_item_is_refused(monkeypatch):
    monkeypatch.setattr(module, "FAMILIES", {"series": lambda _chance: None})
    with pytest.raises(NoItem, match="series 1"):
        generate("series", 1)


def test_a_twin_in_other_words_is_left_out():
    one, other = generated("series", 2)
    twin = msgspec.structs.replace(
        one,
        words=msgspec.structs.replace(
            one.words, id="num-9999", stem=("Deret lain: " + one.words.stem[0].partition(": ")[2],)
        ),
    )
    assert list(without_twins(iter([one, twin, other]))) == [one, other]


def test_seeds_of_twins_are_skipped_and_all_others_come_in_order():
    ids = [item.id for item in items_of("series")]
    assert ids == sorted(ids)
    assert ids[0] == "num-0001"


def test_a_run_of_seeds_uses_each_place_once():
    assert sorted(place_of("any", seed, 8) for seed in range(16, 24)) == list(range(8))


def test_chance_depends_on_every_name():
    drawn = [chance_of("figural", seed, attempt).random() for seed in (1, 2) for attempt in (0, 1)]
    assert len(set(drawn)) == 4
    assert list(islice(iter(chance_of("a", 1).random, None), 2)) == list(
        islice(iter(chance_of("a", 1).random, None), 2)
    )


def test_a_secret_salt_makes_other_items_whose_names_do_not_tell_the_seed():
    open_ones, secret = generated("series", 20), generated("series", 20, salt="rahasia")
    assert secret == generated("series", 20, salt="rahasia")
    assert not {item.words.stem for item in open_ones} & {item.words.stem for item in secret}
    assert not [item.id for item in secret if item.id.split("-")[1].isdigit() and len(item.id) == len("num-0001")]
