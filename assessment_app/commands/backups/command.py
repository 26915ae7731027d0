"""The commands ``proasn backup`` and ``proasn restore``."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import make_url

from assessment_app.commands import store
from assessment_app.commands.backups import databases, files, manifest, restoring
from assessment_app.commands.backups.manifest import Manifest
from assessment_app.commands.family import alone_in
from assessment_app.commands.psychometrics.results import say
from assessment_app.exam.messages import stamp
from assessment_app.platform import clock, db
from assessment_app.platform.db import EXAM, VAULT, StoreError
from assessment_app.platform.security import write_once
from assessment_app.platform.settings import Settings
from assessment_app.sealing import actions as sealing

FOLDER = click.Path(file_okay=False, path_type=Path)
WITHOUT_SECRETS = (
    "Tidak termasuk cadangan ini, dan harus disimpan terpisah: secrets/master.key dan seal/private.pem. "
    "Salin keduanya ke tempat lain dengan --secrets FOLDER."
)


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--secrets", "safe", type=FOLDER, help="copy the secrets there too; never beside the backup")
def backup(folder: Path, safe: Path | None) -> None:
    """Back up all stores to FOLDER, which must not exist yet; nobody has to stop working.

    Everything that was acknowledged before the backup point is in it. FOLDER appears when it is whole, never before.
    """
    chosen = store.open_stores(EXAM, VAULT)
    db.disconnect()
    if safe is not None:
        keep_secrets(chosen, folder, safe)
    with unfinished(folder) as place, files.told_plainly("The backup"):
        written = write(chosen, place)
    say(f"Titik cadangan: {stamp(written.point)}. Semua yang diakui tersimpan sebelum itu ada di {folder}.")
    for name, one in written.stores.items():
        click.echo(f"{name}: {one.bytes} bytes, sha256 {one.sha256}")
    say(f"Rahasia ditulis ke {safe}. Simpan di tempat lain daripada cadangan." if safe else WITHOUT_SECRETS)


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """Give a folder beside the one that is meant, and put it in its place when the block is over; or remove it.

    Refuses with StoreError when there is something already. What a killed backup left behind is removed first.
    """
    place = folder.with_name(f".{folder.name}.unfinished")
    if folder.exists():
        raise StoreError(f"{folder} exists already. A backup never overwrites: name a folder that does not exist.")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(mode=0o700)
    except OSError as error:
        raise StoreError(f"{place.parent} cannot be written to ({error.strerror}). Choose another folder.") from error
    try:
        yield place
        for path in [*place.rglob("*"), place]:
            _to_disk(path)
        place.rename(folder)
        _to_disk(folder.parent)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(chosen: Settings, place: Path) -> Manifest:
    """Write all stores to a folder, and the manifest last."""
    points: list[datetime] = []

    def mark() -> None:
        points.append(clock.now())

    engine = make_url(chosen.stores[EXAM]).get_backend_name()
    if engine == "sqlite":
        names = {name: f"{name}.db" for name in chosen.stores}
        with files.moment(files.paths_of(chosen), mark) as readers:
            for name, reader in readers.items():
                files.copy(reader, place / names[name])
    else:
        urls = databases.urls_of(chosen)
        names = {name: f"{name}.dump" for name in urls}
        with databases.moment(urls, mark) as snapshots:
            for name, url in urls.items():
                databases.dump(url, snapshots[name], place / names[name])
    written = Manifest(
        schema=manifest.SCHEMA, program=manifest.program(), point=points[0], engine=engine,
        stores={name: manifest.kept(place / file, db.newest_version(name)) for name, file in names.items()},  # type: ignore[arg-type]  # the keys are the store names
        master_key=manifest.fingerprint((chosen.secrets / restoring.MASTER).read_bytes()),
        seal_key=sealing.read_key(chosen.seal_key).key_id,
    )  # fmt: skip
    manifest.write(place, written)
    return written


def keep_secrets(chosen: Settings, folder: Path, safe: Path) -> None:
    """Copy the secrets to a folder apart; refuses with StoreError one that lies in the backup or holds others."""
    if safe.resolve().is_relative_to(folder.resolve()):
        raise StoreError("The secrets are not kept with the backup: whoever finds both has everything. Choose another.")
    with files.told_plainly("Copying the secrets"):
        safe.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, path in restoring.places_of(chosen).items():
            content = path.read_bytes()
            write_once(safe / name, content)
            if (safe / name).read_bytes() != content:
                raise StoreError(f"{safe / name} is of another installation. Choose another folder.")


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--secrets", "safe", type=FOLDER, help="where 'backup --secrets' put them")
def restore(folder: Path, safe: Path | None) -> None:
    """Make an installation from the backup in FOLDER, where there is none yet, and verify it."""
    chosen = store.prepared()
    found = manifest.read(folder)
    with files.told_plainly("The restore"):
        if found.engine == "sqlite":
            restoring.to_files(chosen, folder, found, safe)
        else:
            chosen.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            with alone_in(chosen.data_dir):
                restoring.to_databases(chosen, folder, found, safe)
    say(f"Pulih sampai {stamp(found.point)}. Jalankan: proasn recompute")
