"""``proasn irt``: scores, information, fit and links by item response theory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import get_args

import click
import numpy as np

from assessment_app.commands.psychometrics.calibration import calibrate_items
from assessment_app.commands.psychometrics.files import read_responses
from assessment_app.commands.psychometrics.fit import fit
from assessment_app.commands.psychometrics.item_files import ItemFile, Known, join, refuse_named_test
from assessment_app.commands.psychometrics.options import FILE, ITEMS, JSON, MEAN, OUT, RESPONSES, SD, population
from assessment_app.commands.psychometrics.results import (
    Cell,
    as_json,
    deliver,
    records_of,
    refused_as,
    say,
    show,
    steps,
    write_whole,
)
from assessment_app.platform.errors import Invalid
from scoring_engine.ability.eap import Ability, eap
from scoring_engine.ability.modes import maximum_a_posteriori, maximum_likelihood, weighted_likelihood
from scoring_engine.ability.posterior import Prior
from scoring_engine.calibration.linking import Link, Method, enough_anchors, link
from scoring_engine.curves.items import Items
from scoring_engine.curves.probabilities import expected_scores, information, probabilities
from scoring_engine.responses import Answers, Floats

AT_A_TIME = 20_480
"""Persons whose scores are one step of the bar; a person's score has the same bytes in any batch."""

MOST_POINTS = 100_001

ESTIMATORS: Mapping[str, Callable[[Answers, Items, Prior], Ability]] = {
    "eap": eap,
    "map": maximum_a_posteriori,
    "ml": lambda answers, items, _prior: maximum_likelihood(answers, items),
    "wle": lambda answers, items, _prior: weighted_likelihood(answers, items),
}


@click.group()
def irt() -> None:
    """Item response theory: calibrate, score, info, fit, link."""


irt.add_command(calibrate_items)
irt.add_command(fit)


@irt.command()
@ITEMS
@RESPONSES
@click.option("--estimator", type=click.Choice(list(ESTIMATORS)), required=True)
@MEAN
@SD
@OUT
@JSON
def score(
    items_file: Path, responses: Path, estimator: str, mean: float, sd: float, out: Path | None, wants_json: bool
) -> None:
    """Estimate the ability of every person; the mean and sd of the population matter to eap and map."""
    prior = population(mean, sd)
    test = join(read_responses(responses), ItemFile(items_file))
    estimate, count = ESTIMATORS[estimator], len(test.answers)
    with refused_as(responses):
        parts = [estimate(test.answers[part], test.items, prior) for part in steps(count, AT_A_TIME, "scoring")]
    table: dict[str, list[Cell]] = {
        "person": list(test.responses.persons),
        "theta": [theta for part in parts for theta in part.theta.tolist()],
        "se": [se for part in parts for se in part.se.tolist()],
        "method": [estimator] * count,
        "n_items": [n for part in parts for n in part.n_items.tolist()],
        "flag": [flag for part in parts for flag in part.flag.tolist()],
    }
    deliver(table, out, {"scores": records_of(table)} if wants_json else None)


@irt.command()
@ITEMS
@click.option("--theta", "span", required=True, help="FROM:TO:STEP, both ends included, or one number")
@OUT
@JSON
def info(items_file: Path, span: str, out: Path | None, wants_json: bool) -> None:
    """Tabulate information, expected score and the probability of every category."""
    nodes, given = _nodes(span), ItemFile(items_file)
    refuse_named_test(items_file, list(given.rows))
    test = Items([given.known(name).item for name in given.rows])
    table = _information(nodes, test, list(given.rows))
    deliver(table, out, {"information": records_of(table)} if wants_json else None)


