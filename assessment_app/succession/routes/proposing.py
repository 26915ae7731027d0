"""Proposing people for a post: whom the nine-box chose, how they stand, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessment_app.accounts.routes import officer, own_agency
from assessment_app.evidence import queries as evidence
from assessment_app.people.rules import JobLevel
from assessment_app.platform import clock
from assessment_app.platform.asked import uuid_of
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import ngettext
from assessment_app.succession.actions import candidacies as actions
from assessment_app.succession.actions.candidacies import NotShown
from assessment_app.succession.messages import forms, words
from assessment_app.succession.messages.forms import NOTHING_PROPOSED, Proposals
from assessment_app.succession.queries import acts, posts, standings, subjects
from assessment_app.succession.routes.blueprint import acting
from assessment_app.succession.rules.life import STANDING, Deed
from assessment_app.succession.rules.screening import overall


@acting.get("/usulkan")
def ask_proposals() -> ResponseReturnValue:
    """Show whom somebody chose in the nine-box, for which post, and how each stands for it."""
    asked, post_id = _asked(request.args.getlist("orang")), uuid_of(request.args.get("jabatan", ""))
    if post_id is not None and asked:
        with transaction(reads_only=True) as db:
            people = subjects.employees_of(db, own_agency(), asked)
        return _proposals(post_id, people, asked)
    with transaction(reads_only=True) as db:
        people = subjects.employees_of(db, own_agency(), asked)
        names = acts.names(db, own_agency(), people)
        targets = posts.open_posts(db, own_agency())
    chosen = sorted(names.values(), key=lambda one: (one.name, one.nip))
    return render_template(
        "succession/choose_post.html", people=chosen, asked=asked, targets=targets, level=JobLevel
    )  # fmt: skip


@acting.post("/<uuid:post_id>/usulkan")
def propose(post_id: UUID) -> ResponseReturnValue:
    """Propose people for a post."""
    said = Proposals.parse(request.form)
    asked = _asked(request.form.getlist("sesi"))
    if said.fault or said.nobody:
        return _proposals(post_id, _shown(asked), asked, said), 422
    try:
        with transaction() as db:
            done = actions.propose(
                db, officer(), current_user.account_id, post_id, said.people, said.reason, clock.now()
            )  # fmt: skip
    except NotShown as refused:
        return _proposals(post_id, _shown(asked), asked, said, refused.changed), refused.status
    flash(ngettext("%(num)s orang diusulkan.", "%(num)s orang diusulkan.", done.new, num=done.new), "ok")
    if done.known:
        flash(_("%(count)s orang sudah menjadi kandidat jabatan ini dan tidak diubah.", count=done.known), "info")
    return redirect(url_for("succession.post", post_id=post_id), 303)


def _asked(values: Sequence[str]) -> list[int]:
    """Read whom somebody chose; refuses with Invalid more than can be looked at."""
    asked = forms.sittings_of(values)
    if len(asked) > forms.AT_ONCE:
        raise Invalid(forms.TOO_MANY)
    return asked


def _shown(asked: Sequence[int]) -> list[UUID]:
    with transaction(reads_only=True) as db:
        return subjects.employees_of(db, own_agency(), asked)


def _proposals(
    post_id: UUID, people: Sequence[UUID], asked: Sequence[int], said: Proposals = NOTHING_PROPOSED,
    stale: Mapping[UUID, Sequence[str]] | None = None,
) -> str:  # fmt: skip
    with transaction(reads_only=True) as db:
        target = posts.post(db, own_agency(), post_id)
        last = acts.of_post(db, target)
        found = standings.candidates(db, target, people, clock.now())
        view = {
            "target": target, "standard": standings.standard_of(db, target, clock.now()),
            "groups": acts.groups(db, own_agency(), found), "invented": evidence.invented(db, own_agency(), found),
            "ended": posts.end(db, target),
        }  # fmt: skip
    standing = {one for one, act in last.items() if Deed(act.kind) in STANDING}
    chosen = sorted(found.values(), key=lambda one: (one.subject.employee.name, one.subject.employee.nip))
    return render_template(
        "succession/propose.html", people=[one for one in chosen if one.employee_id not in standing],
        known=[one for one in chosen if one.employee_id in standing], asked=asked, said=said, stale=stale or {},
        words=words, overall=overall, level=JobLevel(target.job_level), **view,
    )  # fmt: skip
