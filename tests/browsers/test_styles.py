"""The oldest browsers know every rule that styles a participant's pages, also of what no other test comes to see.

What a browser does not know it leaves out without a word, and a colour that is left out is white on white.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.architecture.test_old_browsers import HARMLESS, PLAYER, plain
from tests.architecture.tree import ROOT, files
from tests.browsers.oldest import OLDEST, opened

pytestmark = pytest.mark.long

WITHOUT = HARMLESS | {
    "scrollbar-color": "scroll bars have the colours of the system",
    "print-color-adjust": "its older name stands beside it",
    "-webkit-print-color-adjust": "its younger name stands beside it",
    "-webkit-text-size-adjust": "no computer enlarges text by itself",
}
"""Property -> what happens without it."""
RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")
PAGE = re.compile(r"@page[^{]*\{[^{}]*\}")  # of paper: no browser tells what it knows of that
CONDITION = re.compile(r"@media([^{]+)\{")
AROUND = re.compile(r"@[^{};]+\{|\}|\s")
NAMED = re.compile(r"(--[\w-]+)\s*:\s*([^;}]+)")
UNKNOWN = """({ conditions, rules }) => {
  const valid = (selector) => { try { return document.querySelector(selector), true; } catch { return false; } };
  const unsure = (condition) => ![condition, `not ${condition}`].some((either) => matchMedia(either).matches);
  const unknown = conditions.filter(unsure);
  for (const [selector, declared] of rules) {
    if (!valid(selector)) unknown.push(selector);
    for (const [name, value] of declared)
      if (!CSS.supports(name, value)) unknown.push(`${selector} { ${name}: ${value} }`);
  }
  return unknown;
}"""


def declarations(words: str, named: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Give what a rule declares, each name of ours by its value; one that scripts set is any number."""
    for declared in filter(None, map(str.strip, words.split(";"))):
        name, _, value = declared.partition(":")
        while (filled := re.sub(r"var\((--[\w-]+)\)", lambda found: named.get(found[1], "1"), value)) != value:
            value = filled
        if not name.startswith("--") and name not in WITHOUT:
            yield name, value.removesuffix("!important").strip()


def styles(text: str) -> dict[str, list]:
    """Read the conditions and rules of style sheets; no rule stands within another."""
    text = PAGE.sub("", text)
    assert AROUND.sub("", RULE.sub("", text)) == ""
    named = dict(NAMED.findall(text))
    rules = [[selector.strip(), list(declarations(words, named))] for selector, words in RULE.findall(text)]
    return {
        "conditions": [one.strip() for found in CONDITION.findall(text) for one in found.split(",")],
        "rules": rules,
    }


@pytest.mark.parametrize("name", OLDEST)
def test_every_rule_is_known(name, tmp_path):
    sheets = [plain(file) for file in files(ROOT, "assessment_app", ends=".css") if file.name.startswith(PLAYER)]
    read = styles("\n".join(sheets))
    assert len(sheets) == 4
    assert len(read["rules"]) > 400
    later = styles(
        "@media (later: 1) { a:later, b { color: red } } c { --d: 1px; width: later(var(--d)); height: 1px }"
    )
    with opened(name, tmp_path / "profile") as context:
        (page,) = context.pages
        assert page.evaluate(UNKNOWN, later) == ["(later: 1)", "a:later, b", "c { width: later(1px) }"]
        assert page.evaluate(UNKNOWN, read) == []
