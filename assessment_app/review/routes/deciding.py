"""What the buttons beside a profile do. What was typed is never lost: whatever is refused comes back with the page."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import own_agency, proves_again
from assessment_app.platform import clock, queue
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Conflict
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from assessment_app.review import actions, messages, queries, rules
from assessment_app.review.actions import deciding as acts
from assessment_app.review.actions.deciding import Faulty, Shown
from assessment_app.review.messages import Typed
from assessment_app.review.queries import Evidence, standing
from assessment_app.review.queries.desk import effect
from assessment_app.review.routes.door import assessor, bp, placing
from assessment_app.review.routes.reading import decided, page
from assessment_app.review.rules import deciding
from assessment_app.review.rules.deciding import Choice, Decision, Effect, Fault
from assessment_app.scoring import messages as names
from assessment_app.scoring import queries as scores

WRONG_PASSWORD = mark(
    "Kata sandi tidak cocok, atau akun sedang dikunci sementara. Belum ada yang ditandatangani; "
    "ketik lagi kata sandi Anda."
)

DONE = {
    "signed": mark("Hasil ditandatangani. Penempatan dihitung lagi dari hasil ini."),
    "submitted": mark("Keputusan diajukan. Hasil berlaku setelah disetujui asesor kedua."),
    "reassess": mark("Permintaan asesmen ulang dicatat. Hasil ini belum ditandatangani."),
}


@bp.post("/<int(max=2147483647):sitting_id>/dampak")
def show_effect(sitting_id: int) -> ResponseReturnValue:
    """Show what a decision would change: only that part of the page if a script asks, else the whole page."""
    typed = Typed.parse(request.form)
    if request.args.get("sebagian") != "1":
        return page(sitting_id, typed)
    with transaction(reads_only=True) as db:
        _taken, seen, changes, errors = _weighed(db, sitting_id, typed, clock.now())
    return render_template(
        "review/_effect.html", effect=changes, typed=typed, seen=seen, percent=rules.percent, errors=errors, names=names
    )


def _weighed(
    db: Session, sitting_id: int, typed: Typed, now: datetime
) -> tuple[Decision, Evidence, Effect, list[str]]:  # fmt: skip
    """Read what a form decides, what that would change, and what is wrong with it."""
    found, _booking = scores.profile(db, own_agency(), sitting_id)
    seen = queries.evidence(db, found)
    taken = decided(found, typed)
    replaces = sitting_id in standing.signed(db, [sitting_id])
    parts = standing.parts_of(db, sitting_id)
    wrong = deciding.faults(taken, found.document, seen.limits, parts, is_correction=replaces)
    # What cannot be is not drawn either: a level out of reach has no effect.
    possible = taken if all(fault is not Fault.TOO_FAR for fault, _ in wrong) else decided(found, Typed())
    said = _words(wrong, seen) if typed.choice else [_(messages.UNDECIDED)]
    return taken, seen, effect(db, found, seen, possible, placing().boxes, now), said


def _words(wrong: list[tuple[Fault, str]], seen: Evidence) -> list[str]:
    """Say what is wrong, each with what to do."""
    limits = {"least": seen.limits.least_letters, "furthest": seen.limits.furthest}
    return [
        _(messages.FAULTS[fault], name=_(names.COMPETENCY_NAMES[construct]) if construct else "", **limits)
        for fault, construct in wrong
    ]  # fmt: skip


@bp.post("/<int(max=2147483647):sitting_id>/draf")
def save_draft(sitting_id: int) -> ResponseReturnValue:
    """Keep what was typed; nothing is checked yet."""
    typed, shown = Typed.parse(request.form), Shown(*messages.shown(request.form))
    with transaction() as db:
        actions.save_draft(db, assessor(), sitting_id, shown.profile, typed.written(), clock.now())
    flash(_("Draf tersimpan. Hanya Anda yang melihatnya."), "ok")
    return redirect(url_for("review.profile", sitting_id=sitting_id), 303)


@bp.post("/<int(max=2147483647):sitting_id>/keputusan")
def decide(sitting_id: int) -> ResponseReturnValue:
    """Take the decision: nothing is signed before its effect was on the page and the password was given again."""
    typed, shown = Typed.parse(request.form), Shown(*messages.shown(request.form))
    with transaction(reads_only=True) as db:
        taken, seen, changes, errors = _weighed(db, sitting_id, typed, clock.now())
        is_current = standing.steps_of(db, sitting_id) == shown.steps and seen.profile_sha256 == shown.profile
    if errors and (is_current or not typed.choice):  # what else is wrong with an old form, the refusal below says
        return page(sitting_id, typed, errors, 422)
    if is_current and taken.choice is Choice.ADJUST and request.form.get("effect") != changes.token:
        return page(sitting_id, typed, notice=_("Periksa dampaknya lebih dahulu, lalu kirim sekali lagi."))
    if not proves_again():
        return page(sitting_id, typed, [_(WRONG_PASSWORD)], 422)
    try:
        with transaction() as db:
            kind = acts.decide(db, assessor(), sitting_id, shown, taken, clock.now())
    except Conflict as refused:  # what was typed must not be lost
        return page(sitting_id, typed, [_(refused.detail)], refused.status)
    return _done(sitting_id, DONE[kind])


@bp.post("/<int(max=2147483647):sitting_id>/persetujuan")
def judge(sitting_id: int) -> ResponseReturnValue:
    """Approve what another assessor submitted, which signs it, or send it back with a reason."""
    shown, now = Shown(*messages.shown(request.form)), clock.now()
    is_approved = request.form.get("verdict") == "approve"
    reason = messages.text(request.form, "reason")
    with transaction(reads_only=True) as db:
        scores.profile(db, own_agency(), sitting_id)  # whose it is not learns nothing, and no password is asked
    if is_approved and not proves_again():
        return page(sitting_id, errors=[_(WRONG_PASSWORD)], status=422)
    try:
        with transaction() as db:
            if is_approved:
                acts.approve(db, assessor(), sitting_id, shown, now)
            else:
                acts.send_back(db, assessor(), sitting_id, shown, reason, now)
    except Faulty as refused:
        with transaction(reads_only=True) as db:
            seen = queries.evidence(db, scores.profile(db, own_agency(), sitting_id)[0])
        return page(sitting_id, errors=_words(list(refused.faults), seen), status=422)
    except Conflict as refused:
        return page(sitting_id, errors=[_(refused.detail)], status=refused.status)
    return _done(sitting_id, DONE["signed"] if is_approved else mark("Keputusan dikembalikan kepada asesor pertama."))


def _done(sitting_id: int, said: str) -> ResponseReturnValue:
    queue.wake()
    flash(_(said), "ok")
    return redirect(url_for("review.profile", sitting_id=sitting_id), 303)


@bp.post("/<int(max=2147483647):sitting_id>/ambil")
def take(sitting_id: int) -> ResponseReturnValue:
    """Put a case into the reader's own queue."""
    with transaction() as db:
        actions.take(db, assessor(), sitting_id, clock.now())
    flash(_("Perkara ini ada di antrean Anda."), "ok")
    return redirect(url_for("review.profile", sitting_id=sitting_id), 303)


@bp.post("/<int(max=2147483647):sitting_id>/lepas")
def release(sitting_id: int) -> ResponseReturnValue:
    """Take a case out of the reader's own queue."""
    with transaction() as db:
        actions.release(db, assessor(), sitting_id, clock.now())
    flash(_("Perkara ini sudah dilepas."), "ok")
    return redirect(url_for("review.profile", sitting_id=sitting_id), 303)


@bp.post("/gelombang/<uuid:wave_id>/ambil")
def take_next(wave_id: UUID) -> ResponseReturnValue:
    """Put the next ten undecided cases of a wave into the reader's own queue."""
    with transaction() as db:
        scores.chosen_wave(scores.measured_waves(db, own_agency()), wave_id)
        taken = actions.take_next(db, assessor(), wave_id, NEXT, clock.now())
    said = _("%(count)s perkara masuk ke antrean Anda.", count=len(taken))
    flash(said if taken else _("Tidak ada lagi perkara yang belum dikerjakan."), "ok" if taken else "info")
    return redirect(url_for("review.queue", gelombang=wave_id, saya=1), 303)


NEXT = 10
"""Cases that an assessor takes at once: about a morning's work."""
