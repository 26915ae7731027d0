"""What can be done with accounts: make, sign in and out, set passwords, enrol second factors, unlock."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from pyotp import random_base32
from sqlalchemy import update
from sqlalchemy.orm import Session

from assessment_app.accounts import queries
from assessment_app.accounts.messages import Enrolment, Visit
from assessment_app.accounts.models import Agency, OneTimeLink, StaffAccount, StaffRole, StaffSession
from assessment_app.accounts.rules import (
    ENROL_LIFE,
    LINK_LIFE,
    Actor,
    Admission,
    PasswordFault,
    Proof,
    Role,
    Step,
    may_be_without_agency,
    normal_name,
    password_faults,
)
from assessment_app.platform import audit
from assessment_app.platform.errors import Conflict, Invalid, NotFound
from assessment_app.platform.security import open_secret, seal_secret

SIGN_IN_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{2,79}")


def create_agency(
    db: Session, code: str, name: str, timezone: str, by: Actor, now: datetime, agency_id: UUID | None = None
) -> Agency:
    """Add an agency; refuses with Conflict when the code is taken."""
    if queries.agency_coded(db, code):
        raise Conflict("Kode instansi sudah dipakai.")
    agency = Agency(agency_id=agency_id or uuid4(), code=code, name=name, timezone=timezone, created=now)
    db.add(agency)
    db.flush()
    audit.record(db, audit.Act(agency.agency_id, by.name, "agency.create", code, origin=by.origin), now)
    return agency


def create_account(
    db: Session, sign_in_name: str, full_name: str, roles: Iterable[Role], agency_id: UUID | None,
    by: Actor, now: datetime,
) -> StaffAccount:  # fmt: skip
    """Add an account that cannot sign in before its password is set by a link.

    Refuses with Invalid for a bad name or a missing agency, with Conflict when the name is taken.
    """
    name, wanted = normal_name(sign_in_name), sorted(frozenset(roles))
    if not SIGN_IN_NAME.fullmatch(name):
        raise Invalid("Nama masuk terdiri dari 3 sampai 80 huruf kecil, angka, titik, garis, atau @.")
    if not wanted or Role.PARTICIPANT in wanted or not full_name.strip():
        raise Invalid("Akun staf perlu nama lengkap dan sedikitnya satu peran staf.")
    if agency_id is None and not may_be_without_agency(wanted):
        raise Invalid("Hanya admin sistem boleh tanpa instansi.")
    if queries.lock_account_named(db, name):
        raise Conflict("Nama masuk sudah dipakai.")
    account = StaffAccount(
        account_id=uuid4(), agency_id=agency_id, sign_in_name=name, full_name=full_name.strip(), created=now,
        held=[StaffRole(role=role) for role in wanted],
    )  # fmt: skip
    db.add(account)
    db.flush()
    _note(db, account, "account.create", by, now, roles=",".join(wanted))
    return account


def issue_link(db: Session, account_id: UUID, by: Actor, now: datetime) -> str:
    """Make a link for setting a password, good once and for a day; its secret is told only here."""
    account, token = queries.lock_account(db, account_id), secrets.token_urlsafe(32)
    hashed, expires = queries.hashed(token), now + LINK_LIFE
    db.add(OneTimeLink(link_hash=hashed, account_id=account_id, created=now, expires=expires))
    _note(db, account, "account.link", by, now)
    return token


def set_password(db: Session, token: str, password: str, visit: Visit, now: datetime) -> tuple[PasswordFault, ...]:
    """Set a password by link: all sessions and other links of the account end, a lock opens.

    Gives back what is wrong with the password, and then nothing has happened. Refuses with NotFound when the
    link is unknown, used or too old.
    """
    link = queries.link_named(db, token, now, lock=True)
    faults = password_faults(password, link.account.sign_in_name)
    if faults:
        return faults
    account = queries.lock_account(db, link.account_id)
    account.password_hash = queries.hash_password(password)
    account.failed_count, account.locked_until = 0, None
    unused = OneTimeLink.account_id == account.account_id, OneTimeLink.used.is_(None)
    db.execute(update(OneTimeLink).where(*unused).values(used=now))
    _end_sessions(db, account.account_id, now)
    _note(db, account, "account.password", Actor(f"account:{account.account_id}", visit.origin), now)
    return ()


def sign_in(db: Session, name: str, proof: Proof, factor_required: bool, visit: Visit, now: datetime) -> Admission:
    """Let somebody in as far as the password reaches: to the second factor, to enrolment, or all the way.

    Refused alike: unknown name, wrong password, locked or deactivated account. Each is in the audit trail.
    """
    account = queries.lock_account_named(db, name)
    if account is None:
        _record(db, None, "account.sign_in_failed", "unknown", Actor("anonymous", visit.origin), now)
        return Admission(Step.REFUSED)
    if not account.active or account.is_locked(now):
        _note(db, account, "account.sign_in_refused", Actor("anonymous", visit.origin), now)
        return Admission(Step.REFUSED)
    if proof.matched is None or proof.matched != account.password_hash:
        _fail(db, account, "password", visit, now)
        return Admission(Step.REFUSED)
    account.password_hash = proof.renewed or account.password_hash
    if account.totp_secret is None and not factor_required:
        return _enter(db, account, visit, now)
    step = Step.ENROL if account.totp_secret is None else Step.CODE
    return Admission(step, _open_session(db, account, visit, now, whole=False))


def pass_code(db: Session, token: str, code: str, visit: Visit, now: datetime) -> Admission:
    """Take the second factor of whoever gave the password; refuses with NotFound when that is long ago."""
    half, account = _half_way(db, token, now)
    if account.is_locked(now):
        _note(db, account, "account.sign_in_refused", Actor("anonymous", visit.origin), now)
        return Admission(Step.REFUSED)
    secret = open_secret(account.totp_secret, "totp").decode() if account.totp_secret else ""
    step = queries.step_of(secret, code, now) if secret else None
    if step is None or step <= (account.totp_last_step or 0):
        _fail(db, account, "code", visit, now)
        return Admission(Step.REFUSED)
    account.totp_last_step, half.ended = step, now
    return _enter(db, account, visit, now)


def begin_enrolment(account: StaffAccount | queries.SignedIn, now: datetime) -> Enrolment:
    """Draw a new secret for an authenticator app; nothing is stored before a code has proven it."""
    return Enrolment(account.account_id, account.sign_in_name, random_base32(), now)


def enrol_half_way(
    db: Session, token: str, enrolment: Enrolment | None, code: str, visit: Visit, now: datetime
) -> Admission:
    """Enrol the first second factor of whoever just gave the password, and let them in.

    An account that has one already is refused: half way in, nobody may replace what keeps others out.
    """
    half, account = _half_way(db, token, now)
    if account.totp_secret is not None or not _enrol(db, account, enrolment, code, visit, now):
        return Admission(Step.REFUSED)
    half.ended = now
    return _enter(db, account, visit, now)


def replace_factor(
    db: Session, account_id: UUID, proof: Proof, enrolment: Enrolment | None, code: str,
    visit: Visit, now: datetime,
) -> bool:  # fmt: skip
    """Put a new second factor in the place of the old one; a wrong password counts as an attempt."""
    if not prove_again(db, account_id, proof, visit, now):
        return False
    return _enrol(db, queries.lock_account(db, account_id), enrolment, code, visit, now)


def prove_again(db: Session, account_id: UUID, proof: Proof, visit: Visit, now: datetime) -> bool:
    """Tell whether whoever is signed in knows the password still: somebody else may sit at their desk.

    A wrong password counts as an attempt, and a locked account proves nothing.
    """
    account = queries.lock_account(db, account_id)
    if not account.active or account.is_locked(now):
        return False
    if proof.matched is None or proof.matched != account.password_hash:
        _fail(db, account, "password", visit, now)
        return False
    return True


def forget_factor(db: Session, account_id: UUID, by: Actor, now: datetime) -> None:
    """Take the second factor off an account whose owner lost the device; all its sessions end."""
    account = queries.lock_account_seen_by(db, by.agency_id, account_id)
    account.totp_secret, account.totp_last_step = None, None
    _end_sessions(db, account_id, now)
    _note(db, account, "account.factor_forgotten", by, now)


def touch(db: Session, token: str, now: datetime) -> None:
    """Keep a sign of life of a session; a minute is exact enough."""
    row = queries.session_named(db, token)
    if row is not None and row.ended is None and row.is_due_for_touch(now):
        row.last_seen = now


def sign_out(db: Session, token: str, visit: Visit, now: datetime) -> None:
    """End the session that a cookie names; safe to repeat."""
    row = queries.session_named(db, token)
    if row is not None and row.ended is None:
        row.ended = max(now, row.created)
        _note(db, row.account, "account.sign_out", Actor(f"account:{row.account_id}", visit.origin), now)


def end_own_session(db: Session, account_id: UUID, session_hash: str, by: Actor, now: datetime) -> None:
    """End one session of one's own; refuses with NotFound when it is somebody else's."""
    row = db.get(StaffSession, session_hash)
    if row is None or row.account_id != account_id:
        raise NotFound
    if row.ended is None:
        row.ended = max(now, row.created)
        _note(db, row.account, "account.session_ended", by, now)


def end_sessions(db: Session, account_id: UUID, by: Actor, now: datetime) -> None:
    """End all sessions of an account; refuses with NotFound outside the actor's agency."""
    account = queries.lock_account_seen_by(db, by.agency_id, account_id)
    _end_sessions(db, account_id, now)
    _note(db, account, "account.sessions_ended", by, now)


