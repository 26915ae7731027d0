"""How complete the evidence of a wave or unit is, and who lacks what."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import own_agency
from assessment_app.evidence import messages, queries
from assessment_app.evidence.queries import PAGE, Person
from assessment_app.evidence.routes.blueprint import asked_page, bp, printable
from assessment_app.evidence.rules import COMPONENTS, Known
from assessment_app.people import queries as people
from assessment_app.people.rules import clean_nip
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.rule_sets import queries as numbers

EVERYBODY = "semua"


@bp.get("")
def overview() -> ResponseReturnValue:
    """Count what is known of a wave's or unit's people, and list them or those who lack one component."""
    now = clock.now()
    unit_id, lacking = request.args.get("unit", type=UUID), request.args.get("kurang", "")
    with transaction(reads_only=True) as db:
        waves = queries.waves(db, own_agency())
        wave_id = _chosen_wave([one for one, _name in waves])
        units = people.units(db, own_agency())
        rule_set, today = numbers.in_force(db, own_agency(), now), queries.today(db, own_agency(), now)
        seen = queries.completeness(db, own_agency(), rule_set.document, today, wave_id, unit_id)
    text = printable(request.args.get("cari", ""))
    listed = [one for one in seen.people if _is_wanted(one, text, lacking)]
    at = min(asked_page(), max(-(-len(listed) // PAGE), 1))
    return render_template(
        "evidence/overview.html", seen=seen, listed=listed[(at - 1) * PAGE : at * PAGE], total=len(listed), page=at,
        size=PAGE, text=text, lacking=lacking, wave_id=wave_id or EVERYBODY, unit_id=unit_id, components=COMPONENTS,
        names=messages.COMPONENT_NAMES, states=messages.STATE_NAMES, say=messages.say, rule_set=rule_set,
        waves=[*waves, (EVERYBODY, _("Semua pegawai"))], units=units, asked=_asked(),
    )  # fmt: skip


def _chosen_wave(wave_ids: Sequence[UUID]) -> UUID | None:
    """Take the wave that is asked for, else the newest; nothing when everybody is asked for."""
    asked = request.args.get("gelombang", type=UUID)
    newest = wave_ids[0] if wave_ids and "gelombang" not in request.args else None
    return asked if asked in wave_ids else newest


def _is_wanted(person: Person, text: str, lacking: str) -> bool:
    if lacking in COMPONENTS and person.known[lacking].state != Known.UNKNOWN:
        return False
    digits = clean_nip(text)
    return text.casefold() in person.name.casefold() or (digits.isdigit() and digits in person.nip)


def _asked() -> dict[str, str]:
    return {name: request.args[name] for name in ("gelombang", "unit", "cari", "kurang") if request.args.get(name)}
