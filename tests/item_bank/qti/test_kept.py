"""What is not understood is kept and reported, with file, place and what became of it; nothing goes silently."""

import pytest

from tests.item_bank.qti.foreign import correct, item, left_out, mapping, options, read, read_one, resource, template
from tests.item_bank.qti.stock import PNG_FILE

MATCH = template("match_correct")
ASKED = options("A", "B")
GOOD = item(ASKED, correct("B"), MATCH, name="good")

ENTRY = '<p>Name: <qti-text-entry-interaction response-identifier="RESPONSE"/></p>'
PROGRAM = """<qti-portable-custom-interaction response-identifier="RESPONSE"
  custom-interaction-type-identifier="urn:x"/>"""
RULE = """<qti-response-processing><qti-response-condition><qti-response-if>
  <qti-match><qti-variable identifier="RESPONSE"/><qti-correct identifier="RESPONSE"/></qti-match>
  <qti-set-outcome-value identifier="SCORE">
   <qti-base-value base-type="float">{0}</qti-base-value></qti-set-outcome-value>
</qti-response-if>{1}</qti-response-condition></qti-response-processing>"""
ELSE = """<qti-response-else><qti-set-outcome-value identifier="SCORE">
  <qti-base-value base-type="float">0</qti-base-value></qti-set-outcome-value></qti-response-else>"""


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (item(f'<qti-feedback-block identifier="f" outcome-identifier="FB" show-hide="show"><p>Well done</p>'
              f"</qti-feedback-block>{ASKED}", correct("B"), MATCH), "feedback"),
        (item(ASKED, correct("B"), MATCH + '<qti-modal-feedback identifier="B">Yes</qti-modal-feedback>'), "feedback"),
        (item(f'<qti-rubric-block view="scorer"><p>Look for B</p></qti-rubric-block>{ASKED}', correct("B"), MATCH),
         "a rubric for scorer"),
        (item(f"<script>alert(1)</script>{ASKED}", correct("B"), MATCH), "a script"),
        (item(ASKED, correct("B"), MATCH, more='<qti-stylesheet href="style.css" type="text/css"/>'), "a style sheet"),
        (item(ASKED, correct("B"), MATCH, more="<qti-companion-materials-info/>"), "materials beside the item"),
        (item(ASKED, correct("B"), "<qti-response-processing><qti-lookup-outcome-value/></qti-response-processing>"),
         "a rule of scoring that is no template"),
        (item(ASKED, correct("B"), MATCH, more='<qti-response-declaration identifier="R"/>'), "more than one response"),
        (item(ASKED, correct("B"), MATCH, more="<qti-outcome-declaration><qti-match-table/></qti-outcome-declaration>"),
         "a table of scores"),
        (item(ASKED, correct("B"), RULE.format("-1", "")), "a rule of scoring that is no template"),
        (item(ASKED, correct("B"), template("map_response_point")), "a rule of scoring that is no template"),
        (item(f"<p>A <strong>not</strong> B</p>{ASKED}", correct("B"), MATCH), "words set off by <strong>"),
        (item(f"<marquee>Words</marquee>{ASKED}", correct("B"), MATCH), "an unknown element"),
        (item(f'<p><a href="other.html">this</a></p>{ASKED}', correct("B"), MATCH), "a link"),
    ],
)  # fmt: skip
def test_what_an_item_can_do_without_is_reported_and_its_file_kept(text, what):
    imported = read(text)
    assert len(imported.stocks[0].items) == 1
    told = [report for report in imported.reports if report.what == what]
    assert [report.file for report in told] == ["item1.xml"]
    assert told[0].place.startswith("line ")
    assert "kept" in told[0].became
    assert imported.kept["item1.xml"] == text.encode()


