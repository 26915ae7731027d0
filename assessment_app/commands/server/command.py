"""The command ``proasn run-server``: what is started in which order, and what each process is given."""

from __future__ import annotations

import os
import resource
import shlex
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from assessment_app.commands import demo, store
from assessment_app.commands.backups import manifest, restoring
from assessment_app.commands.family import Child, Keeper, all_answer, alone_in, stop_all, told_to_stop
from assessment_app.commands.server import cluster, front
from assessment_app.commands.server.place import ROLES, Place, is_everywhere, leashed, make_folders, programs
from assessment_app.platform import db, settings
from assessment_app.platform.settings import PREFIX, SettingsError
from assessment_app.servers.serving import check_port

FOLDER = click.Path(file_okay=False, path_type=Path)
START_SECONDS = 60.0
OWNER, EXAM, OFFICE, WORKER, VAULT = ROLES
QUEUES = ("scoring", "bulk", "reports")
METRICS = 40
"""Inner ports below this are servers'; each process shows its numbers on ports of its own from here on."""


@click.command()
@click.option("--demo", "demo_wave", is_flag=True, help="prepare a demonstration agency, wave and logins")
@click.option("--host", default="127.0.0.1", show_default=True, help="address that nginx listens on")
@click.option("--name", default="", help="how browsers address this machine; also goes into the certificate")
@click.option("--port", "outer", default=8443, show_default=True, help="first of three ports: exam, office, vault")
@click.option("--inner-port", "inner", default=18400, show_default=True, help="first port on loopback, behind nginx")
@click.option("--exam-processes", "exams", type=click.IntRange(1, 32), help="default: one less than there are cores")
@click.option("--restore", "source", type=FOLDER, help="fill the empty databases of a new data centre from a backup")
@click.option("--secrets", "safe", type=FOLDER, help="where 'backup --secrets' put them; with --restore")
@click.option("--workers", type=click.IntRange(1, 64), help="processes for the queue bulk; default: as many as cores")
def run_server(
    demo_wave: bool, host: str, name: str, outer: int, inner: int, exams: int | None, workers: int | None,
    source: Path | None, safe: Path | None,
) -> None:  # fmt: skip
    """Start a data centre on this machine: PostgreSQL, Redis, all servers and workers, nginx with TLS."""
    cores = len(os.sched_getaffinity(0))
    found, folder = programs(), _folder()
    named = name or ("localhost" if is_everywhere(host) else host)
    place = Place(folder, host, named, outer, inner, exams or max(1, cores - 1), workers or cores)
    _check_ports(place)
    stop = told_to_stop()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # nginx needs two for each browser
    make_folders(place)
    with alone_in(place.folder):
        Server(place, found, stop, demo_wave, source, safe).run()


def _folder() -> Path:
    """Give the folder; other settings of stores and ports are made here, so they are refused."""
    made_here = ("EXAM_URL", "ANSWERS_URL", "VAULT_URL", "REDIS_URL", "EXAM_PORT", "OFFICE_PORT", "VAULT_PORT", "HOST")
    for name in made_here:
        if f"{PREFIX}{name}" in os.environ:
            raise SettingsError(f"run-server chooses {PREFIX}{name} itself. Remove it; proasn run-server --help.")
    given = settings.load().data_dir
    return (Path("var/server") if f"{PREFIX}DATA_DIR" not in os.environ else given).resolve()


def _check_ports(place: Place) -> None:
    for name, port in place.outer_ports.items():
        _free(place.host, port, f"--port ({name})")
    for name, port in place.inner_ports.items():
        _free("127.0.0.1", port, f"--inner-port ({name})")


def _free(host: str, port: int, option: str) -> None:
    try:
        check_port(host, "", port)
    except SettingsError as error:
        raise SettingsError(
            f"{str(error).partition('. ')[0]}. Stop the program that holds it, or choose {option}."
        ) from error


