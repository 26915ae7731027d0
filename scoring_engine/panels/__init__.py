"""Panels of people: agreement between raters, and cut scores that judges set."""