def unlock(db: Session, account_id: UUID, by: Actor, now: datetime) -> None:
    """Open a locked account before its time; refuses with NotFound outside the actor's agency."""
    account = queries.lock_account_seen_by(db, by.agency_id, account_id)
    account.failed_count, account.locked_until = 0, None
    _note(db, account, "account.unlock", by, now)


def set_active(db: Session, account_id: UUID, by: Actor, now: datetime, *, active: bool) -> None:
    """Deactivate an account, which ends its sessions, or activate it again; nobody does it to themselves."""
    account = queries.lock_account_seen_by(db, by.agency_id, account_id)
    if by.name == f"account:{account_id}":
        raise Conflict("Anda tidak dapat menonaktifkan akun sendiri.")
    account.active = active
    if not active:
        _end_sessions(db, account_id, now)
    _note(db, account, "account.activate" if active else "account.deactivate", by, now)


def _half_way(db: Session, token: str, now: datetime) -> tuple[StaffSession, StaffAccount]:
    half = queries.half_way(db, token, now)
    return half, queries.lock_account(db, half.account_id)


def _enrol(
    db: Session, account: StaffAccount, enrolment: Enrolment | None, code: str, visit: Visit, now: datetime
) -> bool:
    if enrolment is None or enrolment.account_id != account.account_id or now - enrolment.made > ENROL_LIFE:
        return False
    step = queries.step_of(enrolment.secret, code, now)
    if step is None:
        return False
    account.totp_secret, account.totp_last_step = seal_secret(enrolment.secret.encode(), "totp"), step
    _note(db, account, "account.factor_enrolled", Actor(f"account:{account.account_id}", visit.origin), now)
    return True


