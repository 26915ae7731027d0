"""A program played on the page: screens with rows and buttons, and steps that lead from one to the next.

What stands on the screen follows from the steps taken and from nothing else, so a reload, another computer and a
reviewer see the same. Which steps were right is not here: the key says that, in the vault.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from item_bank.parts import Cell, Id, Part, Text, Title, Worded, refuse_twins

Look = Literal["mail", "dialog", "sheet", "passwords", "chat", "page"]
Mark = Literal["plain", "strong", "alert", "mine"]


class Step(Worded, frozen=True):
    """Something that can be done: the words of its button, the screen that follows, and what the program then says."""

    to: Id | None = None
    says: Text | None = None


class Row(Part, frozen=True):
    """A line of a screen; with a step, the line itself can be chosen."""

    cells: Annotated[tuple[Cell, ...], Meta(min_length=1, max_length=8)]
    step: Id | None = None
    mark: Mark = "plain"


class Screen(Part, frozen=True):
    """What is seen at one time: a title, rows under their column names, and buttons."""

    id: Id
    look: Look
    title: Title
    rows: Annotated[tuple[Row, ...], Meta(max_length=40)] = ()
    head: Annotated[tuple[Cell, ...], Meta(max_length=8)] = ()
    steps: Annotated[tuple[Id, ...], Meta(max_length=12)] = ()

    @property
    def offered(self) -> set[str]:
        """Name the steps that can be taken here."""
        return {*self.steps, *(row.step for row in self.rows if row.step is not None)}


Steps = Annotated[tuple[Step, ...], Meta(min_length=1, max_length=60)]
Screens = Annotated[tuple[Screen, ...], Meta(min_length=1, max_length=20)]


def refuse_broken(screens: Screens, steps: Steps) -> None:
    """Refuse with ValueError screens and steps that do not join: twins, strangers, what nobody can reach."""
    names, ids = [screen.id for screen in screens], [step.id for step in steps]
    refuse_twins("screens", names)
    refuse_twins("steps", ids)
    offered = set().union(*(screen.offered for screen in screens))
    for stranger in sorted(offered - set(ids)):
        raise ValueError(f"a screen offers the step '{stranger}', which is not there; add it or correct the name")
    for hidden in sorted(set(ids) - offered):
        raise ValueError(f"no screen offers the step '{hidden}'; put it on one or remove it")
    for stranger in sorted({step.to for step in steps if step.to is not None} - set(names)):
        raise ValueError(f"a step leads to the screen '{stranger}', which is not there; add it or correct the name")
    for lost in sorted(set(names) - _reached(screens, steps)):
        raise ValueError(f"no step leads to the screen '{lost}'; add one or remove the screen")


def _reached(screens: Screens, steps: Steps) -> set[str]:
    """Name the screens that can be come to from the first."""
    follows = {step.id: step.to for step in steps}
    offers = {screen.id: screen.offered for screen in screens}
    reached, waiting = set[str](), [screens[0].id]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting += [to for step in offers[here] if (to := follows[step]) is not None]
    return reached
