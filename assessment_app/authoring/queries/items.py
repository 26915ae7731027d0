"""What can be seen of items in stock: lists, one version with its life, what others know of it; no keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from assessment_app.authoring.messages.asked import ItemFilter
from assessment_app.authoring.messages.shown import ShownItem
from assessment_app.authoring.queries.forms import READ_TO_EDIT
from assessment_app.authoring.queries.people import Names, names_in
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.errors import Forbidden, NotFound
from item_bank import calibrations, life, stock
from item_bank.calibrations import Calibration, Estimate
from item_bank.forms import FormExposure, FormItem, PublishedForm
from item_bank.instruments import INSTRUMENTS
from item_bank.life import Act, Aspect, State
from item_bank.stock import Face, ItemEvent, ItemVersion, Stocked, VersionKey

PAGE = 60
LAST_VERSION = 2**31 - 1
"""No database takes a larger number where versions are numbered."""


def subject(item_id: str, version: int) -> str:
    """Name a version in the audit trail."""
    return f"item:{item_id}/{version}"


@dataclass(frozen=True)
class Line:
    """One version in a list."""

    item_id: str
    version: int
    topic: str
    kind: str
    state: State
    instrument: str
    demonstration: bool


def lines(db: Session, wanted: ItemFilter, who: str) -> tuple[list[Line], int]:
    """List one page of the newest versions that a filter lets through, and count them all."""
    last = _newest().subquery()
    found = stock.standing().join(
        last, (last.c.item_id == ItemVersion.item_id) & (last.c.version == ItemVersion.version)
    )
    if wanted.instrument:
        found = found.where(ItemVersion.instrument == wanted.instrument)
    if wanted.construct:
        found = found.where(ItemVersion.constructs.contains(f" {wanted.construct} ", autoescape=True))
    if wanted.state:
        found = found.where(ItemEvent.state == wanted.state)
    if wanted.mine_to_review:
        mine = select(ItemEvent.item_id, ItemEvent.version).where(
            ItemEvent.who == who, ItemEvent.act == Act.REVIEW.value
        ).subquery()  # fmt: skip
        of_mine = (mine.c.item_id == ItemVersion.item_id) & (mine.c.version == ItemVersion.version)
        written = select(ItemVersion.item_id).where(ItemVersion.author == who)
        found = found.where(
            ItemEvent.state == State.IN_REVIEW.value, ItemVersion.item_id.not_in(written),
            ~select(mine).where(of_mine).exists(),
        )  # fmt: skip
    for word in wanted.words:
        found = found.where(
            ItemVersion.searchable.contains(word, autoescape=True) | ItemVersion.item_id.contains(word, autoescape=True)
            | func.lower(ItemVersion.topic).contains(word, autoescape=True)
        )  # fmt: skip
    total = db.scalar(select(func.count()).select_from(found.subquery())) or 0
    page = found.order_by(ItemVersion.item_id).limit(PAGE).offset((wanted.page - 1) * PAGE)
    return [
        Line(row.item_id, row.version, row.topic, row.kind, State(state), row.instrument, row.demonstration)
        for row, state in db.execute(page)
    ], total


def version(db: Session, item_id: str, number: int) -> ItemVersion:
    """Give a version; refuses with NotFound, also for what can be no number of a version."""
    return _version(db, item_id, number, locked=False)


def base(db: Session, item_id: str, number: int, who: str) -> ItemVersion:
    """Give the version that somebody edits; refuses with NotFound, and with Forbidden who has not opened it for that.

    What is saved is compared with the key in stock, and who may ask that without a trace could guess the key.
    """
    found = version(db, item_id, number)
    opened = select(AuditEntry.entry_no).where(
        AuditEntry.action == READ_TO_EDIT, AuditEntry.subject == subject(item_id, number), AuditEntry.actor == who
    )  # fmt: skip
    if db.scalar(opened.limit(1)) is None:
        raise Forbidden("Buka butir ini lewat tombol Buat versi lebih dahulu.")
    return found


def lock_version(db: Session, item_id: str, number: int) -> ItemVersion:
    """Hold a version, so that of two who take a step one comes after the other; refuses with NotFound."""
    return _version(db, item_id, number, locked=True)


def _version(db: Session, item_id: str, number: int, *, locked: bool) -> ItemVersion:
    can_be = 0 < number <= LAST_VERSION
    found = db.get(ItemVersion, (item_id, number), with_for_update=locked) if can_be else None
    if found is None:
        raise NotFound("Versi butir itu tidak ada di bank soal.")
    return found


def with_keys(db: Session) -> list[tuple[Stocked, State]]:
    """Give the newest version of every item with its key and state; whoever calls this has a shell on the vault."""
    last = _newest().subquery()
    wanted = (
        stock.standing().add_columns(VersionKey.document)
        .join(last, (last.c.item_id == ItemVersion.item_id) & (last.c.version == ItemVersion.version))
        .join(VersionKey, (VersionKey.item_id == ItemVersion.item_id) & (VersionKey.version == ItemVersion.version))
        .order_by(ItemVersion.item_id)
    )  # fmt: skip
    return [(stock.stocked(row, key), State(state)) for row, state, key in db.execute(wanted)]


def _newest() -> Select[str, int]:
    """Select the number of the newest version of every item."""
    return select(ItemVersion.item_id, func.max(ItemVersion.version).label("version")).group_by(ItemVersion.item_id)


def ids(db: Session) -> frozenset[str]:
    """Name all items in stock."""
    return frozenset(db.scalars(select(ItemVersion.item_id).distinct()))


def newest(db: Session, item_id: str) -> int:
    """Give the number of the newest version of an item; refuses with NotFound."""
    found = db.scalar(select(func.max(ItemVersion.version)).where(ItemVersion.item_id == item_id))
    if found is None:
        raise NotFound("Butir itu tidak ada di bank soal.")
    return found


@dataclass(frozen=True)
class Use:
    """A published form that an item stands on."""

    form_id: str
    code: str
    version: int
    attempts: int


@dataclass(frozen=True)
class Lived:
    """One entry of a version's history, with the name of the person."""

    at: datetime
    who: str
    act: Act
    aspect: str
    note: str


