"""An editor's marks: each rule finds its planted fault, and the samples have none."""

from dataclasses import astuple
from pathlib import Path

import msgspec
import pytest

from item_bank import bank, demonstration, lint
from tests.item_bank.test_bank import file_of, item


def found(*items):
    return [astuple(finding) for finding in lint.lint(bank.parse(file_of(*items), "uji.json").items)]


def options(*texts):
    return [{"id": name, "text": text} for name, text in zip("qd", texts, strict=True)]


def test_the_samples_have_nothing_to_look_at():
    every = [one for stock in demonstration.stocks() for one in stock.items]
    assert [f"{one.item}: {one.rule}: {one.text}" for one in lint.lint(every)] == []


def test_a_plain_item_has_nothing_to_look_at():
    assert found(item(1)) == []


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"words__stem": ["Keadaan itu itu."]}, ("uji-1", "stray", "'itu itu' in 'Keadaan itu itu. Apa yang tepa'")),
        ({"words__stem": ["Keadaan — lalu."]}, ("uji-1", "stray", "'—' in 'Keadaan — lalu. Apa yang'")),
        ({"words__stem": ["Keadaan yang bermasalahh."]}, ("uji-1", "spelling", "bermasalahh")),
        ({"words__stem": ["Tiga wanita datang."]}, ("uji-1", "sensitive", "'wanita' in 'Tiga wanita datang. Apa ya'")),
        (
            {"words__options": options("Ya.", "Tidak, karena keadaan itu tidak ada.")},
            ("uji-1", "lengths", "options of 3 to 36 letters"),
        ),
        (
            {"words__stem": ["Keadaan " + "itu dan " * 16 + "ini."]},
            ("uji-1", "reading", "34 words: Keadaan itu dan itu dan itu dan itu dan itu dan itu dan itu ..."),
        ),
    ],
)  # fmt: skip
def test_each_rule_finds_its_planted_fault(changes, finding):
    assert finding in found(item(1, **changes))


def test_a_stem_that_stands_twice_is_found_whatever_its_case_and_stops():
    twin = found(item(1, words__stem=["Keadaan yang sama."]), item(2, words__stem=["keadaan, yang sama"]))
    assert ("uji-2", "twin", "the same words as uji-1") in twin


def test_a_key_that_always_stands_first_is_found_among_twenty():
    told = found(*(item(number) for number in range(20)))
    assert ("intellectual", "places", "the best option stands in place 1 in 20 of 20") in told
    assert not [one for one in found(*(item(number) for number in range(19))) if one[1] == "places"]


def test_a_key_that_is_always_the_longest_is_found():
    long = [item(n, words__options=options("Yang satu itu.", "Yang lain.")) for n in range(20)]
    assert ("intellectual", "longest", "the best option is the longest in 20 of 20") in found(*long)


def test_the_word_list_is_sorted_small_letters_without_twins():
    words = (Path(lint.__file__).parent / "words.txt").read_text(encoding="utf-8").split("\n")
    assert words[-1] == ""
    assert words[:-1] == sorted({word.lower() for word in words[:-1]})


def test_an_address_is_no_word():
    one = item(1, words__stem=["Keadaan nomor satu di laman data.contoh.go.id dan surel a@b-c.example itu."])
    assert not [text for _item, rule, text in found(one) if rule == "spelling" and text in {"go", "id", "example"}]


def test_an_item_is_read_whole():
    one = bank.parse(file_of(item(1)), "uji.json").items[0]
    assert one.texts == ["Keadaan nomor 1.", "Apa yang tepat?", "Yang satu.", "Yang lain."]
    assert msgspec.json.decode(file_of(item(1)))["items"]
