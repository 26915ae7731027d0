"""What a recipe and a key say, as data: which answer earns what, which model, which estimator, which cuts."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from scoring_engine.ability.posterior import STANDARD_NORMAL, Prior
from scoring_engine.canonical import canonical, digest
from scoring_engine.curves.items import Item
from scoring_engine.recipes.answers import Earning

Missing = Literal["ignored", "wrong"]
"""What becomes of an omitted answer; what was not reached is ignored either way (psychometrics, section 0)."""

Estimator = Literal["eap", "map", "ml", "wle"]
ESTIMATORS: tuple[Estimator, ...] = ("eap", "map", "ml", "wle")


@dataclass(frozen=True)
class Norm:
    """A frozen norm group that a scale is reported against: T = 50 + 10 (theta - mean) / sd.

    Raises ValueError unless the mean is finite and the sd positive.
    """

    name: str
    mean: float
    sd: float

    def __post_init__(self) -> None:
        """Refuse what is no group."""
        if not (np.isfinite(self.mean) and np.isfinite(self.sd) and self.sd > 0):
            raise ValueError(f"norm group {self.name} needs a finite mean and a positive sd")


@dataclass(frozen=True)
class Scale:
    """One construct of a form.

    Parameters
    ----------
    construct : str
    missing : "ignored" or "wrong"
    estimator : one of ESTIMATORS
        Forced choices are always scored by the posterior mean.
    cuts : rising, in logits, if the construct is reported in levels; then every level gets its probability
    norm : Norm, or None

    Raises
    ------
    ValueError
        No such rule or estimator, or cuts that do not rise.
    """

    construct: str
    missing: Missing = "ignored"
    estimator: Estimator = "eap"
    cuts: tuple[float, ...] | None = None
    norm: Norm | None = None

    def __post_init__(self) -> None:
        """Refuse what no scale can have."""
        if self.missing not in ("ignored", "wrong") or self.estimator not in ESTIMATORS:
            raise ValueError(f"scale {self.construct}: no rule '{self.missing}' or estimator '{self.estimator}'")
        cuts = np.array(self.cuts if self.cuts is not None else [0.0])
        if not cuts.size or not np.isfinite(cuts).all() or (np.diff(cuts) <= 0).any():
            raise ValueError(f"scale {self.construct}: its cuts do not rise")


@dataclass(frozen=True)
class Composite:
    """Constructs that are averaged into one, with weights; missing with fewer measured than `least_measured`.

    Raises ValueError unless there is one positive weight for each construct, each construct stands there once (its
    evidence counts once), and least_measured is possible.
    """

    name: str
    constructs: tuple[str, ...]
    weights: tuple[float, ...]
    least_measured: int

    def __post_init__(self) -> None:
        """Refuse what cannot be averaged."""
        if len(self.weights) != len(self.constructs) or not all(0 < weight < np.inf for weight in self.weights):
            raise ValueError(f"composite {self.name}: every construct needs one positive weight")
        if len(set(self.constructs)) < len(self.constructs):
            raise ValueError(f"composite {self.name}: a construct stands there twice")
        if not 1 <= self.least_measured <= len(self.constructs):
            raise ValueError(f"composite {self.name}: it cannot rest on {self.least_measured} constructs")


@dataclass(frozen=True)
class Recipe:
    """How the responses to a form become scores: data with a name, a version, and the hash of all that it says.

    Parameters
    ----------
    name : str
    version : int
    scales : in the order of the report
    prior : Prior
        Of every construct, before the first answer.
    composites : of constructs of this recipe

    Raises
    ------
    ValueError
        A construct has two scales, two composites have one name, or one is of a construct without scale.
    """

    name: str
    version: int
    scales: tuple[Scale, ...]
    prior: Prior = STANDARD_NORMAL
    composites: tuple[Composite, ...] = ()

    def __post_init__(self) -> None:
        """Refuse scales that are not one for each construct."""
        names = [scale.construct for scale in self.scales]
        if len(set(names)) < len(names):
            raise ValueError(f"recipe {self.name}: a construct has two scales")
        if len({composite.name for composite in self.composites}) < len(self.composites):
            raise ValueError(f"recipe {self.name}: two composites have one name")
        for composite in self.composites:
            for stranger in sorted(set(composite.constructs) - set(names)):
                raise ValueError(f"composite {composite.name}: the recipe has no scale '{stranger}'")

    @cached_property
    def sha256(self) -> str:
        """Name all that the recipe says by its hash, 64 hexadecimal digits."""
        return digest(canonical(asdict(self)))


@dataclass(frozen=True)
class Preferred:
    """A block of statements about one construct, of which one was picked as most and one as least fitting."""

    construct: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Ranked:
    """A block whose statements each speak for one construct, without a scale behind it.

    ``speaks_for`` gives the construct of each option; ``repeats`` names the block that it asks again.
    """

    speaks_for: Mapping[str, str]
    repeats: str | None = None


ItemKey = Earning | Preferred | Ranked


@dataclass(frozen=True)
class Statement:
    """One statement of a block: utility = mean + loading * trait + error of variance psi."""

    mean: float
    loading: float
    psi: float


Parameters = Mapping[str, Item | Sequence[Statement]]
"""By item: its model, or the statements of a block in the order of `Preferred.options`."""
