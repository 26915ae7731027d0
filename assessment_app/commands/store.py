"""Stores: make them, bring them to this program's version, and give each process's role its rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import get_args

import click
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from assessment_app.platform import clock, db, migrating, security, settings
from assessment_app.platform.db import EXAM, VAULT, StoreError, StoreName, transaction
from assessment_app.platform.settings import Settings, SettingsError
from assessment_app.rule_sets import actions as rule_sets
from assessment_app.sealing import actions as sealing

STORES: tuple[StoreName, ...] = get_args(StoreName)


def prepared(environment: Mapping[str, str] | None = None) -> Settings:
    """Give this command's settings: where the seal's key is, and on one machine the vault, a file beside the others.

    ``environment`` stands for the process's own.
    """
    chosen = settings.load(environment)
    if chosen.seal_key == Path():
        chosen = replace(chosen, seal_key=chosen.data_dir / "seal" / "private.pem")
    if not chosen.vault_url and make_url(chosen.stores[EXAM]).get_backend_name() == "sqlite":
        chosen = replace(chosen, vault_url=f"sqlite:///{chosen.data_dir / 'vault.db'}")
    settings.use(chosen)
    return chosen


def open_stores(*names: StoreName) -> Settings:
    """Open stores for a command; refuses with StoreError when one is not ready or not given."""
    chosen = prepared()
    for name in names:
        db.connect(chosen.stores, [name])
        db.check_version(name)
    return chosen


def make_folder(folder: Path) -> None:
    """Make the data folder; refuses with SettingsError when it cannot be written to."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SettingsError(
            f"The folder {folder} cannot be written to ({error.strerror}). Choose another with PRO_ASN_DATA_DIR, "
            "or let this user write there."
        ) from error


def bring_up_to_date(chosen: Settings) -> None:
    """Make or upgrade every store that is given; refuses with StoreError, leaving a newer store as it is."""
    make_folder(chosen.data_dir)
    security.make_secrets(chosen.secrets)
    sealing.make_key(chosen.seal_key)
    db.connect(chosen.stores, list(chosen.stores))  # type: ignore[arg-type]  # the keys are the store names
    for name in STORES:
        if name not in chosen.stores:
            continue
        if db.version_of(name) != db.newest_version(name):
            _refuse_newer(name)
            _upgrade(name, chosen.stores[name])
    with transaction() as session:
        rule_sets.take_in(session)
        sealing.announce(session, sealing.read_key(chosen.seal_key), clock.now())


def _upgrade(store: StoreName, url: str) -> None:
    try:
        migrating.upgrade(store, url)
    except SQLAlchemyError as error:
        raise StoreError(db.explain(store, error)) from error


def _refuse_newer(store: StoreName) -> None:
    found = db.version_of(store)
    if found is not None and found > db.newest_version(store):
        db.check_version(store)


@click.command()
def migrate() -> None:
    """Make the stores, or bring them to this program's version."""
    chosen = prepared()
    bring_up_to_date(chosen)
    for name in chosen.stores:
        click.echo(f"{name}: {db.version_of(name)}")  # type: ignore[arg-type]  # the keys are the store names


@click.command()
def roles() -> None:
    """Make the PostgreSQL roles of the processes and give each exactly what it needs."""
    for name in give_rights(open_stores(EXAM, VAULT)):
        click.echo(f"{name}: roles have their rights")


def give_rights(chosen: Settings) -> tuple[StoreName, ...]:
    """Give each process's role its rights in both open stores; refuses with StoreError where there are none."""
    for name in (EXAM, VAULT):
        if make_url(chosen.stores[name]).get_backend_name() != "postgresql":
            raise StoreError("Roles are for PostgreSQL; on one machine the operating system's users part the files.")
        script = files("migrations").joinpath(name, "roles.sql").read_text()
        with db.engine_of(name).begin() as connection:
            # The driver itself: many statements, and % is no placeholder.
            connection.connection.cursor().execute(script)
    return EXAM, VAULT
