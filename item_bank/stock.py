"""What the vault remembers of items: every version as it was written, its key apart from its words, and its life.

Rows are added and never changed. Where a version stands is what the newest of its events says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Integer, LargeBinary, Select, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from item_bank import life
from item_bank.bank import About, BankItem, kind_of
from item_bank.columns import Moment
from item_bank.item_keys import AnyItemKey
from item_bank.life import Act, Deed, State
from item_bank.presentation import AnyItem
from item_bank.vault import VaultModel, hold
from scoring_engine.canonical import canonical

MOST_NAMED = 500
"""Items that one statement asks for."""

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


class Superseded(ValueError):
    """Somebody else wrote a newer version of an item meanwhile; ``version`` is its number."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version} is newer")
        self.version = version


def write(
    db: Session, items: Sequence[BankItem], instrument: str, who: str, now: datetime, *, demonstration: bool,
    act: Act = Act.WRITE, note: str = "", base: int | None = None,
) -> list[Written]:  # fmt: skip
    """Write items as new versions, except those whose newest version says the same; refuses with life.NotNow.

    ``base`` is the version that was edited, 0 for none: refuses with Superseded if there is a newer one, but for a
    second click of who wrote that; anybody else could ask so whether they guessed its key. Content that comes in as
    operational leaves alone what was rewritten here, where three people review it.
    """
    state = life.begins(act, demonstration=demonstration)
    hold(db)
    newest = _newest_versions(db, [item.id for item in items])
    written, behind = list[Written](), list[VaultModel]()
    for item in items:
        face, key = (canonical(msgspec.to_builtins(part)) for part in (Face(item.words, item.about), item.key))
        before = newest.get(item.id, NOTHING)
        is_new = (before.face, before.key) != (face, key) and not (act is Act.ADMIT and before.is_ours)
        if base not in (None, before.version) and (is_new or before.author != who):
            raise Superseded(before.version)
        version = before.version + is_new
        written.append(Written(item.id, version, is_new))
        if is_new:
            db.add(_version(item, version, instrument, face, who, now, demonstration=demonstration))
            behind += [
                VersionKey(item_id=item.id, version=version, document=key),
                ItemEvent(
                    item_id=item.id, version=version, at=now, who=who, act=act.value, aspect="", note=note,
                    state=state.value,
                ),
            ]  # fmt: skip
    db.flush()  # what stands behind a version needs it to be there
    db.add_all(behind)
    db.flush()
    return written


def _version(
    item: BankItem, version: int, instrument: str, face: bytes, who: str, now: datetime, *, demonstration: bool
) -> ItemVersion:
    return ItemVersion(
        item_id=item.id, version=version, instrument=instrument, constructs=f" {' '.join(sorted(item.constructs))} ",
        kind=kind_of(item), facet=item.about.facet, topic=item.about.topic, demonstration=demonstration,
        searchable="\n".join(item.texts).lower(), face=face, author=who, written=now,
    )  # fmt: skip


class _Newest(NamedTuple):
    version: int
    face: bytes
    key: bytes
    author: str
    is_ours: bool


NOTHING = _Newest(0, b"", b"", "", is_ours=False)


def _newest_versions(db: Session, item_ids: Sequence[str]) -> dict[str, _Newest]:
    found: dict[str, _Newest] = {}
    for some in batched(item_ids, MOST_NAMED):
        wanted = (
            select(ItemVersion, VersionKey.document)
            .join(VersionKey, (VersionKey.item_id == ItemVersion.item_id) & (VersionKey.version == ItemVersion.version))
            .where(ItemVersion.item_id.in_(some)).order_by(ItemVersion.version)
        )  # fmt: skip
        found |= {
            row.item_id: _Newest(row.version, row.face, key, row.author, is_ours=not row.demonstration)
            for row, key in db.execute(wanted)
        }
    return found


