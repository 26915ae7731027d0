"""What a backup says of itself: written last, so a folder without it is no backup."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from assessment_app.platform import db
from assessment_app.platform.db import StoreError, StoreName

FILE = "manifest.json"
SCHEMA = "proasn/backup/1"
PIECE = 1024 * 1024


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One store in a backup."""

    file: str
    bytes: int
    sha256: str
    version: str
    """Its newest migration."""


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A backup: what is in it, from which moment, and which secrets belong to it without being in it."""

    schema: str
    program: str
    point: datetime
    """Everything that was acknowledged before this moment is in the backup."""
    engine: str
    stores: dict[str, Kept]
    master_key: str
    """Names the master secret; see ``fingerprint``."""
    seal_key: str
    """Names the key that signs seals: the hash of its public half."""


def program() -> str:
    """Name this program's version."""
    return version("pro-asn")


def fingerprint(master: bytes) -> str:
    """Name a master secret without telling anything of it: it has 256 random bits, so nobody finds it by trying."""
    return hmac.digest(master, b"backup-fingerprint", hashlib.sha256).hex()[:32]


def hashed(path: Path) -> str:
    """Hash a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def kept(path: Path, at: str) -> Kept:
    """Describe a file of a backup whose store was at that version."""
    return Kept(path.name, path.stat().st_size, hashed(path), at)


def write(folder: Path, manifest: Manifest) -> None:
    """Write a manifest."""
    (folder / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")


def read(folder: Path) -> Manifest:
    """Read the manifest of a backup and check everything that it names; refuses with StoreError what is not whole."""
    try:
        found = msgspec.json.decode((folder / FILE).read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise StoreError(
            f"{folder} is no backup: it has no {FILE}. A backup that was interrupted has none; take an older one."
        ) from error
    except (OSError, msgspec.DecodeError) as error:
        raise StoreError(f"{folder / FILE} cannot be read ({error}). Take another backup.") from error
    if found.schema != SCHEMA or found.engine not in ("sqlite", "postgresql"):
        raise StoreError(f"{folder} was written by another version ({found.program}) that this one does not know.")
    for name, one in found.stores.items():
        _check(folder, name, one)
    return found


def _check(folder: Path, name: str, one: Kept) -> None:
    path = folder / one.file
    if Path(one.file).name != one.file or not path.is_file():
        raise StoreError(f"{folder} lacks {one.file}. Take another backup.")
    if path.stat().st_size != one.bytes or hashed(path) != one.sha256:
        raise StoreError(f"{path} is not what was backed up: it was cut or changed. Take another backup.")
    store: StoreName | None = {"exam": db.EXAM, "answers": db.ANSWERS, "vault": db.VAULT}.get(name)
    if store is None:
        raise StoreError(f"{folder} holds a store '{name}' that this program does not know.")
    if one.version > db.newest_version(store):
        raise StoreError(f"The {name} store of {folder} is at {one.version}, newer than this program.")
