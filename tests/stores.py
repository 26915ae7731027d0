"""Installations for tests: migrated stores on SQLite or PostgreSQL, opened in the test's own process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from assessment_app.platform import db, migrating, security, settings
from assessment_app.platform.db import ANSWERS, EXAM, VAULT
from assessment_app.platform.settings import Settings
from assessment_app.rule_sets import actions as rule_sets
from assessment_app.sealing import actions as sealing
from tests.services.run import Run

if TYPE_CHECKING:
    from tests.services.postgres import Postgres

ALL = (EXAM, ANSWERS, VAULT)

Made = TypeVar("Made")


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


def _postgres_templates(cluster: Postgres) -> tuple[str, str]:
    """Migrate an exam store, answers included, and a vault once per run; gives their names."""

    def exam(url: str) -> None:
        for store in (EXAM, ANSWERS):
            migrating.upgrade(store, url)
        db.connect({EXAM: url}, [EXAM])
        with db.transaction() as session:
            rule_sets.take_in(session)
        db.disconnect()

    vault = cluster.template("vault_template", lambda url: migrating.upgrade(VAULT, url))
    return cluster.template("exam_template", exam), vault


@contextmanager
def postgres_urls(cluster: Postgres, exam: str = "") -> Iterator[dict[str, str]]:
    """Lend an exam store, answers included, and a vault, cloned from migrated templates, or from furnished ones."""
    exam, vault = (exam, _vault_of(exam)) if exam else _postgres_templates(cluster)
    with cluster.database(exam) as exam_url, cluster.database(vault) as vault_url:
        yield {EXAM: exam_url, ANSWERS: exam_url, VAULT: vault_url}


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


@dataclass
class Furniture:
    """What an installation holds when its test begins: who makes it, under which name, and what that gave."""

    name: str
    make: Callable[[], Any]
    made: Any = None


@contextmanager
def installed(
    run: Run, folder: Path, furniture: Furniture | None = None, cluster: Postgres | None = None
) -> Iterator[Settings]:
    """Open an installation in a folder, on SQLite or in a cluster: empty, or with what is made once per run."""
    if furniture is not None:
        with furnished(run, folder, furniture.name, furniture.make, cluster) as furniture.made:
            yield settings.settings()
    elif cluster is not None:
        with postgres_urls(cluster) as urls, opened(folder, urls) as chosen:
            yield chosen
    else:
        with opened(folder, copied(sqlite_template(run), folder)) as chosen:
            yield chosen


def copied(template: Path, folder: Path) -> dict[str, str]:
    """Copy the migrated files to a test's own folder."""
    for source in template.glob("*.db"):
        shutil.copy(source, folder)
    return sqlite_urls(folder)


@contextmanager
def furnished(
    run: Run, folder: Path, name: str, make: Callable[[], Made], cluster: Postgres | None = None
) -> Iterator[Made]:
    """Open an installation in which ``make`` has worked: once per run, and every test has a copy of its own.

    Gives what it gave. The copies have the secrets under which it was made, so that it may rest on them.
    """
    place = run.folder / f"{name}-on-{'postgres' if cluster else 'sqlite'}"

    def worked(urls: dict[str, str]) -> Made:
        with opened(place, urls):
            return make()

    def first() -> Made:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        if cluster is None:
            return worked(copied(sqlite_template(run), place))
        return _templates_of(cluster, name, worked)

    made = run.made(place.name, first)
    for kept in ("secrets", "seal"):
        shutil.copytree(place / kept, folder / kept)
    if cluster is None:
        with opened(folder, copied(place, folder)):
            yield made
    else:
        with postgres_urls(cluster, name) as urls, opened(folder, urls):
            yield made


def _templates_of(cluster: Postgres, name: str, work: Callable[[dict[str, str]], Made]) -> Made:
    """Let something be made in an exam store and a vault that can be cloned from then on."""
    migrated, migrated_vault = _postgres_templates(cluster)
    made = list[Made]()

    def fill(vault_url: str) -> None:
        cluster.template(
            name, lambda url: made.append(work({EXAM: url, ANSWERS: url, VAULT: vault_url})), migrated
        )  # fmt: skip

    cluster.template(_vault_of(name), fill, migrated_vault)
    return made[0]


def _vault_of(exam: str) -> str:
    return f"{exam}_vault"


@contextmanager
def begun(
    request: pytest.FixtureRequest, run: Run, folder: Path, makers: Mapping[str, Callable[[], Any]]
) -> Iterator[Any]:
    """Open an installation in which is made what a test asks for: the last of these of whose fixture it asks.

    Makers stand by the names of fixtures; each makes what those before it do and more. Gives what it gave.
    """
    make = [maker for name, maker in makers.items() if name in request.fixturenames][-1]
    with furnished(run, folder, f"{make.__module__}.{make.__qualname__}", make) as made:
        yield made
