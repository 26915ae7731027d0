"""Several plain cases signed in one go: only what the assessor has opened, near no cut, with nothing against it."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import own_agency, proves_again
from assessment_app.platform import clock, queue
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Conflict, Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.review import messages, rules
from assessment_app.review.actions import deciding as acts
from assessment_app.review.queries import cases, standing
from assessment_app.review.routes.deciding import WRONG_PASSWORD
from assessment_app.review.routes.door import assessor, bp
from assessment_app.review.routes.reading import reader
from assessment_app.scoring import messages as names
from assessment_app.scoring import queries as scores

MOST = 200
"""Cases that are signed with one password: more is more than anybody has read."""


@bp.get("/gelombang/<uuid:wave_id>/bersama")
def several(wave_id: UUID) -> ResponseReturnValue:
    """List the plain cases of a wave: those that may be signed now, and those that were not opened yet."""
    return _listed(wave_id)


def _listed(wave_id: UUID, error: str = "", status: int = 200) -> ResponseReturnValue:
    with transaction(reads_only=True) as db:
        chosen = scores.chosen_wave(scores.measured_waves(db, own_agency()), wave_id)
        plain = cases.plain(db, reader(wave_id))
        opened = standing.opened(db, own_agency(), plain, assessor().actor)
        ready = cases.those(db, reader(wave_id), opened[:MOST])
    answer = render_template(
        "review/several.html", chosen=chosen, cases=ready, unread=len(plain) - len(opened), error=error,
        names=names, percent=rules.percent,
    )  # fmt: skip
    return answer, status


@bp.post("/gelombang/<uuid:wave_id>/bersama")
def sign_several(wave_id: UUID) -> ResponseReturnValue:
    """Sign the cases that were ticked; one that cannot be signed any more is named, and the others are."""
    ticked = [_case(value) for value in request.form.getlist("case")[:MOST]]
    with transaction(reads_only=True) as db:  # before a password is asked, and before the first is signed
        scores.chosen_wave(scores.measured_waves(db, own_agency()), wave_id)
        for sitting_id, _sha256 in ticked:
            scores.profile(db, own_agency(), sitting_id)
    if not ticked:
        return _listed(wave_id, _("Centang sedikitnya satu perkara."), 422)
    if not proves_again():
        return _listed(wave_id, _(WRONG_PASSWORD), 422)
    refused = [said for sitting_id, sha256 in ticked if (said := _sign(sitting_id, sha256))]
    queue.wake()
    flash(
        _("%(count)s hasil ditandatangani.", count=len(ticked) - len(refused)),
        "ok" if ticked[len(refused) :] else "info",
    )
    for said in refused:
        flash(said, "danger")
    return redirect(url_for("review.queue", gelombang=wave_id), 303)


def _case(value: str) -> tuple[int, str]:
    """Read which profile of which sitting was ticked; refuses with Invalid."""
    number, _colon, sha256 = value.partition(":")
    sitting_id = messages.number({"case": number}, "case")
    if sitting_id is None:
        raise Invalid(_(messages.REPLAYED))
    return sitting_id, messages.shown({"profile": sha256, "steps": "0"})[0]


def _sign(sitting_id: int, sha256: str) -> str:
    """Sign one case in a transaction of its own; gives what to say where that was refused."""
    try:
        with transaction() as db:
            acts.confirm_plain(db, assessor(), sitting_id, acts.Shown(sha256, 0), clock.now())
    except Conflict as refused:
        with transaction(reads_only=True) as db:
            name = scores.profile(db, own_agency(), sitting_id)[1].name
        return f"{name}: {_(refused.detail)}"
    return ""
