"""``proasn run``: the whole platform on one machine; a parent that starts its processes and keeps them alive."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from assessment_app.commands import demo, store
from assessment_app.commands.family import Child, Keeper, all_answer, alone_in, stop_all, told_to_stop
from assessment_app.platform import db
from assessment_app.platform.settings import PREFIX, Settings
from assessment_app.servers.serving import check_port

START_SECONDS = 30.0
"""How long the servers may take until they answer."""


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


@click.command()
@click.option(
    "--demo",
    "demo_wave",
    is_flag=True,
    help="prepare a demonstration agency, wave and logins at the first start",
)
def run(demo_wave: bool) -> None:
    """Start the whole platform on this machine; Ctrl+C stops all of it."""
    begun = time.monotonic()
    chosen, stop = store.prepared(), told_to_stop()
    for name, port in chosen.ports.items():
        check_port(chosen.host, name, port)
    store.make_folder(chosen.data_dir)
    with alone_in(chosen.data_dir):
        store.bring_up_to_date(chosen)
        told = demo.prepare(chosen, stop) if demo_wave else ""
        db.disconnect()
        logs = chosen.data_dir / "logs"
        logs.mkdir(exist_ok=True)
        _run(chosen, Keeper(environment_for(chosen, demo_wave=demo_wave), logs, stop), told, begun)


def _run(chosen: Settings, keeper: Keeper, told: str, begun: float) -> None:
    family = children(chosen)
    ports = (chosen.exam_port, chosen.office_port, chosen.vault_port)
    try:
        if keeper.start(family, lambda: all_answer(chosen.host, ports), START_SECONDS):
            _tell(chosen, keeper.logs, told, time.monotonic() - begun)
            keeper.keep(family)
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
