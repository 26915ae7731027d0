"""Items of one model and one number of categories, as a calibration moves them: their parameters and slopes.

A family holds its parameters free of bounds where it can (an asymptote as its logit), in slope-intercept form. From
parameters of shape (items, parameters) it gives log P of shape (items, categories, nodes) and the derivatives of log P
of shape (items, parameters, categories, nodes).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit, log_softmax

from scoring_engine.curves.items import BinaryBlock, Graded, GradedBlock, Item, Logistic, Nominal, PartialCredit
from scoring_engine.curves.probabilities import log_binary, log_graded
from scoring_engine.responses import Bools, Floats, Ints

Model = str
MODELS: tuple[Model, ...] = ("rasch", "2pl", "3pl", "4pl", "grm", "pcm", "gpcm", "nrm")
"""Names of the models, as the files write them (psychometrics, section 17)."""

FIXED_SLOPE = ("rasch", "pcm")
"""The slope is 1; the spread of ability is free instead."""

TWO_CATEGORIES = ("rasch", "2pl", "3pl", "4pl")

LOWER, UPPER = (-1.1, 0.5), (2.9, 0.5)
"""Priors of the logits of the asymptotes, mean and sd: about 1/4, one of four options, and about .95."""

SLOPE = (0.0, 0.5)
"""Prior of the logarithm of a slope where there are fewer than 500 persons (psychometrics, section 4)."""

STEEPEST = 10.0
"""No slope goes beyond this: items that copy each other would have none that is finite (psychometrics, section 0)."""

LEAST_GRADED = 0.01
"""A graded item's slope goes no lower: without a slope its thresholds have no place."""

FLAT = 1e-6
"""A slope nearer to 0 gives an item no location (psychometrics, section 0)."""

Curve = tuple[Floats, Floats]
"""log P and its derivatives."""


@dataclass(frozen=True, eq=False)
class Family:
    """Items of one model and one number of categories.

    Parameters
    ----------
    model : one of MODELS
    categories : int
    where : shape (items,)
        Their columns in the test.
    names : one for each parameter
    curve : function
        Takes parameters and nodes, gives log P and its derivatives.
    told : function
        Takes parameters, gives what is reported under `names`, shape (items, parameters).
    prior : parameter number -> (mean, sd) of a normal prior
    log_slope_prior : (mean, sd) of a lognormal prior of parameter 0, or None
    """

    model: Model
    categories: int
    where: Ints
    names: tuple[str, ...]
    curve: Callable[[Floats, Floats], Curve]
    told: Callable[[Floats], Floats]
    prior: dict[int, tuple[float, float]]
    log_slope_prior: tuple[float, float] | None = None

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """How low and how high each parameter may go, shape (parameters,) both; an estimate that ends there is none."""
        slopes = {"nrm": self.categories - 1, "rasch": 0, "pcm": 0}.get(self.model, 1)
        high = np.where(np.arange(len(self.names)) < slopes, STEEPEST, np.inf)
        low = -high
        if self.model == "grm":
            low[0] = LEAST_GRADED
        return low, high

    def allowed(self, parameters: Floats) -> Bools:
        """Mark with True, shape (items,), the parameters that describe an item of this model."""
        low, high = self.bounds
        fine: Bools = np.all(np.isfinite(parameters) & (parameters >= low) & (parameters <= high), axis=1)
        if self.log_slope_prior is not None:
            fine &= parameters[:, 0] > 0
        if self.model == "grm":
            fine &= (np.diff(parameters[:, 1:], axis=1) < 0).all(axis=1)
        if self.model == "4pl":
            fine &= parameters[:, 2] < parameters[:, 3]
        return fine


