"""What scoring leaves behind: added, never changed. A new engine or key adds a row beside the old one."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from assessment_app.platform.db import Document, Model, Moment, Sha256


class Score(Model):
    """An attempt's scores under one key and one engine, with the exact bytes that were computed.

    The key's seal covers item parameters and recipe as well: it is the hash of the whole key, in which both stand
    (``item_bank.keys.Key``). So scoring twice adds nothing, and a corrected key, parameter or recipe is another row.
    """

    __tablename__ = "score"
    __table_args__ = ({"info": {"append_only": True}},)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.attempt_id"), primary_key=True, autoincrement=False)
    key_seal: Mapped[Sha256] = mapped_column(primary_key=True)
    engine_version: Mapped[str] = mapped_column(String(20), primary_key=True)
    sheet_sha256: Mapped[Sha256]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[Sha256]
    scored: Mapped[Moment]


class Profile(Model):
    """What a sitting's scores say about a person, each quantity with its uncertainty."""

    __tablename__ = "profile"
    __table_args__ = ({"info": {"append_only": True}},)

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.sitting_id"), primary_key=True, autoincrement=False)
    inputs_sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    rule_set: Mapped[Sha256] = mapped_column(ForeignKey("rule_set.sha256"))
    document: Mapped[Document]
    sha256: Mapped[Sha256]
    made: Mapped[Moment]


class KeyVersion(Model):
    """A corrected key of a form, by its seal: that there is one, why, and who answers for it; never the key.

    Delivered from the vault once. The form goes on naming its first key, and sheets are sealed under that for ever.
    """

    __tablename__ = "key_version"
    __table_args__ = (
        UniqueConstraint("form_id", "n"),
        CheckConstraint("proposed_by <> approved_by", name="approved_by_a_second_person"),
        {"info": {"append_only": True}},
    )

    key_seal: Mapped[Sha256] = mapped_column(primary_key=True)
    form_id: Mapped[Sha256] = mapped_column(ForeignKey("form.form_id"))
    n: Mapped[int]  # 1 is the first correction; the form's own key is version 0
    replaces: Mapped[Sha256]
    calibration: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[str] = mapped_column(String(120))
    approved_by: Mapped[str] = mapped_column(String(120))
    approved: Mapped[Moment]
    public_key: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))
    delivered: Mapped[Moment]


class KeyChoice(Model):
    """Which key of a form counts in a wave from now on: the newest row does, and without one the form's own key.

    Its number is the lock, as that of a review's step: of two choices at the same time one finds it taken.
    """

    __tablename__ = "key_choice"
    __table_args__ = (
        CheckConstraint("proposed_by <> chosen_by", name="chosen_by_a_second_person"),
        {"info": {"append_only": True}},
    )

    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.wave_id"), primary_key=True)
    form_id: Mapped[Sha256] = mapped_column(ForeignKey("form.form_id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    key_seal: Mapped[Sha256]
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"))
    chosen_by: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[Moment]


COUNTED = (
    "agency_id", "wave_id", "certainty", "sitting_id", "near_cut", "serious", "unit", "rule_set", "sha256",
)  # fmt: skip
"""All that a queue is counted, filtered and ordered by: that of a province is read from one index alone."""


class CurrentProfile(Model):
    """Which profile of a sitting is the newest, and of it what pages count, filter and sort by.

    Only a pointer with a copy: all of it follows from facts that only grow, and keeping a profile writes it anew.
    Without it the queue of a province would read a document for each of its people. ``basis`` is what other rules
    would judge anew, as JSON (``rules.basis``).
    """

    __tablename__ = "current_profile"
    __table_args__ = (
        ForeignKeyConstraint(
            ["sitting_id", "inputs_sha256"], ["profile.sitting_id", "profile.inputs_sha256"],
            name="fk_current_profile_profile",
        ),
        Index("ix_current_profile_queue", *COUNTED),
    )  # fmt: skip

    sitting_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    inputs_sha256: Mapped[Sha256]
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    wave_id: Mapped[UUID] = mapped_column(ForeignKey("wave.wave_id"))
    rule_set: Mapped[Sha256] = mapped_column(ForeignKey("rule_set.sha256"))
    sha256: Mapped[Sha256]
    certainty: Mapped[float | None]
    near_cut: Mapped[bool]
    serious: Mapped[int] = mapped_column(SmallInteger)
    match: Mapped[str | None] = mapped_column(String(40))
    potential: Mapped[int | None] = mapped_column(SmallInteger)
    basis: Mapped[bytes] = mapped_column(LargeBinary)
    nip: Mapped[str] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(String(500))
    unit: Mapped[str] = mapped_column(String(500))
