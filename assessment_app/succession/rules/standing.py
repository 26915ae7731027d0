"""What is known of a candidate at a moment, as one document: shown, hashed part by part, kept with acts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessment_app.succession.rules.ranking import Place, Worth
from assessment_app.succession.rules.screening import RULE_OF, Met, overall
from scoring_engine.canonical import canonical, digest

SCHEMA = "proasn/succession-standing/1"
PARTS = (*RULE_OF, "technical", "match", "value", "rank")
"""What can change between two looks, by the names that screens have words for."""

PASSING = ("months",)
"""Values that change with every month and say nothing new: the day that they lead to stands beside."""

SHORT = 16
"""Letters of a hash that name a part within what was seen: enough to notice a change, not to prove one."""

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Changed:
    """A part that is different now: as it was decided on, and as it is."""

    part: str
    before: Any
    after: Any


def worth(document: Document) -> Worth:
    """Read what a candidate is ranked by."""
    match = document["match"]
    return Worth(
        overall(document["screening"]) is not Met.NOT_MET, document["box"], _fraction(document["technical"]),
        None if match.get("exact") is None else Fraction(*match["exact"]),
        None if document["value"] is None else Fraction(*document["value"]),
    )  # fmt: skip


def _fraction(technical: Document | None) -> Fraction | None:
    return None if technical is None else Fraction(technical["hundredths"], 100)


def placed(document: Document, place: Place, of: int) -> dict[str, Any]:
    """Write the rank into a document: of how many who have one."""
    rank = {"rank": place.rank, "tied": place.tied, "unused": list(place.unused), "of": of}
    return {**document, "rank": rank}


def part(document: Document, name: str) -> Any:
    """Give one part of a document without what passes by itself; nothing where a document has no such part."""
    said = document["screening"].get(name) if name in RULE_OF else document.get(name)
    if said is None:
        return None
    if name == "rank":
        return {key: said[key] for key in ("rank", "tied")}
    if name not in RULE_OF:
        return said
    told = {**said, "values": {key: value for key, value in said["values"].items() if key not in PASSING}}
    return {**told, "near_cut": document["near_cut"]} if name == "box" else told


def seen(document: Document) -> str:
    """Name what a document says, part by part, so that a form can tell later what of it has changed."""
    return ".".join(f"{name}-{_short(part(document, name))}" for name in PARTS)


def changed_since(shown: str, document: Document) -> list[str]:
    """Name the parts that are not what was shown; every part when that names none of this house."""
    known = dict(one.split("-", 1) for one in shown.split(".") if "-" in one)
    return [name for name in PARTS if known.get(name) != _short(part(document, name))]


def _short(said: Any) -> str:
    return digest(canonical({"said": said}))[:SHORT]


def differences(before: Document, after: Document) -> list[Changed]:
    """List what is different now from what was decided on; before a proposal there is no rank to differ from."""
    pairs = [(name, part(before, name), part(after, name)) for name in PARTS]
    told = [pair for pair in pairs if pair[0] != "rank" or pair[1] is not None]
    return [Changed(name, old, new) for name, old, new in told if old != new]
