"""The exam server: what every participant in a lab can reach. It has no vault and no way to one."""

from __future__ import annotations

import os

from flask import Blueprint

from assessment_app.exam import routes
from assessment_app.exam.answer_log.log import AnswerLog
from assessment_app.exam.answer_log.writers import writer_for
from assessment_app.exam.hot_path import ExamApp
from assessment_app.exam.hot_path.contacts import Contacts
from assessment_app.exam.hot_path.words import Newest
from assessment_app.exam.messages import MOST_BYTES
from assessment_app.platform.db import ANSWERS, EXAM, StoreName
from assessment_app.platform.gateway import Gateway
from assessment_app.platform.lifeline import end_with_parent
from assessment_app.platform.security import secret
from assessment_app.platform.settings import Settings
from assessment_app.platform.web import TEMPLATES, furnish
from assessment_app.servers import serving

STORES: tuple[StoreName, ...] = (EXAM, ANSWERS)
PARTS: tuple[Blueprint, ...] = (routes.pages, routes.api)


def build(chosen: Settings) -> ExamApp:
    """Join the parts; the stores must be open."""
    app = ExamApp(__name__, template_folder=TEMPLATES, static_folder=None)
    furnish(app, chosen, cookie="pro_asn_exam", stores=STORES, slices=("exam",), scripts=routes.SCRIPTS)
    for part in PARTS:
        app.register_blueprint(part)
    app.token_secret = secret("exam-token")
    app.contacts, app.newest = Contacts(), Newest()
    app.answer_log = AnswerLog(writer_for(chosen.stores[ANSWERS]), chosen.queue_patience_ms)
    return app


def create_app() -> Gateway:
    """Make the application in the server's worker process."""
    chosen = serving.prepare("exam", STORES)
    end_with_parent(lambda: os._exit(0))
    app = build(chosen)
    return Gateway(app, threads=chosen.exam_threads, most_bytes=MOST_BYTES, hot=app)


def main() -> None:
    """Run the exam server."""
    serving.serve("exam", STORES)


if __name__ == "__main__":
    main()