def _fail(db: Session, account: StaffAccount, what: str, visit: Visit, now: datetime) -> None:
    lock, actor = account.count_failure(now), Actor("anonymous", visit.origin)
    _note(db, account, "account.sign_in_failed", actor, now, wrong=what, failures=account.failed_count)
    if lock is not None:
        _note(db, account, "account.locked", actor, now, seconds=int(lock.total_seconds()))


def _enter(db: Session, account: StaffAccount, visit: Visit, now: datetime) -> Admission:
    account.failed_count, account.locked_until = 0, None
    token = _open_session(db, account, visit, now, whole=True)
    _note(db, account, "account.sign_in", Actor(f"account:{account.account_id}", visit.origin), now)
    return Admission(Step.DONE, token)


def _open_session(db: Session, account: StaffAccount, visit: Visit, now: datetime, *, whole: bool) -> str:
    token = secrets.token_urlsafe(32)
    db.add(StaffSession(
        session_hash=queries.hashed(token), account=account, whole=whole, created=now, last_seen=now,
        origin=visit.origin, browser=visit.browser,
    ))  # fmt: skip
    return token


def _end_sessions(db: Session, account_id: UUID, now: datetime) -> None:
    living = update(StaffSession).where(StaffSession.account_id == account_id, StaffSession.ended.is_(None))
    db.execute(living.values(ended=now))


def _note(db: Session, account: StaffAccount, action: str, by: Actor, now: datetime, **detail: object) -> None:
    _record(db, account.agency_id, action, f"account:{account.account_id}", by, now, **detail)


def _record(
    db: Session, agency_id: UUID | None, action: str, subject: str, by: Actor, now: datetime, **detail: object
) -> None:
    act = audit.Act(agency_id, by.name, action, subject, origin=by.origin, detail=detail)
    audit.record(db, act, now)
