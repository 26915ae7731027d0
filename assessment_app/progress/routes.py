"""The page of a wave's results on their way: how far they are, whom nothing came of, and another try."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import officer, only, own_agency, shows
from assessment_app.accounts.rules import Entry, Group, Role
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.queue import wake
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark, show_number
from assessment_app.progress import actions, messages, queries
from assessment_app.progress.rules import Standing, share

PAGE = 25
ROLES = frozenset({Role.BKD_ADMIN, Role.ASSESSOR})

bp = Blueprint("progress", __name__, url_prefix="/hasil", template_folder="templates")
bp.before_request(only(*ROLES))
shows(bp, Entry(Group.RESULTS, mark("Pengolahan hasil"), "chart", "progress.newest", ROLES))


@bp.get("")
def newest() -> ResponseReturnValue:
    """Show the wave that is asked for, or else the newest that somebody sat."""
    asked, page = request.args.get("gelombang", type=UUID), max(request.args.get("halaman", 1, type=int), 1)
    with transaction(reads_only=True) as db:
        waves = queries.waves(db, own_agency())
        if not waves and asked is None:
            return render_template("progress/nothing.html")
        wave = queries.wave(db, own_agency(), asked or waves[0].wave_id)
        standing = queries.standing(db, wave.wave_id)
        page = min(page, max(-(-standing.failed // PAGE), 1))
        troubles = queries.troubles(db, own_agency(), wave.wave_id, first=(page - 1) * PAGE, limit=PAGE)
    return render_template(
        "progress/wave.html", wave=wave, waves=[(one.wave_id, one.name) for one in waves], standing=standing,
        shown=_shown(standing), troubles=troubles, page=page, size=PAGE, words=messages.words,
        task_names=messages.TASK_NAMES,
    )  # fmt: skip


@bp.get("/<uuid:wave_id>/keadaan")
def state(wave_id: UUID) -> ResponseReturnValue:
    """Tell the page's module how far the wave is now, in the words that it shows."""
    with transaction(reads_only=True) as db:
        queries.wave(db, own_agency(), wave_id)
        standing = queries.standing(db, wave_id)
    return _shown(standing) | {"failures": standing.failed}


@bp.post("/<uuid:wave_id>/coba-lagi")
def try_again(wave_id: UUID) -> ResponseReturnValue:
    """Have failed work tried again."""
    wanted = messages.Again.parse(request.form)
    with transaction() as db:
        count = actions.try_again(db, officer(), wave_id, wanted, clock.now())
    wake()
    said = _("%(count)s pekerjaan dicoba lagi. Hasilnya terlihat di halaman ini dalam beberapa saat.", count=count)
    flash(said, "ok")
    return redirect(url_for("progress.newest", gelombang=wave_id), 303)


def _shown(standing: Standing) -> dict[str, dict[str, object]]:
    """Give the figures in words, and the share of each step."""
    words = {
        name: show_number(getattr(standing, name))
        for name in ("sealed", "scored", "sittings", "profiled", "placed", "waiting", "failed")
    }
    words["oldest"] = messages.length(standing.age(clock.now()).total_seconds()) if standing.waiting else _("tidak ada")
    shares = {
        "scored": share(standing.scored, standing.sealed), "profiled": share(standing.profiled, standing.sittings),
        "placed": share(standing.placed, standing.sittings),
    }  # fmt: skip
    return {"words": dict(words), "shares": dict(shares)}
