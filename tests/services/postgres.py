"""A PostgreSQL cluster of the run's own: no port, no fsync unless asked for, databases cloned from templates."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psutil
import psycopg
from sqlalchemy import make_url

from tests.services.run import Run, ServiceError, kill_for_certain

OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}

DURABLE = OPTIONS | {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
"""A cluster that may be killed: what it committed is there when it is started again."""


class Postgres:
    """The cluster as a test sees it: databases come from here and go back here."""

    def __init__(self, run: Run, options: Mapping[str, str] = OPTIONS) -> None:
        self.run = run
        self.options = options
        self.folder = run.folder / "pg"

    def ensure(self) -> None:
        """Start the cluster unless another process of this run did."""
        with self.run.once("postgres") as first:
            if first:
                self._start()

    def url(self, database: str, role: str = "postgres") -> str:
        """Name a database of the cluster, as SQLAlchemy wants it."""
        return f"postgresql+psycopg://{role}@/{database}?host={self.folder}"

    def create_database(self, template: str | None = None) -> str:
        """Make a database, empty or a clone, and give its URL."""
        name = f"t_{uuid4().hex}"
        # Copying files is half the work of writing every page of them into the log as well.
        self._command(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template0"}" STRATEGY file_copy')
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._command(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """Lend a database for the length of a block."""
        url = self.create_database(template)
        try:
            yield url
        finally:
            self.drop_database(url)

    def template(self, name: str, build: Callable[[str], None], base: str = "template0") -> str:
        """Name a database to clone from; ``build(url)`` fills it once, empty or a clone, and leaves no connection."""
        with self.run.once(f"template-{name}") as first:
            if first:
                self._command(f'DROP DATABASE IF EXISTS "{name}"')
                self._command(f'CREATE DATABASE "{name}" TEMPLATE "{base}" STRATEGY file_copy')
                build(self.url(name))
        return name

    def ready(self) -> bool:
        """Whether the server takes connections."""
        try:
            psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _command(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())

    def _start(self) -> None:
        user = system_user()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700)
        if user:
            shutil.chown(self.folder, user, user)
        make_cluster(find_programs(), self.folder / "data", user)
        self.serve()

    def serve(self) -> None:
        """Start the server over its data, also after ``kill``: it repairs what it was in the middle of."""
        for left in self.folder.glob(".s.PGSQL.*"):
            left.unlink()  # a killed server leaves its socket's lock, and its number may be somebody else's by now
        options = {**self.options, "unix_socket_directories": str(self.folder)}
        settings = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        command = [str(find_programs() / "postgres"), "-D", str(self.folder / "data"), *settings]
        self.run.start("postgres", command, self.ready, system_user())

    def processes(self) -> list[psutil.Process]:
        """List the server's processes: its first one, then those that it has for each connection and each duty."""
        with suppress(psutil.Error):
            first = psutil.Process(int((self.run.folder / "postgres.pid").read_text()))
            return [first, *first.children()]
        return []

    def kill(self) -> None:
        """End all of its processes at once, as a power cut does."""
        family = self.processes()
        kill_for_certain(family)
        for first in family[:1]:
            first.wait(10)  # until its end is noticed its number is taken, and the next server takes it for alive


def make_cluster(programs: Path, data: Path, user: str | None) -> None:
    """Run initdb; whoever passes the folder's door is trusted, and only its owner and root do."""
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(
        [str(programs / "initdb"), "-D", str(data), *options],
        capture_output=True,
        text=True,
        cwd="/",
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )
    if made.returncode:
        raise ServiceError(f"initdb refused: {made.stderr[-600:]}")


def find_programs() -> Path:
    """Find the newest PostgreSQL: Debian's, or whichever is on the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    on_path = shutil.which("initdb")
    if debian:
        return debian[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise ServiceError("PostgreSQL is not installed; run: scripts/services")


def system_user() -> str | None:
    """Name the user to run the server as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("postgres").pw_name
