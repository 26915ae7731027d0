"""The meanings of words of the trade: each said once, each offered by some page, and no page offers another."""

import re
from pathlib import Path

from assessment_app.platform.terms import TERMS

TEMPLATES = sorted((Path(__file__).parents[3] / "assessment_app").glob("*/templates/**/*.html"))
OFFERED = re.compile(r"\bterms\(([^)]+)\)")


def test_every_term_is_offered_by_some_page_and_no_page_offers_another():
    calls = [call for file in TEMPLATES for call in OFFERED.findall(file.read_text("utf-8"))]
    assert {key for call in calls for key in re.findall(r'"(\w+)"', call)} == TERMS.keys()


def test_no_word_and_no_meaning_stands_twice():
    words, meanings = {one.word for one in TERMS.values()}, {one.meaning for one in TERMS.values()}
    assert len(words) == len(meanings) == len(TERMS)
