"""Adaptive tests of thousands at once, to see before a wave what a bank and a design can do.

All examinees take their steps together. A step draws from a generator of its own, and an examinee's numbers in it
depend on the examinee's place alone: the first hundred of a thousand have the tests that they would have as a hundred,
to the last bit. Only a maximum exposure ties examinees together: who stands first has the first choice.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.ability.eap import NO_ITEMS, Ability
from scoring_engine.forms.adaptive import (
    EXHAUSTED,
    RUNNING,
    Design,
    Examinees,
    choose,
    ends,
    refuse_unless_it_fits,
    uniform_numbers,
)
from scoring_engine.forms.exposure import Quotas, SympsonHetter
from scoring_engine.forms.pool import Pool
from scoring_engine.responses import MISSING, Answers, Bools, Floats, Ints, checked_responses


@dataclass(frozen=True, eq=False)
class Simulation:
    """What a bulk simulation gave to whom, and how it ended.

    Parameters
    ----------
    ability : Ability
        Final estimates.
    order : shape (examinees, longest)
        Columns of the items as they were given; -1 after the end.
    answers : shape (examinees, items)
        -1 where the item was not given.
    ended : shape (examinees,)
        PRECISE, CERTAIN, LONGEST or EXHAUSTED.
    exposure, chosen : shape (items,)
        Share of examinees who got the item, and for whom it was chosen; they differ by what Sympson-Hetter withheld.
    quotas_met : shape (examinees,)
        False where a lower bound could not be reached.
    """

    ability: Ability
    order: Ints
    answers: Answers
    ended: Ints
    exposure: Floats
    chosen: Floats
    quotas_met: Bools


def simulate(answers: ArrayLike, pool: Pool, design: Design, chance: np.random.Generator) -> Simulation:
    """Give an adaptive test to many examinees at once.

    Parameters
    ----------
    answers : shape (examinees, items)
        What each would answer to every item of the bank: of `draw_answers`, or of real people to a whole bank. -1 is
        an item that this examinee cannot be given.
    pool : Pool
    design : Design
    chance : Generator
        Spawns one for every step, so the same seed gives the same tests.

    Returns
    -------
    Simulation

    Raises
    ------
    ValueError
        No examinee, an impossible answer, a design that does not fit the bank, or a maximum exposure under which
        the bank cannot serve all tests.
    """
    potential = checked_responses(answers, pool.items.categories)
    capacity = _capacity(pool, design, len(potential))
    tests, record = Examinees.at_the_start(pool, potential == MISSING), _Record.empty(potential.shape, design.longest)
    for step, own in enumerate(chance.spawn(design.longest)):
        uniform = uniform_numbers(own, design, step, potential.shape)[tests.who]
        item, over = choose(pool, design, tests, uniform, capacity, step)
        if over is not None:
            tests.closed |= over
            record.chosen += over.sum(axis=0)
        tests, item = record.close(tests, np.where(item < 0, EXHAUSTED, RUNNING)), item[item >= 0]
        capacity -= record.give(tests.who, item, step)
        tests.answer(pool, item, potential[tests.who, item])
        tests = record.close(tests, ends(pool, design, tests, step + 1))
        if tests.who.size == 0:
            break
    return record.summary(design.quotas)


def exposure_parameters(
    answers: ArrayLike, pool: Pool, design: Design, limit: float, chance: np.random.Generator, rounds: int = 30
) -> SympsonHetter:
    """Find the Sympson-Hetter probabilities under which no item is given to more than a share of examinees.

    Parameters
    ----------
    answers, pool, design, chance
        As for `simulate`, same shapes; the exposure rule of the design is not used. At least 1,000 examinees
        are advisable.
    limit : float
        The largest share, > 0 to 1.
    rounds : int
        Simulations after which the search is given up.

    Returns
    -------
    SympsonHetter
        In the simulation that accepted it no item was over the limit.

    Raises
    ------
    ValueError
        As `simulate`, or the limit is not kept after all rounds.

    Source
    ------
    Sympson & Hetter (1985), Proceedings of the 27th Military Testing Association, 973-977.
    """
    rule = SympsonHetter(np.ones(len(pool.items)))
    if not (0 < limit <= 1 and limit * len(pool.items) >= design.longest):
        raise ValueError(f"{len(pool.items)} items cannot serve tests of {design.longest} with exposure up to {limit}")
    # Aimed two standard errors lower: of many items at the limit, half would lie above it by chance.
    aim = max(limit - 2 * np.sqrt(limit * (1 - limit) / max(len(np.atleast_2d(answers)), 1)), limit / 2)
    for own in chance.spawn(rounds):
        found = simulate(answers, pool, replace(design, exposure=rule), own)
        if found.exposure.max() <= limit:
            return rule
        rule = rule.adjusted(found.chosen, aim, design.longest)
    raise ValueError(f"an item is still given to {found.exposure.max():.3f} of examinees after {rounds} rounds")


@dataclass(eq=False)
class _Record:
    theta: Floats
    se: Floats
    order: Ints
    answers: Answers
    ended: Ints
    chosen: Ints

    @classmethod
    def empty(cls, shape: tuple[int, int], longest: int) -> "_Record":
        theta, se = np.full((2, shape[0]), np.nan)
        order, answers = np.full((shape[0], longest), MISSING), np.full(shape, MISSING, dtype=np.int8)
        ended, chosen = np.zeros(shape[0], dtype=np.int64), np.zeros(shape[1], dtype=np.int64)
        return cls(theta, se, order, answers, ended, chosen)

    def give(self, who: Ints, item: Ints, step: int) -> Ints:
        self.order[who, step] = item
        times = np.bincount(item, minlength=self.chosen.size)
        self.chosen += times
        return times

    def close(self, tests: Examinees, ended: Ints) -> Examinees:
        over = ended != RUNNING
        if not over.any():
            return tests
        who = tests.who[over]
        self.theta[who], self.se[who], self.ended[who] = tests.theta[over], tests.se[over], ended[over]
        self.answers[who] = tests.answers[over]
        return tests.some(~over)

    def summary(self, quotas: Quotas | None) -> Simulation:
        given = self.answers != MISSING
        met = np.ones(len(given), dtype=np.bool_) if quotas is None else quotas.met(given)
        n_items: Ints = np.count_nonzero(given, axis=1)
        ability = Ability(self.theta, self.se, n_items, np.where(n_items > 0, "", NO_ITEMS))
        exposure, chosen = given.mean(axis=0), self.chosen / len(given)
        return Simulation(ability, self.order, self.answers, self.ended, exposure, chosen, met)


def _capacity(pool: Pool, design: Design, examinees: int) -> Ints:
    refuse_unless_it_fits(pool, design)
    if examinees == 0:
        raise ValueError("no examinee")
    items, each = len(pool.items), int(np.floor(design.maximum_exposure * examinees + 1e-9))
    if items * each < examinees * design.longest:
        raise ValueError(f"{items} items for {each} examinees each cannot serve {examinees} tests of {design.longest}")
    return np.full(items, each, dtype=np.int64)
