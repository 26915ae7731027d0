"""What a succession group follows from: screening, ranking, and what can be done with a candidacy. Pure.

The system screens and ranks, people propose and decide. What nobody knows is unknown: never met, and never zero.
"""

from __future__ import annotations

from enum import StrEnum


class Pool(StrEnum):
    """Whose succession group a post is filled from (rule ``succession.eligible``)."""

    AGENCY = "agency"
    NATIONAL = "national"
