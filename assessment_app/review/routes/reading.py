"""The queue of a wave, least certain first, and a profile with everything that it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import own_agency
from assessment_app.job_standards.rules import POST
from assessment_app.people.rules import JobLevel
from assessment_app.platform import clock
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.texts import gettext as _
from assessment_app.review import actions, messages, queries, rules
from assessment_app.review.messages import Typed, Wanted
from assessment_app.review.queries import Case, Evidence, pace
from assessment_app.review.queries import story as stories
from assessment_app.review.queries.desk import Desk, desk, effect
from assessment_app.review.routes.door import assessor, bp, placing
from assessment_app.review.rules import deciding
from assessment_app.review.rules.deciding import Choice, Decision
from assessment_app.review.rules.standing import UNDECIDED, State, is_held_by_other, neighbours
from assessment_app.review.rules.times import PartTimes, Strip, time_strip
from assessment_app.rule_sets.messages import RULE_NAMES, SOURCE_MARKS
from assessment_app.scoring import messages as names
from assessment_app.scoring import queries as scores
from assessment_app.scoring.models import Profile

PAGE = 25
STORY_LINES = 12
"""Lines of the story beside the profile; the whole of it has a page of its own."""


@bp.get("")
def queue() -> ResponseReturnValue:
    """List the profiles of a wave, the least certain first."""
    with transaction(reads_only=True) as db:
        waves = scores.measured_waves(db, own_agency())
        chosen = scores.chosen_wave(waves, request.args.get("gelombang", type=UUID))
        cases = _cases(db, chosen.wave.wave_id) if chosen else []
    wanted = Wanted.parse(request.args)
    found = [case for case in cases if takes(wanted, case)]
    whole = [case for case in found if case.certainty is not None]
    page = min(max(request.args.get("halaman", 1, type=int), 1), max(-(-len(whole) // PAGE), 1))
    return render_template(
        "review/queue.html", waves=[(one.wave.wave_id, one.wave.name) for one in waves], chosen=chosen,
        total=len(whole), page=page, size=PAGE, cases=whole[(page - 1) * PAGE : page * PAGE],
        incomplete=[case for case in found if case.certainty is None], all=cases, wanted=wanted,
        counts=Counter(case.state for case in cases), near=sum(case.near_cut for case in cases),
        units=[("", _("Semua OPD")), *((unit, unit) for unit in sorted({case.booking.unit for case in cases}))],
        states=messages.STATES, plain=len(together(cases)), me=assessor().account_id, names=names,
        percent=rules.percent,
    )  # fmt: skip


def takes(wanted: Wanted, case: Case) -> bool:
    """Tell whether a case is among those that the reader wants to see."""
    name = wanted.name.casefold()
    is_named = not name or name in case.booking.name.casefold() or name.replace(" ", "") in case.booking.nip
    is_there = wanted.state in ("", case.state) and wanted.unit in ("", case.booking.unit) and is_named
    is_marked = (not wanted.near_cut or case.near_cut) and (not wanted.flagged or case.flags > 0)
    return is_there and is_marked and (not wanted.mine or is_mine(case))


def is_mine(case: Case) -> bool:
    """Tell whether the reader took a case into the own queue."""
    return case.lease is not None and case.lease.taken and case.lease.account_id == assessor().account_id


def together(cases: Sequence[Case]) -> list[Case]:
    """List the cases that may be signed together, as far as the queue can tell: undecided and plain."""
    return [case for case in cases if case.state is State.OPEN and case.is_plain]


def _cases(db: Session, wave_id: UUID) -> list[Case]:
    return queries.queue(db, own_agency(), wave_id, assessor().account_id, clock.now())


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
        cases = _cases(db, booking.wave_id)
        lies = desk(db, own_agency(), found, assessor().account_id, now)
        typed = typed or _written(lies)
        shown = lies.decided if lies.state is State.WAITING and lies.may_approve else decided(found, typed)
        changes = effect(db, found, seen, shown or Decision(Choice.CONFIRM), placing().boxes, now)
        lines = stories.shortened(_story(db, seen))
    said = found.document
    answer = render_template(
        "review/profile.html", profile=found, said=said, booking=booking, seen=seen, unusual=unusual, names=names,
        percent=rules.percent, level_bar=rules.level_bar, deviation_bar=rules.deviation_bar,
        job_level=JobLevel(booking.job_level).label, certainty=rules.certainty(said, seen.rules),
        potential=rules.potential_category(said, seen.rules), unsure=rules.unsure_levels(said),
        near_cut_level=seen.rules.near_level, match_error=deciding.match_error(said),
        near=[one for one in said["competencies"] if rules.is_near_required(one, seen.rules)],
        **_basis(found, seen), rule_names=RULE_NAMES, source_marks=SOURCE_MARKS, strip=_strip(seen, worked),
        lines=lines[:STORY_LINES], more_lines=len(lines) - STORY_LINES, told=messages.told,
        errors=errors, notice=notice, **_around(cases, sitting_id), **_decision_card(found, seen, lies, typed, changes),
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


def _written(lies: Desk) -> Typed:
    """Fill the form with the draft, or with what is to be changed: what waits, or what was signed."""
    if lies.draft is not None:
        return Typed.of(lies.draft.document)
    if lies.step is not None and lies.state is State.WAITING:
        return Typed.again(lies.step.document)
    return replace(Typed.again(lies.signed.document["signed"]), why="") if lies.signed else Typed()


def decided(profile: Profile, typed: Typed) -> Decision:
    """Read from the form what was decided about a profile."""
    choice = Choice(typed.choice)
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


def _around(cases: Sequence[Case], sitting_id: int) -> dict[str, object]:
    """Tell where in the queue a profile stands: in the reader's own, if it was taken into that."""
    mine = [case.sitting_id for case in cases if is_mine(case)]
    is_own = sitting_id in mine
    order = mine if is_own else [case.sitting_id for case in cases]
    place, before, after = neighbours(order, sitting_id)
    undecided = [case.sitting_id for case in cases if case.state in UNDECIDED and case.sitting_id in order]
    return {
        "place": place, "length": len(order), "before": before, "after": after, "is_own": is_own,
        "next_open": next((one for one in undecided if one != sitting_id), None),
    }  # fmt: skip
