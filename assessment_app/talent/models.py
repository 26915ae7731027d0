"""Placements: where a result places a person under one definition, with what that rests on; and which is current."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from assessment_app.platform.db import Document, Model, Moment, Sha256

DEFINITIONS = "definition IN ('profiling', 'talent')"
STATES = "state IN ('proposed', 'signed')"

COUNTED = (
    "agency_id", "wave_id", "definition", "cell", "state", "near_cut", "unit", "job_level", "birth_date", "rule_set",
    "demonstration",
)  # fmt: skip
"""All that a matrix is counted and filtered by: that of a province is read from one index alone."""


class Placement(Model):
    """Where a profile, as made or as signed, places a person: proposed by the system, decided by people.

    It is named by the hash of all that it was computed from, so placing twice is placing once, and new evidence, a new
    signature or new rules add a placement beside the old one.
    """

    __tablename__ = "placement"
    __table_args__ = (
        ForeignKeyConstraint(["sitting_id", "profile_inputs"], ["profile.sitting_id", "profile.inputs_sha256"]),
        CheckConstraint(DEFINITIONS, name="definition_is_known"),
        CheckConstraint(STATES, name="state_is_known"),
        CheckConstraint("(state = 'signed') = (signed_sha256 IS NOT NULL)", name="signed_by_a_result"),
        {"info": {"append_only": True}},
    )

    sitting_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    definition: Mapped[str] = mapped_column(String(20), primary_key=True)
    inputs_sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    profile_inputs: Mapped[Sha256]
    signed_sha256: Mapped[Sha256 | None]
    rule_set: Mapped[Sha256] = mapped_column(ForeignKey("rule_set.sha256"))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.wave_id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    box: Mapped[int | None]
    document: Mapped[Document]
    sha256: Mapped[Sha256]
    placed: Mapped[Moment]


class CurrentPlacement(Model):
    """Which placement of a sitting counts now, and of it what pages count, filter and sort by.

    Only a pointer with a copy: all of it follows from facts that only grow, and placing writes it anew. Without it
    the page of a province would read a document for each of its people. Cells are counted as in ``rules/cells.py``;
    ``y`` and ``x`` are hundredths of a point, halves rounded up, as they are shown: match and potential, or
    performance and potential of the regulation.
    """

    __tablename__ = "current_placement"
    __table_args__ = (
        ForeignKeyConstraint(
            ["sitting_id", "definition", "inputs_sha256"],
            ["placement.sitting_id", "placement.definition", "placement.inputs_sha256"],
            name="fk_current_placement_placement",
        ),
        CheckConstraint("cell IS NULL OR cell BETWEEN 0 AND 8", name="cell_is_one_of_nine"),
        CheckConstraint("(cell IS NULL) = (chance IS NULL)", name="a_box_has_its_chance"),
        Index("ix_current_placement_matrix", *COUNTED),
        Index("ix_current_placement_person", "agency_id", "wave_id", "definition", "employee_id", "cell"),
    )

    sitting_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    definition: Mapped[str] = mapped_column(String(20), primary_key=True)
    inputs_sha256: Mapped[Sha256]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.wave_id"))
    employee_id: Mapped[UUID] = mapped_column(ForeignKey("employee.employee_id"))
    rule_set: Mapped[Sha256] = mapped_column(ForeignKey("rule_set.sha256"))
    state: Mapped[str] = mapped_column(String(10))
    cell: Mapped[int | None] = mapped_column(SmallInteger)
    chance: Mapped[float | None]
    near_cut: Mapped[bool]
    rival: Mapped[int | None] = mapped_column(SmallInteger)
    other_cell: Mapped[int | None] = mapped_column(SmallInteger)  # by the row of the Y score, where it is another one
    open_cells: Mapped[int] = mapped_column(SmallInteger)  # bits: where a provisional result can still end
    y: Mapped[int | None]
    x: Mapped[int | None]
    demonstration: Mapped[bool]
    nip: Mapped[str] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(String(500))
    unit: Mapped[str] = mapped_column(String(500))
    post: Mapped[str] = mapped_column(String(500))
    job_level: Mapped[str] = mapped_column(String(20))
    birth_date: Mapped[date]
