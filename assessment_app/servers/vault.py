"""The vault server: item authors and psychometricians, on a restricted network. It knows no participant."""

from __future__ import annotations

import os

from flask import Blueprint, Flask

from assessment_app.accounts import routes as accounts
from assessment_app.authoring import routes as authoring
from assessment_app.platform.db import VAULT, StoreName
from assessment_app.platform.settings import Settings
from assessment_app.platform.web import HOUSE, furnish
from assessment_app.servers import serving

STORES: tuple[StoreName, ...] = (VAULT,)
PARTS: tuple[Blueprint, ...] = (authoring.bp, authoring.psychometrics)
BLOCKING_THREADS = 8


def build(chosen: Settings) -> Flask:
    """Join the parts; the vault must be open."""
    app = Flask(__name__, template_folder=str(HOUSE / "platform" / "templates"), static_folder=None)
    furnish(app, chosen, cookie="pro_asn_vault", stores=STORES, slices=("accounts", "authoring"))
    accounts.install_sign_in(app, VAULT)
    for part in PARTS:
        app.register_blueprint(part)
    return app


def create_app() -> Flask:
    """Make the application in the server's worker process."""
    chosen = serving.prepare("vault", STORES, metrics_offset=2)
    serving.end_with_parent(lambda: os._exit(0))
    return build(chosen)


def main() -> None:
    """Run the vault server."""
    serving.serve("assessment_app.servers.vault:create_app", STORES, lambda chosen: chosen.vault_port, BLOCKING_THREADS)


if __name__ == "__main__":
    main()
