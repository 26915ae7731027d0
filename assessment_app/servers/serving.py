"""How a server process is started, and how it ends when the one that started it is gone."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Sequence

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from assessment_app.platform import db, garbage, logs, observe, security, settings
from assessment_app.platform.db import StoreError, StoreName
from assessment_app.platform.lifeline import STOP_SECONDS, end_with_parent, stop_with_reason
from assessment_app.platform.settings import Settings, SettingsError

BACKLOG, BACKPRESSURE = 1024, 16_384
"""Above the number of browsers: granian counts kept-open connections, not only requests."""


def prepare(process: str, stores: Sequence[StoreName]) -> Settings:
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
    observe.serve_metrics(chosen.host, chosen.metrics_port_of(process))
    garbage.started()
    return chosen


def check_port(host: str, name: str, port: int) -> None:
    """Refuse with SettingsError a port that somebody else listens on, naming the setting that chose it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"Port {port} on {host} cannot be used ({error.strerror}). Stop the program that holds it, or choose "
                f"another port with {settings.PREFIX}{name.partition(' ')[0]}."
            ) from error


def serve(process: str, stores: Sequence[StoreName]) -> None:
    """Start granian with one worker for a server; ends when it is told to or when its parent is gone."""
    try:
        chosen = settings.load()
        settings.use(chosen)
        security.secret("check")
        db.connect(chosen.stores, stores)
        for store in stores:
            db.check_version(store)
        db.disconnect()  # the worker opens its own
        port = chosen.ports[f"{process.upper()}_PORT"]
        check_port(chosen.host, f"{process.upper()}_PORT", port)
        if metrics := chosen.metrics_port_of(process):
            check_port(chosen.host, "METRICS_PORT", metrics)
    except (SettingsError, StoreError) as error:
        stop_with_reason(error)
    end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    garbage.started()  # before the fork: what nobody goes through again stays shared
    Granian(
        target=f"assessment_app.servers.{process}:create_app", address=chosen.host, port=port,
        interface=Interfaces.RSGI, factory=True, workers=1, http=HTTPModes.http1, websockets=False,
        backlog=BACKLOG, backpressure=BACKPRESSURE, log_access=False, log_level=LogLevels.warning,
        respawn_failed_workers=True, workers_kill_timeout=STOP_SECONDS - 1,
    ).serve()  # fmt: skip
