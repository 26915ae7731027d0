"""Reports as they were issued: read whole, found by what names them, and which one took the place of another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, defer

from assessment_app.exam.models import Sitting
from assessment_app.people.queries import holds
from assessment_app.platform.errors import NotFound
from assessment_app.reports.models import Report
from assessment_app.scheduling.models import Booking, Wave

Later = aliased(Report, name="later")


@dataclass(frozen=True)
class Issued:
    """A report with what it says, and the number of the one that took its place."""

    report: Report
    said: Mapping[str, Any]
    replaced_by: Report | None


def read(report: Report) -> Mapping[str, Any]:
    """Read what a report says."""
    found: Mapping[str, Any] = msgspec.json.decode(report.document)
    return found


def _newest() -> Select[Report]:
    return select(Report).where(~exists().where(Later.sitting_id == Report.sitting_id, Later.replaces == Report.number))


def one(db: Session, agency_id: UUID, sitting_id: int, edition: int | None = None) -> Issued:
    """Give a report of one of an agency's people, the newest unless an edition is asked for; refuses with NotFound."""
    wanted = _newest() if edition is None else select(Report).where(Report.edition == edition)
    found = db.scalar(wanted.where(Report.sitting_id == sitting_id, Report.agency_id == agency_id))
    if found is None:
        raise NotFound("Laporan ini tidak ada di instansi Anda, atau belum diterbitkan.")
    return Issued(found, read(found), replacement(db, found.number))


def replacement(db: Session, number: str) -> Report | None:
    """Give the report that took the place of another."""
    return db.scalar(select(Report).options(defer(Report.document)).where(Report.replaces == number))


def newest(db: Session, agency_id: UUID, sitting_ids: Collection[int]) -> dict[int, Issued]:
    """Give the newest report of each of some sittings of an agency that has one."""
    wanted = _newest().where(Report.agency_id == agency_id, Report.sitting_id.in_(sitting_ids))
    return {report.sitting_id: Issued(report, read(report), None) for report in db.scalars(wanted)}


def of_code(db: Session, code: str) -> tuple[Report, bool] | None:
    """Find the report that a code verifies, of any agency, and tell whether another took its place."""
    found = db.scalar(select(Report).where(Report.code == code)) if code else None
    return None if found is None else (found, replacement(db, found.number) is not None)


def named(db: Session, agency_id: UUID, text: str, most: int) -> Sequence[tuple[Report, str, str, str]]:
    """List (report, name, NIP, wave) of reports whose number or person a text names, the newest first."""
    wanted = (
        _newest().options(defer(Report.document)).add_columns(Booking.name, Booking.nip, Wave.name)
        .join(Sitting, Sitting.sitting_id == Report.sitting_id).join(Booking, Booking.booking_id == Sitting.booking_id)
        .join(Wave, Wave.wave_id == Report.wave_id)
        .where(Report.agency_id == agency_id,
               or_(holds(Booking.name, Booking.nip, text), Report.number.icontains(text, autoescape=True)))
        .order_by(Report.issued.desc(), Report.number.desc()).limit(most)
    )  # fmt: skip
    return [(report, name, nip, wave) for report, name, nip, wave in db.execute(wanted)]


def wave_no(db: Session, agency_id: UUID, wave: Wave) -> int:
    """Tell the how manieth wave of its agency a wave is, as its reports are numbered: once given, it stays.

    Where another wave's reports have that number (they came in an archive), the next free one. The caller holds the
    agency, so that nobody else numbers a wave meanwhile.
    """
    given = db.scalar(select(Report.wave_no).where(Report.wave_id == wave.wave_id).limit(1))
    if given is not None:
        return given
    before = or_(Wave.created < wave.created, (Wave.created == wave.created) & (Wave.wave_id < wave.wave_id))
    place = 1 + (db.scalar(select(func.count()).select_from(Wave).where(Wave.agency_id == agency_id, before)) or 0)
    taken = set(db.scalars(select(Report.wave_no).where(Report.agency_id == agency_id).distinct()))
    return place if place not in taken else max(taken) + 1


def last_n(db: Session, agency_id: UUID, year: int, wave_no: int) -> int:
    """Give the last number of a row of reports; 0 where it has none."""
    wanted = select(func.max(Report.n)).where(
        Report.agency_id == agency_id, Report.year == year, Report.wave_no == wave_no
    )
    return db.scalar(wanted) or 0
