"""Where a data centre in one folder is: its folders, ports, secrets, and the programs that it needs."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from assessment_app.commands.programs import found
from assessment_app.platform.security import write_once
from assessment_app.platform.settings import IN_A_FILE, SettingsError

DEPLOY = Path(__file__).parents[3] / "deploy"
"""The files that this parent shares with the units and the compose file; a checkout has them, a wheel does not."""

LONGEST_SOCKET = 107
"""Bytes that the path of a socket may have."""

PACKAGES = {
    "initdb": "postgresql", "postgres": "postgresql", "redis-server": "redis-server", "nginx": "nginx",
    "setpriv": "util-linux",
}  # fmt: skip
"""The programs of others that a data centre is made of, and where Debian has them."""

ROLES = ("pro_asn_owner", "pro_asn_exam", "pro_asn_office", "pro_asn_worker", "pro_asn_vault")
DATABASES = {"exam": "pro_asn_exam", "vault": "pro_asn_vault"}


@dataclass(frozen=True)
class Place:
    """One data centre on this machine. Outer ports are nginx's, with TLS; inner ones are on loopback alone."""

    folder: Path
    host: str
    name: str
    outer: int
    inner: int
    exams: int
    workers: int

    @property
    def passwords(self) -> Path:
        """Folder of the secret files, readable by its owner alone."""
        return self.folder / "passwords"

    @property
    def outer_ports(self) -> dict[str, int]:
        """Ports for people, by server."""
        return {"exam": self.outer, "office": self.outer + 1, "vault": self.outer + 2}

    @property
    def inner_ports(self) -> dict[str, int]:
        """Ports behind nginx, by process."""
        names = ("office", "vault", *(f"exam-{n}" for n in range(1, self.exams + 1)))
        return {name: self.inner + n for n, name in enumerate(names)}

    def address(self, server: str) -> str:
        """Write how browsers address a server."""
        return f"https://{self.name}:{self.outer_ports[server]}"

    def url_file(self, role: str, store: str) -> str:
        """Name a store as a role reaches it, as a setting: the address stands in a file of that role."""
        return f"{IN_A_FILE}{self.passwords / f'{role}.{store}.url'}"

    @property
    def redis_file(self) -> str:
        """Name the broker, as a setting."""
        return f"{IN_A_FILE}{self.passwords / 'redis.url'}"

    @property
    def postgres_folder(self) -> Path:
        """Folder of the cluster, its files and its socket; PostgreSQL's user owns it."""
        return self.folder / "postgresql"

    @property
    def redis_socket(self) -> Path:
        """Where Redis listens."""
        return self.folder / "redis" / "redis.sock"

    def password(self, name: str) -> str:
        """Give the password of a role or of Redis, made at the first use."""
        path = self.passwords / f"{name}.password"
        if not path.exists():
            write_once(path, secrets.token_urlsafe(32).encode())
        return path.read_text().strip()

    def write_urls(self) -> None:
        """Write the address of each store for each role that may reach it, and the broker's, into files."""
        reach = {"exam": ROLES[:4], "vault": (ROLES[0], ROLES[3], ROLES[4])}
        for store, roles in reach.items():
            for role in roles:
                self._write_url(f"{role}.{store}.url", "postgresql+psycopg", f"{role}:{self.password(role)}",
                                f"/{DATABASES[store]}?host={self.postgres_folder}")  # fmt: skip
        self._write_url(
            "redis.url", "redis+socket", f":{self.password('redis')}", f"{self.redis_socket}?virtual_host=0"
        )

    def _write_url(self, name: str, scheme: str, who: str, where: str) -> None:
        path = self.passwords / name
        path.touch(mode=0o600)
        path.write_text(f"{scheme}://{who}@{where}\n")


def make_folders(place: Place) -> None:
    """Make the folders of a data centre; refuses with SettingsError what cannot be used."""
    socket = place.postgres_folder / ".s.PGSQL.5432"
    if len(os.fsencode(socket)) > LONGEST_SOCKET:
        raise SettingsError(f"The folder {place.folder} has too long a name for sockets. Choose a shorter one.")
    for path in (place.folder, place.passwords, place.folder / "logs", place.folder / "redis", place.folder / "nginx"):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    user = user_for("postgres")
    place.postgres_folder.mkdir(mode=0o700, exist_ok=True)
    if user:
        for path in (place.folder, place.folder / "nginx"):
            path.chmod(0o711)  # to pass through, not to look around
        shutil.chown(place.postgres_folder, user, user)
        _refuse_closed(place.folder)


def _refuse_closed(folder: Path) -> None:
    for path in folder.parents:
        if path.is_relative_to(Path.cwd()) and path != Path.cwd():
            path.chmod(path.stat().st_mode | 0o011)  # a folder of the checkout, such as var
        if not path.stat().st_mode & 0o001:
            raise SettingsError(
                f"PostgreSQL does not run as root, and its user cannot pass through {path}. Run this as an ordinary "
                f"user, choose a folder elsewhere with PRO_ASN_DATA_DIR, or allow it: chmod o+x {path}"
            )


def user_for(*names: str) -> str | None:
    """Name the first of some users that there is, when this process is root and must not run a program as itself."""
    if os.geteuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    there = [name for name in names if name in known]
    if not there:
        raise SettingsError(f"There is no user {' or '.join(names)} on this machine. Run: scripts/services")
    return there[0]


def programs() -> Mapping[str, str]:
    """Find the programs that are needed besides our own; refuses with SettingsError, naming all that are missing."""
    if not DEPLOY.is_dir():
        raise SettingsError("The folder deploy is missing: run-server works from a checkout. See docs/operations.md.")
    return found(PACKAGES, "A data centre")


def is_everywhere(host: str) -> bool:
    """Tell whether to listen there is to listen on every address: nobody browses to it."""
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def leashed(program: str, sign: str, user: str | None = None) -> tuple[str, ...]:
    """Begin the command of a program that ends with its parent by a signal, and runs as a user if one is named."""
    become = ("--reuid", user, "--regid", user, "--init-groups") if user else ()
    return (program, "--pdeathsig", sign, *become, "--")
