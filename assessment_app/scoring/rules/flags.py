"""How a sitting was worked at: what is worth an assessor's look, and why. Nothing here changes a score. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring_engine.canonical import kept
from scoring_engine.recipes.signs import LEVELS
from scoring_engine.validity.effort import Effort, response_time_effort

Body = Mapping[str, Any]
"""A score as it was written down."""


@dataclass(frozen=True)
class Limits:
    """From where on a sign of how somebody answered is worth a look; none of them changes a score."""

    rapid_seconds: float
    effort_least: float
    fit_level: str
    least_rated: int
    longstring_share: float
    straight_share: float
    consistency_least: float


def limits_of(value: Mapping[str, Any]) -> Limits:
    """Read the limits from the values of a rule set; raises KeyError or ValueError for what is none."""
    shares = [float(value[f"validity.{name}"]) for name in (
        "effort_least", "longstring_share", "straight_share", "consistency_least"
    )]  # fmt: skip
    level, seconds = value["validity.fit_level"], float(value["validity.rapid_seconds"])
    if not all(0 <= share <= 1 for share in shares) or seconds <= 0 or level not in LEVELS:
        raise ValueError(f"shares lie from 0 to 1, seconds above 0, and validity.fit_level is one of {LEVELS}")
    effort, longest, straight, consistency = shares
    return Limits(seconds, effort, str(level), int(value["validity.least_rated"]), longest, straight, consistency)


def flags(bodies: Sequence[Body], limits: Limits) -> Iterator[dict[str, Any]]:
    """Tell how the sitting was worked at, check by check: what was found, the limit, whether it is worth a look.

    A check for which there is nothing to look at is left out: it is neither passed nor failed.
    """
    signs = [body["validity"] for body in bodies if "validity" in body]
    efforts = [(one["part"], _effort(one["spent_ms"], limits)) for one in signs]
    items, rapid = (sum(int(part[0]) for part in parts) for parts in zip(
        *[(one.n_items, one.n_rapid) for _, one in efforts], strict=True
    )) if efforts else (0, 0)  # fmt: skip
    if items:
        share = (items - rapid) / items
        yield _flag("effort", None, share, limits.effort_least, share < limits.effort_least, items - rapid, items)
    for n, effort in efforts:
        yield from _rapid(n, effort, limits)
    for one in signs:
        yield from _fit(one, limits)
        yield from _runs(one, limits)
    for body in bodies:
        yield from _consistency(body, limits)
    for one in signs:
        yield from _arrivals(one)


def _flag(
    code: str, part: int | None, value: float, limit: float | None, serious: bool, count: int | None = None,
    of: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "flag": code, "part": part, "value": kept(value), "limit": limit, "serious": bool(serious), "count": count,
        "of": of,
    }  # fmt: skip


def _effort(spent_ms: Sequence[int], limits: Limits) -> Effort:
    return response_time_effort(np.array(spent_ms) / 1000, limits.rapid_seconds, limits.effort_least)


def _rapid(n: int, effort: Effort, limits: Limits) -> Iterator[dict[str, Any]]:
    items, rapid = int(effort.n_items[0]), int(effort.n_rapid[0])
    if rapid:
        yield _flag("rapid", n, rapid / items, kept(1 - limits.effort_least), effort.low[0], rapid, items)


def _fit(signs: Body, limits: Limits) -> Iterator[dict[str, Any]]:
    if fit := signs["fit"]:
        cut = fit["cuts"][limits.fit_level]
        yield _flag("fit", signs["part"], fit["lz"], cut, fit["lz"] < cut, of=fit["items"])


def _runs(signs: Body, limits: Limits) -> Iterator[dict[str, Any]]:
    runs = signs["runs"]
    if runs is None or runs["rated"] < limits.least_rated:
        return
    part, of, longest = signs["part"], runs["rated"], runs["longest"]
    share = longest / of
    yield _flag("longstring", part, share, limits.longstring_share, share > limits.longstring_share, longest, of)
    most = runs["commonest"]
    yield _flag("straight", part, most, limits.straight_share, most > limits.straight_share, round(most * of), of)


def _consistency(body: Body, limits: Limits) -> Iterator[dict[str, Any]]:
    steady = body.get("preference", {}).get("consistency")
    if steady is not None:
        part = body.get("validity", {}).get("part")
        yield _flag("consistency", part, steady, limits.consistency_least, steady < limits.consistency_least)


def _arrivals(signs: Body) -> Iterator[dict[str, Any]]:
    """Tell what came late, what was kept aside, and what time an outage gave back; only what there was of it."""
    for code in ("late", "aside", "recovered"):
        if count := signs[code]:
            yield _flag(code, signs["part"], count, None, code == "aside", count)
    if outage := signs["time_ms"].get("outage"):
        yield _flag("outage", signs["part"], outage / 60_000, None, serious=False)
