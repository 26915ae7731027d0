"""One scale for two calibrations: constants A, B with theta_base = A theta_new + B, from items that both hold.

The new form's parameters become a / A and A b + B (nominal: a / A and c - a B / A). Four methods:

mean-mean, mean-sigma
    From means (and standard deviations) of the slopes, and of all thresholds or steps. A nominal item enters with the
    differences of slopes from category to category and the abilities where neighbours cross. Loyd & Hoover (1980),
    JEM 17(3), 179-193; Marco (1977), JEM 14(2), 139-160.
haebara
    Least squares of all category curves, halved: of a right or wrong item that is the square of P(right) alone.
    Haebara (1980), Japanese Psychological Research 22(3), 144-149.
stocking-lord
    Least squares of the expected sum of points. Category k of a nominal item counts k points there: give its
    categories in the order of their worth, or take Haebara. Stocking & Lord (1983), APM 7(2), 201-210.

For items of several models in one test: Kim & Lee (2006), JEM 43(1), 53-76.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from scoring_engine.ability.posterior import STANDARD_NORMAL, Prior
from scoring_engine.curves.items import Item, Items, Logistic, Nominal
from scoring_engine.curves.probabilities import curves, probabilities
from scoring_engine.responses import Bools, Floats

Method = Literal["mean-mean", "mean-sigma", "haebara", "stocking-lord"]

NODES = np.linspace(-6.0, 6.0, 61)
"""Where curves are compared, in standard deviations of the population (psychometrics, section 0)."""

WEIGHTS = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()

FAR = 0.1
"""An anchor whose curve difference is larger has changed (psychometrics, section 5)."""

LEAST_KEPT = 0.8
"""Anchors are dropped only while more than this share remains."""

PRECISION, MOST_STEPS, FLAT = 1e-11, 200, 1e-6
"""The last step; how many at most; and the difference of slopes below which nominal categories do not cross."""


@dataclass(frozen=True, eq=False)
class Link:
    """The line from the scale of a new form to that of the base form.

    Parameters
    ----------
    slope, intercept : float
        A and B: theta_base = A theta_new + B.
    criterion : float
        What the method minimised over the kept anchors; for the methods of means Haebara's.
    differences : shape (anchors,)
        Root mean squared curve difference of every anchor, kept or not, in probability.
    kept : shape (anchors,)
        False for an anchor that was dropped because its curve has changed.
    """

    slope: float
    intercept: float
    criterion: float
    differences: Floats
    kept: Bools


Residuals = Callable[[Floats], Floats]
"""Takes (A, B), returns shape (6, n): what is left between the curves, its slopes in A, B and bends in AA, AB, BB."""


def link(
    new: Items, base: Items, method: Method = "stocking-lord", population: Prior = STANDARD_NORMAL,
    symmetric: bool = False, drop: bool = True,
) -> Link:  # fmt: skip
    """Find the line from the new scale to the base scale by the anchors.

    Parameters
    ----------
    new, base : Items
        The same anchors in the same order, as each of the two calibrations has them.
    method : 'mean-mean', 'mean-sigma', 'haebara' or 'stocking-lord'
    population : weights the abilities on the base scale; N(0, 1) unless given
    symmetric : compare on the new scale as well, weighted N(0, 1), and add both criteria
    drop : bool
        Drop the anchor that differs most, if by more than `FAR`, and link again, while `LEAST_KEPT` allows.

    Returns
    -------
    Link

    Raises
    ------
    ValueError
        Anchors are no pairs of one model or fix no line, or there is no such method.

    Source
    ------
    The module names it for each method.
    """
    _refuse_unless_paired(new, base)
    kept = np.ones(len(new), dtype=np.bool_)
    while True:
        some = np.flatnonzero(kept).tolist()
        slope, intercept, criterion = _line(new.at(some), base.at(some), method, population, symmetric)
        differences = curve_differences(new, base, slope, intercept, population)
        worst = int(np.argmax(np.where(kept, differences, -1.0)))
        if not drop or differences[worst] <= FAR or kept.sum() - 1 <= LEAST_KEPT * len(new):
            return Link(slope, intercept, criterion, differences, kept)
        kept[worst] = False


def transform(items: Items, slope: float, intercept: float) -> Items:
    """Put items on the scale A theta + B.

    Parameters
    ----------
    items : Items
    slope, intercept : A > 0 and B

    Returns
    -------
    Items
        With the same curves at A theta + B as the given ones at theta.

    Raises
    ------
    ValueError
        A is not positive, or A or B is not finite.

    Source
    ------
    Kolen & Brennan (2014), Test Equating, Scaling, and Linking, chapter 6.
    """
    _refuse_no_line(slope, intercept)
    return Items([_moved(item, slope, intercept) for item in items.each])


def curve_differences(
    new: Items, base: Items, slope: float, intercept: float, population: Prior = STANDARD_NORMAL
) -> Floats:
    """Compute how far the curves of every anchor lie apart after linking.

    Parameters
    ----------
    new, base : Items
        The same anchors in the same order.
    slope, intercept : A > 0 and B
    population : weights the abilities on the base scale

    Returns
    -------
    shape (anchors,)
        In probability: root of the mean over abilities of half the sum of squares over categories.

    Raises
    ------
    ValueError
        Anchors are no pairs of one model, or A is not positive.
    """
    _refuse_unless_paired(new, base)
    _refuse_no_line(slope, intercept)
    gap = _on_base_scale(new, base, np.array([slope, intercept]), population)[0]
    differences: Floats = np.sqrt((WEIGHTS[:, None] * (gap**2).sum(axis=2)).sum(axis=0) / 2)
    return differences


def enough_anchors(anchors: int, form_length: int) -> bool:
    """Tell whether anchors are at least a fifth of the form, or ten; takes two counts, returns the answer."""
    return anchors >= 10 or 5 * anchors >= form_length


def _line(new: Items, base: Items, method: Method, population: Prior, symmetric: bool) -> tuple[float, float, float]:
    """Find A, B and the criterion for given anchors."""
    by_means = {"mean-mean": _by_means(new, base, sigma=False), "mean-sigma": _by_means(new, base, sigma=True)}
    residuals = _residuals(new, base, method == "stocking-lord", population, symmetric)
    if method in by_means:
        line = by_means[method]
    elif method in get_args(Method):
        # Nominal categories can cross far away and spoil every mean: the best of three starts is taken.
        starts = filter(_is_line, [*by_means.values(), np.array([1.0, 0.0])])
        line = _minimise(residuals, min(starts, key=lambda at: _criterion(residuals, at)))
    else:
        raise ValueError(f"{method!r} is no method of linking: {', '.join(get_args(Method))}")
    if not _is_line(line):
        raise ValueError(f"{method} finds no line: the anchors need two places that differ, in both forms")
    return float(line[0]), float(line[1]), _criterion(residuals, line)


def _by_means(new: Items, base: Items, sigma: bool) -> Floats:
    """Compare means, and standard deviations if `sigma`; NaN where the anchors have none."""
    pairs = [(_parameters(x), _parameters(y)) for x, y in zip(new.each, base.each, strict=True)]
    slopes, places = (np.hstack([[x[part], y[part]] for x, y in pairs]) for part in range(2))
    places = places[:, np.isfinite(places).all(axis=0)]
    if places.shape[1] == 0 or (sigma and (np.ptp(places, axis=1) < FLAT).any()):
        return np.full(2, np.nan)
    of_places = places.std(axis=1)
    slope = of_places[1] / of_places[0] if sigma else slopes[0].mean() / slopes[1].mean()
    return np.array([slope, places[1].mean() - slope * places[0].mean()])


def _parameters(item: Item) -> tuple[Floats, Floats]:
    """Tell the slopes and the places of an item; NaN where nominal categories do not cross."""
    if not isinstance(item, Nominal):
        return np.array([item.a]), np.array(item.b, dtype=np.float64).reshape(-1)
    slopes, intercepts = np.diff([0.0, *item.a]), np.diff([0.0, *item.c])
    steep = np.abs(slopes) >= FLAT
    return np.abs(slopes), np.where(steep, -intercepts / np.where(steep, slopes, 1.0), np.nan)


def _residuals(new: Items, base: Items, summed: bool, population: Prior, symmetric: bool) -> Residuals:
    def residuals(line: Floats) -> Floats:
        found = [_on_base_scale(new, base, line, population)]
        if symmetric:
            found.append(_on_new_scale(new, base, line))
        return np.concatenate([_weighted(gap, summed) for gap in found], axis=1)

    return residuals


def _on_base_scale(new: Items, base: Items, line: Floats, population: Prior) -> Floats:
    """Subtract the moved new curves from the base curves; shape (6, nodes, items, categories), see `Residuals`."""
    theta = population.mean + population.sd * NODES
    moved, x = curves((theta - line[1]) / line[0], new), ((theta - line[1]) / line[0])[:, None, None]
    first, second = moved.first / line[0], moved.second / line[0] ** 2
    bends = [-(second * x + 2 * first / line[0]) * x, -(second * x + first / line[0]), -second]
    return np.stack([probabilities(theta, base) - moved.p, first * x, first, *bends])


def _on_new_scale(new: Items, base: Items, line: Floats) -> Floats:
    """Subtract the moved base curves from the new curves; shape (6, nodes, items, categories)."""
    moved, x = curves(line[0] * NODES + line[1], base), NODES[:, None, None]
    bends = [-moved.second * x**2, -moved.second * x, -moved.second]
    return np.stack([probabilities(NODES, new) - moved.p, -moved.first * x, -moved.first, *bends])


def _weighted(gap: Floats, summed: bool) -> Floats:
    points, half = np.arange(float(gap.shape[3])), np.sqrt(0.5)
    left = (gap * points).sum(axis=(2, 3)) if summed else gap.reshape(6, NODES.size, -1).transpose(0, 2, 1) * half
    weighted: Floats = (left * np.sqrt(WEIGHTS)).reshape(6, -1)
    return weighted


def _criterion(residuals: Residuals, line: Floats) -> float:
    return float((residuals(line)[0] ** 2).sum())


def _minimise(residuals: Residuals, start: Floats) -> Floats:
    """Go down by Newton steps, shortened where a whole one leads up (Levenberg-Marquardt)."""
    line, shortening, now = start, 1e-4, residuals(start)
    for _ in range(MOST_STEPS):
        upwards = (now[0] * now[1:3]).sum(axis=1)
        plain = (now[1:3, None] * now[None, 1:3]).sum(axis=2)
        bends = plain + (now[0] * now[3:]).sum(axis=1)[[[0, 1], [1, 2]]]
        if not _is_bowl(plain):
            raise ValueError("the curves of the anchors are flat in this population: they fix no line")
        if _is_bowl(bends) and np.abs(np.linalg.solve(bends, upwards)).max() < PRECISION:
            return line
        damped = bends + shortening * np.diag(np.diag(plain))
        tried = line - np.linalg.solve(damped, upwards) if _is_bowl(damped) else np.full(2, np.nan)
        after = residuals(tried) if _is_line(tried) else np.full((6, 1), np.inf)
        # Near the minimum both sums agree in all digits that they have: such a step is none upwards.
        if (after[0] ** 2).sum() <= (now[0] ** 2).sum() * (1 + 1e-12):
            line, now, shortening = tried, after, shortening / 10
        else:
            shortening *= 10
    raise ValueError(f"the curves of the anchors lead to no line in {MOST_STEPS} steps")


def _is_bowl(bends: Floats) -> bool:
    return bool(bends[0, 0] > 0 and np.linalg.det(bends) > 1e-14 * bends[0, 0] * bends[1, 1])


def _is_line(line: Floats) -> bool:
    return bool(np.isfinite(line).all() and line[0] > 0)


def _moved(item: Item, slope: float, intercept: float) -> Item:
    if isinstance(item, Nominal):
        c = tuple(c - a * intercept / slope for a, c in zip(item.a, item.c, strict=True))
        return Nominal(tuple(a / slope for a in item.a), c)
    if isinstance(item, Logistic):
        return replace(item, a=item.a / slope, b=slope * item.b + intercept)
    return replace(item, a=item.a / slope, b=tuple(slope * b + intercept for b in item.b))


def _refuse_no_line(slope: float, intercept: float) -> None:
    if not _is_line(np.array([slope, intercept])):
        raise ValueError(f"A = {slope} must be positive, and B = {intercept} finite")


def _refuse_unless_paired(new: Items, base: Items) -> None:
    if len(new) != len(base):
        raise ValueError(f"{len(new)} anchors of the new form, {len(base)} of the base form")
    for number, (x, y) in enumerate(zip(new.each, base.each, strict=True)):
        if type(x) is not type(y) or x.categories != y.categories:
            models = [f"{type(item).__name__} of {item.categories} categories" for item in (x, y)]
            raise ValueError(f"anchor {number} is {models[0]} in the new form, {models[1]} in the base form")
