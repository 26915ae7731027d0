"""Which standards an agency has, and which one holds for a person; every question carries the agency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from assessment_app.job_standards.models import JobStandard, StandardImport
from assessment_app.job_standards.rules import CODES, LEVEL, POST, Standard, key_of
from assessment_app.people.queries import CHUNK
from assessment_app.people.rules import JobLevel
from assessment_app.platform.errors import NotFound
from assessment_app.platform.texts import show_nip
from assessment_app.scheduling.models import Booking, ExamSession

PAGE = 50


def required(
    db: Session, bookings: Sequence[Booking], by_level: Mapping[str, int]
) -> dict[UUID, Standard | str]:  # fmt: skip
    """Give what each booked person is measured against, by booking; a sentence in its place says why there is none.

    The standard of the post on the day of the session, in the unit if there is one for it; else ``by_level``, what a
    rule set asks at each job level. Two or three statements, however many bookings.
    """
    days = _days(db, {one.session_id for one in bookings})
    known = _of_posts(db, {(one.agency_id, key_of(one.post)) for one in bookings})
    return {
        one.booking_id: _holding(one.unit, days[one.session_id], known.get((one.agency_id, key_of(one.post)), ()))
        or _of_level(one, by_level)
        for one in bookings
    }


def of_post(
    db: Session, agency_id: UUID, post: str, unit: str, job_level: JobLevel, day: date, by_level: Mapping[str, int]
) -> Standard | None:
    """Give what a post asks on a day of whoever may hold it: its own standard, else what its level asks; or nothing."""
    known = _of_posts(db, {(agency_id, key_of(post))}).get((agency_id, key_of(post)), ())
    level = by_level.get(job_level)
    return _holding(unit, day, known) or (None if level is None else _level_standard(job_level, level))


def _holding(unit: str, day: date, known: Iterable[JobStandard]) -> Standard | None:
    unit_key = key_of(unit)
    holding = [one for one in known if one.since <= day and one.unit_key in ("", unit_key)]
    if not holding:
        return None
    found = max(holding, key=lambda one: (one.unit_key != "", one.since, one.added, one.sha256))
    return Standard(dict(found.levels), POST, f"{found.source}, berlaku {found.since:%d-%m-%Y}", found.sha256)


def _of_level(booking: Booking, by_level: Mapping[str, int]) -> Standard | str:
    level = by_level.get(booking.job_level) if booking.post.strip() else None
    if level is None:
        return (
            f"{booking.name} (NIP {show_nip(booking.nip)}): jabatan '{booking.post}' dengan jenjang "
            f"'{booking.job_level}' tidak punya standar kompetensi. Impor standarnya di halaman Standar jabatan, atau "
            "isi level jenjang itu dalam kumpulan aturan; profilnya kemudian disusun."
        )
    return _level_standard(JobLevel(booking.job_level), level)


def _level_standard(job_level: JobLevel, level: int) -> Standard:
    label = job_level.label
    return Standard(dict.fromkeys(CODES, level), LEVEL, f"Standar baku jenjang {label}, level {level}")


def _days(db: Session, session_ids: Iterable[UUID]) -> dict[UUID, date]:
    """Give the day of each session by its room's clock."""
    found = db.scalars(select(ExamSession).where(ExamSession.session_id.in_(session_ids)))
    return {one.session_id: one.starts.astimezone(ZoneInfo(one.room.timezone)).date() for one in found}


def _of_posts(db: Session, posts: Iterable[tuple[UUID, str]]) -> dict[tuple[UUID, str], list[JobStandard]]:
    by_agency: dict[UUID, list[str]] = {}
    for agency_id, post in posts:
        by_agency.setdefault(agency_id, []).append(post)
    found: dict[tuple[UUID, str], list[JobStandard]] = {}
    for agency_id, keys in by_agency.items():
        for first in range(0, len(keys), CHUNK):
            these = JobStandard.agency_id == agency_id, JobStandard.post_key.in_(keys[first : first + CHUNK])
            for one in db.scalars(select(JobStandard).where(*these)):
                found.setdefault((agency_id, one.post_key), []).append(one)
    return found


def newest(db: Session, agency_id: UUID) -> dict[tuple[str, str, date], JobStandard]:
    """Give the row that counts for each post, unit and day of an agency."""
    rows = db.scalars(select(JobStandard).where(JobStandard.agency_id == agency_id).order_by(JobStandard.added))
    return {(one.post_key, one.unit_key, one.since): one for one in rows}


def listed(db: Session, agency_id: UUID, text: str, page: int) -> tuple[list[JobStandard], int]:
    """Read one page of an agency's standards whose post holds a text, and count them; by post, the newest first."""
    wanted = select(JobStandard).where(JobStandard.agency_id == agency_id)
    if text:
        wanted = wanted.where(JobStandard.post.icontains(text, autoescape=True))
    total = db.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    order = JobStandard.post_key, JobStandard.unit_key, JobStandard.since.desc(), JobStandard.added.desc()
    return list(db.scalars(wanted.order_by(*order).limit(PAGE).offset((page - 1) * PAGE))), total


def run(db: Session, agency_id: UUID, import_id: UUID, *, lock: bool = False) -> StandardImport:
    """Find a file of an agency that was looked at; refuses with NotFound."""
    wanted = select(StandardImport).where(
        StandardImport.agency_id == agency_id, StandardImport.import_id == import_id
    )  # fmt: skip
    found = db.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound("Impor standar ini tidak ada di instansi Anda.")
    return found


def runs(db: Session, agency_id: UUID) -> list[StandardImport]:
    """List the last files of an agency, newest first."""
    wanted = select(StandardImport).where(StandardImport.agency_id == agency_id).options(defer(StandardImport.content))
    return list(db.scalars(wanted.order_by(StandardImport.read_at.desc()).limit(10)))
