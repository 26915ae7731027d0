"""What is remembered of an agency's people, and of the files they came from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment_app.people.rules import JobLevel, Severity, Sex, Status
from assessment_app.platform.db import Document, Model, Moment, Sha256


def _one_of(column: str, values: Iterable[str]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


class Unit(Model):
    """A part of an agency where people work; a unit may stand under another."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("agency_id", "path_key"),)

    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.unit_id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    path_key: Mapped[str] = mapped_column(String(600))  # lower-case names from the top: a name alone is not unique


class Employee(Model):
    """A civil servant whom an agency may send to an assessment."""

    __tablename__ = "employee"
    __table_args__ = (
        UniqueConstraint("agency_id", "nip"),
        CheckConstraint("length(nip) = 18", name="nip_has_18_digits"),
        CheckConstraint(_one_of("job_level", JobLevel), name="job_level_is_known"),
        CheckConstraint(_one_of("status", Status), name="status_is_known"),
        CheckConstraint(_one_of("sex", Sex), name="sex_is_known"),
    )

    employee_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    nip: Mapped[str] = mapped_column(String(18), index=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.unit_id"), index=True)
    post_title: Mapped[str] = mapped_column(String(200))
    job_level: Mapped[str] = mapped_column(String(20))
    grade: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(4))
    birth_date: Mapped[date]
    sex: Mapped[str] = mapped_column(String(1))
    active: Mapped[bool]
    import_id: Mapped[UUID] = mapped_column(ForeignKey("import_run.import_id"))  # the file that said so last
    unit: Mapped[Unit] = relationship(lazy="joined", innerjoin=True)

    @property
    def level(self) -> JobLevel:
        """The rung of the post, with its name."""
        return JobLevel(self.job_level)


class ImportRun(Model):
    """One file that was looked at, and perhaps applied; the counts are of its rows."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("warned >= 0 AND rejected >= 0 AND created >= 0 AND changed >= 0", name="counts_not_negative"),
        CheckConstraint("warned <= accepted", name="warned_rows_are_accepted"),
        CheckConstraint("created + changed <= accepted", name="written_rows_are_accepted"),
        CheckConstraint("repaired BETWEEN 0 AND accepted AND held >= 0", name="repaired_rows_are_accepted"),
        CheckConstraint("(applied_at IS NULL) = (applied_by IS NULL)", name="applied_by_somebody"),
    )

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content_hash: Mapped[Sha256]
    read_at: Mapped[Moment]
    read_by: Mapped[str] = mapped_column(String(120))
    accepted: Mapped[int]
    warned: Mapped[int]
    repaired: Mapped[int] = mapped_column(default=0)  # accepted rows, parts of which were read otherwise than written
    held: Mapped[int] = mapped_column(default=0)  # rows that wait for a decision
    rejected: Mapped[int]
    questions: Mapped[Document] = mapped_column(default=lambda: {"asked": []})  # as the last look at the file left them
    applied_at: Mapped[Moment | None]
    applied_by: Mapped[str | None] = mapped_column(String(120))
    created: Mapped[int]  # employees new and changed: foreseen by the preview, counted anew by the apply
    changed: Mapped[int]

    @property
    def state(self) -> str:
        """Tell how far the file came; derived, so that it cannot disagree with the moments."""
        return "pratinjau" if self.applied_at is None else "diterapkan"

    @property
    def read(self) -> int:
        """Count the rows of people that the file holds."""
        return self.accepted + self.held + self.rejected

    @property
    def unchanged(self) -> int:
        """Count the accepted rows that said nothing new."""
        return self.accepted - self.created - self.changed


class ImportDecision(Model):
    """What an officer decided about something that a file left open; the newest of a question holds.

    Whether two units are one holds for the agency's later files too, so nobody is asked twice.
    """

    __tablename__ = "import_decision"
    __table_args__ = ({"info": {"append_only": True}},)

    import_id: Mapped[UUID] = mapped_column(ForeignKey("import_run.import_id"), primary_key=True)
    decision_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    question: Mapped[str] = mapped_column(String(80))
    sentence: Mapped[str] = mapped_column(Text)  # what was asked, in the words that the officer read
    choice: Mapped[str] = mapped_column(String(120))
    decided_at: Mapped[Moment]
    decided_by: Mapped[str] = mapped_column(String(120))


class ImportContent(Model):
    """The bytes between preview and apply; gone afterwards, because they hold more than was asked for."""

    __tablename__ = "import_content"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("import_run.import_id"), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportFinding(Model):
    """What was wrong at one place of a file."""

    __tablename__ = "import_finding"
    __table_args__ = (CheckConstraint(_one_of("severity", Severity), name="severity_is_known"),)

    import_id: Mapped[UUID] = mapped_column(ForeignKey("import_run.import_id"), primary_key=True)
    finding_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    row_no: Mapped[int]
    sheet: Mapped[str] = mapped_column(String(100))  # empty in a CSV
    letter: Mapped[str] = mapped_column(String(3))
    severity: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(32))  # findings of one kind are alike
    question: Mapped[str] = mapped_column(String(80))
    nip: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    sentence: Mapped[str] = mapped_column(Text)
    advice: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(String(200))
