"""Categories of percentages: rows of a rule set that hold every percentage exactly once."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise


def is_exact(*numbers: object) -> bool:
    """Tell whether numbers can meet a border exactly: takes any, returns True if all are int or Fraction."""
    return all(isinstance(one, Fraction | int) for one in numbers)


@dataclass(frozen=True)
class Band:
    """One category of percentages: lower <= percentage < upper; None where it has no end."""

    name: str
    lower: Fraction | int | None
    upper: Fraction | int | None


@dataclass(frozen=True)
class ThresholdSet:
    """Categories of percentages that hold every percentage exactly once.

    Parameters
    ----------
    bands : from the lowest category to the highest

    Raises
    ------
    ValueError
        No band, a name twice, an empty band, a gap, an overlap, disorder, an end that is not open, or not exact.
    """

    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        """Refuse a set that leaves a percentage without category or gives it two."""
        if not self.bands or len({band.name for band in self.bands}) != len(self.bands):
            raise ValueError("a threshold set needs categories with different names")
        if self.bands[0].lower is not None or self.bands[-1].upper is not None:
            raise ValueError("the lowest category must have no lower and the highest no upper end")
        for band in self.bands:
            if not is_exact(*(end for end in (band.lower, band.upper) if end is not None)):
                raise ValueError(f"category {band.name}: its ends are whole numbers or fractions")
            _refuse_empty(band)
        for band, above in pairwise(self.bands):
            _refuse_unless_joined(band, above)

    @classmethod
    def rising(cls, lowest: str, *above: tuple[str, Fraction | int]) -> "ThresholdSet":
        """Build a set from its lowest category and the others with their inclusive lower ends, rising.

        For example `ThresholdSet.rising("KMS", ("MMS", 68), ("MS", 80))`. Takes exact ends in per cent, returns
        the ThresholdSet, raises ValueError as the class does.
        """
        names = [lowest, *(name for name, _ in above)]
        ends = [None, *(end for _, end in above), None]
        return cls(tuple(map(Band, names, ends[:-1], ends[1:])))

    def position(self, percentage: Fraction | int) -> int:
        """Count to the category that holds the percentage: takes it exact (or ValueError), returns 0 at the lowest."""
        if not is_exact(percentage):
            raise ValueError(f"percentage {percentage} is no whole number or fraction; what is missing has no category")
        return sum(percentage >= band.lower for band in self.bands if band.lower is not None)

    def category(self, percentage: Fraction | int) -> str:
        """Name the category that holds the percentage: takes it exact, returns the name."""
        return self.bands[self.position(percentage)].name


def _refuse_empty(band: Band) -> None:
    if band.lower is not None and band.upper is not None and band.lower >= band.upper:
        raise ValueError(f"category {band.name} is empty: {band.lower} to {band.upper}")


def _refuse_unless_joined(band: Band, above: Band) -> None:
    if band.upper is None or above.lower is None:
        raise ValueError(f"between {band.name} and {above.name} an end is missing")
    if band.upper < above.lower:
        raise ValueError(f"gap: no category from {band.upper} to {above.lower}")
    if band.upper > above.lower:
        raise ValueError(f"overlap or disorder: {band.name} ends at {band.upper}, above {above.lower}")
