"""What is known of items from data: parameters by calibration, with their errors, their sample, and how they drift.

A calibration is kept as it was made and never changed; a later one stands beside it. A form names the one it used.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta, Struct
from sqlalchemy import ForeignKey, ForeignKeyConstraint, LargeBinary, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from item_bank.columns import Moment
from item_bank.item_keys import AnyItemKey, Borders, OnScale, RightOrWrong, Slope, curve_of
from item_bank.vault import VaultModel, hold
from scoring_engine.calibration.linking import curve_differences
from scoring_engine.canonical import canonical
from scoring_engine.curves.items import Items

LARGE_DRIFT = 0.1
"""Root mean square difference of two curves, in probability, from which an item is looked at (a convention)."""


MEAN_SQUARES, RARE = (0.7, 1.3), 0.01
"""Bounds of infit and outfit, and the chance of S-X2, beyond which an item is looked at (conventions)."""


class Fit(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How well an item's model fits the sample's answers, as far as it was computed."""

    infit: float | None = None
    outfit: float | None = None
    s_x2_p: float | None = None

    @property
    def is_doubtful(self) -> bool:
        """Whether somebody should look at the item: a mean square out of bounds, or a fit that chance rarely makes."""
        squares = [one for one in (self.infit, self.outfit) if one is not None]
        low, high = MEAN_SQUARES
        return any(not low <= one <= high for one in squares) or (self.s_x2_p is not None and self.s_x2_p < RARE)


