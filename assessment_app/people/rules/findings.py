"""What is told about a row: how grave it is, where it stands, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

MATCH = "Cocokkan dengan SK."


class Severity(StrEnum):
    """An error keeps the row out, a question until somebody has decided it; the others let it in and show it.

    A repair tells what was read otherwise than it was written, a note what was passed over because it is no person.
    """

    ERROR = "error"
    QUESTION = "question"
    WARNING = "warning"
    REPAIR = "repair"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing to mend in one field of one row: what is wrong, what to do, and which findings are alike."""

    severity: Severity
    field: str
    sentence: str
    advice: str
    kind: str = ""


error = partial(Finding, Severity.ERROR)
warning = partial(Finding, Severity.WARNING)
repair = partial(Finding, Severity.REPAIR)
