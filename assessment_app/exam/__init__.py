"""Participants sit: sign-in, attempts, answers, the clock, the sealed sheet."""
