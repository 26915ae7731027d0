"""The numbers that evidence needs of a rule set, read and checked in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessment_app.rule_sets.rules import IncompleteRules

Scale = Mapping[str, Fraction]


@dataclass(frozen=True)
class Numbers:
    """What evidence is worth, exactly; windows in whole years. ``matrix[results][behaviour]`` names a predicate."""

    matrix: Sequence[Sequence[str]]
    predicate: Scale
    award: Scale
    team: Scale
    development: Scale
    education: Scale
    field: Scale
    discipline: Scale
    experience: Sequence[tuple[Fraction, Fraction]]
    award_years: int
    team_years: int
    certificate_years: int
    bnsp_years: int

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Numbers:
        """Read a rule set's document; refuses with IncompleteRules, naming what is wrong."""
        try:
            rules = {name: rule["value"] for name, rule in document["rules"].items()}
            made = cls(
                matrix=[list(row) for row in rules["predicate.matrix"]],
                predicate=_scale(rules["predicate.score"]),
                **{name: _scale(rules[f"talent.subscale.{name}"]) for name in SCALES},
                experience=[(exact(least), exact(worth)) for least, worth in rules["talent.subscale.experience"]],
                award_years=int(rules["talent.window.award_years"]),
                team_years=int(rules["talent.window.team_years"]),
                certificate_years=int(rules["talent.window.certificate_years"]),
                bnsp_years=int(rules["talent.window.bnsp_certificate_years"]),
            )
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise IncompleteRules(f"rule set says too little of evidence: {error!r}") from error
        made.check()
        return made

    def check(self) -> None:
        """Refuse with IncompleteRules what does not hold together."""
        if [len(row) for row in self.matrix] != [3, 3, 3]:
            raise IncompleteRules("predicate.matrix is not 3 x 3")
        if unknown := {name for row in self.matrix for name in row} - self.predicate.keys():
            raise IncompleteRules(f"predicate.score does not know {sorted(unknown)}")
        steps = [least for least, _ in self.experience]
        if not steps or steps[0] != 0 or steps != sorted(set(steps)):
            raise IncompleteRules("talent.subscale.experience must begin at 0 and rise")
        for name, key in NONE.items():
            if key not in getattr(self, name):
                raise IncompleteRules(f"talent.subscale.{name} does not say what '{key}' is worth")

    def experience_worth(self, years: Fraction) -> Fraction:
        """Give what a length of experience is worth: each step from its lower bound, inclusive, to the next."""
        return [worth for least, worth in self.experience if least <= years][-1]


SCALES = ("award", "team", "development", "education", "field", "discipline")
NONE = {"award": "none", "team": "none", "development": "none", "discipline": "never"}
"""The step of each scale that belongs to whoever has none."""


def exact(value: object) -> Fraction:
    """Read a number of a document as it is written: 0.1 is one tenth."""
    return Fraction(str(value))


def _scale(values: Mapping[str, object]) -> Scale:
    return {str(name): exact(worth) for name, worth in values.items()}
