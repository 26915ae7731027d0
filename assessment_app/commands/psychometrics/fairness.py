"""``proasn dif`` and ``proasn similarity``: fair items, and persons who answer too much alike."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from assessment_app.commands.psychometrics.files import Pairs, read_pairs, read_per_person, read_responses
from assessment_app.commands.psychometrics.item_files import ItemFile, join
from assessment_app.commands.psychometrics.options import FILE, ITEMS, JSON, OUT, RESPONSES
from assessment_app.commands.psychometrics.results import Cell, Columns, deliver, records_of, refused_as, steps
from assessment_app.commands.psychometrics.tables import shown
from assessment_app.platform.errors import Invalid
from scoring_engine.ability.modes import maximum_a_posteriori
from scoring_engine.ability.posterior import Prior
from scoring_engine.calibration.calibrate import group_numbers
from scoring_engine.responses import MISSING, Answers, Bools, Floats, Ints
from scoring_engine.validity.logistic_dif import logistic_dif
from scoring_engine.validity.mantel_haenszel import DELTA, mantel_haenszel
from scoring_engine.validity.multiplicity import holm
from scoring_engine.validity.similarity import gbt, holm_within, omega

WIDE = Prior(0.0, 2.0)
"""The prior of abilities behind omega and GBT: wide, so that perfect scores stay finite (psychometrics, section 14)."""

AT_A_TIME = 16_384
"""Pairs in one step of the bar; what is said of a pair has the same bytes in any batch."""


@click.command()
@RESPONSES
@click.option("--groups", "groups_file", type=FILE, required=True, is_eager=True, help="person, group")
@click.option("--reference", required=True, help="the group that each of the others is compared with")
@click.option("--method", type=click.Choice(["mh", "logistic"]), required=True)
@OUT
@JSON
def dif(responses: Path, groups_file: Path, reference: str, method: str, out: Path | None, wants_json: bool) -> None:
    """Compare groups at equal scores, item by item; p is adjusted (Holm) over the items of each comparison."""
    given = read_responses(responses)
    with refused_as(groups_file):
        numbers, names = group_numbers(read_per_person(groups_file, "group", given.persons), reference)
    if len(names) < 2:
        raise Invalid(f"{groups_file}, column group: everybody is in '{shown(reference)}'; there is nobody to compare")
    compare, parts = (_by_mantel_haenszel if method == "mh" else _by_regression), list[Columns]()
    for step in steps(len(names) - 1, 1, "comparing groups"):
        focal, n_items = step.stop, len(given.items)
        group = np.select([numbers == 0, numbers == focal], [0, 1], MISSING)
        with refused_as(responses):
            found = compare(given.answers, group.astype(np.int64))
        parts.append({"item": list(given.items), "focal": [names[focal]] * n_items, **found})
    table = {name: [cell for part in parts for cell in part[name]] for name in parts[0]}
    deliver(table, out, {"reference": reference, "method": method, "items": records_of(table)} if wants_json else None)


def _by_mantel_haenszel(answers: Answers, group: Ints) -> dict[str, list[Cell]]:
    found = mantel_haenszel(answers, group, adjust=holm)
    return {
        "statistic": found.chi2.tolist(), "p": found.p.tolist(), "adjusted_p": found.adjusted_p.tolist(),
        "alpha": found.alpha.tolist(), "delta": found.delta.tolist(), "ets_class": found.ets_class.tolist(),
        "difference": found.difference.tolist(), "in_match": found.in_match.tolist(),
        "flag": _flags({"zero_cells": found.zero_cells, "too_small": found.too_small}),
    }  # fmt: skip


def _by_regression(answers: Answers, group: Ints) -> dict[str, list[Cell]]:
    """Write the odds ratio of the group as Mantel-Haenszel has it: above 1 if the item favours the reference."""
    found = logistic_dif(answers, group, adjust=holm)
    return {
        "statistic": found.both.tolist(), "p": found.p_both.tolist(), "adjusted_p": found.adjusted_p.tolist(),
        "alpha": np.exp(-found.group_effect).tolist(), "delta": (-DELTA * found.group_effect).tolist(),
        "jg_class": found.jg_class.tolist(), "uniform": found.uniform.tolist(), "p_uniform": found.p_uniform.tolist(),
        "nonuniform": found.nonuniform.tolist(), "p_nonuniform": found.p_nonuniform.tolist(),
        "r2_change": found.r2_change.tolist(), "in_match": found.in_match.tolist(),
        "flag": _flags({"separated": found.separated, "too_small": found.too_small}),
    }  # fmt: skip


def _flags(marks: dict[str, Bools]) -> list[Cell]:
    rows = zip(*(mark.tolist() for mark in marks.values()), strict=True)
    return [" ".join(name for name, marked in zip(marks, row, strict=True) if marked) for row in rows]


@click.command()
@ITEMS
@RESPONSES
@click.option("--pairs", "pairs_file", type=FILE, required=True, is_eager=True, help="person_a (copier), person_b")
@click.option("--rooms", "rooms_file", type=FILE, is_eager=True, help="person, room: p is adjusted within each room")
@OUT
@JSON
def similarity(
    items_file: Path, responses: Path, pairs_file: Path, rooms_file: Path | None, out: Path | None, wants_json: bool
) -> None:
    """Test pairs for answers too much alike: omega (person_a copies from person_b) and GBT.

    A small p opens a review and changes no score.
    """
    test = join(read_responses(responses), ItemFile(items_file))
    pairs = read_pairs(pairs_file, test.responses.persons)
    rooms = _rooms(pairs, rooms_file, test.responses.persons)
    with refused_as(responses):
        theta = maximum_a_posteriori(test.answers, test.items, WIDE).theta
        parts = [
            (omega(test.answers, test.items, theta, some), gbt(test.answers, test.items, theta, some))
            for step in steps(len(pairs.rows), AT_A_TIME, "comparing pairs")
            for some in [pairs.rows[step]]
        ]
    n_items = np.concatenate([one.n_items for one, _ in parts])
    alike = [other for _, other in parts]
    table: dict[str, list[Cell]] = {
        "person_a": list(pairs.table.column("person_a")), "person_b": list(pairs.table.column("person_b")),
        "n_items": n_items.tolist(), "matches": np.concatenate([one.matches for one in alike]).tolist(),
        "omega": np.concatenate([one.z for one, _ in parts]).tolist(),
        **_with_adjusted("omega", np.concatenate([one.p for one, _ in parts]), rooms),
        "gbt_expected": np.concatenate([one.expected for one in alike]).tolist(),
        **_with_adjusted("gbt", np.concatenate([one.p for one in alike]), rooms),
        "flag": np.where(n_items == 0, "no_items", "").tolist(),
    }  # fmt: skip
    deliver(table, out, {"pairs": records_of(table)} if wants_json else None)


def _with_adjusted(name: str, p: Floats, rooms: Ints) -> dict[str, list[Cell]]:
    return {f"{name}_p": p.tolist(), f"{name}_adjusted_p": holm_within(p, rooms).tolist()}


def _rooms(pairs: Pairs, path: Path | None, persons: tuple[str, ...]) -> Ints:
    """Number the room of every pair; refuses with Invalid two who sat in different rooms."""
    if path is None:
        return np.zeros(len(pairs.rows), dtype=np.int64)
    seated = sorted(set(pairs.rows.ravel().tolist()))
    rooms = dict(zip(seated, read_per_person(path, "room", [persons[row] for row in seated]), strict=True))
    numbers = {room: number for number, room in enumerate(sorted(set(rooms.values())))}
    for row, (one, other) in enumerate(pairs.rows.tolist()):
        if rooms[one] != rooms[other]:
            what = f"sat in room {shown(rooms[other])}, person_a in {shown(rooms[one])}; take the pair out, or --rooms"
            raise pairs.table.refusal(row, "person_b", what)
    return np.array([numbers[rooms[one]] for one in pairs.rows[:, 0].tolist()], dtype=np.int64)
