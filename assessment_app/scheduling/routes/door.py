"""The door of planning, and what stands in the navigation."""

from __future__ import annotations

from flask import Blueprint, url_for
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import counts, finds, names_ids, only, own_agency, shows
from assessment_app.accounts.rules import Entry, Found, Group, Role
from assessment_app.platform import clock
from assessment_app.platform.texts import mark, show_nip
from assessment_app.scheduling.queries import finding, running
from assessment_app.scheduling.queries.finding import where
from assessment_app.scheduling.queries.naming import names_of

bp = Blueprint("scheduling", __name__, url_prefix="/gelombang", template_folder="../templates")
bp.before_request(only(Role.BKD_ADMIN))
names_ids(bp, names_of)
PLANNERS = frozenset({Role.BKD_ADMIN})
shows(
    bp,
    Entry(Group.PLANNING, mark("Gelombang"), "calendar", "scheduling.listed", PLANNERS),
    Entry(Group.PLANNING, mark("Ruang"), "computer", "scheduling.rooms", PLANNERS),
)
counts(bp, "scheduling.listed", mark("%(num)s berlangsung"), lambda db, own: running.waves(db, own, clock.now()))


def _people(db: Session, text: str, most: int) -> list[Found]:
    return [
        Found(one.name, f"{show_nip(one.nip)}, {session.wave.name}, {where(session)}",
              url_for("scheduling.show_booking", booking_id=one.booking_id))
        for one, session in finding.bookings(db, own_agency(), text, most)
    ]  # fmt: skip


def _waves(db: Session, text: str, most: int) -> list[Found]:
    return [
        Found(one.name, "", url_for("scheduling.show_wave", wave_id=one.wave_id))
        for one in finding.waves(db, own_agency(), text, most)
    ]


def _sessions(db: Session, text: str, most: int) -> list[Found]:
    return [
        Found(where(one), one.wave.name, url_for("scheduling.show_session", session_id=one.session_id))
        for one in finding.sessions(db, own_agency(), text, most)
    ]


finds(bp, mark("Peserta gelombang"), PLANNERS, _people)
finds(bp, mark("Gelombang"), PLANNERS, _waves)
finds(bp, mark("Sesi"), PLANNERS, _sessions)
