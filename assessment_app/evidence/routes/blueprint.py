"""The blueprint of all pages of evidence, with its door: discipline and performance are for the BKD alone."""

from __future__ import annotations

from flask import Blueprint, request

from assessment_app.accounts.routes import names_ids, only, shows
from assessment_app.accounts.rules import Entry, Group, Role
from assessment_app.evidence import queries
from assessment_app.platform.texts import mark

bp = Blueprint("evidence", __name__, url_prefix="/bukti", template_folder="../templates", static_folder=None)
bp.before_request(only(Role.BKD_ADMIN))
shows(bp, Entry(Group.RESULTS, mark("Bukti talenta"), "document", "evidence.overview", frozenset({Role.BKD_ADMIN})))
names_ids(bp, queries.names_in_trail)


def asked_page() -> int:
    """Read which page of a list is asked for."""
    return min(max(request.args.get("halaman", 1, type=int), 1), 100_000)


def printable(text: str) -> str:
    """Take from a text what cannot be shown."""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:200]
