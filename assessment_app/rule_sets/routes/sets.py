"""Pages of rule sets for everybody who works with their numbers: which there are, what one says, what differs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import only, own_agency, shows
from assessment_app.accounts.rules import Entry, Group, Role, may_enter
from assessment_app.people.queries import names_of
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import local, mark
from assessment_app.platform.web import download
from assessment_app.rule_sets import messages, queries
from assessment_app.rule_sets.messages import words
from assessment_app.rule_sets.messages.shown import groups, shown
from assessment_app.rule_sets.models import RuleSet
from assessment_app.rule_sets.queries import Life
from assessment_app.rule_sets.rules.checks import changes, ordered, unverified
from assessment_app.rule_sets.rules.standing import standing
from scoring_engine.canonical import canonical

AUTHORS = (Role.BKD_ADMIN,)
"""Who drafts, edits, submits and withdraws an agency's own rule sets: whoever prepares its waves."""

DECIDERS = (Role.TALENT_COMMITTEE,)
"""Who approves or sends back, as long as they had no hand in it: the committee answers for the agency's policy."""

READERS = (*AUTHORS, *DECIDERS, Role.ASSESSOR, Role.AUDITOR)

bp = Blueprint("rule_sets", __name__, url_prefix="/aturan", template_folder="../templates")
bp.before_request(only(*READERS))
shows(bp, Entry(Group.SYSTEM, mark("Aturan"), "book", "rule_sets.listed", frozenset(READERS)))


def offers(blueprint: Blueprint, label: str, endpoint: str, *roles: Role) -> None:
    """Let a later slice add a link to the page of every draft; its address takes ``draft_id``."""
    told = (label, endpoint, frozenset(roles))
    blueprint.record(lambda state: state.app.extensions.setdefault("rule_set_links", []).append(told))


@bp.get("")
def listed() -> ResponseReturnValue:
    """List the agency's own rule sets and those of releases, the one in force first."""
    now = clock.now()
    with transaction(reads_only=True) as db:
        decides = queries.in_force(db, own_agency(), now)
        lives, released = queries.lives(db, own_agency()), queries.released(db)
        names = names_of(db, own_agency(), {life.newest.by for life in lives})
    return render_template(
        "rule_sets/list.html", decides=decides, titled=messages.titled, released=released, names=names, words=words,
        rows=[(life, _standing(life, decides, now)) for life in lives],
        unverified=unverified(decides.document), total=len(decides.document["rules"]), may_draft=_may(*AUTHORS),
        newer=_newer(released, decides, now), day=local(now).date().isoformat(),
        suggested=f"{now.year}-{len(lives) + 1}",
    )  # fmt: skip


def _newer(released: list[RuleSet], decides: RuleSet, now: datetime) -> RuleSet | None:
    """Find the release that an agency does not follow because a set of its own from before decides."""
    begun = [one for one in released if decides.name != one.name and decides.effective < one.effective <= now]
    return begun[0] if begun else None


def _standing(life: Life, decides: RuleSet, now: datetime) -> str:
    own = life.rule_set
    return standing(life.state, own.effective, own.sha256 == decides.sha256, now)


@bp.get("/<uuid:draft_id>")
def one(draft_id: UUID) -> ResponseReturnValue:
    """Show one of the agency's own rule sets, every rule of it, and what can be done with it."""
    with transaction(reads_only=True) as db:
        life = queries.life(db, own_agency(), draft_id)
        return _page(db, life.rule_set, life)


@bp.get("/sidik/<sha256>")
def by_hash(sha256: str) -> ResponseReturnValue:
    """Show the rule set that a result names."""
    with transaction(reads_only=True) as db:
        found, life = queries.seen_rule_set(db, own_agency(), sha256)
        if life is not None and life.rule_set.sha256 == sha256:
            return redirect(url_for("rule_sets.one", draft_id=life.draft_id, hanya=request.args.get("hanya")))
        return _page(db, found, None)


def _page(db: Session, found: RuleSet, life: Life | None) -> str:
    now = clock.now()
    decides = queries.in_force(db, own_agency(), now)
    names = names_of(db, own_agency(), {act.by for act in life.acts}) if life else {}
    rules, only_these = found.document["rules"], _only(found)
    return render_template(
        "rule_sets/one.html", rule_set=found, life=life, names=names, words=words, decides=decides,
        is_in_force=found.sha256 == decides.sha256, rules=rules, shown=shown,
        groups=groups(ordered(only_these or rules)), only=only_these,
        state=_standing(life, decides, now) if life else "", unverified=unverified(found.document),
        titled=messages.titled, rule_names=messages.RULE_NAMES, source_marks=messages.SOURCE_MARKS,
        may_draft=_may(*AUTHORS), may_decide=_may(*DECIDERS),
        is_own=life is not None and current_user.actor in life.authors,
        day=local(found.effective).date().isoformat(), has_begun=found.effective <= now,
        changed={one.name for one in changes(decides.document, found.document)},
        links=[(label, endpoint) for label, endpoint, roles in current_app.extensions.get("rule_set_links", [])
               if may_enter(current_user.roles, roles)],
    )  # fmt: skip


def _only(found: RuleSet) -> list[str]:
    """Name the rules that an address asks for, as a result does for those it used; none is all."""
    asked = frozenset(request.args.get("hanya", "").split(","))
    return [name for name in found.document["rules"] if name in asked]


@bp.get("/sidik/<sha256>/beda")
def difference(sha256: str) -> ResponseReturnValue:
    """Show what a rule set says differently from the one in force, or from another that is named."""
    with transaction(reads_only=True) as db:
        found, life = queries.seen_rule_set(db, own_agency(), sha256)
        against = request.args.get("dari", "")
        before = (
            queries.seen_rule_set(db, own_agency(), against)[0]
            if against
            else queries.in_force(db, own_agency(), clock.now())
        )
    return render_template(
        "rule_sets/difference.html", rule_set=found, life=life, before=before, shown=shown,
        changes=changes(before.document, found.document), rule_names=messages.RULE_NAMES,
        source_marks=messages.SOURCE_MARKS, named=messages.named,
    )  # fmt: skip


@bp.get("/sidik/<sha256>/set-aturan.json")
def exported(sha256: str) -> ResponseReturnValue:
    """Give a rule set as a file that can be edited and sent in again."""
    with transaction(reads_only=True) as db:
        found, _life = queries.seen_rule_set(db, own_agency(), sha256)
    written = msgspec.json.format(canonical(found.document), indent=2)
    return download(written, f"set-aturan-{sha256[:12]}.json", "application/json")


def _may(*roles: Role) -> bool:
    return may_enter(current_user.roles, roles)
