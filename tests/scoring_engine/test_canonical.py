"""Equal content has equal bytes, other content has other bytes."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_engine.canonical import NotCanonical, canonical, digest

words = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: unicodedata.normalize("NFC", text))
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words
documents = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(words, inner), max_leaves=20)


@given(documents)
def test_a_document_reads_back_as_it_was(doc):
    assert json.loads(canonical(doc)) == doc


@given(documents)
def test_writing_what_was_read_gives_the_same_bytes(doc):
    assert canonical(json.loads(canonical(doc))) == canonical(doc)


@given(st.dictionaries(words, documents), st.randoms())
def test_the_order_of_keys_does_not_matter(doc, chance):
    pairs = list(doc.items())
    chance.shuffle(pairs)
    assert canonical(dict(pairs)) == canonical(doc)


def test_the_form_is_fixed_for_ever():
    doc = {"b": [1, 1.5, 1e-7, True, None], "a": "Perekat é <\u2028>", "B": {}}
    assert canonical(doc) == '{"B":{},"a":"Perekat é <\u2028>","b":[1,1.5,1e-07,true,null]}'.encode()


def test_letters_composed_otherwise_are_the_same_text():
    assert canonical({"e\u0301": "e\u0301"}) == canonical({"\u00e9": "\u00e9"})


def test_tuples_are_lists_and_zero_has_no_sign():
    assert canonical((1, (2.0, -0.0))) == b"[1,[2.0,0.0]]"


@pytest.mark.parametrize(
    "doc",
    [
        float("nan"),
        [float("inf")],
        {"x": float("-inf")},
        {1: "x"},
        {None: "x"},
        {"e\u0301": 1, "\u00e9": 2},
        "\ud800",
        b"bytes",
        {1, 2},
        object(),
    ],
)
def test_what_has_no_single_form_is_refused(doc):
    with pytest.raises(NotCanonical):
        canonical(doc)


def test_a_digest_is_the_published_sha256_of_abc():
    # FIPS 180-2, appendix B.1
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
