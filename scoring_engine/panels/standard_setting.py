"""Cut scores: by judges who look at items (Angoff, bookmark), at outcomes (Hofstee), or at persons (group methods).

A score equal to a cut passes. No judge is ever left out in silence: one without a usable judgement is refused by
number, and whoever leaves a judge out does so before, on record. Rounds, judges and items count from 0, the pages of
a booklet from 1. Marks and ratings of a single round may be given without the dimension of rounds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import expit, log_expit

from scoring_engine.curves.items import Items, Logistic, Nominal
from scoring_engine.curves.probabilities import curves, expected_scores, probabilities
from scoring_engine.responses import Bools, Floats, Ints, real_numbers

GuessingRule = Literal["corrected", "plain"]
PageRule = Literal["before", "at", "between"]
GroupRule = Literal["logistic", "midpoint"]


@dataclass(frozen=True, eq=False)
class PanelCut:
    """A cut per round: mean, median and sd / sqrt(judges), shape (rounds,); and each judge's, (rounds, judges)."""

    cut: Floats
    median: Floats
    se: Floats
    by_judge: Floats


def angoff(ratings: ArrayLike, most: ArrayLike = 1) -> PanelCut:
    """Compute the modified Angoff cut of every round, in points: a judge's is the sum over items.

    Takes ratings of shape (rounds, judges, items), the points that a borderline person is expected to get (of a right
    or wrong item the probability of right), and the points of each item, (items,); returns a PanelCut. Raises
    ValueError if a rating is missing or not between 0 and the item's points, or for fewer than two judges.

    Source
    ------
    Angoff (1971), in Thorndike (ed.), Educational Measurement, 508-600; rounds: Cizek & Bunch (2007), Standard
    Setting, chapter 6.
    """
    table = np.asarray(ratings, dtype=np.float64)
    table = table[None] if table.ndim == 2 else table
    if table.ndim != 3 or table.size == 0:
        raise ValueError(f"ratings are of rounds, judges and items, not of shape {table.shape}")
    wrong = ~((table >= 0) & (table <= np.asarray(most, dtype=np.float64)))
    if wrong.any():
        turn, judge, item = np.argwhere(wrong)[0]
        raise ValueError(f"round {turn}, judge {judge}, item {item}: {table[turn, judge, item]} is no rating")
    return _panel_cut(np.ascontiguousarray(table).sum(axis=2))


def cut_on_theta(cut: ArrayLike, items: Items, se: ArrayLike = 0.0) -> tuple[Floats, Floats]:
    """Find the ability, in logits, at which the expected sum score is the cut, and its standard error.

    Takes cuts and their errors in points (category k is k points), returns two arrays of shape (cuts,); the error is
    divided by the slope of the expected score. Raises ValueError for a nominal item, or for a cut that is no expected
    score of any ability, as a low one where people guess.

    Source
    ------
    Kane (1987), Journal of Educational Measurement 24(4), 333-345.
    """
    _refuse_nominal(items)
    if np.ndim(cut) > 1:
        raise ValueError(f"cuts stand in one row, not in shape {np.shape(cut)}")
    wanted, error = np.broadcast_arrays(np.atleast_1d(np.asarray(cut, float)), np.asarray(se, float))
    theta = np.array([_ability(float(score), items) for score in wanted])
    if np.isnan(theta).any():
        raise ValueError(f"no ability has the expected score {wanted[np.isnan(theta)][0]:g}")
    slope = (curves(theta, items).first * np.arange(float(items.categories.max()))).sum(axis=(1, 2))
    return theta, error / slope


@dataclass(frozen=True, eq=False)
class Booklet:
    """Ordered items, the easiest page first: item, least category asked for, and location in logits, shape (pages,)."""

    item: Ints
    category: Ints
    location: Floats


def booklet(items: Items, response_probability: float = 2 / 3, guessing: GuessingRule = "corrected") -> Booklet:
    """Order items, with a page for each category above the lowest, by the ability that reaches it so probably.

    With a lower asymptote c, "corrected" asks for (P - c) / (1 - c) = response probability, "plain" for P. Equal
    locations keep the order of the items. Takes Items, returns a Booklet. Raises ValueError for a nominal item, one
    that never has this probability, or a probability not between 0 and 1.

    Source
    ------
    Mitzel, Lewis, Patz & Green (2001), in Cizek (ed.), Setting Performance Standards, 249-281.
    """
    _refuse_nominal(items)
    if not 0 < response_probability < 1 or guessing not in ("corrected", "plain"):
        raise ValueError(f"no booklet has response probability {response_probability:g}, guessing {guessing}")
    pages = [(item, category) for item, each in enumerate(items.each) for category in range(1, each.categories)]
    location = np.array([_location(items, *page, response_probability, guessing) for page in pages])
    if np.isnan(location).any():
        raise ValueError(f"item {pages[int(np.isnan(location).argmax())][0]} never has this response probability")
    order = np.argsort(location, kind="stable")
    item, category = np.array(pages, dtype=np.int64)[order].T
    return Booklet(item, category, location[order])


