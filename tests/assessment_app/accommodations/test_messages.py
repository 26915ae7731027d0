"""The form of accommodations: what is typed, what is refused, what is said."""

import pytest
from werkzeug.datastructures import MultiDict

from assessment_app.accommodations.messages import Wanted, row_words, words
from assessment_app.platform.errors import Invalid
from assessment_app.scheduling.rules import MINUTE_MS, Needs


def parse(**typed):
    return Wanted.parse(MultiDict({"reason": "Surat 12/2026", **typed})).needs


@pytest.mark.parametrize(
    ("typed", "percent"),
    [("", 100), ("1", 100), ("1,3", 130), ("1.3", 130), (" 1,25 ", 125), ("3", 300), ("1.05", 105)],
)
def test_a_factor_is_read_as_people_write_it(typed, percent):
    assert parse(factor=typed).factor == percent


@pytest.mark.parametrize("typed", ["0", "0,9", "1,04", "3,01", "30", "1,333", "-1", "1e1", "nan", "satu", "\u0661,3"])
def test_a_factor_that_makes_no_sense_is_refused_with_its_bounds(typed):
    with pytest.raises(Invalid, match="antara 1,05 dan 3"):
        parse(factor=typed)


@pytest.mark.parametrize(
    "typed",
    [
        {"breaks": "2"}, {"break_minutes": "10"}, {"breaks": "10", "break_minutes": "5"},
        {"breaks": "1", "break_minutes": "31"}, {"breaks": "-1", "break_minutes": "5"},
        {"breaks": "dua", "break_minutes": "5"},
    ],
)  # fmt: skip
def test_breaks_have_both_a_number_and_a_length(typed):
    with pytest.raises(Invalid, match="kosongkan keduanya"):
        parse(**typed)


def test_nothing_is_granted_without_a_reason():
    with pytest.raises(Invalid, match="Alasan"):
        Wanted.parse(MultiDict({"factor": "1,3", "reason": "  "}))


def test_a_name_has_an_end():
    with pytest.raises(Invalid, match="120"):
        parse(reader="x" * 121)


def test_an_empty_form_grants_nothing():
    assert not parse()
    assert parse() == Needs()


def test_what_is_granted_is_said_with_its_minutes():
    needs = parse(factor="1,3", large_text="1", breaks="2", break_minutes="10", reader=" Ani  Pembaca ")
    assert words(needs, [90 * MINUTE_MS]) == [
        "waktu 1,3 kali (tambahan 27 menit)", "teks besar", "2 kali istirahat 10 menit", "pembaca: Ani Pembaca",
    ]  # fmt: skip


def test_a_row_that_takes_something_back_says_so():
    assert row_words("text", "") == "dicabut"
    assert row_words("reader", "Ani") == "pembaca: Ani"
