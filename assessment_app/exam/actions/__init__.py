"""What a participant can do, and what the sweep does when a browser never comes back.

Truth is the exam store. The gate beside the answers mirrors what a save must know; it is written after the truth, by
``mirror``, and can be made anew from it at any time. Closing goes the other way round: first the gate, so that no
answer can arrive any more, then the sheet is folded from what arrived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, insert, literal, select, update
from sqlalchemy.orm import Session

from assessment_app.exam import rules
from assessment_app.exam.actions import events
from assessment_app.exam.actions.owners import owned_sitting
from assessment_app.exam.messages import ConsentGiven, Finish, SignIn
from assessment_app.exam.models import Attempt, Consent, Gate, Sheet, Sitting, TimeEntry
from assessment_app.exam.queries import facts, held, saved
from assessment_app.exam.refusals import (
    Locked,
    NoConsent,
    NotBooked,
    NotSealedYet,
    Paused,
    SittingElsewhere,
    Unsaved,
    Withdrawn,
    WrongNipOrPin,
)
from assessment_app.exam.rules import Owner, Secrets
from assessment_app.platform import queue
from assessment_app.platform.db import UtcDateTime, insert_new
from assessment_app.platform.errors import Closed, Conflict, TooEarly
from assessment_app.platform.safe_exam_browser import Proof
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.models import BatteryPart, Booking, Wave
from assessment_app.scheduling.rules import Door, Hours, pin, pin_matches
from scoring_engine.canonical import canonical, digest


def sign_in(db: Session, wanted: SignIn, secrets: Secrets, now: datetime, proofs: Sequence[Proof] = ()) -> Sitting:
    """Check NIP and PIN, and take or keep the device's ownership of the sitting.

    Safe to repeat from the same device. A sitting that a proctor released belongs to the first device that asks.
    Once all of it is sealed any device gets to the receipt: nothing is left that two could write, and none takes it.
    ``proofs`` are what may show that this is Safe Exam Browser. Refuses with WrongNipOrPin, NotBooked, TooEarly,
    Closed, OtherBrowser, Locked, Paused, SittingElsewhere or, after all time and before the seal, NotSealedYet.
    """
    booking = _booking(db, wanted.digits, wanted.pin, secrets.pin, now)
    note = rules.SAFE_BROWSER if plans.proves_browser(db, booking.wave_id, proofs) else ""
    sitting = facts.sitting_of_booking(db, booking.booking_id)
    if sitting is None:
        sitting = _first_sign_in(db, booking, wanted.device, now)
    holds = held.of(db, [sitting.sitting_id])
    if (holds.locked or holds.paused) and facts.of(db, sitting.sitting_id).is_held:
        raise Locked if holds.locked else Paused
    follow_needs(db, sitting.sitting_id, sitting.booking_id, now)
    if sitting.device == rules.NO_DEVICE:
        sitting.device = wanted.device
        events.note(db, sitting.sitting_id, "move", now, note)
        return sitting
    if sitting.device != wanted.device and (wait := facts.of(db, sitting.sitting_id).seal_wait_ms(now)) != 0:
        raise SittingElsewhere if wait is None else NotSealedYet(retry_after_s=-(-wait // 1000), retry_after_ms=wait)
    events.note(db, sitting.sitting_id, "sign-in", now, note)
    return sitting


def _booking(db: Session, nip: str, typed: str, secret: bytes, now: datetime) -> Booking:
    for booking, session in plans.bookings_of(db, nip):
        if pin_matches(typed, pin(secret, session.session_id, session.pin_round)):
            _check_door(session.hours, now)
            return booking
    for session in plans.sessions_now(db, now):
        if pin_matches(typed, pin(secret, session.session_id, session.pin_round)):
            raise NotBooked
    raise WrongNipOrPin


def _check_door(hours: Hours, now: datetime) -> None:
    door = hours.door(now)
    if door is Door.NOT_YET:
        wait = rules.milliseconds(hours.opens) - rules.milliseconds(now)
        raise TooEarly(retry_after_s=-(-wait // 1000), retry_after_ms=wait)
    if door is Door.OVER:
        raise Closed("Sesi ini sudah selesai.")


def _first_sign_in(db: Session, booking: Booking, device: str, now: datetime) -> Sitting:
    """Make a booking's sitting with its attempts. Of two browsers that come first together one makes it."""
    is_ours = insert_new(
        db, Sitting, agency_id=booking.agency_id, booking_id=booking.booking_id, wave_id=booking.wave_id, epoch=1,
        device=device, signed_in=now,
    )  # fmt: skip
    sitting = facts.sitting_of_booking(db, booking.booking_id)
    assert sitting is not None
    if is_ours:
        _give_parts(db, sitting, now)
    return sitting


