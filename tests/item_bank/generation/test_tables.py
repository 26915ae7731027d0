"""Questions on tables: the right answer found again from the words alone, the wrong ones from slips with names."""

import re
from collections import Counter
from fractions import Fraction
from random import Random

import pytest

from item_bank.generation import tables
from item_bank.generation.difficulty import OF_TABLE_QUESTION, of_table
from item_bank.generation.figures import whole, with_decimal
from item_bank.generation.numeric_slips import Slip, spread
from item_bank.generation.table_rows import conditions, growth
from item_bank.generation.table_scenes import COUNTED, Sheet
from tests.item_bank.generation.made import items_of, number, right_option
from tests.item_bank.generation.table_solver import answer

ITEMS = items_of("table")


def test_the_right_answer_is_the_one_that_is_computed_from_the_words():
    for item in ITEMS:
        assert right_option(item).text == answer(item), (item.id, item.words.question)


def test_exactly_one_option_is_right():
    for item in ITEMS:
        assert [option.text for option in item.words.options].count(answer(item)) == 1
        assert len({option.text for option in item.words.options}) == 5


def test_every_wrong_answer_names_its_slip():
    for item in ITEMS:
        for option in item.words.options:
            start = "Benar: " if item.key.credit[option.id] else "Keliru: "
            assert item.key.rationale[option.id].startswith(start), item.id


def test_every_kind_of_question_comes():
    assert {item.about.topic for item in ITEMS} == set(tables.TOPICS.values())


def test_rounded_answers_say_so_and_all_options_are_written_alike():
    for item in ITEMS:
        shapes = {re.sub(r"\d+", "9", option.text.replace(".", "")) for option in item.words.options}
        assert len(shapes) == 1 or right_option(item).text in {row[0] for row in item.words.table.rows}, item.id
        assert ("dibulatkan" in item.words.stem[0]) == ("," in right_option(item).text)


def test_the_right_number_is_not_known_by_its_size():
    numeric = [item for item in ITEMS if re.fullmatch(r"[\d.,]+%?", right_option(item).text)]
    ranks = Counter(
        sorted(number(o.text) for o in item.words.options).index(number(right_option(item).text)) for item in numeric
    )
    assert len(ranks) == 5
    assert max(ranks.values()) < 0.36 * len(numeric)


def test_tables_are_of_a_size_that_can_be_read():
    for item in ITEMS:
        assert len(item.words.table.rows) <= 5
        assert len(item.words.table.head) <= 5


def test_more_figures_are_harder():
    for kind in OF_TABLE_QUESTION:
        assert of_table(kind, 5, 4).b > of_table(kind, 3, 2).b
    assert of_table("weighted", 4, 2).b > of_table("share", 4, 2).b > of_table("total", 4, 2).b


def test_a_row_that_grew_most_in_both_ways_is_not_asked_for():
    plain = Sheet(
        COUNTED[0], ["tahun 2021", "tahun 2022"], [[100, 210], [100, 120], [100, 110], [100, 105], [100, 101]]
    )
    telling = Sheet(COUNTED[0], ["tahun 2021", "tahun 2022"], [[50, 90], [300, 400], [100, 110], [99, 105], [98, 101]])
    assert growth(plain, Random(1)) is None
    asked = growth(telling, Random(1))
    assert asked
    assert asked.right.text == "Loket 1"


def test_conditions_that_two_rows_meet_are_not_asked():
    alike = Sheet(COUNTED[0], ["tahun 2021", "tahun 2022"], [[100, 20], [100, 20], [10, 200], [11, 20], [120, 201]])
    asked = [conditions(alike, Random(seed)) for seed in range(200)]
    assert all(one is None or one.right.text not in {"Loket 1", "Loket 2"} for one in asked)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Fraction(25, 2), "12,5"),
        (Fraction(2, 3), "0,7"),
        (Fraction(1, 20), "0,1"),
        (Fraction(-135, 10), "-13,5"),
        (1250, "1.250,0"),
    ],
)
def test_numbers_are_written_as_in_indonesia(value, written):
    assert with_decimal(value) == written


def test_thousands_are_parted():
    assert [whole(value) for value in (7, 1250, 1234567)] == ["7", "1.250", "1.234.567"]


def test_slips_that_are_written_like_the_right_answer_are_left_out():
    slips = [Slip(Fraction(value, 100), f"keliru {value}") for value in (1001, 1249, 1252, 900, 800, 700, 1400)]
    chosen = [spread(Fraction(25, 2), slips, Random(seed), with_decimal) for seed in range(100)]
    assert all("12,5" not in map(with_decimal, (slip.value for slip in some)) for some in chosen)
    assert any(chosen)


def test_too_few_slips_make_no_item():
    assert spread(10, [Slip(11, "keliru"), Slip(12, "keliru"), Slip(10, "benar")], Random(1)) == []
