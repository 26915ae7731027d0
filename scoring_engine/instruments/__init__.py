"""Instruments that are no plain test: forced choice, judgement, rating, preference, norms."""
