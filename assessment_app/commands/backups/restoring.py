"""Putting a backup back: into an empty place alone, whole or not at all, and verified before it is used."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy import make_url

from assessment_app.commands.backups import databases, files
from assessment_app.commands.backups.manifest import Manifest, fingerprint
from assessment_app.commands.psychometrics.results import say
from assessment_app.platform import audit, db, settings
from assessment_app.platform.db import EXAM, VAULT, StoreError, StoreName, transaction
from assessment_app.platform.security import write_once
from assessment_app.platform.settings import Settings
from assessment_app.sealing import queries as seals
from assessment_app.sealing import verifier

MASTER, SEAL = "master.key", "private.pem"
NO_SECRETS = (
    "Rahasia tidak disertakan. Sebelum dijalankan, taruh master.key di {secrets} dan private.pem sebagai {seal}; tanpa "
    "itu PIN, token, dan faktor kedua berganti, dan segel baru memakai kunci baru."
)


def to_files(chosen: Settings, folder: Path, found: Manifest, safe: Path | None) -> None:
    """Make the data folder of one machine from a backup; it appears when everything in it was verified."""
    target = chosen.data_dir.resolve()
    if make_url(chosen.stores[EXAM]).get_backend_name() != "sqlite":
        raise StoreError("This backup is of one machine, and PRO_ASN_EXAM_URL names a database. Remove that setting.")
    if set(files.paths_of(chosen).values()) != {chosen.data_dir / f"{name}.db" for name in chosen.stores}:
        raise StoreError("A restore makes the data folder whole. Remove PRO_ASN_EXAM_URL, ANSWERS_URL and VAULT_URL.")
    if target.exists() and any(target.iterdir()):
        raise StoreError(
            f"{target} is not empty: an installation may live there. Choose another folder with PRO_ASN_DATA_DIR, or "
            "stop it and move that folder away."
        )
    place = target.with_name(f".{target.name}.restoring")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700, parents=True)
    try:
        staged = _staged(chosen, place)
        for one in found.stores.values():
            shutil.copyfile(folder / one.file, place / one.file)
            files.check(place / one.file)
        put_secrets(staged, found, safe, chosen)
        verify(staged, found)
        place.rename(target)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _staged(chosen: Settings, place: Path) -> Settings:
    """Give the settings of the same installation while it still stands beside its place."""
    is_inside = chosen.seal_key == chosen.data_dir / "seal" / SEAL
    seal_key = place / "seal" / SEAL if is_inside else chosen.seal_key
    return replace(chosen, data_dir=place, vault_url=f"sqlite:///{place / 'vault.db'}", seal_key=seal_key)


def to_databases(chosen: Settings, folder: Path, found: Manifest, safe: Path | None) -> None:
    """Fill both databases of a data centre from a backup, the vault first: without keys nothing is scored."""
    if make_url(chosen.stores[EXAM]).get_backend_name() == "sqlite" or VAULT not in chosen.stores:
        raise StoreError("This backup is of databases. Set PRO_ASN_EXAM_URL and PRO_ASN_VAULT_URL to two empty ones.")
    urls = databases.urls_of(chosen)
    for url in urls.values():
        if not databases.is_empty(url):
            raise StoreError(
                f"The database {url.database} is not empty: an installation may live there. Make two empty ones "
                "(createdb) and name them in PRO_ASN_EXAM_URL and PRO_ASN_VAULT_URL."
            )
    put_secrets(chosen, found, safe, chosen)
    for name in (VAULT, EXAM):
        databases.load(urls[name], folder / found.stores[name].file)
    verify(chosen, found)


def places_of(chosen: Settings) -> dict[str, Path]:
    """Say where each secret is, by its name in a folder of secrets; a seal key may be named otherwise at its place."""
    return {MASTER: chosen.secrets / MASTER, SEAL: chosen.seal_key}


def put_secrets(chosen: Settings, found: Manifest, safe: Path | None, named: Settings) -> None:
    """Put the secrets in their places; refuses with StoreError those of another installation.

    ``named`` says where those places will be when all is done, for people.
    """
    places = places_of(chosen)
    for name, path in places.items():
        if safe is not None and not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_once(path, _read(safe / name))
    if not places[MASTER].exists():
        say(NO_SECRETS.format(secrets=named.secrets, seal=named.seal_key))
    elif fingerprint(places[MASTER].read_bytes()) != found.master_key:
        raise StoreError(
            f"{safe or named.secrets} holds not the secret that this backup belongs to. Give the right one."
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        said = f"The secret {path} cannot be read ({error.strerror}). Name its folder with --secrets."
        raise StoreError(said) from error


def verify(chosen: Settings, found: Manifest) -> None:
    """Check what was put back: audit trails whole, seals good; refuses with StoreError, and tells what holds."""
    settings.use(chosen)
    db.connect(chosen.stores, (EXAM, VAULT))
    for name in (EXAM, VAULT):
        _verify_trail(name, found)
    _verify_seals()
    db.disconnect()


def _verify_trail(name: StoreName, found: Manifest) -> None:
    with transaction(name, reads_only=True) as session:
        verdict = audit.verify(session)
    if not verdict.holds:
        raise StoreError(f"The audit trail of the {name} store does not hold: {verdict.reason}. Take another backup.")
    click.echo(f"{name}: {verdict.rows} audit rows, the chain holds; the last hash is {verdict.last}")


def _verify_seals() -> None:
    with transaction(reads_only=True) as session:
        sealed = seals.sealed_sessions(session)
        trusted = {one.key_id: verifier.read_key(one.pem.encode()) for one in seals.keys(session)}
        if sealed and verifier.tell(verifier.check(seals.archive(session, sealed), trusted), "", lambda _line: None):
            raise StoreError("A seal does not hold. See: proasn verify --wave WAVE. Take another backup.")
    click.echo(f"exam: {len(sealed)} sealed sessions, every seal holds")
