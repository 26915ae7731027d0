"""Which rows belong to a wave: by the narrowest thing that a table names, so that a new table finds its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, func, select
from sqlalchemy.orm import Session

from assessment_app.exam.models import Attempt, Sitting
from assessment_app.platform.db import Model
from assessment_app.platform.errors import NotFound
from assessment_app.rescoring.models import KeyProposal
from assessment_app.scheduling.models import BatteryPart, Booking, ExamSession, Form, Wave
from assessment_app.scoring.models import KeyVersion
from item_bank.keys import AnswerKey

TAKEN = (
    "agency", "form", "rule_set", "seal_key", "evidence_import", "import_run", "room", "rule_act", "staff_account",
    "standard_import", "unit", "wave", "withdrawn_form", "battery_part", "employee", "exam_session", "job_standard",
    "booking", "evidence_fact", "accommodation", "sitting", "session_seal", "attempt", "consent", "profile",
    "review_step", "signed_result", "sitting_event", "placement", "score", "sheet", "time_entry", "current_placement",
    "sealed_sheet", "incident", "attendance_mark", "seat_move", "frozen_list", "list_amendment", "key_version",
    "key_choice", "rescored_profile", "key_proposal", "key_proposal_end", "current_profile",
)  # fmt: skip
"""All that results rest on. Not taken: sign-ins, drafts, audit, jobs, payroll, and the log of every change."""

HIDDEN = {"staff_account": {"password_hash": None, "totp_secret": None, "active": False}}
"""Who signed comes along as a name; nobody signs in with what an archive holds."""


def tables() -> list[Table]:
    """List the tables that are taken, each after those that it names."""
    return [table for table in Model.metadata.sorted_tables if table.name in TAKEN]


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
