"""What the vault remembers of items: every version as it was written, its key apart from its words, and its life.

Rows are added and never changed. Where a version stands is what the newest of its events says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Integer, LargeBinary, Select, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from item_bank import life
from item_bank.bank import About, BankItem, kind_of
from item_bank.columns import Moment
from item_bank.item_keys import AnyItemKey
from item_bank.life import Act, Deed, State
from item_bank.presentation import AnyItem
from item_bank.vault import VaultModel
from scoring_engine.canonical import canonical

Serial = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in an INTEGER key."""


class Face(msgspec.Struct, frozen=True):
    """An item without its key: what participants will see, and what it is for."""

    words: AnyItem
    about: About


class ItemVersion(VaultModel):
    """One version of an item, without its key."""

    __tablename__ = "item_version"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012  # SQLAlchemy reads it as it stands

    item_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    instrument: Mapped[str] = mapped_column(String(40), index=True)
    constructs: Mapped[str] = mapped_column(String(300))  # codes with a space before and after each
    kind: Mapped[str] = mapped_column(String(20))
    facet: Mapped[str] = mapped_column(String(60))
    topic: Mapped[str] = mapped_column(String(80))
    demonstration: Mapped[bool]
    searchable: Mapped[str] = mapped_column(Text)  # all that a participant reads, in small letters
    face: Mapped[bytes] = mapped_column(LargeBinary)
    author: Mapped[str] = mapped_column(String(120))
    written: Mapped[Moment]

    def read(self) -> Face:
        """Read what participants will see and what the item is for."""
        return msgspec.json.decode(self.face, type=Face)


class VersionKey(VaultModel):
    """The key of a version: opened for who says why, and by assembly and publishing."""

    __tablename__ = "item_version_key"
    __table_args__ = (
        ForeignKeyConstraint(["item_id", "version"], ["item_version.item_id", "item_version.version"]),
        {"info": {"append_only": True}},
    )

    item_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[bytes] = mapped_column(LargeBinary)


class ItemEvent(VaultModel):
    """Something that was done with a version, and the state it led to."""

    __tablename__ = "item_event"
    __table_args__ = (
        ForeignKeyConstraint(["item_id", "version"], ["item_version.item_id", "item_version.version"]),
        Index("ix_item_event_version", "item_id", "version"),
        {"info": {"append_only": True}},
    )

    event_no: Mapped[int] = mapped_column(Serial, primary_key=True)
    item_id: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    at: Mapped[Moment]
    who: Mapped[str] = mapped_column(String(120))
    act: Mapped[str] = mapped_column(String(20))
    aspect: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))

    def deed(self) -> Deed:
        """Say the same to the rules of an item's life."""
        return Deed(Act(self.act), self.who, State(self.state), self.aspect)


@dataclass(frozen=True)
class Written:
    """A version that was asked for, and whether it is new: the same words and key twice are one version."""

    item_id: str
    version: int
    is_new: bool


@dataclass(frozen=True)
class Stocked:
    """A version with its key, as assembly needs it."""

    item: BankItem
    version: int
    instrument: str
    demonstration: bool


def write(
    db: Session, item: BankItem, instrument: str, who: str, now: datetime, *, demonstration: bool,
    act: Act = Act.WRITE, note: str = "",
) -> Written:  # fmt: skip
    """Write an item as a new version, unless its newest version says the same already; refuses with life.NotNow."""
    state = life.begins(act, demonstration=demonstration)
    face, key = canonical(msgspec.to_builtins(Face(item.words, item.about))), canonical(msgspec.to_builtins(item.key))
    newest = newest_version(db, item.id)
    if newest is not None and newest.face == face and key_document(db, item.id, newest.version) == key:
        return Written(item.id, newest.version, is_new=False)
    version = 1 if newest is None else newest.version + 1
    db.add(ItemVersion(
        item_id=item.id, version=version, instrument=instrument, constructs=f" {' '.join(sorted(item.constructs))} ",
        kind=kind_of(item), facet=item.about.facet, topic=item.about.topic, demonstration=demonstration,
        searchable="\n".join(item.texts).lower(), face=face, author=who, written=now,
    ))  # fmt: skip
    db.flush()
    db.add(VersionKey(item_id=item.id, version=version, document=key))
    db.add(ItemEvent(
        item_id=item.id, version=version, at=now, who=who, act=act.value, aspect="", note=note, state=state.value,
    ))  # fmt: skip
    db.flush()
    return Written(item.id, version, is_new=True)


def record(
    db: Session, item_id: str, version: int, act: Act, who: str, now: datetime, aspect: str = "", note: str = ""
) -> State:
    """Record a step in a version's life and say where it led; refuses with life.NotNow."""
    state = life.after([event.deed() for event in events(db, item_id, version)], act, who, aspect)
    db.add(ItemEvent(
        item_id=item_id, version=version, at=now, who=who, act=act.value, aspect=aspect, note=note, state=state.value,
    ))  # fmt: skip
    db.flush()
    return state


def newest_version(db: Session, item_id: str) -> ItemVersion | None:
    """Find the newest version of an item, and hold it, so that of two who write one comes after the other."""
    wanted = select(ItemVersion).where(ItemVersion.item_id == item_id).order_by(ItemVersion.version.desc())
    return db.scalars(wanted.limit(1).with_for_update()).first()


def events(db: Session, item_id: str, version: int) -> Sequence[ItemEvent]:
    """Read what was done with a version, oldest first."""
    wanted = select(ItemEvent).where(ItemEvent.item_id == item_id, ItemEvent.version == version)
    return list(db.scalars(wanted.order_by(ItemEvent.event_no)))


def key_document(db: Session, item_id: str, version: int) -> bytes:
    """Read the key of a version as it is kept; whoever calls this has recorded why."""
    return db.get_one(VersionKey, (item_id, version)).document


def key_of(db: Session, item_id: str, version: int) -> AnyItemKey:
    """Read the key of a version; whoever calls this has recorded why."""
    key: AnyItemKey = msgspec.json.decode(key_document(db, item_id, version), type=AnyItemKey)
    return key


def standing() -> Select[ItemVersion, str]:
    """Select every version with the state that its newest event led to."""
    newest = (
        select(ItemEvent.item_id, ItemEvent.version, func.max(ItemEvent.event_no).label("event_no"))
        .group_by(ItemEvent.item_id, ItemEvent.version).subquery()
    )  # fmt: skip
    return (
        select(ItemVersion, ItemEvent.state)
        .join(newest, (newest.c.item_id == ItemVersion.item_id) & (newest.c.version == ItemVersion.version))
        .join(ItemEvent, ItemEvent.event_no == newest.c.event_no)
    )


def usable(db: Session, instrument: str, states: Iterable[State] = (State.OPERATIONAL,)) -> list[Stocked]:
    """Read with their keys the items that forms can be made of: of each the newest version that is in such a state."""
    wanted = (
        standing().add_columns(VersionKey.document)
        .join(VersionKey, (VersionKey.item_id == ItemVersion.item_id) & (VersionKey.version == ItemVersion.version))
        .where(ItemVersion.instrument == instrument, ItemEvent.state.in_([state.value for state in states]))
        .order_by(ItemVersion.item_id, ItemVersion.version)
    )  # fmt: skip
    newest = {row.item_id: (row, key) for row, _state, key in db.execute(wanted)}
    return [_stocked(row, key) for row, key in newest.values()]


def _stocked(row: ItemVersion, key: bytes) -> Stocked:
    face = row.read()
    item = BankItem(face.words, msgspec.json.decode(key, type=AnyItemKey), face.about)
    return Stocked(item, row.version, row.instrument, row.demonstration)
