"""Participants' pages use nothing that Chromium 109 or Firefox 115 ESR lacks: a lab's computers are what they are."""

import re
from pathlib import Path

import pytest

from tests.architecture.browsers import CHROMIUM, FEATURES, FIREFOX, Feature
from tests.architecture.tree import ROOT, File, files, nothing, plant

PLAYER = (
    "assessment_app/exam/static/",
    "assessment_app/exam/templates/",
    "assessment_app/platform/static/items/",
    "assessment_app/platform/static/base.css",
    "assessment_app/platform/static/tokens.css",
    "assessment_app/platform/templates/platform/base_exam.html",
    "assessment_app/platform/templates/platform/_icons.html",
    "assessment_app/platform/templates/platform/_item_",
)
"""What a participant's browser reads."""

HARMLESS = {"text-wrap": "an older browser breaks the lines of a heading where it always did"}
"""Feature -> what happens without it."""

EACH = [(ends, feature) for ends, features in FEATURES.items() for feature in features]


def plain(file: File) -> str:
    """Give a file without its comments; lines stay where they are."""
    comment = r"/\*.*?\*/|(?<![:\"'`\w/\\])//[^\n]*" if file.name.endswith(".js") else r"/\*.*?\*/|\{#.*?#\}"
    return re.sub(comment, lambda found: re.sub(r"[^\n]", " ", found[0]), file.text, flags=re.DOTALL)


def too_new(root: Path) -> list[str]:
    """Name each use of what one of the two browsers lacks."""
    found = []
    for file in files(root, "assessment_app", ends=tuple(FEATURES)):
        if file.name.startswith(PLAYER):
            text = plain(file)
            for feature in FEATURES[Path(file.name).suffix]:
                if feature.name not in HARMLESS:
                    found += uses(file.name, text, feature)
    return found


def uses(name: str, text: str, feature: Feature) -> list[str]:
    """Say where a text uses a feature."""
    places = [text.count("\n", 0, found.start()) + 1 for found in re.finditer(feature.pattern, text, re.M | re.S)]
    since = f"Chromium {feature.chromium}, Firefox {feature.firefox}"
    return [f"{name}:{line}: {feature.name} is newer than the oldest browsers ({since})" for line in places]


def test_participants_pages_use_nothing_that_their_browsers_lack():
    nothing(too_new(ROOT))


@pytest.mark.parametrize(("ends", "feature"), EACH, ids=[f"{feature.name}{ends}" for ends, feature in EACH])
def test_a_newer_feature_is_caught(tmp_path, ends, feature):
    folder = "templates/exam" if ends == ".html" else "static"
    name = f"assessment_app/exam/{folder}/a{ends}"
    root = plant(tmp_path, {name: feature.example, f"assessment_app/talent/static/b{ends}": feature.example})
    lacking = (feature.chromium or 999) > CHROMIUM or (feature.firefox or 999) > FIREFOX
    assert lacking, "both browsers have it"
    assert uses(name, feature.example, feature)
    assert bool(too_new(root)) == (feature.name not in HARMLESS)
    assert all(told.startswith(f"{name}:1: ") for told in too_new(root))


KEPT = {
    "static/a.css": """
a:is(b) > c { inset: 0; aspect-ratio: 1; gap: 4px; content: attr(data-more); }
@media (forced-colors: active) { a { color: red } }
p { background: linear-gradient(red, blue); transform: translate(1px) rotate(3deg); }
/* li:has(a) */ .zoomed:focus-visible { accent-color: red; }""",
    "static/a.js": """
const b = structuredClone(c?.d ?? []).at(-1); // Promise.try(
const e = [...m.values()].map(f);
class A { #b = 1; static { A.c = 1; } }
const url = 'https://a/v';
for (const [k, v] of m.entries()) f(k / v);""",
    "templates/exam/a.html": '<dialog class="popover"></dialog><details><summary>a</summary></details><p hidden></p>',
}


@pytest.mark.parametrize(("name", "text"), KEPT.items())
def test_what_both_browsers_have_is_left_alone(tmp_path, name, text):
    assert too_new(plant(tmp_path, {f"assessment_app/exam/{name}": text})) == []
