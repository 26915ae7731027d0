"""``proasn irt fit``: whether items and persons behave as the model says."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from assessment_app.commands.psychometrics.files import read_responses
from assessment_app.commands.psychometrics.item_files import ItemFile, Test, join
from assessment_app.commands.psychometrics.options import FILE, ITEMS, JSON, MEAN, OUT, RESPONSES, SD, population
from assessment_app.commands.psychometrics.results import (
    Cell,
    Columns,
    as_csv,
    checked_out,
    deliver,
    records_of,
    refused_as,
    say,
    steps,
    write_whole,
)
from scoring_engine.ability.modes import maximum_a_posteriori, weighted_likelihood
from scoring_engine.ability.posterior import Prior
from scoring_engine.calibration.item_fit import FEWEST, ScoreFit, mean_squares, score_fit
from scoring_engine.curves.items import Nominal
from scoring_engine.responses import MISSING, Answers, Bools, Floats
from scoring_engine.validity.guttman import GuttmanFit, guttman_fit, step_proportions
from scoring_engine.validity.person_fit import likelihood_fit

AT_A_TIME = 8192
"""Persons in one step of the bar; the statistics of a person have the same bytes in any batch."""

NO_ITEMS, EXTREME, NO_DF = "no_items", "extreme", "no_df"
"""Why a number is missing: nothing answered, everything or nothing passed, no degree of freedom left."""


@click.command()
@ITEMS
@RESPONSES
@MEAN
@SD
@click.option("--persons", type=FILE, callback=checked_out, help="write the table of persons here")
@click.option("--calibrated-elsewhere", is_flag=True, help="no degree of freedom went into the item parameters")
@OUT
@JSON
def fit(
    items_file: Path, responses: Path, mean: float, sd: float, persons: Path | None, calibrated_elsewhere: bool,
    out: Path | None, wants_json: bool,
) -> None:  # fmt: skip
    """Say how well items fit (S-X2, infit, outfit), and persons (lz, lz*, Guttman errors, U3) with --persons or --json.

    Infit and outfit rest on WLE, lz and lz* on MAP.
    """
    prior = population(mean, sd)
    test = join(read_responses(responses), ItemFile(items_file))
    with refused_as(responses):
        of_items = _items(test, prior, calibrated_elsewhere)
        of_persons = _persons(test, prior) if persons is not None or wants_json else {}
    if persons is not None:
        write_whole(persons, as_csv(of_persons))
    document = {"items": records_of(of_items), "persons": records_of(of_persons)}
    deliver(of_items, out, document if wants_json else None)


def _items(test: Test, prior: Prior, calibrated_elsewhere: bool) -> Columns:
    by_score = _score_fit(test, prior, calibrated_elsewhere)
    theta = _estimates(test)
    squares = mean_squares(test.answers, test.items, theta)
    answered = np.count_nonzero(test.answers != MISSING, axis=0)
    nothing: list[Cell] = [None] * len(test.known)
    s_x2 = {
        "s_x2": nothing if by_score is None else by_score.statistic.tolist(),
        "df": nothing if by_score is None else by_score.df.tolist(),
        "p": nothing if by_score is None else by_score.p.tolist(),
        "rmsea": nothing if by_score is None else by_score.rmsea.tolist(),
    }
    return {
        "item": list(test.responses.items), "model": [one.model for one in test.known], "n": answered.tolist(), **s_x2,
        "infit": squares.infit.tolist(), "infit_t": squares.infit_t.tolist(),
        "outfit": squares.outfit.tolist(), "outfit_t": squares.outfit_t.tolist(),
        "flag": _flags(answered == 0, np.zeros(0) if by_score is None else by_score.statistic),
    }  # fmt: skip


def _flags(unanswered: Bools, statistic: Floats) -> list[Cell]:
    """Say why a number is missing: nobody answered, or S-X2 has no degree of freedom left."""
    no_df = np.isnan(statistic) if statistic.size else np.zeros(unanswered.size, dtype=np.bool_)
    flags: list[Cell] = np.select([unanswered, no_df], [NO_ITEMS, NO_DF], "").tolist()
    return flags


def _score_fit(test: Test, prior: Prior, calibrated_elsewhere: bool) -> ScoreFit | None:
    """Compute S-X2 where enough persons answered everything."""
    complete = int((test.answers != MISSING).all(axis=1).sum())
    if complete < FEWEST or len(test.known) < 2:
        say(f"S-X2 is left empty: it needs {FEWEST} persons with complete answers and two items, not {complete}")
        return None
    return score_fit(test.answers, test.items, None if calibrated_elsewhere else test.n_parameters, prior)


def _estimates(test: Test) -> Floats:
    parts = steps(len(test.answers), AT_A_TIME, "abilities")
    return np.concatenate([weighted_likelihood(test.answers[part], test.items).theta for part in parts])


def _persons(test: Test, prior: Prior) -> Columns:
    lz, star, theta = np.full((3, len(test.answers)), np.nan)
    for part in steps(len(test.answers), AT_A_TIME, "persons"):
        theta[part] = maximum_a_posteriori(test.answers[part], test.items, prior).theta
        found = likelihood_fit(test.answers[part], test.items, theta[part], "map", prior)
        lz[part], star[part] = found.lz, found.lz_star
    answered = np.count_nonzero(test.answers != MISSING, axis=1)
    guttman = _guttman(test)
    undefined = np.isnan(guttman.errors)
    return {
        "person": list(test.responses.persons), "theta": np.where(answered > 0, theta, np.nan).tolist(),
        "n_items": answered.tolist(), "lz": lz.tolist(), "lz_star": star.tolist(),
        "guttman_errors": guttman.errors.tolist(), "guttman_normed": guttman.normed.tolist(), "u3": guttman.u3.tolist(),
        "flag": np.select([answered == 0, undefined], [NO_ITEMS, EXTREME], "").tolist(),
    }  # fmt: skip


def _guttman(test: Test) -> GuttmanFit:
    """Count errors over the items that somebody answered and whose categories have an order."""
    ordered = np.array([not isinstance(one.item, Nominal) for one in test.known])
    if not ordered.all():
        say(f"Guttman errors and U3 leave {int((~ordered).sum())} nominal items out: their categories have no order")
    used = np.flatnonzero(ordered & (test.answers != MISSING).any(axis=0))
    if not used.size:
        nothing = np.full(len(test.answers), np.nan)
        return GuttmanFit(nothing, nothing, nothing, np.zeros(len(test.answers), dtype=np.int64))
    answers: Answers = np.ascontiguousarray(test.answers[:, used])
    return guttman_fit(answers, step_proportions(answers, test.items.categories[used]))
