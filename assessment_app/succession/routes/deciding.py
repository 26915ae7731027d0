"""One candidate for one post: how they stand, what it was decided on, every act, and the next one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessment_app.accounts import queries as accounts
from assessment_app.accounts.routes import officer, only, own_agency
from assessment_app.accounts.rules import Role, may_enter
from assessment_app.evidence import queries as evidence
from assessment_app.people.rules import JobLevel
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import NotFound
from assessment_app.platform.texts import gettext as _
from assessment_app.rule_sets import queries as numbers
from assessment_app.rule_sets.messages import SOURCE_MARKS, named
from assessment_app.scoring.messages import COMPETENCY_NAMES
from assessment_app.succession.actions import candidacies as actions
from assessment_app.succession.actions.candidacies import Moved, NotAware, NotShown
from assessment_app.succession.messages import words
from assessment_app.succession.messages.forms import NOTHING_MEASURED, NOTHING_SAID, Said, Technical
from assessment_app.succession.queries import acts, posts
from assessment_app.succession.routes.blueprint import DECIDERS, acting, bp, may_decide, may_propose
from assessment_app.succession.rules import standing
from assessment_app.succession.rules.life import AFTER, STANDING, Deed, may_do
from assessment_app.succession.rules.screening import RULE_OF, overall


@bp.get("/<uuid:post_id>/orang/<uuid:employee_id>")
def person(post_id: UUID, employee_id: UUID) -> ResponseReturnValue:
    """Show how somebody stands for a post, and everything that was done."""
    return _person(post_id, employee_id)


@acting.post("/<uuid:post_id>/orang/<uuid:employee_id>/putuskan")
def decide(post_id: UUID, employee_id: UUID) -> ResponseReturnValue:
    """Take a candidate into the group or not, take somebody out, or withdraw one's own proposal."""
    said = Said.parse(request.form)
    if said.deed != Deed.WITHDRAW:
        only(*DECIDERS)()
    if said.fault or not said.deed:
        return _person(post_id, employee_id, said), 422
    try:
        with transaction() as db:
            actions.decide(db, officer(), current_user.account_id, post_id, employee_id, said, clock.now())
    except NotShown as refused:
        changed = words.changed(refused.changed[employee_id])
        told = _("Sejak Anda membukanya berubah: %(parts)s. Periksa lagi, lalu putuskan.", parts=changed)
        return _person(post_id, employee_id, said, told), refused.status
    except (Moved, NotAware) as refused:
        return _person(post_id, employee_id, said, _(refused.title)), refused.status
    flash(_(words.DONE[said.deed]), "ok")
    return redirect(url_for("succession.person", post_id=post_id, employee_id=employee_id), 303)


@acting.post("/<uuid:post_id>/orang/<uuid:employee_id>/teknis")
def note_technical(post_id: UUID, employee_id: UUID) -> ResponseReturnValue:
    """Write down how well a candidate fits the post technically."""
    said = Technical.parse(request.form)
    if said.faults:
        return _person(post_id, employee_id, technical=said), 422
    with transaction() as db:
        actions.note_technical(db, officer(), current_user.account_id, post_id, employee_id, said, clock.now())
    flash(_("Kecocokan teknis dicatat."), "ok")
    return redirect(url_for("succession.person", post_id=post_id, employee_id=employee_id), 303)


def _person(
    post_id: UUID, employee_id: UUID, said: Said = NOTHING_SAID, refused: str = "",
    technical: Technical = NOTHING_MEASURED,
) -> str:  # fmt: skip
    with transaction(reads_only=True) as db:
        target = posts.post(db, own_agency(), post_id)
        done = acts.of_person(db, target, employee_id)
        if not done:
            raise NotFound("Orang ini belum pernah diusulkan untuk jabatan itu.")
        one = actions.candidate(db, target, employee_id, clock.now())
        rule_set = numbers.rule_set(db, one.document["rules"])
        ended = posts.end(db, target)
        groups = acts.groups(db, own_agency(), [employee_id]).get(employee_id, [])
        invented = bool(evidence.invented(db, own_agency(), [employee_id]))
        who = accounts.names_of(db, {act.account_id for act in done})
    last = done[-1]
    return render_template(
        "succession/person.html", target=target, one=one, document=one.document, acts=done, last=last, who=who,
        groups=[group for group in groups if group.target.post_id != post_id], invented=invented, ended=ended,
        changed=standing.differences(last.document, one.document), overall=overall(one.document["screening"]),
        is_standing=Deed(last.kind) in STANDING, possible=[] if ended else _possible(Deed(last.kind), last.proposed_by),
        said=said, refused=refused, technical=technical, level=JobLevel(target.job_level), words=words,
        rule_of=RULE_OF, rules=rule_set.document["rules"], source_marks=SOURCE_MARKS, names=COMPETENCY_NAMES,
        rules_named=named(rule_set.document["version"], is_released=rule_set.is_released),
        is_own=last.proposed_by == current_user.account_id, may_propose=may_propose(), may_decide=may_decide(),
        may_review=may_enter(current_user.roles, {Role.ASSESSOR}),
        may_record=may_enter(current_user.roles, {Role.BKD_ADMIN}),
    )  # fmt: skip


def _possible(last: Deed, proposed_by: UUID) -> Sequence[Deed]:
    """List what whoever is signed in may do next."""
    mine = {deed for deed in AFTER[last] - {Deed.PROPOSE} if may_do(deed, proposed_by, current_user.account_id)}
    return [deed for deed in Deed if deed in mine and (may_propose() if deed is Deed.WITHDRAW else may_decide())]
