"""Reading a source tree: which files there are, what Python means in them; and planting a small one."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("scoring_engine", "item_bank", "assessment_app", "workers", "migrations")
SLICES = (
    "accounts",
    "people",
    "scheduling",
    "exam",
    "accommodations",
    "logbook",
    "proctoring",
    "rescue",
    "sealing",
    "rule_sets",
    "job_standards",
    "evidence",
    "personnel",
    "scoring",
    "review",
    "talent",
    "succession",
    "reports",
    "progress",
    "foresight",
    "rescoring",
    "recompute",
    "rehearsal",
    "archive",
    "authoring",
)
NOT_OURS = {"__pycache__", "node_modules"}


@dataclass(frozen=True)
class File:
    """One text file of a tree; its name is the path from the root."""

    root: Path
    name: str

    @cached_property
    def text(self) -> str:
        """Everything in it."""
        return (self.root / self.name).read_text(encoding="utf-8")

    @cached_property
    def syntax(self) -> ast.Module:
        """What it means as Python."""
        return ast.parse(self.text, self.name)

    @cached_property
    def imported(self) -> dict[str, str]:
        """Local name -> what it stands for: {'dt': 'datetime', 'now': 'datetime.datetime.now'}."""
        names = {}
        for node in ast.walk(self.syntax):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    names[alias.asname or alias.name.partition(".")[0]] = alias.name
            elif isinstance(node, ast.ImportFrom) and not node.level:
                for alias in node.names:
                    names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        return names

    def meaning(self, node: ast.AST) -> str:
        """Spell out a dotted name as if everything in it had been imported under its full name."""
        if isinstance(node, ast.Attribute):
            return f"{self.meaning(node.value)}.{node.attr}"
        return self.imported.get(node.id, "") if isinstance(node, ast.Name) else ""

    def at(self, line: int, what: str) -> str:
        """Point at a line and say what is wrong there."""
        return f"{self.name}:{line}: {what}"

    def each_match(self, pattern: re.Pattern[str], what: str) -> Iterator[str]:
        """Point at every match of a pattern; ``what`` may name its groups and, by {0}, the whole match."""
        for match in pattern.finditer(self.text):
            line = self.text.count("\n", 0, match.start()) + 1
            yield self.at(line, what.format(match.group().strip(), **match.groupdict()))


def files(root: Path, *folders: str, ends: str | tuple[str, ...] = ".py") -> Iterator[File]:
    """List the files below some folders whose names end in one of the ways given."""
    for folder in folders:
        below = [root / folder] if (root / folder).is_file() else sorted((root / folder).rglob("*"))
        for path in below:
            if path.is_file() and path.name.endswith(ends) and not NOT_OURS & set(path.parts):
                yield File(root, path.relative_to(root).as_posix())


def functions(file: File) -> tuple[tuple[str, int, int], ...]:
    """Name, first line and length of every function, nested ones too."""
    return _functions(file.text)


@cache
def _functions(text: str) -> tuple[tuple[str, int, int], ...]:
    return tuple(
        (node.name, node.lineno, node.end_lineno - node.lineno + 1)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    )


def plant(root: Path, planted: dict[str, str]) -> Path:
    """Write a small tree, given as path and text of each file."""
    for name, text in planted.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def nothing(found: list[str]) -> None:
    """Fail with one finding a line."""
    assert not found, "\n" + "\n".join(found)
