"""How complete the evidence of a wave or unit is, and who lacks what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import own_agency
from assessment_app.evidence import actions, messages, queries
from assessment_app.evidence.queries import PAGE, Narrowed
from assessment_app.evidence.queries.standing import Terms
from assessment_app.evidence.routes.blueprint import asked_page, bp, printable
from assessment_app.evidence.rules import COMPONENTS
from assessment_app.people import queries as people
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.rule_sets import queries as numbers
from assessment_app.rule_sets.messages import named

EVERYBODY = "semua"

FEW = 250
"""People who are judged while somebody waits for the page: a tenth of a second."""


@bp.get("")
def overview() -> ResponseReturnValue:
    """Count what is known of a wave's or unit's people, and list them or those who lack one component."""
    now, agency_id = clock.now(), own_agency()
    terms, is_behind = _refresh(now)
    with transaction(reads_only=True) as db:
        waves, units = queries.waves(db, agency_id), people.units(db, agency_id)
        narrowed = _narrowed([one for one, _name in waves])
        rule_set = numbers.rule_set(db, terms.rule_set)
        seen = queries.completeness(db, agency_id, terms, narrowed)
        total = queries.count(db, agency_id, terms, narrowed, seen)
        at = min(asked_page(), max(-(-total // PAGE), 1))
        listed = queries.listed(db, agency_id, terms, narrowed, at)
    return render_template(
        "evidence/overview.html", seen=seen, is_behind=is_behind, listed=listed, total=total, page=at,
        size=PAGE, text=narrowed.text, lacking=narrowed.lacking, unit_id=narrowed.unit_id,
        wave_id=narrowed.wave_id or EVERYBODY, components=COMPONENTS, names=messages.COMPONENT_NAMES,
        states=messages.STATE_NAMES, say=messages.say,
        rules_named=named(rule_set.document["version"], is_released=rule_set.is_released),
        waves=[*waves, (EVERYBODY, _("Semua pegawai"))], units=units, asked=_asked(),
    )  # fmt: skip


def _refresh(now: datetime) -> tuple[Terms, bool]:
    """Judge whoever is out of date, where they are few; tells by what, and whether more are left to the worker."""
    with transaction(reads_only=True) as db:
        terms = queries.terms(db, own_agency(), now)
        stale = queries.stale(db, own_agency(), terms, FEW + 1)
    if 0 < len(stale) <= FEW:
        with transaction() as db:
            actions.judge(db, own_agency(), terms, stale)
    return terms, len(stale) > FEW


def _narrowed(wave_ids: Sequence[UUID]) -> Narrowed:
    text, lacking = printable(request.args.get("cari", "")), request.args.get("kurang", "")
    return Narrowed(_chosen_wave(wave_ids), request.args.get("unit", type=UUID), text, lacking)


def _chosen_wave(wave_ids: Sequence[UUID]) -> UUID | None:
    """Take the wave that is asked for, else the newest; nothing when everybody is asked for."""
    asked = request.args.get("gelombang", type=UUID)
    newest = wave_ids[0] if wave_ids and "gelombang" not in request.args else None
    return asked if asked in wave_ids else newest


def _asked() -> dict[str, str]:
    return {name: request.args[name] for name in ("gelombang", "unit", "cari", "kurang") if request.args.get(name)}
