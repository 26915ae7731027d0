"""What can be seen of the vault: forms without their keys, and keys as they look once an action opened them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment_app.accounts.models import StaffAccount
from assessment_app.authoring.messages import ShownItem, shown
from assessment_app.authoring.rules import ItemCurve, Peak, peak_of
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.errors import NotFound
from item_bank import presentation
from item_bank.forms import PublishedForm
from item_bank.instruments import INSTRUMENTS
from item_bank.item_keys import (
    AnyItemKey,
    Graded,
    Performed,
    Preferred,
    Quantity,
    Ranked,
    Rated,
    RightOrWrong,
    Selected,
    Sequenced,
)
from item_bank.keys import Key
from item_bank.presentation import Presentation

PAGE = 50
READ_KEY, READ_PARAMETERS = "item_key.read", "form_parameters.read"
_FORM_ID = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Form:
    """A published form with its words; its key is named by the seal and stays closed."""

    form_id: str
    key_seal: str
    published: datetime
    words: Presentation

    @property
    def short_id(self) -> str:
        """Give as much of the name as people need to tell two forms apart."""
        return self.form_id[:10]

    @property
    def instrument_name(self) -> str:
        """Name what the form measures."""
        return INSTRUMENTS[self.words.instrument].name

    @property
    def items(self) -> tuple[ShownItem, ...]:
        """Give the items as a participant sees them."""
        return shown(self.words)

    def item(self, item_id: str) -> ShownItem:
        """Find an item; refuses with NotFound."""
        found = next((item for item in self.items if item.item_id == item_id), None)
        if found is None:
            raise NotFound("Formulir ini tidak memuat butir itu.")
        return found


def _form(row: PublishedForm) -> Form:
    return Form(row.form_id, row.key_seal, row.published, presentation.parse(row.document))


def forms(db: Session, page: int) -> tuple[list[Form], int]:
    """Read one page of the published forms, newest first, and count them all."""
    wanted = select(PublishedForm).order_by(PublishedForm.published.desc(), PublishedForm.form_id)
    rows = db.scalars(wanted.limit(PAGE).offset((page - 1) * PAGE))
    return [_form(row) for row in rows], db.scalar(select(func.count()).select_from(PublishedForm)) or 0


def forms_coded(db: Session, code: str) -> list[Form]:
    """Read the published forms with a code, newest first."""
    wanted = select(PublishedForm).where(PublishedForm.code == code).order_by(PublishedForm.published.desc())
    return [_form(row) for row in db.scalars(wanted)]


def form(db: Session, form_id: str) -> Form:
    """Read a published form; refuses with NotFound, also for what is no name of a form."""
    row = db.get(PublishedForm, form_id) if _FORM_ID.fullmatch(form_id) else None
    if row is None:
        raise NotFound("Formulir itu tidak ada di bank soal.")
    return _form(row)


def item_subject(form_id: str, item_id: str) -> str:
    """Name an item in the audit trail."""
    return f"item:{form_id}/{item_id}"


def form_subject(form_id: str) -> str:
    """Name a form in the audit trail."""
    return f"form:{form_id}"


@dataclass(frozen=True)
class Reading:
    """Who opened a key, when and why."""

    at: datetime
    who: str
    reason: str


def readings_of_item(db: Session, form_id: str, item_id: str, limit: int = 5) -> list[Reading]:
    """Read who last opened the key of an item, newest first."""
    return _readings(db, READ_KEY, item_subject(form_id, item_id), limit)


def readings_of_parameters(db: Session, form_id: str, limit: int = 5) -> list[Reading]:
    """Read who last opened the parameters of a form, newest first."""
    return _readings(db, READ_PARAMETERS, form_subject(form_id), limit)


def _readings(db: Session, action: str, subject: str, limit: int) -> list[Reading]:
    wanted = select(AuditEntry).where(AuditEntry.action == action, AuditEntry.subject == subject)
    entries = list(db.scalars(wanted.order_by(AuditEntry.entry_no.desc()).limit(limit)))
    ids = {UUID(entry.actor.removeprefix("account:")) for entry in entries if entry.actor.startswith("account:")}
    rows = db.execute(select(StaffAccount.account_id, StaffAccount.full_name).where(StaffAccount.account_id.in_(ids)))
    names = {f"account:{account_id}": name for account_id, name in rows}
    return [Reading(entry.at, names.get(entry.actor, entry.actor), entry.reason) for entry in entries]


@dataclass(frozen=True)
class OptionKey:
    """What an option counts for and why; what a model does not have is none or empty."""

    rationale: str
    credit: int | None = None
    is_best: bool = False
    statement: tuple[tuple[str, float], ...] = ()
    construct: str = ""
    place: int | None = None


@dataclass(frozen=True)
class ItemParameters:
    """What scoring knows of an item apart from its options."""

    item_id: str
    model: str
    construct: str
    construct_name: str
    curve: ItemCurve | None = None
    loadings: tuple[float, ...] = ()
    repeats: str = ""

    @property
    def peak(self) -> Peak | None:
        """Tell where the item tells most; nothing for a block of statements, which has no curve of its own."""
        return peak_of(self.curve) if self.curve else None


def _model(key: AnyItemKey) -> str:
    return str(key.__struct_config__.tag)


def parameters_of(key: AnyItemKey, instrument: str) -> ItemParameters:
    """Arrange the parameters of an item for a page."""
    names = INSTRUMENTS[instrument].constructs
    match key:
        case Preferred():
            loadings = tuple(statement.loading for statement in key.statements.values())
            return ItemParameters(key.id, _model(key), key.construct, names[key.construct], loadings=loadings)
        case Ranked():
            return ItemParameters(key.id, _model(key), "", ", ".join(names.values()), repeats=key.repeats or "")
        case _:
            curve = ItemCurve(key.a, key.borders)
            return ItemParameters(key.id, _model(key), key.construct, names[key.construct], curve)


def options_of(key: AnyItemKey, instrument: str) -> dict[str, OptionKey]:
    """Arrange what each option of an item counts for, with the author's reason."""
    reasons = key.rationale
    match key:
        case Graded() | RightOrWrong():
            best = max(key.credit.values())
            return {name: OptionKey(reasons[name], worth, worth == best) for name, worth in key.credit.items()}
        case Preferred():
            return {
                name: OptionKey(reasons[name], statement=tuple(msgspec.structs.asdict(of).items()))
                for name, of in key.statements.items()
            }
        case Ranked():
            names = INSTRUMENTS[instrument].constructs
            return {name: OptionKey(reasons[name], construct=names[code]) for name, code in key.statements.items()}
        case Selected():
            return {name: OptionKey(why, is_best=name in key.right) for name, why in reasons.items()}
        case Sequenced():
            return {name: OptionKey(reasons[name], place=place) for place, name in enumerate(key.right, start=1)}
        case Performed():
            needed = {step for way in key.ways for step in way.taken}
            return {name: OptionKey(why, is_best=name in needed) for name, why in reasons.items()}
        case Quantity() | Rated():
            return {name: OptionKey(why) for name, why in reasons.items()}


