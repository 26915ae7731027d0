"""Numbers as they are written in Indonesian."""

from __future__ import annotations

from fractions import Fraction

Exact = int | Fraction
"""Numbers without rounding."""


def whole(value: Exact) -> str:
    """Write a whole number, its thousands parted by points."""
    return f"{int(value):,}".replace(",", ".")


def with_decimal(value: Exact) -> str:
    """Write a number rounded to one decimal, halves away from zero; the decimal stands behind a comma."""
    tenths = (abs(Fraction(value)) * 20 + 1) // 2
    return f"{'-' if value < 0 and tenths else ''}{whole(tenths // 10)},{tenths % 10}"
