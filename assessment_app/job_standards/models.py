"""What is remembered of standards of posts, and of the files they came from."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from assessment_app.platform.db import Document, Model, Moment, Sha256


class StandardImport(Model):
    """One file that was looked at, and perhaps applied. It holds no person, so its bytes stay as its proof."""

    __tablename__ = "standard_import"
    __table_args__ = (
        CheckConstraint("accepted >= 0 AND rejected >= 0 AND added >= 0", name="counts_not_negative"),
        CheckConstraint("(applied_at IS NULL) = (applied_by IS NULL)", name="applied_by_somebody"),
    )

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content_hash: Mapped[Sha256]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    read_at: Mapped[Moment]
    read_by: Mapped[str] = mapped_column(String(120))
    accepted: Mapped[int]
    rejected: Mapped[int]
    added: Mapped[int]  # standards that are news: foreseen by the preview, counted anew by the apply
    applied_at: Mapped[Moment | None]
    applied_by: Mapped[str | None] = mapped_column(String(120))


class JobStandard(Model):
    """The required level of each competency in a post, from a day on; a later row for the same day corrects it."""

    __tablename__ = "job_standard"
    __table_args__ = (
        Index("ix_job_standard_post", "agency_id", "post_key"),
        {"info": {"append_only": True}},
    )

    standard_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    post_key: Mapped[str] = mapped_column(String(500))
    unit_key: Mapped[str] = mapped_column(String(500))  # empty: in every unit
    post: Mapped[str] = mapped_column(String(500))
    unit: Mapped[str] = mapped_column(String(500))
    code: Mapped[str] = mapped_column(String(500))
    levels: Mapped[Document]
    source: Mapped[str] = mapped_column(String(500))
    since: Mapped[date]
    sha256: Mapped[Sha256]
    import_id: Mapped[UUID] = mapped_column(ForeignKey("standard_import.import_id"))
    added: Mapped[Moment]
