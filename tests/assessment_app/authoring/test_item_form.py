"""The editor's form changes nothing that its author did not change, and refuses what it cannot keep as it was typed."""

import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from assessment_app.authoring.messages import typed
from assessment_app.authoring.messages.item_form import JOB_LEVELS, NO_ITEM, NO_ORDER, ItemForm, Row
from assessment_app.authoring.messages.words import WORTHS
from item_bank import bank
from item_bank.stock import Face

WHY = "Alasan yang cukup panjang."


def sample(kind, model=None):
    items = [item for one in bank.samples() for item in one.items if bank.kind_of(item) == kind]
    found = next(item for item in items if model in (None, item.key.__struct_config__.tag))
    return found_with(found, about={"enemies": ()})


def found_with(item, **changes):
    """Change parts of an item: found_with(item, words={"stem": ()})."""
    parts = {part: msgspec.structs.replace(getattr(item, part), **told) for part, told in changes.items()}
    return msgspec.structs.replace(item, **parts)


def form(kind, worths, **more):
    told: dict[str, Any] = {
        "instrument": "digital_literacy", "kind": kind, "id": "uji-1", "construct": "keamanan", "facet": "sandi",
        "topic": "sandi bersama", "question": "Apa yang tepat?", "value": "10", "whole_why": WHY,
    }  # fmt: skip
    rows = [Row(name, f"Pilihan {name}.", worth, WHY) for name, worth in zip("abcdef", worths, strict=False)]
    return ItemForm(**{**told, "rows": tuple(rows), **more})


def sent(laid_out):
    """Send a form as a browser does: lines without breaks, and areas with breaks of their own."""
    fields = {name: str(value) for name, value in msgspec.to_builtins(laid_out).items() if isinstance(value, str)}
    fields = {
        name: value if name in ("stem", "document") else value.replace("\n", "") for name, value in fields.items()
    }
    for number, row in enumerate(laid_out.rows, 1):
        fields |= {f"{name}-{number}": getattr(row, name) for name in ("id", "text", "worth", "why")}
    levels = sorted(laid_out.job_levels, key=[*JOB_LEVELS].index)
    return ItemForm.parse({name: value.replace("\n", "\r\n") for name, value in fields.items()}, levels)


def edited(item, instrument="digital_literacy"):
    laid_out = ItemForm.of(item, instrument)
    return sent(laid_out).read(Face(item.words, item.about), ()), bool(laid_out.document)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("choices", {"words": {"at_most": 2}}), ("choice", {"key": {"a": 1.2345678}}),
        ("choice", {"key": {"b": -1e-7}}), ("choice", {"about": {"job_levels": ("jpt", "pelaksana")}}),
        ("choice", {"words": {"stem": ("Satu.", "Dua.")}}), ("order", {"key": {"a": 0.333333333333}}),
    ],
)  # fmt: skip
def test_what_is_saved_without_a_change_is_the_same_item(kind, changes):
    item = found_with(sample(kind), **changes)
    assert edited(item) == ((item, []), False)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("choice", {"words": {"stem": ("Satu.\n\nDua.",)}}), ("choice", {"words": {"stem": ("Satu ",)}}),
        ("choice", {"words": {"question": "Satu?\nDua?"}}), ("choices", {"words": {"at_most": 9}}),
        ("choice", {"about": {"facet": "sandi\nbersama"}}),
    ],
)  # fmt: skip
def test_an_item_that_fields_would_change_is_laid_out_as_a_document(kind, changes):
    item = found_with(sample(kind), **changes)
    assert edited(item) == ((item, []), True)


def test_a_block_keeps_its_parameters_to_the_last_digit():
    item = sample("most_least", "thurstone")
    name, first = next(iter(item.key.statements.items()))
    exact = msgspec.structs.replace(first, loading=0.712345678, mean=-0.1234567)
    item = found_with(item, key={"statements": {**item.key.statements, name: exact}})
    (made, problems), is_document = edited(item, "potential")
    assert (made, problems, is_document) == (item, [], False)


def test_how_many_may_be_chosen_follows_the_options_only_where_it_was_all_of_them():
    item = sample("choices")
    assert item.words.at_most == len(item.words.options)
    for at_most, then in ((item.words.at_most, 7), (2, 2)):
        before = found_with(item, words={"at_most": at_most})
        laid_out = ItemForm.of(before, "digital_literacy")
        longer = replace(laid_out, rows=(*laid_out.rows, Row("", "Pilihan tambahan.", "0", WHY)))
        made: Any = sent(longer).read(Face(before.words, before.about), ())[0]
        assert (len(made.words.options), made.words.at_most) == (7, then)


