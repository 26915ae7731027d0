"""The E-step: from item parameters to how many persons of each ability are expected to have given each answer."""

from dataclasses import dataclass

import numpy as np

from scoring_engine.ability.likelihood import AnswerTable
from scoring_engine.ability.posterior import BLOCK
from scoring_engine.exact import on_grid, total
from scoring_engine.responses import MISSING, Answers, Floats, Ints


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
        weights, heights[part] = _weights(table.sums(answers), log_prior[group], len(sample.answers))
        columns += weights @ table.indicators(answers)
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
