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

IMPORT = re.compile(r'^import \{(?P<names>[^{}]*)\} from "(?P<source>[^"]+)";$', re.MULTILINE)
REEXPORT = re.compile(r'^export \{(?P<names>[^{}]*)\} from "(?P<source>[^"]+)";$', re.MULTILINE)
DECLARE = re.compile(
    r"^export (?=(?:const|(?:async )?function|class) (?P<name>[\w$]+)(?: =|\(| extends | \{))", re.MULTILINE
)
NOT_UNDERSTOOD = re.compile(r"^\s*(?:import|export)\b\s*[\w{*(\"'$].*|^.*\bimport(?:\.meta\b|\s*\().*", re.MULTILINE)
BEGIN = """if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", $start);
else $start();"""
NAME = re.compile(r"(?P<outer>[\w$]+)(?: as (?P<inner>[\w$]+))?")


class NotJoined(Exception):
    """A module cannot be joined; the text says which, and what it holds."""


@dataclass
class Module:
    """One source: what it takes from others, what it gives, and its body without those statements."""

    name: str
    """Its address below ``/static``: slice and path, such as ``exam/screens/grid.js``."""
    takes: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Module -> {name there: name here}, in the order of the statements."""
    passes_on: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Module -> {name there: name under which it is given}; such a name is none of this module's own."""
    own: list[str] = field(default_factory=list)
    body: str = ""

    @property
    def given(self) -> list[str]:
        """Name all that it exports."""
        return [*self.own, *(given for _, names in self.passes_on for given in names.values())]


def place_of(house: Path, name: str) -> Path:
    """Find the file behind an address below ``/static``."""
    of_slice, _, rest = name.partition("/")
    return house / of_slice / "static" / rest


def read_module(house: Path, name: str) -> Module:
    """Read a source; refuses with NotJoined what it does not understand."""
    made = Module(name)

    def taken(found: re.Match[str]) -> str:
        made.takes.append(_names_of(found, name))
        return ""

    def passed_on(found: re.Match[str]) -> str:
        made.passes_on.append(_names_of(found, name))
        return ""

    def declared(found: re.Match[str]) -> str:
        made.own.append(found["name"])
        return ""

    text = place_of(house, name).read_text(encoding="utf-8")
    made.body = DECLARE.sub(declared, REEXPORT.sub(passed_on, IMPORT.sub(taken, text))).strip()
    if left := NOT_UNDERSTOOD.search(made.body):
        raise NotJoined(f"{name}: this is not a form that can be joined: {left[0].strip()}")
    return made


def _names_of(found: re.Match[str], name: str) -> tuple[str, dict[str, str]]:
    source, names = found["source"], {}
    if not source.startswith("."):
        raise NotJoined(f"{name}: only modules of ours can be joined, not {source}")
    for word in filter(None, (part.strip() for part in found["names"].split(","))):
        read = NAME.fullmatch(word)
        if read is None:
            raise NotJoined(f"{name}: not a name: {word}")
        names[read["outer"]] = read["inner"] or read["outer"]
    return normpath(f"{dirname(name)}/{source}"), names


def read_in_order(house: Path, name: str, read: dict[str, Module], opened: tuple[str, ...] = ()) -> None:
    """Read a module after all that it needs, as a browser evaluates them; refuses a circle with NotJoined."""
    if name in opened:
        raise NotJoined(f"modules need each other: {' -> '.join((*opened, name))}")
    if name in read:
        return
    module = read_module(house, name)
    for source, names in (*module.takes, *module.passes_on):
        read_in_order(house, source, read, (*opened, name))
        if missing := names.keys() - set(read[source].given):
            raise NotJoined(f"{name}: {source} does not give {', '.join(sorted(missing))}")
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
    takes = [
        f"const {{ {', '.join(f'{outer}: {inner}' for outer, inner in names.items())} }} = {places[source]};"
        for source, names in module.takes
    ]
    gives = module.own + [
        f"{given}: {places[source]}.{outer}" for source, names in module.passes_on for outer, given in names.items()
    ]
    head = f"// {module.name}\nconst {places[module.name]} = (() => {{"
    return "\n".join([head, *takes, module.body, f"return {{ {', '.join(gives)} }};", "})();"])


def join_styles(house: Path, names: Sequence[str]) -> str:
    """Write style sheets one after the other, for a ``style`` element; refuses with NotJoined what could end it."""
    joined = "".join(place_of(house, name).read_text(encoding="utf-8") for name in names)
    if "<" in joined or "@import" in joined or "@charset" in joined:
        raise NotJoined("a style sheet of a page holds neither < nor @import nor @charset")
    return joined
