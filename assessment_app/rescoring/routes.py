"""Pages of other keys: which there are, what each would change, person by person, and the decision of two people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessment_app.accounts import queries as accounts
from assessment_app.accounts.routes import officer, only, own_agency, shows
from assessment_app.accounts.rules import Entry, Group, Role, may_enter
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.queue import wake
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from assessment_app.rescoring import messages
from assessment_app.rescoring.actions import deciding
from assessment_app.rescoring.messages import NOTHING_SAID, Said
from assessment_app.rescoring.models import KeyProposal
from assessment_app.rescoring.queries import versions as queries
from assessment_app.rescoring.queries.versions import Version
from assessment_app.rescoring.rules import Changed, Comparison
from assessment_app.review.queries import signed
from assessment_app.scoring import messages as names
from assessment_app.talent.messages.words import DEFINITION_NAMES

PAGE = 25
READERS = frozenset({Role.BKD_ADMIN, Role.ASSESSOR, Role.TALENT_COMMITTEE, Role.AUDITOR})
DECIDERS = frozenset({Role.BKD_ADMIN, Role.ASSESSOR})
"""Who proposes a key for a wave and who decides, as long as these are two people."""

bp = Blueprint("rescoring", __name__, url_prefix="/nilai-ulang", template_folder="templates")
bp.before_request(only(*READERS))
shows(bp, Entry(Group.RESULTS, mark("Versi kunci"), "key", "rescoring.listed", READERS))


class Line(NamedTuple):
    """A key in the list: how many sheets it has scored, and what was asked of it."""

    version: Version
    sheets: int
    scored: int
    compared: Comparison | None
    proposal: KeyProposal | None


@bp.get("")
def listed() -> ResponseReturnValue:
    """List the keys of a wave's forms where one was corrected, the wave that is asked for or else the newest."""
    asked = request.args.get("gelombang", type=UUID)
    with transaction(reads_only=True) as db:
        waves = queries.waves(db, own_agency())
        if not waves and asked is None:
            return render_template("rescoring/nothing.html")
        wave_id = asked or waves[0].wave_id
        lines = []
        found = queries.versions(db, own_agency(), wave_id)
        for one in found:
            sheets, scored = queries.scored(db, wave_id, one.form.form_id, one.key_seal)
            compared = None if one.counts else queries.comparison(db, one)
            proposal = queries.open_proposal(db, own_agency(), wave_id, one.key_seal)
            lines.append(Line(one, sheets, scored, compared, proposal))
    return render_template(
        "rescoring/list.html", waves=[(one.wave_id, one.name) for one in waves], wave_id=wave_id, lines=lines
    )


@bp.get("/<uuid:wave_id>/<key_seal>")
def compared(wave_id: UUID, key_seal: str) -> ResponseReturnValue:
    """Show what a key would change in a wave, the gravest first."""
    return _page(wave_id, key_seal)


@bp.get("/<uuid:wave_id>/<key_seal>/<int(max=2147483647):sitting_id>")
def person(wave_id: UUID, key_seal: str, sitting_id: int) -> ResponseReturnValue:
    """Show one person's result under both keys."""
    with transaction(reads_only=True) as db:
        version = queries.version(db, own_agency(), wave_id, key_seal)
        before, after, booking = queries.beside(db, own_agency(), sitting_id, key_seal)
        is_signed = bool(signed(db, [sitting_id]))
    return render_template(
        "rescoring/person.html", version=version, before=before.document, after=after.document, booking=booking,
        change=after.change, names=names, is_signed=is_signed, box_names=DEFINITION_NAMES, sitting_id=sitting_id,
        potential_names=names.POTENTIAL_CATEGORIES, match_names=names.MATCH_CATEGORIES,
        may_review=may_enter(current_user.roles, {Role.ASSESSOR}),
    )  # fmt: skip


