"""What every object of a presentation is made of: no field that it does not name, and text that a database can keep."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}\Z")]
Code = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{1,59}\Z")]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")]
WITHOUT_NULL = r"^[^\x00]*\Z"
"""No column of text takes the null character."""
Text = Annotated[str, Meta(min_length=1, max_length=4000, pattern=WITHOUT_NULL)]
Title = Annotated[str, Meta(min_length=1, max_length=200, pattern=WITHOUT_NULL)]
Cell = Annotated[str, Meta(max_length=200, pattern=WITHOUT_NULL)]
Length = Annotated[int, Meta(ge=1, le=20_000)]
Percent = Annotated[float, Meta(ge=0, le=100)]


class Part(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Anything in a presentation: immutable, and without a place for what it does not name."""


class Worded(Part, frozen=True):
    """Something that can be chosen; its id is the item's own and says nothing about its place."""

    id: Id
    text: Text


class Table(Part, frozen=True):
    """Figures to read: a caption, the names of the columns, and rows whose first cell names them."""

    caption: Title
    head: Annotated[tuple[Cell, ...], Meta(min_length=2, max_length=10)]
    rows: Annotated[tuple[tuple[Cell, ...], ...], Meta(min_length=1, max_length=40)]

    def __post_init__(self) -> None:
        """Refuse rows that do not fit under the head."""
        if any(len(row) != len(self.head) for row in self.rows):
            raise ValueError(f"a row of the table has not {len(self.head)} cells as its head")


def refuse_twins(what: str, ids: Collection[str]) -> None:
    """Refuse ids of which one is there twice; raises ValueError."""
    if len(set(ids)) < len(ids):
        raise ValueError(f"two {what} have the same id; give each its own")
