"""The queue of a wave, least certain first, and a profile with everything that it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import own_agency
from assessment_app.evidence import queries as known
from assessment_app.job_standards.rules import POST
from assessment_app.people.rules import JobLevel
from assessment_app.platform import clock
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.review import actions, messages, queries, rules
from assessment_app.review.messages import Typed, Wanted
from assessment_app.review.queries import Evidence, cases, pace
from assessment_app.review.queries import story as stories
from assessment_app.review.queries.desk import Desk, desk, effect
from assessment_app.review.routes.door import assessor, bp, placing
from assessment_app.review.rules import deciding
from assessment_app.review.rules.deciding import Choice, Decision
from assessment_app.review.rules.standing import State, is_held_by_other
from assessment_app.review.rules.times import PartTimes, Strip, time_strip
from assessment_app.rule_sets.messages import RULE_NAMES, SOURCE_MARKS, titled
from assessment_app.scoring import messages as names
from assessment_app.scoring import queries as scores
from assessment_app.scoring.models import Profile
from assessment_app.scoring.rules import sureness

PAGE = 25
STORY_LINES = 12
"""Lines of the story beside the profile; the whole of it has a page of its own."""


@bp.get("")
def queue() -> ResponseReturnValue:
    """List the profiles of a wave, the least certain first."""
    wanted = Wanted.parse(request.args)
    with transaction(reads_only=True) as db:
        waves = scores.measured_waves(db, own_agency())
        chosen = scores.chosen_wave(waves, request.args.get("gelombang", type=UUID))
        shown = _shown(db, reader(chosen.wave.wave_id), wanted) if chosen else {}
    return render_template(
        "review/queue.html", waves=[(one.wave.wave_id, one.wave.name) for one in waves], chosen=chosen, size=PAGE,
        wanted=wanted, states=messages.STATES, me=assessor().account_id, names=names, percent=rules.percent, **shown,
    )  # fmt: skip


def _shown(db: Session, by: cases.Reader, wanted: Wanted) -> dict[str, object]:
    """Read one page of the queue: whole cases with the first of the incomplete, or the incomplete alone."""
    counted, found = cases.counted(db, by), cases.found(db, by, wanted)
    total = found.incomplete if wanted.incomplete else found.whole
    page = min(max(request.args.get("halaman", 1, type=int), 1), max(-(-total // PAGE), 1))
    first = (page - 1) * PAGE
    return {
        "counted": counted, "page": page, "total": total, "incomplete_total": found.incomplete,
        "cases": [] if wanted.incomplete else cases.page(db, by, wanted, first, PAGE, whole=True),
        "incomplete": cases.page(db, by, wanted, first if wanted.incomplete else 0, PAGE, whole=False),
        "units": [("", _("Semua OPD")), *((unit, unit) for unit in counted.units)],
    }  # fmt: skip


def reader(wave_id: UUID) -> cases.Reader:
    """Name who looks at a wave now."""
    return cases.Reader(own_agency(), wave_id, assessor().account_id, clock.now())


@bp.get("/<int(max=2147483647):sitting_id>")
def profile(sitting_id: int) -> ResponseReturnValue:
    """Show one profile; that somebody looked at it is kept in the audit trail."""
    return page(sitting_id)


@bp.get("/<int(max=2147483647):sitting_id>/jejak")
def trail(sitting_id: int) -> ResponseReturnValue:
    """Tell the whole story of a result, with the hash of every entry of the audit trail."""
    with transaction(reads_only=True) as db:
        found, booking = scores.profile(db, own_agency(), sitting_id)
        lines = _story(db, queries.evidence(db, found))
    return render_template(
        "review/trail.html", booking=booking, sitting_id=sitting_id, lines=lines, told=messages.told, names=names
    )


def _story(db: Session, seen: Evidence) -> list[stories.Told]:
    more = placing().placed(db, own_agency(), seen.sitting.sitting_id)
    return stories.story(db, own_agency(), seen, more)


def page(
    sitting_id: int, typed: Typed | None = None, errors: Sequence[str] = (), status: int = 200, notice: str = ""
) -> ResponseReturnValue:
    """Show a profile with the decision card: as it was typed and with what is wrong, or else with the draft."""
    now = clock.now()
    with transaction() as db:
        found, booking, seen = actions.open_profile(db, assessor(), sitting_id, now)
    with transaction(ANSWERS, reads_only=True) as answers, transaction(reads_only=True) as db:
        unusual = queries.unusual(answers, seen.sitting)
        worked = pace.times(db, answers, seen)
    with transaction(reads_only=True) as db:  # apart, so that a long queue holds up no writer
        around = cases.around(db, reader(booking.wave_id), sitting_id)
        lies = desk(db, own_agency(), found, assessor().account_id, now)
        typed = typed or _written(lies, serious=sureness.serious(found.document))
        shown = lies.decided if lies.state is State.WAITING and lies.may_approve else decided(found, typed)
        changes = effect(db, found, seen, shown or Decision(Choice.CONFIRM), placing().boxes, now)
        lines = stories.shortened(_story(db, seen))
        invented = bool(known.invented(db, own_agency(), [booking.employee_id]))
    said = found.document
    answer = render_template(
        "review/profile.html", profile=found, said=said, booking=booking, seen=seen, unusual=unusual, names=names,
        percent=rules.percent, level_bar=rules.level_bar, deviation_bar=rules.deviation_bar,
        likelier=rules.likelier_level, invented=invented,
        job_level=JobLevel(booking.job_level).label, certainty=sureness.certainty(said, seen.rules),
        potential=sureness.potential_category(said, seen.rules), serious=sureness.serious(said),
        unsure=rules.unsure_levels(said), near_cut_level=seen.rules.near_level,
        match_error=deciding.match_error(said, seen.rules),
        near=[one for one in said["competencies"] if rules.is_near_required(one, seen.rules)],
        **_basis(found, seen), strip=_strip(seen, worked),
        rule_names=RULE_NAMES, source_marks=SOURCE_MARKS, rules_titled=titled,
        lines=lines[:STORY_LINES], more_lines=len(lines) - STORY_LINES, told=messages.told,
        errors=errors, notice=notice, around=around, **_decision_card(found, seen, lies, typed, changes),
    )  # fmt: skip
    return answer, status


def _basis(found: Profile, seen: Evidence) -> dict[str, object]:
    """Name the rules that a profile rests on; the standard of the level is none of them where the post has its own."""
    own = found.document.get("inputs", {}).get("standard", {}).get("kind") == POST
    without = {"competency.standard"} if own else ()
    used = messages.used_rules(seen.rule_set.document, found.document["job_level"], without)
    return {"used_rules": used, "own_standard": own}


def _strip(seen: Evidence, worked: Sequence[PartTimes]) -> Strip:
    """Draw the response times, with the limit of the rule set that the profile was made with."""
    return time_strip(worked, float(seen.rule_set.document["rules"]["validity.rapid_seconds"]["value"]))


def _written(lies: Desk, serious: int) -> Typed:
    """Fill the form with the draft, or with what is to be changed: what waits, or what was signed.

    Where serious notes speak against a profile, nothing is chosen that the reader did not choose.
    """
    if lies.draft is not None:
        return Typed.of(lies.draft.document)
    if lies.step is not None and lies.state is State.WAITING:
        return Typed.again(lies.step.document)
    found = replace(Typed.again(lies.signed.document["signed"]), why="") if lies.signed else Typed()
    return replace(found, choice="") if serious else found


def decided(profile: Profile, typed: Typed) -> Decision:
    """Read from the form what was decided about a profile; what is not chosen yet changes nothing."""
    choice = Choice(typed.choice or Choice.CONFIRM)
    return deciding.decision(profile.document, choice, typed.levels, typed.reasons, typed.part, typed.why)


def _decision_card(
    found: Profile, seen: Evidence, lies: Desk, typed: Typed, changes: deciding.Effect
) -> dict[str, object]:  # fmt: skip
    scores = found.document["competencies"]
    choosable = [(one, list(deciding.allowed_levels(one, seen.limits)), _stands_open(one, typed)) for one in scores]
    needed = seen.limits.assessors_needed(found.document, seen.rules, is_adjusted=False)
    return {
        "desk": lies, "typed": typed, "effect": changes, "choosable": choosable, "choices": messages.CHOICES,
        "states": messages.STATES, "needed": needed, "parts": [(part.n, part.form.title) for part in seen.parts],
        "held": lies.lease if is_held_by_other(lies.lease, assessor().account_id, clock.now()) else None,
        "is_taken": bool(lies.lease and lies.lease.taken and lies.lease.account_id == assessor().account_id),
        "most": messages.MOST_LETTERS,
    }  # fmt: skip


def _stands_open(score: Mapping[str, Any], typed: Typed) -> bool:
    """Tell whether a competency is unfolded in the form: because it was changed, or something was written."""
    code = score["construct"]
    return bool(typed.reasons.get(code)) or typed.levels.get(code, score["level"]) != score["level"]
