"""Adjusted p values: how surprising one of many tests is, given that there are many."""

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.responses import Floats, Ints


def holm(p: ArrayLike) -> Floats:
    """Adjust p values so that the chance of any false alarm stays below the level.

    Parameters
    ----------
    p : shape (tests,)
        Probabilities; NaN is a test that could not be made, and is not counted.

    Returns
    -------
    shape (tests,)
        The smallest level at which each test is significant, NaN where p is.

    Raises
    ------
    ValueError
        Not a row of numbers, or one of them is not between 0 and 1.

    Source
    ------
    Holm (1979), Scandinavian Journal of Statistics 6(2), 65-70.
    """
    values = _checked(p)
    order = _rising(values)
    left = np.arange(order.size, 0, -1)
    return _put_back(values, order, np.maximum.accumulate(left * values[order]))


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Adjust p values so that the expected share of false alarms among all alarms stays below the level.

    Parameters
    ----------
    p : shape (tests,)
        Probabilities; NaN is a test that could not be made, and is not counted.

    Returns
    -------
    shape (tests,)
        The smallest level at which each test is significant, NaN where p is.

    Raises
    ------
    ValueError
        Not a row of numbers, or one of them is not between 0 and 1.

    Source
    ------
    Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57(1), 289-300.
    """
    values = _checked(p)
    order = _rising(values)
    # The ratio first: it is 1 for the largest p value, which so comes back as it was given.
    scaled = order.size / np.arange(1, order.size + 1) * values[order]
    return _put_back(values, order, np.minimum.accumulate(scaled[::-1])[::-1])


def _checked(p: ArrayLike) -> Floats:
    values = np.asarray(p, dtype=np.float64)
    if values.ndim != 1:
        raise ValueError(f"p values must be a row, not {values.ndim} dimensions")
    wrong = (values < 0) | (values > 1)
    if wrong.any():
        test = int(np.argmax(wrong))
        raise ValueError(f"p value {values[test]:g} of test {test} is not between 0 and 1")
    return values


def _rising(values: Floats) -> Ints:
    known = np.flatnonzero(~np.isnan(values))
    order: Ints = known[np.argsort(values[known], kind="stable")]
    return order


def _put_back(values: Floats, order: Ints, adjusted: Floats) -> Floats:
    back = np.full_like(values, np.nan)
    back[order] = np.minimum(adjusted, 1.0)
    return back