def _give_parts(db: Session, sitting: Sitting, now: datetime) -> None:
    """Make a sitting's attempts and their base time in two statements: row by row a sign-in took a third longer."""
    parts = select(literal(sitting.sitting_id), BatteryPart.n, BatteryPart.form_id)
    db.execute(insert(Attempt).from_select(
        ["sitting_id", "n", "form_id"], parts.where(BatteryPart.wave_id == sitting.wave_id).order_by(BatteryPart.n)
    ))  # fmt: skip
    base = (
        select(Attempt.attempt_id, literal(rules.BASE), BatteryPart.time_limit_ms, literal("system"),
               literal("battery"), literal(now, UtcDateTime))
        .join(BatteryPart, and_(BatteryPart.wave_id == sitting.wave_id, BatteryPart.n == Attempt.n))
        .where(Attempt.sitting_id == sitting.sitting_id).order_by(Attempt.n)
    )  # fmt: skip
    db.execute(insert(TimeEntry).from_select(["attempt_id", "kind", "ms", "by", "reason", "at"], base))


def follow_needs(db: Session, sitting_id: int, booking_id: UUID, now: datetime) -> None:
    """Make the ledgers of a sitting add up to what was granted, by entries, while nothing is begun. Safe to repeat.

    Called wherever a grant may have been missed: one that is written while somebody signs in sees no sitting yet.
    """
    if (granted := plans.who_granted_time(db, booking_id)) is None:
        return
    found = facts.of(db, sitting_id)
    if found.has_begun:
        return
    by, n = granted
    needs = plans.needs(db, [booking_id])[booking_id]
    for one in found.parts:
        missing = needs.extra_ms(one.base_ms) - one.extra_ms
        if missing:
            db.add(TimeEntry(attempt_id=one.attempt_id, kind=rules.ACCOMMODATION, ms=missing, by=by,
                             reason=f"accommodation {n}", at=now))  # fmt: skip
    db.flush()


def consent(db: Session, owner: Owner, given: ConsentGiven, now: datetime) -> None:
    """Keep the answer to one version of pact and notice; who refused may still accept, and both stay.

    Refuses with Conflict another version than is asked for now, and with SittingElsewhere.
    """
    sitting = owned_sitting(db, owner)
    asked = db.get_one(Wave, sitting.wave_id).consent_version
    if given.version != asked:
        raise Conflict("Pakta dan pemberitahuan sudah diperbarui. Baca lalu setujui yang sekarang.")
    if insert_new(db, Consent, sitting_id=owner.sitting_id, version=given.version, accepted=given.accepted, at=now):
        events.note(
            db, owner.sitting_id, "consent", now, f"{given.version} {'accepted' if given.accepted else 'refused'}"
        )


def start(db: Session, owner: Owner, n: int, now: datetime) -> tuple[facts.Part, bool]:
    """Open an attempt; a second call finds it open with the same deadline. Tells whether it is new, its window whole.

    Refuses with SittingElsewhere, NoConsent, Closed when the attempt or the session is over, or Conflict while an
    earlier part is still being worked on.
    """
    found = owned_sitting(db, owner)
    if not found.has_consented:
        raise NoConsent
    part = found.part(n)
    earlier = [other.window.phase(now) for other in found.parts if other.n < n]
    if any(phase in (rules.Phase.WAITING, rules.Phase.OPEN) for phase in earlier):
        raise Conflict("Selesaikan bagian sebelumnya lebih dahulu.")
    if part.window.opened is not None:
        if part.window.phase(now) not in (rules.Phase.OPEN, rules.Phase.GRACE):
            raise Closed
        return part, False
    if part.window.withdrawn:
        raise Withdrawn
    _check_door(found.hours, now)
    if found.was_granted:
        follow_needs(db, owner.sitting_id, found.booking_id, now)
    db.execute(update(Attempt).where(Attempt.attempt_id == part.attempt_id).values(opened=now))
    events.note(db, owner.sitting_id, "start", now, str(n))
    return replace(part, window=replace(part.window, opened=now)), not found.was_granted


def mirror(answers: Session, attempt_id: int, epoch: int, window: rules.Window) -> None:
    """Write an opened attempt's gate beside the answers. Safe to repeat.

    What comes late does no harm: a closed gate never opens again, an epoch never goes back. A negative epoch is the
    owner's while the sitting is locked; of the same epoch, what is written later counts.
    """
    if window.deadline is not None and not make_gate(answers, attempt_id, epoch, window):
        _follow(answers.get_one(Gate, attempt_id, with_for_update=True), epoch, window)


