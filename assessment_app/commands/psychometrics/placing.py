"""``proasn nine-box``: the probability of each of the nine boxes for every person.

Rules are a JSON file: {"performance": [middle, high], "potential": [middle, high]}, cuts on the scale of the values;
if wanted "numbering" (the box by [performance][potential], three rows of three) and "near_cut" (a limit).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import click

from assessment_app.commands.psychometrics.files import Axes, join_axes, read_axes
from assessment_app.commands.psychometrics.options import FILE, JSON, OUT
from assessment_app.commands.psychometrics.results import Cell, deliver, records_of, refused_as
from assessment_app.platform.errors import Invalid
from scoring_engine.responses import MISSING
from scoring_engine.standards.joint_axes import joint_box_chances
from scoring_engine.standards.nine_box import BOX, NEAR_CUT, AxisCuts, BoxChances, Numbering

INCOMPLETE = "incomplete"
"""An axis is missing: never counted as low, and no box."""

NEEDED, POSSIBLE = ("performance", "potential"), ("performance", "potential", "numbering", "near_cut")


@dataclass(frozen=True)
class Rules:
    """Cuts of both axes, the numbers of the boxes, and when a person is near a cut."""

    cuts: AxisCuts
    numbering: Numbering
    near_cut: float


@click.command("nine-box")
@click.option("--scores", type=FILE, is_eager=True, help="person, x (potential), se_x, y (performance), se_y, cov_xy")
@click.option("--performance", type=FILE, is_eager=True, help="scores of performance, with --potential")
@click.option("--potential", type=FILE, is_eager=True, help="scores of potential, with --performance")
@click.option("--rules", "rules_file", type=FILE, required=True, is_eager=True, help="cuts of both axes (JSON)")
@OUT
@JSON
def nine_box(
    scores: Path | None, performance: Path | None, potential: Path | None, rules_file: Path, out: Path | None,
    wants_json: bool,
) -> None:  # fmt: skip
    """Tell how probable each of the nine boxes is for every person."""
    rules = read_rules(rules_file)
    axes = _axes(scores, performance, potential)
    with refused_as(rules_file):
        found = joint_box_chances(axes.mean, axes.covariance, rules.cuts, rules.numbering, rules.near_cut)
    table = _table(axes, found)
    deliver(table, out, {"persons": records_of(table)} if wants_json else None)


def _axes(scores: Path | None, performance: Path | None, potential: Path | None) -> Axes:
    if scores is not None and performance is None and potential is None:
        return read_axes(scores)
    if scores is None and performance is not None and potential is not None:
        return join_axes(performance, potential)
    raise Invalid("give --scores, or --performance and --potential together")


def _table(axes: Axes, found: BoxChances) -> dict[str, list[Cell]]:
    complete = (found.box != MISSING).tolist()
    table: dict[str, list[Cell]] = {"person": list(axes.persons)}
    table |= {f"p{number}": found.probabilities[:, number - 1].tolist() for number in range(1, 10)}
    box, near = found.box.tolist(), found.near_cut.tolist()
    table["box"] = [one if there else None for one, there in zip(box, complete, strict=True)]
    table["probability"] = found.probability.tolist()
    table["near_cut"] = [one if there else None for one, there in zip(near, complete, strict=True)]
    table["flag"] = ["" if there else INCOMPLETE for there in complete]
    return table


def read_rules(path: Path) -> Rules:
    """Read the rules; refuses with Invalid what is missing, unknown or no such number."""
    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_without_doubles)
    except OSError as error:
        raise Invalid(f"{path} cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise Invalid(f"{path}: no JSON ({error})") from error
    if not isinstance(given, dict):
        raise Invalid(f'{path}: rules are an object, as {{"performance": [-0.5, 0.5], "potential": [-0.5, 0.5]}}')
    for name in given:
        if name not in POSSIBLE:
            raise Invalid(f"{path}, '{name}': there is no such rule; these are: {', '.join(POSSIBLE)}")
    first, second = (_cuts(path, name, given.get(name)) for name in NEEDED)
    near_cut = _number(path, "near_cut", given.get("near_cut", NEAR_CUT))
    if not 0 <= near_cut <= 1:
        raise Invalid(f"{path}, 'near_cut': {near_cut:g} is no probability")
    return Rules((first, second), _numbering(path, given.get("numbering", BOX)), near_cut)


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"'{name}' is there twice")
    return dict(pairs)


def _cuts(path: Path, name: str, given: object) -> tuple[float, float]:
    if not isinstance(given, list) or len(given) != 2:
        raise Invalid(f"{path}, '{name}': two cuts are needed, [middle, high]")
    middle, high = (_number(path, name, cut) for cut in given)
    if not middle < high:
        raise Invalid(f"{path}, '{name}': the cut of high, {high:g}, must lie above that of middle, {middle:g}")
    return middle, high


def _number(path: Path, name: str, given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise Invalid(f"{path}, '{name}': {json.dumps(given)} is not a number")
    return float(given)


def _numbering(path: Path, given: object) -> Numbering:
    rows = given if isinstance(given, list | tuple) else []
    numbers = [number for row in rows if isinstance(row, list | tuple) and len(row) == 3 for number in row]
    whole = [number for number in numbers if isinstance(number, int) and not isinstance(number, bool)]
    if len(rows) != 3 or len(whole) != len(numbers) or sorted(whole) != list(range(1, 10)):
        raise Invalid(f"{path}, 'numbering': three rows of three, each number from 1 to 9 once")
    return whole[:3], whole[3:6], whole[6:]