@dataclass(frozen=True)
class OpenedItem:
    """The key of one item, opened for somebody who said why."""

    parameters: ItemParameters
    options: dict[str, OptionKey]
    is_calibrated: bool

    @classmethod
    def of(cls, key: Key, item: AnyItemKey, instrument: str) -> OpenedItem:
        """Arrange what a key says of one of its items."""
        return cls(parameters_of(item, instrument), options_of(item, instrument), key.parameters == "calibrated")


@dataclass(frozen=True)
class OpenedForm:
    """The parameters of all items of a form, opened for somebody who said why."""

    items: tuple[ItemParameters, ...]
    recipe: str
    constructs: int
    is_calibrated: bool

    @classmethod
    def of(cls, key: Key, instrument: str) -> OpenedForm:
        """Arrange a key without what its options count for: a psychometrician's table does not need it."""
        items = tuple(parameters_of(item, instrument) for item in key.items)
        recipe = f"{key.recipe.name} {key.recipe.version}"
        return cls(items, recipe, len(key.recipe.scales), key.parameters == "calibrated")

    def with_curve(self, item_id: str) -> ItemParameters | None:
        """Find an item that has a curve: the one asked for, else the first."""
        drawn = [item for item in self.items if item.curve]
        return next((item for item in drawn if item.item_id == item_id), drawn[0] if drawn else None)

    def beside(self, chosen: ItemParameters) -> list[ItemCurve]:
        """Collect the curves of the other items of the same construct."""
        same = [item for item in self.items if item.construct == chosen.construct and item is not chosen]
        return [item.curve for item in same if item.curve]
