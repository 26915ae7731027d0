"""What is known of a sitting: its parts, their time, who holds it; queries ask for what proves the right to look."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Row, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import Session, selectinload

from assessment_app.exam.models import Attempt, Consent, Sheet, Sitting, TimeEntry
from assessment_app.exam.queries import held
from assessment_app.exam.refusals import NotStarted
from assessment_app.exam.rules import (
    ACCOMMODATION,
    BASE,
    Phase,
    Window,
    is_forgotten,
    milliseconds,
    seal_wait_ms,
)
from assessment_app.platform.db import scoped
from assessment_app.platform.errors import NotFound, NotSignedIn
from assessment_app.scheduling.models import Accommodation, Booking, ExamSession, Form, Wave, WithdrawnForm
from assessment_app.scheduling.rules import Hours


def sitting_of_booking(db: Session, booking_id: UUID) -> Sitting | None:
    """Find and lock the sitting of a booking."""
    return db.scalar(select(Sitting).where(Sitting.booking_id == booking_id).with_for_update(of=Sitting))


def sitting(db: Session, sitting_id: int) -> Sitting:
    """Give a sitting with its attempts and their ledgers; refuses with NotSignedIn when there is none."""
    wanted = select(Sitting).where(Sitting.sitting_id == sitting_id).options(
        selectinload(Sitting.attempts).joinedload(Attempt.ledger),
        selectinload(Sitting.attempts).joinedload(Attempt.sheet).defer(Sheet.body),
        selectinload(Sitting.attempts).joinedload(Attempt.form).defer(Form.presentation),
    )  # fmt: skip
    found = db.scalar(wanted)
    if found is None:
        raise NotSignedIn
    return found


def attempt(found: Sitting, n: int) -> Attempt:
    """Give a sitting's attempt by its number; another sitting's attempt does not exist."""
    for one in found.attempts:
        if one.n == n:
            return one
    raise NotFound(f"bagian {n}")


def grace_ms(db: Session, wave_id: UUID) -> int:
    """Give the grace of a wave."""
    return db.execute(select(Wave.grace_ms).where(Wave.wave_id == wave_id)).scalar_one()


def window(one: Attempt, grace: int, paused: held.Pause | None = None) -> Window:
    """Gather the facts that an attempt's phase follows from."""
    allowed = sum(entry.ms for entry in one.ledger)
    sealed = one.sheet.sealed if one.sheet else None
    return Window(one.opened, allowed, grace, one.finished, sealed, one.form.withdrawal is not None,
                  paused.since if paused else None)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One part of a sitting, with what its phase follows from; ``extra_ms`` of its time was granted before.

    Of the sheet there is nothing, an empty hash and zero answers, before it is sealed.
    """

    attempt_id: int
    n: int
    form_id: str
    key_seal: str
    title: str
    instrument: str
    items: int
    base_ms: int
    extra_ms: int
    window: Window
    sheet_sha256: str
    answered: int


@dataclass(frozen=True)
class Facts:
    """All that decides what a participant may do now."""

    sitting_id: int
    epoch: int
    wave_id: UUID
    booking_id: UUID
    hours: Hours
    has_consented: bool
    is_locked: bool
    paused: datetime | None
    was_granted: bool
    parts: Sequence[Part]

    def part(self, n: int) -> Part:
        """Give a part by its number; refuses with NotFound."""
        for one in self.parts:
            if one.n == n:
                return one
        raise NotFound(f"bagian {n}")

    @property
    def is_held(self) -> bool:
        """Tell whether a proctor lets nothing be written: it is locked or paused, and not all of it is sealed.

        Of what is sealed whole nothing is left to hold: whoever sat it gets to the receipt.
        """
        return (self.is_locked or self.paused is not None) and not self.is_sealed

    @property
    def has_begun(self) -> bool:
        """Tell whether any part was ever started."""
        return any(one.window.opened is not None for one in self.parts)

    @property
    def is_sealed(self) -> bool:
        """Tell whether all that there will ever be of this sitting is sealed: no answer can count any more."""
        return all(one.window.is_final for one in self.parts)

    def seal_wait_ms(self, now: datetime) -> int | None:
        """Say how long until all of this sitting is sealed; none while a part is left to work in, 0 once it is."""
        waits = [seal_wait_ms(one.window, now) for one in self.parts]
        return max((wait for wait in waits if wait is not None), default=0) if None not in waits else None


SITTING = "sitting:"
"""What the trail writes before the number of a sitting."""


def names_in_trail(db: Session, agency_id: UUID | None, subjects: Collection[str]) -> dict[str, str]:
    """Name who sits a sitting that the trail speaks of, of one agency or, without one, of all."""
    numbers = [one.removeprefix(SITTING) for one in subjects if one.startswith(SITTING)]
    wanted = (
        select(Sitting.sitting_id, Booking.name).join(Booking, Booking.booking_id == Sitting.booking_id)
        .where(Sitting.sitting_id.in_([int(number) for number in numbers if number.isdecimal()]))
    )  # fmt: skip
    rows = db.execute(scoped(wanted, Sitting.agency_id, agency_id))
    return {f"{SITTING}{sitting_id}": name for sitting_id, name in rows}


def hold(db: Session, sitting_id: int) -> None:
    """Let nobody else change a sitting in this transaction; what is read afterwards is as the others left it."""
    db.execute(_HOLD, {"sitting_id": sitting_id})


_HOLD = (
    select(Sitting.sitting_id).where(Sitting.sitting_id == bindparam("sitting_id", type_=BigInteger)).with_for_update()
)
"""Made once, as whatever a whole lab asks at the same time."""


def of(db: Session, sitting_id: int) -> Facts:
    """Read a sitting in one statement, because a whole lab starts at once; refuses with NotSignedIn."""
    rows = db.execute(_FACTS, {"sitting_id": sitting_id}).all()
    if not rows:
        raise NotSignedIn
    first = rows[0]
    hours = Hours(first.starts, first.ends, first.checkin_minutes)
    return Facts(
        sitting_id, first.epoch, first.wave_id, first.booking_id, hours, first.has_consented, bool(first.is_locked),
        first.paused, first.was_granted, [_part(row) for row in rows],
    )  # fmt: skip


def _part(row: Row[Any]) -> Part:
    window = Window(
        row.opened, int(row.allowed_ms), row.grace_ms, row.finished, row.sealed, row.withdrawn is not None, row.paused
    )  # fmt: skip
    return Part(
        row.attempt_id, row.n, row.form_id, row.key_seal, row.title, row.instrument, row.items, int(row.base_ms),
        int(row.extra_ms), window, row.sha256 or "", row.answered or 0,
    )  # fmt: skip


def _facts() -> Select[Any]:
    asked = bindparam("sitting_id", type_=BigInteger)

    def entries(*kinds: str) -> ScalarSelect[Any]:
        own = TimeEntry.attempt_id == Attempt.attempt_id
        kept = (own, TimeEntry.kind.in_(kinds)) if kinds else (own,)
        return select(func.coalesce(func.sum(TimeEntry.ms), 0)).where(*kept).scalar_subquery()

    to_this = Consent.sitting_id == asked, Consent.version == Wave.consent_version, Consent.accepted
    consented = select(Consent.sitting_id).where(*to_this).exists()
    granted = select(Accommodation.n).where(Accommodation.booking_id == Sitting.booking_id).exists()
    return (
        select(
            Sitting.epoch, Sitting.wave_id, Sitting.booking_id, ExamSession.starts, ExamSession.ends,
            ExamSession.checkin_minutes, Wave.grace_ms, consented.label("has_consented"),
            held.is_locked(asked).label("is_locked"), held.paused_since(asked).label("paused"),
            granted.label("was_granted"), Attempt.attempt_id, Attempt.n, Attempt.form_id, Attempt.opened,
            Attempt.finished, Form.key_seal, Form.title, Form.instrument, Form.items,
            entries().label("allowed_ms"), entries(BASE).label("base_ms"), entries(ACCOMMODATION).label("extra_ms"),
            Sheet.sealed, Sheet.sha256, Sheet.answered, WithdrawnForm.form_id.label("withdrawn"),
        )
        .join(Wave, Wave.wave_id == Sitting.wave_id).join(Booking, Booking.booking_id == Sitting.booking_id)
        .join(ExamSession, ExamSession.session_id == Booking.session_id)
        .join(Attempt, Attempt.sitting_id == Sitting.sitting_id).join(Form, Form.form_id == Attempt.form_id)
        .outerjoin(Sheet, Sheet.attempt_id == Attempt.attempt_id)
        .outerjoin(WithdrawnForm, WithdrawnForm.form_id == Attempt.form_id)
        .where(Sitting.sitting_id == asked).order_by(Attempt.n)
    )  # fmt: skip


_FACTS = _facts()


def finished_by_form(db: Session) -> dict[str, int]:
    """Count the sealed sheets of each form: how often its items were seen to the end."""
    rows = db.execute(select(Sheet.form_id, func.count()).group_by(Sheet.form_id))
    return {form_id: number for form_id, number in rows}  # noqa: C416  # a Row is no pair to dict()


def sittings_going_without(db: Session, form_id: str) -> list[int]:
    """Name the sittings that have sealed something and never began a form."""
    without = select(Attempt.sitting_id).where(Attempt.form_id == form_id, Attempt.opened.is_(None))
    sealed = select(Attempt.sitting_id).join(Sheet, Sheet.attempt_id == Attempt.attempt_id)
    wanted = select(Sitting.sitting_id).where(Sitting.sitting_id.in_(without), Sitting.sitting_id.in_(sealed))
    return list(db.scalars(wanted.order_by(Sitting.sitting_id)))


def time_by_kind(db: Session, attempt_id: int) -> dict[str, int]:
    """Sum the milliseconds of an attempt's ledger by the kind of its entries."""
    sums = select(TimeEntry.kind, func.sum(TimeEntry.ms)).where(TimeEntry.attempt_id == attempt_id)
    return {kind: int(ms) for kind, ms in db.execute(sums.group_by(TimeEntry.kind).order_by(TimeEntry.kind))}


