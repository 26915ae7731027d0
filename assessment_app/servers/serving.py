"""How a server process is started, and how it ends when the one that started it is gone."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from time import sleep

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from assessment_app.platform import db, logs, observe, security, settings
from assessment_app.platform.db import StoreError, StoreName
from assessment_app.platform.settings import Settings, SettingsError

EXIT_CANNOT_START = 2
"""What a process ends with when a person has to mend something before it can start."""

BACKLOG, BACKPRESSURE = 1024, 16_384
"""Above the number of browsers: granian counts kept-open connections, not only requests."""


def end_with_parent(end: Callable[[], None]) -> None:
    """Watch who started us: an orphan would go on holding its port while its successor cannot start."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            sleep(0.2)
        end()

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def prepare(process: str, stores: Sequence[StoreName], metrics_offset: int) -> Settings:
    """Make this process ready to serve: settings, logs, stores of the right version, metrics.

    Refuses with SettingsError or StoreError.
    """
    chosen = settings.load()
    settings.use(chosen)
    logs.install(chosen.log_level, process)
    security.secret("check")
    db.connect(chosen.stores, stores)
    for store in stores:
        db.check_version(store)
    if chosen.metrics_port:
        observe.serve_metrics(chosen.host, chosen.metrics_port + metrics_offset)
    return chosen


def stop_with_reason(error: Exception) -> None:
    """End this process with one line that says what to do."""
    click.echo(f"proasn: {error}", err=True)
    sys.exit(EXIT_CANNOT_START)


def check_port(host: str, port: int) -> None:
    """Refuse with SettingsError a port that somebody else listens on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"Port {port} on {host} cannot be used ({error.strerror}). Stop the program that holds it, or choose "
                "another port with PRO_ASN_EXAM_PORT, PRO_ASN_OFFICE_PORT or PRO_ASN_VAULT_PORT."
            ) from error


def serve(target: str, stores: Sequence[StoreName], port_of: Callable[[Settings], int], threads: int) -> None:
    """Start granian with one worker for an application; ends when it is told to or when its parent is gone."""
    try:
        chosen = settings.load()
        settings.use(chosen)
        security.secret("check")
        db.connect(chosen.stores, stores)
        for store in stores:
            db.check_version(store)
        db.disconnect()  # the worker opens its own
        check_port(chosen.host, port_of(chosen))
    except (SettingsError, StoreError) as error:
        stop_with_reason(error)
    end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    Granian(
        target=target, address=chosen.host, port=port_of(chosen), interface=Interfaces.WSGI, factory=True, workers=1,
        blocking_threads=threads or chosen.exam_threads, backlog=BACKLOG, backpressure=BACKPRESSURE, log_access=False,
        log_level=LogLevels.warning, respawn_failed_workers=True,
    ).serve()  # fmt: skip
