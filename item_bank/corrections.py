"""Another key for a form that is out: its words and its first key stay as they are, the corrected one stands beside.

Two people, as for a form: one proposes, another approves and so signs. A correction names the key that it was made
from, so corrections of a form are a chain, and of two that were made from one key the second is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from item_bank import calibrations, drafts, keys, presentation
from item_bank.columns import Moment, Sha256
from item_bank.drafts import Draft
from item_bank.forms import FormItem, PublishedForm
from item_bank.item_keys import AnyItemKey, RightOrWrong
from item_bank.keys import Key
from item_bank.signing import Signer
from item_bank.vault import VaultModel, hold

Parameters = Literal["assumed", "calibrated"]


class KeyCorrection(VaultModel):
    """A corrected key as somebody proposed it. Only an approved one is among the answer keys."""

    __tablename__ = "key_correction"
    __table_args__ = {"info": {"append_only": True}}  # noqa: RUF012  # SQLAlchemy reads it as it stands

    correction_id: Mapped[UUID] = mapped_column(primary_key=True)
    form_id: Mapped[Sha256] = mapped_column(ForeignKey("published_form.form_id"), index=True)
    replaces: Mapped[Sha256]  # the seal of the key that it was made from
    key_seal: Mapped[Sha256]
    document: Mapped[bytes] = mapped_column(LargeBinary)  # the whole key, sealed by its nonce already
    calibration: Mapped[str] = mapped_column(String(60))  # whose parameters it took; empty where none
    reason: Mapped[str] = mapped_column(Text)  # goes with the result, so it tells no answer
    who: Mapped[str] = mapped_column(String(120))
    made: Mapped[Moment]


class CorrectionDecision(VaultModel):
    """What became of a proposed correction: approved and signed, and then which of its form it is; or sent back."""

    __tablename__ = "correction_decision"
    __table_args__ = (
        UniqueConstraint("form_id", "n"),
        CheckConstraint("(n IS NULL) = (signature IS NULL)", name="approved_is_signed"),
        {"info": {"append_only": True}},
    )

    correction_id: Mapped[UUID] = mapped_column(ForeignKey("key_correction.correction_id"), primary_key=True)
    form_id: Mapped[Sha256] = mapped_column(ForeignKey("published_form.form_id"))
    n: Mapped[int | None]  # 1 is the first correction of a form
    at: Mapped[Moment]
    who: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text)
    public_key: Mapped[str | None] = mapped_column(String(64))
    signature: Mapped[str | None] = mapped_column(String(128))


class OwnCorrection(ValueError):
    """Whoever proposed a correction cannot approve it."""


class Decided(ValueError):
    """A correction that was decided on already."""


class Outdated(ValueError):
    """Another correction of the form was approved since: this one was made from a key that is not the newest."""


class Unchanged(ValueError):
    """A correction that corrects nothing."""


class Misfit(ValueError):
    """What is corrected is no item of the form, or would make another item of it; the message names it."""


def newest(db: Session, form_id: str) -> str:
    """Give the seal of the key that a form's newest approved correction made, or of its first key."""
    wanted = (
        select(KeyCorrection.key_seal)
        .join(CorrectionDecision, CorrectionDecision.correction_id == KeyCorrection.correction_id)
        .where(KeyCorrection.form_id == form_id, CorrectionDecision.n.is_not(None))
    )
    found = db.scalar(wanted.order_by(CorrectionDecision.n.desc()).limit(1))
    return found or db.get_one(PublishedForm, form_id).key_seal


def with_right(db: Session, form_id: str, item_id: str, option: str) -> dict[str, AnyItemKey]:
    """Make another option the one right answer of an item; refuses with Misfit where there is no single one."""
    key = next((one for one in keys.key_of(db, newest(db, form_id)).items if one.id == item_id), None)
    if not isinstance(key, RightOrWrong) or option not in key.credit:
        raise Misfit(item_id)
    return {item_id: msgspec.structs.replace(key, credit={name: int(name == option) for name in key.credit})}


def read_keys(content: bytes) -> dict[str, AnyItemKey]:
    """Read item keys from a file, a JSON list of them; refuses with ValueError, naming the place, whatever is none."""
    return {key.id: key for key in msgspec.json.decode(content, type=tuple[AnyItemKey, ...])}


