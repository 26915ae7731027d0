"""Rules about code that no linter knows: who commits, what modules are called, what may be silenced."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, SLICES, files, nothing, plant

DB = "assessment_app/platform/db.py"
PARTS = {"__init__", "routes", "actions", "queries", "models", "messages", "rules"}
MORE_PARTS = {
    "exam": {"hot_path", "answer_log", "contract", "refusals"}, "sealing": {"verifier"}, "rehearsal": {"participants"},
}  # fmt: skip
FREE = ("platform", "servers", "commands")
EMPTY_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|misc|managers?|base_?stuff)(_|$)")
OUTERMOST = {
    "assessment_app/platform/gateway.py": "the outermost of a server: a fault of ours is logged once and told as such",
    "assessment_app/exam/answer_log/log.py": "a writer thread that dies takes its process with it",
    "workers/sweeps.py": "what is wrong with one thing holds up nothing else",
    "workers/tasks.py": "a job that fails is put back with its reason and does not stop the worker",
}
SILENCERS = re.compile(r"#\s*(?P<name>type:\s*ignore|noqa|nosec)(?P<rest>[^\n]*)")
REASONED = re.compile(r"(\[[\w, -]+\]|:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|\s+B\d+(,\s*B\d+)*)\s+(#|-)\s*\S.*")
LATER = re.compile(r"\b(?:" + "TO" + r"DO|FIX" + r"ME|XX" + r"X)\b(?!\(#\d+\))[^\n]*")
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{36}|://[^/\s:@{}]+:[^/\s:@{}]+@"
)
SECRET_NAMES = re.compile(r"(password|passwd|secret|pepper|api_?key|token|private_?key)$", re.IGNORECASE)


def committers(root: Path) -> list[str]:
    return [
        file.at(node.lineno, "commits; only `with transaction()` does")
        for file in files(root, *PACKAGES)
        if file.name != DB
        for node in ast.walk(file.syntax)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]


def stray_modules(root: Path) -> list[str]:
    """In a slice only the agreed names, in the application only the agreed slices, nowhere an empty name."""
    found = []
    for file in files(root, *PACKAGES):
        package, _, rest = file.name.partition("/")
        stem = Path(file.name).stem
        if EMPTY_NAMES.search(stem) or any(EMPTY_NAMES.search(part) for part in rest.split("/")[:-1]):
            found.append(f"{file.name}: the name says nothing; give the code to what it serves")
        elif package == "assessment_app" and (what := stray(rest)):
            found.append(f"{file.name}: {what}")
    return found


def stray(rest: str) -> str:
    """Say why a module below assessment_app has no place there, or nothing."""
    slice_, _, name = rest.partition("/")
    if rest == "__init__.py" or slice_ in FREE:
        return ""
    if slice_ not in SLICES:
        return "no slice of this house"
    allowed = PARTS | MORE_PARTS.get(slice_, set())
    # A name that outgrows one module may be a folder, one deep (decisions 2 and 13).
    first, inside, within = name.partition("/")
    if inside:
        return "" if first in allowed and "/" not in within else f"only {', '.join(sorted(allowed))} may be folders"
    return "" if name.removesuffix(".py") in allowed else f"a slice has only {', '.join(sorted(allowed))}"


def swallowers(root: Path) -> list[str]:
    """What catches everything and does not pass it on hides faults; only an outermost handler may."""
    return [
        file.at(node.lineno, "catches everything; name the errors that are expected")
        for file in files(root, *PACKAGES)
        if file.name not in OUTERMOST
        for node in ast.walk(file.syntax)
        if isinstance(node, ast.ExceptHandler) and swallows(node)
    ]


def swallows(handler: ast.ExceptHandler) -> bool:
    """Whether a handler takes everything and keeps it."""
    return catches_all(handler) and not passes_on(handler)


def catches_all(handler: ast.ExceptHandler) -> bool:
    """Whether nothing, Exception or BaseException stands behind `except`, alone or in a tuple."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException")) for kind in kinds
    )


