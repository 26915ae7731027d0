"""What only scoring may see: keys, item parameters and recipes, named by their seal.

Imported by publishing and by the scoring worker, by nothing that a participant or an office user can reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, Session, mapped_column

from item_bank.columns import Moment, Sha256
from item_bank.item_keys import AnyItemKey, Name, Part, Positive, refuse_disorder
from item_bank.vault import VaultModel
from scoring_engine.ability import posterior
from scoring_engine.canonical import canonical, digest
from scoring_engine.curves.items import Item
from scoring_engine.recipes import recipe

Missing = Literal["ignored", "wrong"]


class Prior(Part, frozen=True):
    """What is believed of a person before the first answer: N(mean, sd)."""

    mean: float
    sd: Positive


class Norm(Part, frozen=True):
    """A frozen norm group that a scale is reported against."""

    name: Name
    mean: float
    sd: Positive


class Scale(Part, frozen=True):
    """One construct of a form; cuts, if it is reported in levels, are the borders between them.

    ``missing``, if given, overrides the recipe's rule for omitted answers on this scale.
    """

    construct: Name
    cuts: tuple[float, ...] | None = None
    missing: Missing | None = None
    estimator: recipe.Estimator = "eap"
    norm: Norm | None = None

    def __post_init__(self) -> None:
        """Refuse cuts that are not in order."""
        if self.cuts is not None:
            refuse_disorder("cuts", self.cuts)


class Composite(Part, frozen=True):
    """Constructs that are averaged into one; missing with fewer measured than ``least_measured``."""

    name: Name
    constructs: Annotated[tuple[Name, ...], Meta(min_length=1)]
    weights: tuple[Positive, ...]
    least_measured: Annotated[int, Meta(ge=1)]


class Recipe(Part, frozen=True):
    """How the responses to a form become scores."""

    name: Name
    version: Annotated[int, Meta(ge=1)]
    missing: Missing
    prior: Prior
    scales: Annotated[tuple[Scale, ...], Meta(min_length=1)]
    composites: tuple[Composite, ...] = ()

    def for_engine(self) -> recipe.Recipe:
        """Say the same to the scoring engine; refuses with ValueError what holds no recipe together."""
        return recipe.Recipe(
            name=self.name,
            version=self.version,
            scales=tuple(
                recipe.Scale(
                    one.construct, one.missing or self.missing, one.estimator, one.cuts,
                    None if one.norm is None else recipe.Norm(one.norm.name, one.norm.mean, one.norm.sd),
                )
                for one in self.scales
            ),
            prior=posterior.Prior(self.prior.mean, self.prior.sd),
            composites=tuple(recipe.Composite(**msgspec.structs.asdict(one)) for one in self.composites),
        )  # fmt: skip


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


ForScoring = tuple[dict[str, recipe.ItemKey], dict[str, Item | Sequence[recipe.Statement]], recipe.Recipe]


def for_scoring(key: Key) -> ForScoring:
    """Take a key apart into what each answer earns, the parameters of the items, and the recipe."""
    earns = {item.id: item.earns() for item in key.items}
    models = {item.id: item.model() for item in key.items}
    return earns, {name: model for name, model in models.items() if model is not None}, key.recipe.for_engine()


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
