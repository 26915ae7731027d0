"""What office and vault server have in common: staff sign in, each with the accounts of its own store."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Flask

from assessment_app.accounts.routes import install_sign_in
from assessment_app.platform.db import StoreName
from assessment_app.platform.settings import Settings
from assessment_app.platform.web import TEMPLATES, furnish


def staff_app(
    process: str, chosen: Settings, stores: Sequence[StoreName], parts: Sequence[Blueprint], slices: Sequence[str]
) -> Flask:
    """Join the parts of a server that staff sign in to, with the accounts of the first of its stores."""
    app = Flask(f"assessment_app.servers.{process}", template_folder=TEMPLATES, static_folder=None)
    furnish(app, chosen, cookie=f"pro_asn_{process}", stores=stores, slices=("accounts", *slices))
    install_sign_in(app, stores[0])
    for part in parts:
        app.register_blueprint(part)
    return app
