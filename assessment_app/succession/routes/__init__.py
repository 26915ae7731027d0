"""Pages of succession: posts to be filled, their candidates, proposals and decisions, files."""

from assessment_app.succession.routes import deciding, files, posts, proposing
from assessment_app.succession.routes.blueprint import bp

__all__ = ["bp", "deciding", "files", "posts", "proposing"]
