"""``proasn run``: the whole platform on one machine; a parent that starts its processes and keeps them alive."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
import structlog

from assessment_app.commands import demo, store
from assessment_app.platform import db
from assessment_app.platform.db import StoreError
from assessment_app.platform.lifeline import EXIT_CANNOT_START, STARTED_BY, STOP_SECONDS
from assessment_app.platform.settings import PREFIX, Settings, SettingsError
from assessment_app.servers.serving import check_port

log = structlog.get_logger(__name__)

START_SECONDS = 30.0
"""How long the servers may take until they answer."""

BACK_OFF = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds until a child that died is started again; one that lived for a while begins anew."""

LIVED = 10.0


@dataclass
class Child:
    """One process of the platform, with the settings that it is given and no others."""

    name: str
    module: tuple[str, ...]
    withheld: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    born: float = 0.0
    deaths: int = 0
    starts_at: float = field(default=0.0)

    def start(self, environment: Mapping[str, str], folder: Path) -> None:
        """Start the process; its output goes to a file of its own."""
        given = {name: value for name, value in environment.items() if name not in self.withheld}
        given[STARTED_BY] = str(os.getpid())
        with (folder / f"{self.name}.log").open("ab") as output:
            self.process = subprocess.Popen(  # our own module
                [sys.executable, "-m", *self.module], env=given, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
        self.born = time.monotonic()

    def look_after(self, environment: Mapping[str, str], folder: Path, *, first: bool) -> None:
        """Start the process again if it died; refuses with SettingsError when it cannot start at all.

        Only the ``first`` start may find that out: later its port may be held for a moment by what it left behind.
        """
        now = time.monotonic()
        if self.process is None:
            if now >= self.starts_at:
                self.start(environment, folder)
            return
        code = self.process.poll()
        if code is None:
            return
        if first and code == EXIT_CANNOT_START:
            raise SettingsError(f"{self.name} cannot start: {last_line(folder / f'{self.name}.log')}")
        self.deaths = 0 if now - self.born > LIVED else self.deaths + 1
        self.starts_at = now + BACK_OFF[min(self.deaths, len(BACK_OFF) - 1)]
        self.process = None


def children(chosen: Settings) -> list[Child]:
    """Name the processes and what each must not be given: the vault's place, or everybody else's; the seal's key."""
    seal, vault, exam = f"{PREFIX}SEAL_KEY", f"{PREFIX}VAULT_URL", (f"{PREFIX}EXAM_URL", f"{PREFIX}ANSWERS_URL")
    return [
        Child("exam", ("assessment_app.servers.exam",), (vault, seal)),
        Child("office", ("assessment_app.servers.office",), (vault, seal)),
        Child("vault", ("assessment_app.servers.vault",), (*exam, seal)),
        Child("worker", _celery(chosen) if chosen.redis_url else ("workers.embedded",), ()),
    ]


def _celery(chosen: Settings) -> tuple[str, ...]:
    """Give the worker as Celery starts it, with its beat inside: one machine needs no more than one."""
    schedule = str(chosen.data_dir.resolve() / "beat-schedule")
    options = ("--queues=scoring,bulk,reports", "--concurrency=2", "--loglevel=warning")
    return ("celery", "--app=workers.celery_app", "worker", *options, "--beat", f"--schedule={schedule}")


def last_line(path: Path) -> str:
    """Give the last line that a process wrote."""
    lines = path.read_text(errors="replace").strip().splitlines()
    return lines[-1].removeprefix("proasn: ") if lines else "no reason given"


def environment_for(chosen: Settings, *, demo_wave: bool) -> dict[str, str]:
    """Make the settings explicit, so that every child sees the same installation wherever it is started."""
    folder = chosen.data_dir.resolve()
    given = dict(os.environ)
    given[f"{PREFIX}DATA_DIR"] = str(folder)
    given[f"{PREFIX}SEAL_KEY"] = str(chosen.seal_key.resolve())
    for name, url in chosen.stores.items():
        given[f"{PREFIX}{name.upper()}_URL"] = url.replace(f"sqlite:///{chosen.data_dir}", f"sqlite:///{folder}")
    if demo_wave:
        given.setdefault(f"{PREFIX}SECOND_FACTOR", "optional")
    return given


def all_answer(chosen: Settings) -> bool:
    """Tell whether every server answers."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # whatever proxy this machine surfs through
    for port in (chosen.exam_port, chosen.office_port, chosen.vault_port):
        try:
            direct.open(f"http://{chosen.host}:{port}/healthz", timeout=1).close()
        except (urllib.error.URLError, OSError):
            return False
    return True


def stop_all(family: list[Child]) -> None:
    """Ask every child to end, and end whoever does not."""
    alive = [child.process for child in family if child.process is not None]
    for process in alive:
        process.send_signal(signal.SIGTERM)
    until = time.monotonic() + STOP_SECONDS + 1
    for process in alive:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with whatever it started; each child leads a group of its own
            process.wait()


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep a second ``proasn run`` out of the folder; refuses with SettingsError when there is one already."""
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the system lets go of it however this process ends
        except OSError as error:
            raise SettingsError(
                f"Another 'proasn run' works in {folder}. Stop it, or choose another folder with {PREFIX}DATA_DIR."
            ) from error
        yield


@click.command()
@click.option(
    "--demo",
    "demo_wave",
    is_flag=True,
    help="prepare a demonstration agency, wave and logins at the first start",
)
def run(demo_wave: bool) -> None:
    """Start the whole platform on this machine; Ctrl+C stops all of it."""
    chosen, stop = store.prepared(), threading.Event()
    for name, port in chosen.ports.items():
        check_port(chosen.host, name, port)
    store.make_folder(chosen.data_dir)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())  # the step that is being prepared is finished first
    with alone_in(chosen.data_dir):
        store.bring_up_to_date(chosen)
        told = demo.prepare(chosen, stop) if demo_wave else ""
        db.disconnect()
        logs = chosen.data_dir / "logs"
        logs.mkdir(exist_ok=True)
        _supervise(chosen, environment_for(chosen, demo_wave=demo_wave), logs, told, stop)


def _supervise(chosen: Settings, environment: Mapping[str, str], logs: Path, told: str, stop: threading.Event) -> None:
    family, begun, ready = children(chosen), time.monotonic(), False
    try:
        while not stop.is_set():
            for child in family:
                child.look_after(environment, logs, first=not ready)
            if not ready and all_answer(chosen):
                ready = True
                _tell(chosen, logs, told, time.monotonic() - begun)
            if not ready and time.monotonic() - begun > START_SECONDS:
                raise StoreError(f"The servers do not answer after {START_SECONDS:.0f} s. See {logs}")
            stop.wait(0.05 if not ready else 0.2)
    finally:
        stop_all(family)
        click.echo("Pro ASN berhenti. Semua data tersimpan; jalankan lagi kapan saja.")


def _tell(chosen: Settings, logs: Path, told: str, seconds: float) -> None:
    click.echo(f"\nPro ASN siap ({seconds:.1f} detik). Ctrl+C menghentikan semuanya. Catatan: {logs}\n")
    click.echo(f"  Ujian (peserta)      http://{chosen.host}:{chosen.exam_port}/")
    click.echo(f"  Kantor (BKD, dst.)   http://{chosen.host}:{chosen.office_port}/")
    click.echo(f"  Brankas (soal)       http://{chosen.host}:{chosen.vault_port}/\n")
    if told:
        click.echo(told)
