"""Adaptive tests: which item comes next.

At each step: what is open, content quotas, the criterion at what is known of the examinee, the exposure rule; of equal
items the first column, so give the items in the order of their ids. Ability is the mean of the posterior throughout.
The same code takes a step for one examinee in a room and for thousands in a simulation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from scoring_engine.ability.posterior import moments, weigh
from scoring_engine.exact import total
from scoring_engine.forms.exposure import Best, ExposureRule, Quotas, SympsonHetter, chosen_within, passed_over
from scoring_engine.forms.pool import CRITERIA, INFORMATION, Pool
from scoring_engine.responses import MISSING, Answers, Bools, Floats, Ints

RUNNING, PRECISE, CERTAIN, LONGEST, EXHAUSTED = range(5)
"""Why a test ended: it did not; SE reached; classification certain; full length; no item left that may be given."""


@dataclass(frozen=True, eq=False)
class Design:
    """How an adaptive test chooses and when it stops.

    Parameters
    ----------
    longest, shortest : int
        Number of items at which a test ends, and below which no other rule ends it.
    criterion : "information" at the estimate (MFI), "weighted information" (MPWI: its mean over the posterior), or
        "posterior variance" (the minimum of what is expected after the answer).
    exposure : ExposureRule
    maximum_exposure : float
        Share of examinees who may get an item, > 0 to 1.
    quotas : Quotas, or None
        No test ends by precision or certainty before their lower bounds are reached.
    se : float, or None
        Standard error at which a test ends, in logits.
    cuts, certainty
        A test ends when for every cut one side has this posterior probability.

    Raises
    ------
    ValueError
        A number out of its range, or an unknown criterion.
    """

    longest: int
    shortest: int = 1
    criterion: str = INFORMATION
    exposure: ExposureRule = field(default_factory=Best)
    maximum_exposure: float = 1.0
    quotas: Quotas | None = None
    se: float | None = None
    cuts: tuple[float, ...] = ()
    certainty: float = 0.95

    def __post_init__(self) -> None:
        """Refuse what is no design."""
        if not 1 <= self.shortest <= self.longest:
            raise ValueError(f"a test of {self.shortest} to {self.longest} items cannot be")
        if self.criterion not in CRITERIA:
            raise ValueError(f"{self.criterion} is none of {', '.join(CRITERIA)}")
        if not (0 < self.maximum_exposure <= 1 and 0.5 < self.certainty < 1 and np.isfinite(self.cuts).all()):
            raise ValueError("exposure lies above 0 and up to 1, certainty between .5 and 1, cuts are finite")
        if self.se is not None and not self.se > 0:
            raise ValueError(f"a standard error of {self.se} ends no test")
        if self.quotas is not None and (self.quotas.lower > self.longest).any():
            raise ValueError(f"a lower quota is more than the {self.longest} items of a test")


@dataclass(frozen=True)
class Choice:
    """What one examinee gets next.

    ``item`` is its column, or -1 where the test has ended, for the reason in ``ended``; ``passed_over`` are columns
    that are out from now on; ``theta`` and ``se``, in logits, are what is known so far.
    """

    item: int
    ended: int
    passed_over: tuple[int, ...]
    theta: float
    se: float


def next_item(
    given: Sequence[int],
    answers: Sequence[int],
    pool: Pool,
    design: Design,
    chance: np.random.Generator,
    closed: Sequence[int] = (),
) -> Choice:
    """Choose what one examinee gets next, as `simulate` does at the same step with the same generator.

    Parameters
    ----------
    given, answers : the same length
        Columns of the items in the order in which they were given, and the answers to them, from 0.
    pool : Pool
    design : Design
        Its maximum exposure is kept by the caller, who puts the items that reached it into `closed`.
    chance : Generator
        Of this step alone, made from the examinee's seed and the step: a lab server that restarts goes on the same.
    closed : columns that must not be given, all `passed_over` of earlier choices among them

    Returns
    -------
    Choice

    Raises
    ------
    ValueError
        An item given twice or not in the bank, an impossible answer, or a design that does not fit the bank.
    """
    refuse_unless_it_fits(pool, design)
    _refuse_unless_possible(pool, design, given, answers, closed)
    test, step = _at_rest(pool, given, answers, closed), len(given)
    theta, se = float(test.theta[0]), float(test.se[0])
    if step and (ended := int(ends(pool, design, test, step)[0])) != RUNNING:
        return Choice(MISSING, ended, (), theta, se)
    uniform = uniform_numbers(chance, design, step, test.answers.shape)
    chosen, withheld = choose(pool, design, test, uniform, np.ones(len(pool.items), dtype=np.int64), step)
    over = () if withheld is None else tuple(np.flatnonzero(withheld[0]).tolist())
    return Choice(int(chosen[0]), EXHAUSTED if chosen[0] < 0 else RUNNING, over, theta, se)


@dataclass(eq=False)
class Examinees:
    """Tests under way: who, weights (nodes, examinees), closed and answers (examinees, items), theta and se."""

    who: Ints
    weights: Floats
    closed: Bools
    answers: Answers
    theta: Floats
    se: Floats

    @classmethod
    def at_the_start(cls, pool: Pool, closed: Bools) -> "Examinees":
        """Begin a test for every row of `closed`, shape (examinees, items): what each cannot be given."""
        everyone = len(closed)
        weights = np.repeat(weigh(pool.prior, pool.nodes, np.zeros((pool.nodes.size, 1))), everyone, axis=1)
        answers = np.full(closed.shape, MISSING, dtype=np.int8)
        theta, se = np.full(everyone, pool.prior.mean), np.full(everyone, pool.prior.sd)
        return cls(np.arange(everyone), weights, closed.copy(), answers, theta, se)

    def some(self, of: Bools) -> "Examinees":
        """Take those examinees for whom `of` is True."""
        rows = (self.closed[of], self.answers[of], self.theta[of], self.se[of])
        return Examinees(self.who[of], np.compress(of, self.weights, axis=1), *rows)

    def answer(self, pool: Pool, item: Ints, answer: Answers) -> None:
        """Learn one answer of each, both of shape (examinees,); raises ValueError if nobody could have given it."""
        person = np.arange(item.size)
        self.weights *= pool.likelihood(item, answer)
        height = total(self.weights)
        if not (height > 0).all():
            raise ValueError(f"by its model nobody could answer item {item[np.argmin(height > 0)]} so; check the item")
        self.weights /= height
        self.theta, self.se = moments(pool.nodes, self.weights)
        self.closed[person, item] = True
        self.answers[person, item] = answer


def choose(
    pool: Pool, design: Design, tests: Examinees, uniform: Floats, capacity: Ints, step: int
) -> tuple[Ints, Bools | None]:
    """Choose the next item of every test.

    Parameters
    ----------
    pool, design, tests
    uniform : shape (examinees, items)
        From 0 to 1, as `uniform_numbers` draws them.
    capacity : shape (items,)
        How many more examinees may get each item.
    step : int
        How many items were given.

    Returns
    -------
    item : shape (examinees,)
        -1 where no item may be given.
    passed_over : shape (examinees, items), or None
        What was chosen before it and withheld by the exposure rule; None for a rule that withholds nothing.
    """
    values = pool.values(design.criterion, tests.weights, tests.theta)
    if design.quotas is not None:
        priority = design.quotas.priorities(tests.answers != MISSING, ~tests.closed)
        values = np.where(priority > 0, values * priority, -np.inf)
    np.copyto(values, -np.inf, where=tests.closed)
    item = chosen_within(capacity, values, lambda now: design.exposure.scores(now, uniform, step, design.longest))
    if isinstance(design.exposure, SympsonHetter):
        return item, passed_over(values, item)
    return item, None


def uniform_numbers(chance: np.random.Generator, design: Design, step: int, shape: tuple[int, int]) -> Floats:
    """Draw what the exposure rule needs; takes a shape, returns it, or (examinees, 0) if the step needs nothing."""
    return chance.random(shape if design.exposure.needs_chance(step) else (shape[0], 0))


def ends(pool: Pool, design: Design, tests: Examinees, given: int) -> Ints:
    """Say why tests end; takes examinees after `given` items, returns shape (examinees,), RUNNING where one goes on."""
    precise, certain = np.zeros((2, tests.theta.size), dtype=np.bool_)
    if given >= design.shortest:
        met = design.quotas is None or design.quotas.met(tests.answers != MISSING)
        precise = met & (tests.se <= (-1.0 if design.se is None else design.se))
        certain = met & _certain(pool, design, tests.weights)
    last = LONGEST if given == design.longest else RUNNING
    return np.select([precise, certain], [PRECISE, CERTAIN], last)


def refuse_unless_it_fits(pool: Pool, design: Design) -> None:
    """Refuse a design that asks for more items than the bank has, or describes other items.

    Takes a bank and a design, returns nothing. Raises ValueError with both numbers.
    """
    items = len(pool.items)
    if design.longest > pool.longest:
        raise ValueError(f"the bank is tabled for {pool.longest} items a test, the design has {design.longest}")
    if design.quotas is not None and design.quotas.member.shape[1] != items:
        raise ValueError(f"quotas for {design.quotas.member.shape[1]} items, the bank has {items}")
    if isinstance(design.exposure, SympsonHetter) and design.exposure.probability.size != items:
        raise ValueError(f"{design.exposure.probability.size} exposure probabilities, the bank has {items} items")


def _certain(pool: Pool, design: Design, weights: Floats) -> Bools:
    if not design.cuts:
        return np.zeros(weights.shape[1], dtype=np.bool_)
    width = pool.nodes[1] - pool.nodes[0]
    # A node stands for its surroundings: a cut between two nodes divides them.
    share = [np.clip((pool.nodes - cut) / width + 0.5, 0.0, 1.0) for cut in design.cuts]
    above = np.stack([total(weights * part[:, None]) for part in share])
    return np.asarray((np.maximum(above, 1 - above) >= design.certainty).all(axis=0))


def _at_rest(pool: Pool, given: Sequence[int], answers: Sequence[int], closed: Sequence[int]) -> Examinees:
    test = Examinees.at_the_start(pool, np.zeros((1, len(pool.items)), dtype=np.bool_))
    test.closed[:, list(closed)] = True
    for item, answer in zip(given, answers, strict=True):
        test.answer(pool, np.array([item]), np.array([answer], dtype=np.int8))
    return test


def _refuse_unless_possible(
    pool: Pool, design: Design, given: Sequence[int], answers: Sequence[int], closed: Sequence[int]
) -> None:
    if len(given) > design.longest:
        raise ValueError(f"{len(given)} items are more than the longest test of {design.longest}")
    known = range(len(pool.items))
    if len(given) != len(answers) or len({*given}) != len(given) or not {*given, *closed} <= {*known}:
        raise ValueError("items are given once each, have one answer each, and are columns of the bank")
    for item, answer in zip(given, answers, strict=True):
        if not 0 <= answer < pool.items.categories[item]:
            raise ValueError(f"answer {answer} to item {item} is not 0 to {pool.items.categories[item] - 1}")
