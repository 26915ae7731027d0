"""Sign-in and accounts: what slices use (``only``, ``shows``, ``by``, ``own_agency``, ...), and ``install_sign_in``."""

from __future__ import annotations

from flask import Flask
from flask_login import LoginManager
from werkzeug.local import LocalProxy

from assessment_app.accounts import queries
from assessment_app.accounts.routes.audit import names_ids, names_subjects, trail
from assessment_app.accounts.routes.counting import beside, counts
from assessment_app.accounts.routes.door import by, for_pages, load, officer, only, own_agency, proves_again, shows
from assessment_app.accounts.routes.gate import gate
from assessment_app.accounts.routes.own import admin, bp
from assessment_app.accounts.routes.search import bp as finding
from assessment_app.accounts.routes.search import finders, finds
from assessment_app.platform.db import StoreName

__all__ = [
    "by",
    "counts",
    "finds",
    "install_sign_in",
    "names_ids",
    "names_subjects",
    "officer",
    "only",
    "own_agency",
    "proves_again",
    "shows",
]


def install_sign_in(app: Flask, store: StoreName) -> None:
    """Let staff sign in to an app with the accounts of one store; adds the pages under /masuk and /akun."""
    manager = LoginManager()
    # Its own context processor would ask the store for every page, the page that says the store is away included.
    manager.init_app(app, add_context_processor=False)
    manager.session_protection = None  # the row is the protection; an address may change on the way
    manager.user_loader(load)
    app.extensions["accounts_store"] = store
    app.context_processor(for_pages)
    app.context_processor(lambda: {"finders": LocalProxy(finders), "number_beside": beside})
    queries.decoy()
    for blueprint in (gate, bp, admin, trail, finding):
        app.register_blueprint(blueprint)
