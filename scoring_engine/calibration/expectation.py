"""The E-step: from item parameters to how many persons of each ability are expected to have given each answer."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring_engine.ability.likelihood import AnswerTable
from scoring_engine.exact import on_grid, total
from scoring_engine.responses import MISSING, Answers, Floats, Ints

BLOCK = 2048
"""Persons at a time: more than scores take, so that matrix products are worth sharing among cores."""

MOST_MARKS = 2**24
"""Numbers that are kept from cycle to cycle: 128 MiB; more are made anew, block by block."""


@dataclass(frozen=True, eq=False)
class Sample:
    """The answers of a sample, ordered by group.

    Parameters
    ----------
    answers : shape (persons, items)
        Checked responses, persons of group 0 first.
    sizes : shape (groups,)
        How many persons each group has.
    categories : shape (items,)
    """

    answers: Answers
    sizes: Ints
    categories: Ints

    @cached_property
    def marks(self) -> Floats | None:
        """The indicators of all answers, shape (persons, columns), which every cycle needs; None if too many."""
        columns = int((self.categories - 1).sum())
        if len(self.answers) * columns > MOST_MARKS:
            return None
        shape = (1, len(self.categories), int(self.categories.max()))
        return AnswerTable.of(self.categories, np.zeros(shape)).indicators(self.answers)

    @property
    def blocks(self) -> list[tuple[int, slice]]:
        """Part the persons into blocks of one group each."""
        ends = np.cumsum(self.sizes).tolist()
        return [
            (group, slice(start, min(start + BLOCK, end)))
            for group, (first, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True))
            for start in range(first, end, BLOCK)
        ]


@dataclass(frozen=True, eq=False)
class Expected:
    """What the E-step finds.

    Parameters
    ----------
    log_likelihood : float
        Of the whole sample.
    counts : shape (nodes, items, most categories)
        Expected persons at each node with each answer.
    mass : shape (groups, nodes)
        Expected persons of each group at each node.
    """

    log_likelihood: float
    counts: Floats
    mass: Floats


def expect(sample: Sample, log_p: Floats, log_prior: Floats) -> Expected:
    """Compute expected counts and the log-likelihood, the same in any order of persons and on any number of threads.

    The sums of the counts are exact, and those of the log-likelihood are taken in rising order.

    Parameters
    ----------
    sample : Sample
    log_p : shape (nodes, items, most categories)
    log_prior : shape (groups, nodes)
        Logarithms of the weights of the nodes, which sum to 1.

    Returns
    -------
    Expected

    Source
    ------
    Bock & Aitkin (1981), Psychometrika 46(4), 443-459.
    """
    table = AnswerTable.of(sample.categories, log_p)
    heights = np.empty(len(sample.answers))
    columns, reached = np.zeros((log_p.shape[0], table.item.size)), np.zeros(log_p.shape[:2])
    mass = np.zeros_like(log_prior)
    for group, part in sample.blocks:
        answers = sample.answers[part]
        marks = table.indicators(answers) if sample.marks is None else sample.marks[part]
        weights, heights[part] = _weights(table.sums_of(marks, answers), log_prior[group], len(sample.answers))
        columns += weights @ marks
        given = answers != MISSING
        everybody = weights.sum(axis=1)
        mass[group] += everybody
        reached += everybody[:, None] if given.all() else weights @ given.astype(np.float64)
    counts = np.zeros_like(log_p)
    counts[:, table.item, table.category] = columns
    counts[:, :, 0] = reached - counts.sum(axis=2)
    return Expected(float(np.sort(heights).sum()), counts, mass)


def _weights(log_likelihood: Floats, log_prior: Floats, persons: int) -> tuple[Floats, Floats]:
    """Give posterior weights, whose sums over all persons are exact, and each person's log-likelihood."""
    weights = log_likelihood
    weights += log_prior[:, None]
    top = weights.max(axis=0)
    weights -= top
    np.exp(weights, out=weights)
    height = total(weights)
    weights /= height
    return on_grid(weights, float(persons)), top + np.log(height)
