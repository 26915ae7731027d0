"""Pages of assessors: the queue, least certain first, and a profile with everything that it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import by, only, own_agency, shows
from assessment_app.accounts.rules import Entry, Group, Role
from assessment_app.job_standards.rules import POST
from assessment_app.people.rules import JobLevel
from assessment_app.platform import clock
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.texts import mark
from assessment_app.review import actions, messages, queries, rules
from assessment_app.review.queries import Case
from assessment_app.review.rules.times import PartTimes, Strip, time_strip
from assessment_app.rule_sets.messages import RULE_NAMES, SOURCE_MARKS
from assessment_app.scoring import messages as names
from assessment_app.scoring import queries as scores

PAGE = 25

bp = Blueprint("review", __name__, url_prefix="/tinjau", template_folder="templates")
bp.before_request(only(Role.ASSESSOR))
shows(bp, Entry(Group.RESULTS, mark("Tinjau asesor"), "shield", "review.queue", frozenset({Role.ASSESSOR})))


@bp.get("")
def queue() -> ResponseReturnValue:
    """List the profiles of a wave, the least certain first."""
    with transaction(reads_only=True) as db:
        waves = scores.measured_waves(db, own_agency())
        chosen = scores.chosen_wave(waves, request.args.get("gelombang", type=UUID))
        cases = queries.queue(db, own_agency(), chosen.wave.wave_id) if chosen else []
    whole = [case for case in cases if case.certainty is not None]
    page = min(max(request.args.get("halaman", 1, type=int), 1), max(-(-len(whole) // PAGE), 1))
    return render_template(
        "review/queue.html", waves=[(one.wave.wave_id, one.wave.name) for one in waves], chosen=chosen,
        total=len(whole), page=page, size=PAGE, cases=whole[(page - 1) * PAGE : page * PAGE],
        incomplete=cases[len(whole) :], near=sum(case.near_cut for case in whole), names=names, percent=rules.percent,
    )  # fmt: skip


@bp.get("/<int(max=2147483647):sitting_id>")
def profile(sitting_id: int) -> ResponseReturnValue:
    """Show one profile; that somebody looked at it is kept in the audit trail."""
    with transaction() as db:
        found, booking, seen = actions.open_profile(db, own_agency(), sitting_id, by(), clock.now())
    with transaction(ANSWERS, reads_only=True) as answers, transaction(reads_only=True) as db:
        unusual = queries.unusual(answers, seen.sitting)
        worked = queries.times(db, answers, seen)
    with transaction(reads_only=True) as db:  # apart, so that a long queue holds up no writer
        cases = queries.queue(db, own_agency(), booking.wave_id)
    said = found.document
    return render_template(
        "review/profile.html", profile=found, said=said, booking=booking, seen=seen, unusual=unusual, names=names,
        percent=rules.percent,
        job_level=JobLevel(booking.job_level).label, certainty=rules.certainty(said, seen.rules),
        potential=rules.potential_category(said, seen.rules), unsure=rules.unsure_levels(said),
        near_cut_level=seen.rules.near_level,
        near=[one for one in said["competencies"] if rules.is_near_required(one, seen.rules)],
        used_rules=messages.used_rules(
            seen.rule_set.document, booking.job_level, {"competency.standard"} if _has_own_standard(said) else ()
        ), own_standard=_has_own_standard(said), rule_names=RULE_NAMES,
        source_marks=SOURCE_MARKS,
        level_bar=rules.level_bar, deviation_bar=rules.deviation_bar, strip=_strip(seen, worked),
        **_neighbours(cases, sitting_id),
    )  # fmt: skip


def _has_own_standard(said: Mapping[str, Any]) -> bool:
    """Tell whether a profile was matched with the standard of the person's own post, not with that of the level."""
    return bool(said.get("inputs", {}).get("standard", {}).get("kind") == POST)


def _strip(seen: queries.Evidence, worked: Sequence[PartTimes]) -> Strip:
    """Draw the response times, with the limit of the rule set that the profile was made with."""
    return time_strip(worked, float(seen.rule_set.document["rules"]["validity.rapid_seconds"]["value"]))


def _neighbours(cases: Sequence[Case], sitting_id: int) -> dict[str, object]:
    """Tell where in the queue a profile stands, and which come before and after it."""
    order = [case.profile.sitting_id for case in cases]
    place = order.index(sitting_id)
    return {
        "place": place + 1, "length": len(order), "before": order[place - 1] if place else None,
        "after": order[place + 1] if place + 1 < len(order) else None,
    }  # fmt: skip
