"""``proasn irt calibrate``: item parameters from responses."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import numpy as np

from assessment_app.commands.psychometrics.files import Responses, read_models, read_per_person, read_responses
from assessment_app.commands.psychometrics.item_files import (
    NOT_CONVERGED,
    ItemFile,
    Known,
    Line,
    as_categories,
    table_of,
    tell_of_others,
    written_values,
)
from assessment_app.commands.psychometrics.options import FILE, JSON, OUT, RESPONSES
from assessment_app.commands.psychometrics.results import NOT_CONVERGED as EXIT_NOT_CONVERGED
from assessment_app.commands.psychometrics.results import Cell, cycle_line, deliver, records_of, refused_as, say, told
from assessment_app.commands.psychometrics.tables import shown
from assessment_app.platform.errors import Invalid
from scoring_engine.calibration.calibrate import (
    BOUND,
    FIXED,
    Calibration,
    ItemEstimate,
    Settings,
    calibrate,
    group_numbers,
)
from scoring_engine.calibration.families import MODELS, TWO_CATEGORIES
from scoring_engine.calibration.marginal import SMALLEST_SD
from scoring_engine.calibration.preparation import NO_VARIANCE
from scoring_engine.responses import Ints

ALL = "all"
"""What the group is called where there is one."""


@click.command("calibrate")
@RESPONSES
@click.option("--model", type=click.Choice(MODELS), help="of every item that --model-file does not name")
@click.option("--model-file", type=FILE, is_eager=True, help="item, model: for a test of several models")
@click.option("--groups", "groups_file", type=FILE, is_eager=True, help="person, group: mean and spread for each")
@click.option("--reference", help="the group whose ability is N(0, 1)")
@click.option("--anchors", type=FILE, is_eager=True, help="items held as they are in this table")
@click.option("--tol", type=click.FloatRange(0, min_open=True), default=1e-6, show_default=True)
@click.option("--most-cycles", type=click.IntRange(1), default=500, show_default=True)
@click.option("--allow-few", is_flag=True, help="take fewer persons than a model needs")
@OUT
@JSON
def calibrate_items(
    responses: Path, model: str | None, model_file: Path | None, groups_file: Path | None, reference: str | None,
    anchors: Path | None, tol: float, most_cycles: int, allow_few: bool, out: Path | None, wants_json: bool,
) -> None:  # fmt: skip
    """Estimate item parameters, and mean and spread of ability in every group.

    Exit code 3 if the calibration did not converge: its last state is written, marked, and not for use.
    """
    given = read_responses(responses)
    fixed = _anchored(given, anchors)
    models = _models(given, model, model_file, fixed)
    answers = as_categories(given, fixed)
    groups, names = _groups(given, groups_file, reference)
    begun = time.perf_counter()
    with cycle_line() as tell, refused_as(responses):
        held = {column: one.item for column, one in fixed.items()}
        settings = Settings(tol, most_cycles, allow_few=allow_few, told=tell)
        found = calibrate(answers, models, groups, held, settings)
    seconds = time.perf_counter() - begun
    lines = [_line(given.items[at], one, fixed.get(at), found.converged) for at, one in enumerate(found.items)]
    table = table_of(lines)
    document = {**_summary(found, names, seconds), "items": records_of(table)} if wants_json else None
    deliver(table, out, document)
    _tell(found, lines, names)


def _anchored(given: Responses, anchors: Path | None) -> dict[int, Known]:
    """Find the anchors among the columns; refuses with Invalid a table without any of them."""
    if anchors is None:
        return {}
    items = ItemFile(anchors)
    fixed = {at: items.known(name) for at, name in enumerate(given.items) if name in items.rows}
    if not fixed:
        raise Invalid(f"{anchors}, column item: none of these items is a column of {given.path}; nothing anchors")
    tell_of_others(items, given)
    return fixed


def _models(given: Responses, model: str | None, path: Path | None, fixed: Mapping[int, Known]) -> list[str]:
    named = _named_models(path, given.items)
    found = [fixed[at].model if at in fixed else named.get(item, model) for at, item in enumerate(given.items)]
    chosen = [one for one in found if one is not None]
    if len(chosen) < len(found):
        missing = given.items[found.index(None)]
        raise Invalid(f"item {shown(missing)} has no model; give --model for all, or name it in --model-file")
    two = np.isin(np.array(chosen), TWO_CATEGORIES) & np.array([at not in fixed for at in range(len(chosen))])
    why = {at: f"which as {one} is wrong 0 or right 1" for at, one in enumerate(chosen)}
    given.refuse_where((given.answers > 1) & two, why)
    return chosen


def _named_models(path: Path | None, items: Sequence[str]) -> dict[str, str]:
    if path is None:
        return {}
    table = read_models(path)
    for row, model in enumerate(table.column("model")):
        if model not in MODELS:
            raise table.refusal(row, "model", f"'{shown(model)}' is no model; these are: {' '.join(MODELS)}")
    unknown = [name for name in table.names if name not in items]
    if unknown:
        raise table.refusal(
            table.names.index(unknown[0]), "item", "the responses have no such column; correct the name"
        )
    return dict(zip(table.names, table.column("model"), strict=True))


def _groups(given: Responses, path: Path | None, reference: str | None) -> tuple[Ints | None, tuple[str, ...]]:
    if (path is None) != (reference is None):
        raise Invalid("--groups and --reference go together: the table of groups, and the name of one of them")
    if path is None or reference is None:
        return None, (ALL,)
    with refused_as(path):
        return group_numbers(read_per_person(path, "group", given.persons), reference)


def _line(name: str, one: ItemEstimate, anchor: Known | None, converged: bool) -> Line:
    """Write down an estimate; an item that did not vary has no categories to speak of."""
    flags = [one.flag] if one.flag else []
    if anchor is not None:
        values = written_values(anchor.model, anchor.names, anchor.values)
        return Line(name, anchor.model, values, {}, one.n, FIXED, anchor.kept)
    if one.flag == NO_VARIANCE:
        return Line(name, one.model, {}, {}, one.n, NO_VARIANCE, ())
    flags += [] if converged else [NOT_CONVERGED]
    values, se = (
        written_values(one.model, one.names, one.values.tolist()),
        dict(zip(one.names, one.se.tolist(), strict=True)),
    )
    return Line(name, one.model, values, se, one.n, " ".join(flags), one.categories)


def _summary(found: Calibration, names: Sequence[str], seconds: float) -> dict[str, object]:
    columns = (found.mean, found.sd, found.mean_se, found.sd_se)
    groups = {
        name: dict(zip(("mean", "sd", "mean_se", "sd_se"), (told(float(c[at])) for c in columns), strict=True))
        for at, name in enumerate(names)
    }
    numbers: dict[str, Cell] = {
        "loglik": found.log_likelihood, "n_parameters": found.n_parameters, "aic": found.aic, "bic": found.bic,
        "iterations": found.iterations, "converged": found.converged, "seconds": seconds, "change": found.change,
        "n_persons": found.n_persons,
    }  # fmt: skip
    return {**{name: told(number) for name, number in numbers.items()}, "groups": groups}


def _tell(found: Calibration, lines: Sequence[Line], names: Sequence[str]) -> None:
    """Say what people must know beside the numbers, and end with exit code 3 if they are not for use."""
    for line in lines:
        if line.flag not in ("", FIXED, NOT_CONVERGED):
            say(f"item {shown(line.item)}: {line.flag}{_advice(line)}")
    if any(np.isnan(error) for line in lines if BOUND not in line.flag for error in line.se.values()):
        say("some standard errors are missing: the log-likelihood is flat there")
    heights = f"log-likelihood {found.log_likelihood:.4f}, AIC {found.aic:.4f}, BIC {found.bic:.4f}"
    say(f"{heights}, {found.iterations} cycles")
    for at, name in enumerate(names):
        held = "; it ended at its lower bound, these persons hardly differ" if found.sd[at] <= SMALLEST_SD else ""
        moments = f"mean {found.mean[at]:.4f} and standard deviation {found.sd[at]:.4f}"
        say(f"group {shown(name)}: ability has {moments}{held}")
    if len(names) == 1 and (mean := float(found.mean[0]), sd := float(found.sd[0])) != (0.0, 1.0):
        say(f"give --mean {mean!r} --sd {sd!r} to score and fit")
    if not found.converged:
        change = f"last change {found.change:.3g}"
        say(f"NOT CONVERGED after {found.iterations} cycles; {change}; do not use these parameters")
        sys.exit(EXIT_NOT_CONVERGED)


def _advice(line: Line) -> str:
    if BOUND in line.flag:
        return "; its slope has no end: look for an item that it copies, or for a key that is turned round"
    if "collapsed" in line.flag:
        return f"; answers {' '.join(map(str, line.kept))} became categories 0 to {len(line.kept) - 1}"
    return "; leave it out of the responses before scoring"