@pytest.mark.parametrize("rule", [RULE.format("1", ELSE), RULE.format("2.5", ""), MATCH, ""])
def test_the_usual_rules_of_scoring_are_none_to_report(rule):
    _, reports = read_one(item(ASKED, correct("B"), rule, name="good"))
    assert all("became" in became for _, became in reports)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (item('<qti-upload-interaction response-identifier="RESPONSE"/>'), "an interaction of a kind"),
        (item('<qti-gap-match-interaction response-identifier="RESPONSE"/>'), "an interaction of a kind"),
        (item(ASKED + ASKED, correct("B"), MATCH), "it has 2 interactions"),
        (item("<p>Nothing</p>", correct("B"), MATCH), "it has 0 interactions"),
        (item(ASKED, "", MATCH), "it does not say what is right"),
        (item(options("A", "B", "C", most=1), correct("A", "B"), MATCH, cardinality="multiple"), "more is right than"),
        (item(ASKED, correct("Z"), MATCH), "it calls 'Z' right, which is not there"),
        (item(ASKED, mapping({"A": 1, "B": 1}), template("map_response")), "all options earn the same"),
        (item(f'<p>Listen <audio src="a.mp3"/></p>{ASKED}', correct("B"), MATCH), "it has sound"),
        (item(f"<p><math><mi>x</mi></math></p>{ASKED}", correct("B"), MATCH), "it has a formula in MathML"),
        (item(f"<p>10<sup>2x</sup></p>{ASKED}", correct("B"), MATCH), "'2x' stands above or below"),
        (item(f'<p><qti-printed-variable identifier="X"/></p>{ASKED}', correct("B"), MATCH), "a variable of a"),
        (item(ASKED, correct("B"), MATCH, more='<qti-template-declaration identifier="X"/>'), "made by a template"),
        (item(ASKED, correct("B"), MATCH).replace("time-dep", 'adaptive="true" time-dep'), "goes on asking"),
        (item(ENTRY, correct("x"), MATCH, base="string"), "a field for words"),
        (item(f"<table><tr><td colspan='2'>x</td></tr></table>{ASKED}", correct("B"), MATCH), "cells of the table"),
        (item(f'<p><img src="a.png" alt="a"/><img src="a.png" alt="b"/></p>{ASKED}', correct("B"), MATCH),
         "more than one picture"),
        (item(f'<p><img src="a.gif" alt="a"/></p>{ASKED}', correct("B"), MATCH), "a picture of a kind"),
        (item(f'<p><img src="styled.svg" alt="a"/></p>{ASKED}', correct("B"), MATCH), "it has <style>"),
        (item(PROGRAM), "a program of another maker"),
        ('<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="x"/>', "no item of QTI 3"),
    ],
)  # fmt: skip
def test_an_item_that_would_not_be_itself_stays_outside_and_is_kept(text, why):
    extra = {"a.mp3": b"ID3", "a.png": PNG_FILE, "a.gif": b"GIF89a",
             "styled.svg": '<svg xmlns="http://www.w3.org/2000/svg"><style>a{}</style></svg>'}  # fmt: skip
    assert why in left_out(text, extra=extra)


def test_an_item_that_stays_outside_does_not_keep_others_from_coming_in():
    imported = read(item('<qti-drawing-interaction response-identifier="RESPONSE"/>'), GOOD)
    assert [one.id for one in imported.stocks[0].items] == ["good"]
    assert set(imported.kept) == {"item1.xml", "item2.xml"}


def test_the_picture_of_an_item_that_stays_outside_is_kept_too():
    text = item(f'<p><img src="a.png" alt="a"/></p>{ASKED}', "", MATCH)
    imported = read(text, GOOD, extra={"a.png": PNG_FILE})
    assert imported.kept["a.png"] == PNG_FILE


def test_a_stimulus_that_no_imported_item_shows_is_kept():
    listed = [resource("s.xml", "imsqti_stimulus_xmlv3p0")]
    imported = read(GOOD, extra={"s.xml": "<qti-assessment-stimulus/>"}, resources=listed)
    assert "s.xml" in imported.kept
    assert "s.xml" in {report.file for report in imported.reports}


