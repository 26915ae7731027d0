"""How well forms should measure, at some abilities, and what each item adds to that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoring_engine.curves.items import Items
from scoring_engine.curves.probabilities import information
from scoring_engine.responses import Floats, real_numbers


@dataclass(frozen=True, eq=False)
class Target:
    """How forms should measure one construct, at some abilities; make it by `Target.of` where items have curves.

    Parameters
    ----------
    told : shape (abilities, items)
        What each item tells, per squared logit; 0 for an item of another construct.
    wanted : shape (abilities,)
        "minimax": what every form's information should be, per squared logit. "maximin": its relative size.
    kind : "minimax" makes the largest deviation small; "maximin" makes the smallest information per part large.
    tolerance : float
        A deviation that is as good as none; minimax stops there, > 0.
    relative : bool
        True where deviations are shares of what is wanted, not per squared logit.

    Raises
    ------
    ValueError
        Shapes differ, or what is wanted or the tolerance is not positive.

    Source
    ------
    van der Linden (2005), Linear Models for Optimal Test Design.
    """

    told: Floats
    wanted: Floats
    kind: Literal["minimax", "maximin"] = "minimax"
    tolerance: float = 0.1
    relative: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no target."""
        told, wanted = real_numbers("told", self.told, 2), real_numbers("wanted", self.wanted, 1)
        if len(told) != wanted.size or wanted.size == 0 or not (wanted > 0).all() or not self.tolerance > 0:
            raise ValueError("every ability needs one positive information, and the tolerance is positive")
        if self.kind not in ("minimax", "maximin"):
            raise ValueError(f"{self.kind} is neither minimax nor maximin")

    @classmethod
    def of(
        cls, items: Items, theta: Floats, wanted: Floats, kind: Literal["minimax", "maximin"] = "minimax",
        tolerance: float = 0.1, relative: bool = False,
    ) -> "Target":  # fmt: skip
        """Take what items with curves tell at abilities in logits, shape (abilities,); raises ValueError as Target."""
        return cls(information(real_numbers("theta", theta, 1), items), wanted, kind, tolerance, relative)

    @property
    def scale(self) -> Floats:
        """What a deviation of 1 is, shape (abilities,)."""
        wanted = np.asarray(self.wanted, dtype=np.float64)
        return wanted if self.relative else np.ones_like(wanted)


def refuse_unless_they_fit(targets: Sequence[Target], items: int) -> None:
    """Refuse targets that do not fit a bank of so many items, or one another.

    Takes Targets and the number of items, returns nothing. Raises ValueError for a table of another shape, or of two
    kinds.
    """
    if any(np.shape(target.told)[1] != items for target in targets):
        raise ValueError(f"a target does not say what each of {items} items tells")
    if len({target.kind for target in targets}) > 1:
        raise ValueError("targets are all minimax or all maximin")
