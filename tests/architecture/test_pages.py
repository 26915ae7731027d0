"""Rules about templates and static files: nothing inline, nothing from outside, no colour but by its name."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, files, nothing, plant

PAGES = "assessment_app"
TOKENS = "tokens.css"
TAKES = re.compile(r"\s*\{#-?(?:(?!#\}).)*\bTakes:", re.DOTALL)
INLINE = {
    "inline script": re.compile(r"<script\b(?![^>]*\b(?:src=|type=[\"']application/json))[^>]*>", re.IGNORECASE),
    "inline style": re.compile(r"<style\b|\sstyle\s*=\s*[\"']", re.IGNORECASE),
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "script in a link": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
}
HEX = r"#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})"
COLOURS = {
    ".html": re.compile(rf"(?<!href=)[\"':\s]{HEX}[\"';\s]", re.IGNORECASE),
    ".css": re.compile(rf":[^;{{}}]*{HEX}\b(?=[^{{}}]*[;}}])", re.IGNORECASE),
    ".js": re.compile(rf"[\"'`]{HEX}[\"'`]", re.IGNORECASE),
    ".py": re.compile(rf"[\"'=]{HEX}[\"']", re.IGNORECASE),
}
OUTSIDE = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s\"'<>)]*", re.IGNORECASE)
SHOWN = (".html", ".svg", ".css", ".js", ".webmanifest")


def silent_partials(root: Path) -> list[str]:
    return [
        f"{file.name}: a partial begins with a comment that says what it takes"
        for file in files(root, PAGES, ends=".html")
        if Path(file.name).name.startswith("_") and not TAKES.match(file.text)
    ]


def inline_code(root: Path) -> list[str]:
    found: list[str] = []
    for file in files(root, PAGES, ends=(".html", ".svg")):
        for what, pattern in INLINE.items():
            found += file.each_match(pattern, what)
    return found


def loose_colours(root: Path) -> list[str]:
    """Only tokens.css gives a colour a value; all else calls it by name, so that a theme can change it.

    An image file is left out: what is loaded as an image cannot see the names of the page around it.
    """
    found: list[str] = []
    for file in files(root, PAGES, ends=tuple(COLOURS)):
        if not file.name.endswith("/" + TOKENS):
            found += file.each_match(COLOURS[Path(file.name).suffix], "a colour without a name")
    return found


def outside(root: Path) -> list[str]:
    """A lab has no internet: whatever a page names must come from the server that gave the page."""
    found: list[str] = []
    for file in files(root, PAGES, ends=SHOWN):
        found += file.each_match(OUTSIDE, "{0} is not ours")
    return found


RULES = [silent_partials, inline_code, loose_colours, outside]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_pages(rule):
    nothing(rule(ROOT))


HTML, CSS, JS = (f"assessment_app/exam/{f}" for f in ("templates/exam/a.html", "static/a.css", "static/a.js"))
PARTIAL = "assessment_app/exam/templates/exam/_item.html"
BROKEN = [
    (silent_partials, PARTIAL, "<p></p>"),
    (silent_partials, PARTIAL, "{# One question. #}\n{# Takes: item. #}"),
    (silent_partials, PARTIAL, "<p>{# Takes: item. #}</p>"),
    (inline_code, HTML, "<script>go()</script>"),
    (inline_code, HTML, "<script type='module'>\ngo()</script>"),
    (inline_code, HTML, "<style>p{}</style>"),
    (inline_code, HTML, '<p style="color:red">'),
    (inline_code, HTML, '<button\n onclick="go()">'),
    (inline_code, HTML, '<a href="javascript:go()">'),
    (loose_colours, HTML, '<path fill="#1a2b3c"/>'),
    (loose_colours, CSS, "p { color: #fff; }"),
    (loose_colours, CSS, "p { border: 1px solid #abcdef }"),
    (loose_colours, JS, 'const red = "#f00";'),
    (loose_colours, "assessment_app/talent/queries.py", "x = '<path fill=\"#0a0b0c\"/>'"),
    (outside, HTML, '<script src="https://cdn.example.net/a.js"></script>'),
    (outside, HTML, '<script src="//cdn.example.net/a.js"></script>'),
    (outside, CSS, "@import url(https://fonts.example.net/css);"),
    (outside, JS, "fetch('https://statistics.example.net/hit')"),
]


@pytest.mark.parametrize(("rule", "name", "text"), BROKEN)
def test_a_broken_rule_is_caught(tmp_path, rule, name, text):
    found = rule(plant(tmp_path, {name: text, "assessment_app/exam/templates/exam/ok.html": "<p>Baik.</p>"}))
    assert len(found) == 1
    assert found[0].startswith(name)


KEPT = [
    (silent_partials, PARTIAL, "{# One question.\n   Takes: item (Item), number (int). #}\n<p></p>"),
    (silent_partials, HTML, "<p></p>"),
    (inline_code, HTML, "<script type=module src=\"{{ url_for('static_of') }}\"></script><p data-once='1'>"),
    (inline_code, HTML, '<script type="application/json" id="boot">{}</script>'),
    (loose_colours, HTML, '<a href="#abc">&#8212; {# note #}<p id="fab">'),
    (loose_colours, CSS, "#add { color: var(--ink); }"),
    (loose_colours, "assessment_app/platform/static/tokens.css", ":root { --ink: #102030; }"),
    (loose_colours, "assessment_app/exam/static/icon.svg", '<path fill="#102030"/>'),
    (outside, HTML, '<svg xmlns="http://www.w3.org/2000/svg"><a href="/kartu">'),
    (outside, JS, "// a comment.with dots\nlet x = 1; // satu"),
]


@pytest.mark.parametrize(("rule", "name", "text"), KEPT)
def test_a_kept_rule_is_left_alone(tmp_path, rule, name, text):
    assert rule(plant(tmp_path, {name: text})) == []