def _nodes(span: str) -> Floats:
    """Read FROM:TO:STEP in decimal numbers, so that 0.3 is 0.3 and not three times 0.1."""
    try:
        parts = [Decimal(part) for part in span.split(":")]
        first, last, step = parts if len(parts) != 1 else (parts[0], parts[0], Decimal(1))
    except (InvalidOperation, ValueError) as error:
        raise Invalid(f"--theta {span}: write FROM:TO:STEP, for example --theta=-4:4:0.5") from error
    if not (first.is_finite() and last.is_finite() and step.is_finite() and first <= last and step > 0):
        raise Invalid(f"--theta {span}: FROM must not exceed TO, and STEP must be above 0")
    if (last - first) / step >= MOST_POINTS:
        raise Invalid(f"--theta {span}: more than {MOST_POINTS} points; take a larger STEP")
    return np.array([float(first + step * number) for number in range(int((last - first) / step) + 1)])


def _information(nodes: Floats, test: Items, names: list[str]) -> dict[str, list[Cell]]:
    """Lay out a row for every item, and one for the test, at every theta."""
    known, expected, p = information(nodes, test), expected_scores(nodes, test), probabilities(nodes, test)
    exists = np.arange(p.shape[2]) < test.categories[:, None]
    whole = np.pad(np.where(exists, p, np.nan), ((0, 0), (0, 1), (0, 0)), constant_values=np.nan)
    p_columns: dict[str, list[Cell]] = {f"p{k}": whole[:, :, k].ravel().tolist() for k in range(p.shape[2])}
    return {
        "theta": [*np.repeat(nodes, len(names) + 1).tolist()],
        "item": [*names, "test"] * nodes.size,
        "information": np.hstack([known, known.sum(axis=1, keepdims=True)]).ravel().tolist(),
        "expected": np.hstack([expected, expected.sum(axis=1, keepdims=True)]).ravel().tolist(),
        **p_columns,
    }


@irt.command("link")
@click.option("--from", "new_file", type=FILE, required=True, is_eager=True, help="items on the scale to be moved")
@click.option("--to", "base_file", type=FILE, required=True, is_eager=True, help="items on the scale to move to")
@click.option("--method", type=click.Choice(get_args(Method)), required=True)
@click.option("--keep-all", is_flag=True, help="keep anchors whose curves have changed")
@OUT
def link_items(new_file: Path, base_file: Path, method: Method, keep_all: bool, out: Path | None) -> None:
    """Find A and B of theta_to = A theta_from + B by the items that are in both tables, as JSON."""
    new, base = ItemFile(new_file), ItemFile(base_file)
    anchors = [name for name in new.rows if name in base.rows]
    if not anchors:
        raise Invalid(f"{new_file}, column item: no item is in {base_file} too; a link needs common items")
    pairs = [_pair(new, base, name) for name in anchors]
    with refused_as(f"{new_file} and {base_file}"):
        found = link(Items([x.item for x, _ in pairs]), Items([y.item for _, y in pairs]), method, drop=not keep_all)
    if not enough_anchors(int(found.kept.sum()), len(new.rows)):
        say(f"only {int(found.kept.sum())} anchors for {len(new.rows)} items: a fifth of the form or ten are needed")
    text = as_json(_line(found, method, anchors))
    show(text) if out is None else write_whole(out, text)


def _pair(new: ItemFile, base: ItemFile, name: str) -> tuple[Known, Known]:
    """Look an anchor up in both tables; refuses with Invalid one that has another shape there."""
    x, y = new.known(name), base.known(name)
    if type(x.item) is not type(y.item) or x.kept != y.kept:
        there = f"{y.model} with {len(y.kept)} categories in {base.table.path}"
        what = f"{x.model} with {len(x.kept)} categories here, {there}; an anchor is the same item in both"
        raise new.table.refusal(new.rows[name], "model", what)
    return x, y


def _line(found: Link, method: Method, anchors: list[str]) -> dict[str, object]:
    rows = zip(anchors, found.differences.tolist(), found.kept.tolist(), strict=True)
    return {
        "A": found.slope, "B": found.intercept, "method": method, "criterion": found.criterion,
        "anchors": [{"item": item, "difference": gap, "kept": kept} for item, gap, kept in rows],
    }  # fmt: skip
