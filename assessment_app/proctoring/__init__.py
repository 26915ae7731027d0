"""Proctors watch a room live."""
