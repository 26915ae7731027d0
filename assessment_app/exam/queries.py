"""What an exam asks the stores. Each query asks for what proves the right to look."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from assessment_app.accounts.models import Agency
from assessment_app.exam.messages import (
    AttemptView,
    ConsentAsked,
    NeedsView,
    Participant,
    SittingView,
    Started,
    content_address,
    stamp,
)
from assessment_app.exam.models import AnswerEvent, Attempt, Gate, Sheet, Sitting, SittingEvent, TimeEntry
from assessment_app.exam.refusals import Locked, NotStarted
from assessment_app.exam.rules import (
    ACCOMMODATION,
    LOCK,
    UNLOCK,
    Arrived,
    Phase,
    Standing,
    Window,
    counting_answers,
    milliseconds,
    sitting_state,
)
from assessment_app.platform.errors import NotFound, NotSignedIn
from assessment_app.platform.safe_exam_browser import Proof
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import show_datetime, show_number
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.models import ExamSession, Form, Wave, WaveBrowser, WithdrawnForm
from assessment_app.scheduling.rules import MINUTE_MS, Needs


def what_is_on(db: Session, now: datetime) -> tuple[str, str | None]:
    """Name the agency and the wave whose sessions take sign-ins now; where several do, nobody's name is shown."""
    waves = {found.wave_id for found in plans.sessions_now(db, now)}
    agencies = {wave.agency_id: wave.name for wave in db.scalars(select(Wave).where(Wave.wave_id.in_(waves)))}
    if len(agencies) != 1:
        return "", None
    ((agency_id, title),) = agencies.items()
    return db.get_one(Agency, agency_id).name, title if len(waves) == 1 else None


def browser_asked_for(db: Session, now: datetime, shown: Proof) -> WaveBrowser | None:
    """Tell how the one wave whose sessions take sign-ins stands to Safe Exam Browser, unless it is shown already."""
    waves = {found.wave_id for found in plans.sessions_now(db, now)}
    rule = plans.browser_of(db, waves.pop()) if len(waves) == 1 else None
    return None if rule is None or shown.holds(rule.config_key, rule.exam_keys.split()) else rule


def browser_file(db: Session, wave_id: UUID) -> bytes:
    """Give the file that sets Safe Exam Browser up for a wave; refuses with NotFound where it is not used."""
    rule = plans.browser_of(db, wave_id)
    if rule is None:
        raise NotFound("Gelombang ini tidak memakai Safe Exam Browser.")
    return rule.file


def sitting_of_booking(db: Session, booking_id: UUID) -> Sitting | None:
    """Find and lock the sitting of a booking."""
    return db.scalar(select(Sitting).where(Sitting.booking_id == booking_id).with_for_update(of=Sitting))


def sitting(db: Session, sitting_id: int, *, lock: bool = False) -> Sitting:
    """Give a sitting with its attempts and their ledgers; refuses with NotSignedIn when there is none.

    What a lock had to wait for may have changed everything, so with a lock nothing is taken from an earlier look.
    """
    wanted = select(Sitting).where(Sitting.sitting_id == sitting_id).options(
        selectinload(Sitting.attempts).joinedload(Attempt.ledger),
        selectinload(Sitting.attempts).joinedload(Attempt.sheet).defer(Sheet.body),
        selectinload(Sitting.attempts).joinedload(Attempt.form).defer(Form.presentation),
        selectinload(Sitting.consents),
    ).execution_options(populate_existing=lock)  # fmt: skip
    found = db.scalar(wanted.with_for_update(of=Sitting) if lock else wanted)
    if found is None:
        raise NotSignedIn
    return found


def attempt(found: Sitting, n: int) -> Attempt:
    """Give a sitting's attempt by its number; another sitting's attempt does not exist."""
    for one in found.attempts:
        if one.n == n:
            return one
    raise NotFound(f"bagian {n}")


