"""Which texts the code says, and which of them a catalogue does not know yet.

Run ``python -m assessment_app.platform.catalogue`` to add missing texts to every catalogue with an empty
translation; a test fails until somebody fills them in.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from assessment_app.platform import errors
from assessment_app.platform.texts import LANGUAGES, SOURCE

HOUSE = Path(__file__).parent.parent
"""The package whose texts people read."""

REFUSALS = [name for name, kind in vars(errors).items() if isinstance(kind, type) and hasattr(kind, "slug")]
KEYWORDS = {**DEFAULT_KEYWORDS, "mark": None, **dict.fromkeys(REFUSALS)}
"""Calls whose first text is for people: ``_("...")``, ``mark("...")``, and every refusal with its detail."""

METHODS = [("**/templates/**.html", "jinja2.ext:babel_extract"), ("commands/**.py", "ignore"), ("**.py", "python")]
"""The command line speaks English to technical people and has no catalogue."""

OPTIONS = {"**/templates/**.html": {"silent": "false", "trimmed": "false"}}

HEADER = """\
# Texts of Pro ASN; the msgid is what Indonesian pages say.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
"""Without dates and names, so that only a changed text changes the file."""

Source = str | tuple[str, ...]


def source_texts() -> dict[Source, list[str]]:
    """Collect every text for people with the places that say it; a plural is a pair."""
    found: dict[Source, list[str]] = {}
    root = HOUSE
    for name, line, text, _comments, _context in extract_from_dir(root, METHODS, OPTIONS, KEYWORDS):
        if text:
            found.setdefault(text, []).append(f"{name}:{line}")
    for path in sorted(root.rglob("*.py")):
        for line, text in _titles(ast.parse(path.read_text("utf-8"))):
            found.setdefault(text, []).append(f"{path.relative_to(root)}:{line}")
    return found


def _titles(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find what refusals call themselves: the class attribute ``title``, alone or within a tuple."""
    for parent in ast.walk(tree):
        for node in parent.body if isinstance(parent, ast.ClassDef) else ():
            if isinstance(node, ast.Assign):
                yield from _title(node.targets[0], node.value)


def _title(target: ast.expr, value: ast.expr) -> Iterator[tuple[int, str]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, its in zip(target.elts, value.elts, strict=True):
            yield from _title(one, its)
    elif isinstance(target, ast.Name) and target.id == "title" and isinstance(value, ast.Constant):
        yield value.lineno, str(value.value)


def path_of(language: str) -> Path:
    """Tell where the catalogue of a language is."""
    return HOUSE / "platform" / "locale" / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """Read a catalogue as it is on disk now."""
    with path_of(language).open("rb") as stream:
        return read_po(stream, locale=language)


def untranslated(language: str) -> list[Source]:
    """List the texts that a catalogue does not have, or has without a translation."""
    known = read(language)
    return [text for text in source_texts() if not _translated(known, text)]


def _translated(known: Catalog, text: Source) -> bool:
    message = known.get(text if isinstance(text, str) else text[0])
    if message is None or not message.string:
        return False
    return isinstance(message.string, str) or all(message.string)


def add_missing(language: str) -> int:
    """Add what is missing to a catalogue, drop what nobody says, and tell how many wait for a translation."""
    known, said = read(language), source_texts()
    renewed = Catalog(locale=language)
    for text in sorted(said, key=str):
        old = known.get(text if isinstance(text, str) else text[0])
        renewed.add(text, old.string if old is not None else None)
    with path_of(language).open("wb") as stream:
        stream.write(HEADER.format(language=language, plural=renewed.plural_forms).encode())
        write_po(stream, renewed, width=110, no_location=True, omit_header=True, sort_output=True)
    return len(untranslated(language))


def main() -> None:
    """Bring every catalogue up to date."""
    for language in LANGUAGES:
        if language != SOURCE:
            waiting = add_missing(language)
            sys.stdout.write(f"{path_of(language)}: {waiting} texts wait for a translation\n")


if __name__ == "__main__":
    main()
