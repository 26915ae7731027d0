"""Pages of reports: the list, reports to read and to print, plans, issuing; and verification, for everybody."""

from __future__ import annotations

from assessment_app.reports.routes import listing, planning, reading, verifying
from assessment_app.reports.routes.door import bp, issuing, verification

__all__ = ["PAGES", "bp", "issuing", "verification"]

PAGES = (listing, reading, planning, verifying)
"""What hangs on the blueprints."""