def family(model: Model, categories: int, where: Sequence[int], prior_of_slope: bool) -> Family:
    """Build the family of some items.

    Takes the name of a model, the number of categories, the columns of the items, shape (items,), and whether slopes
    get a prior; returns a Family.

    Raises
    ------
    ValueError
        No such model, or a model of right or wrong for more than two categories.
    """
    if model not in MODELS:
        raise ValueError(f"'{model}' is no model; the models are {', '.join(MODELS)}")
    if model in TWO_CATEGORIES and categories != 2:
        raise ValueError(f"{model} is for right or wrong, but an item has {categories} categories")
    steps = categories - 1
    kinds: dict[Model, tuple[Callable[[Floats, Floats], Curve], Callable[[Floats], Floats], tuple[str, ...]]] = {
        "rasch": (_rasch, np.negative, ("b",)),
        "2pl": (_logistic, _told_logistic, ("a", "b")),
        "3pl": (_logistic, _told_logistic, ("a", "b", "c")),
        "4pl": (_logistic, _told_logistic, ("a", "b", "c", "u")),
        "grm": (_graded, _told_graded, ("a", *_numbered("b", steps))),
        "pcm": (_partial_credit, _told_steps, _numbered("b", steps)),
        "gpcm": (_generalised, _told_generalised, ("a", *_numbered("b", steps))),
        "nrm": (_nominal, np.positive, (*_numbered("a", steps), *_numbered("c", steps))),
    }
    curve, told, names = kinds[model]
    prior = {"3pl": {2: LOWER}, "4pl": {2: LOWER, 3: UPPER}}.get(model, {})
    slope = SLOPE if prior_of_slope and model not in (*FIXED_SLOPE, "nrm") else None
    return Family(model, categories, np.array(where, dtype=np.int64), names, curve, told, prior, slope)


