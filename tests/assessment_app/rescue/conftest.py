"""A room as the console's tests have it."""

from tests.assessment_app.proctoring.conftest import app, furniture, lab, small_lab, tri

__all__ = ["app", "furniture", "lab", "small_lab", "tri"]
