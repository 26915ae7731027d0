"""What scoring leaves behind: added, never changed. A new engine or key adds a row beside the old one."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
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
