"""Signing: the one place that reads the private key. Exam, office and vault server cannot import it (setup.cfg)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from sqlalchemy import insert
from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Actor
from assessment_app.exam.messages import stamp
from assessment_app.platform import audit
from assessment_app.platform.db import insert_new
from assessment_app.platform.security import write_once
from assessment_app.platform.settings import SettingsError
from assessment_app.scheduling.models import ExamSession
from assessment_app.sealing import queries, rules
from assessment_app.sealing.models import SealedSheet, SealKey, SessionSeal
from assessment_app.sealing.verifier import SIGNED, key_id, leaf_hash, tree_root


class TreeChanged(Exception):
    """The sheets of a session no longer give the root that was signed: nothing is signed on top of that."""


class Signer:
    """Signs the seals of this installation."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.key_id = key_id(key.public_key())
        self.pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def sign(self, record: bytes) -> str:
        """Sign a record; gives 128 hexadecimal digits."""
        return self._key.sign(SIGNED + record).hex()


def make_key(path: Path) -> None:
    """Make the private key if there is none, in a folder of its own, readable by its owner alone.

    Refuses with SettingsError when the folder cannot be written to.
    """
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            write_once(path, pem)
    except OSError as error:
        raise SettingsError(
            f"The seal key {path} cannot be made ({error.strerror}). Choose another place with PRO_ASN_SEAL_KEY."
        ) from error


def read_key(path: Path) -> Signer:
    """Read the private key; refuses with SettingsError when it is not given, not readable or no such key."""
    if path == Path():
        raise SettingsError("The seal key is not given. Set PRO_ASN_SEAL_KEY to the file that 'proasn migrate' made.")
    try:
        found = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise SettingsError(f"The seal key {path} cannot be read ({error.strerror}). Run: proasn migrate") from error
    except (ValueError, TypeError) as error:
        raise SettingsError(f"The seal key {path} is damaged. Restore it from the backup.") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise SettingsError(f"The seal key {path} is no Ed25519 key. Restore it from the backup.")
    return Signer(found)


def announce(db: Session, signer: Signer, now: datetime) -> None:
    """Keep the public key where every process can read it. Safe to repeat."""
    insert_new(db, SealKey, key_id=signer.key_id, pem=signer.pem, at=now)


def seal_session(db: Session, session_id: UUID, signer: Signer, now: datetime) -> bool:
    """Sign all sheets of a session that is over; tells whether there was anything new to sign. Safe to repeat.

    Refuses with TreeChanged when what was sealed before is not there any more as it was.
    """
    session = queries.lock_session(db, session_id)
    before, new = queries.seals(db, session_id), queries.unsealed_parts(db, session_id)
    if now <= session.ends or queries.waits(db, session_id) or (before and not new):
        return False
    sealed = queries.sealed_parts(db, session_id)
    tree = [leaf_hash(part.leaf()) for part in [*sealed, *new]]
    last = before[-1] if before else None
    if last is not None:
        _check_extends(last, len(sealed), tree)
    announce(db, signer, now)
    seal = _signed(db, session, last, tree, signer, now)
    db.add(seal)
    db.flush()
    own = {"agency_id": session.agency_id, "session_id": session_id, "n": seal.n}
    rows = [{"attempt_id": part.attempt, "place": place, **own} for place, part in enumerate(new, len(sealed))]
    if rows:
        db.execute(insert(SealedSheet), rows)
    return True


def tell_export(db: Session, sessions: Sequence[ExamSession], actor: Actor, now: datetime) -> None:
    """Leave in the trail of each agency who took the sheets of which sessions away."""
    for session in sessions:
        subject = f"session:{session.session_id}"
        audit.record(db, audit.Act(session.agency_id, actor.name, "seal.export", subject, origin=actor.origin), now)


def _check_extends(last: SessionSeal, sealed: int, tree: list[bytes]) -> None:
    proof = rules.consistency_proof(tree, last.size) if 0 < last.size <= len(tree) else []
    old, new = (last.size, bytes.fromhex(last.root)), (len(tree), tree_root(tree))
    if sealed != last.size or not rules.extends(old, new, proof):
        raise TreeChanged(f"session {last.session_id}: its sheets do not give the root of seal {last.n}")


def _signed(
    db: Session, session: ExamSession, last: SessionSeal | None, tree: list[bytes], signer: Signer, now: datetime
) -> SessionSeal:
    booked, present = queries.head_count(db, session.session_id)
    seal = rules.Seal(
        agency=session.agency_id, wave=session.wave_id, session=session.session_id,
        room=f"{session.room.name}, {session.room.site}", starts=stamp(session.starts), ends=stamp(session.ends),
        booked=booked, present=present, n=last.n + 1 if last else 1, size=len(tree), root=tree_root(tree).hex(),
        key=signer.key_id, at=stamp(now), replaces=hashlib.sha256(last.record).hexdigest() if last else None,
    )  # fmt: skip
    record = seal.record()
    return SessionSeal(
        session_id=session.session_id, n=seal.n, agency_id=session.agency_id, size=seal.size, root=seal.root,
        record=record, signature=signer.sign(record), key_id=signer.key_id, at=now, replaces=seal.replaces,
    )  # fmt: skip
