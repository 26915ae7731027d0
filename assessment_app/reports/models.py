"""What is remembered of reports: each as it was issued, by its number; and who has asked for one that is not there."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assessment_app.platform.db import Model, Moment, Sha256

TASK = "report_issue"
"""How the job of issuing somebody's report is called; its subject is the sitting."""


class Report(Model):
    """One issued report: its exact bytes, and what it rests on.

    Its place in the row of its wave is its number, without gaps; its edition is its place in the row of its sitting,
    and of two that are issued at once for one person the second finds the edition taken. Who is signed or placed
    anew gets the next edition, which names the one it takes the place of.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("agency_id", "year", "wave_no", "n"),
        UniqueConstraint("sitting_id", "edition"),
        ForeignKeyConstraint(["sitting_id", "signed_n"], ["signed_result.sitting_id", "signed_result.n"]),
        CheckConstraint("n > 0 AND wave_no > 0 AND edition > 0", name="counts_from_1"),
        CheckConstraint("(edition = 1) = (replaces IS NULL)", name="only_the_first_replaces_none"),
        {"info": {"append_only": True}},
    )

    number: Mapped[str] = mapped_column(String(80), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.wave_id"), index=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.sitting_id"))
    year: Mapped[int]
    wave_no: Mapped[int]  # the how manieth wave of the agency
    n: Mapped[int]
    edition: Mapped[int]
    replaces: Mapped[str | None] = mapped_column(ForeignKey("report.number"), unique=True)
    signed_n: Mapped[int]
    profiling_inputs: Mapped[Sha256]  # name the placements that it rests on, one by definition
    talent_inputs: Mapped[Sha256]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[Sha256]
    valid_until: Mapped[date]  # this day included
    issued: Mapped[Moment]
    issued_by: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"))


class ReportRequest(Model):
    """Who has asked for somebody's report; gone with the report. The work itself is a job."""

    __tablename__ = "report_request"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.sitting_id"), primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.wave_id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"))
    asked: Mapped[Moment]
