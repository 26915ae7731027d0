"""A document that is made to hurt, or is broken, refuses the package by name; nothing that it points to is fetched."""

import dataclasses
import itertools

import pytest

from item_bank.qti import markup, package
from item_bank.qti.documents import PackageRefused
from item_bank.qti.names import own_id
from tests.item_bank.qti.foreign import DEFAULTS, correct, item, manifest, options, package_of, resource, template
from tests.item_bank.qti.stock import PNG_FILE, SVG_DATA, zip_of

ASKED = options("A", "B")
GOOD = item(ASKED, correct("B"), template("match_correct"))
pytestmark = pytest.mark.timeout(30)  # what has no end must not be read to its end; the rest takes a second


def refused(*items, **more):
    return refused_package(package_of(*items, **more))


def refused_package(content):
    """Read what must be refused; give all that was told."""
    with pytest.raises(PackageRefused) as told:
        package.read(content, "jahat.zip", DEFAULTS)
    return str(told.value)


def declaring(doctype):
    return GOOD.replace("<qti-assessment-item", f"{doctype}<qti-assessment-item", 1)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(declaring(f"<!DOCTYPE x [{LAUGHS}]>").replace("Option A", "&l9;"), id="entity-expansion"),
        pytest.param(
            declaring(f'<!DOCTYPE x [<!ENTITY a "{"a" * 99_999}">]>').replace("Option A", "&a;" * 9999), id="blowup"
        ),
        pytest.param(declaring('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), id="external-entity"),
        pytest.param(declaring('<!DOCTYPE x [<!ENTITY % a SYSTEM "http://x.id/e.dtd"> %a;]>'), id="parameter-entity"),
        pytest.param(declaring('<!DOCTYPE x SYSTEM "http://x.id/qti.dtd">'), id="external-dtd"),
        pytest.param(declaring("<!DOCTYPE x>"), id="any-doctype"),
    ],
)
def test_entity_expansion_external_entities_and_any_doctype(text):
    assert "item1.xml: it declares a document type" in refused(text)


def test_a_doctype_of_the_manifest_and_of_a_drawing():
    files = {"imsmanifest.xml": "<!DOCTYPE manifest><manifest/>"}
    assert "imsmanifest.xml: it declares a document type" in refused_package(zip_of(files))
    drawing = f"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/svg11.dtd'>{SVG_DATA}"
    text = GOOD.replace("Option A", '<img src="a.svg" alt="a"/>')
    assert "item1.xml: 'a.svg': it declares a document type" in refused(text, extra={"a.svg": drawing})


@pytest.mark.parametrize("to", ["http://x.id/a.png", "https://x.id/a", "//x.id/a", "file:///etc/passwd",
                                "data:image/png;base64,AA==", "javascript:alert(1)", " HTTPS://x.id", "/etc/passwd",
                                "\\\\server\\share"])  # fmt: skip
@pytest.mark.parametrize("place", ['<img alt="x" src="{}"/>', '<a href="{}">x</a>', '<object data="{}"/>'])
def test_remote_references(place, to):
    told = refused(GOOD.replace("<qti-item-body>", f"<qti-item-body><p>{place.format(to)}</p>"))
    assert "item1.xml: line " in told
    assert f"leads out of the package, to '{to}'" in told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<qti-item-body>", '<qti-stylesheet href="https://x.id/s.css"/><qti-item-body>'),
        ("<qti-item-body>", '<qti-item-body><p style="background: url(//x.id/p)">x</p>'),
        ("<qti-assessment-item", '<?xml-stylesheet href="http://x.id/s.css"?><qti-assessment-item'),
        ("<qti-item-body>", '<qti-assessment-stimulus-ref identifier="s" href="http://x.id/s.xml"/><qti-item-body>'),
        ("<qti-assessment-item", '<qti-assessment-item xml:base="http://x.id/"'),
    ],
)
def test_remote_stylesheets_stimuli_and_bases(old, new):
    told = refused(GOOD.replace(old, new, 1))
    assert "leads out of the package" in told or "style sheet" in told or "xml:base" in told


