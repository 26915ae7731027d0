"""What a participant can do, and what the sweep does when a browser never comes back.

Truth is the exam store. The gate beside the answers mirrors what a save must know; it is written after the truth, by
``mirror``, and can be made anew from it at any time. Closing goes the other way round: first the gate, so that no
answer can arrive any more, then the sheet is folded from what arrived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, insert, literal, select
from sqlalchemy.orm import Session

from assessment_app.exam import queries, rules
from assessment_app.exam.messages import ConsentGiven, Finish, Receipt, SheetView, SignIn
from assessment_app.exam.models import Attempt, Consent, Gate, Sheet, Sitting, SittingEvent, TimeEntry
from assessment_app.exam.refusals import NoConsent, NotBooked, SittingElsewhere, Unsaved, Withdrawn, WrongNipOrPin
from assessment_app.platform import queue
from assessment_app.platform.db import UtcDateTime, insert_new
from assessment_app.platform.errors import Closed, Conflict, TooEarly
from assessment_app.platform.safe_exam_browser import Proof
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.models import BatteryPart, Booking, ExamSession, Wave
from assessment_app.scheduling.rules import Door, Hours, pin, pin_matches
from scoring_engine.canonical import canonical, digest


@dataclass(frozen=True)
class Secrets:
    """The two secrets that an exam server has; neither opens a key."""

    pin: bytes
    token: bytes


@dataclass(frozen=True)
class Owner:
    """Who writes to a sitting: what a token says, and what has to be true still."""

    sitting_id: int
    epoch: int


def sign_in(db: Session, wanted: SignIn, secrets: Secrets, now: datetime, proofs: Sequence[Proof] = ()) -> Sitting:
    """Check NIP and PIN, and take or keep the device's ownership of the sitting.

    Safe to repeat from the same device. A sitting that a proctor released belongs to the first device that asks.
    ``proofs`` are what may show that this is Safe Exam Browser. Refuses with WrongNipOrPin, NotBooked, TooEarly,
    Closed, OtherBrowser, Locked or SittingElsewhere.
    """
    booking = _booking(db, wanted.digits, wanted.pin, secrets.pin, now)
    note = rules.SAFE_BROWSER if plans.proves_browser(db, booking.wave_id, proofs) else ""
    sitting = queries.sitting_of_booking(db, booking.booking_id)
    if sitting is None:
        sitting = _first_sign_in(db, booking, wanted.device, now)
    queries.refuse_locked(db, sitting)
    follow_needs(db, sitting, now)
    if sitting.device == rules.NO_DEVICE:
        sitting.device = wanted.device
        _note(db, sitting.sitting_id, "move", now, note)
        return sitting
    if sitting.device != wanted.device:
        raise SittingElsewhere
    _note(db, sitting.sitting_id, "sign-in", now, note)
    return sitting


def _booking(db: Session, nip: str, typed: str, secret: bytes, now: datetime) -> Booking:
    for booking, session in plans.bookings_of(db, nip):
        if pin_matches(typed, pin(secret, session.session_id, session.pin_round)):
            _check_door(session, now)
            return booking
    for session in plans.sessions_now(db, now):
        if pin_matches(typed, pin(secret, session.session_id, session.pin_round)):
            raise NotBooked
    raise WrongNipOrPin


def _check_door(session: ExamSession, now: datetime) -> None:
    hours = Hours(session.starts, session.ends, session.checkin_minutes)
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
    sitting = queries.sitting_of_booking(db, booking.booking_id)
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


def follow_needs(db: Session, sitting: Sitting, now: datetime) -> None:
    """Make the ledgers of a sitting add up to what was granted, by entries, while nothing is begun. Safe to repeat.

    Called wherever a grant may have been missed: one that is written while somebody signs in sees no sitting yet.
    """
    if (granted := plans.who_granted_time(db, sitting.booking_id)) is None or queries.has_begun(sitting):
        return
    by, n = granted
    needs = plans.needs(db, [sitting.booking_id])[sitting.booking_id]
    for one in sitting.attempts:
        missing = needs.extra_ms(queries.time_of(one, rules.BASE)) - queries.time_of(one, rules.ACCOMMODATION)
        if missing:
            entry = TimeEntry(kind=rules.ACCOMMODATION, ms=missing, by=by, reason=f"accommodation {n}", at=now)
            one.ledger.append(entry)


def owned_sitting(db: Session, owner: Owner) -> Sitting:
    """Hold a sitting for the device that owns it; refuses with SittingElsewhere who owned it once, or with Locked."""
    sitting = queries.sitting(db, owner.sitting_id, lock=True)
    if sitting.epoch != owner.epoch:
        raise SittingElsewhere
    queries.refuse_locked(db, sitting)
    return sitting


def consent(db: Session, owner: Owner, given: ConsentGiven, now: datetime) -> None:
    """Keep the answer to one version of pact and notice; who refused may still accept, and both stay.

    Refuses with Conflict another version than is asked for now, and with SittingElsewhere.
    """
    sitting = owned_sitting(db, owner)
    asked = db.get_one(Wave, sitting.wave_id).consent_version
    if given.version != asked:
        raise Conflict("Pakta dan pemberitahuan sudah diperbarui. Baca lalu setujui yang sekarang.")
    if insert_new(db, Consent, sitting_id=owner.sitting_id, version=given.version, accepted=given.accepted, at=now):
        _note(db, owner.sitting_id, "consent", now, f"{given.version} {'accepted' if given.accepted else 'refused'}")


def start(db: Session, owner: Owner, n: int, now: datetime) -> Attempt:
    """Open an attempt; a second call finds it open with the same deadline.

    Refuses with SittingElsewhere, NoConsent, Closed when the attempt or the session is over, or Conflict while an
    earlier part is still being worked on.
    """
    sitting = owned_sitting(db, owner)
    if not any(answer.accepted for answer in sitting.consents):
        raise NoConsent
    attempt = queries.attempt(sitting, n)
    grace = queries.grace_ms(db, sitting.wave_id)
    earlier = [queries.window(other, grace).phase(now) for other in sitting.attempts if other.n < n]
    if any(phase in (rules.Phase.WAITING, rules.Phase.OPEN) for phase in earlier):
        raise Conflict("Selesaikan bagian sebelumnya lebih dahulu.")
    if attempt.opened is None:
        if attempt.form.withdrawal is not None:
            raise Withdrawn
        _check_door(db.get_one(ExamSession, sitting.booking.session_id), now)
        follow_needs(db, sitting, now)
        attempt.opened = now
        _note(db, owner.sitting_id, "start", now, str(n))
    if queries.window(attempt, grace).phase(now) not in (rules.Phase.OPEN, rules.Phase.GRACE):
        raise Closed
    return attempt


def mirror(answers: Session, attempt_id: int, epoch: int, window: rules.Window) -> None:
    """Write an opened attempt's gate beside the answers. Safe to repeat.

    What comes late does no harm: a closed gate never opens again, an epoch never goes back. A negative epoch is the
    owner's while the sitting is locked; of the same epoch, what is written later counts.
    """
    if window.deadline is None:
        return
    deadline = rules.milliseconds(window.deadline)
    closed = window.finished is not None
    values = {"epoch": epoch, "deadline_ms": deadline, "grace_ms": window.grace_ms, "closed": closed}
    if insert_new(answers, Gate, attempt_id=attempt_id, **values):
        return
    gate = answers.get_one(Gate, attempt_id, with_for_update=True)
    gate.epoch, gate.deadline_ms, gate.grace_ms, gate.closed = (
        epoch if abs(epoch) >= abs(gate.epoch) else gate.epoch,
        deadline,
        window.grace_ms,
        gate.closed or closed,
    )


def open_gate(answers: Session, db: Session, sitting_id: int, attempt_id: int) -> rules.Window:
    """Make an attempt's gate follow the truth as it is now. Safe to repeat.

    Locks the gate first and reads the truth second: of two who do so, the one that writes later has also read later.
    """
    answers.get(Gate, attempt_id, with_for_update=True)
    epoch, window = queries.to_mirror(db, sitting_id, attempt_id)
    locked = bool(queries.locked(db, [sitting_id]))
    mirror(answers, attempt_id, rules.gate_epoch(epoch, locked=locked), window)
    return window


def close_gate(answers: Session, db: Session, sitting_id: int, attempt_id: int) -> dict[str, object]:
    """Let no further answer count, then fold those that did. Safe to repeat.

    Makes the gate where a crash left none: without a gate to lock, a save could come in while the sheet is folded.
    """
    open_gate(answers, db, sitting_id, attempt_id)
    gate = answers.get(Gate, attempt_id, with_for_update=True)
    if gate is not None:
        gate.closed = True
        answers.flush()
    return rules.counting_answers(queries.arrived(answers, attempt_id))


def check_all_arrived(answers: Session, sitting_id: int, wanted: Finish) -> None:
    """Refuse with Unsaved while the browser knows of changes that the server does not."""
    acked = queries.acked_seq(answers, sitting_id)
    if wanted.last_seq > acked:
        raise Unsaved(acked_seq=acked)


def seal(db: Session, sitting_id: int, n: int, said: dict[str, object], now: datetime) -> bool:
    """Finish an attempt and write its sheet down; tells whether it was new. Safe to repeat.

    ``said`` comes from ``close_gate``, so nothing that counts can have arrived since.
    """
    sitting = queries.sitting(db, sitting_id, lock=True)
    attempt = queries.attempt(sitting, n)
    if attempt.sheet is not None:
        return False
    if attempt.opened is None:
        raise Conflict("Bagian ini belum dimulai.")
    if attempt.finished is None:
        attempt.finished = max(now, attempt.opened)  # a clock that was set back meanwhile holds nobody up
    body = canonical({
        "schema": "proasn/sheet/1", "attempt": attempt.attempt_id, "form": attempt.form_id,
        "key_seal": attempt.form.key_seal, "answers": said,
    })  # fmt: skip
    db.add(Sheet(
        attempt_id=attempt.attempt_id, form_id=attempt.form_id, key_seal=attempt.form.key_seal, sha256=digest(body),
        body=body, answered=len(said), items=attempt.form.items, sealed=now,
    ))  # fmt: skip
    queue.enqueue(db, "score_attempt", str(attempt.attempt_id), now)
    _note(db, sitting_id, "seal", now, str(n))
    return True


def receipt(db: Session, sitting_id: int) -> Receipt:
    """Give the code that names all sealed sheets; refuses with Conflict while a part is not sealed."""
    attempts = queries.sitting(db, sitting_id).attempts
    sealed = [(one, one.sheet) for one in attempts if one.sheet is not None]
    begun = [one for one in attempts if one.opened or one.form.withdrawal is None]
    if len(sealed) < len(begun):
        raise Conflict("Masih ada bagian yang belum selesai.")
    views = [
        SheetView(sheet.form_id, one.form.title, sheet.sha256, sheet.answered, sheet.items) for one, sheet in sealed
    ]
    return Receipt(rules.receipt_code([sheet.sha256 for _, sheet in sealed]), views)


def note_focus(db: Session, sitting_id: int, times: int, now: datetime) -> None:
    """Keep how often a page lost the focus since its last heartbeat; a beat that is repeated is kept twice."""
    _note(db, sitting_id, "focus", now, str(times))


def _note(db: Session, sitting_id: int, kind: str, now: datetime, note: str = "") -> None:
    db.add(SittingEvent(sitting_id=sitting_id, at=now, kind=kind, note=note))
