"""Celery: says when, never what."""

from assessment_app.platform import garbage

garbage.starting()