def locked(db: Session, sitting_ids: Collection[int]) -> frozenset[int]:
    """Name those of the sittings that a proctor locked and nobody unlocked since."""
    kinds = SittingEvent.kind.in_((LOCK, UNLOCK))
    wanted = select(SittingEvent.sitting_id, SittingEvent.kind).where(SittingEvent.sitting_id.in_(sitting_ids), kinds)
    newest = {sitting_id: kind for sitting_id, kind in db.execute(wanted.order_by(SittingEvent.event_id))}  # noqa: C416  # a Row is no pair to dict()
    return frozenset(sitting_id for sitting_id, kind in newest.items() if kind == LOCK)


def refuse_locked(db: Session, found: Sitting) -> None:
    """Refuse with Locked whoever comes to a sitting that a proctor locked."""
    if locked(db, [found.sitting_id]):
        raise Locked


def grace_ms(db: Session, wave_id: UUID) -> int:
    """Give the grace of a wave."""
    return db.execute(select(Wave.grace_ms).where(Wave.wave_id == wave_id)).scalar_one()


def window(one: Attempt, grace: int) -> Window:
    """Gather the facts that an attempt's phase follows from."""
    allowed = sum(entry.ms for entry in one.ledger)
    sealed = one.sheet.sealed if one.sheet else None
    return Window(one.opened, allowed, grace, one.finished, sealed, one.form.withdrawal is not None)


def to_mirror(db: Session, sitting_id: int, attempt_id: int) -> tuple[int, Window]:
    """Give (epoch, window), what a gate mirrors, in one statement: a whole lab starts at once."""
    allowed = select(func.coalesce(func.sum(TimeEntry.ms), 0)).where(TimeEntry.attempt_id == Attempt.attempt_id)
    row = db.execute(
        select(Sitting.epoch, Attempt.opened, allowed.scalar_subquery(), Wave.grace_ms, Attempt.finished, Sheet.sealed,
               WithdrawnForm.form_id)
        .join(Sitting, Sitting.sitting_id == Attempt.sitting_id).join(Wave, Wave.wave_id == Sitting.wave_id)
        .outerjoin(Sheet, Sheet.attempt_id == Attempt.attempt_id)
        .outerjoin(WithdrawnForm, WithdrawnForm.form_id == Attempt.form_id)
        .where(Attempt.attempt_id == attempt_id, Attempt.sitting_id == sitting_id)
    ).one()  # fmt: skip
    epoch, opened, allowed_ms, grace, finished, sealed, withdrawn = row
    return epoch, Window(opened, int(allowed_ms), grace, finished, sealed, withdrawn is not None)


def time_of(one: Attempt, kind: str) -> int:
    """Sum the milliseconds that an attempt's ledger has of one kind."""
    return sum(entry.ms for entry in one.ledger if entry.kind == kind)


def has_begun(found: Sitting) -> bool:
    """Tell whether any part of a sitting was ever started."""
    return any(one.opened is not None for one in found.attempts)


def acked_seq(answers: Session, sitting_id: int) -> int:
    """Give the highest seq of a sitting that is on durable storage because a page sent it.

    What a file brought is left out: it may have come from another device, and a promise of its seq would let the page
    of this one forget changes that were never sent.
    """
    own = AnswerEvent.sitting_id == sitting_id, AnswerEvent.recovered.is_(False)
    return answers.scalar(select(func.max(AnswerEvent.seq)).where(*own)) or 0


def arrived(answers: Session, attempt_id: int) -> Iterable[Arrived]:
    """Read every change of an attempt."""
    wanted = select(
        AnswerEvent.epoch, AnswerEvent.seq, AnswerEvent.item, AnswerEvent.response, AnswerEvent.standing
    ).where(AnswerEvent.attempt_id == attempt_id)
    for epoch, seq, item, response, standing in answers.execute(wanted):
        yield Arrived(epoch, seq, item, msgspec.json.decode(response), standing)


