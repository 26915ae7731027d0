"""Profiles become placements in the nine-box, with the probability of each box."""
