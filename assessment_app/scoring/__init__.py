"""Sealed sheets become scores and profiles; its actions run in workers only."""
