"""What stands in a package that was written here: what other systems look for, and keys by which they score alike."""

import itertools
import posixpath
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from item_bank import bank
from item_bank.qti import package
from item_bank.qti.documents import FormOutline
from tests.item_bank.qti.stock import every_kind, files_of, stock_of

QTI = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"
CP = "{http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1}"
ITEMS = {one.id: one for one in every_kind()}
OUTLINE = FormOutline("uji-form", "Uji", 1_800_500, ("Baca.",), ("titik", "7-pilih"))
FILES = files_of(package.export(stock_of(*ITEMS.values()), [OUTLINE]))
TREES: dict[str, Any] = {name: ET.fromstring(content) for name, content in FILES.items() if name.endswith(".xml")}

INTERACTIONS = {
    "pilih-2pl": "choice", "pilih-grm": "choice", "7-pilih": "choice", "urut": "order", "paling": "match",
    "skala": "slider", "angka": "text-entry", "tulis": "extended-text", "titik": "hotspot",
    "program": "portable-custom",
}  # fmt: skip


RESOURCES: list[Any] = TREES["imsmanifest.xml"].findall(f"{CP}resources/{CP}resource")


def tree(name):
    return TREES[f"items/{name}.xml"]


@pytest.mark.parametrize("name", INTERACTIONS)
def test_each_kind_is_the_interaction_that_other_tools_show(name):
    found = [one.tag for one in tree(name).iter() if one.tag.endswith("-interaction")]
    assert found == [f"{QTI}qti-{INTERACTIONS[name]}-interaction"]
    declared = tree(name).find(f"{QTI}qti-response-declaration")
    asked = next(one for one in tree(name).iter() if one.tag == found[0])
    assert asked.get("response-identifier") == declared.get("identifier") == "RESPONSE"


def test_children_of_an_item_stand_in_the_order_that_the_schema_asks():
    order = [
        "response-declaration",
        "outcome-declaration",
        "assessment-stimulus-ref",
        "item-body",
        "response-processing",
    ]
    for name, root in TREES.items():
        if name.startswith("items/"):
            places = [order.index(child.tag.removeprefix(f"{QTI}qti-")) for child in root]
            assert places == sorted(places), name


def test_a_stem_that_items_share_is_one_stimulus():
    (name,) = [one for one in FILES if one.startswith("stimuli/")]
    for one in ("pilih-2pl", "pilih-grm"):
        reference = tree(one).find(f"{QTI}qti-assessment-stimulus-ref")
        assert posixpath.normpath(f"items/{reference.get('href')}") == name
        assert tree(one).find(f"{QTI}qti-item-body/{QTI}div").get("data-stimulus-idref") == reference.get("identifier")
    assert [p.text for p in TREES[name].iter(f"{QTI}p")] == list(ITEMS["pilih-2pl"].words.stem)


def test_a_picture_is_one_file_with_a_description_wherever_it_is_shown():
    pictures = [one for one in FILES if one.startswith("pictures/")]
    assert sorted(one.rpartition(".")[2] for one in pictures) == ["jpg", "png", "svg"]
    shown = [one for name, root in TREES.items() if name.startswith("items/") for one in root.iter(f"{QTI}img")]
    assert len(shown) == 7
    assert all(one.get("alt") and posixpath.normpath(f"items/{one.get('src')}") in FILES for one in shown)


def test_a_table_is_a_table_with_its_caption_and_heads():
    table = tree("7-pilih").find(f".//{QTI}table")
    assert table.find(f"{QTI}caption").text == "Warga yang dilayani"
    assert [cell.text for cell in table.findall(f"{QTI}thead/{QTI}tr/{QTI}th")] == ["Loket", "Pagi", "Siang"]
    assert [cell.text for cell in table.findall(f"{QTI}tbody/{QTI}tr/{QTI}th")] == ["A", "B"]


