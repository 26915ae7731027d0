"""The vault server: item authors and psychometricians, on a restricted network. It knows no participant."""

from __future__ import annotations

import os

from flask import Flask

from assessment_app.authoring.routes import PARTS
from assessment_app.platform.db import VAULT, StoreName
from assessment_app.platform.gateway import Gateway
from assessment_app.platform.lifeline import end_with_parent
from assessment_app.platform.settings import Settings
from assessment_app.servers import serving
from assessment_app.servers.staff import staff_app

STORES: tuple[StoreName, ...] = (VAULT,)
SLICES = ("authoring",)
THREADS = 8


def build(chosen: Settings) -> Flask:
    """Join the parts; the stores must be open."""
    return staff_app("vault", chosen, STORES, PARTS, SLICES)


def create_app() -> Gateway:
    """Make the application in the server's worker process."""
    chosen = serving.prepare("vault", STORES)
    end_with_parent(lambda: os._exit(0))
    app = build(chosen)
    return Gateway(app, threads=THREADS, most_bytes=app.config["MAX_CONTENT_LENGTH"])


def main() -> None:
    """Run the vault server."""
    serving.serve("vault", STORES)


if __name__ == "__main__":
    main()
