"""Items as other tools write them: read from QTI itself, with what was assumed and changed reported."""

import pytest

from item_bank.item_keys import Graded, Preferred, Quantity, Rated, RightOrWrong, Selected, Sequenced
from item_bank.qti import package
from item_bank.qti.documents import PackageRefused
from item_bank.qti.reading.keys import NO_REASON
from tests.item_bank.qti.foreign import (
    DEFAULTS,
    correct,
    item,
    mapping,
    options,
    package_of,
    read,
    read_one,
    resource,
    template,
)
from tests.item_bank.qti.stock import JPEG_FILE, PNG_FILE, SVG_DATA

MATCH, MAP = template("match_correct"), template("map_response")
RIGHT_B = item(f"<p>Read  this\n first.</p>{options('A', 'B', 'C')}", correct("B"), MATCH)


def test_one_right_option_becomes_an_assumed_2pl_key_without_reasons():
    one, reports = read_one(RIGHT_B)
    assert (one.id, one.words.stem, one.words.question) == ("item-1", ("Read this first.",), "Which one?")
    assert [(option.id, option.text) for option in one.words.options] == [
        ("a", "Option A"), ("b", "Option B"), ("c", "Option C"),
    ]  # fmt: skip
    assert one.key == RightOrWrong(
        id="item-1", construct="intellectual", a=1.0, b=0.0, credit={"a": 0, "b": 1, "c": 0},
        rationale=dict.fromkeys("abc", NO_REASON),
    )  # fmt: skip
    assert (one.about.facet, one.about.topic, one.about.job_levels) == ("impor", "butir impor", ("pelaksana",))
    assert ("the identifier 'Item_1'", "it became 'item-1'; the file is kept") in reports
    assert ("the identifier 'B'", "it became 'b'; the file is kept") in reports


def test_a_foreign_stock_is_no_demonstration_and_its_parameters_are_assumed():
    (stock,) = read(RIGHT_B).stocks
    assert (stock.instrument, stock.demonstration, stock.parameters) == ("potential", False, "assumed")


def test_credits_of_a_mapping_become_a_graded_key_with_even_borders():
    one, reports = read_one(item(options("A", "B", "C"), mapping({"A": 0.5, "C": 2}, default_value=0), MAP))
    assert isinstance(one.key, Graded)
    assert (one.key.credit, one.key.b) == ({"a": 1, "b": 0, "c": 2}, (-1.5, 1.5))
    assert ("options that earn 0, 0.5, 2", "they earn 0 to 2 in that order; the file is kept") in reports


def test_a_template_that_matches_takes_the_right_answer_and_not_the_mapping():
    declared = correct("A") + mapping({"A": 1, "B": 0.5}, default_value=0)
    assert isinstance(read_one(item(options("A", "B", "C"), declared, MATCH))[0].key, RightOrWrong)
    assert isinstance(read_one(item(options("A", "B", "C"), declared, MAP))[0].key, Graded)


def test_several_right_options_are_right_as_a_whole():
    text = item(options("A", "B", "C", most=0), correct("A", "C"), MATCH, cardinality="multiple")
    one, _ = read_one(text)
    assert isinstance(one.key, Selected)
    assert (one.key.right, one.key.b, one.words.at_most) == (("a", "c"), (0.0,), 3)


@pytest.mark.parametrize(
    ("wrong", "bounds", "tells"),
    [
        (-2, {"lower_bound": 0}, False),
        (-2, {"lower_bound": 0, "upper_bound": 4}, False),
        (-2, {"lower_bound": 0, "upper_bound": 2}, True),
        (-2, {}, True),
        (0, {"lower_bound": 0}, True),
    ],
)
def test_several_right_options_count_each_where_the_mapping_says_so(wrong, bounds, tells):
    declared = correct("A", "C") + mapping({"A": 2, "B": wrong, "C": 2}, **bounds)
    one, reports = read_one(item(options("A", "B", "C", most=2), declared, MAP, cardinality="multiple"))
    assert one.key.b == (-1.5, 1.5)
    assert any("weighs choices otherwise" in what for what, _ in reports) is tells


def test_an_order_becomes_a_sequence():
    asked = options("A", "B", "C", kind="order", most=0)
    one, _ = read_one(item(asked, correct("C", "A", "B"), MATCH, cardinality="ordered"))
    assert isinstance(one.key, Sequenced)
    assert one.key.right == ("c", "a", "b")


ENTRY = '<qti-text-entry-interaction response-identifier="RESPONSE" expected-length="5"/>'
EQUAL = """<qti-response-processing><qti-response-condition><qti-response-if>
  <qti-equal tolerance-mode="absolute" tolerance="0.5 0.5">
    <qti-variable identifier="RESPONSE"/><qti-correct identifier="RESPONSE"/>
  </qti-equal>
  <qti-set-outcome-value identifier="SCORE">
    <qti-base-value base-type="float">2.0</qti-base-value></qti-set-outcome-value>
</qti-response-if></qti-response-condition></qti-response-processing>"""


