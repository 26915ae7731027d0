"""When a process looks for garbage: hardly while it starts, and never through what it loaded to keep.

A process holds half a million objects of modules. Python went through them again and again as they were loaded, and
once more at the end: a third of what a command costs, and a quarter of what the start of a server does.
"""

from __future__ import annotations

import gc

AS_EVER = gc.get_threshold()
STARTING = (200_000, 50, 50)
"""So many new objects are looked through only then; no module makes that many."""


def starting() -> None:
    """Look for garbage rarely; for the first line of a process, before it loads the rest."""
    gc.set_threshold(*STARTING)


def started() -> None:
    """Keep what is there now for good and look for garbage as ever. Safe to repeat."""
    gc.freeze()
    gc.set_threshold(*AS_EVER)


def ending() -> None:
    """Leave everything to the system, which takes it back at once; for the last line, when all stores are closed."""
    gc.freeze()
