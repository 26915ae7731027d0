"""What is sealed, what is due, and what a session's record shows. An officer's queries take the agency."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from assessment_app.exam.models import Attempt, Sheet, Sitting
from assessment_app.exam.rules import receipt_code
from assessment_app.platform.db import scoped
from assessment_app.platform.errors import NotFound
from assessment_app.scheduling.models import Booking, ExamSession
from assessment_app.sealing.models import SealedSheet, SealKey, SessionSeal
from assessment_app.sealing.rules import SealedPart
from assessment_app.sealing.verifier import Member, leaf_hash
from scoring_engine.canonical import canonical

ARCHIVE = "proasn/seal-archive/1"

_OPEN = exists().where(
    Attempt.sitting_id == Sitting.sitting_id, Sitting.booking_id == Booking.booking_id,
    Booking.session_id == ExamSession.session_id, Attempt.opened.is_not(None),
    ~exists().where(Sheet.attempt_id == Attempt.attempt_id).correlate(Attempt),
).correlate(ExamSession)  # fmt: skip
"""Somebody of the session began a part whose sheet is not written yet."""


def due(db: Session, now: datetime) -> Sequence[UUID]:
    """Name the sessions that are over, have no seal yet and wait for no sheet; one without participants needs none."""
    no_seal = ~exists().where(SessionSeal.session_id == ExamSession.session_id)
    has_people = exists().where(Booking.session_id == ExamSession.session_id)
    wanted = select(ExamSession.session_id).where(ExamSession.ends < now, no_seal, has_people, ~_OPEN)
    return db.scalars(wanted.order_by(ExamSession.ends, ExamSession.session_id)).all()


def late(db: Session, now: datetime) -> Sequence[UUID]:
    """Name the sealed sessions for which a sheet came afterwards. It looks at every sheet: not for every moment."""
    has_seal = exists().where(SessionSeal.session_id == ExamSession.session_id)
    unsealed = ~exists().where(SealedSheet.attempt_id == Sheet.attempt_id)
    wanted = (
        select(ExamSession.session_id).distinct().join(Booking).join(Sitting).join(Attempt).join(Sheet)
        .where(ExamSession.ends < now, unsealed, has_seal, ~_OPEN)
    )  # fmt: skip
    return db.scalars(wanted.order_by(ExamSession.session_id)).all()


def lock_session(db: Session, session_id: UUID) -> ExamSession:
    """Hold a session, so that one worker at a time seals it."""
    wanted = select(ExamSession).where(ExamSession.session_id == session_id)
    return db.scalars(wanted.with_for_update(of=ExamSession, key_share=True)).one()


def waits(db: Session, session_id: UUID) -> bool:
    """Tell whether somebody of a session began a part whose sheet is not written yet."""
    return db.scalar(select(ExamSession.session_id).where(ExamSession.session_id == session_id, _OPEN)) is not None


def _parts() -> Select[int, int, int, str, str]:
    return select(Attempt.sitting_id, Attempt.attempt_id, Attempt.n, Sheet.form_id, Sheet.sha256).join(
        Sheet, Sheet.attempt_id == Attempt.attempt_id
    )


def _named(rows: Iterable[tuple[int, int, int, str, str]]) -> list[SealedPart]:
    return [SealedPart(sitting, attempt, n, form, sheet) for sitting, attempt, n, form, sheet in rows]


def sealed_parts(db: Session, session_id: UUID) -> list[SealedPart]:
    """List the sheets of a session's tree, in its order."""
    wanted = _parts().join(SealedSheet, SealedSheet.attempt_id == Sheet.attempt_id)
    rows = db.execute(wanted.where(SealedSheet.session_id == session_id).order_by(SealedSheet.place))
    return _named(rows)


def unsealed_parts(db: Session, session_id: UUID) -> list[SealedPart]:
    """List the sheets of a session that are in no tree yet, by attempt."""
    in_session = select(Sitting.sitting_id).join(Booking).where(Booking.session_id == session_id)
    no_tree = ~exists().where(SealedSheet.attempt_id == Sheet.attempt_id)
    rows = db.execute(_parts().where(Attempt.sitting_id.in_(in_session), no_tree).order_by(Attempt.attempt_id))
    return _named(rows)


def head_count(db: Session, session_id: UUID) -> tuple[int, int]:
    """Count (booked, signed in) of a session."""
    counted = select(func.count(Booking.booking_id), func.count(Sitting.sitting_id)).outerjoin(Sitting)
    booked, present = db.execute(counted.where(Booking.session_id == session_id)).one()
    return booked, present


