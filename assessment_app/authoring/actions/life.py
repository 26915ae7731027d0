"""What is done with items: written, reviewed, put to use, retired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Actor, Role, may_enter
from assessment_app.authoring.actions.trail import record
from assessment_app.authoring.messages.asked import NewStep, Note
from assessment_app.authoring.messages.words import REFUSALS
from assessment_app.authoring.queries import forms, items
from assessment_app.platform.errors import Conflict, Forbidden, Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from item_bank import bank, calibrations, stock
from item_bank.bank import BankItem, Stock
from item_bank.calibrations import Estimate, NewCalibration, Version
from item_bank.item_keys import AnyItemKey
from item_bank.life import Act, NotNow, State
from item_bank.stock import Superseded, Written

CODE_IS_TAKEN = mark("Kode butir itu sudah ada di bank soal. Pilih kode lain.")
NEWER_VERSION = mark(
    "Orang lain menyimpan versi %(version)s sementara Anda menyunting. Salin perubahan Anda, lalu sunting versi itu."
)

PSYCHOMETRICIANS_ACTS = frozenset({Act.APPROVE, Act.PILOT, Act.OPERATE, Act.RECALL, Act.REINSTATE, Act.RETIRE})
"""What needs a psychometrician; everything else is for authors too."""


def write(
    db: Session, item: BankItem, instrument: str, by: Actor, now: datetime, note: str = "", base: int = 0
) -> Written:  # fmt: skip
    """Write an item as a new version, a draft of its own. Safe to repeat: the same words and key are one version.

    ``base`` is the version that was edited; refuses with Conflict if somebody wrote a newer one meanwhile.
    """
    try:
        (written,) = stock.write(db, [item], instrument, by.name, now, demonstration=False, note=note, base=base)
    except Superseded as error:
        said = CODE_IS_TAKEN if not base else NEWER_VERSION
        raise Conflict(_(said, version=error.version)) from error
    if written.is_new:
        record(db, "item.write", items.subject(item.id, written.version), by, now, note)
    return written


def take_in_all(db: Session, stocks: Sequence[Stock], source: str, by: Actor, now: datetime) -> int:
    """Take all items of a file in, or none; tells how many versions are new. Refuses with Invalid, which says why."""
    known = items.ids(db)
    for one in stocks:
        if problems := "\n".join(bank.problems_of(one.items, one.instrument, known)):
            raise Invalid(problems)
    return sum(take_in(db, one, source, by, now) for one in stocks)


def take_in(db: Session, items_of_file: Stock, source: str, by: Actor, now: datetime) -> int:
    """Take the items of a file in, one row of the trail for all; tells how many versions are new.

    Demonstration content comes in as operational, as it was reviewed where it comes from; everything else as drafts.
    """
    act = Act.ADMIT if items_of_file.demonstration else Act.WRITE
    written = stock.write(
        db, items_of_file.items, items_of_file.instrument, by.name, now, demonstration=items_of_file.demonstration,
        act=act, note=source,
    )  # fmt: skip
    new = sum(one.is_new for one in written)
    if new:
        detail: dict[str, object] = {"items": new, "demonstration": items_of_file.demonstration}
        record(db, "item.import", f"instrument:{items_of_file.instrument}", by, now, source, detail)
    return new


def tell_export(db: Session, instrument: str, count: int, by: Actor, now: datetime) -> None:
    """Record that the keys of items were read to be written into a package."""
    record(db, "item_key.export", f"instrument:{instrument}", by, now, "", {"items": count})


def keep_calibration(
    db: Session, new: NewCalibration, estimates: Mapping[Version, Estimate], keys: Mapping[Version, AnyItemKey],
    by: Actor, now: datetime,
) -> bool:  # fmt: skip
    """Keep a calibration and record it; tells whether it was new. Refuses with CalibrationRefused."""
    is_new = calibrations.keep(db, new, estimates, keys, by.name, now)
    if is_new:
        record(db, "calibration.keep", f"calibration:{new.name}", by, now, new.sample, {"items": len(estimates)})
    return is_new


def open_for_editing(db: Session, item_id: str, version: int, by: Actor, now: datetime) -> BankItem:
    """Give an item with its key to who writes its next version, and record the reading."""
    face = items.version(db, item_id, version).read()
    record(db, forms.READ_TO_EDIT, items.subject(item_id, version), by, now, "menulis versi baru")
    return BankItem(face.words, stock.key_of(db, item_id, version), face.about)


def take(
    db: Session, item_id: str, version: int, step: NewStep, by: Actor, roles: Sequence[Role], now: datetime
) -> State:  # fmt: skip
    """Take a step in the life of a version and record it. A double click changes nothing.

    Refuses with NotFound, with Forbidden what needs a psychometrician, with Invalid without the note that some steps
    need, with Conflict when the step cannot be taken now.
    """
    if step.act in PSYCHOMETRICIANS_ACTS and not may_enter(roles, [Role.PSYCHOMETRICIAN]):
        raise Forbidden("Langkah ini dilakukan oleh psikometrikus.")
    _require(step.note)
    items.lock_version(db, item_id, version)
    last = stock.events(db, item_id, version)[-1]
    if (last.act, last.aspect, last.who) == (step.act.value, step.aspect, by.name) and step.act is not Act.COMMENT:
        return State(last.state)
    try:
        state = stock.record(db, item_id, version, step.act, by.name, now, step.aspect, step.note.text)
    except NotNow as error:
        raise Conflict(REFUSALS[error.reason]) from error
    record(db, f"item.{step.act.value}", items.subject(item_id, version), by, now, step.note.text)
    return state


def _require(note: Note) -> None:
    if note.fault:
        raise Invalid(note.fault)
