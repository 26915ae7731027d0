"""One factor behind some items, by least squares of their covariances, whatever the order of the items."""

import numpy as np

from scoring_engine.responses import Floats

SWEEPS = 20_000
"""Of a one-factor fit; items that go together need some 20."""


def one_factor(matrix: Floats) -> tuple[Floats, bool]:
    """Find the loadings whose products come nearest to the covariances, each at most its item's standard deviation.

    Items that hang together in two bundles give several local minima. So the search begins at equal loadings, along the
    first two principal axes, and between these, and the lowest minimum counts.

    Parameters
    ----------
    matrix : shape (items, items)
        Covariances.

    Returns
    -------
    loadings : shape (items,)
        Of positive sum.
    converged : bool

    Source
    ------
    Harman & Jones (1966), Psychometrika 31(3), 351-368, for minres.
    """
    bound = np.sqrt(np.diag(matrix))
    with np.errstate(invalid="ignore", divide="ignore"):  # an item without variance loads on nothing
        correlation = np.nan_to_num(matrix / np.outer(bound, bound))
    second, first = np.linalg.eigh(correlation)[1][:, -2:].T if len(matrix) > 1 else np.ones((2, 1))
    starts = [np.full(len(bound), 0.5), first, first + second, first - second]
    found = [_descend(matrix, bound * np.clip(start, -1.0, 1.0)) for start in starts]
    loadings, converged = min(found, key=lambda one: _misfit(matrix, one[0]))
    return loadings * (-1.0 if loadings.sum() < 0 else 1.0), converged


def _misfit(matrix: Floats, loadings: Floats) -> float:
    apart = matrix - np.outer(loadings, loadings)
    return float((apart**2).sum() - (np.diag(apart) ** 2).sum())


def _descend(matrix: Floats, loadings: Floats) -> tuple[Floats, bool]:
    """Minimise over one loading after the other: each step is exact within its bounds, so the fit never worsens."""
    between, bound = matrix - np.diag(np.diag(matrix)), np.sqrt(np.diag(matrix))
    for _ in range(SWEEPS):
        before = loadings.copy()
        for item, row in enumerate(between):
            others = (loadings**2).sum() - loadings[item] ** 2
            best = (row * loadings).sum() / others if others > 0 else 0.0
            loadings[item] = np.clip(best, -bound[item], bound[item])
        if (np.abs(loadings - before) <= 1e-13 * bound).all():
            return loadings, True
    return loadings, False