@dataclass(frozen=True)
class ItemView:
    """One version of an item, with all that may be shown of it while its key is closed."""

    row: ItemVersion
    face: Face
    shown: ShownItem
    state: State
    history: Sequence[Lived]
    versions: Sequence[int]
    uses: Sequence[Use]
    estimates: Sequence[tuple[Calibration, Estimate]]
    open_acts: Sequence[Act]
    open_aspects: Sequence[Aspect]
    passed: Sequence[str]

    @property
    def instrument_name(self) -> str:
        """Name what the item is for."""
        return INSTRUMENTS[self.row.instrument].name

    @property
    def construct_names(self) -> list[str]:
        """Name what the item measures."""
        names = INSTRUMENTS[self.row.instrument].constructs
        return [names[code] for code in self.row.constructs.split()]

    @property
    def attempts(self) -> int:
        """Count how often forms with this item were finished."""
        return sum(use.attempts for use in self.uses)


def view(db: Session, item_id: str, number: int, who: str) -> ItemView:
    """Read a version for the person who looks at it; refuses with NotFound."""
    row = version(db, item_id, number)
    events = stock.events(db, item_id, number)
    history = [event.deed() for event in events]
    names = names_in(db, [event.who for event in events])
    face = row.read()
    authors = stock.authors(db, item_id, number)
    versions = list(db.scalars(select(ItemVersion.version).where(ItemVersion.item_id == item_id)))
    return ItemView(
        row, face, ShownItem(1, face.words), history[-1].state, [_lived(event, names) for event in reversed(events)],
        sorted(versions, reverse=True), _uses(db, item_id), calibrations.estimates_of(db, item_id, number),
        life.open_acts(history, who, authors), life.open_aspects(history, who, authors),
        [deed.aspect for deed in history if deed.act is Act.REVIEW],
    )  # fmt: skip


def beside(db: Session, row: ItemVersion) -> list[Line]:
    """List the items that measure the same, for the way from one to the next."""
    wanted = ItemFilter(instrument=row.instrument, construct=row.constructs.split()[0])
    return lines(db, wanted, "")[0]


def _lived(event: ItemEvent, names: Names) -> Lived:
    return Lived(event.at, names[event.who], Act(event.act), event.aspect, event.note)


def _uses(db: Session, item_id: str) -> list[Use]:
    wanted = (
        select(FormItem.form_id, PublishedForm.code, FormItem.version, FormExposure.attempts)
        .join(PublishedForm, PublishedForm.form_id == FormItem.form_id)
        .outerjoin(FormExposure, FormExposure.form_id == FormItem.form_id)
        .where(FormItem.item_id == item_id).order_by(PublishedForm.published.desc(), PublishedForm.code)
    )  # fmt: skip
    return [Use(form_id, code, number, attempts or 0) for form_id, code, number, attempts in db.execute(wanted)]


def counts(db: Session) -> dict[str, int]:
    """Count the newest versions by state."""
    last = _newest().subquery()
    found = stock.standing().join(
        last, (last.c.item_id == ItemVersion.item_id) & (last.c.version == ItemVersion.version)
    ).subquery()  # fmt: skip
    rows = db.execute(select(found.c.state, func.count()).group_by(found.c.state))
    return {str(state): int(number) for state, number in rows}