def bookmark(marks: ArrayLike, location: ArrayLike, rule: PageRule = "before") -> PanelCut:
    """Compute the bookmark cut of every round: the location before the page marked, at it, or midway between.

    Takes marks of shape (rounds, judges), each the first page that a borderline person does not master (one behind
    the last if all are), and the locations of the pages, (pages,); returns a PanelCut in logits. Raises ValueError
    for a mark that leaves the rule without a page, for falling locations, or for fewer than two judges.

    Source
    ------
    As `booklet`; rules: Cizek & Bunch (2007), Standard Setting, chapter 10.
    """
    at, page = np.atleast_2d(np.asarray(marks)), real_numbers("location", location, 1)
    if at.ndim != 2 or at.dtype.kind not in "iu" or (np.diff(page) < 0).any():
        raise ValueError("marks are whole numbers, of rounds and judges, and locations do not fall")
    if rule not in ("before", "at", "between"):
        raise ValueError(f"a rule is before, at or between, not {rule}")
    wrong = (at < 1 + (rule != "at")) | (at > page.size + (rule == "before"))
    if wrong.any():
        turn, judge = np.argwhere(wrong)[0]
        raise ValueError(f"round {turn}, judge {judge}: mark {at[turn, judge]} has no page by the rule {rule}")
    first, second = at - 1 - (rule != "at"), at - 1 - (rule == "before")
    return _panel_cut((page[first] + page[second]) / 2)


@dataclass(frozen=True)
class HofsteeCut:
    """A cut in points and the share that fails; where curve and line do not cross, the nearer end of the line.

    The corner is then "lowest" (least cut, most fail) or "highest" (most cut, least fail), otherwise "".
    """

    cut: float
    fail_rate: float
    corner: Literal["", "lowest", "highest"]


def hofstee(scores: ArrayLike, cuts: ArrayLike, fail_rates: ArrayLike) -> HofsteeCut:
    """Find the largest cut whose fail rate is not above the line from (least cut, most fail) to (most cut, least fail).

    Takes scores of shape (persons,), and the least and most cut and fail rate (a share) that each judge accepts, both
    (judges, 2), which are averaged; returns a HofsteeCut. Raises ValueError for no person, fewer than two judges, a
    judge whose least is above the most, or means that leave no line.

    Source
    ------
    Hofstee (1983), in Anderson & Helmick (eds.), On Educational Testing, 109-127.
    """
    low, high, judges = _accepted("cuts", cuts)
    least, most, others = _accepted("fail rates", fail_rates)
    # Below the lowest score nobody fails; above a score the rate is what lies at it or below.
    edges, counts = np.unique(real_numbers("scores", scores, 1), return_counts=True)
    if edges.size == 0 or judges != others or not (low < high and 0 <= least < most <= 1):
        raise ValueError("there is no person, judges differ in number, or their means leave no line of shares")
    fails = np.append(0, counts.cumsum()) / counts.sum()
    allowed = low + (most - fails) / (most - least) * (high - low)
    holds = allowed > np.append(-np.inf, edges)
    met = float(np.minimum(np.append(edges, np.inf), allowed)[holds].max())
    cut = min(max(met, low), high)
    fail_rate = float(fails[np.searchsorted(edges, cut, side="left")])
    return HofsteeCut(cut, fail_rate, "lowest" if met < low else "highest" if met > high else "")


@dataclass(frozen=True)
class GroupCut:
    """A cut in points, its standard error, and the number of persons that it rests on."""

    cut: float
    se: float
    n: int


def borderline_group(scores: ArrayLike) -> GroupCut:
    """Take the median score of the persons judged borderline, with sqrt(pi / 2) sd / sqrt(n), as of a normal sample.

    Takes shape (persons,), returns a GroupCut. Raises ValueError for fewer than three persons or equal scores.

    Source
    ------
    Livingston & Zieky (1982), Passing Scores, ETS.
    """
    known = _varied("borderline", real_numbers("scores", scores, 1))
    return GroupCut(float(np.median(known)), float(np.sqrt(np.pi / 2) * _se(known)), known.size)