@bp.post("/<uuid:wave_id>/<key_seal>/usulkan")
def propose(wave_id: UUID, key_seal: str) -> ResponseReturnValue:
    """Propose that a key counts in a wave."""
    _refuse_readers()
    said = Said.parse(request.form)
    if said.fault:
        return _page(wave_id, key_seal, said), 422
    with transaction() as db:
        deciding.propose(
            db, officer(), current_user.account_id, wave_id, key_seal, said.seen, said.reason, clock.now()
        )  # fmt: skip
    flash(_("Versi kunci diusulkan. Orang kedua memeriksa perbandingan yang sama dan memutuskan."), "ok")
    return _back(wave_id, key_seal)


@bp.post("/<uuid:wave_id>/<key_seal>/<uuid:proposal_id>/berlakukan")
def choose(wave_id: UUID, key_seal: str, proposal_id: UUID) -> ResponseReturnValue:
    """Let a proposed key count; the profiles follow by jobs."""
    _refuse_readers()
    said = Said.parse(request.form)
    if said.fault:
        return _page(wave_id, key_seal, said), 422
    with transaction() as db:
        deciding.choose(db, officer(), current_user.account_id, proposal_id, said.seen, said.reason, clock.now())
    wake()
    flash(
        _("Versi kunci ini berlaku. Profil dan kotak menyusul; yang sudah ditandatangani menunggu tinjauan asesor."),
        "ok",
    )
    return _back(wave_id, key_seal)


@bp.post("/<uuid:wave_id>/<key_seal>/<uuid:proposal_id>/tolak")
def turn_down(wave_id: UUID, key_seal: str, proposal_id: UUID) -> ResponseReturnValue:
    """Leave what counts as it is; who proposed takes it back in the same way."""
    _refuse_readers()
    said = Said.parse(request.form)
    if said.fault:
        return _page(wave_id, key_seal, said), 422
    with transaction() as db:
        deciding.turn_down(db, officer(), current_user.account_id, proposal_id, said.reason, clock.now())
    flash(_("Usulan ditutup. Yang berlaku tetap seperti sebelumnya; alasannya tercatat."), "ok")
    return _back(wave_id, key_seal)


def _refuse_readers() -> None:
    only(*DECIDERS)()


def _back(wave_id: UUID, key_seal: str) -> ResponseReturnValue:
    return redirect(url_for("rescoring.compared", wave_id=wave_id, key_seal=key_seal), 303)


def _page(wave_id: UUID, key_seal: str, said: Said = NOTHING_SAID) -> str:
    kind = messages.kind_of(request.args.get("berubah", ""))
    with transaction(reads_only=True) as db:
        version = queries.version(db, own_agency(), wave_id, key_seal)
        comparison = queries.comparison(db, version)
        proposal = queries.open_proposal(db, own_agency(), wave_id, key_seal)
        chosen = queries.chosen(db, own_agency(), wave_id, version.form.form_id)
        sheets, scored = queries.scored(db, wave_id, version.form.form_id, key_seal)
        numbers = {one.key_seal: one.n for one in queries.versions(db, own_agency(), wave_id)}
        people = {account for one in chosen for account in (one.proposed_by, one.chosen_by)}
        who = accounts.names_of(db, people | ({proposal.account_id} if proposal else set()))
    shown = _narrowed(comparison, kind)
    page = min(max(request.args.get("halaman", 1, type=int), 1), max(-(-len(shown) // PAGE), 1))
    return render_template(
        "rescoring/comparison.html", version=version, compared=comparison, proposal=proposal, chosen=chosen, who=who,
        numbers=numbers, sheets=sheets, scored=scored, said=said, kind=kind,
        kinds=[(name, _(words)) for name, words in messages.KIND_NAMES.items()], total=len(shown), page=page, size=PAGE,
        people=shown[(page - 1) * PAGE : page * PAGE], seen=comparison.seen(wave_id, key_seal), names=names,
        box_names=DEFINITION_NAMES, potential_names=names.POTENTIAL_CATEGORIES, match_names=names.MATCH_CATEGORIES,
        may_decide=may_enter(current_user.roles, DECIDERS),
        is_own=proposal is not None and proposal.account_id == current_user.account_id,
    )  # fmt: skip


def _narrowed(comparison: Comparison, kind: str) -> Sequence[Changed]:
    if kind == "signed":
        return [one for one in comparison.changed if one.signed]
    return [one for one in comparison.changed if not kind or kind in one.change]
