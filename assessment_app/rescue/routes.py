"""Loading a participant's file on a seat of the proctor's console: look first, then confirm with a reason."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import officer, only, own_agency
from assessment_app.accounts.rules import Role
from assessment_app.platform import clock
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.security import secret
from assessment_app.platform.texts import gettext as _
from assessment_app.proctoring.actions import Seated
from assessment_app.proctoring.messages import REASONS
from assessment_app.rescue import actions, messages, rules
from assessment_app.scheduling import queries as plans

SEAT = "/sesi/<uuid:session_id>/kursi/<int(max=2147483647):seat>/berkas"

bp = Blueprint("rescue", __name__, url_prefix="/pengawas", template_folder="templates")
bp.before_request(only(Role.PROCTOR))


@bp.post(SEAT)
def look(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Show what a file holds and what would become of it; nothing is written."""
    file, now = messages.open_file(messages.sent(request.files)), clock.now()
    with transaction() as db, transaction(ANSWERS, reads_only=True) as answers:
        session = plans.session(db, own_agency(), session_id)
        case = actions.take(db, officer(), Seated(session_id, seat), file, secret("exam-token"))
        judged = actions.look(answers, db, case, now)
    parts = rules.tell(judged, case.titles)
    return render_template(
        "rescue/look.html", session=session, seat=seat, booking=case.sitting.booking, file=file, parts=parts,
        new=sum(part.new for part in parts), epoch=case.epoch, current=case.sitting.epoch, reasons=REASONS,
    )  # fmt: skip


@bp.post(f"{SEAT}/muat")
def load(session_id: UUID, seat: int) -> ResponseReturnValue:
    """Let a file in that was looked at."""
    wanted, where, now = messages.Load.parse(request.form), Seated(session_id, seat), clock.now()
    with transaction() as db, transaction(ANSWERS, reads_only=True) as answers:
        case = actions.take(db, officer(), where, wanted.file, secret("exam-token"))
        new = sum(one.is_new for one in actions.look(answers, db, case, now))
        if new:
            actions.record(db, officer(), where, case, wanted, new, now)
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:  # after the commit: record, then write
        judged = actions.write(answers, db, case, now)
    _tell(seat, rules.tell(judged, case.titles))
    return redirect(url_for("proctoring.room", session_id=session_id, kursi=seat), 303)


@bp.errorhandler(messages.UnfitFile)
def say_at_the_seat(refused: messages.UnfitFile) -> ResponseReturnValue:
    """Lead back to the seat with what is wrong with the file: a proctor in a full room must not lose the place."""
    flash(" ".join(_(words) for words in (refused.title, refused.detail) if words), "warn")
    where = request.view_args or {}
    return redirect(url_for("proctoring.room", session_id=where["session_id"], kursi=where["seat"]), 303)


def _tell(seat: int, parts: list[rules.PartTold]) -> None:
    new, aside = sum(part.new for part in parts), sum(part.aside for part in parts)
    if not new:
        flash(_("Semua perubahan di berkas ini sudah ada di server. Tidak ada yang berubah."), "info")
        return
    said = _("%(new)s perubahan kursi %(seat)s dimuat dan tersimpan di server.", new=new, seat=f"{seat:02}")
    kept = _("%(aside)s di antaranya disimpan terpisah untuk asesor.", aside=aside) if aside else ""
    flash(f"{said} {kept}".strip(), "ok")
