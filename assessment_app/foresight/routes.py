"""The page that shows what an agency's own rule set would change in a wave before it decides."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import only, own_agency
from assessment_app.foresight import queries, rules
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import mark
from assessment_app.rule_sets import queries as rule_sets
from assessment_app.rule_sets.routes.sets import AUTHORS, DECIDERS, offers
from assessment_app.scoring import messages as names
from assessment_app.scoring import queries as scores

MOST_LISTED = 50
ROLES = (*AUTHORS, *DECIDERS)

bp = Blueprint("foresight", __name__, url_prefix="/aturan", template_folder="templates")
bp.before_request(only(*ROLES))
offers(bp, mark("Pratinjau akibatnya"), "foresight.show", *ROLES)


@bp.get("/<uuid:draft_id>/pratinjau")
def show(draft_id: UUID) -> ResponseReturnValue:
    """Show whose categories or box a rule set would change in a wave; nothing is stored."""
    with transaction(reads_only=True) as db:
        life = rule_sets.life(db, own_agency(), draft_id)
        decides = rule_sets.in_force(db, own_agency(), clock.now())
        waves = scores.measured_waves(db, own_agency())
        chosen = scores.chosen_wave(waves, request.args.get("gelombang", type=UUID))
        judged = queries.judged(db, own_agency(), chosen.wave.wave_id, life.rule_set) if chosen else queries.NOBODY
    return render_template(
        "foresight/preview.html", life=life, decides=decides, chosen=chosen,
        waves=[(one.wave.wave_id, one.wave.name) for one in waves], judged=judged,
        seen=rules.foresight(judged.people), counts=rules.counts(judged.people), most=MOST_LISTED,
        potential_names=names.POTENTIAL_CATEGORIES, match_names=names.MATCH_CATEGORIES,
    )  # fmt: skip
