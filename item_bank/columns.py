"""Column types that both stores share, and how constraints are named."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, DateTime, Dialect, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name that follows from what it holds, so a migration can name it too."""

_HEX_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any aware moment into UTC; refuses a naive one with ValueError."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"A moment needs a time zone, this one has none: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class HexSha256(TypeDecorator[str]):
    """A SHA-256 as 64 lower-case hexadecimal digits."""

    impl = String(64)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Refuse with ValueError whatever is not a hash."""
        if value is not None and not _HEX_SHA256.fullmatch(value):
            raise ValueError(f"Not a SHA-256 in lower-case hexadecimal: {value!r}")
        return value


Moment = Annotated[datetime, mapped_column(UtcDateTime())]
Sha256 = Annotated[str, mapped_column(HexSha256())]
Name = Annotated[str, mapped_column(String(200))]
"""What people read as the name of something."""
Document = Annotated[
    dict[str, Any],
    mapped_column(JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")),
]
"""A JSON object whose form another module knows. Not for what is hashed: JSONB does not keep bytes."""
