"""Pages of proctors: the sessions around now, a room as it is, and what is done there."""

from assessment_app.proctoring.routes import acts, pausing, room, talk, writing
from assessment_app.proctoring.routes.blueprint import bp

__all__ = ["acts", "bp", "pausing", "room", "talk", "writing"]