@dataclass(frozen=True)
class Unusual:
    """How many changes of an attempt did not come as changes should; one can be counted twice."""

    late: int
    aside: int
    recovered: int

    @property
    def words(self) -> str:
        """Say it for people, as facts: what is none is not named."""
        shown = show_number
        said = {
            _("%(count)s perubahan terlambat, dihitung", count=shown(self.late)): self.late,
            _("%(count)s perubahan disimpan terpisah, tidak dihitung", count=shown(self.aside)): self.aside,
            _("%(count)s perubahan dari berkas yang dimuat pengawas", count=shown(self.recovered)): self.recovered,
        }
        return " · ".join(words for words, count in said.items() if count)


def unusual(answers: Session, attempt_ids: Collection[int]) -> dict[int, Unusual]:
    """Count by attempt the changes that came late, were kept aside, or came by a file; only where there are any."""
    late, aside = (AnswerEvent.standing == one.value for one in (Standing.LATE, Standing.ASIDE))
    counts = [func.count().filter(what) for what in (late, aside, AnswerEvent.recovered)]
    theirs = AnswerEvent.attempt_id.in_(attempt_ids), or_(late, aside, AnswerEvent.recovered)
    rows = answers.execute(select(AnswerEvent.attempt_id, *counts).where(*theirs).group_by(AnswerEvent.attempt_id))
    return {attempt_id: Unusual(*found) for attempt_id, *found in rows}


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
    return [
        (sitting_id, n, attempt_id) for sitting_id, n, attempt_id, opened, ms, grace in db.execute(open_ones)
        if Window(opened, int(ms), grace).phase(now) is Phase.CLOSED
    ]  # fmt: skip


def view(db: Session, found: Sitting, acked: int, now: datetime) -> SittingView:
    """Tell a participant where the sitting stands."""
    grace = grace_ms(db, found.wave_id)
    windows = [(one, window(one, grace)) for one in found.attempts]
    phases = [facts.phase(now) for _, facts in windows]
    wave = db.get_one(Wave, found.wave_id)
    accepted = any(answer.accepted and answer.version == wave.consent_version for answer in found.consents)
    return SittingView(
        server_time=stamp(now), participant=_participant(db, found, wave), state=sitting_state(phases).value,
        epoch=found.epoch, acked_seq=acked, consent=ConsentAsked(wave.consent_version, accepted),
        demonstration=wave.demonstration, needs=_needs(db, found),
        attempts=[
            AttemptView(one.n, one.form.title, one.form.instrument, phase.value, facts.allowed_ms,
                        facts.remaining_ms(now), one.form.items, content_address(one.form_id),
                        time_of(one, ACCOMMODATION))
            for (one, facts), phase in zip(windows, phases, strict=True)
        ],
    )  # fmt: skip


def _needs(db: Session, found: Sitting) -> NeedsView:
    granted = plans.needs(db, [found.booking_id]).get(found.booking_id, Needs())
    return NeedsView(
        extra_ms=sum(time_of(one, ACCOMMODATION) for one in found.attempts), large_text=granted.large_text,
        breaks=granted.breaks, break_ms=granted.break_minutes * MINUTE_MS, reader=granted.reader,
    )  # fmt: skip


def _participant(db: Session, found: Sitting, wave: Wave) -> Participant:
    booking = found.booking
    session = db.get_one(ExamSession, booking.session_id)
    agency = db.get_one(Agency, found.agency_id)
    return Participant(
        name=booking.name, nip=booking.nip, post=booking.post, unit=booking.unit, agency=agency.name, wave=wave.name,
        room=f"{session.room.name}, {session.room.site}", seat=booking.seat,
        session=show_datetime(session.starts, zone=session.room.timezone),
    )  # fmt: skip


def gate(answers: Session, attempt_id: int) -> Gate | None:
    """Give an attempt's gate."""
    return answers.get(Gate, attempt_id)


def presentation(db: Session, form_id: str) -> bytes:
    """Give a form's presentation as published."""
    return plans.form(db, form_id).presentation


def started(answers: Session, opened: Attempt, window: Window, now: datetime) -> Started:
    """Say what a browser needs to go on: time left, where the content is, what was answered before."""
    said = counting_answers(arrived(answers, opened.attempt_id))
    return Started(window.remaining_ms(now), stamp(now), content_address(opened.form_id), said)
