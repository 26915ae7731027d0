"""Items that are written by rules: each has one answer that follows from what is shown, and says why the others do not.

``generate`` makes them; ``figural``, ``series`` and ``table`` are the families. What a rule may be stands in
``matrix_rules`` and ``series_rules``: an item counts only if every rule that fits what is shown gives the same answer.
"""
