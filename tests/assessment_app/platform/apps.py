"""A small app as the three servers are furnished, with routes that go wrong in every way."""

from __future__ import annotations

from flask import Flask, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from assessment_app.platform.db import EXAM
from assessment_app.platform.errors import Busy, Closed, Invalid, NotFound
from assessment_app.platform.security import csrf_token
from assessment_app.platform.settings import Settings
from assessment_app.platform.web import TEMPLATES, furnish

SECRET = "the answer is C"

FAULTS = {
    "invalid": Invalid("Kolom NIP kosong."),
    "closed": Closed(attempt=3),
    "busy": Busy(retry_after_s=7),
    "broken": RuntimeError(SECRET),
    "away": OperationalError("SELECT 1", {}, Exception("connection refused\nmore")),
    "full": PoolTimeout("QueuePool limit"),
}


def furnished(chosen: Settings) -> Flask:
    """Make the app; its stores must be open."""
    app = Flask(__name__, template_folder=TEMPLATES, static_folder=None)
    furnish(app, chosen, cookie="test", stores=[EXAM], slices=("exam",))
    for prefix in ("/", "/api/"):
        app.add_url_rule(f"{prefix}<fault>", f"fail{prefix}", fail)
    app.add_url_rule("/token", "token", csrf_token)
    app.add_url_rule("/send", "send", lambda: request.form.get("said", "-"), methods=["POST"])
    app.add_url_rule("/api/exam/v1/save", "save", lambda: "saved", methods=["POST"])
    app.add_url_rule("/folder/", "folder", lambda: "here")
    return app


def fail(fault: str) -> str:
    """Raise what is asked for."""
    raise FAULTS.get(fault, NotFound())