def batched(names: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    """Divide names into as many as one statement may hold."""
    return (names[start : start + most] for start in range(0, len(names), most))


def record(
    db: Session, item_id: str, version: int, act: Act, who: str, now: datetime, aspect: str = "", note: str = ""
) -> State:
    """Record a step in a version's life and say where it led; refuses with life.NotNow."""
    history = [event.deed() for event in events(db, item_id, version)]
    state = life.after(history, act, who, aspect, authors(db, item_id, version))
    db.add(ItemEvent(
        item_id=item_id, version=version, at=now, who=who, act=act.value, aspect=aspect, note=note, state=state.value,
    ))  # fmt: skip
    db.flush()
    return state


def events(db: Session, item_id: str, version: int) -> Sequence[ItemEvent]:
    """Read what was done with a version, oldest first."""
    wanted = select(ItemEvent).where(ItemEvent.item_id == item_id, ItemEvent.version == version)
    return list(db.scalars(wanted.order_by(ItemEvent.event_no)))


def authors(db: Session, item_id: str, version: int) -> frozenset[str]:
    """Name who wrote a version and those before it."""
    wanted = select(ItemVersion.author).where(ItemVersion.item_id == item_id, ItemVersion.version <= version)
    return frozenset(db.scalars(wanted))


def key_of(db: Session, item_id: str, version: int) -> AnyItemKey:
    """Read the key of a version; whoever calls this has recorded why."""
    key: AnyItemKey = msgspec.json.decode(db.get_one(VersionKey, (item_id, version)).document, type=AnyItemKey)
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


def usable(db: Session, instrument: str) -> list[Stocked]:
    """Read with their keys the items that forms can be made of.

    Of each item that is the newest version that ever was operational, as long as it is: where that one was recalled or
    retired, an older one does not come back for it.
    """
    wanted = (
        _in_use().add_columns(VersionKey.document)
        .join(VersionKey, (VersionKey.item_id == ItemVersion.item_id) & (VersionKey.version == ItemVersion.version))
        .where(ItemVersion.instrument == instrument).order_by(ItemVersion.item_id)
    )  # fmt: skip
    return [stocked(row, key) for row, _state, key in db.execute(wanted)]


def answered(db: Session) -> dict[str, int]:
    """Give of each item the newest version that people can have answered: one that ever was in a pilot or in use."""
    rows = db.execute(_last_in((State.PILOT, State.OPERATIONAL)))
    return {item_id: version for item_id, version in rows}  # noqa: C416  # a Row is no pair to dict()


def out_of_use(db: Session, versions: Iterable[tuple[str, int]]) -> list[str]:
    """Name the items of these versions that forms cannot be made of any more, in that version."""
    wanted, stands = {*versions}, set[tuple[str, int]]()
    for some in batched(sorted({item_id for item_id, _version in wanted}), MOST_NAMED):
        rows = db.execute(_in_use().where(ItemVersion.item_id.in_(some)))
        stands |= {(row.item_id, row.version) for row, _state in rows}
    return sorted({item_id for item_id, _version in wanted - stands})


def _in_use() -> Select[ItemVersion, str]:
    last = _last_in((State.OPERATIONAL,)).subquery()
    return standing().join(
        last, (last.c.item_id == ItemVersion.item_id) & (last.c.version == ItemVersion.version)
    ).where(ItemEvent.state == State.OPERATIONAL.value)  # fmt: skip


def _last_in(states: Iterable[State]) -> Select[str, int]:
    """Select of each item the newest version that ever was in such a state."""
    return (
        select(ItemEvent.item_id, func.max(ItemEvent.version).label("version"))
        .where(ItemEvent.state.in_([state.value for state in states])).group_by(ItemEvent.item_id)
    )  # fmt: skip


def stocked(row: ItemVersion, key: bytes) -> Stocked:
    """Join a version with its key; whoever calls this has recorded why."""
    face = row.read()
    item = BankItem(face.words, msgspec.json.decode(key, type=AnyItemKey), face.about)
    return Stocked(item, row.version, row.instrument, row.demonstration)
