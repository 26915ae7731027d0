"""What is remembered of a regulation's numbers: documents, named by the hash of what they say."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from assessment_app.platform.db import Document, Model, Moment, Sha256


class RuleSet(Model):
    """The dated numbers of a regulation, named by the hash of what they say."""

    __tablename__ = "rule_set"
    __table_args__ = ({"info": {"append_only": True}},)

    sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    effective: Mapped[Moment]
    document: Mapped[Document]
