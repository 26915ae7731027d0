"""What sign-in remembers; every table is in both stores, because office and vault know their own people."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assessment_app.accounts.rules import TIMEZONES, TOUCH_EVERY, Role, lock_after
from assessment_app.platform.db import Model, Moment, Sha256

BOTH = {"info": {"stores": ("exam", "vault")}}
"""Both stores have these tables; the rows in each are its own."""


def _one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


class Agency(Model):
    """A government body that assesses its people here; almost everything belongs to one."""

    __tablename__ = "agency"
    __table_args__ = (CheckConstraint(_one_of("timezone", TIMEZONES), name="timezone_is_indonesian"), BOTH)

    agency_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    timezone: Mapped[str] = mapped_column(String(40))
    created: Mapped[Moment]


class StaffAccount(Model):
    """Somebody who works with the office or the vault."""

    __tablename__ = "staff_account"
    __table_args__ = (
        CheckConstraint("failed_count >= 0", name="failed_count_not_negative"),
        CheckConstraint("sign_in_name = lower(sign_in_name)", name="sign_in_name_is_lower_case"),
        BOTH,
    )

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.agency_id"), index=True)
    sign_in_name: Mapped[str] = mapped_column(String(80), unique=True)
    full_name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed: of no use without our key
    totp_last_step: Mapped[int | None]  # a code is good once, even within its half minute
    failed_count: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[Moment | None]
    active: Mapped[bool] = mapped_column(default=True)
    created: Mapped[Moment]
    agency: Mapped[Agency | None] = relationship(lazy="joined")
    held: Mapped[list[StaffRole]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="StaffRole.role"
    )

    @property
    def roles(self) -> frozenset[Role]:
        """What this account may do."""
        return frozenset(Role(row.role) for row in self.held)

    def is_locked(self, now: datetime) -> bool:
        """Tell whether nobody can sign in to this account now."""
        return self.locked_until is not None and now < self.locked_until

    def count_failure(self, now: datetime) -> timedelta | None:
        """Count a wrong attempt; lock, and tell for how long, when it was one too many."""
        self.failed_count += 1
        lock = lock_after(self.failed_count)
        if lock is not None:
            self.locked_until = now + lock
        return lock


class StaffRole(Model):
    """One role of one account."""

    __tablename__ = "staff_role"
    __table_args__ = (CheckConstraint(_one_of("role", tuple(Role)), name="role_is_known"), BOTH)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)


class StaffSession(Model):
    """One sign-in of one browser; the cookie holds the number whose hash this row is named by."""

    __tablename__ = "staff_session"
    __table_args__ = (
        CheckConstraint("last_seen >= created", name="seen_after_created"),
        CheckConstraint("ended IS NULL OR ended >= created", name="ended_after_created"),
        BOTH,
    )

    session_hash: Mapped[Sha256] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"), index=True)
    whole: Mapped[bool]  # False between the password and the second factor: opens no page
    created: Mapped[Moment]
    last_seen: Mapped[Moment]
    ended: Mapped[Moment | None]
    origin: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(120))
    account: Mapped[StaffAccount] = relationship(lazy="joined", innerjoin=True)

    def is_due_for_touch(self, now: datetime) -> bool:
        """Tell whether the kept sign of life is old enough to be worth a write."""
        return now - self.last_seen >= TOUCH_EVERY


class OneTimeLink(Model):
    """Permission to set a password once, handed over by whoever made it on the command line."""

    __tablename__ = "one_time_link"
    __table_args__ = (CheckConstraint("expires > created", name="expires_after_created"), BOTH)

    link_hash: Mapped[Sha256] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.account_id"), index=True)
    created: Mapped[Moment]
    expires: Mapped[Moment]
    used: Mapped[Moment | None]
    account: Mapped[StaffAccount] = relationship(lazy="joined", innerjoin=True)
