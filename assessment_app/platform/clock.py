"""The only place that reads a clock; everything else is told what time it is."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Give the server's time, UTC-aware; read it once per request or task and pass it on."""
    return datetime.now(UTC)


def ticks() -> float:
    """Give seconds on a clock that only goes forward; for how long something took, never for when."""
    return time.monotonic()
