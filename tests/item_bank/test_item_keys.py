"""A key has only parameters that the scoring engine computes with."""

import math
from typing import Any

import msgspec
import numpy as np
import pytest

from item_bank import bank
from item_bank.item_keys import FARTHEST, STEEPEST, AnyItemKey, RightOrWrong
from scoring_engine.curves.items import Items
from scoring_engine.curves.probabilities import log_probabilities

WHY = "Sebab yang ditulis."
COMMON: dict[str, Any] = {"id": "i1", "construct": "M.01", "rationale": {"p": WHY, "q": WHY, "r": WHY}}
RIGHT = {"model": "2pl", "a": 1.0, "b": 0.0, "credit": {"p": 1, "q": 0, "r": 0}}
GRADED = {"model": "grm", "a": 1.0, "b": [0.0, 1.0], "credit": {"p": 2, "q": 1, "r": 0}}
BLOCK: dict[str, Any] = {
    "model": "thurstone",
    "statements": {name: {"loading": 0.5, "mean": 0.0, "psi": 1.0} for name in "pqr"},
}


def read(document, **changes):
    return msgspec.convert({**COMMON, **document, **changes}, AnyItemKey)


@pytest.mark.parametrize("document", [RIGHT, GRADED], ids=["right", "graded"])
@pytest.mark.parametrize("slope", [0.0, -0.4, 1000.5, 10.5, 1e308, math.inf, math.nan])
def test_a_slope_that_no_item_has_is_refused(document, slope):
    with pytest.raises(msgspec.ValidationError, match=r"`float` (>|<=) .*\$\.a"):
        read(document, a=slope)


@pytest.mark.parametrize("border", [-20.5, 20.5, 1e308, -math.inf, math.nan])
def test_a_border_that_no_item_has_is_refused(border):
    with pytest.raises(msgspec.ValidationError, match=r"`float` .*\$\.b"):
        read(RIGHT, b=border)
    with pytest.raises(msgspec.ValidationError, match=r"`float` .*\$\.b"):
        read(GRADED, b=[0.0, border])


@pytest.mark.parametrize("changes", [{"loading": 1e308}, {"mean": -21.0}, {"psi": 0.0}, {"psi": 1e308}])
def test_a_statement_that_no_block_has_is_refused(changes):
    statements = {**BLOCK["statements"], "p": {"loading": 0.5, "mean": 0.0, "psi": 1.0} | changes}
    with pytest.raises(msgspec.ValidationError, match=f"{next(iter(changes))}"):
        read(BLOCK, statements=statements)


def test_the_engine_computes_at_the_bounds():
    items = Items([read(RIGHT, a=STEEPEST, b=side * FARTHEST).model() for side in (-1, 1)])
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(log_probabilities([-40.0, 0.0, 40.0], items)[..., :2]).all()


def test_the_parameters_of_all_samples_are_within_the_bounds():
    keys = [item.key for one in bank.samples() for item in one.items]
    assert all(key.a <= STEEPEST / 2 and abs(key.b) <= FARTHEST / 2 for key in keys if isinstance(key, RightOrWrong))
