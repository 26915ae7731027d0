"""Pages of planning, by what is planned on them."""

from __future__ import annotations

from assessment_app.scheduling.routes import changes, filling, prints, sessions, waves
from assessment_app.scheduling.routes.door import bp

__all__ = ["PAGES", "bp"]

PAGES = (waves, sessions, filling, changes, prints)
"""What hangs on the blueprint."""
