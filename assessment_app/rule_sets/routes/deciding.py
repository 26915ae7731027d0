"""What the second person decides about an agency's own rule set."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import officer, only
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.rule_sets import actions
from assessment_app.rule_sets.routes.sets import DECIDERS
from assessment_app.scheduling.messages import count, reason

bp = Blueprint("rule_decisions", __name__, url_prefix="/aturan/putusan", template_folder="../templates")
bp.before_request(only(*DECIDERS))


@bp.post("/<uuid:draft_id>/setujui")
def approve(draft_id: UUID) -> ResponseReturnValue:
    """Let a rule set decide from its date on; a second click finds it approved."""
    why, seen = reason(request.form), count(request.form, "seen")
    with transaction() as db:
        is_new = actions.approve(db, officer(), draft_id, seen, why, clock.now())
    if is_new:
        flash(_("Set aturan disetujui. Hasil yang sudah ada tidak berubah."), "ok")
    else:
        flash(_("Set aturan ini sudah disetujui tadi."), "info")
    return redirect(url_for("rule_sets.one", draft_id=draft_id), 303)


@bp.post("/<uuid:draft_id>/kembalikan")
def send_back(draft_id: UUID) -> ResponseReturnValue:
    """Give a rule set back to its authors with a reason."""
    why, seen = reason(request.form), count(request.form, "seen")
    with transaction() as db:
        actions.send_back(db, officer(), draft_id, seen, why, clock.now())
    flash(_("Set aturan dikembalikan. Alasannya tercatat."), "ok")
    return redirect(url_for("rule_sets.one", draft_id=draft_id), 303)
