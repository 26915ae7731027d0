"""Celery: says when, never what."""
