"""What a proctor says to the people of a room, and the calls for help that were answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.exam.actions import events
from assessment_app.exam.rules import ANNOUNCEMENT, HELPED, WORD, announced_in
from assessment_app.logbook.queries import day as written
from assessment_app.platform import audit
from assessment_app.platform.errors import Conflict
from assessment_app.proctoring import queries
from assessment_app.proctoring.actions import Seated, lock_sitting, record
from assessment_app.proctoring.messages import Message
from assessment_app.proctoring.queries.talk import Talk, talk
from assessment_app.proctoring.rules import SAME_WORDS_S
from assessment_app.scheduling import queries as plans


def attend(db: Session, by: Officer, where: Seated, now: datetime) -> None:
    """Write down that a call for help was answered.

    Safe to repeat; refuses with NotFound while nobody has signed in.
    """
    sitting = lock_sitting(db, by, where)
    if sitting.sitting_id in _talk(db, by, where.session_id).calls:
        events.note(db, sitting.sitting_id, HELPED, now)
        record(db, by, "sitting.attend", sitting, "", now, seat=where.seat)


def write(db: Session, by: Officer, where: Seated, wanted: Message, now: datetime) -> None:
    """Write to one seat; its page shows it within half a minute.

    Safe to repeat: what was just written, or was not read yet, is not written again. Refuses with NotFound while
    nobody has signed in there.
    """
    sitting = lock_sitting(db, by, where)
    last = _talk(db, by, where.session_id).words.get(sitting.sitting_id)
    if last is None or not (last.is_same(wanted.text, now, SAME_WORDS_S) or (last.stands and last.text == wanted.text)):
        events.note(db, sitting.sitting_id, WORD, now, wanted.text)
        record(db, by, "sitting.write", sitting, "", now, seat=where.seat, text=wanted.text)


def announce(db: Session, by: Officer, session_id: UUID, wanted: Message, now: datetime) -> int:
    """Write to everybody in a room who has signed in and not finished; tells how many these are. One recorded act.

    Safe to repeat for some time: the same text is announced again afterwards. Refuses with Conflict while there is
    nobody.
    """
    session = written.lock_session(db, by.agency_id, session_id)
    last = _talk(db, by, session_id).announced
    if last is not None and last.is_same(wanted.text, now, SAME_WORDS_S):
        return last.people
    found = queries.lock_sittings(db, session)
    there = [sitting for sitting in found if any(attempt.sheet is None for attempt in sitting.attempts)]
    if not there:
        raise Conflict(
            "Tidak ada peserta yang sedang berada di halaman ujian; belum ada yang dapat membaca pengumuman."
        )
    for sitting in there:
        events.note(db, sitting.sitting_id, ANNOUNCEMENT, now, announced_in(session_id) + wanted.text)
    detail = {"text": wanted.text, "sittings": [sitting.sitting_id for sitting in there]}
    subject = f"session:{session_id}"
    act = audit.Act(by.agency_id, by.actor, "session.announce", subject, "", by.origin, detail)
    audit.record(db, act, now)
    return len(there)


def _talk(db: Session, by: Officer, session_id: UUID) -> Talk:
    return talk(db, plans.session(db, by.agency_id, session_id))
