"""Pages of assessors: the queue, a profile with the decision about it, and the cases that are signed together."""

from __future__ import annotations

from assessment_app.review.routes import bulk, deciding, reading
from assessment_app.review.routes.door import bp, places

__all__ = ["PAGES", "bp", "places"]

PAGES = (reading, deciding, bulk)
"""What hangs on the blueprint."""
