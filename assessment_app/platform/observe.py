"""What a monitoring system asks: is the process alive, may it be given work, how is it doing."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from assessment_app.platform import clock, queue
from assessment_app.platform.db import EXAM, StoreName, transaction
from assessment_app.platform.settings import SettingsError

REGISTRY = CollectorRegistry(auto_describe=True)
"""Our own, without the defaults that tell more about the machine than is needed."""

REQUESTS = Counter("proasn_requests_total", "Answered requests", ("method", "status"), registry=REGISTRY)
SAVES = Counter("proasn_answer_saves_total", "Answer saves by outcome", ("outcome",), registry=REGISTRY)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Methods that are counted by name; whoever sends invented ones must not make a new series with each."""

COMMIT_SIZE = Histogram(
    "proasn_answer_commit_size", "Saves in one commit", buckets=(1, 2, 4, 8, 16, 32, 64), registry=REGISTRY
)
JOBS = Counter("proasn_jobs_total", "Jobs by task and outcome", ("task", "outcome"), registry=REGISTRY)
JOBS_WAITING = Gauge("proasn_jobs_waiting", "Jobs that are due", registry=REGISTRY)
JOBS_OLDEST = Gauge("proasn_jobs_oldest_seconds", "Age of the oldest due job", registry=REGISTRY)
JOBS_RESTING = Gauge("proasn_jobs_resting", "Jobs that gave up and wait for a person", registry=REGISTRY)


def serve_metrics(host: str, port: int) -> None:
    """Open ``/metrics`` on its own port, which no participant can reach; port 0 leaves it closed.

    Refuses with SettingsError a port that somebody else listens on.
    """
    if not port:
        return
    try:
        start_http_server(port, addr=host, registry=REGISTRY)
    except OSError as error:
        raise SettingsError(
            f"Port {port} on {host} cannot be used for metrics ({error.strerror}). Set PRO_ASN_METRICS_PORT."
        ) from error


def watch_jobs() -> None:
    """Let the job gauges be read from the table whenever they are asked for."""
    JOBS_WAITING.set_function(lambda: _backlog()[0])
    JOBS_OLDEST.set_function(lambda: _backlog()[1])
    JOBS_RESTING.set_function(lambda: _backlog()[2])


def _backlog() -> tuple[float, float, float]:
    """Ask the table; while it is away nothing is known, and the other numbers can still be read."""
    try:
        with transaction(reads_only=True) as db:
            return queue.backlog(db, clock.now())
    except SQLAlchemyError:
        return nan, nan, nan


def _count(response: Response) -> Response:
    REQUESTS.labels(request.method if request.method in METHODS else "other", response.status_code).inc()
    return response


def unreachable(stores: Sequence[StoreName]) -> list[str]:
    """Name the stores that do not answer now."""
    silent: list[str] = []
    for name in stores:
        try:
            with transaction(name, reads_only=True) as db:  # a probe never waits for a writer, nor holds one up
                db.execute(text(f"SELECT version_num FROM alembic_version_{name}"))  # nosec B608 # our own name
        except SQLAlchemyError:
            silent.append(name)
    return silent


def follow(app: Flask, stores: Sequence[StoreName]) -> None:
    """Give an app ``/healthz`` and ``/readyz``, and count its requests."""

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """Answer as long as the process can answer at all."""
        return {"status": "ok"}

    @app.get("/readyz")
    def readyz() -> tuple[dict[str, object], int]:
        """Answer 200 only when every store of this server answers."""
        silent = unreachable(stores)
        state: dict[str, object] = {"status": "unready" if silent else "ok", "unreachable": silent}
        if EXAM in stores and not silent:
            with transaction(reads_only=True) as db:
                waiting, oldest, resting = queue.backlog(db, clock.now())
            state |= {
                "jobs_waiting": waiting,
                "jobs_oldest_seconds": round(oldest, 1),
                "jobs_resting": resting,
            }
        return state, 503 if silent else 200

    app.after_request(_count)