def seals(db: Session, session_id: UUID, agency_id: UUID | None = None) -> Sequence[SessionSeal]:
    """List the seals of a session, the newest last; of another agency's session there are none."""
    wanted = select(SessionSeal).where(SessionSeal.session_id == session_id)
    return db.scalars(scoped(wanted, SessionSeal.agency_id, agency_id).order_by(SessionSeal.n)).all()


def keys(db: Session) -> Sequence[SealKey]:
    """List the public keys of this installation, the newest last."""
    return db.scalars(select(SealKey).order_by(SealKey.at, SealKey.key_id)).all()


def sessions_of(db: Session, wave_id: UUID) -> list[tuple[ExamSession, bool]]:
    """List (session, whether it has a seal) of a wave; refuses with NotFound a wave without sessions."""
    found = _with_seal(db, ExamSession.wave_id == wave_id)
    if not found:
        raise NotFound(f"Gelombang {wave_id} tidak ada, atau belum punya sesi.")
    return found


def sealed_sessions(db: Session) -> list[UUID]:
    """Name every session that has a seal."""
    return list(db.scalars(select(SessionSeal.session_id).distinct().order_by(SessionSeal.session_id)))


def session(db: Session, session_id: UUID) -> tuple[ExamSession, bool]:
    """Give (session, whether it has a seal); refuses with NotFound."""
    for found in _with_seal(db, ExamSession.session_id == session_id):
        return found
    raise NotFound(f"Sesi {session_id} tidak ada.")


def _with_seal(db: Session, which: ColumnElement[bool]) -> list[tuple[ExamSession, bool]]:
    has_seal = exists().where(SessionSeal.session_id == ExamSession.session_id).correlate(ExamSession)
    rows = db.execute(select(ExamSession, has_seal).where(which).order_by(ExamSession.session_id))
    return [(found, sealed) for found, sealed in rows]


def archive(db: Session, session_ids: Collection[UUID]) -> Iterator[Member]:
    """Give the files of an archive of sealed sessions, a session at a time; the same sessions give the same bytes."""
    chosen = sorted(map(str, session_ids))
    yield Member("archive.json", canonical({"schema": ARCHIVE, "sessions": chosen}))
    signed_with = select(SessionSeal.key_id).where(SessionSeal.session_id.in_(session_ids))
    for key in db.scalars(select(SealKey).where(SealKey.key_id.in_(signed_with)).order_by(SealKey.key_id)):
        yield Member(f"keys/{key.key_id}.pem", key.pem.encode())
    for session_id in chosen:
        yield from _files(db, UUID(session_id))


def _files(db: Session, session_id: UUID) -> Iterator[Member]:
    place, parts = f"sessions/{session_id}", sealed_parts(db, session_id)
    for seal in seals(db, session_id):
        yield Member(f"{place}/seals/{seal.n:04}.json", seal.record)
        yield Member(f"{place}/seals/{seal.n:04}.sig", seal.signature.encode())
    leaves = [part.leaf() for part in parts]
    yield Member(f"{place}/tree.txt", _lines(leaf_hash(one).hex().encode() for one in leaves))
    yield Member(f"{place}/leaves.jsonl", _lines(iter(leaves)))
    of_session = select(Sheet.body).join(SealedSheet, SealedSheet.attempt_id == Sheet.attempt_id)
    bodies = db.scalars(of_session.where(SealedSheet.session_id == session_id).order_by(SealedSheet.place))
    yield Member(f"{place}/sheets.jsonl", _lines(iter(bodies)))


def _lines(content: Iterator[bytes]) -> bytes:
    return b"".join(one + b"\n" for one in content)


def session_of_receipt(db: Session, code: str) -> UUID:
    """Find the session of the sitting that a receipt names; refuses with NotFound.

    No receipt is kept anywhere: it follows from the sheets, which are read one after another.
    """
    rows = db.execute(
        select(Attempt.sitting_id, Sheet.sha256).join(Sheet, Sheet.attempt_id == Attempt.attempt_id)
        .order_by(Attempt.sitting_id, Attempt.n).execution_options(yield_per=5000)
    )  # fmt: skip
    for sitting_id, sheets in _by_sitting(rows):
        if receipt_code(sheets) == code:
            wanted = select(Booking.session_id).join(Sitting).where(Sitting.sitting_id == sitting_id)
            return db.execute(wanted).scalar_one()
    raise NotFound(f"Tidak ada peserta dengan tanda terima {code}.")


def _by_sitting(rows: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    last, sheets = -1, list[str]()
    for sitting_id, sheet in rows:
        if sitting_id != last and sheets:
            yield last, sheets
            sheets = []
        last = sitting_id
        sheets.append(sheet)
    if sheets:
        yield last, sheets
