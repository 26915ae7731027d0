"""What is remembered of comparisons: what was compared, what was found, what people decided. Nothing is changed later.

Neither file is kept, and of NIK and bank account only four digits inside a sentence: what names a mismatch across
comparisons is a keyed hash that nobody can compute without this installation's secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment_app.personnel.rules.records import RuleId, Severity
from assessment_app.personnel.rules.worklist import DECISIONS
from assessment_app.platform.db import Document, Model, Moment, Sha256


def _one_of(column: str, values: Iterable[str]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


class PayrollCheck(Model):
    """One comparison of two lists; ``n`` counts those of an agency."""

    __tablename__ = "payroll_check"
    __table_args__ = (
        UniqueConstraint("agency_id", "n"),
        CheckConstraint("n > 0 AND people >= 0 AND payees >= 0 AND findings >= 0", name="counts_not_negative"),
        {"info": {"append_only": True}},
    )

    check_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    n: Mapped[int]
    at: Mapped[Moment]
    by: Mapped[str] = mapped_column(String(120))
    personnel_name: Mapped[str] = mapped_column(String(200))  # empty: the employees whom the platform knows
    personnel_sha256: Mapped[Sha256]
    payroll_name: Mapped[str] = mapped_column(String(200))
    payroll_sha256: Mapped[Sha256]
    day: Mapped[date]  # of which the personnel list speaks
    rule_set: Mapped[Sha256 | None] = mapped_column(ForeignKey("rule_set.sha256"))
    input_sha256: Mapped[Sha256]  # of everything that went in: the same twice is the same comparison
    people: Mapped[int]
    payees: Mapped[int]
    findings: Mapped[int]
    document: Mapped[Document]  # how far each rule was checked, and which columns were read


class PayrollFinding(Model):
    """One mismatch, its two values side by side."""

    __tablename__ = "payroll_finding"
    __table_args__ = (
        Index("ix_payroll_finding_key", "check_id", "key"),
        CheckConstraint(_one_of("rule", RuleId), name="rule_is_known"),
        CheckConstraint(_one_of("severity", Severity), name="severity_is_known"),
        {"info": {"append_only": True}},
    )

    check_id: Mapped[UUID] = mapped_column(ForeignKey("payroll_check.check_id"), primary_key=True)
    finding_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    key: Mapped[Sha256]  # the same mismatch has the same one in every comparison of the agency
    rule: Mapped[str] = mapped_column(String(3))
    severity: Mapped[str] = mapped_column(String(6))
    nip: Mapped[str] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(200))
    left_value: Mapped[str] = mapped_column(Text)
    left_where: Mapped[str] = mapped_column(String(60))
    left_day: Mapped[date | None]
    right_value: Mapped[str] = mapped_column(Text)
    right_where: Mapped[str] = mapped_column(String(60))
    right_day: Mapped[date | None]
    sentence: Mapped[str] = mapped_column(Text)
    advice: Mapped[str] = mapped_column(Text)


class PayrollAct(Model):
    """Somebody's decision about a mismatch, with the reason; of all the newest is in force."""

    __tablename__ = "payroll_act"
    __table_args__ = (
        ForeignKeyConstraint(["check_id", "finding_no"], ["payroll_finding.check_id", "payroll_finding.finding_no"]),
        CheckConstraint(_one_of("state", DECISIONS), name="state_is_known"),
        {"info": {"append_only": True}},
    )

    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), primary_key=True)
    key: Mapped[Sha256] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    check_id: Mapped[UUID]  # on which page it was decided
    finding_no: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[Moment]
