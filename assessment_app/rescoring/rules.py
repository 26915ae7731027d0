"""What of a reported result is another one under another key, and how much that means for a person. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from assessment_app.rule_sets.rules import Rules
from scoring_engine.canonical import digest
from scoring_engine.standards.nine_box import category

Document = Mapping[str, Any]
Pair = Sequence[Any]
"""Before and after."""

BOX, MATCH, POTENTIAL, MOST_STEPS = 10_000, 1_000, 100, 99
"""What weighs more comes first: another box, another category of match, another one of potential, steps of level."""


def change(before: Document, after: Document, rules: Rules, boxes: Mapping[str, Pair]) -> dict[str, Any]:
    """Say what two profiles of a person report differently; empty when they report the same.

    ``boxes`` are those of each definition, before and after, None where there is none.
    """
    said: dict[str, Any] = {
        "levels": _levels(before["competencies"], after["competencies"]),
        "literacy": _levels(before["literacy"], after["literacy"]),
        "boxes": {name: list(pair) for name, pair in boxes.items() if pair[0] != pair[1]},
    }
    said = {name: changed for name, changed in said.items() if changed}
    pairs = {
        "match": [one["jpm"]["category"] for one in (before, after)],
        "potential": [category(one["potential"]["score"], *rules.potential_cuts) for one in (before, after)],
    }
    said |= {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    percents = [one["jpm"]["percent"] for one in (before, after)]
    return said | ({"percent": percents} if percents[0] != percents[1] else {})


def _levels(before: Sequence[Document], after: Sequence[Document]) -> dict[str, list[int | None]]:
    pairs = {
        one["construct"]: [one["level"], then["level"]] for one, then in zip(before, after, strict=True)
    }  # fmt: skip
    return {construct: pair for construct, pair in pairs.items() if pair[0] != pair[1]}


def consequence(change: Document) -> int:
    """Weigh a change for the order in which people look at it; 0 when nothing that is reported changes."""
    steps: int = sum(
        abs((after or 0) - (before or 0))
        for part in ("levels", "literacy")
        for before, after in change.get(part, {}).values()
    )
    weights = {"match": MATCH, "potential": POTENTIAL, "percent": 1}
    other = sum(weight for name, weight in weights.items() if name in change)
    return BOX * len(change.get("boxes", ())) + other + min(steps, MOST_STEPS)


@dataclass(frozen=True)
class Changed:
    """Somebody with a result under both keys: what changes, what it weighs, and whether the result is signed."""

    sitting_id: int
    name: str
    nip: str
    unit: str
    inputs_sha256: str
    change: Document
    consequence: int
    signed: bool


@dataclass(frozen=True)
class Move:
    """How many people go from one level, category or box to another; None is none."""

    before: Any
    after: Any
    people: int


@dataclass(frozen=True)
class Comparison:
    """A wave under another key: who could be compared, and of whom something that is reported changes.

    ``awaited`` are the people with a profile who worked on the form; who of them lacks is still being computed.
    """

    people: Sequence[Changed]
    awaited: int

    @property
    def changed(self) -> list[Changed]:
        """Whoever has another reported result, the gravest first, then by name."""
        mine = [one for one in self.people if one.consequence > 0]
        return sorted(mine, key=lambda one: (-one.consequence, one.name, one.sitting_id))

    @property
    def is_whole(self) -> bool:
        """Tell whether nobody lacks."""
        return bool(self.people) and len(self.people) >= self.awaited

    @property
    def signed(self) -> int:
        """Count the people whose result is signed: they go to review again, whatever changes."""
        return sum(one.signed for one in self.people)

    @property
    def signed_changed(self) -> int:
        """Count those of them of whom something that is reported changes."""
        return sum(one.signed for one in self.people if one.consequence > 0)

    def seen(self, wave_id: UUID, key_seal: str) -> str:
        """Name this very comparison, so that who decides proves to have been shown it and no other."""
        told = sorted((one.sitting_id, one.inputs_sha256, one.consequence, one.signed) for one in self.people)
        lines = [f"{wave_id} {key_seal} {self.awaited}", *(" ".join(map(str, one)) for one in told)]
        return digest("\n".join(lines).encode())

    def people_with(self, part: str) -> int:
        """Count the people with another result in one part of it: levels, literacy, match, potential."""
        return sum(part in one.change for one in self.people)

    def moves(self, part: str) -> list[Move]:
        """Count from where to where people go in the category of match or potential, the most first."""
        return _moves(one.change[part] for one in self.people if part in one.change)

    def box_moves(self, definition: str) -> list[Move]:
        """Count from where to where people go in the boxes of a definition, the most first."""
        pairs = (one.change.get("boxes", {}).get(definition) for one in self.people)
        return _moves(pair for pair in pairs if pair)

    def level_moves(self) -> dict[str, tuple[int, int]]:
        """Count for each competency how many people rise and how many fall."""
        found: dict[str, tuple[int, int]] = {}
        for one in self.people:
            for construct, (before, after) in one.change.get("levels", {}).items():
                up, down = found.get(construct, (0, 0))
                rises = (after or 0) > (before or 0)
                found[construct] = (up + rises, down + (not rises))
        return dict(sorted(found.items()))


def _moves(pairs: Iterable[Pair]) -> list[Move]:
    counts = Counter((before, after) for before, after in pairs)
    return [Move(*pair, people) for pair, people in sorted(counts.items(), key=lambda one: (-one[1], str(one[0])))]
