"""Invented people: what each is truly able to, construct by construct. Kept, so that results can be judged by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from item_bank.competencies import COMPETENCIES
from item_bank.instruments import DIGITAL_PILLARS, POTENTIAL_ASPECTS
from scoring_engine.responses import Floats

GENERAL, OF_A_FIELD = 0.35, 0.25
"""Of the variance within a job level, what all constructs share, and what those of one instrument share besides:
constructs of one instrument correlate at .60, others at .35 (assumed)."""

SHIFTS = {
    "jpt_utama": 0.9, "jpt_madya": 0.8, "jpt_pratama": 0.7, "administrator": 0.5, "pengawas": 0.3, "pelaksana": -0.3,
}  # fmt: skip
"""How far the mean of a job level lies from that of functional posts, in standard deviations (assumed)."""

FIELDS: Mapping[str, str] = {
    **{one.code: "competency" for one in COMPETENCIES}, **{one.code: "potential" for one in POTENTIAL_ASPECTS},
    **{one.code: "literacy" for one in DIGITAL_PILLARS},
}  # fmt: skip
TEMPO = 0.25
"""Standard deviation of how fast people work, in the logarithm of time."""


@dataclass(frozen=True)
class Population:
    """True values, each an array over the people in their order.

    ``ability`` is in logits on the scale of the item parameters, with mean 0 and variance 1 in the whole population;
    ``interest`` is what speaks for a career path; ``tempo`` is added to the logarithm of every time.
    """

    ability: Mapping[str, Floats]
    interest: Mapping[str, Floats]
    tempo: Floats

    def of(self, construct: str) -> Floats:
        """Give what a construct or path is worth to everybody; zeros for what nobody was asked to have."""
        found = self.ability.get(construct)
        found = self.interest.get(construct) if found is None else found
        return np.zeros_like(self.tempo) if found is None else found


def drawn(
    levels: Sequence[str], constructs: Sequence[str], paths: Sequence[str], chance: np.random.Generator
) -> Population:
    """Draw a population.

    Takes the job level of each person, names of the constructs and of the career paths, and the source of chance.
    """
    size = len(levels)
    shift = np.array([SHIFTS.get(level, 0.0) for level in levels], dtype=np.float64)
    shift -= shift.mean() if size else 0.0
    within = np.sqrt(max(0.0, 1.0 - float(shift.var()))) if size else 1.0
    general = chance.standard_normal(size)
    shared = {name: chance.standard_normal(size) for name in sorted(set(FIELDS.values()))}
    ability = {}
    for name in sorted(constructs):
        own = chance.standard_normal(size)
        field = shared.get(FIELDS.get(name, ""), own)
        mixed = np.sqrt(GENERAL) * general + np.sqrt(OF_A_FIELD) * field + np.sqrt(1 - GENERAL - OF_A_FIELD) * own
        ability[name] = shift + within * mixed
    interest = {name: chance.standard_normal(size) for name in sorted(paths)}
    return Population(ability, interest, TEMPO * chance.standard_normal(size))
