"""What is remembered of a regulation's numbers: documents by the hash of what they say, and who decided."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assessment_app.platform.db import Document, Model, Moment, Sha256
from assessment_app.rule_sets.rules.life import RELEASED


class RuleSet(Model):
    """The dated numbers of a regulation, named by the hash of what they say."""

    __tablename__ = "rule_set"
    __table_args__ = ({"info": {"append_only": True}},)

    sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    effective: Mapped[Moment]
    document: Mapped[Document]

    @property
    def is_released(self) -> bool:
        """Whether it came with a release and is no agency's own."""
        return self.name == RELEASED


class RuleAct(Model):
    """One step in the life of an agency's own rule set: drafted, edited, submitted, approved and so on.

    The acts of a draft are numbered from 1; the newest tells its state and which document it is about. A rule set that
    came with a release has none.
    """

    __tablename__ = "rule_act"
    __table_args__ = ({"info": {"append_only": True}},)

    draft_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[Sha256] = mapped_column(ForeignKey("rule_set.sha256"))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[Moment]
    why: Mapped[str] = mapped_column(Text)
