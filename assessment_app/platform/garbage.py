"""When a process looks for garbage: hardly while it starts, seldom while it works, never in what it loaded to keep.

A process holds half a million objects of modules. Python went through them again and again as they were loaded, and
once more at the end: a third of what a command costs, and a quarter of what the start of a server does. What a request
leaves is freed as it ends, without looking: after every 700 new objects, as Python looks by itself, it was an eighth of
what a save costs.
"""

from __future__ import annotations

import gc

STARTING = (200_000, 50, 50)
"""So many new objects are looked through only then; no module makes that many."""
WORKING = (50_000, 10, 10)
"""A request that makes a ring of objects, as an error with its frames does, waits for this many others."""


def starting() -> None:
    """Look for garbage rarely; for the first line of a process, before it loads the rest."""
    gc.set_threshold(*STARTING)


def started() -> None:
    """Keep what is there now for good and look for garbage seldom. Safe to repeat."""
    gc.freeze()
    gc.set_threshold(*WORKING)


def ending() -> None:
    """Leave everything to the system, which takes it back at once; for the last line, when all stores are closed."""
    gc.freeze()
