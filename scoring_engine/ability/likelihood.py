"""The log-likelihood of answers at the nodes of a grid."""

from dataclasses import dataclass

import numpy as np

from scoring_engine.curves.items import Items
from scoring_engine.curves.probabilities import log_probabilities
from scoring_engine.exact import on_grid
from scoring_engine.responses import MISSING, Answers, Floats, Ints


@dataclass(frozen=True, eq=False)
class LikelihoodTable:
    """A test at the nodes of a grid: what every answer adds to the log-likelihood there.

    All entries are multiples of one power of two, so the log-likelihood of a person is the same to the last bit
    in any batch. Every category is told against category 0, which halves the work for right or wrong items.

    Parameters
    ----------
    item, category : shape (columns,)
        Of each column: every category of every item but category 0.
    over_lowest : shape (nodes, columns)
        log P_category - log P_0.
    lowest : shape (nodes, items)
        log P_0.
    """

    item: Ints
    category: Ints
    over_lowest: Floats
    lowest: Floats

    @classmethod
    def of(cls, items: Items, nodes: Floats) -> "LikelihoodTable":
        """Tabulate a test; raises ValueError if nodes are not finite."""
        logs = log_probabilities(nodes, items)
        exists = np.arange(logs.shape[2]) < items.categories[:, None]
        logs = np.where(exists, np.maximum(logs, -1e4), 0.0)  # an asymptote of 1 is a wrong answer that cannot be
        logs = on_grid(logs, 2.0 * float(np.abs(logs).max(axis=2).sum(axis=1).max()) + 1.0)
        item, category = np.nonzero(exists[:, 1:])
        lowest = logs[:, :, 0]
        return cls(item, category + 1, logs[:, item, category + 1] - lowest[:, item], lowest)

    def of_answers(self, answers: Answers) -> Floats:
        """Compute the log-likelihood of checked answers of shape (persons, items); shape (nodes, persons)."""
        found: Floats = self.over_lowest @ self.indicators(answers).T
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