def test_a_remote_reference_of_the_manifest_and_of_a_drawing():
    assert "leads out of the package" in refused(GOOD, resources=[resource("https://x.id/item.xml")])
    linked = SVG_DATA.replace("<rect", '<image href="https://x.id/a.png"/><rect')
    text = GOOD.replace("Option A", '<img src="a.svg" alt="a"/>')
    assert "'a.svg': line 1, <image>: 'href' leads out" in refused(text, extra={"a.svg": linked})


def test_schemas_are_named_and_never_fetched(monkeypatch):
    monkeypatch.setattr("socket.socket", None)
    assert "schemaLocation" in GOOD
    assert package.read(package_of(GOOD), "baik.zip", DEFAULTS).stocks


@pytest.mark.parametrize("to", ["../../etc/passwd", "..%2f..%2fetc/passwd", "%2e%2e/secret", "%2fetc/passwd", "a%5cb",
                                "", "."])  # fmt: skip
def test_references_that_climb_out_of_the_package(to):
    told = refused(GOOD.replace("Option A", f'<img src="{to}" alt="a"/>'))
    assert "leads out of the package" in told


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (GOOD.encode("utf-16"), "its bytes are not UTF-8; save it as UTF-8"),
        (GOOD.replace("Option A", "caf\u00e9").encode("latin-1"), "its bytes are not UTF-8"),
        (
            GOOD.replace('encoding="utf-8"', 'encoding="ISO-8859-1"').encode(),
            "it says that its encoding is ISO-8859-1; save it",
        ),
        (GOOD.replace('encoding="utf-8"', 'encoding="UTF-7"').encode(), "it says that its encoding is UTF-7"),
        (GOOD.encode("utf-16-le"), "it holds null bytes"),
        (GOOD.replace("Option A", "\x01").encode(), "it is no well-formed XML"),
    ],
)
def test_wrong_encoding(content, what):
    assert f"item1.xml: {what}" in refused(content)


def test_xml_nested_too_deep():
    assert "more than 60 deep" in refused(GOOD.replace("Option A", "<b>" * 100_000 + "</b>" * 100_000))


def test_xml_without_end():
    assert "more than 200250 tags together" in refused(GOOD.replace("Option A", "<b/><i/>\n" * 200_000))


def test_a_manifest_without_end():
    told = refused_package(zip_of({"imsmanifest.xml": manifest(["<a/><b/>\n" * 200_000])}))
    assert "imsmanifest.xml: it has more than 300000 elements; divide it" in told


def test_many_documents_without_end():
    wide = GOOD.replace("Option A", "<b/><i/>\n" * 60_000)
    items = [wide.replace("Item_1", f"i{number}") for number in range(10)]
    told = refused(*items)
    assert "item2.xml: its documents have more than 202500 tags together; divide the package" in told
    assert len(told.splitlines()) == 1


def test_a_drawing_shown_without_end():
    drawing = SVG_DATA.replace("</svg>", "<g/>" * 9_000 + "</svg>")
    text = GOOD.replace("Option A", '<img src="a.svg" alt="a"/>')
    items = [text.replace("Item_1", f"i{number}") for number in range(30)]
    assert "tags together; divide the package" in refused(*items, extra={"a.svg": drawing})


def test_one_picture_shown_without_end(monkeypatch):
    monkeypatch.setattr("item_bank.qti.reading.findings.MOST_SHOWN", 5 * len(PNG_FILE))
    text = GOOD.replace("Option A", '<img src="a.png" alt="a"/>')
    items = [text.replace("Item_1", f"i{number}") for number in range(9)]
    assert "bytes of pictures; divide it" in refused(*items, extra={"a.png": PNG_FILE})


def test_missing_manifest():
    told = refused_package(zip_of({"item1.xml": GOOD}))
    assert told == "jahat.zip: imsmanifest.xml: the package has no manifest; add it"
    told = refused_package(zip_of({"course/imsmanifest.xml": manifest([]), "course/item1.xml": GOOD}))
    assert "pack what is in 'course/', not the folder" in told


@pytest.mark.parametrize("content", ["", "hello", "<html/>", "<manifest/>", "<manifest><resources>"])
def test_a_manifest_that_is_none(content):
    assert "jahat.zip: imsmanifest.xml: it is no " in refused_package(zip_of({"imsmanifest.xml": content}))


