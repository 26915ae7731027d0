"""What can be seen of accounts and sessions, and how rows are locked before they change."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pyotp import TOTP
from pyotp.utils import strings_equal
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from assessment_app.accounts.models import Agency, OneTimeLink, StaffAccount, StaffRole, StaffSession
from assessment_app.accounts.rules import Proof, Role, SessionState, Span, normal_name
from assessment_app.platform.errors import NotFound

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # 62 ms; the default takes 160


def hashed(token: str) -> str:
    """Hash a random token of ours; with 256 random bits it needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class SignedIn:
    """Whoever is signed in, as flask-login and the pages know them; a copy that outlives the transaction."""

    account_id: UUID
    agency_id: UUID | None
    agency_name: str
    timezone: str | None
    sign_in_name: str
    full_name: str
    roles: frozenset[Role]
    has_second_factor: bool
    token: str
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Name the session for the cookie: a random number and nothing about the person."""
        return self.token

    @property
    def initials(self) -> str:
        """Give the one or two letters that stand for the name in the app bar."""
        words = [word for word in self.full_name.split(",")[0].split() if word[0].isalpha()]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def actor(self) -> str:
        """Name this person in the audit trail."""
        return f"account:{self.account_id}"


def signed_in(row: StaffSession, token: str) -> SignedIn:
    """Copy what the pages need to know about the owner of a session."""
    account = row.account
    agency = account.agency
    return SignedIn(
        account.account_id, account.agency_id, agency.name if agency else "",
        agency.timezone if agency else None, account.sign_in_name, account.full_name, account.roles,
        account.totp_secret is not None, token,
    )  # fmt: skip


def session_named(db: Session, token: str) -> StaffSession | None:
    """Find a session by the number in its cookie, whatever has become of it."""
    return db.get(StaffSession, hashed(token))


def state_of(row: StaffSession, span: Span, now: datetime) -> SessionState:
    """Judge a session; that of a deactivated account has ended."""
    if not row.account.active:
        return SessionState.ENDED
    return span.state(row.created, row.last_seen, row.ended, row.whole, now)


def password_hash_of(db: Session, name: str) -> str | None:
    """Give the stored hash of whoever signs in with this name; nothing for nobody and for nobody yet."""
    return db.scalar(select(StaffAccount.password_hash).where(StaffAccount.sign_in_name == normal_name(name)))


def lock_account_named(db: Session, name: str) -> StaffAccount | None:
    """Lock the account of a sign-in name."""
    wanted = select(StaffAccount).where(StaffAccount.sign_in_name == normal_name(name))
    return db.scalar(_locked(wanted))


def _locked(wanted: Select[StaffAccount]) -> Select[StaffAccount]:
    # Read anew under the lock: what was loaded before it may be what another request has just changed.
    return wanted.with_for_update(of=StaffAccount).execution_options(populate_existing=True)


def lock_account(db: Session, account_id: UUID) -> StaffAccount:
    """Lock an account; refuses with NotFound."""
    wanted = select(StaffAccount).where(StaffAccount.account_id == account_id)
    found = db.scalar(_locked(wanted))
    if found is None:
        raise NotFound
    return found


def lock_account_seen_by(db: Session, scope: UUID | None, account_id: UUID) -> StaffAccount:
    """Lock an account for an administrator of an agency, or of all (None); refuses with NotFound."""
    found = lock_account(db, account_id)
    if scope is not None and found.agency_id != scope:
        raise NotFound
    return found


def half_way(db: Session, token: str, now: datetime) -> StaffSession:
    """Find the session of somebody between password and second factor; refuses with NotFound."""
    row = session_named(db, token)
    if row is None or state_of(row, Span(), now) is not SessionState.HALF:
        raise NotFound("Waktu untuk langkah kedua habis. Masuk lagi dari awal.")
    return row


def link_named(db: Session, token: str, now: datetime, *, lock: bool = False) -> OneTimeLink:
    """Find a link that can still be used, locked for whoever uses it now; refuses with NotFound."""
    wanted = select(OneTimeLink).where(OneTimeLink.link_hash == hashed(token))
    found = db.scalar(wanted.with_for_update(of=OneTimeLink) if lock else wanted)
    if found is None or found.used is not None or found.expires <= now or not found.account.active:
        raise NotFound("Tautan ini sudah dipakai atau kedaluwarsa. Minta tautan baru kepada admin sistem.")
    return found


def living_sessions(db: Session, account_id: UUID, span: Span, now: datetime) -> list[StaffSession]:
    """List the sessions of an account that still open pages, newest first."""
    wanted = select(StaffSession).where(StaffSession.account_id == account_id, StaffSession.ended.is_(None))
    rows = db.scalars(wanted.order_by(StaffSession.created.desc()))
    return [row for row in rows if state_of(row, span, now) is SessionState.ALIVE]


def accounts_seen_by(db: Session, scope: UUID | None, page: int, size: int = 50) -> tuple[list[StaffAccount], int]:
    """Read one page of the accounts of an agency, or of all (None), and count them all."""
    wanted = select(StaffAccount)
    if scope is not None:
        wanted = wanted.where(StaffAccount.agency_id == scope)
    total = db.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = db.scalars(wanted.order_by(StaffAccount.sign_in_name).limit(size).offset((page - 1) * size))
    return list(rows), total


def agency_ids(db: Session) -> Sequence[UUID]:
    """Name every agency, the oldest first."""
    return db.scalars(select(Agency.agency_id).order_by(Agency.created, Agency.agency_id)).all()


def agency_coded(db: Session, code: str) -> Agency | None:
    """Find an agency by its short code."""
    return db.scalar(select(Agency).where(Agency.code == code))


def names_of(db: Session, account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Give the full names of accounts by their number."""
    wanted = select(StaffAccount).where(StaffAccount.account_id.in_(set(account_ids)))
    return {account.account_id: account.full_name for account in db.scalars(wanted)}


def holders(db: Session, agency_id: UUID, role: Role) -> list[StaffAccount]:
    """List an agency's active accounts that hold a role, by name."""
    wanted = (
        select(StaffAccount).join(StaffRole, StaffRole.account_id == StaffAccount.account_id)
        .where(StaffAccount.agency_id == agency_id, StaffAccount.active, StaffRole.role == role)
        .order_by(StaffAccount.full_name, StaffAccount.account_id)
    )  # fmt: skip
    return list(db.scalars(wanted))


def hash_password(password: str) -> str:
    """Hash a password for keeping: slow on purpose."""
    return _HASHER.hash(password)


@cache
def decoy() -> str:
    """Make the hash that the password of nobody is compared with, so that nobody is as slow as somebody."""
    return hash_password(secrets.token_urlsafe(16))


def prove(stored: str | None, password: str) -> Proof:
    """Compare a password with a stored hash; costs one hash even when there is none to compare with."""
    try:
        _HASHER.verify(stored or decoy(), password)
    except (VerificationError, InvalidHashError):
        return Proof(None)
    if stored is None:
        return Proof(None)
    return Proof(stored, hash_password(password) if _HASHER.check_needs_rehash(stored) else None)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Find the half minute whose code this is: the present one, or the one before or after it."""
    totp = TOTP(secret)
    present = totp.timecode(now)
    near = (present, present - 1, present + 1)
    return next((step for step in near if strings_equal(totp.generate_otp(step), code)), None)
