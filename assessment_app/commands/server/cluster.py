"""PostgreSQL of a data centre in one folder: a cluster of its own, two databases, a role for each process."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import psycopg
from psycopg import sql

from assessment_app.commands.family import Child
from assessment_app.commands.server.place import DATABASES, DEPLOY, ROLES, Place, leashed, user_for
from assessment_app.platform.db import CONNECTIONS
from assessment_app.platform.settings import SettingsError

FILES = ("postgresql.conf", "pg_hba.conf")
SUPERUSER = "postgres"
OWNER = ROLES[0]


def make_cluster(place: Place, programs: Mapping[str, str]) -> None:
    """Make the cluster once; later only its settings are written anew, from ``deploy``."""
    folder, user = place.postgres_folder, user_for("postgres")
    for name in FILES:
        shutil.copy(DEPLOY / "postgresql" / name, folder)
        _give(folder / name, user)
    if (folder / "data" / "PG_VERSION").exists():
        return
    for unfinished in folder.glob("data*"):
        shutil.rmtree(unfinished)
    told = folder / "first.password"
    told.touch(mode=0o600)
    told.write_text(place.password(SUPERUSER))
    _give(told, user)
    unfinished = folder / "data.unfinished"
    options = ["-U", SUPERUSER, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"]
    command = [programs["initdb"], "-D", str(unfinished), f"--pwfile={told}", *options]
    groups: list[str] | None = [] if user else None
    done = subprocess.run(
        command, capture_output=True, text=True, cwd="/", user=user, group=user, extra_groups=groups, check=False
    )
    told.unlink()
    if done.returncode:
        raise SettingsError(f"PostgreSQL cannot make its cluster: {done.stderr.strip().splitlines()[-1]}")
    unfinished.rename(folder / "data")


def _give(path: os.PathLike[str], user: str | None) -> None:
    if user:
        shutil.chown(path, user, user)


def server(place: Place, programs: Mapping[str, str]) -> Child:
    """Name the server as a child: a socket, no port, and as many connections as all pools together may open."""
    folder = place.postgres_folder
    options = {
        "data_directory": folder / "data", "config_file": folder / FILES[0], "hba_file": folder / FILES[1],
        "unix_socket_directories": folder, "external_pid_file": "",
        "max_connections": 40 + (2 * CONNECTIONS + 1) * (place.exams + 1) + 3 * CONNECTIONS * 2 + 4 * place.workers,
        "shared_buffers": "256MB",
    }  # fmt: skip
    words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
    leash = leashed(programs["setpriv"], "INT", user_for("postgres"))
    command = (*leash, programs["postgres"], "-D", str(folder / "data"), *words)
    return Child("postgresql", (), program=command, ends_by=signal.SIGINT)  # at SIGTERM it waits for idle connections


@contextmanager
def _entered(place: Place, user: str, database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(
        host=str(place.postgres_folder), user=user, password=place.password(user), dbname=database, autocommit=True,
        connect_timeout=3,
    ) as connection:  # fmt: skip
        yield connection


def is_ready(place: Place) -> bool:
    """Tell whether the server takes connections."""
    with suppress(psycopg.OperationalError), _entered(place, SUPERUSER, "postgres"):
        return True
    return False


def make_databases(place: Place) -> None:
    """Make the owner and its two databases; safe to repeat."""
    with _entered(place, SUPERUSER, "postgres") as db:
        _make_role(db, OWNER, place.password(OWNER), sql.SQL("CREATEROLE"))
        for name in DATABASES.values():
            if db.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
                made = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'")
                db.execute(made.format(sql.Identifier(name), sql.Identifier(OWNER)))


def give_passwords(place: Place) -> None:
    """Let every role of a process enter with its own password."""
    with _entered(place, SUPERUSER, "postgres") as db:
        for role in ROLES[1:]:
            _make_role(db, role, place.password(role), sql.SQL("NOSUPERUSER"))


def _make_role(db: psycopg.Connection, role: str, password: str, right: sql.SQL) -> None:
    known = db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    verb = sql.SQL("ALTER" if known else "CREATE")
    statement = sql.SQL("{} ROLE {} LOGIN {} PASSWORD {}")
    db.execute(statement.format(verb, sql.Identifier(role), right, sql.Literal(password)))
