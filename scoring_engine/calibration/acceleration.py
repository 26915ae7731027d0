"""A fixed point of EM in few cycles: Anderson's mixing of the last steps, undone whenever the likelihood falls."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from scoring_engine.responses import Floats

MEMORY = 6
"""Steps that are mixed (psychometrics, section 4)."""

FALL = 1e-12
"""A likelihood that falls by more than this share of itself is no rounding: the mixed step is undone."""

Allowed = Callable[[Floats], bool]
"""Whether a point describes anything."""

Told = Callable[[int, float], None]
"""Is told the number of each cycle and the largest change of the one before."""

Cycle = Callable[[Floats], tuple[Floats, float]]
"""One cycle of EM: takes a point, gives the next one and the (penalised) log-likelihood at the point taken."""


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """Where the cycles ended.

    Parameters
    ----------
    point : shape (parameters,)
        The last one whose height is known.
    height : float
        Log-likelihood there, with the logarithms of the priors.
    cycles : int
    change : float
        The largest change of a parameter in the last plain cycle.
    converged : bool
        Whether that is below the tolerance.
    """

    point: Floats
    height: float
    cycles: int
    change: float
    converged: bool


def fixed_point(
    cycle: Cycle, start: Floats, allowed: Allowed, tolerance: float, most_cycles: int, told: Told = lambda *_: None
) -> FixedPoint:
    """Repeat cycles until a plain one changes no parameter by the tolerance, or there are too many.

    A cycle that gives no finite numbers ends the search at the last point that had some, not converged.

    Parameters
    ----------
    cycle, told : functions
    start : shape (parameters,)
    allowed : function
    tolerance, most_cycles : float and int

    Returns
    -------
    FixedPoint

    Source
    ------
    Walker & Ni (2011), SIAM Journal on Numerical Analysis 49(4), 1715-1735.
    """
    point = plain = start
    found, last = FixedPoint(start, -np.inf, 0, np.inf, converged=False), -np.inf
    past: list[tuple[Floats, Floats]] = []
    for number in range(1, most_cycles + 1):
        told(number, found.change)
        after, height = cycle(point)
        if not (np.isfinite(height) and np.isfinite(after).all()):
            break
        if height < last - FALL * abs(last) and past:
            point, past, last = plain, [], -np.inf
            continue
        change = float(np.abs(after - point).max())
        found, last, plain = FixedPoint(point, height, number, change, change < tolerance), height, after
        if found.converged:
            return found
        past = [*past[-MEMORY:], (after, after - point)]
        point, past = (mixed, past) if allowed(mixed := _mixed(past)) else (plain, [])
    return replace(found, cycles=number)


def _mixed(past: list[tuple[Floats, Floats]]) -> Floats:
    """Combine the last steps so that what they would still change is least."""
    after, residual = past[-1]
    if len(past) == 1:
        return after
    points, residuals = (np.diff(np.stack(part), axis=0).T for part in zip(*past, strict=True))
    shares = np.linalg.lstsq(residuals, residual)[0]
    mixed: Floats = after - (points * shares).sum(axis=1)
    return mixed
