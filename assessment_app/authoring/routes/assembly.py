"""The page of assembly: which blueprint, how many forms, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import only, shows
from assessment_app.accounts.rules import Entry, Group
from assessment_app.authoring.actions import forms as actions
from assessment_app.authoring.actions.forms import CannotAssemble
from assessment_app.authoring.messages.asked import MOST_FORMS, NewAssembly
from assessment_app.authoring.queries import forms as queries
from assessment_app.authoring.routes.people import ALONE, by
from assessment_app.authoring.rules.charts import forms_chart
from assessment_app.platform import clock
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from item_bank import assembly, blueprints, calibrations
from item_bank.assembly import Forms
from item_bank.instruments import INSTRUMENTS
from item_bank.pool import CURVE_AT

CHART_WIDTH = 640

bp = Blueprint("assembly", __name__, url_prefix="/bank/perakitan", template_folder="../templates")
bp.before_request(only(*ALONE))
shows(bp, Entry(Group.INSTRUMENTS, mark("Perakitan"), "console", "assembly.asked", ALONE))


@bp.get("")
def asked() -> ResponseReturnValue:
    """Ask for a blueprint and a number of forms."""
    return _page(request.args.get("kisi", ""))


@bp.post("")
def assemble() -> ResponseReturnValue:
    """Assemble forms and propose them, or say what stands in the way."""
    wanted = NewAssembly.parse(request.form, _blueprints())
    with transaction(VAULT) as db:
        pool = actions.open_pool(db, wanted, by(), clock.now())
    try:
        made = actions.assemble(pool, wanted)
        with transaction(VAULT) as db:
            proposal_ids = actions.propose_forms(db, wanted, pool, made, by(), clock.now())
    except CannotAssemble as refused:
        return _page(wanted.blueprint.code, refused=refused), 409
    return _page(wanted.blueprint.code, made, proposal_ids)


def _blueprints() -> dict[str, blueprints.FormBlueprint]:
    return {one.code: one for one in blueprints.samples()}


def _page(
    chosen: str, made: Forms | None = None, proposal_ids: Sequence[UUID] = (), refused: CannotAssemble | None = None
) -> str:  # fmt: skip
    known = _blueprints()
    with transaction(VAULT, reads_only=True) as db:
        named = [one.name for one in calibrations.calibrations(db)]
        proposals = queries.proposals_named(db, proposal_ids)
    told = {one.code: one.curve for one in made.forms} if made else {}
    chart = forms_chart(CURVE_AT, told, CHART_WIDTH) if any(told.values()) else None
    return render_template(
        "authoring/assembly.html", blueprints=known, chosen=known.get(chosen), made=made,
        refused=refused, proposals=proposals, chart=chart, most_forms=MOST_FORMS, instruments=INSTRUMENTS,
        difference=assembly.largest_difference(made) if made else None, request_id=uuid4(),
        blueprint_choices=[(one.code, f"{one.title} ({one.code})") for one in known.values()],
        calibration_choices=[("", _("Diasumsikan penulis")), *((name, name) for name in named)],
    )  # fmt: skip
