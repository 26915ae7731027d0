"""A wave scored anew under a corrected key: beside what counts, compared, and in its place when two people say so."""
