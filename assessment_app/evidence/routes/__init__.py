"""Pages of evidence, for the BKD: what is known of whom, files of other systems, one person's record."""

from assessment_app.evidence.routes import imports, overview, person
from assessment_app.evidence.routes.blueprint import bp

__all__ = ["bp", "imports", "overview", "person"]
