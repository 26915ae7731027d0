"""Fixed forms: which items of a bank go on which form, as an integer programme that is solved and then checked.

A blueprint says what every form must be like, a target how well forms measure at chosen abilities. Solvers work in
floating point and stop within tolerances, so what they give is rounded and every row is checked again in whole numbers
before it is accepted. A blueprint that no forms can follow is refused with a smallest set of rows to blame.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import OptimizeResult

from scoring_engine.forms.blueprint import Blueprint, Row, Stimulus, broken_rows, refuse_unless_it_fits
from scoring_engine.forms.programme import BINARY, Programme
from scoring_engine.forms.targets import Target, refuse_unless_they_fit
from scoring_engine.responses import Bools, Floats, Ints, real_numbers

SOLVED, INFEASIBLE = 0, 2
"""Of scipy.optimize.milp; anything else is a limit or a fault of the solver."""


@dataclass(frozen=True, eq=False)
class Assembly:
    """Forms that keep every row of their blueprint.

    Parameters
    ----------
    forms : shape (forms, length)
        Columns of the items of each form, rising.
    information : for each target, shape (forms, abilities)
        Per squared logit.
    deviation : float
        Minimax: the largest difference from a target, in the measure of the targets; NaN without one.
    height : float
        Maximin: the smallest information per part of a target; NaN without one.
    gap : float
        How far, at most, the objective is from what is possible, as a share.
    proven : bool
        True where the gap is within what was asked for; False where time ran out first.
    """

    forms: Ints
    information: tuple[Floats, ...]
    deviation: float
    height: float
    gap: float
    proven: bool


@dataclass(frozen=True)
class Violation:
    """A row that cannot be kept, and by how much, at least, the forms together miss it."""

    row: str
    amount: int


class Infeasible(ValueError):
    """No forms follow the blueprint; `violations` is a smallest set of rows without which they would."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        self.violations = violations
        told = ", ".join(f"{one.row} (by {one.amount})" for one in violations)
        super().__init__(f"no forms follow the blueprint; to blame: {told or 'what is not a soft row'}")


class Unsolved(ValueError):
    """The time was over before any forms were found, or what was found does not keep a row."""


def assemble(
    items: int, blueprint: Blueprint, targets: Sequence[Target], seconds: float = 60.0, gap: float = 0.01
) -> Assembly:
    """Choose the items of one or several parallel forms.

    Parameters
    ----------
    items : int
        In the bank.
    blueprint : Blueprint
    targets : of one kind, Target
        None where items tell nothing that can be added up: then the blueprint alone chooses.
    seconds : float
        After which the best forms so far are taken.
    gap : float
        Distance from the optimum, as a share, at which the search stops.

    Returns
    -------
    Assembly
        Every row was checked in whole numbers. The same each time, unless time ran out.

    Raises
    ------
    ValueError
        A row, enemy, stimulus or target does not fit the bank, or forms cannot be that many or that long. `Infeasible`
        where no forms follow the blueprint, `Unsolved` where time was over too soon.

    Source
    ------
    van der Linden (2005), Linear Models for Optimal Test Design, chapters 4 to 7.
    """
    refuse_unless_they_fit(targets, items)
    refuse_unless_it_fits(blueprint, items)
    programme = Programme(items, blueprint.forms)
    _add_blueprint(programme, blueprint, {})
    _add_objective(programme, targets)
    return _solved(programme, blueprint, targets, seconds, gap)


def on_the_fly(
    items: int, blueprint: Blueprint, targets: Sequence[Target], draw: Floats, seconds: float = 10.0
) -> Assembly:
    """Choose one form for one person, by chance among all that keep blueprint and targets.

    Takes and refuses what `assemble` does, and the person's numbers drawn from 0 to 1, shape (items,): the form is that
    whose numbers add up to the least. Every target must be met within its tolerance.

    Returns
    -------
    Assembly
        Of one form; the same for the same numbers.

    Raises
    ------
    ValueError
        As `assemble`, and where the numbers are not one for each item.

    Source
    ------
    Luecht & Nungester (1998), Journal of Educational Measurement 35(3), 229-249, for forms made for one person each.
    """
    refuse_unless_they_fit(targets, items)
    refuse_unless_it_fits(blueprint, items)
    if real_numbers("draw", draw, 1).size != items or blueprint.forms != 1:
        raise ValueError(f"a form on the fly is one form, from {items} numbers")
    programme = Programme(items, 1, cost=draw)
    _add_blueprint(programme, blueprint, {})
    for target in targets:
        for at_ability, wanted, scale in zip(target.told, target.wanted, target.scale, strict=True):
            most = target.tolerance * scale
            programme.add_row(programme.on_form(0, np.arange(items)), at_ability, wanted - most, wanted + most)
    return _solved(programme, blueprint, targets, seconds, gap=0.01)


def _solved(
    programme: Programme, blueprint: Blueprint, targets: Sequence[Target], seconds: float, gap: float
) -> Assembly:
    found = programme.solve(seconds, gap)
    if found.status == INFEASIBLE:
        raise Infeasible(_to_blame(blueprint, programme.items, seconds))
    if found.x is None:
        raise Unsolved(f"no forms within {seconds:g} seconds: {found.message}")
    return _accepted(programme.chosen(found.x), blueprint, targets, found)


Slack = dict[str, list[tuple[int, int]]]
"""For the name of a row that may be missed, for every form, the variables for below and above."""


