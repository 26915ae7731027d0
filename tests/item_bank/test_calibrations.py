"""Parameters from data are kept by calibration, fit the key, and say how far an item moved."""

import math
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from item_bank import calibrations, stock
from item_bank.calibrations import CalibrationRefused, Estimate, NewCalibration, calibrated, drift
from item_bank.life import Act


def new(now, name="K-01"):
    return NewCalibration(name, "calibrated", "Uji coba satu provinsi", 1905, "2.0.0", now)


@pytest.fixture
def stocked(vault_db, item, now):
    """Put three items into the stock, and give their versions and keys."""
    items = [item(number) for number in range(3)]
    stock.write(vault_db, items, "digital_literacy", "ani", now, demonstration=True, act=Act.ADMIT)
    return {(item(number).id, 1): item(number).key for number in range(3)}


def test_a_calibration_is_kept_once_and_the_same_again_changes_nothing(vault_db, stocked, now):
    estimates = {version: Estimate(1.2, (0.3,), 0.1, (0.08,), 1905) for version in stocked}
    assert calibrations.keep(vault_db, new(now), estimates, stocked, "eka", now)
    assert not calibrations.keep(vault_db, new(now), estimates, stocked, "eka", now)
    assert calibrations.estimates(vault_db, "K-01") == estimates
    other = {version: Estimate(1.3, (0.3,)) for version in stocked}
    with pytest.raises(CalibrationRefused, match="is there with other numbers"):
        calibrations.keep(vault_db, new(now), other, stocked, "eka", now)


def test_an_estimate_that_does_not_fit_its_item_is_told_with_all_others(vault_db, stocked, item, now):
    block = item(0, "career_preference")
    estimates = {
        next(iter(stocked)): Estimate(1.0, (0.1, 0.2)), ("tidak-ada", 1): Estimate(1.0, (0.0,)),
        (block.id, 1): Estimate(1.0, (0.0,)),
    }  # fmt: skip
    with pytest.raises(CalibrationRefused) as refused:
        calibrations.keep(vault_db, new(now), estimates, stocked | {(block.id, 1): block.key}, "eka", now)
    told = "\n".join(refused.value.problems)
    assert "its key has 1 borders, the estimate 2" in told
    assert "it is not in stock" in told
    assert "has no slope and borders" in told
    assert calibrations.calibrations(vault_db) == []


@pytest.mark.parametrize(
    "estimate",
    [
        Estimate(1.0, (1e308,)), Estimate(-0.4, (0.2,)), Estimate(1e308, (0.2,)), Estimate(1.0, (math.nan,)),
        Estimate(1.0, (0.2,), math.nan), Estimate(1.0, (0.2,), 0.1, (math.inf,)),
    ],
)  # fmt: skip
def test_an_estimate_that_could_not_be_read_back_is_not_kept(vault_db, stocked, now, estimate):
    version = next(iter(stocked))
    with pytest.raises(CalibrationRefused, match=f"item '{version[0]}' version 1: .*; estimate it anew"):
        calibrations.keep(vault_db, new(now), {version: estimate}, stocked, "eka", now)
    assert calibrations.calibrations(vault_db) == []


def test_a_key_takes_the_parameters_of_a_calibration_and_nothing_else_changes(item):
    key = item().key
    found: Any = calibrated(key, Estimate(0.77, (1.5,)))
    assert (found.a, found.b, found.credit, found.rationale) == (0.77, 1.5, key.credit, key.rationale)
    assert calibrated(key, None) is key
    graded = item(0, "managerial_sociocultural").key
    steeper: Any = calibrated(graded, Estimate(2.0, (-1.0, 0.0, 1.0, 2.0)))
    assert (steeper.a, steeper.b) == (2.0, (-1.0, 0.0, 1.0, 2.0))


def test_calibrations_are_listed_newest_first_with_what_they_say_of_an_item(vault_db, stocked, now):
    version = next(iter(stocked))
    for name, days, b in (("K-01", 0, 0.1), ("K-02", 30, 0.4)):
        made = new(now + timedelta(days=days), name)
        calibrations.keep(vault_db, made, {version: Estimate(1.0, (b,))}, stocked, "eka", now)
    assert [one.name for one in calibrations.calibrations(vault_db)] == ["K-02", "K-01"]
    assert [(one.name, said.b) for one, said in calibrations.estimates_of(vault_db, *version)] == [
        ("K-02", (0.4,)), ("K-01", (0.1,)),
    ]  # fmt: skip


def test_drift_is_the_distance_of_two_curves_and_the_change_in_standard_errors():
    still, moved, gone = ("a", 1), ("b", 1), ("c", 1)
    older = {still: Estimate(1.0, (0.0,)), moved: Estimate(1.5, (0.0,), 0.1, (0.3,)), gone: Estimate(1.0, (0.0,))}
    newer = {still: Estimate(1.0, (0.0,)), moved: Estimate(1.5, (1.0,), 0.1, (0.4,))}
    first, second = drift(older, newer)
    assert (first.version, second.version) == (moved, still)
    theta = np.linspace(-8, 8, 20001)
    weight = np.exp(-(theta**2) / 2) / math.sqrt(2 * math.pi)
    gap = 1 / (1 + np.exp(-1.5 * theta)) - 1 / (1 + np.exp(-1.5 * (theta - 1)))
    by_hand = math.sqrt(float((weight * gap**2).sum() * (theta[1] - theta[0])))
    assert first.curves == pytest.approx(by_hand, rel=0.01)
    assert first.is_large
    assert first.location == 1.0
    assert first.in_errors == pytest.approx(2.0)
    assert second.curves == pytest.approx(0.0, abs=1e-12)
    assert second.in_errors is None
    assert drift(older, {}) == []
