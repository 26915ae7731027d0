"""Which sweeps run how often; the same list for the embedded worker and for Celery's beat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

SWEEP_SECONDS = 5.0
"""How often somebody looks whether a sweep is due and a job has been forgotten."""


@dataclass(frozen=True)
class Sweep:
    """Periodic work: safe to run twice, harmless when it finds nothing."""

    name: str
    every: timedelta
    run: Callable[[datetime], None]
