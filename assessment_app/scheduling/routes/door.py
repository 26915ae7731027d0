"""The door of planning, and what stands in the navigation."""

from __future__ import annotations

from flask import Blueprint

from assessment_app.accounts.routes import names_ids, only, shows
from assessment_app.accounts.rules import Entry, Group, Role
from assessment_app.platform.texts import mark
from assessment_app.scheduling.queries.naming import names_of

bp = Blueprint("scheduling", __name__, url_prefix="/gelombang", template_folder="../templates")
bp.before_request(only(Role.BKD_ADMIN))
names_ids(bp, names_of)
PLANNERS = frozenset({Role.BKD_ADMIN})
shows(
    bp,
    Entry(Group.PLANNING, mark("Gelombang"), "calendar", "scheduling.listed", PLANNERS),
    Entry(Group.PLANNING, mark("Ruang"), "computer", "scheduling.rooms", PLANNERS),
)
