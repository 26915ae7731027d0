"""What is remembered of evidence: files that were looked at, and facts that are added and never changed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment_app.platform.db import Document, Model, Moment, Sha256


class EvidenceImport(Model):
    """One file that was looked at, and perhaps applied; the counts are of its rows."""

    __tablename__ = "evidence_import"
    __table_args__ = (
        CheckConstraint("warned >= 0 AND rejected >= 0 AND recorded >= 0", name="counts_not_negative"),
        CheckConstraint("warned <= accepted AND recorded <= accepted", name="counted_rows_are_accepted"),
        CheckConstraint("(applied_at IS NULL) = (applied_by IS NULL)", name="applied_by_somebody"),
    )

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # rules.Kind
    system: Mapped[str] = mapped_column(String(80))  # where the file comes from, as the officer says
    year: Mapped[int | None]  # what the whole file is about, where its rows do not say
    rule_set: Mapped[Sha256] = mapped_column(ForeignKey("rule_set.sha256"))  # whose matrix and scales judged it
    file_name: Mapped[str] = mapped_column(String(200))
    content_hash: Mapped[Sha256]
    read_at: Mapped[Moment]
    read_by: Mapped[str] = mapped_column(String(120))
    accepted: Mapped[int]
    warned: Mapped[int]
    rejected: Mapped[int]
    recorded: Mapped[int]  # facts that are new: foreseen by the preview, counted anew by the apply
    applied_at: Mapped[Moment | None]
    applied_by: Mapped[str | None] = mapped_column(String(120))

    @property
    def known(self) -> int:
        """Count the accepted rows that said nothing new."""
        return self.accepted - self.recorded


class EvidenceContent(Model):
    """The bytes between preview and apply; gone afterwards, because they hold more than was asked for."""

    __tablename__ = "evidence_content"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("evidence_import.import_id"), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class EvidenceFinding(Model):
    """What was wrong at one place of a file."""

    __tablename__ = "evidence_finding"
    __table_args__ = (CheckConstraint("severity IN ('error', 'warning')", name="severity_is_known"),)

    import_id: Mapped[UUID] = mapped_column(ForeignKey("evidence_import.import_id"), primary_key=True)
    finding_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    row_no: Mapped[int]
    letter: Mapped[str] = mapped_column(String(3))
    severity: Mapped[str] = mapped_column(String(8))
    nip: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    sentence: Mapped[str] = mapped_column(Text)
    advice: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(String(200))


class EvidenceFact(Model):
    """What a source says of an employee. A correction or a takeback is another row, which names this one.

    It comes from a row of a file, or from an officer with a reason.
    """

    __tablename__ = "evidence_fact"
    __table_args__ = (
        Index("ix_evidence_fact_agency_id_employee_id", "agency_id", "employee_id"),
        CheckConstraint("state IN ('present', 'absent', 'taken_back')", name="state_is_known"),
        CheckConstraint("state <> 'taken_back' OR replaces IS NOT NULL", name="takes_something_back"),
        CheckConstraint("(import_id IS NULL) = (row_no IS NULL)", name="row_of_a_file"),
        CheckConstraint("import_id IS NOT NULL OR reason <> ''", name="file_or_reason"),
        {"info": {"append_only": True}},
    )

    fact_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employee.employee_id"))
    kind: Mapped[str] = mapped_column(String(20))  # rules.Kind
    state: Mapped[str] = mapped_column(String(10))  # rules.State
    said: Mapped[Document]  # as rules.reading writes it; empty in a takeback
    # Unique: two corrections of the same row cannot both stand.
    replaces: Mapped[UUID | None] = mapped_column(ForeignKey("evidence_fact.fact_id"), unique=True)
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("evidence_import.import_id"), index=True)
    row_no: Mapped[int | None]
    basis: Mapped[str] = mapped_column(String(200))  # the document that an officer had before them
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[Moment]
    source_file: Mapped[EvidenceImport | None] = relationship()


class EvidenceStanding(Model):
    """How much is known of an employee, component by component, on a day and under a rule set.

    Only a copy: all of it follows from facts that only grow, and judging writes it anew. Without it the overview of a
    province would read every fact of it. A row is out of date when rule set, day or number of facts are others now.
    """

    __tablename__ = "evidence_standing"
    __table_args__ = (
        Index("ix_evidence_standing_overview", "agency_id", "employee_id", "rule_set", "as_of", "facts", "states"),
        CheckConstraint("facts >= 0", name="facts_not_negative"),
    )

    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employee.employee_id"), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    rule_set: Mapped[Sha256] = mapped_column(ForeignKey("rule_set.sha256"))
    as_of: Mapped[date]
    facts: Mapped[int]
    states: Mapped[str] = mapped_column(String(20))  # the first letter of each state, in the order of rules.COMPONENTS
