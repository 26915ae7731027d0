"""The databases of a data centre: dumped as they were at one moment, by PostgreSQL's own programs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from assessment_app.commands import programs
from assessment_app.platform.db import ANSWERS, EXAM, PATIENCE_S, VAULT, StoreError
from assessment_app.platform.settings import Settings

PACKAGES = {"pg_dump": "postgresql-client", "pg_restore": "postgresql-client"}


def urls_of(chosen: Settings) -> dict[str, URL]:
    """Name both databases; refuses with StoreError an answer log that is a database of its own."""
    if chosen.stores[ANSWERS] != chosen.stores[EXAM]:
        raise StoreError("A backup needs the answer log inside the exam database. Remove PRO_ASN_ANSWERS_URL.")
    return {name: make_url(chosen.stores[name]) for name in (EXAM, VAULT)}


@contextmanager
def connected(url: URL) -> Iterator[psycopg.Connection]:
    """Open a database; refuses with StoreError one that does not answer."""
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        connection = psycopg.connect(dsn, autocommit=True, connect_timeout=PATIENCE_S)
    except psycopg.OperationalError as error:
        raise StoreError(f"The database {url.database} does not answer ({str(error).splitlines()[0]}).") from error
    with connection:
        yield connection


@contextmanager
def moment(urls: Mapping[str, URL], mark: Callable[[], None]) -> Iterator[dict[str, str]]:
    """Hold one snapshot of each database, the exam store's first, and name them; ``mark`` is told just before.

    The vault's is the later one, so every form that the exam store knows has its key; a form that was published in
    between is carried over again by the sweep. Answers are in the exam database: they have its moment.
    """
    with ExitStack() as held:
        connections = {name: held.enter_context(connected(url)) for name, url in urls.items()}
        mark()
        names = {}
        for name, connection in connections.items():
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # a large dump takes its time
            names[name] = str((connection.execute("SELECT pg_export_snapshot()").fetchone() or [""])[0])
        yield names


def dump(url: URL, snapshot: str, target: Path) -> None:
    """Write what a snapshot shows to a file."""
    words = ("--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-privileges", f"--file={target}")
    _run("pg_dump", url, *words)


def load(url: URL, source: Path) -> None:
    """Fill an empty database from a file: all of it or nothing."""
    _run("pg_restore", url, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
         f"--dbname={url.database}", str(source))  # fmt: skip


def is_empty(url: URL) -> bool:
    """Tell whether a database has no table."""
    with connected(url) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    return found == (0,)


def _run(name: str, url: URL, *words: str) -> None:
    """Run a program of PostgreSQL on a database; its password is in the environment, where nobody else reads it."""
    program = programs.found(PACKAGES, "Backup of a data centre")[name]
    done = subprocess.run([program, *words], env=_environment(url), capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no reason given"]
        raise StoreError(f"{name} failed: {said[-1]}. Nothing of it was kept; mend that and try again.")


def _environment(url: URL) -> dict[str, str]:
    host = url.host or url.query.get("host") or ""
    given = {
        "PGHOST": str(host), "PGPORT": str(url.port or url.query.get("port") or ""), "PGDATABASE": url.database or "",
        "PGUSER": url.username or "", "PGPASSWORD": str(url.password or ""),
        "PGSSLMODE": str(url.query.get("sslmode") or ""), "PGSSLROOTCERT": str(url.query.get("sslrootcert") or ""),
    }  # fmt: skip
    return dict(os.environ) | {name: value for name, value in given.items() if value}
