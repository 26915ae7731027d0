"""What can differ when a result is computed again, and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from scoring_engine.canonical import canonical, digest

Document = Mapping[str, Any]


class Kind(StrEnum):
    """What is computed again, in the order in which one follows from the other."""

    SHEET = "sheet"
    SCORE = "score"
    PROFILE = "profile"
    COMPARED = "compared"  # a profile under another key, beside the one that counts
    SIGNED = "signed"
    PLACEMENT = "placement"
    REPORT = "report"


class Cause(StrEnum):
    """Why something is not what it was."""

    CHANGED = "changed"  # its bytes are not those of its hash
    MISSING = "missing"  # it, or what it names, is not there
    REFUSED = "refused"  # it cannot be computed
    ENGINE = "engine"
    PARAMETERS = "parameters"
    RECIPE = "recipe"
    ARITHMETIC = "arithmetic"  # everything that goes in is the same, and something else comes out
    SCORES = "scores"
    RULES = "rules"
    STANDARD = "standard"
    RESULT = "result"  # another profile, or a signature
    EVIDENCE = "evidence"


@dataclass(frozen=True, order=True)
class Difference:
    """One difference: of what, whose, which part or definition, why, and where exactly.

    ``stale`` tells that what is stored is sound, and that computing it today would rest on something else.
    """

    kind: Kind
    sitting_id: int
    which: str
    cause: Cause
    detail: str = ""
    stale: bool = False


Named = tuple[str, int, str, str]
"""Kind, sitting, part or definition, and the hash of the bytes that were computed."""


@dataclass
class Report:
    """What came of computing again: what is the same, what differs, and the names of all bytes that were computed."""

    same: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(Kind, 0))
    differences: list[Difference] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """Name all computed bytes by one hash: the same twice, and in every installation, if nothing differs."""
        return digest(canonical(sorted(self.named)))

    @property
    def in_order(self) -> list[Difference]:
        """The differences in the order in which one follows from the other, then by sitting."""
        return sorted(self.differences, key=lambda one: (list(Kind).index(one.kind), one))

    def judge(self, kind: Kind, sitting_id: int, which: str, anew: bytes, found: Difference | None) -> None:
        """Take what was computed of one thing, and the difference if there is one."""
        self.named.append((kind.value, sitting_id, which, digest(anew)))
        if found is None:
            self.same[kind] += 1
        else:
            self.differences.append(found)


def where(kept: Any, anew: Any, path: str = "") -> str:
    """Name the first place in which two documents differ, with both values; empty if they are the same."""
    if isinstance(kept, Mapping) and isinstance(anew, Mapping):
        for name in sorted({*kept, *anew}):
            inside = f"{path}.{name}" if path else str(name)
            if name not in kept or name not in anew:
                return f"{inside}: {'not' if name not in kept else 'only'} in what is stored"
            if found := where(kept[name], anew[name], inside):
                return found
        return ""
    if _is_list(kept) and _is_list(anew) and len(kept) == len(anew):
        each = (where(old, new, f"{path}[{n}]") for n, (old, new) in enumerate(zip(kept, anew, strict=True)))
        return next(filter(None, each), "")
    return "" if kept == anew and type(kept) is type(anew) else f"{path}: {_short(kept)} -> {_short(anew)}"


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def cause_of_score(kept: Document, anew: Document) -> Cause:
    """Tell why two scores of one sheet differ: by what each says that it was made with."""
    for cause, name in ((Cause.ENGINE, "engine"), (Cause.PARAMETERS, "parameters"), (Cause.RECIPE, "recipe")):
        if kept.get(name) != anew.get(name):
            return cause
    return Cause.ARITHMETIC


def cause_of_profile(kept: Document, anew: Document) -> Cause:
    """Tell why a profile would rest on something else today, by the inputs of both."""
    for cause, name in ((Cause.SCORES, "scores"), (Cause.RULES, "rules"), (Cause.STANDARD, "standard")):
        if kept.get(name) != anew.get(name):
            return cause
    return Cause.STANDARD  # the level of the person's post


def cause_of_placement(kept: Document, anew: Document) -> Cause:
    """Tell why a placement would rest on something else today, by the inputs of both."""
    for cause, names in ((Cause.RESULT, ("profile", "signed")), (Cause.RULES, ("rules",))):
        if any(kept.get(name) != anew.get(name) for name in names):
            return cause
    return Cause.EVIDENCE
