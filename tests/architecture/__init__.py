"""The house rules that can be counted.

Every rule is a pure function from the root of a tree to the lines that break it, so each runs twice: over the
project, where it must find nothing, and over a small tree that breaks it, where it must find exactly that.
"""
