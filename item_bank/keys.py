"""What only scoring may see: keys, item parameters and recipes, named by their seal.

Imported by publishing and by the scoring worker, by nothing that a participant or an office user can reach.
"""

from __future__ import annotations

import math
from datetime import datetime
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, Session, mapped_column

from item_bank.columns import Moment, Sha256
from item_bank.vault import VaultModel
from scoring_engine.canonical import canonical, digest

Positive = Annotated[float, Meta(gt=0)]
Name = Annotated[str, Meta(min_length=1, max_length=60)]
Rationale = Annotated[str, Meta(min_length=10, max_length=1000)]
Missing = Literal["ignored", "wrong"]


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """Anything in a key: immutable, and without a place for what it does not name."""


class Prior(Part, frozen=True):
    """What is believed of a person before the first answer: N(mean, sd)."""

    mean: float
    sd: Positive


class Scale(Part, frozen=True):
    """One construct of a form; cuts, if it is reported in levels, are the borders between them.

    ``missing``, if given, overrides the recipe's rule for omitted answers on this scale.
    """

    construct: Name
    cuts: tuple[float, ...] | None = None
    missing: Missing | None = None

    def __post_init__(self) -> None:
        """Refuse cuts that are not in order."""
        if self.cuts is not None:
            _refuse_disorder("cuts", self.cuts)


class Recipe(Part, frozen=True):
    """How the responses to a form become scores."""

    name: Name
    version: Annotated[int, Meta(ge=1)]
    missing: Missing
    prior: Prior
    scales: Annotated[tuple[Scale, ...], Meta(min_length=1)]


class ItemKey(Part, frozen=True, tag_field="model"):
    """What scoring must know of one item; the rationale tells reviewers why each option counts as it does."""

    id: Name


class Graded(ItemKey, frozen=True, tag="grm", kw_only=True):
    """Graded options under the graded response model: a slope, and a border below each credit over 0."""

    construct: Name
    a: Positive
    b: Annotated[tuple[float, ...], Meta(min_length=1, max_length=9)]
    credit: dict[str, Annotated[int, Meta(ge=0)]]
    rationale: dict[str, Rationale]

    def __post_init__(self) -> None:
        """Refuse borders that are not in order, and a credit beyond the last border."""
        _refuse_disorder("b", self.b)
        if max(self.credit.values(), default=0) != len(self.b):
            raise ValueError(f"b has {len(self.b)} borders, so the best option must have credit {len(self.b)}")


class RightOrWrong(ItemKey, frozen=True, tag="2pl", kw_only=True):
    """Right and wrong options under the two-parameter logistic model."""

    construct: Name
    a: Positive
    b: float
    credit: dict[str, Annotated[int, Meta(ge=0, le=1)]]
    rationale: dict[str, Rationale]

    def __post_init__(self) -> None:
        """Refuse a key that tells nobody from anybody."""
        if set(self.credit.values()) != {0, 1}:
            raise ValueError("some option must have credit 1 and some other credit 0")


class Statement(Part, frozen=True):
    """One statement of a forced choice: utility = mean + loading * trait + error of variance psi."""

    loading: float
    mean: float
    psi: Positive


class Preferred(ItemKey, frozen=True, tag="thurstone", kw_only=True):
    """A block of statements of which one fits most and one least, under the Thurstonian model."""

    construct: Name
    statements: dict[str, Statement]
    rationale: dict[str, Rationale]


class Ranked(ItemKey, frozen=True, tag="ipsative", kw_only=True):
    """A block whose statements each speak for one construct; ``repeats`` names the block it asks again."""

    statements: dict[str, Name]
    repeats: Name | None = None
    rationale: dict[str, Rationale]


AnyItemKey = Graded | RightOrWrong | Preferred | Ranked


class Key(Part, frozen=True):
    """The key of one form. Its nonce makes the hash say nothing: a short key is guessed from a bare hash."""

    schema: Literal["proasn/key/1"]
    nonce: Annotated[str, Meta(pattern=r"^([0-9a-f]{2}){16,64}\Z")]
    parameters: Literal["assumed", "calibrated"]
    recipe: Recipe
    items: Annotated[tuple[AnyItemKey, ...], Meta(min_length=1)]


class AnswerKey(VaultModel):
    """A sealed key: its canonical bytes under their hash, never changed."""

    __tablename__ = "answer_key"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012  # SQLAlchemy reads it as it stands

    key_seal: Mapped[Sha256] = mapped_column(primary_key=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    created: Mapped[Moment]


class NoSuchKey(LookupError):
    """The vault holds no key under this seal."""


class BrokenSeal(Exception):
    """A key in the vault is not what was sealed; nothing may be scored with it."""


def parse(content: bytes) -> Key:
    """Read a key; refuses with ValueError, naming the place, whatever is not one."""
    return msgspec.json.decode(content, type=Key)


def write(key: Key) -> bytes:
    """Write a key in its one form."""
    return canonical(msgspec.to_builtins(key))


def seal(key: Key) -> str:
    """Name a key without telling it."""
    return digest(write(key))


def keep(vault_db: Session, key: Key, now: datetime) -> str:
    """Put a key into the vault and give its seal; a key that is there already stays as it is."""
    key_seal = seal(key)
    if vault_db.get(AnswerKey, key_seal) is None:
        vault_db.add(AnswerKey(key_seal=key_seal, document=write(key), created=now))
    return key_seal


def key_of(vault_db: Session, key_seal: str) -> Key:
    """Fetch the key under a seal; refuses with NoSuchKey, or with BrokenSeal if one byte has changed."""
    row = vault_db.get(AnswerKey, key_seal, populate_existing=True)
    if row is None:
        raise NoSuchKey(f"the vault holds no key with the seal {key_seal}")
    if digest(row.document) != key_seal:
        raise BrokenSeal(f"the key under the seal {key_seal} was changed after it was sealed")
    return parse(row.document)


def _refuse_disorder(name: str, borders: tuple[float, ...]) -> None:
    if not all(math.isfinite(border) for border in borders):
        raise ValueError(f"{name} must be finite numbers")
    if any(left >= right for left, right in pairwise(borders)):
        raise ValueError(f"{name} must rise from one to the next")
