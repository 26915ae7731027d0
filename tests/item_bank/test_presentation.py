"""A presentation holds what a participant may see and has no place for anything else."""

import copy
import json
import subprocess
import sys
from typing import Any

import msgspec
import pytest

from item_bank import presentation
from item_bank.presentation import FormGuide
from item_bank.responses import Reason

OPTIONS = [{"id": "p", "text": "Satu"}, {"id": "q", "text": "Dua"}, {"id": "r", "text": "Tiga"}]
PLACE = {"x": 0, "y": 0, "width": 10, "height": 10}
DRAWING = {
    "media": "image/svg+xml", "width": 10, "height": 10,
    "data": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><circle cx="5" cy="5" r="4"/></svg>',
}  # fmt: skip
PICTURE = DRAWING | {"text": "Sebuah lingkaran."}
OF_KIND: dict[str, dict[str, Any]] = {
    "choice": {"options": OPTIONS},
    "choices": {"options": OPTIONS, "at_most": 2},
    "order": {"options": OPTIONS},
    "most-least": {"options": OPTIONS},
    "rating": {"low": 1, "high": 5, "low_text": "Tidak setuju", "high_text": "Setuju"},
    "number": {"unit": "hari"},
    "text": {"max_length": 100},
    "hotspot": {"picture": PICTURE, "regions": [{"id": "r", "text": "Tombol", **PLACE}], "at_most": 1},
    "simulation": {
        "screens": [
            {"id": "awal", "look": "mail", "title": "Kotak masuk", "rows": [{"cells": ["Surat"], "step": "p"}]},
            {"id": "isi", "look": "dialog", "title": "Surat", "steps": ["q", "r"]},
        ],
        "steps": [{"id": "p", "text": "Buka", "to": "isi"}, *OPTIONS[1:]],
        "at_most": 20,
    },
}
FITS = {
    "choice": "p",
    "choices": ["p", "q"],
    "order": ["q", "r", "p"],
    "most-least": {"most": "p", "least": "q"},
    "rating": 3,
    "number": "2.5",
    "text": "ya",
    "hotspot": ["r"],
    "simulation": ["p", "p", "r"],
}


def document():
    """Write a form that has one item of every kind."""
    words = {"stem": ["Sebuah keadaan."], "question": "Apa yang Anda pilih?"}
    return {
        "schema": "proasn/presentation/1",
        "code": "semua-jenis",
        "title": "Semua jenis",
        "instrument": "potential",
        "language": "id",
        "demonstration": True,
        "time_limit_ms": 60000,
        "instructions": ["Bacalah dengan tenang."],
        "items": [
            {"id": kind, "kind": kind.replace("-", "_"), **words, **copy.deepcopy(more)}
            for kind, more in OF_KIND.items()
        ],
    }


def read(doc):
    return presentation.parse(json.dumps(doc).encode())


def objects(value):
    """Find every object in a document."""
    if isinstance(value, dict):
        yield value
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(member)


def test_every_kind_of_the_protocol_can_be_read_and_is_written_alike():
    shown = read(document())
    assert presentation.write(presentation.parse(presentation.write(shown))) == presentation.write(shown)
    assert json.loads(presentation.write(shown)) == document()


@pytest.mark.parametrize(
    "field",
    ["credit", "key", "weight", "a", "b", "correct", "score", "rationale", "construct", "model", "nonce"],
)
def test_a_field_of_the_key_is_refused_wherever_it_stands(field):
    places = len(list(objects(document())))
    assert places > 25
    for place in range(places):
        doc = document()
        list(objects(doc))[place][field] = 1
        with pytest.raises(msgspec.ValidationError, match="unknown field"):
            read(doc)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda d: d["items"].append(d["items"][0]), "two items have the same id"),
        (lambda d: d["items"][0]["options"].append(OPTIONS[0]), "two options have the same id"),
        (lambda d: d["items"][7]["regions"].append(d["items"][7]["regions"][0]), "two regions"),
        (lambda d: d["items"][8]["steps"].append(OPTIONS[0]), "two steps"),
        (lambda d: d["items"][4].update(low=5), "low must be less than high"),
        (lambda d: d["items"][0].update(kind="essay"), "Invalid value 'essay'"),
        (lambda d: d["items"][0].update(options=OPTIONS[:1]), "length >= 2"),
        (lambda d: d["items"][3].update(options=OPTIONS[:2]), "length >= 3"),
        (lambda d: d["items"][0].update(id="Soal 1"), "matching regex"),
        (lambda d: d["items"][0].update(id="soal\n"), "matching regex"),
        (lambda d: d.update(items=[]), "length >= 1"),
        (lambda d: d.update(schema="proasn/presentation/2"), "Invalid enum value"),
        (lambda d: d.update(instrument="horoscope"), "Invalid enum value"),
        (lambda d: d.update(time_limit_ms=0), ">= 1000"),
    ],
)
def test_a_form_that_breaks_a_rule_is_refused(spoil, told):
    doc = document()
    spoil(doc)
    with pytest.raises(msgspec.ValidationError, match=told):
        read(doc)


@pytest.mark.parametrize("kind", OF_KIND)
def test_a_guide_takes_what_fits_each_item_and_refuses_the_rest(kind):
    guide = FormGuide(read(document()))
    assert guide.check(kind, FITS[kind]) is None
    assert guide.check(kind, None) is None
    assert guide.check(kind, {"a": 1}) is not None


def test_an_item_of_another_form_is_refused():
    assert FormGuide(read(document())).check("ms-99", "p") is Reason.UNKNOWN_ITEM


def test_a_form_is_named_by_its_words_and_its_seal():
    shown, other = read(document()), read(document() | {"title": "Lain"})
    names = {presentation.form_id(words, seal) for words in (shown, other) for seal in ("0" * 64, "1" * 64)}
    assert len(names) == 4
    assert presentation.form_id(read(document()), "0" * 64) in names


def test_words_can_be_read_without_loading_keys():
    program = "import sys, item_bank.presentation, item_bank.forms; print('item_bank.keys' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "False\n"