def test_files_that_nothing_reads_are_kept_and_reported():
    listed = [resource("lti.xml", "imslti_xmlv1p3")]
    imported = read(GOOD, extra={"lti.xml": "<x/>", "style.css": "p{}", "inner.zip": b"PK\3\4"}, resources=listed)
    told = {
        report.file: (report.what, report.became) for report in imported.reports if report.place == "the whole file"
    }
    assert told == {
        "lti.xml": ("a resource of the type 'imslti_xmlv1p3'", "it is kept"),
        "style.css": ("a file that nothing read here needs", "it is kept"),
        "inner.zip": ("a file that nothing read here needs", "it is kept"),
    }
    assert set(told) <= set(imported.kept)


def test_a_rubric_for_the_candidate_is_read_by_the_candidate():
    text = item(f'<qti-rubric-block view="candidate scorer"><p>Take your time.</p></qti-rubric-block>{ASKED}',
                correct("B"), MATCH)  # fmt: skip
    one, reports = read_one(text)
    assert one.words.stem == ("Take your time.",)
    assert ("a rubric for the candidate", "its words stand in the stem; the file is kept") in reports


TEST = """<qti-assessment-test xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="My Test" title="A  test">
 {limits}<qti-test-part identifier="P" navigation-mode="linear" submission-mode="individual">
  <qti-assessment-section identifier="S1" title="One" visible="true">
   <qti-rubric-block view="candidate"><p>Read well.</p></qti-rubric-block><qti-ordering shuffle="true"/>
   <qti-assessment-item-ref identifier="a" href="item2.xml"/></qti-assessment-section>
  <qti-assessment-section identifier="S2" title="Two" visible="true">
   <qti-assessment-item-ref identifier="b" href="item1.xml"/></qti-assessment-section>
 </qti-test-part></qti-assessment-test>"""


def test_a_test_becomes_an_outline_and_what_it_has_more_is_reported():
    limits = '<qti-time-limits max-time="90.25"/>'
    listed = [resource("tests.xml", "imsqti_test_xmlv3p0")]
    unknown = item('<qti-drawing-interaction response-identifier="RESPONSE"/>')
    imported = read(unknown, GOOD, extra={"tests.xml": TEST.format(limits=limits)}, resources=listed)
    (outline,) = imported.outlines
    assert (outline.code, outline.title, outline.time_limit_ms) == ("my-test", "A test", 90_250)
    assert (outline.instructions, outline.item_ids) == (("Read well.",), ("good",))
    told = [report.what for report in imported.reports if report.file == "tests.xml"]
    assert told == [
        "the identifier 'My Test'", "items that come one after the other", "something beyond a list of items",
        "2 sections", "'item1.xml', which was not imported",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("places", "milliseconds", "told"),
    [
        (("S1", "S2"), 120_000, "2 time limits"),
        (("P",), 60_000, None),
        (("P", "S2"), 60_000, "1 time limits of smaller parts"),
        (("S1",), 120_000, "it says no time limit for the whole"),
    ],
)
def test_the_time_of_a_test_is_that_of_its_parts_together(places, milliseconds, told):
    text = TEST.format(limits="")
    for name in places:
        start = text.index(">", text.index(f'identifier="{name}"')) + 1
        text = f'{text[:start]}<qti-time-limits max-time="60"/>{text[start:]}'
    listed = [resource("tests.xml", "imsqti_test_xmlv3p0")]
    imported = read(GOOD, GOOD.replace("good", "good2"), extra={"tests.xml": text}, resources=listed)
    assert imported.outlines[0].time_limit_ms == milliseconds
    times = [report.what for report in imported.reports if "time limit" in report.what]
    assert times[-1:] == ([told] if told else [])


def test_a_test_without_time_gets_a_minute_for_each_item():
    listed = [resource("tests.xml", "imsqti_test_xmlv3p0")]
    imported = read(GOOD, GOOD.replace("good", "good2"), extra={"tests.xml": TEST.format(limits="")}, resources=listed)
    assert imported.outlines[0].time_limit_ms == 120_000
    assert "it says no time limit for the whole" in {report.what for report in imported.reports}


def test_a_file_full_of_what_is_unknown_is_not_told_to_the_last():
    text = item("".join(f"<x{n}>word</x{n}>" for n in range(500)) + ASKED, correct("B"), MATCH)
    imported = read(text)
    assert len(imported.reports) == 100
    assert imported.reports[-1].what == "more than is told one by one"
