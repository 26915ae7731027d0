"""How a profile becomes a box. Pure.

Two definitions exist and are never mixed: ``profiling`` (competency by potential, right after a wave, an early
mapping without official recommendation; ``profiling.py``) and ``talent`` (performance by potential of the regulation,
from the tests and from evidence; ``talent.py``, with its numbers in ``formula.py``). ``cells.py`` says what a box is.
"""

from __future__ import annotations

PROFILING, TALENT = "profiling", "talent"

PROPOSED, SIGNED = "proposed", "signed"
"""What a placement rests on: a profile as the system made it, or one that an assessor signed."""
