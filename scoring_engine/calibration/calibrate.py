"""Item parameters from response data by marginal maximum likelihood, for every model and mixtures of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.calibration.acceleration import FixedPoint, Told, fixed_point
from scoring_engine.calibration.errors import covariance, errors_of_told
from scoring_engine.calibration.expectation import Expected
from scoring_engine.calibration.families import Family, Model, build, family, told_of
from scoring_engine.calibration.marginal import Marginal
from scoring_engine.calibration.preparation import NO_VARIANCE, Prepared, prepare, refuse_too_few
from scoring_engine.calibration.start import start
from scoring_engine.curves.items import Item, Items
from scoring_engine.responses import Bools, Floats, Ints

FEW_FOR_SLOPES = 500
"""Below this many persons slopes get a prior (psychometrics, section 4)."""

COARSE = 1e-4
"""Changes of parameters down to which half of the nodes will do."""

MOST_GRIDS = 12
"""How often nodes are laid anew before it is said that the calibration has not converged."""

NEGATIVE_SLOPE, NO_LOCATION, FIXED, BOUND = "negative_slope", "no_location", "fixed", "bound"


@dataclass(frozen=True, eq=False)
class ItemEstimate:
    """What a calibration found for one item.

    Parameters
    ----------
    model : name of the model
    names : of the parameters: a, b, c, u; b1..; a1.., c1..
    values, se : shape (parameters,)
        NaN where there is no estimate.
    n : int
        Persons who answered it.
    categories : for every answer that occurs, in order, the answer in the data that became category 0, 1, ...
    flag : `no_variance`, `bound`, `negative_slope`, `no_location`, `collapsed`, `fixed`, or empty
        `bound`: a slope would go further than any item's does, as where one item copies another.
    """

    model: Model
    names: tuple[str, ...]
    values: Floats
    se: Floats
    n: int
    categories: tuple[int, ...]
    flag: str

    def item(self) -> Item:
        """Make the item, for scoring; raises ValueError if the estimate describes none."""
        return build(self.model, self.values.tolist())


@dataclass(frozen=True, eq=False)
class Calibration:
    """What a calibration found, and how it ended.

    Parameters
    ----------
    items : one for each column
    mean, sd, mean_se, sd_se : shape (groups,)
        Of ability; an error of 0 where the number is held fixed, NaN where a spread ended at its lower bound, .05.
    log_likelihood : float
        Marginal, without priors, of all persons with an answer.
    n_persons, n_parameters, iterations : int
    change : float
        The largest change of a parameter in the last cycle.
    converged : bool
    """

    items: tuple[ItemEstimate, ...]
    mean: Floats
    sd: Floats
    mean_se: Floats
    sd_se: Floats
    log_likelihood: float
    n_persons: int
    n_parameters: int
    iterations: int
    change: float
    converged: bool

    @property
    def aic(self) -> float:
        """Akaike's criterion, -2 log-likelihood + 2 parameters."""
        return 2 * self.n_parameters - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz's criterion, -2 log-likelihood + ln(persons) parameters."""
        return float(np.log(self.n_persons)) * self.n_parameters - 2 * self.log_likelihood

    def test(self) -> Items:
        """Make the test of all items, for scoring; raises ValueError if an estimate describes no item."""
        return Items([one.item() for one in self.items])


@dataclass(frozen=True)
class Settings:
    """How to calibrate.

    Parameters
    ----------
    tolerance : float
        Stop when a plain cycle changes no parameter by more; 1e-4 is the quick mode.
    most_cycles : int
    errors : bool
        Compute standard errors, which takes two cycles for every parameter.
    allow_few : bool
        Take fewer persons than a model needs.
    told : function
        Is told the number of the cycle and the last change.
    """

    tolerance: float = 1e-6
    most_cycles: int = 500
    errors: bool = True
    allow_few: bool = False
    told: Told = lambda _number, _change: None

    def __post_init__(self) -> None:
        """Refuse a search that could not end, or not begin."""
        if not self.tolerance > 0 or self.most_cycles < 1:
            raise ValueError(f"a tolerance above 0 and a cycle or more, not {self.tolerance} and {self.most_cycles}")


def calibrate(
    responses: ArrayLike,
    models: Model | Sequence[Model],
    groups: ArrayLike | None = None,
    fixed: Mapping[int, Item] | None = None,
    settings: Settings | None = None,
) -> Calibration:
    """Estimate item parameters, and mean and spread of ability in every group, by marginal maximum likelihood.

    Parameters
    ----------
    responses : shape (persons, items)
        Whole numbers from 0, -1 missing.
    models : one for all items, or one for each
    groups : shape (persons,)
        Group of each person, 0 is the reference; one group unless given.
    fixed : column -> item
        Anchors, held as they are; then the reference's mean and spread are free too.
    settings : Settings

    Returns
    -------
    Calibration
        Not converged is said in it, with the last state.

    Raises
    ------
    ValueError
        Too few persons or items for a model, an answer outside a fixed item, a fixed item of another model, no item
        that varies, a group without persons or without items in common with the others.

    Source
    ------
    Bock & Aitkin (1981); Bock & Zimowski (1997) for groups; Kim (2006), JEM 43(4), 355-381 for fixed items.
    """
    chosen = settings or Settings()
    prepared = prepare(responses, models, groups, fixed or {})
    refuse_too_few(prepared, chosen.allow_few)
    test = Marginal.of(prepared.sample, _families(prepared), prepared.fixed)
    return _result(prepared, _found(test, chosen), chosen.errors)


