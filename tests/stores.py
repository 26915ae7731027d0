"""Installations for tests: migrated stores on SQLite or PostgreSQL, opened in the test's own process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assessment_app.platform import db, migrating, security, settings
from assessment_app.platform.db import ANSWERS, EXAM, VAULT
from assessment_app.platform.settings import Settings
from assessment_app.rule_sets import actions as rule_sets
from assessment_app.sealing import actions as sealing
from tests.services.run import Run

if TYPE_CHECKING:
    from tests.services.postgres import Postgres

ALL = (EXAM, ANSWERS, VAULT)


def _migrate(urls: dict[str, str]) -> None:
    for store in ALL:
        migrating.upgrade(store, urls[store])
    db.connect(urls, [EXAM])
    with db.transaction() as session:
        rule_sets.take_in(session)
    db.disconnect()


def sqlite_urls(folder: Path) -> dict[str, str]:
    """Name the three files of one machine."""
    return {store: f"sqlite:///{folder / store}.db" for store in ALL}


def sqlite_template(run: Run) -> Path:
    """Migrate three files once per run, for every test to copy."""
    folder = run.folder / "sqlite-template"
    with run.once("sqlite-template") as first:
        if first:
            folder.mkdir()
            _migrate(sqlite_urls(folder))
    return folder


@contextmanager
def postgres_urls(cluster: Postgres) -> Iterator[dict[str, str]]:
    """Lend an exam store, answers included, and a vault, cloned from migrated templates."""

    def exam(url: str) -> None:
        for store in (EXAM, ANSWERS):
            migrating.upgrade(store, url)
        db.connect({EXAM: url}, [EXAM])
        with db.transaction() as session:
            rule_sets.take_in(session)
        db.disconnect()

    with ExitStack() as lent:
        exam_url = lent.enter_context(cluster.database(cluster.template("exam_template", exam)))
        vault = cluster.template("vault_template", lambda url: migrating.upgrade(VAULT, url))
        yield {EXAM: exam_url, ANSWERS: exam_url, VAULT: lent.enter_context(cluster.database(vault))}


@contextmanager
def opened(folder: Path, urls: dict[str, str]) -> Iterator[Settings]:
    """Make an installation the process's own for the length of a block."""
    chosen = Settings(
        data_dir=folder, exam_url=urls[EXAM], answers_url=urls[ANSWERS], vault_url=urls[VAULT],
        second_factor="optional", seal_key=folder / "seal" / "private.pem",
    )  # fmt: skip
    settings.use(chosen)
    security.make_secrets(chosen.secrets)
    sealing.make_key(chosen.seal_key)
    db.connect(urls, ALL)
    try:
        yield chosen
    finally:
        db.disconnect()


def copied(template: Path, folder: Path) -> dict[str, str]:
    """Copy the migrated files to a test's own folder."""
    for source in template.glob("*.db"):
        shutil.copy(source, folder)
    return sqlite_urls(folder)
