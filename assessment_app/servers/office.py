"""The office server: BKD, proctors, assessors, talent committee, auditors. It has no vault and no way to one."""

from __future__ import annotations

import os

from flask import Blueprint, Flask

from assessment_app.accommodations import routes as accommodations
from assessment_app.evidence import routes as evidence
from assessment_app.foresight import routes as foresight
from assessment_app.job_standards import routes as job_standards
from assessment_app.logbook import routes as logbook
from assessment_app.people import routes as people
from assessment_app.personnel import routes as personnel
from assessment_app.platform.db import ANSWERS, EXAM, StoreName
from assessment_app.platform.gateway import Gateway
from assessment_app.platform.lifeline import end_with_parent
from assessment_app.platform.settings import Settings
from assessment_app.proctoring import routes as proctoring
from assessment_app.progress import routes as progress
from assessment_app.reports import routes as reports
from assessment_app.rescoring import routes as rescoring
from assessment_app.rescue import routes as rescue
from assessment_app.review import routes as review
from assessment_app.rule_sets.routes import deciding, drafting, sets
from assessment_app.scheduling import routes as scheduling
from assessment_app.sealing import routes as sealing
from assessment_app.servers import serving
from assessment_app.servers.staff import staff_app
from assessment_app.succession import routes as succession
from assessment_app.talent import routes as talent

STORES: tuple[StoreName, ...] = (EXAM, ANSWERS)
PARTS: tuple[Blueprint, ...] = (
    scheduling.bp, accommodations.bp, people.bp, job_standards.bp, personnel.bp, proctoring.bp, logbook.bp, rescue.bp,
    sealing.bp, review.bp, talent.bp, succession.bp, reports.bp, reports.issuing, reports.verification, progress.bp,
    rescoring.bp, evidence.bp, sets.bp, drafting.bp, deciding.bp, foresight.bp,
)  # fmt: skip
"""In the order of the navigation: the first page that a role may see is where it comes in, unless its work begins at
another (``Entry.begins``)."""
SLICES = (
    "scheduling", "people", "evidence", "personnel", "proctoring", "sealing", "rule_sets", "review", "talent",
    "succession", "reports", "progress",
)  # fmt: skip
THREADS = 16


def build(chosen: Settings) -> Flask:
    """Join the parts; the stores must be open."""
    return staff_app("office", chosen, STORES, PARTS, SLICES)


def create_app() -> Gateway:
    """Make the application in the server's worker process."""
    chosen = serving.prepare("office", STORES)
    end_with_parent(lambda: os._exit(0))
    app = build(chosen)
    return Gateway(app, threads=THREADS, most_bytes=app.config["MAX_CONTENT_LENGTH"])


def main() -> None:
    """Run the office server."""
    serving.serve("office", STORES)


if __name__ == "__main__":
    main()