def passes_on(handler: ast.ExceptHandler) -> bool:
    """Whether the handler ends by raising what it caught."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def silencers(root: Path) -> list[str]:
    """A checker is silenced for one code, with the reason beside it."""
    return [
        file.at(number, f"{match['name']} without a code and a reason")
        for file in files(root, *PACKAGES, "tests", "scripts")
        if not file.name.startswith("tests/architecture/")
        for number, line in enumerate(file.text.splitlines(), 1)
        if (match := SILENCERS.search(line)) and not REASONED.match(match["rest"])
    ]


def promises(root: Path) -> list[str]:
    """What is left for later carries the number of its issue."""
    found: list[str] = []
    for file in files(root, *PACKAGES, "tests", "scripts", "docs", "Makefile", ends=""):
        if Path(file.name).suffix in (".py", ".js", ".css", ".html", ".md", ".sql", ".sh", ".in", ""):
            found += file.each_match(LATER, "{0}")
    return found


def secrets(root: Path) -> list[str]:
    found: list[str] = []
    for file in files(
        root, *PACKAGES, "tests", "scripts", "docs", "deploy", ends=(".py", ".md", ".sh", ".json", ".yml")
    ):
        if not file.name.startswith("tests/architecture/"):
            found += file.each_match(SECRETS, "looks like a secret")
    for file in files(root, *PACKAGES):
        found += [
            file.at(node.lineno, "a secret written down")
            for node in ast.walk(file.syntax)
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.keyword) and is_secret(node)
        ]
    return found


def is_secret(node: ast.Assign | ast.AnnAssign | ast.keyword) -> bool:
    """Whether a name that speaks of a secret is given a literal without a space: a sentence is no secret."""
    value = node.value
    literal = isinstance(value, ast.Constant) and isinstance(value.value, str) and len(value.value) >= 8
    if not literal or " " in value.value:  # type: ignore[union-attr]  # `literal` says that it is a constant
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    given = (
        [node.arg or ""]
        if isinstance(node, ast.keyword)
        else [getattr(t, "id", getattr(t, "attr", "")) for t in targets]
    )
    return any(SECRET_NAMES.search(name) for name in given)


RULES = [committers, stray_modules, swallowers, silencers, promises, secrets]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_code(rule):
    nothing(rule(ROOT))


def test_an_outermost_handler_is_listed_only_while_it_is_one():
    for file in files(ROOT, *OUTERMOST):
        handlers = [node for node in ast.walk(file.syntax) if isinstance(node, ast.ExceptHandler)]
        assert any(swallows(handler) for handler in handlers), file.name


PROMISE = "# TO" + "DO"
BROKEN = [
    (committers, "assessment_app/exam/routes.py", "def save(db):\n    db.commit()\n", 2),
    (committers, "workers/tasks.py", "done = session.commit\n", 1),
    (stray_modules, "assessment_app/exam/services.py", "", 0),
    (stray_modules, "assessment_app/people/hot_path.py", "", 0),
    (stray_modules, "assessment_app/people/parts/rules.py", "", 0),
    (stray_modules, "assessment_app/payments/routes.py", "", 0),
    (stray_modules, "assessment_app/stray.py", "", 0),
    (stray_modules, "assessment_app/platform/utils.py", "", 0),
    (stray_modules, "scoring_engine/matrix_helpers.py", "", 0),
    (swallowers, "item_bank/a.py", "try:\n    pass\nexcept:\n    pass\n", 3),
    (
        swallowers,
        "item_bank/a.py",
        "try:\n    pass\nexcept Exception as e:\n    raise ValueError from e\n",
        3,
    ),
    (swallowers, "item_bank/a.py", "try:\n    pass\nexcept (OSError, BaseException):\n    pass\n", 3),
    (silencers, "item_bank/a.py", "x = 1  # type: ignore\n", 1),
    (silencers, "item_bank/a.py", "x = 1  # type: ignore[arg-type]\n", 1),
    (silencers, "tests/test_a.py", "x = 1  # noqa: S603\n", 1),
    (silencers, "workers/a.py", "x = 1  # nosec\n", 1),
    (promises, "item_bank/a.py", f"x = 1  {PROMISE} later\n", 1),
    (promises, "assessment_app/exam/static/exam/a.js", f"{PROMISE}\n", 1),
    (secrets, "docs/a.md", "\nredis://user:hunter2@host\n", 2),
    (secrets, "item_bank/a.py", "PASSWORD = 'correct-horse'\n", 1),
    (secrets, "item_bank/a.py", "connect(api_key='0123456789')\n", 1),
]


@pytest.mark.parametrize(("rule", "name", "text", "line"), BROKEN)
def test_a_broken_rule_is_caught(tmp_path, rule, name, text, line):
    plant(tmp_path, {name: text, "item_bank/innocent.py": "x = 1\n"})
    place = f"{name}:{line}: " if line else f"{name}: "
    assert [finding[: len(place)] for finding in rule(tmp_path)] == [place]


KEPT = [
    (committers, DB, "session.commit()\n"),
    (stray_modules, "assessment_app/exam/hot_path.py", ""),
    (stray_modules, "assessment_app/platform/anything.py", ""),
    (swallowers, "item_bank/a.py", "try:\n    pass\nexcept BaseException:\n    undo()\n    raise\n"),
    (swallowers, "workers/tasks.py", "try:\n    pass\nexcept Exception:\n    pass\n"),
    (silencers, "item_bank/a.py", "x = 1  # type: ignore[arg-type]  # each value was parsed\n"),
    (silencers, "item_bank/a.py", "x = 1  # nosec B608 - our own table name\n"),
    (promises, "item_bank/a.py", f"x = 1  {PROMISE}(#12) later\n"),
    (secrets, "item_bank/a.py", "password = 'Kata sandi salah'\ntoken = read()\n"),
]


@pytest.mark.parametrize(("rule", "name", "text"), KEPT)
def test_a_kept_rule_is_left_alone(tmp_path, rule, name, text):
    assert rule(plant(tmp_path, {name: text})) == []
