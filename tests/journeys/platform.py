"""The platform as an installation runs it: real processes in a folder of their own."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import psutil

from tests.services.postgres import Postgres
from tests.services.run import Run

TOLD = "told.txt"
"""What a first start tells of how to enter."""

PROGRAMS = {
    "exam": ("assessment_app.servers.exam",),
    "office": ("assessment_app.servers.office",),
    "vault": ("assessment_app.servers.vault",),
    "worker": ("workers.embedded",),
}


def free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on; held open together, so that no two are the same.

    They lie below those that the system gives to connections: one of these is taken by somebody before a server starts.
    """
    with ExitStack() as held:
        found: list[int] = []
        while len(found) < count:
            probe, port = held.enter_context(socket.socket()), 10_000 + secrets.randbelow(22_000)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                found.append(port)
        return found


def plain_environment() -> dict[str, str]:
    """Give the test's environment without any setting of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PRO_ASN_")}


def wait_until(what: str, seconds: float, happened) -> None:
    """Wait for something, and say what it was when it does not happen."""
    until = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > until:
            raise AssertionError(f"waited {seconds} s in vain for: {what}")
        time.sleep(0.05)


@dataclass
class Platform:
    """A running platform: where it listens, who may enter, and its processes by name."""

    folder: Path
    ports: Mapping[str, int]
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)
    log: Path = Path()
    urls: Mapping[str, str] = field(default_factory=dict)

    def url(self, server: str, path: str = "/") -> str:
        """Write an address of one of the servers."""
        return f"http://127.0.0.1:{self.ports[server]}{path}"

    def answers(self, server: str) -> bool:
        """Tell whether a server is ready."""
        try:
            with urlopen(self.url(server, "/readyz"), timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def passwords(self) -> dict[str, str]:
        """Read the passwords of the demonstration's staff."""
        found: dict[str, str] = json.loads((self.folder / "demo-logins.json").read_text())
        return found

    def running(self, name: str) -> list[psutil.Process]:
        """List the living processes of one name, the one that was started first."""
        wanted = PROGRAMS[name][0] if name != "celery" else "workers.celery_app"
        family = [psutil.Process(parent.pid) for parent in self.processes.values()]
        family += [child for parent in list(family) for child in parent.children(recursive=True)]
        return [process for process in family if runs(process, wanted)]


def runs(process: psutil.Process, wanted: str) -> bool:
    """Tell whether a process is alive and runs a program; one that dies meanwhile does not."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE and any(wanted in word for word in process.cmdline())
    except psutil.Error:
        return False


@contextmanager
def started(environment: Mapping[str, str], command: list[str], log: Path) -> Iterator[subprocess.Popen]:
    """Start a process, and end it and all its children at the end of the block."""
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=dict(environment), stdout=output, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen) -> None:
    """Ask a process to end as Ctrl+C does; whatever is left of its family is killed.

    It is asked again as a person would: Celery can lose a signal that comes while it is still starting.
    """
    family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    try:
        for seconds in (15, 15):
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
        process.wait(1)
    finally:
        for one in family:
            if one.is_running():
                one.kill()


def make_demonstration(environment: dict[str, str], folder: Path) -> None:
    """Make the demonstration in a folder, as the first start does, and write down what that tells."""
    prepare = "from threading import Event; from assessment_app.commands import demo, store; chosen = store.prepared()"
    make = "store.make_folder(chosen.data_dir); store.bring_up_to_date(chosen); print(demo.prepare(chosen, Event()))"
    own = plain_environment() | environment | {"PRO_ASN_DATA_DIR": str(folder), "PRO_ASN_SECOND_FACTOR": "optional"}
    command = [sys.executable, "-c", f"{prepare}; {make}"]
    done = subprocess.run(command, env=own, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    (folder / TOLD).write_text(done.stdout)


def demonstration(run: Run) -> Path:
    """Give a folder as a first start leaves it: made once per run, for every test to copy."""
    folder = run.folder / "demonstration"
    with run.once("demonstration") as first:
        if first:
            shutil.rmtree(folder, ignore_errors=True)
            make_demonstration({}, folder)
    return folder


@contextmanager
def demonstration_on_postgres(cluster: Postgres) -> Iterator[tuple[Path, dict[str, str]]]:
    """Lend the databases of a demonstration, clones of what was made once per run, and give the folder beside them."""
    folder = cluster.run.folder / "demonstration-on-postgres"
    vault = cluster.template("vault_demonstration", lambda _url: None)

    def fill(url: str) -> None:
        stores = {"EXAM": url, "ANSWERS": url, "VAULT": cluster.url(vault)}
        make_demonstration({f"PRO_ASN_{name}_URL": place for name, place in stores.items()}, folder)

    exam = cluster.template("exam_demonstration", fill)
    with cluster.database(exam) as exam_url, cluster.database(vault) as vault_url:
        yield folder, {"exam": exam_url, "answers": exam_url, "vault": vault_url}


@contextmanager
def on_one_machine(run: Run, folder: Path) -> Iterator[Platform]:
    """Run the demonstration as ``make run`` does, on free ports, in a folder of its own."""
    shutil.copytree(demonstration(run), folder, dirs_exist_ok=True)
    exam, office, vault = free_ports(3)
    platform = Platform(folder, {"exam": exam, "office": office, "vault": vault}, log=folder / "run.log")
    environment = plain_environment() | {
        "PRO_ASN_DATA_DIR": str(folder), "PRO_ASN_METRICS_PORT": "0", "PRO_ASN_EXAM_PORT": str(exam),
        "PRO_ASN_OFFICE_PORT": str(office), "PRO_ASN_VAULT_PORT": str(vault), "PRO_ASN_WORKER_LEASE_SECONDS": "2",
    }  # fmt: skip
    command = [str(Path(sys.executable).parent / "proasn"), "run", "--demo"]
    with started(environment, command, platform.log) as process:
        platform.processes["parent"] = process
        wait_until(
            "the demonstration to be ready",
            30,
            lambda: "siap" in platform.log.read_text() or process.poll() is not None,
        )
        assert process.poll() is None, platform.log.read_text()
        yield platform


@contextmanager
def exam_server_on(folder: Path) -> Iterator[Platform]:
    """Run the exam server alone, on an installation that a test has made in a folder."""
    (port,) = free_ports(1)
    platform = Platform(folder, {"exam": port}, log=folder / "exam.log")
    environment = plain_environment() | {
        "PRO_ASN_DATA_DIR": str(folder), "PRO_ASN_EXAM_PORT": str(port), "PRO_ASN_METRICS_PORT": "0",
    }  # fmt: skip
    with started(environment, [sys.executable, "-m", *PROGRAMS["exam"]], platform.log) as process:
        platform.processes["exam"] = process
        wait_until("the exam server to answer", 30, lambda: platform.answers("exam") or process.poll() is not None)
        assert process.poll() is None, platform.log.read_text()
        yield platform


def told_pin(platform: Platform) -> str:
    """Read the session's PIN from what the start told."""
    found = re.search(r"PIN ([A-Z2-9]{6})", platform.log.read_text())
    assert found, platform.log.read_text()
    return found.group(1)


