"""Names on both sides: identifiers of XML, which begin with a letter, and ids of ours, which are short and plain."""

from __future__ import annotations

import re
import unicodedata

_ID, _CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}"), re.compile(r"[a-z0-9][a-z0-9-]{1,59}")
_LONGEST_ID, _LONGEST_CODE = 40, 60
_READ = 400
"""Letters of an identifier that are looked at."""
_STRANGE = re.compile(r"[^a-z0-9]+")


def identifier(own: str) -> str:
    """Name something of ours in XML, where no name begins with a digit."""
    return f"_{own}" if own[:1].isdigit() else own


def own_id(foreign: str, taken: dict[str, int]) -> str:
    """Give the id for an identifier, unlike all that are taken, and take it."""
    plain = foreign.removeprefix("_") if foreign[1:2].isdigit() else foreign
    return _untaken(plain if _ID.fullmatch(plain) else _fit(foreign, _LONGEST_ID) or "butir", taken, _LONGEST_ID)


def own_code(foreign: str, taken: dict[str, int]) -> str:
    """Give the code of a form for an identifier, unlike all that are taken, and take it."""
    plain = foreign.removeprefix("_") if foreign[1:2].isdigit() else foreign
    fitting = plain if _CODE.fullmatch(plain) else _fit(foreign, _LONGEST_CODE)
    return _untaken(fitting if len(fitting) > 1 else f"form-{fitting or 1}", taken, _LONGEST_CODE)


def is_same(foreign: str, own: str) -> bool:
    """Whether an id says the same as the identifier that it was made from."""
    return foreign in (own, identifier(own))


def _fit(foreign: str, longest: int) -> str:
    letters = unicodedata.normalize("NFKD", foreign[:_READ]).encode("ascii", "ignore").decode().lower()
    return _STRANGE.sub("-", letters).strip("-")[:longest].strip("-")


def _untaken(wanted: str, taken: dict[str, int], longest: int) -> str:
    """Number a name that is taken, going on from its last number: a package may hold the same one very often."""
    name, number = wanted, taken.get(wanted, 0)
    while name in taken:
        number += 1
        ending = f"-{number + 1}"
        name = wanted[: longest - len(ending)] + ending
    taken[wanted] = number
    taken.setdefault(name, 0)
    return name