def _numbered(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{number}" for number in range(1, count + 1))


def _rasch(parameters: Floats, nodes: Floats) -> Curve:
    log_p, slopes = _logistic(np.hstack([np.ones_like(parameters), parameters]), nodes)
    return log_p, slopes[:, 1:]


def _logistic(parameters: Floats, nodes: Floats) -> Curve:
    """Take a, d and, where they are, the logits of the asymptotes."""
    count = parameters.shape[1]
    lower = expit(parameters[:, 2]) if count > 2 else np.zeros(len(parameters))
    upper = expit(parameters[:, 3]) if count > 3 else np.ones(len(parameters))
    block = BinaryBlock(np.arange(len(parameters)), parameters[:, 0], parameters[:, 1], lower, upper)
    log_p = log_binary(nodes, block).transpose(1, 2, 0)
    z = parameters[:, :1] * nodes + parameters[:, 1:2]
    s, not_s, low, high = expit(z), expit(-z), lower[:, None], upper[:, None]
    # S/P and (1 - S)/Q, which are 1 without asymptotes: P itself may be too small to divide by.
    over = np.exp(np.stack([log_expit(-z), log_expit(z)], axis=1) - log_p)  # (items, categories, nodes)
    by_z = (high - low)[:, None] * over * np.stack([-s, not_s], axis=1)
    moves = [by_z * nodes, by_z]
    if count > 2:
        moves.append((low * (1 - low))[:, None] * np.stack([-over[:, 0], not_s / np.exp(log_p[:, 1])], axis=1))
    if count > 3:
        moves.append((high * (1 - high))[:, None] * np.stack([-s / np.exp(log_p[:, 0]), over[:, 1]], axis=1))
    return log_p, np.stack(moves, axis=1)


def _graded(parameters: Floats, nodes: Floats) -> Curve:
    block = GradedBlock(np.arange(len(parameters)), parameters[:, 0], parameters[:, 1:])
    log_p = log_graded(nodes, block).transpose(1, 2, 0)
    z = parameters[:, :1, None] * nodes + parameters[:, 1:, None]
    s, not_s = expit(z), expit(-z)
    # P_k = S_k - S_(k+1) = S_k (1 - S_(k+1)) (1 - exp(d_(k+1) - d_k)), which divides without differences near 0.
    apart = -np.expm1(np.diff(parameters[:, 1:], axis=1))[:, :, None]
    inner = np.exp(np.diff(log_expit(z), axis=1)) / apart, np.exp(-np.diff(log_expit(-z), axis=1)) / apart
    borders = np.arange(z.shape[1])
    by = np.zeros((z.shape[0], z.shape[1] + 1, z.shape[1] + 1, nodes.size))
    by[:, 1 + borders, borders] = -np.concatenate([s[:, :1], inner[0]], axis=1)  # of the category below the border
    by[:, 1 + borders, 1 + borders] = np.concatenate([inner[1], not_s[:, -1:]], axis=1)  # and of the one above it
    by[:, 0, 1:] += not_s
    by[:, 0, :-1] -= s
    by[:, 0] *= nodes
    return log_p, by


def _softmax(slopes: Floats, intercepts: Floats, nodes: Floats) -> tuple[Floats, Floats, Floats]:
    """Give log P, and its derivatives by intercept and by slope of every category over 0."""
    log_p = log_softmax(slopes[:, :, None] * nodes + intercepts[:, :, None], axis=1)
    own = np.eye(slopes.shape[1])[1:, :, None]
    by_intercept = own - np.exp(log_p)[:, 1:, None]
    return log_p, by_intercept, by_intercept * nodes


def _generalised(parameters: Floats, nodes: Floats) -> Curve:
    steps = np.arange(float(parameters.shape[1]))
    intercepts = np.hstack([np.zeros((len(parameters), 1)), parameters[:, 1:]])
    log_p, by_intercept, by_slope = _softmax(parameters[:, :1] * steps, intercepts, nodes)
    return log_p, np.concatenate([(by_slope * steps[1:, None, None]).sum(axis=1, keepdims=True), by_intercept], axis=1)


def _partial_credit(parameters: Floats, nodes: Floats) -> Curve:
    log_p, slopes = _generalised(np.hstack([np.ones((len(parameters), 1)), parameters]), nodes)
    return log_p, slopes[:, 1:]


def _nominal(parameters: Floats, nodes: Floats) -> Curve:
    zero = np.zeros((len(parameters), 1))
    slopes, intercepts = np.split(parameters, 2, axis=1)
    log_p, by_intercept, by_slope = _softmax(np.hstack([zero, slopes]), np.hstack([zero, intercepts]), nodes)
    return log_p, np.concatenate([by_slope, by_intercept], axis=1)


def _told_logistic(parameters: Floats) -> Floats:
    a, d = parameters[:, :1], parameters[:, 1:2]
    return np.hstack([a, _divided(-d, a), expit(parameters[:, 2:])])


def _told_graded(parameters: Floats) -> Floats:
    return np.hstack([parameters[:, :1], _divided(-parameters[:, 1:], parameters[:, :1])])


def _told_steps(parameters: Floats) -> Floats:
    return -np.diff(parameters, prepend=0.0, axis=1)


def _told_generalised(parameters: Floats) -> Floats:
    return np.hstack([parameters[:, :1], _divided(_told_steps(parameters[:, 1:]), parameters[:, :1])])


def _divided(over: Floats, slope: Floats) -> Floats:
    """Divide by slopes; without a slope an item has no location."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.abs(slope) < FLAT, np.nan, over / slope)


def build(model: Model, values: Sequence[float]) -> Item:
    """Make an item of what is reported of it.

    Takes the name of a model and the values in the order of `Family.names`, a and b per logit and in logits, returns an
    Item.

    Raises
    ------
    ValueError
        No such model, or the values describe no item of it.
    """
    numbers = tuple(map(float, values))
    half = len(numbers) // 2
    match model:
        case "rasch":
            return Logistic(1.0, *numbers)
        case "2pl" | "3pl" | "4pl":
            return Logistic(*numbers)
        case "grm":
            return Graded(numbers[0], numbers[1:])
        case "pcm":
            return PartialCredit(1.0, numbers)
        case "gpcm":
            return PartialCredit(numbers[0], numbers[1:])
        case "nrm":
            return Nominal(numbers[:half], numbers[half:])
    raise ValueError(f"'{model}' is no model; the models are {', '.join(MODELS)}")


def _values_of(item: Item) -> tuple[float, ...]:
    """Say of an item what is reported of its kind.

    Takes an item, returns its numbers: a, b, lower, upper; a, b1, ...; or a1, ..., c1, ...
    """
    match item:
        case Logistic(a, b, lower, upper):
            return (a, b, lower, upper)
        case Graded(a, b) | PartialCredit(a, b):
            return (a, *b)
        case Nominal(slopes, intercepts):
            return (*slopes, *intercepts)


def told_of(model: Model, item: Item) -> tuple[float, ...]:
    """Say of an item what is reported of its model; the other way is `build`.

    Takes the name of a model and an item, returns one number for each of `Family.names`.

    Raises
    ------
    ValueError
        The item is not of the model.
    """
    values = _values_of(item)
    told = values[1:] if model in FIXED_SLOPE else values
    told = told[: {"rasch": 1, "2pl": 2, "3pl": 3}.get(model, len(told))]
    if isinstance(item, Logistic) != (model in TWO_CATEGORIES) or build(model, told) != item:
        raise ValueError(f"{item} is not of the model {model}")
    return told
