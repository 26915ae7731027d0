"""Standards: from scores to levels, matches and boxes, each with its probability."""