def test_a_manifest_that_moves_all_names():
    told = refused_package(zip_of({"imsmanifest.xml": manifest([]).replace('identifier="M"', 'xml:base="deep/"')}))
    assert "it moves the base of all names" in told


def test_manifest_naming_a_file_that_is_not_there():
    told = refused(GOOD, resources=[resource("gone.xml")])
    assert "it names 'gone.xml', which is not in the package; add the file" in told


def test_an_item_naming_a_picture_or_a_stimulus_that_is_not_there():
    assert "it names 'gone.png', which is not" in refused(GOOD.replace("Option A", '<img src="gone.png" alt="a"/>'))
    more = '<qti-assessment-stimulus-ref identifier="s" href="gone.xml"/>'
    assert "it names 'gone.xml', which is not" in refused(item(ASKED, correct("B"), more=more))


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.png", b"hello"), ("a.jpg", b"\xff\xd8\xff"), ("a.png", PNG_FILE[:-4]), ("a.png", b""), ("a.svg", b"hello"),
     ("a.png", b"\x89PNG\r\n\x1a\n"), ("a.svg", b"<html/>"), ("a.svg", SVG_DATA.replace("<rect", "<script/><rect")),
     ("a.svg", SVG_DATA.replace("<rect", '<rect onload="x()"'))],
)  # fmt: skip
def test_a_picture_that_is_not_one(name, content):
    told = refused(GOOD.replace("Option A", f'<img src="{name}" alt="a"/>'), extra={name: content})
    assert f"item1.xml: '{name}': " in told


def test_duplicate_item_ids():
    assert "item2.xml: its identifier 'Item_1' is also that of 'item1.xml'; change one" in refused(GOOD, GOOD)


@pytest.mark.parametrize("content", ["", "hello", "{}", "<qti-assessment-item>", b"\x89PNG", "<a></b>", "<a/><b/>"])
def test_an_item_file_that_is_not_xml(content):
    assert "jahat.zip: item1.xml: it" in refused(content)


def test_all_broken_items_are_told_at_once():
    told = refused(GOOD, "hello", declaring("<!DOCTYPE x>"), GOOD)
    assert [line.split(": ")[1] for line in told.splitlines()] == ["item2.xml", "item3.xml", "item4.xml"]


def test_ids_that_all_become_the_same_take_no_longer():
    """Nearly twenty thousand identifiers that differ in what an id cannot hold."""
    taken: dict[str, int] = {}
    foreign = ["A" + "".join(letters) for letters in itertools.product("_.!", repeat=9)]
    assert len({own_id(one, taken) for one in foreign}) == len(foreign)


@pytest.mark.parametrize("value", ["1e999999999", "-1e-999999999", "nan", "inf", "9" * 40, "x" * 100_000])
def test_a_number_beyond_all_numbers_stays_outside(value):
    entry = '<p>How many?</p><qti-text-entry-interaction response-identifier="RESPONSE"/>'
    imported = package.read(package_of(item(entry, correct(value), base="float")), "jahat.zip", DEFAULTS)
    assert imported.stocks == ()
    assert imported.reports[0].became == "it was not imported; the file is kept"


def test_an_identifier_without_end_is_told_in_short():
    imported = package.read(package_of(GOOD.replace("Item_1", "I" * 1_000_000)), "jahat.zip", DEFAULTS)
    assert imported.stocks[0].items[0].id == "i" * 40
    assert max(len(report.what) for report in imported.reports) < 500


def test_defaults_of_no_instrument():
    with pytest.raises(PackageRefused, match="defaults: there is no instrument 'luck'; correct it"):
        package.read(package_of(GOOD), "jahat.zip", dataclasses.replace(DEFAULTS, instrument="luck"))


def test_only_what_no_document_holds_is_replaced_when_written():
    root = markup.node("p", {"title": 'a\n"b"\t<&>\r'}, "x\x01\ufffe<&>\r\n")
    again = markup.parse(markup.write(root))
    assert (again.attributes, again.children) == ({"title": 'a\n"b"\t<&>\r'}, ["x\ufffd\ufffd<&>\r\n"])