@contextmanager
def in_a_data_centre(folder: Path, cluster: Postgres, redis_url: str) -> Iterator[Platform]:
    """Run the demonstration on PostgreSQL and Redis: every process with its own role, the worker under Celery."""
    exam, office, vault = free_ports(3)
    plain = plain_environment() | {
        "PRO_ASN_DATA_DIR": str(folder), "PRO_ASN_METRICS_PORT": "0", "PRO_ASN_SECOND_FACTOR": "optional",
        "PRO_ASN_EXAM_PORT": str(exam), "PRO_ASN_OFFICE_PORT": str(office), "PRO_ASN_VAULT_PORT": str(vault),
        "PRO_ASN_REDIS_URL": redis_url, "PRO_ASN_WORKER_LEASE_SECONDS": "2",
    }  # fmt: skip
    celery = (
        "celery",
        "--app=workers.celery_app",
        "worker",
        "--queues=scoring,bulk,reports",
        "--concurrency=1",
        "--beat",
    )
    with ExitStack() as family:
        made, urls = family.enter_context(demonstration_on_postgres(cluster))
        shutil.copytree(made, folder, dirs_exist_ok=True)
        ports = {"exam": exam, "office": office, "vault": vault}
        platform = Platform(folder, ports, log=folder / TOLD, urls=urls)
        give_rights(plain, urls)
        commands = {
            "exam": (PROGRAMS["exam"], role_urls(urls, "exam", "pro_asn_exam")),
            "office": (PROGRAMS["office"], role_urls(urls, "exam", "pro_asn_office")),
            "vault": (PROGRAMS["vault"], role_urls(urls, "vault", "pro_asn_vault")),
            "celery": (
                (*celery, f"--schedule={folder}/beat", "--loglevel=warning"),
                role_urls(urls, "exam", "pro_asn_worker")
                | role_urls(urls, "vault", "pro_asn_worker")
                | {"PRO_ASN_SEAL_KEY": str(folder / "seal" / "private.pem")},
            ),
        }
        for name, (words, own) in commands.items():
            command = [sys.executable, "-m", *words]
            process = family.enter_context(started(plain | own, command, folder / f"{name}.log"))
            platform.processes[name] = process
        for server in ("exam", "office", "vault"):
            wait_until(f"{server} to answer", 30, lambda server=server: platform.answers(server))
        yield platform


def role_urls(urls: Mapping[str, str], store: str, role: str) -> dict[str, str]:
    """Name a store as one role reaches it."""
    return {f"PRO_ASN_{store.upper()}_URL": urls[store].replace("//postgres@", f"//{role}@")}


def give_rights(environment: Mapping[str, str], urls: Mapping[str, str]) -> None:
    """Give the roles of the processes their rights, as the databases' owner; a clone of a database lacks some."""
    owner = dict(environment) | {f"PRO_ASN_{store.upper()}_URL": url for store, url in urls.items()}
    command = [str(Path(sys.executable).parent / "proasn"), "roles"]
    done = subprocess.run(command, env=owner, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
