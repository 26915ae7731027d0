"""Which rows belong to a wave: by the narrowest thing that a table names, so that a new table finds its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, func, select
from sqlalchemy.orm import Session

from assessment_app.accounts.models import Agency, StaffAccount
from assessment_app.evidence.models import EvidenceFact, EvidenceImport
from assessment_app.exam.models import Attempt, Consent, Sheet, Sitting, SittingEvent, TimeEntry
from assessment_app.job_standards.models import JobStandard, StandardImport
from assessment_app.logbook.models import AttendanceMark, Incident, SeatMove
from assessment_app.people.models import Employee, ImportRun, Unit
from assessment_app.platform.db import Model
from assessment_app.platform.errors import NotFound
from assessment_app.reports.models import Report
from assessment_app.rescoring.models import KeyProposal, KeyProposalEnd, RescoredProfile
from assessment_app.review.models import ReviewStep, SignedResult
from assessment_app.rule_sets.models import RuleAct, RuleSet
from assessment_app.scheduling.models import (
    Accommodation,
    BatteryPart,
    Booking,
    ExamSession,
    Form,
    FrozenList,
    ListAmendment,
    Room,
    Wave,
    WithdrawnForm,
)
from assessment_app.scoring.models import CurrentProfile, KeyChoice, KeyVersion, Profile, Score
from assessment_app.sealing.models import SealedSheet, SealKey, SessionSeal
from assessment_app.succession.models import SuccessionAct, TargetPost, TargetPostEnd, TechnicalFit
from assessment_app.talent.models import CurrentPlacement, Placement
from item_bank.keys import AnswerKey

TAKEN: tuple[type[Model], ...] = (
    Agency, Form, RuleSet, SealKey, EvidenceImport, ImportRun, Room, RuleAct, StaffAccount, StandardImport, Unit,
    Wave, WithdrawnForm, BatteryPart, Employee, ExamSession, JobStandard, Booking, EvidenceFact, Accommodation,
    Sitting, SessionSeal, Attempt, Consent, Profile, ReviewStep, SignedResult, SittingEvent, Placement, Score, Sheet,
    TimeEntry, CurrentPlacement, SealedSheet, Incident, AttendanceMark, SeatMove, FrozenList, ListAmendment,
    KeyVersion, KeyChoice, RescoredProfile, KeyProposal, KeyProposalEnd, CurrentProfile, Report,
    TargetPost, TargetPostEnd, SuccessionAct, TechnicalFit,
)  # fmt: skip
"""All that results rest on, and what was decided on them.

Not taken: sign-ins, drafts, audit, jobs, payroll, and the log of every change.

Models and not names of tables: a table whose module nobody imported is unknown, and would be left out without a word.
"""

HIDDEN = {"staff_account": {"password_hash": None, "totp_secret": None, "active": False}}
"""Who signed comes along as a name; nobody signs in with what an archive holds."""


def tables() -> list[Table]:
    """List the tables that are taken, each after those that it names."""
    taken = {one.__tablename__ for one in TAKEN}
    return [table for table in Model.metadata.sorted_tables if table.name in taken]


def rows(db: Session, wave_id: UUID) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every row that belongs to a wave, as (table, row); refuses with NotFound."""
    wave = db.get(Wave, wave_id)
    if wave is None:
        raise NotFound("Gelombang ini tidak ada.")
    inside = _inside(wave)
    for table in tables():
        wanted = _wanted(table, inside)
        hidden = HIDDEN.get(table.name, {})
        for row in _parents_first(table, [dict(row) for row in db.execute(wanted).mappings()]):
            yield table.name, row | hidden


def _inside(wave: Wave) -> dict[str, Select[Any]]:
    """Say of each identifier which values belong to the wave, the narrowest first."""
    sittings = select(Sitting.sitting_id).where(Sitting.wave_id == wave.wave_id)
    return {
        "attempt_id": select(Attempt.attempt_id).where(Attempt.sitting_id.in_(sittings)), "sitting_id": sittings,
        "booking_id": select(Booking.booking_id).where(Booking.wave_id == wave.wave_id),
        "session_id": select(ExamSession.session_id).where(ExamSession.wave_id == wave.wave_id),
        "employee_id": select(Booking.employee_id).where(Booking.wave_id == wave.wave_id),
        "wave_id": select(Wave.wave_id).where(Wave.wave_id == wave.wave_id),
        "proposal_id": select(KeyProposal.proposal_id).where(KeyProposal.wave_id == wave.wave_id),
        "form_id": select(BatteryPart.form_id).where(BatteryPart.wave_id == wave.wave_id),
        "agency_id": select(Wave.agency_id).where(Wave.wave_id == wave.wave_id),
    }  # fmt: skip


def _wanted(table: Table, inside: Mapping[str, Select[Any]]) -> Select[Any]:
    order = list(table.primary_key.columns)
    for name, values in inside.items():
        if name in table.columns:
            return select(table).where(table.columns[name].in_(values)).order_by(*order)
    return select(table).order_by(*order)  # of no agency: rule sets, and the keys that check seals


def _parents_first(table: Table, found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Order rows of a table that name others of it, so that each comes after the one it names."""
    own = [key for key in table.foreign_keys if key.column.table is table]
    if not own:
        yield from found
        return
    (key,) = own
    waiting: dict[Any, list[dict[str, Any]]] = {}
    for row in found:
        waiting.setdefault(row[key.parent.name], []).append(row)
    ready = waiting.pop(None, [])
    while ready:
        row = ready.pop(0)
        yield row
        ready += waiting.pop(row[key.column.name], [])


def keys(db: Session, vault: Session, wave_id: UUID) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the answer keys of a wave's forms, corrected ones too."""
    of_battery = select(BatteryPart.form_id).where(BatteryPart.wave_id == wave_id)
    own = select(Form.key_seal).where(Form.form_id.in_(of_battery))
    corrected = select(KeyVersion.key_seal).where(KeyVersion.form_id.in_(of_battery))
    seals = db.scalars(own.union(corrected)).all()
    table = AnswerKey.metadata.tables[AnswerKey.__tablename__]
    wanted = select(table).where(table.columns["key_seal"].in_(seals)).order_by(table.columns["key_seal"])
    for row in vault.execute(wanted).mappings():
        yield AnswerKey.__tablename__, dict(row)


def is_empty(db: Session) -> bool:
    """Tell whether an installation has no wave and nobody booked."""
    return not db.scalar(select(func.count()).select_from(Wave)) and not db.scalar(
        select(func.count()).select_from(Booking)
    )
