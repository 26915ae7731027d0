"""Rules about what is written: settings explained, links whole, decisions numbered once, locks hashed."""

import ast
import configparser
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import ROOT, File, files, nothing, plant

SETTINGS = "assessment_app/platform/settings.py"
OPERATIONS = "docs/operations.md"
WRITTEN = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs")
LINK = re.compile(r"(?<!\\)\[[^\]\n]*\]\((?P<to>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#{1,6}\s+(.*)$", re.MULTILINE)
DECISION = re.compile(r"\d{4}-[a-z0-9-]+\.md")
NAMES_A_HOST = re.compile(r"://|^\s*-(?!-hash=sha256:)", re.MULTILINE)


def settings(root: Path) -> set[str]:
    """The names of all settings, read from the fields of the dataclass."""
    (syntax,) = (file.syntax for file in files(root, SETTINGS))
    (class_,) = (n for n in ast.walk(syntax) if isinstance(n, ast.ClassDef) and n.name == "Settings")
    fields = (n.target for n in class_.body if isinstance(n, ast.AnnAssign))
    return {f"PRO_ASN_{field.id.upper()}" for field in fields if isinstance(field, ast.Name)}


def unexplained_settings(root: Path) -> list[str]:
    text = "".join(file.text for file in files(root, OPERATIONS, ends=""))
    known, written = settings(root), set(re.findall(r"\bPRO_ASN_[A-Z0-9_]*[A-Z0-9]\b", text))
    missing = [f"{name} is not explained in {OPERATIONS}" for name in sorted(known - written)]
    return missing + [f"{OPERATIONS} explains {name}, which is no setting" for name in sorted(written - known)]


def broken_links(root: Path) -> list[str]:
    """A relative link leads to a file of this tree, and its #part to a heading there."""
    return [
        f"{file.name}: {to} leads nowhere"
        for file in files(root, *WRITTEN, ends=".md")
        for to in links(file)
        if not leads(file, *to.partition("#")[::2])
    ]


def links(file: File) -> Iterator[str]:
    """The relative links of a page; what stands in code is no link."""
    for match in LINK.finditer(CODE.sub("", file.text)):
        if not re.match(r"[a-z]+:", match["to"]):
            yield match["to"]


def leads(file: File, to: str, part: str) -> bool:
    """Whether a link of this file leads somewhere inside the tree."""
    target = (file.root / file.name).parent / to if to else file.root / file.name
    inside = target.resolve().is_relative_to(file.root.resolve())
    if not inside or not target.exists():
        return False
    return not part or target.suffix != ".md" or part in anchors(target.read_text(encoding="utf-8"))


def anchors(text: str) -> set[str]:
    """The #parts of a page, as the usual forges make them from its headings."""
    headings = (match.group(1) for match in HEADING.finditer(text))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def confused_decisions(root: Path) -> list[str]:
    names = [path.name for path in sorted((root / "docs/decisions").glob("*")) if path.name != "README.md"]
    found = [f"{name}: a decision is called NNNN-title.md" for name in names if not DECISION.fullmatch(name)]
    twice = [number for number, times in Counter(name[:4] for name in names).items() if times > 1]
    return found + [f"the number {number} was given twice" for number in twice]


def loose_locks(root: Path) -> list[str]:
    """A lock pins every package, gives its hashes and leaves the choice of an index to whoever installs."""
    found: list[str] = []
    for file in files(root, "requirements", ends=".txt"):
        found += file.each_match(NAMES_A_HOST, "names a package index")
        for entry in re.split(r"\n(?=\S)", file.text.strip()):
            if not re.match(r"[a-z0-9.-]+==\S+", entry) or "--hash=sha256:" not in entry:
                found.append(f"{file.name}: {entry.splitlines()[0]} is not pinned with a hash")
    return found


def strangers(root: Path) -> list[str]:
    """What setup.cfg asks for is what run.in asks for, and the lock holds a version that satisfies it."""
    config = configparser.ConfigParser()
    config.read(root / "setup.cfg")
    wants = config.get("options", "install_requires", fallback="").split("\n")
    for _, more in config.items("options.extras_require"):
        wants += more.split("\n")
    asked = {canonicalize_name((r := Requirement(line)).name): r for line in wants if line}
    listed = {canonicalize_name(Requirement(n).name) for n in lines(root / "requirements/run.in")}
    found = [f"{name}: in only one of setup.cfg and run.in" for name in sorted(listed ^ set(asked))]
    for line in re.findall(r"^\S+==\S+", (root / "requirements/run.txt").read_text(), re.MULTILINE):
        name, _, version = line.partition("==")
        if name in asked and version not in asked[name].specifier:
            found.append(f"{line}: setup.cfg wants {asked[name]}")
    return found


def lines(path: Path) -> list[str]:
    """The lines of a requirements file that name a package."""
    return [line for line in path.read_text().splitlines() if line and line[0].isalpha()]


RULES = [unexplained_settings, broken_links, confused_decisions, loose_locks, strangers]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_docs(rule):
    nothing(rule(ROOT))


def test_a_setting_without_an_explanation_is_caught(tmp_path):
    plant(
        tmp_path,
        {
            SETTINGS: "class Settings:\n    host: str = ''\n    exam_port: int = 1\n",
            OPERATIONS: "`PRO_ASN_HOST` `PRO_ASN_GONE`",
        },
    )
    assert unexplained_settings(tmp_path) == [
        "PRO_ASN_EXAM_PORT is not explained in docs/operations.md",
        "docs/operations.md explains PRO_ASN_GONE, which is no setting",
    ]


def test_a_broken_link_is_caught(tmp_path):
    plant(
        tmp_path,
        {
            "README.md": "[a](docs/a.md) [b](docs/b.md) [c](docs/a.md#one-two) [d](docs/a.md#three) [e](../x.md)",
            "docs/a.md": "# One, two\n[up](../README.md) [me](#one-two) `[code](no.md)` [web](https://example.org)\n",
        },
    )
    expected = ["docs/b.md", "docs/a.md#three", "../x.md"]
    assert broken_links(tmp_path) == [f"README.md: {to} leads nowhere" for to in expected]


def test_a_decision_number_given_twice_is_caught(tmp_path):
    plant(tmp_path, {f"docs/decisions/{name}.md": "" for name in ("0001-a", "0002-b", "0002-c", "3-d")})
    assert confused_decisions(tmp_path) == [
        "3-d.md: a decision is called NNNN-title.md",
        "the number 0002 was given twice",
    ]


@pytest.mark.parametrize(
    "entry",
    [
        "flask>=3",
        "flask==3.1.3",
        "-i https://example.org/simple\nflask==3.1.3 \\\n    --hash=sha256:ab",
    ],
)
def test_a_loose_lock_is_caught(tmp_path, entry):
    plant(tmp_path, {"requirements/run.txt": "click==8.5.1 \\\n    --hash=sha256:ab\n" + entry + "\n"})
    assert loose_locks(tmp_path)


def test_a_requirement_in_one_place_only_is_caught(tmp_path):
    config = "[options]\ninstall_requires =\n    flask >=3\n    click >=9\n"
    config += "[options.extras_require]\nx =\n    pyotp\n"
    plant(tmp_path, {"setup.cfg": config, "requirements/run.in": "# Why\nflask\nclick\nredis\n"})
    plant(tmp_path, {"requirements/run.txt": "flask==3.1.3 \\\nclick==8.5.1 \\\n"})
    assert strangers(tmp_path) == [
        "pyotp: in only one of setup.cfg and run.in",
        "redis: in only one of setup.cfg and run.in",
        "click==8.5.1: setup.cfg wants click>=9",
    ]