@dataclass(frozen=True)
class Server:
    """One run of a data centre."""

    place: Place
    programs: Mapping[str, str]
    stop: threading.Event
    demo_wave: bool
    source: Path | None = None
    safe: Path | None = None

    def run(self) -> None:
        """Start all, keep all, stop all."""
        begun, place = time.monotonic(), self.place
        place.write_urls()
        cluster.make_cluster(place, self.programs)
        below = [cluster.server(place, self.programs), front.redis(place, self.programs)]
        above = [*self.processes(), front.nginx(place, self.programs)]
        keeper = Keeper(self.common(), place.folder / "logs", self.stop)
        try:
            if not keeper.start(below, self._below_is_ready, START_SECONDS):
                return
            told = self.prepare()
            if keeper.start(above, self._above_is_ready, START_SECONDS):
                self._tell(told, time.monotonic() - begun)
                keeper.keep([*below, *above])
        finally:
            stop_all(above)
            stop_all(below)
            click.echo("Pro ASN berhenti. Semua data tersimpan; jalankan lagi kapan saja.")

    def _below_is_ready(self) -> bool:
        return cluster.is_ready(self.place) and front.redis_answers(self.place)

    def _above_is_ready(self) -> bool:
        return all_answer("127.0.0.1", self.place.inner_ports.values())

    def prepare(self) -> str:
        """Make or upgrade databases, roles and, if asked for, the demonstration; gives what that tells."""
        cluster.make_databases(self.place)
        chosen = settings.load(self.owners())
        settings.use(chosen)
        if self.source is not None:
            restoring.to_databases(chosen, self.source, manifest.read(self.source), self.safe)
        store.bring_up_to_date(chosen)
        cluster.give_passwords(self.place)
        store.give_rights(chosen)
        told = demo.prepare(chosen, self.stop) if self.demo_wave else ""
        db.disconnect()
        self._write_owners()
        return told

    def common(self) -> dict[str, str]:
        """Give the settings that all processes share; none of them names a store."""
        given = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        kept = ("STAFF_IDLE_MINUTES", "STAFF_SESSION_HOURS", "LOG_LEVEL", "LANGUAGE", "EXAM_THREADS",
                "QUEUE_PATIENCE_MS", "WORKER_LEASE_SECONDS", "SECOND_FACTOR")  # fmt: skip
        given |= {PREFIX + name: os.environ[PREFIX + name] for name in kept if PREFIX + name in os.environ}
        own = {
            "DATA_DIR": str(self.place.folder), "SECURE_COOKIES": "true", "TRUSTED_PROXIES": "1",
            "EXAM_PUBLIC_URL": self.place.address("exam"),
        }  # fmt: skip
        if self.demo_wave:
            given.setdefault(f"{PREFIX}SECOND_FACTOR", "optional")
        return given | {PREFIX + name: value for name, value in own.items()}

    def owners(self) -> dict[str, str]:
        """Give the settings of a command line that acts as the databases' owner."""
        place = self.place
        return {name: value for name, value in self.common().items() if name.startswith(PREFIX)} | {
            f"{PREFIX}EXAM_URL": place.url_file(OWNER, "exam"), f"{PREFIX}VAULT_URL": place.url_file(OWNER, "vault"),
            f"{PREFIX}SEAL_KEY": str(self._seal), f"{PREFIX}REDIS_URL": place.redis_file,
        }  # fmt: skip

    @property
    def _seal(self) -> Path:
        return self.place.folder / "seal" / "private.pem"

    def _write_owners(self) -> None:
        """Write the owner's settings down, for whoever uses the command line beside the running servers."""
        path = self.place.folder / "env"
        path.touch(mode=0o600)
        path.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in sorted(self.owners().items())))

    def processes(self) -> list[Child]:
        """Name our own processes, each with the stores that it may reach, as its own role, and nothing else."""
        place, exam, vault = self.place, f"{PREFIX}EXAM_URL", f"{PREFIX}VAULT_URL"
        family = [
            self._child(f"exam-{n}", "exam", {exam: place.url_file(EXAM, "exam"), **self._broker})
            for n in range(1, place.exams + 1)
        ]
        family.append(self._child("office", "office", {exam: place.url_file(OFFICE, "exam"), **self._broker}))
        family.append(self._child("vault", "vault", {vault: place.url_file(VAULT, "vault"), **self._broker}))
        stores = {
            exam: place.url_file(WORKER, "exam"), vault: place.url_file(WORKER, "vault"),
            f"{PREFIX}SEAL_KEY": str(self._seal), **self._broker,
        }  # fmt: skip
        family += [self._worker(queue, stores) for queue in QUEUES]
        return [self._measured(child, n) for n, child in enumerate([*family, self._beat()])]

    @property
    def _broker(self) -> dict[str, str]:
        return {f"{PREFIX}REDIS_URL": self.place.redis_file}

    def _child(self, name: str, server: str, given: Mapping[str, str]) -> Child:
        port = {f"{PREFIX}{server.upper()}_PORT": str(self.place.inner_ports[name])}
        return Child(name, (f"assessment_app.servers.{server}",), given={**given, **port})

    def _worker(self, queue: str, given: Mapping[str, str]) -> Child:
        processes = {"scoring": 1, "bulk": self.place.workers, "reports": 1}[queue]
        options = (
            f"--queues={queue}", f"--concurrency={processes}", f"--hostname={queue}@pro-asn",
            "--loglevel=warning", "--without-gossip", "--without-mingle",
        )  # fmt: skip
        return Child(f"worker-{queue}", ("celery", "--app=workers.celery_app", "worker", *options), given=given)

    def _beat(self) -> Child:
        schedule = f"--schedule={self.place.folder / 'beat-schedule'}"
        options = ("--app=workers.celery_app", "beat", schedule, "--pidfile=", "--loglevel=warning")
        return Child("beat", ("celery", *options), given=self._broker, leash=leashed(self.programs["setpriv"], "TERM"))

    def _measured(self, child: Child, n: int) -> Child:
        """Give a process metrics ports that no other has."""
        child.given = {**child.given, f"{PREFIX}METRICS_PORT": str(self.place.inner + METRICS + 4 * n)}
        return child

    def _tell(self, told: str, seconds: float) -> None:
        place = self.place
        click.echo(
            f"\nPro ASN siap ({seconds:.1f} detik). Ctrl+C menghentikan semuanya. Catatan: {place.folder}/logs\n"
        )
        click.echo(f"  Ujian (peserta)      {place.address('exam')}/    {place.exams} proses")
        click.echo(f"  Kantor (BKD, dst.)   {place.address('office')}/")
        click.echo(f"  Brankas (soal)       {place.address('vault')}/\n")
        click.echo(f"  Sertifikat: {place.folder}/tls/server.crt (dibuat sendiri: peramban akan bertanya sekali)")
        click.echo(f"  Perintah proasn lain: set -a; . {place.folder}/env; set +a\n")
        if told:
            click.echo(told)
