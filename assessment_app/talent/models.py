"""Placements: the nine probabilities and the box that follows, with what they rest on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from assessment_app.platform.db import Document, Model, Moment, Sha256


class Placement(Model):
    """Where a profile places a person under one rule set: proposed by the system, decided by people."""

    __tablename__ = "placement"
    __table_args__ = (
        ForeignKeyConstraint(["sitting_id", "profile_inputs"], ["profile.sitting_id", "profile.inputs_sha256"]),
        {"info": {"append_only": True}},
    )

    sitting_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    profile_inputs: Mapped[Sha256] = mapped_column(primary_key=True)
    definition: Mapped[str] = mapped_column(String(20), primary_key=True)
    rule_set: Mapped[Sha256] = mapped_column(ForeignKey("rule_set.sha256"), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.wave_id"), index=True)
    box: Mapped[int | None]
    complete: Mapped[bool]
    document: Mapped[Document]
    placed: Mapped[Moment]
