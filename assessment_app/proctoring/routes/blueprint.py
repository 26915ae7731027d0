"""The blueprint of a proctor's pages with its door, and what all acts have in common."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import counts, finds, names_subjects, only, own_agency, shows
from assessment_app.accounts.rules import Entry, Found, Group, Role
from assessment_app.exam.queries import facts
from assessment_app.logbook.messages.forms import own_id
from assessment_app.platform import clock
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.errors import wants_problem
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark, show_nip
from assessment_app.proctoring import actions
from assessment_app.proctoring.actions import Seated
from assessment_app.proctoring.rules import AROUND
from assessment_app.scheduling.queries import finding, running
from assessment_app.scheduling.queries.finding import where

bp = Blueprint("proctoring", __name__, url_prefix="/pengawas", template_folder="../templates", static_folder=None)
bp.before_request(only(Role.PROCTOR))
shows(bp, Entry(Group.RUNNING, mark("Konsol pengawas"), "console", "proctoring.listed", frozenset({Role.PROCTOR})))
counts(bp, "proctoring.listed", mark("%(num)s berlangsung"), lambda db, own: running.sessions(db, own, clock.now()))
names_subjects(bp, facts.names_in_trail)


def _found(db: Session, text: str, most: int) -> list[Found]:
    now = clock.now()
    return [
        Found(one.name, f"{show_nip(one.nip)}, {where(session)}, {_('kursi')} {one.seat:02}",
              url_for("proctoring.room", session_id=session.session_id, kursi=one.seat))
        for one, session in finding.bookings(db, own_agency(), text, most, (now - AROUND, now + AROUND))
    ]  # fmt: skip


finds(bp, mark("Peserta sesi ini"), (Role.PROCTOR,), _found)


def seated(session_id: UUID, seat: int) -> Seated:
    """Name a seat with whom the page showed on it, where it says so."""
    return Seated(session_id, seat, own_id(request.form, "booking") if request.form.get("booking") else None)


def mirror(*touched: actions.Touched) -> None:
    """Let the answers' gates follow what was just committed."""
    for one in touched:
        with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
            actions.mirror(answers, db, one)


def done(said: str, session_id: UUID, seat: int | None = None) -> ResponseReturnValue:
    """Tell what came of an act and lead back to the room; the console's module, which keeps the form, gets the way."""
    flash(said, "ok")
    back = url_for("proctoring.room", session_id=session_id, kursi=seat)
    return {"to": back} if wants_problem() else redirect(back, 303)
