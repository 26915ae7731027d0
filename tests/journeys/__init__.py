"""Journeys: the real processes, driven from outside, with things going wrong."""
