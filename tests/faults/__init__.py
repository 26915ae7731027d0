"""Whole sittings against the real processes while everything around them fails; see ``docs/operations.md``."""
