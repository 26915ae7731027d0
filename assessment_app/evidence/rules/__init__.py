"""What counts as evidence and what follows from it. Pure: facts, a rule set and a day in, components out."""

from assessment_app.evidence.rules.components import Component, components, predicate
from assessment_app.evidence.rules.facts import (
    CHECKABLE,
    COMPONENTS,
    DEMONSTRATION,
    KIND_OF,
    Fact,
    Kind,
    Known,
    State,
    answer,
    identity,
    is_contradicted,
    slot,
    standing,
)
from assessment_app.evidence.rules.numbers import Numbers
from assessment_app.evidence.rules.reading import Said, read_day, read_none, read_row

__all__ = [
    "CHECKABLE",
    "COMPONENTS",
    "DEMONSTRATION",
    "KIND_OF",
    "Component",
    "Fact",
    "Kind",
    "Known",
    "Numbers",
    "Said",
    "State",
    "answer",
    "components",
    "identity",
    "is_contradicted",
    "predicate",
    "read_day",
    "read_none",
    "read_row",
    "slot",
    "standing",
]  # fmt: skip