@pytest.mark.parametrize(
    ("body", "question", "unit"),
    [
        (f"<p>How heavy?</p><div><p>{ENTRY} kg</p></div>", "How heavy?", "kg"),
        (f"<p>7 + 5 = {ENTRY}</p>", "7 + 5 = …", ""),
        (f"<p>It is</p><p>{ENTRY} as heavy as the others were then.</p>", "… as heavy as the others were then.", ""),
        (f"<p>How many?</p>{ENTRY}", "How many?", ""),
    ],
)
def test_a_field_for_a_number_finds_its_question_and_its_unit(body, question, unit):
    one, _ = read_one(item(body, correct("1.2e1"), EQUAL, base="float"))
    assert (one.words.question, one.words.unit) == (question, unit)
    assert isinstance(one.key, Quantity)
    assert (one.key.value, one.key.tolerance) == ("12", "0.5")


def test_free_words_are_imported_for_people_to_read():
    one, reports = read_one(item(options(kind="extended-text", prompt="Why?"), base="string"))
    assert (one.words.question, one.words.max_length) == ("Why?", 4000)
    assert any("no key of the bank scores them" in became for _, became in reports)
    assert any("people must read its answers" in became for _, became in reports)


def slider(low=1, high=5, step=1):
    told = f'lower-bound="{low}" upper-bound="{high}" step="{step}"'
    return f'<p>How much?</p><qti-slider-interaction response-identifier="RESPONSE" {told}/>'


def test_a_slider_without_a_right_value_is_a_rating():
    one, reports = read_one(item(slider(), base="integer"))
    assert isinstance(one.key, Rated)
    assert (one.words.low, one.words.high, one.words.low_text, one.key.reverse) == (1, 5, "1", False)
    assert one.key.b == (-1.5, -0.5, 0.5, 1.5)
    assert ("it does not say what a rating earns", "a higher one earns more; the file is kept") in reports


def test_a_slider_whose_mapping_falls_is_a_reversed_rating():
    worth = mapping({value: 5 - value for value in range(1, 6)})
    assert read_one(item(slider(), worth, MAP, base="integer"))[0].key.reverse is True


def test_a_slider_with_a_right_value_is_a_number():
    one, reports = read_one(item(slider(0, 100, 5), correct("15"), MATCH, base="integer"))
    assert (one.words.question, one.key.value) == ("How much?", "15")
    assert ("a slider with one right value", "it became a number to write; the file is kept") in reports


HOTSPOT = """<qti-hotspot-interaction response-identifier="RESPONSE" max-choices="1"><qti-prompt>Where?</qti-prompt>
  <img src="pics/map.png" alt="A map" width="200" height="100"/>
  <qti-hotspot-choice identifier="A" shape="circle" coords="50,50,10"/>
  <qti-hotspot-choice identifier="B" shape="rect" coords="100,0,200,50" hotspot-label="North east"/>
</qti-hotspot-interaction>"""


def test_a_hotspot_finds_its_picture_and_circles_become_squares():
    one, reports = read_one(item(HOTSPOT, correct("B"), MATCH), extra={"pics/map.png": PNG_FILE})
    assert [(r.id, r.text, r.x, r.y, r.width, r.height) for r in one.words.regions] == [
        ("a", "A", 20.0, 40.0, 10.0, 20.0), ("b", "North east", 50.0, 0.0, 50.0, 50.0),
    ]  # fmt: skip
    assert (one.words.picture.text, one.key.right) == ("A map", ("b",))
    assert any(became.startswith("it became the rectangle around it") for _, became in reports)


def match(*slots):
    tag, sides = "qti-simple-associable-choice", [[(name, f"Statement {name}") for name in "XYZ"], slots]
    told = [[f'<{tag} identifier="{name}" match-max="1">{text}</{tag}>' for name, text in side] for side in sides]
    inside = "".join(f"<qti-simple-match-set>{''.join(side)}</qti-simple-match-set>" for side in told)
    return f'<p>Which?</p><qti-match-interaction response-identifier="RESPONSE">{inside}</qti-match-interaction>'


def test_a_match_to_most_and_least_is_a_block_with_assumed_parameters():
    text = item(match(("S1", "Most likely"), ("S2", "Least likely")), base="directedPair", cardinality="multiple")
    one, reports = read_one(text)
    assert isinstance(one.key, Preferred)
    assert list(one.key.statements) == ["x", "y", "z"]
    assert any("loading 1, mean 0" in became for _, became in reports)


PASSAGE = """<?xml version="1.0"?><q:qti-assessment-stimulus xmlns:q="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
  identifier="P1" title="Passage"><q:qti-stimulus-body><q:h2>Title</q:h2><q:p>Told <q:em>first</q:em>.</q:p>
  <q:img src="../pics/a.jpg" alt=""/></q:qti-stimulus-body></q:qti-assessment-stimulus>"""