def _families(prepared: Prepared) -> list[Family]:
    """Part the free items by model and number of categories."""
    kinds: dict[tuple[Model, int], list[int]] = {}
    for column in prepared.free:
        kinds.setdefault((prepared.models[column], int(prepared.sample.categories[column])), []).append(column)
    few = len(prepared.sample.answers) < FEW_FOR_SLOPES
    return [family(model, count, where, few) for (model, count), where in kinds.items()]


@dataclass(frozen=True, eq=False)
class _Found:
    """Where a search ended, on which nodes, and what is expected there."""

    test: Marginal
    at: FixedPoint
    expected: Expected


def _found(test: Marginal, settings: Settings) -> _Found:
    """Search on every second node first, for most of the way at half the cost, then on all, until they are enough."""
    ones = np.ones(len(test.sample.sizes))
    begin = test.pack(start(test.families, test.sample.answers, test.sample.categories), 0 * ones, ones)
    coarse, most = test.coarser(), settings.most_cycles
    near = fixed_point(coarse.cycle, begin, test.allowed, max(settings.tolerance, COARSE), most, settings.told)
    at, cycles = near, near.cycles
    for _ in range(MOST_GRIDS):
        if cycles >= most:
            break
        at = fixed_point(test.cycle, at.point, test.allowed, settings.tolerance, most - cycles, settings.told)
        cycles += at.cycles
        expected = test.expect(at.point)
        laid = test.laid_for(at.point, expected)
        if laid is test:
            return _Found(test, replace(at, cycles=cycles), expected)
        test = laid
    return _Found(test, replace(at, cycles=cycles, converged=False), test.expect(at.point))


def _result(prepared: Prepared, search: _Found, with_errors: bool) -> Calibration:
    test, found = search.test, search.at
    size, bound = found.point.size, test.at_bound(found.point)
    errors = covariance(test.slope, found.point, bound) if with_errors else np.full((size, size), np.nan)
    parameters, mean, sd = test.unpack(found.point)
    of_items = found.point.size - len(test.free_mean) - len(test.free_sd)
    _, mean_se, sd_se = test.unpack(np.sqrt(np.diag(errors)))
    held = np.isin(np.arange(len(mean)), test.free_sd, invert=True)
    estimates = _estimates(test.families, parameters, errors[:of_items, :of_items], bound[:of_items], prepared)
    return Calibration(
        items=tuple(estimates.get(column) or _left_out(prepared, column) for column in range(len(prepared.models))),
        mean=mean, sd=sd, mean_se=mean_se, sd_se=np.where(held, 0.0, sd_se),
        log_likelihood=search.expected.log_likelihood,
        n_persons=len(prepared.sample.answers), n_parameters=found.point.size,
        iterations=found.cycles, change=found.change, converged=found.converged,
    )  # fmt: skip


def _estimates(
    families: list[Family], parameters: list[Floats], errors: Floats, bound: Bools, prepared: Prepared
) -> dict[int, ItemEstimate]:
    estimates, at = {}, 0
    for one, part in zip(families, parameters, strict=True):
        size = len(one.names)
        blocks = [errors[at + k : at + k + size, at + k : at + k + size] for k in range(0, part.size, size)]
        bounded: Bools = np.any(bound[at : at + part.size].reshape(part.shape), axis=1)
        at += part.size
        values, se = one.told(part), errors_of_told(one, part, np.stack(blocks))
        for column, row, row_se, ended in zip(one.where.tolist(), values, se, bounded.tolist(), strict=True):
            n, kept = prepared.told(column)
            flag = BOUND if ended else _flag(one, row, kept)
            estimates[column] = ItemEstimate(one.model, one.names, row, row_se, n, kept, flag)
    return estimates


def _flag(one: Family, values: Floats, kept: tuple[int, ...]) -> str:
    if np.isnan(values).any():
        return NO_LOCATION
    if one.names[0] == "a" and values[0] < 0:
        return NEGATIVE_SLOPE
    return "collapsed" if kept != tuple(range(len(kept))) else ""


def _left_out(prepared: Prepared, column: int) -> ItemEstimate:
    """Tell of an item that is fixed, or that did not vary."""
    n, kept = prepared.told(column)
    model = prepared.models[column]
    names = family(model, max(len(kept), 2), [column], prior_of_slope=False).names
    if column in prepared.fixed:
        values = np.array(told_of(model, prepared.fixed[column]))
        return ItemEstimate(model, names, values, np.zeros(len(names)), n, kept, FIXED)
    nothing = np.full(len(names), np.nan)
    return ItemEstimate(model, names, nothing, nothing, n, kept, NO_VARIANCE)


def group_numbers(names: Sequence[str], reference: str) -> tuple[Ints, tuple[str, ...]]:
    """Number groups by name, the reference 0, the others in the order of their names.

    Takes the group's name of every person, gives shape (persons,) and the names in order.

    Raises
    ------
    ValueError
        No person is in the reference group.
    """
    order = (reference, *sorted(set(names) - {reference}))
    if reference not in names:
        raise ValueError(f"no person is in the reference group '{reference}'; there are {', '.join(order[1:])}")
    numbers = {name: number for number, name in enumerate(order)}
    return np.array([numbers[name] for name in names], dtype=np.int64), order
