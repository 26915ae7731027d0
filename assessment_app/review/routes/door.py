"""The door of review, who stands before it, and what a later slice adds to its pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, current_app, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import counts, finds, only, own_agency, shows
from assessment_app.accounts.rules import Entry, Found, Group, Role
from assessment_app.platform.texts import mark, show_nip
from assessment_app.review.actions import Assessor
from assessment_app.review.queries import cases
from assessment_app.review.queries.desk import Boxes
from assessment_app.review.queries.story import Told

Placed = Callable[[Session, UUID, int], Sequence[Told]]
"""Tells the placements of an agency's sitting."""

bp = Blueprint("review", __name__, url_prefix="/tinjau", template_folder="../templates")
bp.before_request(only(Role.ASSESSOR))
shows(bp, Entry(Group.RESULTS, mark("Tinjau asesor"), "shield", "review.queue", frozenset({Role.ASSESSOR})))
counts(bp, "review.queue", mark("%(num)s menunggu asesor"), cases.waiting)


def _found(db: Session, text: str, most: int) -> list[Found]:
    return [
        Found(name, f"{show_nip(nip)}, {wave}", url_for("review.profile", sitting_id=sitting_id))
        for sitting_id, name, nip, wave in cases.named(db, own_agency(), text, most)
    ]


finds(bp, mark("Hasil penilaian"), (Role.ASSESSOR,), _found)


@dataclass(frozen=True)
class Places:
    """What the slice that places people tells the pages of review."""

    boxes: Boxes
    placed: Placed


def places(blueprint: Blueprint, boxes: Boxes, placed: Placed) -> None:
    """Let pages of review show boxes, on every server that this blueprint is part of: review comes before them."""
    blueprint.record(lambda state: state.app.extensions.update(review_places=Places(boxes, placed)))


def placing() -> Places:
    """Give who tells boxes and placements on this server."""
    found: Places = current_app.extensions["review_places"]
    return found


def assessor() -> Assessor:
    """Name whoever is signed in as an assessor of an agency; refuses with Forbidden who belongs to none."""
    return Assessor(own_agency(), current_user.account_id, current_user.full_name, request.remote_addr or "")
