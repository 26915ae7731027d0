"""Which key counts in a wave: one person proposes it who saw the comparison, a second one who saw it decides."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.platform import audit, queue
from assessment_app.platform.db import insert_new
from assessment_app.platform.errors import Conflict, Forbidden
from assessment_app.rescoring.models import KeyProposal, KeyProposalEnd
from assessment_app.rescoring.queries import versions as queries
from assessment_app.rescoring.queries.versions import Version
from assessment_app.rescoring.rules import Comparison
from assessment_app.scheduling.queries import lock_planning
from assessment_app.scoring.models import KeyChoice


class OwnProposal(Forbidden):
    """Whoever proposed a key is not the second person."""

    title = "Anda yang mengusulkan versi ini. Minta orang kedua memeriksa perbandingannya dan memutuskan."


class NotShown(Conflict):
    """What was shown is not what would happen any more."""

    title = "Perbandingan ini sudah berubah sejak Anda membukanya. Muat ulang halaman, periksa lagi, lalu ulangi."


class NotWhole(Conflict):
    """Somebody of the wave was not computed under this key yet."""

    title = "Perbandingan belum lengkap: masih ada peserta yang belum dihitung dengan kunci ini. Tunggu sampai selesai."


class CountsAlready(Conflict):
    """The key counts in this wave already."""

    title = "Kunci ini sudah berlaku pada gelombang ini."


class Waiting(Conflict):
    """The key was proposed already and waits for a second person."""

    title = "Versi ini sudah diusulkan dan menunggu orang kedua."


class Decided(Conflict):
    """A proposal that was decided on already."""

    title = "Usulan ini sudah diputuskan."


def propose(
    db: Session, by: Officer, account_id: UUID, wave_id: UUID, key_seal: str, seen: str, reason: str, now: datetime
) -> UUID:  # fmt: skip
    """Propose that a key counts in a wave; ``seen`` names the comparison that was shown.

    Refuses with NotFound, CountsAlready, Waiting, NotWhole, NotShown.
    """
    lock_planning(db, by.agency_id)
    offered = queries.version(db, by.agency_id, wave_id, key_seal)
    if queries.open_proposal(db, by.agency_id, wave_id, key_seal) is not None:
        raise Waiting
    compared = _as_shown(db, offered, seen)
    proposal = KeyProposal(
        proposal_id=uuid4(), agency_id=by.agency_id, wave_id=wave_id, form_id=offered.form.form_id, key_seal=key_seal,
        seen=seen, reason=reason, account_id=account_id, at=now,
    )  # fmt: skip
    db.add(proposal)
    _record(db, by, "key_version.propose", offered, compared, reason, now)
    db.flush()
    return proposal.proposal_id


def choose(db: Session, by: Officer, account_id: UUID, proposal_id: UUID, seen: str, reason: str, now: datetime) -> int:
    """Let a proposed key count from now on, in a second person's name; gives the number of the choice.

    The profiles follow by jobs; what is signed stays as it is, and goes to review. Safe to repeat by the same person.
    Refuses with NotFound, Decided, OwnProposal, CountsAlready, NotWhole, NotShown.
    """
    lock_planning(db, by.agency_id)
    proposal, end = queries.proposal(db, by.agency_id, proposal_id)
    if end is not None:
        if end.n is not None and end.account_id == account_id:
            return end.n
        raise Decided
    if proposal.account_id == account_id:
        raise OwnProposal
    offered = queries.version(db, by.agency_id, proposal.wave_id, proposal.key_seal)
    compared = _as_shown(db, offered, seen)
    before = queries.chosen(db, by.agency_id, proposal.wave_id, proposal.form_id)
    n = before[0].n + 1 if before else 1
    is_new = insert_new(
        db, KeyChoice, wave_id=proposal.wave_id, form_id=proposal.form_id, n=n, agency_id=by.agency_id,
        key_seal=proposal.key_seal, proposed_by=proposal.account_id, chosen_by=account_id, reason=reason, at=now,
    )  # fmt: skip
    if not is_new:
        raise NotShown
    _end(db, proposal, account_id, "chosen", n, reason, now)
    _record(db, by, "key_version.choose", offered, compared, reason, now)
    sittings = queries.sittings_with(db, proposal.wave_id, proposal.form_id)
    queue.enqueue_many(db, "compare_versions", map(str, sittings), now)
    return n


def turn_down(db: Session, by: Officer, account_id: UUID, proposal_id: UUID, reason: str, now: datetime) -> None:
    """Leave what counts as it is; who proposed takes it back in the same way. Refuses with NotFound, Decided."""
    lock_planning(db, by.agency_id)
    proposal, end = queries.proposal(db, by.agency_id, proposal_id)
    if end is not None:
        raise Decided
    offered = queries.version(db, by.agency_id, proposal.wave_id, proposal.key_seal)
    _end(db, proposal, account_id, "declined", None, reason, now)
    _record(db, by, "key_version.decline", offered, queries.comparison(db, offered), reason, now)


def _as_shown(db: Session, offered: Version, seen: str) -> Comparison:
    """Make the comparison anew, and refuse unless it is the one that was shown."""
    if offered.counts:
        raise CountsAlready
    compared = queries.comparison(db, offered)
    if not compared.is_whole:
        raise NotWhole
    if compared.seen(offered.wave.wave_id, offered.key_seal) != seen:
        raise NotShown
    return compared


def _end(
    db: Session, proposal: KeyProposal, account_id: UUID, outcome: str, n: int | None, reason: str, now: datetime
) -> None:  # fmt: skip
    db.add(KeyProposalEnd(
        proposal_id=proposal.proposal_id, agency_id=proposal.agency_id, outcome=outcome, n=n, reason=reason,
        account_id=account_id, at=now,
    ))  # fmt: skip
    db.flush()


def _record(
    db: Session, by: Officer, action: str, offered: Version, compared: Comparison, reason: str, now: datetime
) -> None:  # fmt: skip
    detail: dict[str, object] = {
        "form": offered.form.code, "version": offered.n, "key_seal": offered.key_seal, "people": len(compared.people),
        "changed": len(compared.changed), "signed": compared.signed,
    }  # fmt: skip
    subject = f"wave:{offered.wave.wave_id}"
    audit.record(db, audit.Act(by.agency_id, by.actor, action, subject, reason, by.origin, detail), now)