def contrasting_groups(scores: ArrayLike, competent: ArrayLike, rule: GroupRule = "logistic") -> GroupCut:
    """Part persons judged competent from others: where half are competent (logistic), or midway between the means.

    The logistic cut moves with the sizes of the groups. Takes scores and True or False, of shape (persons,), returns a
    GroupCut. Raises ValueError for a group of fewer than three or of equal scores, competent persons with no higher
    mean, or, for the logistic cut, groups that do not overlap.

    Source
    ------
    Livingston & Zieky (1982), as above; Sireci, Robin & Patelis (1999), Journal of Educational Measurement 36(4).
    """
    known, group = real_numbers("scores", scores, 1), np.asarray(competent)
    if group.dtype != np.bool_ or group.shape != known.shape or rule not in ("logistic", "midpoint"):
        raise ValueError("every person is competent or not, True or False, and a rule is logistic or midpoint")
    high, low = _varied("competent", known[group]), _varied("other", known[~group])
    if high.mean() <= low.mean():
        raise ValueError("persons judged competent score no higher than the others: no cut parts them")
    if rule == "logistic":
        return _logistic_cut(known, group)
    return GroupCut(float((high.mean() + low.mean()) / 2), float(np.hypot(_se(high), _se(low)) / 2), known.size)


def _panel_cut(by_judge: Floats) -> PanelCut:
    judges = by_judge.shape[1]
    if judges < 2:
        raise ValueError("a panel has at least two judges")
    se = by_judge.std(axis=1, ddof=1) / np.sqrt(judges)
    return PanelCut(by_judge.mean(axis=1), np.median(by_judge, axis=1), se, by_judge)


def _solve(rising: Callable[[float], float]) -> float:
    """Find where a rising function of ability is 0; NaN if that is nowhere within 1024 logits."""
    reach = 8.0
    while not rising(-reach) < 0 < rising(reach):
        reach *= 2
        if not reach <= 1024:
            return np.nan
    return float(brentq(rising, -reach, reach, xtol=1e-12, rtol=1e-14))


def _ability(score: float, items: Items) -> float:
    return _solve(lambda at: float(expected_scores([at], items).sum() - score))


def _location(items: Items, item: int, category: int, wanted: float, guessing: GuessingRule) -> float:
    each, alone = items.each[item], items.at([item])
    if isinstance(each, Logistic) and guessing == "corrected":
        wanted = each.lower + (1 - each.lower) * wanted
    return _solve(lambda at: float(probabilities([at], alone)[0, 0, category:].sum() - wanted))


def _refuse_nominal(items: Items) -> None:
    for item, each in enumerate(items.each):
        if isinstance(each, Nominal):
            raise ValueError(f"item {item} is nominal: its categories have no order to set a standard by")


def _accepted(name: str, limits: ArrayLike) -> tuple[float, float, int]:
    table = real_numbers(name, limits, 2)
    if table.shape[1] != 2 or len(table) < 2:
        raise ValueError(f"{name} are a least and a most of each of at least two judges, not of shape {table.shape}")
    if (table[:, 0] > table[:, 1]).any():
        raise ValueError(f"{name}: the least of judge {int((table[:, 0] > table[:, 1]).argmax())} is above the most")
    least, most = table.mean(axis=0)
    return float(least), float(most), len(table)


def _varied(name: str, scores: Floats) -> Floats:
    if scores.size < 3 or np.ptp(scores) == 0:
        raise ValueError(f"the {name} group needs at least three persons, and scores that differ")
    return scores


def _se(scores: Floats) -> float:
    return float(scores.std(ddof=1) / np.sqrt(scores.size))


def _logistic_cut(scores: Floats, competent: Bools) -> GroupCut:
    if scores[competent].min() >= scores[~competent].max():
        raise ValueError("the groups do not overlap: logistic regression has no solution, take the midpoint")
    mean, sd = scores.mean(), scores.std()
    design, line = np.stack([np.ones(scores.size), (scores - mean) / sd]), np.zeros(2)
    sign = np.where(competent, design, -design)
    for _ in range(100):
        p = expit(_along(line, design))
        information = ((p * (1 - p) * design)[:, None, :] * design).sum(axis=2)
        step = np.linalg.solve(information, ((competent - p) * design).sum(axis=1))
        reached = log_expit(_along(line, sign)).sum() * (1 + 1e-9)  # rounding is no loss
        while np.abs(step).max() > 1e-10 and log_expit(_along(line + step, sign)).sum() < reached:
            step = step / 2
        line = line + step
        if np.abs(step).max() < 1e-10:
            break
    cut = -line[0] / line[1]
    toward = np.linalg.solve(information, np.array([1.0, cut]))
    se = np.sqrt((toward * [1.0, cut]).sum()) / abs(line[1])
    return GroupCut(float(mean + sd * cut), float(sd * se), scores.size)


def _along(line: Floats, design: Floats) -> Floats:
    return np.asarray(line[0] * design[0] + line[1] * design[1])