def test_the_manifest_names_every_file_once_and_every_need_is_there():
    named = [file.get("href") for resource in RESOURCES for file in resource.findall(f"{CP}file")]
    assert sorted(named) == sorted(set(FILES) - {"imsmanifest.xml"})
    names = [resource.get("identifier") for resource in RESOURCES]
    assert len(set(names)) == len(names)
    needs = {one.get("identifierref") for resource in RESOURCES for one in resource.findall(f"{CP}dependency")}
    assert needs <= set(names)


def test_what_qti_has_no_place_for_is_an_associated_file_of_its_item():
    for resource in RESOURCES:
        if resource.get("type") == "imsqti_item_xmlv3p0":
            item_id = resource.get("identifier").lstrip("_")
            assert [one.get("href") for one in resource.findall(f"{CP}file")] == [
                f"items/{item_id}.xml", f"proasn/{item_id}.json",
            ]  # fmt: skip


def test_no_reason_and_no_parameter_stands_where_other_systems_show_it():
    for name, content in FILES.items():
        if not name.startswith("proasn/"):
            assert b"Alasan" not in content, name


def test_a_form_is_a_test_with_its_time_and_its_items():
    root = TREES["tests/uji-form.xml"]
    assert root.find(f"{QTI}qti-time-limits").get("max-time") == "1800.5"
    items = [one.get("href") for one in root.iter(f"{QTI}qti-assessment-item-ref")]
    assert items == ["../items/titik.xml", "../items/7-pilih.xml"]


def score(root, response):
    """Score as a system that knows nothing but QTI: by its two templates and by equality within a tolerance."""
    declared = root.find(f"{QTI}qti-response-declaration")
    right = [value.text for value in declared.iter(f"{QTI}qti-value")]
    processing = root.find(f"{QTI}qti-response-processing")
    template = processing.get("template", "").rpartition("/")[2]
    if template == "match_correct":
        ordered = declared.get("cardinality") == "ordered"
        return int(response == right if ordered else sorted(response) == sorted(right))
    if template == "map_response":
        mapping = declared.find(f"{QTI}qti-mapping")
        worth = {one.get("map-key"): float(one.get("mapped-value")) for one in mapping}
        low, high = float(mapping.get("lower-bound", "-inf")), float(mapping.get("upper-bound", "inf"))
        return min(high, max(low, sum(worth[one] for one in response)))
    equal = processing.find(f".//{QTI}qti-equal")
    return int(abs(float(response[0]) - float(right[0])) <= float(equal.get("tolerance", "0").split()[0]))


def foreign(response):
    """Write chosen options as QTI does: a list, of identifiers that do not begin with a digit."""
    listed = response if isinstance(response, list) else [response]
    return [f"_{one}" if one[:1].isdigit() else one for one in listed]


def answers_to(one):
    names = [option.id for option in getattr(one.words, "options", ())]
    match bank.kind_of(one):
        case "choice":
            return names
        case "choices":
            return [list(some) for n in range(1, 5) for some in itertools.combinations(names, n)]
        case "order":
            return [list(some) for some in itertools.permutations(names)]
        case "rating":
            return list(range(one.words.low, one.words.high + 1))
    return ["12.5", "12.25", "12.75", "12.2", "-7", "7"]


def credit(one, answer):
    return one.key.earns().credit(answer)


@pytest.mark.parametrize("name", ["pilih-2pl", "pilih-grm", "7-pilih", "pilih-bagian", "urut", "skala", "angka"])
def test_another_system_scores_every_answer_as_the_bank_does(name):
    one = ITEMS[name]
    for answer in answers_to(one):
        asked = [str(answer)] if name in ("skala", "angka") else foreign(answer)
        assert score(tree(name), asked) == credit(one, answer), answer


def test_another_system_scores_the_choices_of_every_sample_as_the_bank_does():
    for stock in bank.samples():
        files = files_of(package.export(stock))
        for one in stock.items:
            if bank.kind_of(one) == "choice":
                root = ET.fromstring(files[f"items/{one.id}.xml"])
                for option in answers_to(one):
                    assert score(root, foreign(option)) == credit(one, option)
