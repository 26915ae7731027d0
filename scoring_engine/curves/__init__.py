"""Curves: the probability of every response to every item."""
