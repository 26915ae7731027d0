"""A fixed point of EM in few cycles: Anderson's mixing of the last steps, undone whenever the likelihood falls."""

from collections.abc import Callable
from dataclasses import dataclass

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
    """Repeat cycles until a plain one changes no parameter by the tolerance.

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
    point, plain, last = start, start, -np.inf
    past: list[tuple[Floats, Floats]] = []
    change = np.inf
    for number in range(1, most_cycles + 1):
        told(number, change)
        after, height = cycle(point)
        if height < last - FALL * abs(last) and past:
            point, past, last = plain, [], -np.inf
            continue
        change, last, plain = float(np.abs(after - point).max()), height, after
        if change < tolerance:
            return FixedPoint(point, height, number, change, converged=True)
        past = [*past[-MEMORY:], (after, after - point)]
        point = _mixed(past)
        if not allowed(point):
            point, past = plain, []
    return FixedPoint(point, last, most_cycles, change, converged=False)


def _mixed(past: list[tuple[Floats, Floats]]) -> Floats:
    """Combine the last steps so that what they would still change is least."""
    after, residual = past[-1]
    if len(past) == 1:
        return after
    points, residuals = (np.diff(np.stack(part), axis=0).T for part in zip(*past, strict=True))
    shares = np.linalg.lstsq(residuals, residual)[0]
    mixed: Floats = after - (points * shares).sum(axis=1)
    return mixed
