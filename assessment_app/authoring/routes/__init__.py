"""Pages of the vault: items and forms for authors, parameters for psychometricians alone."""

from __future__ import annotations

from assessment_app.authoring.routes.assembly import bp as assembly
from assessment_app.authoring.routes.corrections import bp as corrections
from assessment_app.authoring.routes.forms import bp as forms
from assessment_app.authoring.routes.items import bp as items
from assessment_app.authoring.routes.psychometrics import bp as psychometrics
from assessment_app.authoring.routes.sheets import bp as sheets

__all__ = ["PARTS"]

items.register_blueprint(sheets)

PARTS = (items, forms, assembly, psychometrics, corrections)
"""In the order of the menu."""
