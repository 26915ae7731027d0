"""What is remembered of seals: which sheets stand in a session's tree, what was signed, and with which key."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, LargeBinary, String, Text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from assessment_app.platform.db import Model, Moment, Sha256


class SealKey(Model):
    """A public key with which seals of this installation are checked; the private one is in no store."""

    __tablename__ = "seal_key"
    __table_args__ = ({"info": {"append_only": True}},)

    key_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    pem: Mapped[str] = mapped_column(Text)
    at: Mapped[Moment]


class SessionSeal(Model):
    """A signed root over all sheets of a session. Sheets that come later make the next one, which extends it."""

    __tablename__ = "session_seal"
    __table_args__ = (
        CheckConstraint("n > 0 AND size >= 0", name="counts"),
        {"info": {"append_only": True}},
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("exam_session.session_id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    size: Mapped[int]
    root: Mapped[Sha256]
    record: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[str] = mapped_column(String(128))  # Ed25519, in hexadecimal digits
    key_id: Mapped[str] = mapped_column(ForeignKey("seal_key.key_id"))
    at: Mapped[Moment]
    replaces: Mapped[Sha256 | None]  # names the record of the seal before


class SealedSheet(Model):
    """The place of a sheet in the tree of its session; it is in one tree and once."""

    __tablename__ = "sealed_sheet"
    __table_args__ = (
        Unique("session_id", "place"),
        ForeignKeyConstraint(["session_id", "n"], ["session_seal.session_id", "session_seal.n"]),
        CheckConstraint("place >= 0", name="place_counts_from_0"),
        {"info": {"append_only": True}},
    )

    attempt_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("sheet.attempt_id"), primary_key=True, autoincrement=False
    )
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.agency_id"))
    session_id: Mapped[UUID]
    n: Mapped[int]
    place: Mapped[int]