def _add_blueprint(programme: Programme, blueprint: Blueprint, slack: Slack) -> None:
    for form in range(blueprint.forms):
        every = programme.on_form(form, np.arange(programme.items))
        programme.add_row(every, np.ones(every.size), blueprint.length, blueprint.length)
        for row in blueprint.rows:
            _add_bounded(programme, row, every, slack[row.name][form] if row.name in slack else ())
        for enemies in blueprint.enemies:
            programme.add_row(programme.on_form(form, enemies), np.ones(len(enemies)), 0, 1)
        for stimulus in blueprint.stimuli:
            _add_stimulus(programme, stimulus, form)
    for item in range(programme.items if blueprint.most_forms < blueprint.forms else 0):
        on = item + programme.items * np.arange(blueprint.forms)
        programme.add_row(on, np.ones(blueprint.forms), 0, blueprint.most_forms)


def _add_bounded(programme: Programme, row: Row, every: Ints, missed: Sequence[int]) -> None:
    amount = np.asarray(row.amount, dtype=np.float64)
    there = np.flatnonzero(amount)
    signs = [1.0, -1.0][: len(missed)]
    programme.add_row([*every[there], *missed], [*amount[there], *signs], row.lower, row.upper)


def _add_stimulus(programme: Programme, stimulus: Stimulus, form: int) -> None:
    there = programme.add_variable(kind=BINARY, high=1.0)
    where, ones = [*programme.on_form(form, stimulus.items), there], [1.0] * len(stimulus.items)
    programme.add_row(where, [*ones, -float(stimulus.lower)], 0, np.inf)
    programme.add_row(where, [*ones, -float(stimulus.upper)], -np.inf, 0)


def _add_objective(programme: Programme, targets: Sequence[Target]) -> None:
    if not targets:
        return
    minimax = targets[0].kind == "minimax"
    # A deviation may be no less than the tolerance: towards a bound of 0 no relative gap would ever close.
    low = max(target.tolerance for target in targets)
    y = programme.add_variable(cost=1.0, low=low) if minimax else programme.add_variable(cost=-1.0)
    for form in range(programme.forms):
        where = [*programme.on_form(form, np.arange(programme.items)), y]
        for target in targets:
            for told, wanted, scale in zip(target.told, target.wanted, target.scale, strict=True):
                if minimax:
                    programme.add_row(where, [*told, -scale], -np.inf, wanted)
                    programme.add_row(where, [*told, scale], wanted, np.inf)
                else:
                    programme.add_row(where, [*told, -wanted], 0, np.inf)


def _accepted(chosen: Bools, blueprint: Blueprint, targets: Sequence[Target], found: OptimizeResult) -> Assembly:
    if broken := broken_rows(chosen, blueprint):
        raise Unsolved(f"the solver's forms do not keep {broken[0]}")
    forms = np.array([np.flatnonzero(form) for form in chosen], dtype=np.int64)
    measured = tuple(np.stack([target.told[:, form].sum(axis=1) for form in forms]) for target in targets)
    each = list(zip(measured, targets, strict=True))
    apart = max((np.abs((told - one.wanted) / one.scale).max() for told, one in each), default=np.nan)
    least = min(((told / one.wanted).min() for told, one in each), default=np.nan)
    minimax = bool(targets) and targets[0].kind == "minimax"
    deviation, part = (float(apart), np.nan) if minimax else (np.nan, float(least))
    return Assembly(forms, measured, deviation, part, float(found.mip_gap or 0.0), found.status == SOLVED)


def _to_blame(blueprint: Blueprint, items: int, seconds: float) -> tuple[Violation, ...]:
    blueprint = _with_enemies_as_rows(blueprint, items)
    soft = [row for row in blueprint.rows if not row.hard]
    programme = Programme(items, blueprint.forms)
    slack = _loosen(programme, soft, cost=0.0)
    count = {row.name: _count(programme, row, slack[row.name], blueprint.length) for row in soft}
    _add_blueprint(programme, blueprint, slack)
    fewest = _solution(programme, seconds)
    return _least_missed(blueprint, items, [row for row in soft if fewest[count[row.name]] > 0.5], seconds)


def _with_enemies_as_rows(blueprint: Blueprint, items: int) -> Blueprint:
    """Say of enemies the same as rows, which can be missed and so be blamed."""
    columns = np.arange(items)
    rows = tuple(Row(f"enemies {one}", np.isin(columns, one).astype(np.int64), 0, 1) for one in blueprint.enemies)
    return replace(blueprint, rows=blueprint.rows + rows, enemies=())


def _least_missed(blueprint: Blueprint, items: int, rows: Sequence[Row], seconds: float) -> tuple[Violation, ...]:
    programme = Programme(items, blueprint.forms)
    slack = _loosen(programme, rows, cost=1.0)
    _add_blueprint(programme, blueprint, slack)
    least = _solution(programme, seconds)
    return tuple(
        Violation(name, round(sum(least[list(pair)].sum() for pair in pairs))) for name, pairs in slack.items()
    )


def _loosen(programme: Programme, rows: Sequence[Row], cost: float) -> Slack:
    return {
        row.name: [(programme.add_variable(cost), programme.add_variable(cost)) for _ in range(programme.forms)]
        for row in rows
    }


def _count(programme: Programme, row: Row, slack: list[tuple[int, int]], length: int) -> int:
    missed = programme.add_variable(cost=1.0, kind=BINARY, high=1.0)
    # What a form can miss at most: everything on it, and the bound besides.
    most = length * float(np.abs(row.amount).max()) + max(abs(row.lower), abs(row.upper))
    where = [variable for pair in slack for variable in pair]
    programme.add_row([*where, missed], [*np.ones(len(where)), -most * len(slack)], -np.inf, 0)
    return missed


def _solution(programme: Programme, seconds: float) -> Floats:
    found = programme.solve(seconds, gap=0.0)
    if found.status == INFEASIBLE:
        raise Infeasible(())
    if found.status != SOLVED:
        raise Unsolved(f"no forms follow the blueprint, and {seconds:g} seconds do not tell why: {found.message}")
    solution: Floats = found.x
    return solution