@pytest.mark.parametrize(
    ("body", "stem"),
    [("<p>Own words.</p>", ("Title", "Told first.", "Own words.")),
     ('<p>Own words.</p><div data-stimulus-idref="P1"/>', ("Own words.", "Title", "Told first."))],
)  # fmt: skip
def test_a_stimulus_stands_where_the_item_places_it_and_with_its_own_pictures(body, stem):
    more = '<qti-assessment-stimulus-ref identifier="P1" href="shared/p1.xml"/>'
    listed = resource("shared/p1.xml", "imsqti_stimulus_xmlv3p0")
    one, reports = read_one(
        item(body + options("A", "B"), correct("B"), MATCH, more=more),
        extra={"shared/p1.xml": PASSAGE, "pics/a.jpg": JPEG_FILE}, resources=[listed],
    )  # fmt: skip
    assert one.words.stem == stem
    assert (one.words.picture.media, one.words.picture.width, one.words.picture.height) == ("image/jpeg", 3, 2)
    assert one.words.picture.text == "Gambar"
    assert any(what == "a picture without a description" for what, _ in reports)


def test_prefixes_lists_tables_and_raised_digits_are_read():
    body = """<q:div><q:p>10<q:sup>2</q:sup> m<q:br/>H<q:sub>2</q:sub>O</q:p>
      <q:ol><q:li>one</q:li><q:li><q:p>two</q:p></q:li></q:ol><q:table><q:tr><q:th>a</q:th><q:th>b</q:th></q:tr><q:tr><q:td>1</q:td><q:td><q:p>2</q:p></q:td></q:tr>
      </q:table></q:div>"""
    text = item(body.replace("q:", "") + options("A", "B"), correct("A"), MATCH)
    prefixed = text.replace("<qti-", "<q:qti-").replace("</qti-", "</q:qti-").replace(" xmlns=", " xmlns:q=")
    for tag in ("div", "p", "sup", "sub", "br", "ol", "li", "table", "tr", "th", "td"):
        prefixed = prefixed.replace(f"<{tag}", f"<q:{tag}").replace(f"</{tag}>", f"</q:{tag}>")
    for version in (text, prefixed):
        one, _ = read_one(version)
        assert one.words.stem == ("10² m\nH₂O", "1. one", "2. two")
        assert (one.words.table.caption, one.words.table.rows) == ("Tabel", (("1", "2"),))


def test_options_that_are_pictures_take_their_description():
    pictures = "".join(
        f'<qti-simple-choice identifier="{n}"><img src="{n}.svg" alt="Shape {n}"/></qti-simple-choice>' for n in "AB"
    )
    body = options(prompt="Next?").replace("</qti-prompt>", f"</qti-prompt>{pictures}")
    drawing = f"<?xml version='1.0'?>\n<!-- drawn -->\n{SVG_DATA}"
    one, _ = read_one(item(body, correct("A"), MATCH), extra={"A.svg": drawing, "B.svg": SVG_DATA})
    assert [(option.text, option.image.width, option.image.data) for option in one.words.options] == [
        ("Shape A", 200, SVG_DATA), ("Shape B", 200, SVG_DATA),
    ]  # fmt: skip


KEYWORDS = """<cp:metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>
  <keyword><string language="en">hoaxes</string></keyword><keyword><string>etika</string></keyword>
  <keyword><string>topic: menyaring kabar</string></keyword></general></lom></cp:metadata>"""


def test_keywords_of_the_catalogue_say_what_an_item_measures():
    listed = [resource("measured.xml", metadata=KEYWORDS)]
    imported = read(RIGHT_B, extra={"measured.xml": RIGHT_B.replace("Item_1", "i2")}, resources=listed)
    assert [stock.instrument for stock in imported.stocks] == ["potential", "digital_literacy"]
    (one,) = imported.stocks[1].items
    assert (one.constructs, one.about.topic, one.about.facet) == ({"etika"}, "menyaring kabar", "impor")


def test_without_defaults_a_foreign_item_cannot_be_placed():
    with pytest.raises(PackageRefused, match="nothing says what it measures; import it with a construct"):
        package.read(package_of(RIGHT_B), "lain.zip")


def test_defaults_of_another_instrument_refuse_the_package():
    strange = type(DEFAULTS)("digital_literacy", "intellectual", "impor", "butir impor", ("pelaksana",))
    with pytest.raises(PackageRefused, match="'intellectual' is not measured by digital_literacy"):
        package.read(package_of(RIGHT_B), "lain.zip", strange)


def test_ids_that_become_alike_are_told_apart():
    imported = read(*(RIGHT_B.replace("Item_1", name) for name in ("Item_1", "item-1", "ITEM.1", "9.1 b")))
    assert [one.id for one in imported.stocks[0].items] == ["item-1", "item-1-2", "item-1-3", "9-1-b"]


def test_what_was_imported_can_be_exported_and_comes_back_the_same():
    (stock,) = read(RIGHT_B, extra={"notes.txt": "x"}).stocks
    assert package.read(package.export(stock), "sendiri.zip").stocks == (stock,)
