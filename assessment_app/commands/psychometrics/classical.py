"""``proasn ctt``: reliability and item statistics of classical test theory."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from assessment_app.commands.psychometrics.files import Responses, read_responses
from assessment_app.commands.psychometrics.item_files import ItemFile, join, refuse_named_test
from assessment_app.commands.psychometrics.options import FILE, JSON, OUT, RESPONSES
from assessment_app.commands.psychometrics.results import Cell, deliver, records_of, refused_as, say, told
from assessment_app.commands.psychometrics.tables import shown
from assessment_app.platform.errors import Invalid
from scoring_engine.classical.items import FEWEST, item_statistics
from scoring_engine.classical.reliability import Covariances, Missing, alpha, covariances, omega_total, standard_error
from scoring_engine.responses import MISSING, Answers, Floats, Ints

SUMMARY = ("n_persons", "n_items", "missing", "alpha", "alpha_low", "alpha_high", "omega", "kr20", "sem", "sd")


@click.command()
@RESPONSES
@click.option("--items", "items_file", type=FILE, is_eager=True, help="for the number of categories of each item")
@click.option("--missing", type=click.Choice(["listwise", "pairwise"]), default="listwise", show_default=True)
@OUT
@JSON
def ctt(responses: Path, items_file: Path | None, missing: Missing, out: Path | None, wants_json: bool) -> None:
    """Describe items and the reliability of the sum score; the row `test` is about the whole.

    Without --items the highest category of an item is the highest answer that occurs.
    """
    given = read_responses(responses)
    refuse_named_test(responses, given.items)
    answers, categories = _points(given, items_file)
    _refuse_too_few(given, missing)
    with refused_as(responses):
        known = covariances(answers, missing)
        summary = _reliability(known, given, bool((categories == 2).all()))
        items = _items(answers, categories, known, given)
    whole: dict[str, list[Cell]] = {name: [*column, summary.get(name)] for name, column in items.items()}
    whole["item"][-1] = "test"
    empty: list[Cell] = [None] * len(given.items)
    table = whole | {name: [*empty, summary[name]] for name in SUMMARY if name not in whole}
    document = {**{name: told(cell) for name, cell in summary.items()}, "items": records_of(items)}
    deliver(table, out, document if wants_json else None)


def _points(given: Responses, items_file: Path | None) -> tuple[Answers, Ints]:
    if items_file is None:
        return given.answers, np.maximum(given.answers.max(axis=0).astype(np.int64) + 1, 2)
    test = join(given, ItemFile(items_file))
    return test.answers, test.items.categories


def _refuse_too_few(given: Responses, missing: Missing) -> None:
    """Refuse with Invalid, by name, what the engine would refuse by number."""
    seen = given.answers != MISSING
    if missing == "listwise" and (complete := int(seen.all(axis=1).sum())) < FEWEST:
        raise Invalid(
            f"{given.path}: {complete} persons answered every item, {FEWEST} are needed; try --missing pairwise"
        )
    for at, one in enumerate(seen.T):
        both = np.count_nonzero(one[:, None] & seen, axis=0)
        if both.min() < FEWEST:
            names = f"{shown(given.items[at])} and {shown(given.items[int(both.argmin())])}"
            raise Invalid(
                f"{given.path}: {both.min()} persons answered both {names}, {FEWEST} are needed; leave one out"
            )


def _reliability(known: Covariances, given: Responses, binary: bool) -> dict[str, Cell]:
    of_sum, sd = alpha(known), float(np.sqrt(max(known.variance, 0.0)))
    return {
        "n_persons": known.n, "n_items": known.n_items, "missing": known.missing,
        "alpha": of_sum.value, "alpha_low": of_sum.low, "alpha_high": of_sum.high,
        "omega": _omega(known, given), "kr20": of_sum.value if binary else None,
        "sem": float(standard_error(sd, of_sum.value)), "sd": sd,
    }  # fmt: skip


def _omega(known: Covariances, given: Responses) -> float | None:
    """Compute omega where it exists, and say why where it does not."""
    constant = [name for name, varies in zip(given.items, np.diag(known.matrix) > 0, strict=True) if not varies]
    if constant or known.n_items < 3:
        why = f"item {shown(constant[0])} does not vary" if constant else "one factor needs three items"
        say(f"omega is left empty: {why}")
        return None
    found = omega_total(known)
    for name, improper in zip(given.items, found.improper.tolist(), strict=True):
        if improper:
            say(f"omega: the uniqueness of item {shown(name)} stopped at 0 (a Heywood case)")
    if not found.converged:
        say("omega is left empty: the factor did not converge")
    return found.value


def _items(answers: Answers, categories: Ints, known: Covariances, given: Responses) -> dict[str, list[Cell]]:
    found, dropped = item_statistics(answers, categories), alpha(known).if_dropped
    columns: dict[str, Floats] = {
        "difficulty": found.difficulty, "mean": found.mean, "sd": found.sd, "item_rest": found.item_rest,
        "item_total": found.item_total, "biserial": found.biserial, "discrimination": found.discrimination,
        "alpha_if_dropped": dropped,
    }  # fmt: skip
    table: dict[str, list[Cell]] = {"item": list(given.items), "n": found.n.tolist()}
    return table | {name: column.tolist() for name, column in columns.items()}
