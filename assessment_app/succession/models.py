"""What is remembered of succession: posts to be filled, and every act on a candidacy. Rows are added, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assessment_app.people.rules import JobLevel
from assessment_app.platform.db import Document, Model, Moment, Sha256
from assessment_app.succession.rules import Pool
from assessment_app.succession.rules.life import Deed


def _one_of(column: str, values: Iterable[str]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


class TargetPost(Model):
    """A post that an agency plans a successor for. It is closed by a row of its own, and named anew when it changes."""

    __tablename__ = "target_post"
    __table_args__ = (
        Index("ix_target_post_name", "agency_id", "post_key", "unit_key"),
        CheckConstraint(_one_of("job_level", JobLevel), name="job_level_is_known"),
        CheckConstraint(_one_of("pool", Pool), name="pool_is_known"),
        {"info": {"append_only": True}},
    )

    post_id: Mapped[UUID] = mapped_column(primary_key=True)  # chosen by the page: sent twice, it is one
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    post: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(200))  # empty: the post's standard for every unit holds
    post_key: Mapped[str] = mapped_column(String(200))
    unit_key: Mapped[str] = mapped_column(String(200))
    job_level: Mapped[str] = mapped_column(String(20))
    pool: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"))
    at: Mapped[Moment]


class TargetPostEnd(Model):
    """A post is planned for no more: it was filled, or is there no longer. Its acts stay to be read."""

    __tablename__ = "target_post_end"
    __table_args__ = ({"info": {"append_only": True}},)

    post_id: Mapped[UUID] = mapped_column(ForeignKey("target_post.post_id"), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"))
    at: Mapped[Moment]


class SuccessionAct(Model):
    """One act on somebody's candidacy for a post. Its number is the lock: of two at the same time one finds it taken.

    ``document`` is what was known and shown when it was done (``rules.standing``), and stays as it was.
    """

    __tablename__ = "succession_act"
    __table_args__ = (
        Index("ix_succession_act_person", "agency_id", "employee_id"),
        CheckConstraint(_one_of("kind", Deed), name="kind_is_known"),
        CheckConstraint(
            "(kind IN ('proposed', 'withdrawn')) = (account_id = proposed_by)", name="decided_by_a_second_person"
        ),
        {"info": {"append_only": True}},
    )

    post_id: Mapped[UUID] = mapped_column(ForeignKey("target_post.post_id"), primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employee.employee_id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    kind: Mapped[str] = mapped_column(String(10))
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.sitting_id"))
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"))
    reason: Mapped[str] = mapped_column(Text)
    document: Mapped[Document]
    sha256: Mapped[Sha256]
    at: Mapped[Moment]


class TechnicalFit(Model):
    """How well somebody fits a post technically, as a test outside of this platform found; the newest counts."""

    __tablename__ = "technical_fit"
    __table_args__ = (
        CheckConstraint("hundredths BETWEEN 0 AND 10000", name="lies_between_0_and_100"),
        {"info": {"append_only": True}},
    )

    post_id: Mapped[UUID] = mapped_column(ForeignKey("target_post.post_id"), primary_key=True)
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employee.employee_id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    hundredths: Mapped[int]
    basis: Mapped[str] = mapped_column(String(200))  # the document that says so
    account_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"))
    at: Mapped[Moment]
