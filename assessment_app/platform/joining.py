"""One script and one style sheet for a page: modules joined in the order in which a browser would evaluate them.

The sources stay native modules, which Node tests and other pages load one by one. What is joined behaves as they do,
because each keeps a scope of its own: it becomes a function that is called once and gives what it exports. Only the
forms of import and export that the house writes are understood; any other is refused, never guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, normpath

LINK = re.compile(
    r'^(?P<act>import|export) (?:\{(?P<names>[^{}]*)\}|(?<=import )\* as (?P<whole>[\w$]+)) from "(?P<source>[^"]+)";$',
    re.MULTILINE,
)
DECLARE = re.compile(
    r"^export (?=(?:const|(?:async )?function|class) (?P<name>[\w$]+)(?: =|\(| extends | \{))", re.MULTILINE
)
NOT_UNDERSTOOD = re.compile(r"^\s*(?:import|export)\b\s*[\w{*(\"'$].*|^.*\bimport(?:\.meta\b|\s*\().*", re.MULTILINE)
BEGIN = """if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", $start);
else $start();"""
COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n", re.MULTILINE | re.DOTALL)
"""A comment that has its lines to itself: a third of what is sent, and nothing that a participant's browser needs."""
OPEN_TEMPLATE = re.compile(r"^[^`\n]*`(?:[^`\n]*`[^`\n]*`)*[^`\n]*$", re.MULTILINE)
"""A line with an odd number of backticks: a text of several lines might hold what looks like a comment."""
NAME = re.compile(r"(?P<outer>[\w$]+)(?: as (?P<inner>[\w$]+))?")


class NotJoined(Exception):
    """A module cannot be joined; the text says which, and what it holds."""


@dataclass(frozen=True)
class Link:
    """A statement that names another module, by its address."""

    source: str
    names: dict[str, str] = field(default_factory=dict)
    """Name there -> name here, or the name under which it is passed on."""
    whole: str | None = None
    """The name here of all that it gives."""
    is_passed_on: bool = False


@dataclass
class Module:
    """One source: what it takes from others, what it gives, and its body without those statements."""

    name: str
    """Its address below ``/static``: slice and path, such as ``exam/screens/grid.js``."""
    links: list[Link] = field(default_factory=list)
    """In the order of the statements, which is that of evaluation."""
    own: list[str] = field(default_factory=list)
    body: str = ""

    @property
    def given(self) -> list[str]:
        """Name all that it exports."""
        passed_on = [name for link in self.links if link.is_passed_on for name in link.names.values()]
        return self.own + passed_on


def place_of(house: Path, name: str) -> Path:
    """Find the file behind an address below ``/static``."""
    of_slice, _, rest = name.partition("/")
    return house / of_slice / "static" / rest


def read_module(house: Path, name: str) -> Module:
    """Read a source; refuses with NotJoined what it does not understand."""
    made = Module(name)

    def linked(found: re.Match[str]) -> str:
        made.links.append(_link(found, name))
        return ""

    def declared(found: re.Match[str]) -> str:
        made.own.append(found["name"])
        return ""

    text = COMMENT.sub("", place_of(house, name).read_text(encoding="utf-8"))
    made.body = DECLARE.sub(declared, LINK.sub(linked, text)).strip()
    if left := NOT_UNDERSTOOD.search(made.body) or OPEN_TEMPLATE.search(made.body):
        raise NotJoined(f"{name}: this is not a form that can be joined: {left[0].strip()}")
    return made


def _link(found: re.Match[str], name: str) -> Link:
    source, names = found["source"], {}
    if not source.startswith("."):
        raise NotJoined(f"{name}: only modules of ours can be joined, not {source}")
    for word in filter(None, (part.strip() for part in (found["names"] or "").split(","))):
        read = NAME.fullmatch(word)
        if read is None:
            raise NotJoined(f"{name}: not a name: {word}")
        names[read["outer"]] = read["inner"] or read["outer"]
    return Link(normpath(f"{dirname(name)}/{source}"), names, found["whole"], is_passed_on=found["act"] == "export")


def read_in_order(house: Path, name: str, read: dict[str, Module], opened: tuple[str, ...] = ()) -> None:
    """Read a module after all that it needs, as a browser evaluates them; refuses a circle with NotJoined."""
    if name in opened:
        raise NotJoined(f"modules need each other: {' -> '.join((*opened, name))}")
    if name in read:
        return
    module = read_module(house, name)
    for link in module.links:
        read_in_order(house, link.source, read, (*opened, name))
        if missing := link.names.keys() - set(read[link.source].given):
            raise NotJoined(f"{name}: {link.source} does not give {', '.join(sorted(missing))}")
    read[name] = module


def join_modules(house: Path, before_paint: str, page: str) -> str:
    """Write one classic script for the head of a page.

    What stands in ``before_paint``, with all that it needs, runs at once: the parser waits for it, so nothing is
    painted before. The page's own module runs when the document is there, as a module of its own would.
    """
    read: dict[str, Module] = {}
    read_in_order(house, before_paint, read)
    at_once = len(read)
    read_in_order(house, page, read)
    places = {name: f"$module{number}" for number, name in enumerate(read)}
    written = [_written(module, places) for module in read.values()]
    early, late = "\n".join(written[:at_once]), "\n".join(written[at_once:])
    return f'"use strict";\n{{\n{early}\nconst $start = () => {{\n{late}\n}};\n{BEGIN}\n}}\n'


def _written(module: Module, places: dict[str, str]) -> str:
    takes, gives = [], list(module.own)
    for link in module.links:
        place = places[link.source]
        if link.is_passed_on:
            gives += [f"{given}: {place}.{outer}" for outer, given in link.names.items()]
        else:
            taken = ", ".join(f"{outer}: {inner}" for outer, inner in link.names.items())
            takes.append(f"const {link.whole or f'{{ {taken} }}'} = {place};")
    head = f"// {module.name}\nconst {places[module.name]} = (() => {{"
    return "\n".join([head, *takes, module.body, f"return {{ {', '.join(gives)} }};", "})();"])


def join_styles(house: Path, names: Sequence[str]) -> str:
    """Write style sheets one after the other, for a ``style`` element; refuses with NotJoined what could end it."""
    joined = "".join(COMMENT.sub("", place_of(house, name).read_text(encoding="utf-8")) for name in names)
    if "<" in joined or "@import" in joined or "@charset" in joined:
        raise NotJoined("a style sheet of a page holds neither < nor @import nor @charset")
    return joined
