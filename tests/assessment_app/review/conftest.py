"""The same office as for the nine boxes: who reviews, reviews the people who stand in them."""

from tests.assessment_app.talent.conftest import app, enter, forms, house

__all__ = ["app", "enter", "forms", "house"]
