"""Sums over a person's answers: at the nodes of a grid that all share, and at an ability of each person's own."""

from dataclasses import dataclass

import numpy as np

from scoring_engine.curves.items import BinaryBlock, Items
from scoring_engine.curves.probabilities import curves, log_probabilities
from scoring_engine.exact import on_grid
from scoring_engine.responses import MISSING, Answers, Floats, Ints

HIGHEST = 700.0
"""The exponential of more would overflow."""


@dataclass(frozen=True, eq=False)
class AnswerTable:
    """What every answer to a test adds to some sum over a person's answers, at the nodes of a grid.

    All entries are multiples of one power of two, so the sum of a person is the same to the last bit in any
    batch. Every category is told against category 0, which halves the work for right or wrong items.

    Parameters
    ----------
    item, category : shape (columns,)
        Of each column: every category of every item but category 0.
    over_lowest : shape (nodes, columns)
        What the category adds, less what category 0 of its item adds.
    lowest : shape (nodes, items)
        What category 0 adds.
    """

    item: Ints
    category: Ints
    over_lowest: Floats
    lowest: Floats

    @classmethod
    def of(cls, categories: Ints, values: Floats) -> "AnswerTable":
        """Lay out values of shape (nodes, items, most categories); what stands for no category does not count."""
        exists = np.arange(values.shape[2]) < categories[:, None]
        known = np.where(exists, values, 0.0)
        known = on_grid(known, 2.0 * float(np.abs(known).max(axis=2).sum(axis=1).max()) + 1.0)
        item, category = np.nonzero(exists[:, 1:])
        lowest = known[:, :, 0]
        return cls(item, category + 1, known[:, item, category + 1] - lowest[:, item], lowest)

    def sums(self, answers: Answers) -> Floats:
        """Add up over the answers of checked responses of shape (persons, items); gives shape (nodes, persons)."""
        return self.sums_of(self.indicators(answers), answers)

    def sums_of(self, marks: Floats, answers: Answers) -> Floats:
        """Add up as `sums` does; takes the `indicators` of the answers as well, for who needs them twice."""
        found: Floats = self.over_lowest @ marks.T
        given = answers != MISSING
        if given.all():
            found += self.lowest.sum(axis=1)[:, None]
        else:
            found += self.lowest @ given.T.astype(np.float64)
        return found

    def indicators(self, answers: Answers) -> Floats:
        """Mark with 1 the answered category of every item; shape (persons, columns)."""
        plain = self.item.size == answers.shape[1]
        marks: Floats = ((answers if plain else answers[:, self.item]) == self.category).astype(np.float64)
        return marks


def log_likelihood_table(items: Items, nodes: Floats) -> AnswerTable:
    """Tabulate log P of every answer; takes nodes of shape (nodes,), in logits, returns an AnswerTable."""
    # An asymptote of 1 makes a wrong answer impossible: a logarithm that no other answer can outweigh.
    return AnswerTable.of(items.categories, np.maximum(log_probabilities(nodes, items), -1e4))


@dataclass(frozen=True, eq=False)
class Slopes:
    """The first derivative of the log-likelihood and what Fisher information says of it.

    Parameters
    ----------
    score : shape (persons,)
        Sum of P'/P of the answers, per logit.
    information : shape (persons,)
        Sum over answered items of sum_k P'^2/P, per squared logit.
    bend : shape (persons,)
        J, the sum over answered items of sum_k P' P''/P, per cubed logit; 0 where it was not asked for.
    """

    score: Floats
    information: Floats
    bend: Floats


def slopes(theta: Floats, answers: Answers, items: Items, with_bend: bool) -> Slopes:
    """Compute the slope of each person's log-likelihood at an ability of the person's own.

    Parameters
    ----------
    theta : shape (persons,)
        In logits, finite.
    answers : shape (persons, items)
        Checked responses.
    items : Items
    with_bend : bool
        Whether J is needed: it is a fifth of the work.

    Returns
    -------
    Slopes
        One number for each person.

    Source
    ------
    Warm (1989), Psychometrika 54(3), 427-450: J.
    """
    # `take` lays rows out one after the other; a column-wise layout would add a row in another order for one person.
    parts = [_binary_slopes(theta, np.take(answers, items.binary.where, axis=1), items.binary, with_bend)]
    others = np.concatenate([items.graded.where, items.nominal.where])
    if others.size:
        parts.append(_category_slopes(theta, np.take(answers, others, axis=1), items.at(others.tolist())))
    return Slopes(*sum(parts[1:], parts[0]))


def _binary_slopes(theta: Floats, answers: Answers, block: BinaryBlock, with_bend: bool) -> Floats:
    """Write P'/(PQ) as one factor: the score is that times x - P, information that times P', J that times P''."""
    given = answers != MISSING
    wrong = theta[:, None] * -block.slope
    wrong -= block.intercept
    np.exp(np.minimum(wrong, HIGHEST, out=wrong), out=wrong)
    right = 1.0 / (1.0 + wrong)
    wrong *= right  # 1 - right, with all its digits
    factor, width = block.slope * given, block.upper - block.lower
    first = wrong * right
    first *= width * block.slope
    twice = (wrong - right) * block.slope if with_bend else np.zeros((len(theta), 1))  # P''/P'
    if block.lower.any() or (block.upper < 1.0).any():
        right = block.lower + width * right
        spread = right * ((1.0 - block.upper) + width * wrong)
        factor = np.divide(given * first, spread, out=np.zeros_like(first), where=spread > 0)
    score = answers - right
    score *= factor
    factor *= first
    bend = np.multiply(factor, twice, out=twice).sum(axis=1) if with_bend else twice[:, 0]
    return np.stack([score.sum(axis=1), factor.sum(axis=1), bend])


def _category_slopes(theta: Floats, answers: Answers, items: Items) -> Floats:
    found, given = curves(theta, items), answers != MISSING
    ratio = np.divide(found.first, found.p, out=np.zeros_like(found.p), where=found.p > 0)
    of_answer = np.take_along_axis(ratio, np.maximum(answers, 0)[:, :, None].astype(np.int64), axis=2)[:, :, 0]
    parts = (of_answer, (ratio * found.first).sum(axis=2), (ratio * found.second).sum(axis=2))
    return np.stack([(part * given).sum(axis=1) for part in parts])