def attempts_of(db: Session, sitting_id: int) -> list[tuple[int, int, str]]:
    """List (n, attempt_id, form_id) of a sitting: facts that never change."""
    wanted = select(Attempt.n, Attempt.attempt_id, Attempt.form_id).where(Attempt.sitting_id == sitting_id)
    return [(n, attempt_id, form_id) for n, attempt_id, form_id in db.execute(wanted)]


def opened_ms(db: Session, attempt_id: int) -> int:
    """Give when an attempt was opened, a fact that never changes; refuses with NotStarted before."""
    opened = db.scalar(select(Attempt.opened).where(Attempt.attempt_id == attempt_id))
    if opened is None:
        raise NotStarted
    return milliseconds(opened)


def is_overdue(db: Session, sitting_id: int, n: int, now: datetime) -> bool:
    """Tell whether an attempt's time and grace ran out without a finish; asked again while its sitting is held."""
    found = of(db, sitting_id)
    window = found.part(n).window
    stands_still = found.paused is not None and not is_forgotten(found.paused, now)
    ended = window.finished is None and replace(window, paused=None).phase(now) is Phase.CLOSED
    return ended and not stands_still


def overdue(db: Session, now: datetime) -> list[tuple[int, int, int]]:
    """List (sitting_id, n, attempt_id) of the attempts whose time and grace ran out without a finish.

    One query for all of them: a province has twenty thousand attempts open at the same time.
    """
    of_it = TimeEntry.attempt_id == Attempt.attempt_id
    allowed = select(func.coalesce(func.sum(TimeEntry.ms), 0)).where(of_it).scalar_subquery()
    open_ones = (
        select(Attempt.sitting_id, Attempt.n, Attempt.attempt_id, Attempt.opened, allowed, Wave.grace_ms)
        .join(Sitting, Sitting.sitting_id == Attempt.sitting_id).join(Wave, Wave.wave_id == Sitting.wave_id)
        .where(Attempt.opened.is_not(None), Attempt.finished.is_(None)).order_by(Attempt.attempt_id)
    )  # fmt: skip
    over = [
        (sitting_id, n, attempt_id) for sitting_id, n, attempt_id, opened, ms, grace in db.execute(open_ones)
        if Window(opened, int(ms), grace).phase(now) is Phase.CLOSED
    ]  # fmt: skip
    pauses = held.of(db, {sitting_id for sitting_id, _n, _attempt_id in over}).paused
    still = {sitting_id for sitting_id, pause in pauses.items() if not is_forgotten(pause.since, now)}
    return [one for one in over if one[0] not in still]
