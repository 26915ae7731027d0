"""Whatever arrives is read or refused; nothing else ever happens."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from item_bank.qti import package
from item_bank.qti.documents import Imported, PackageRefused
from tests.item_bank.qti.foreign import DEFAULTS, correct, item, mapping, options, package_of, template
from tests.item_bank.qti.stock import every_kind, files_of, stock_of, zip_of

OURS = package.export(stock_of(*every_kind()))
FILES = files_of(OURS)
NAMES = [name for name in FILES if name.endswith((".xml", ".json"))]
THEIRS = package_of(item(options("A", "B"), correct("B") + mapping({"A": 1}), template("map_response")))
ODD = st.sampled_from(["", "x", "-1", "nan", "inf", "1e999", "9" * 30, "../a", "\u0663", "id='", "<p>", "</p>", "<b/>",
                       "&#0;", "&amp;", "]]>", "<!--", "<table><tr/></table>"])  # fmt: skip


def never_anything_else(content):
    with contextlib.suppress(PackageRefused):
        assert isinstance(package.read(content, "apa-saja.zip", DEFAULTS), Imported)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_change_to_the_bytes_of_an_archive(data):
    content = bytearray(data.draw(st.sampled_from([OURS, THEIRS])))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    never_anything_else(bytes(content))


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_any_change_within_a_document(data):
    name = data.draw(st.sampled_from(NAMES))
    text = FILES[name].decode()
    first = data.draw(st.integers(0, len(text)))
    last = data.draw(st.integers(first, min(len(text), first + 30)))
    changed = text[:first] + data.draw(ODD) + text[last:]
    never_anything_else(zip_of(FILES | {name: changed.encode()}))


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_any_value_in_place_of_another(data):
    """What stands between quotes or tags is replaced, so that most documents stay well-formed."""
    name = data.draw(st.sampled_from(NAMES))
    parts = FILES[name].decode().split('"')
    at = data.draw(st.integers(0, (len(parts) - 2) // 2)) * 2 + 1
    parts[at] = data.draw(ODD).replace("<", "&lt;").replace("&#0;", "0")
    without = {other: content for other, content in FILES.items() if data.draw(st.booleans()) or "proasn" not in other}
    never_anything_else(zip_of(without | {name: '"'.join(parts).encode()}))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_at_all(content):
    never_anything_else(content)
    never_anything_else(b"PK\x05\x06" + content)
    never_anything_else(zip_of({"imsmanifest.xml": content}))
