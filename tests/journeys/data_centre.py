"""``proasn run-server`` as a test sees it: a folder of its own, ports that nobody has, a trusted certificate."""

from __future__ import annotations

import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

import psutil
import psycopg

from tests.journeys.platform import plain_environment, wait_until

PROASN = str(Path(sys.executable).parent / "proasn")
INNER = 104
"""Inner ports that may be used: servers, and four for the numbers of each process."""


def free_block(count: int) -> int:
    """Find so many ports in a row that nobody listens on."""
    while True:
        first = SystemRandom().randrange(20_000, 32_000)
        with ExitStack() as held, suppress(OSError):
            for port in range(first, first + count):
                held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


@dataclass
class DataCentre:
    """A folder, its ports, and whoever runs there."""

    folder: Path
    outer: int
    inner: int
    log: Path
    parent: subprocess.Popen | None = None

    @property
    def exam(self) -> str:
        """Address of the exam server, as browsers have it."""
        return f"https://127.0.0.1:{self.outer}"

    @property
    def certificate(self) -> str:
        """The certificate that was made here."""
        return str(self.folder / "tls" / "server.crt")

    def start(self, *words: str) -> None:
        """Start it and wait until it is ready."""
        command = [PROASN, "run-server", "--port", str(self.outer), "--inner-port", str(self.inner), *words]
        told = plain_environment() | {"PRO_ASN_DATA_DIR": str(self.folder), "PRO_ASN_WORKER_LEASE_SECONDS": "2"}
        with self.log.open("wb") as output:
            self.parent = subprocess.Popen(command, env=told, stdout=output, stderr=output)
        wait_until("the data centre", 300, lambda: "siap" in self.log.read_text() or self.parent.poll() is not None)
        assert self.parent.poll() is None, self.log.read_text()

    def connect(self, role: str, database: str) -> psycopg.Connection:
        """Enter a database as a role, with the password that was made for it."""
        password = (self.folder / "passwords" / f"{role}.password").read_text()
        folder = str(self.folder / "postgresql")
        return psycopg.connect(host=folder, user=role, password=password, dbname=database, autocommit=True)

    def ask(self, statement: str, *values: object) -> list[tuple]:
        """Ask the exam store, as its owner."""
        with self.connect("pro_asn_owner", "pro_asn_exam") as db:
            return db.execute(statement.encode(), values).fetchall()

    def family(self) -> list[psutil.Process]:
        """Find every process of this data centre, whoever its parent is by now."""
        return [one for one in psutil.process_iter() if self._is_ours(one)]

    def _is_ours(self, one: psutil.Process) -> bool:
        try:
            named = str(self.folder) in " ".join(one.cmdline())
            given = one.environ().get("PRO_ASN_DATA_DIR") == str(self.folder)
            return bool(named or given) and one.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def exam_processes(self, number: int) -> list[psutil.Process]:
        """Find the processes of one exam server."""
        port = str(self.inner + 1 + number)
        return [
            one for one in self.family()
            if any("servers.exam" in word for word in one.cmdline()) and one.environ().get("PRO_ASN_EXAM_PORT") == port
        ]  # fmt: skip

    def environment(self) -> dict[str, str]:
        """Read the settings of the owner's command line, as an operator's shell does."""
        lines = (self.folder / "env").read_text().splitlines()
        return plain_environment() | dict(line.split("=", 1) for line in lines)

    def pin(self) -> str:
        """Read the PIN of the short wave from what the start told."""
        found = re.search(r"PIN ([A-Z2-9]{6})", self.log.read_text())
        assert found, self.log.read_text()
        return found.group(1)

    def nips(self) -> list[str]:
        """Read who sits the short wave."""
        return re.findall(r"NIP (\d{18})", self.log.read_text().partition("Baterai Baku")[0])


@contextmanager
def data_centre(run_folder: Path) -> Iterator[DataCentre]:
    """Lend a folder for a data centre; nobody of it lives on after the block."""
    here = DataCentre(run_folder / "dc", free_block(3), free_block(INNER), run_folder / "dc.log")
    try:
        yield here
    finally:
        if here.parent is not None and here.parent.poll() is None:
            here.parent.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                here.parent.wait(30)
        for one in here.family():
            with suppress(psutil.Error):
                one.kill()


def shaken_hands(here: DataCentre, *, protocols: list[str]) -> ssl.SSLSocket:
    """Open a connection to the exam server that trusts this certificate and no other."""
    context = ssl.create_default_context(cafile=here.certificate)
    context.set_alpn_protocols(protocols)
    return context.wrap_socket(socket.create_connection(("127.0.0.1", here.outer), 10), server_hostname="127.0.0.1")
