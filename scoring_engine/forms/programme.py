"""A mixed integer programme over items and forms, built row by row and solved by HiGHS."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array

from scoring_engine.responses import Bools, Floats, Ints

BINARY, REAL = 1, 0


class Programme:
    """Variables x_fj, 1 where item j stands on form f, and what else rows need.

    Takes the numbers of items and forms, and what each item costs on a form, shape (items,), where that is not 0. The
    variables of form f are f * items to (f + 1) * items - 1.
    """

    def __init__(self, items: int, forms: int, cost: Floats | None = None) -> None:
        self.items, self.forms = items, forms
        self._cost, self._kind, self._low, self._high = ([value] * (items * forms) for value in (0.0, BINARY, 0.0, 1.0))
        if cost is not None:
            self._cost = [*cost] * forms
        self._where: list[Ints] = []
        self._amount: list[Floats] = []
        self._bounds: list[tuple[float, float]] = []

    def add_variable(self, cost: float = 0.0, kind: int = REAL, low: float = 0.0, high: float = np.inf) -> int:
        """Add a variable that is not an item on a form, and return its number."""
        for of_all, its_own in zip(
            (self._cost, self._kind, self._low, self._high), (cost, kind, low, high), strict=True
        ):
            of_all.append(its_own)
        return len(self._cost) - 1

    def on_form(self, form: int, items: Sequence[int] | Ints) -> Ints:
        """Number the variables of some items on a form; takes and returns shape (items,)."""
        return form * self.items + np.asarray(items, dtype=np.int64)

    def add_row(self, where: Sequence[int] | Ints, amount: Sequence[float] | Floats, low: float, high: float) -> None:
        """Demand low <= sum of amount * variable <= high; `where` and `amount` have one length."""
        self._where.append(np.asarray(where, dtype=np.int64))
        self._amount.append(np.asarray(amount, dtype=np.float64))
        self._bounds.append((low, high))

    def solve(self, seconds: float, gap: float) -> OptimizeResult:
        """Minimise the cost; returns what scipy.optimize.milp does, within the time and the relative gap given.

        Raises ValueError for a time that is not above 0 or a gap below 0, which the solver would leave out in silence.
        """
        if not (seconds > 0 and gap >= 0):
            raise ValueError(f"solving takes more than 0 seconds and a gap from 0, not {seconds} and {gap}")
        ends = np.cumsum([0, *map(len, self._where)])
        shape = (len(self._bounds), len(self._cost))
        rows = csr_array((np.concatenate(self._amount), np.concatenate(self._where), ends), shape=shape)
        low, high = np.array(self._bounds).T
        return milp(
            np.array(self._cost),
            integrality=np.array(self._kind),
            bounds=Bounds(np.array(self._low), np.array(self._high)),
            constraints=LinearConstraint(rows, low, high),
            options={"time_limit": seconds, "mip_rel_gap": gap},
        )

    def chosen(self, solution: Floats) -> Bools:
        """Round the items of each form, shape (forms, items)."""
        on_forms = np.rint(solution[: self.items * self.forms]).astype(np.bool_)
        return on_forms.reshape(self.forms, self.items)