def corrected(db: Session, form_id: str, changed: Mapping[str, AnyItemKey], calibration: str = "") -> Draft:
    """Put corrected item keys, and the parameters of a calibration, into the newest key of a form.

    A calibration speaks for the items that it has estimates of. Refuses with Misfit an item that the form does not
    have, another kind of key and another construct (that would be another form), with Unchanged what corrects
    nothing, and with drafts.DraftRefused what does not fit the words.
    """
    before = keys.key_of(db, newest(db, form_id))
    known = {key.id: key for key in before.items}
    for name, key in changed.items():
        if name not in known or key.id != name or type(key) is not type(known[name]):
            raise Misfit(name)
        if key.constructs != known[name].constructs:
            raise Misfit(name)
    after = [changed.get(key.id, key) for key in before.items]
    parameters = before.parameters
    if calibration:
        after, parameters = _calibrated(db, form_id, after, calibration, parameters)
    draft = Draft(
        presentation.parse(db.get_one(PublishedForm, form_id).document), parameters, before.recipe, tuple(after)
    )
    draft = drafts.parse(drafts.write(draft), "correction")
    if (draft.keys, draft.parameters) == (before.items, before.parameters):
        raise Unchanged
    return draft


def _calibrated(
    db: Session, form_id: str, items: Sequence[AnyItemKey], calibration: str, before: Parameters
) -> tuple[list[AnyItemKey], Parameters]:  # fmt: skip
    named = calibrations.named(db, calibration)
    if named is None:
        raise Misfit(calibration)
    told = calibrations.estimates(db, calibration)
    mine = {
        item.item_id: told.get((item.item_id, item.version))
        for item in db.scalars(select(FormItem).where(FormItem.form_id == form_id))
    }
    anew = [calibrations.calibrated(key, mine.get(key.id)) for key in items]
    is_whole = all(mine.get(key.id) is not None for key in items) and named.source == "calibrated"
    return anew, "calibrated" if is_whole else before


def propose(
    db: Session, form_id: str, draft: Draft, reason: str, who: str, nonce: bytes, now: datetime, calibration: str = ""
) -> KeyCorrection:  # fmt: skip
    """Keep a corrected key until a second person decides. The nonce is 16 to 64 random bytes."""
    key = keys.parse(keys.write(Key("proasn/key/1", nonce.hex(), draft.parameters, draft.recipe, draft.keys)))
    row = KeyCorrection(
        correction_id=uuid4(), form_id=form_id, replaces=newest(db, form_id), key_seal=keys.seal(key),
        document=keys.write(key), calibration=calibration, reason=reason, who=who, made=now,
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row


def approve(db: Session, correction_id: UUID, who: str, signer: Signer, now: datetime) -> CorrectionDecision:
    """Put a corrected key into the vault in a second person's name, signed with what it replaces.

    Safe to repeat: what was approved is given again. Refuses with OwnCorrection, with Decided what was sent back, with
    Outdated what was made from a key that is not the newest any more.
    """
    hold(db)
    row = db.get_one(KeyCorrection, correction_id, with_for_update=True)
    decision = db.get(CorrectionDecision, correction_id)
    if decision is not None:
        if decision.n is None:
            raise Decided
        return decision
    if row.who == who:
        raise OwnCorrection
    if row.replaces != newest(db, row.form_id):
        raise Outdated
    keys.keep(db, keys.parse(row.document), now)
    signature = signer.sign_correction(row.form_id, row.replaces, row.key_seal)
    decision = CorrectionDecision(
        correction_id=correction_id, form_id=row.form_id, n=1 + len(approved(db, row.form_id)), at=now, who=who,
        reason="", public_key=signature.public_key, signature=signature.signature,
    )  # fmt: skip
    db.add(decision)
    db.flush()
    return decision


def send_back(db: Session, correction_id: UUID, who: str, reason: str, now: datetime) -> None:
    """Decide that a correction does not become a key; who made it may take it back so. Refuses with Decided."""
    row = db.get_one(KeyCorrection, correction_id, with_for_update=True)
    if db.get(CorrectionDecision, correction_id) is not None:
        raise Decided
    db.add(CorrectionDecision(correction_id=correction_id, form_id=row.form_id, at=now, who=who, reason=reason))
    db.flush()


def approved(
    db: Session, form_id: str | None = None, known: Collection[str] = ()
) -> list[tuple[KeyCorrection, CorrectionDecision]]:
    """List the approved corrections in their order, of one form or of all, without those whose seal is known."""
    wanted = (
        select(KeyCorrection, CorrectionDecision)
        .join(CorrectionDecision, CorrectionDecision.correction_id == KeyCorrection.correction_id)
        .where(CorrectionDecision.n.is_not(None), KeyCorrection.key_seal.not_in(known))
    )
    if form_id is not None:
        wanted = wanted.where(KeyCorrection.form_id == form_id)
    rows = db.execute(wanted.order_by(CorrectionDecision.form_id, CorrectionDecision.n))
    return [(row, decision) for row, decision in rows]