class Estimate(Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of one item with their standard errors; a 2PL item has one border."""

    a: Slope
    b: Borders
    se_a: Annotated[float, Meta(ge=0)] | None = None
    se_b: tuple[float, ...] = ()
    persons: Annotated[int, Meta(ge=0)] = 0
    fit: Fit = Fit()


class Calibration(VaultModel):
    """One calibration: from which people, when, by whom, and whether its numbers come from data at all."""

    __tablename__ = "calibration"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012  # SQLAlchemy reads it as it stands

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    source: Mapped[str] = mapped_column(String(20))  # assumed, or calibrated
    sample: Mapped[str] = mapped_column(Text)
    persons: Mapped[int]
    engine: Mapped[str] = mapped_column(String(20))
    made: Mapped[Moment]
    who: Mapped[str] = mapped_column(String(120))
    kept: Mapped[Moment]


class ItemEstimate(VaultModel):
    """What a calibration says of one version of an item."""

    __tablename__ = "item_estimate"
    __table_args__ = (
        ForeignKeyConstraint(["item_id", "version"], ["item_version.item_id", "item_version.version"]),
        {"info": {"append_only": True}},
    )

    calibration: Mapped[str] = mapped_column(ForeignKey("calibration.name"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[bytes] = mapped_column(LargeBinary)

    def read(self) -> Estimate:
        """Read the estimate."""
        return msgspec.json.decode(self.document, type=Estimate)


@dataclass(frozen=True)
class NewCalibration:
    """A calibration as it comes in."""

    name: str
    source: Literal["assumed", "calibrated"]
    sample: str
    persons: int
    engine: str
    made: datetime


class CalibrationRefused(ValueError):
    """A calibration that cannot be kept; each line says what is wrong and what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


Version = tuple[str, int]


def keep(
    db: Session, new: NewCalibration, estimates: Mapping[Version, Estimate], keys: Mapping[Version, AnyItemKey],
    who: str, now: datetime,
) -> bool:  # fmt: skip
    """Keep a calibration with all its estimates; tells whether it was new. Safe to repeat with the same numbers.

    ``keys`` are those of the versions that it speaks of. Refuses with CalibrationRefused a name that is taken, an item
    that is not in stock, and parameters that do not fit the item's key.
    """
    if problems := [problem for version, estimate in estimates.items() for problem in _unreadable(version, estimate)]:
        raise CalibrationRefused(problems)
    documents = {version: canonical(msgspec.to_builtins(estimate)) for version, estimate in estimates.items()}
    hold(db)
    if db.get(Calibration, new.name) is not None:
        if documents == {(row.item_id, row.version): row.document for row in _rows(db, new.name)}:
            return False
        raise CalibrationRefused(
            [f"the calibration '{new.name}' is there with other numbers; give this one a new name"]
        )
    problems = [problem for version, estimate in estimates.items() for problem in _problems(version, estimate, keys)]
    if problems or not estimates:
        raise CalibrationRefused(problems or ["there is no item in it"])
    db.add(Calibration(
        name=new.name, source=new.source, sample=new.sample, persons=new.persons, engine=new.engine, made=new.made,
        who=who, kept=now,
    ))  # fmt: skip
    db.flush()
    for (item_id, version), document in documents.items():
        db.add(ItemEstimate(calibration=new.name, item_id=item_id, version=version, document=document))
    db.flush()
    return True


def _unreadable(version: Version, estimate: Estimate) -> Iterable[str]:
    """Say why an estimate could not be read back: one that was made in code was never checked."""
    try:
        msgspec.json.decode(canonical(msgspec.to_builtins(estimate)), type=Estimate)
    except ValueError as error:
        yield f"item '{version[0]}' version {version[1]}: {error}; estimate it anew, or leave the item out"


def _problems(version: Version, estimate: Estimate, keys: Mapping[Version, AnyItemKey]) -> Iterable[str]:
    name = f"item '{version[0]}' version {version[1]}"
    key = keys.get(version)
    if key is None:
        yield f"{name}: it is not in stock, or was never in a pilot or in use; correct the name"
    elif not isinstance(key, OnScale):
        yield f"{name}: a block of statements has no slope and borders; leave it out"
    elif len(key.borders) != len(estimate.b):
        yield f"{name}: its key has {len(key.borders)} borders, the estimate {len(estimate.b)}; calibrate them all"
    elif any(left >= right for left, right in zip(estimate.b, estimate.b[1:], strict=False)):
        yield f"{name}: the borders do not rise"


def _rows(db: Session, name: str) -> Sequence[ItemEstimate]:
    wanted = select(ItemEstimate).where(ItemEstimate.calibration == name)
    return list(db.scalars(wanted.order_by(ItemEstimate.item_id, ItemEstimate.version)))


def estimates(db: Session, name: str) -> dict[Version, Estimate]:
    """Read what a calibration says, by item and version."""
    return {(row.item_id, row.version): row.read() for row in _rows(db, name)}


def estimates_of(db: Session, item_id: str, version: int) -> list[tuple[Calibration, Estimate]]:
    """Read what every calibration says of a version, newest first."""
    wanted = (
        select(Calibration, ItemEstimate).join(ItemEstimate, ItemEstimate.calibration == Calibration.name)
        .where(ItemEstimate.item_id == item_id, ItemEstimate.version == version)
        .order_by(Calibration.made.desc(), Calibration.name)
    )  # fmt: skip
    return [(calibration, row.read()) for calibration, row in db.execute(wanted)]


def named(db: Session, name: str) -> Calibration | None:
    """Find a calibration by its name."""
    return db.get(Calibration, name)


def calibrations(db: Session) -> list[Calibration]:
    """List the calibrations, newest first."""
    return list(db.scalars(select(Calibration).order_by(Calibration.made.desc(), Calibration.name)))


def calibrated(key: AnyItemKey, estimate: Estimate | None) -> AnyItemKey:
    """Put a calibration's parameters into a key; without an estimate the author's assumed ones stay."""
    if estimate is None or not isinstance(key, OnScale):
        return key
    if isinstance(key, RightOrWrong):
        return msgspec.structs.replace(key, a=estimate.a, b=estimate.b[0])
    return msgspec.structs.replace(key, a=estimate.a, b=estimate.b)


@dataclass(frozen=True)
class Drift:
    """How far an item moved between two calibrations.

    ``curves`` is the root mean square difference of its curves among N(0, 1), in probability; ``location`` the change
    of its mean border in logits, with that change in standard errors where both calibrations tell theirs.
    """

    version: Version
    curves: float
    location: float
    in_errors: float | None

    @property
    def is_large(self) -> bool:
        """Whether somebody should look at the item."""
        return self.curves >= LARGE_DRIFT


def drift(older: Mapping[Version, Estimate], newer: Mapping[Version, Estimate]) -> list[Drift]:
    """Compare two calibrations on one scale in what both speak of; the largest drift first."""
    both = [version for version in older if version in newer and len(older[version].b) == len(newer[version].b)]
    if not both:
        return []
    before, after = ([of[version] for version in both] for of in (older, newer))
    apart = curve_differences(_items(after), _items(before), 1.0, 0.0)
    moved = [
        Drift(version, float(curves), _mean(two.b) - _mean(one.b), _in_errors(one, two))
        for version, one, two, curves in zip(both, before, after, apart, strict=True)
    ]
    return sorted(moved, key=lambda one: (-one.curves, one.version))


def _items(estimates: Iterable[Estimate]) -> Items:
    return Items([curve_of(one.a, one.b) for one in estimates])


def _mean(borders: Sequence[float]) -> float:
    return float(np.mean(borders))


def _in_errors(one: Estimate, two: Estimate) -> float | None:
    if not one.se_b or not two.se_b:
        return None
    variance = sum(sum(se**2 for se in each.se_b) / len(each.se_b) ** 2 for each in (one, two))
    return (_mean(two.b) - _mean(one.b)) / math.sqrt(variance) if variance > 0 else None
