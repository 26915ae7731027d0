"""Composition roots: the only places where parts are joined into a process."""
