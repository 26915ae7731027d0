"""The record of a session: who sat, who did not come, and the seal over what they left."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import only, own_agency
from assessment_app.accounts.rules import Role
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.scheduling import queries as plans
from assessment_app.sealing import messages, queries
from assessment_app.sealing.verifier import grouped

bp = Blueprint("sealing", __name__, url_prefix="/berita-acara", template_folder="templates")
bp.before_request(only(Role.PROCTOR, Role.BKD_ADMIN))


@bp.get("/sesi/<uuid:session_id>")
def record(session_id: UUID) -> ResponseReturnValue:
    """Show a session's record as it hangs together now; a sheet of paper when it is printed."""
    with transaction(reads_only=True) as db:
        session = plans.session(db, own_agency(), session_id)
        lines = queries.attendance(db, session)
        seals = queries.seals(db, session_id, own_agency())
        keys = {key.key_id: key for key in queries.keys(db)}
        waits = queries.waits(db, session_id)
    seal = seals[-1] if seals else None
    return render_template(
        "sealing/record.html", session=session, lines=lines, seals=seals, seal=seal, waits=waits, now=clock.now(),
        key=keys[seal.key_id] if seal else None, qr=messages.qr(session_id, seal.n, seal.root) if seal else "",
        grouped=grouped,
    )  # fmt: skip