@pytest.mark.parametrize(
    ("kind", "worths", "more", "told"),
    [
        ("choice", ("0,9", "1,9"), {}, typed.NOT_WHOLE), ("choice", ("inf", "0"), {}, typed.NOT_WHOLE),
        ("choice", ("1e400", "0"), {}, typed.NOT_WHOLE), ("choice", ("-1", "1"), {}, typed.NOT_WHOLE),
        ("choice", ("13", "0"), {}, typed.NOT_WHOLE), ("choice", ("1", "0"), {"a": "inf"}, typed.NOT_A_NUMBER),
        ("choice", ("1", "0"), {"a": "nan"}, typed.NOT_A_NUMBER), ("choice", ("1", "0"), {"a": "0"}, typed.TOO_FAR),
        ("choice", ("1", "0"), {"a": "10,1"}, typed.TOO_FAR), ("choice", ("1", "0"), {"b": "nan"}, typed.NOT_A_NUMBER),
        ("choice", ("1", "0"), {"b": "inf"}, typed.NOT_A_NUMBER), ("choice", ("1", "0"), {"b": "-20,5"}, typed.TOO_FAR),
        ("choice", ("1", "0"), {"b": "9" * 400}, typed.NOT_A_NUMBER),
        ("choice", ("1", "0"), {"a": "1_0"}, typed.NOT_A_NUMBER),
        ("choices", ("x", "0"), {}, WORTHS["choices"][1]), ("choices", ("0,0", "1"), {}, WORTHS["choices"][1]),
        ("order", ("1", "1"), {}, NO_ORDER), ("order", ("inf", "1"), {}, NO_ORDER),
        ("order", ("nan", "1"), {}, NO_ORDER), ("order", ("0", "1"), {}, NO_ORDER), ("order", ("1", "3"), {}, NO_ORDER),
        ("order", ("", "1"), {}, NO_ORDER),
        ("most_least", ("0,7; 0; 1; 99", "0,5", "0,2"), {}, typed.NO_STATEMENT),
        ("most_least", ("0,7; inf", "0,5", "0,2"), {}, typed.NOT_A_NUMBER),
        ("number", (), {"value": "1e5"}, typed.NOT_A_NUMBER),
    ],
)  # fmt: skip
def test_a_number_that_would_be_kept_as_another_is_refused(kind, worths, more, told):
    assert form(kind, worths, **more).read(None, ()) == (None, [told])


def test_a_second_border_of_a_right_or_wrong_item_is_not_dropped():
    made, problems = form("choice", ("1", "0"), b="0; 1").read(None, ())
    assert made is None
    assert "best option must have credit 2" in problems[0]


def test_places_make_the_order_whatever_the_rows_say():
    made: Any = form("order", ("2", "3", "1")).read(None, ())[0]
    assert made.key.right == ("c", "a", "b")


def test_a_statement_may_leave_out_what_is_usual():
    made: Any = form("most_least", ("0,7", "-0,5; 0,25", "0,2; 0; 1,5")).read(None, ())[0]
    said = [(one.loading, one.mean, one.psi) for one in made.key.statements.values()]
    assert said == [(0.7, 0.0, 1.0), (-0.5, 0.25, 1.0), (0.2, 0.0, 1.5)]


def test_signs_that_nobody_sees_are_not_kept():
    parsed = ItemForm.parse(
        {"facet": "san\0di\x07", "note": "a\0b", "stem": "Satu.\r\n\r\nDua.", "why-1": "e\u0301"}, ()
    )
    assert (parsed.facet, parsed.note, parsed.stem, parsed.rows[0].why) == ("sandi", "ab", "Satu.\n\nDua.", "\u00e9")


def test_a_document_is_kept_only_if_it_can_be_read_back():
    plain = json.loads(msgspec.json.encode(sample("choice")))
    short = json.loads(json.dumps(plain))
    short["key"]["rationale"] = dict.fromkeys(plain["key"]["rationale"], "e\u0301" * 5)  # ten letters, composed five
    made, problems = form("choice", (), document=json.dumps(short)).read(None, ())
    assert (made, "length >= 10" in problems[0]) == (None, True)
    plain["about"]["topic"] = "topik\0"
    assert form("choice", (), document=json.dumps(plain)).read(None, ()) == (None, [NO_ITEM])
