"""How far the results of a wave have come, whom nothing came of, and what to do about it."""