def _follow(gate: Gate, epoch: int, window: rules.Window) -> None:
    assert window.deadline is not None
    gate.epoch = epoch if abs(epoch) >= abs(gate.epoch) else gate.epoch
    gate.deadline_ms, gate.grace_ms = rules.milliseconds(window.deadline), window.grace_ms
    gate.closed = gate.closed or window.finished is not None


def make_gate(answers: Session, attempt_id: int, epoch: int, window: rules.Window) -> bool:
    """Make an opened attempt's gate where there is none; tells whether it did, so that nothing was answered before.

    Whoever changes the truth later finds this gate and makes it follow; who came first has made it, and it stays.
    """
    assert window.deadline is not None
    return insert_new(
        answers, Gate, attempt_id=attempt_id, epoch=epoch, deadline_ms=rules.milliseconds(window.deadline),
        grace_ms=window.grace_ms, closed=window.finished is not None,
    )  # fmt: skip


def open_gate(answers: Session, db: Session, sitting_id: int, attempt_id: int) -> rules.Window:
    """Make an attempt's gate follow the truth as it is now. Safe to repeat.

    Locks the gate first and reads the truth second: of two who do so, the one that writes later has also read later.
    """
    gate = answers.get(Gate, attempt_id, with_for_update=True)
    found = facts.of(db, sitting_id)
    (window,) = (one.window for one in found.parts if one.attempt_id == attempt_id)
    epoch = rules.gate_epoch(found.epoch, locked=found.is_held)
    if gate is None:
        mirror(answers, attempt_id, epoch, window)
    else:
        _follow(gate, epoch, window)
    return window


def close_gate(
    answers: Session, db: Session, sitting_id: int, attempt_id: int
) -> tuple[dict[str, object], rules.Manner]:
    """Let no further answer count, then fold those that did, and tell how they were given. Safe to repeat.

    Makes the gate where a crash left none: without a gate to lock, a save could come in while the sheet is folded.
    """
    open_gate(answers, db, sitting_id, attempt_id)
    gate = answers.get(Gate, attempt_id, with_for_update=True)
    if gate is not None:
        gate.closed = True
        answers.flush()
    arrived = list(saved.arrived(answers, attempt_id))
    said = rules.counting_answers(arrived)
    return said, rules.manner(arrived, said)


def check_all_arrived(answers: Session, sitting_id: int, wanted: Finish) -> None:
    """Refuse with Unsaved while the browser knows of changes that the server does not."""
    if wanted.last_seq > (acked := saved.acked_seq(answers, sitting_id)):
        raise Unsaved(acked_seq=acked)


def seal(
    db: Session, sitting_id: int, n: int, said: dict[str, object], now: datetime, how: rules.Manner = rules.UNKNOWN
) -> bool:
    """Finish an attempt and write its sheet down; tells whether it was new. Safe to repeat.

    ``said`` and ``how`` come from ``close_gate``: nothing that counts can have arrived since. What a validity flag
    may later rest on, times and the ledger, is part of the sealed bytes: who computes again needs no log.
    """
    facts.hold(db, sitting_id)
    found = facts.of(db, sitting_id)
    part = found.part(n)
    if part.window.sealed is not None:
        return False
    if part.window.opened is None:
        raise Conflict("Bagian ini belum dimulai.")
    if part.window.finished is None:
        ended = max(now, part.window.opened)  # a clock that was set back meanwhile holds nobody up
        db.execute(update(Attempt).where(Attempt.attempt_id == part.attempt_id).values(finished=ended))
    time_ms = facts.time_by_kind(db, part.attempt_id)
    body = canonical({
        "schema": "proasn/sheet/2", "attempt": part.attempt_id, "form": part.form_id,
        "key_seal": part.key_seal, "answers": said, "how": asdict(how) | {"time_ms": time_ms},
    })  # fmt: skip
    db.add(Sheet(
        attempt_id=part.attempt_id, form_id=part.form_id, key_seal=part.key_seal, sha256=digest(body),
        body=body, answered=len(said), items=part.items, sealed=now,
    ))  # fmt: skip
    queue.enqueue(db, "score_attempt", str(part.attempt_id), now)
    events.note(db, sitting_id, "seal", now, str(n))
    if found.paused is not None and rules.is_forgotten(found.paused, now):  # everybody forgot it: the receipt is free
        events.note(db, sitting_id, rules.RESUME, now, "0")
    return True
