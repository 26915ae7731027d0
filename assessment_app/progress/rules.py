"""What the facts say of how far a wave's results are. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Standing:
    """How many parts and sittings of a wave are how far; ``oldest`` is since when the longest waiting work is due."""

    sealed: int
    scored: int
    sittings: int
    profiled: int
    placed: int
    waiting: int
    failed: int
    oldest: datetime | None

    def age(self, now: datetime) -> timedelta:
        """For how long the oldest waiting work has waited."""
        return timedelta(0) if self.oldest is None else max(now - self.oldest, timedelta(0))


def share(part: int, whole: int) -> float:
    """What part of a whole something is, from 0 to 1; nothing of nothing is 0."""
    return part / whole if whole else 0.0
