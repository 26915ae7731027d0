"""Candidacies: somebody is proposed by one person who saw how they stand, and decided on by another who saw it too.

Every act is a row with the document of what was known then. The system refuses what was not shown, never a choice: who
takes somebody that does not meet every criterion says that they know, and why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.platform import audit
from assessment_app.platform.db import insert_new
from assessment_app.platform.errors import Conflict, Forbidden, Invalid, NotFound
from assessment_app.succession.actions.posts import Closed
from assessment_app.succession.messages.forms import Said, Technical
from assessment_app.succession.models import SuccessionAct, TargetPost, TechnicalFit
from assessment_app.succession.queries import acts, posts, standings
from assessment_app.succession.queries.standings import Candidate
from assessment_app.succession.rules import standing
from assessment_app.succession.rules.life import AFTER, STANDING, Deed, may_do
from assessment_app.succession.rules.screening import Met, overall
from scoring_engine.canonical import canonical, digest

DEEDS = {
    Deed.PROPOSE: "succession.propose", Deed.TAKE: "succession.take", Deed.LEAVE: "succession.leave",
    Deed.WITHDRAW: "succession.withdraw", Deed.TAKE_OUT: "succession.take_out",
}  # fmt: skip
"""How the audit trail calls each act."""


class NotShown(Conflict):
    """What was shown is not what is known any more; ``changed`` names the parts by person."""

    title = "Yang tampil sudah berubah sejak Anda membukanya. Periksa lagi, lalu ulangi."

    def __init__(self, changed: Mapping[UUID, Sequence[str]]) -> None:
        """Take what has changed of whom."""
        super().__init__()
        self.changed = changed


class Moved(Conflict):
    """Somebody else acted on this candidacy first."""

    title = "Orang lain sudah bertindak atas usulan ini sejak Anda membukanya. Baca riwayatnya, lalu putuskan lagi."


class OwnProposal(Forbidden):
    """Whoever proposed somebody decides nothing about them, and nobody else withdraws it."""

    title = "Yang mengusulkan dan yang memutuskan harus dua orang yang berbeda; usulan hanya ditarik oleh pengusulnya."


class NotAware(Invalid):
    """Somebody is to be taken who does not meet every criterion, and nobody said that this is known."""

    title = "Tandai bahwa Anda tahu ada kriteria yang tidak terpenuhi atau belum diketahui, lalu ulangi."


@dataclass(frozen=True)
class Proposed:
    """What came of a proposal: how many are new, and how many were candidates already."""

    new: int
    known: int


def propose(
    db: Session, by: Officer, account_id: UUID, post_id: UUID, people: Mapping[UUID, str], reason: str, now: datetime
) -> Proposed:  # fmt: skip
    """Propose people for a post; each comes with the name of what was shown of them.

    Who is a candidate already is left as they are, so it is safe to repeat. All or none: refuses with NotShown when
    something changed, with NotFound a post or a person that the agency does not have, with Closed.
    """
    target = _open(db, by, post_id)
    last = acts.of_post(db, target)
    new = {one: shown for one, shown in people.items() if one not in last or Deed(last[one].kind) not in STANDING}
    found = standings.candidates(db, target, new, now)
    if new.keys() - found.keys():
        raise NotFound("Ada orang yang tidak punya penempatan Kinerja × Potensial di instansi Anda.")
    stale = {one: standing.changed_since(shown, found[one].document) for one, shown in new.items()}
    if any(stale.values()):
        raise NotShown({one: changed for one, changed in stale.items() if changed})
    for one in sorted(new):
        n = last[one].n + 1 if one in last else 1
        _add(db, by, target, found[one], Deed.PROPOSE, n, account_id, account_id, reason, now)
    return Proposed(len(new), len(people) - len(new))


def decide(
    db: Session, by: Officer, account_id: UUID, post_id: UUID, employee_id: UUID, said: Said, now: datetime
) -> Deed:  # fmt: skip
    """Do one act on a candidacy that was proposed. Safe to repeat by the same person.

    Refuses with NotFound, Closed, Moved, OwnProposal, NotShown, NotAware.
    """
    target = _open(db, by, post_id)
    done = acts.of_person(db, target, employee_id)
    if not done:
        raise NotFound("Orang ini belum pernah diusulkan untuk jabatan itu.")
    last, deed = done[-1], Deed(said.deed)
    if (last.n, last.kind, last.account_id) == (said.after + 1, deed, account_id):
        return deed
    if last.n != said.after or deed not in AFTER[Deed(last.kind)]:
        raise Moved
    if not may_do(deed, last.proposed_by, account_id):
        raise OwnProposal
    one = candidate(db, target, employee_id, now)
    if deed is not Deed.WITHDRAW and (changed := standing.changed_since(said.seen, one.document)):
        raise NotShown({employee_id: changed})
    if deed is Deed.TAKE and not said.aware and overall(one.document["screening"]) is not Met.MET:
        raise NotAware
    _add(db, by, target, one, deed, last.n + 1, last.proposed_by, account_id, said.reason, now)
    return deed


def candidate(db: Session, target: TargetPost, employee_id: UUID, now: datetime) -> Candidate:
    """Give somebody as they stand among the candidates of a post, or beside them; refuses with NotFound."""
    standing_now = {who for who, act in acts.of_post(db, target).items() if Deed(act.kind) in STANDING}
    found = standings.candidates(db, target, standing_now | {employee_id}, now)
    if employee_id not in found:
        raise NotFound("Orang ini tidak punya penempatan Kinerja × Potensial di instansi Anda.")
    if employee_id not in standing_now:
        return found[employee_id]
    return next(one for one in standings.in_order(found) if one.employee_id == employee_id)


def note_technical(
    db: Session, by: Officer, account_id: UUID, post_id: UUID, employee_id: UUID, said: Technical, now: datetime
) -> None:  # fmt: skip
    """Write down how well a candidate fits a post technically; the newest counts. The same again changes nothing.

    Refuses with NotFound, Closed.
    """
    target = _open(db, by, post_id)
    if not acts.of_person(db, target, employee_id):
        raise NotFound("Orang ini belum pernah diusulkan untuk jabatan itu.")
    last = acts.technical_fits(db, target, [employee_id]).get(employee_id)
    if last is not None and (last.hundredths, last.basis) == (said.hundredths, said.basis):
        return
    db.add(TechnicalFit(
        post_id=post_id, employee_id=employee_id, n=1 if last is None else last.n + 1, agency_id=by.agency_id,
        hundredths=said.hundredths, basis=said.basis, account_id=account_id, at=now,
    ))  # fmt: skip
    detail = {"post": str(post_id), "title": target.post, "hundredths": said.hundredths, "basis": said.basis}
    _record(db, by, "succession.technical", employee_id, "", detail, now)


def _open(db: Session, by: Officer, post_id: UUID) -> TargetPost:
    target = posts.post(db, by.agency_id, post_id, lock=True)
    if posts.end(db, target) is not None:
        raise Closed
    return target


def _add(
    db: Session, by: Officer, target: TargetPost, one: Candidate, deed: Deed, n: int, proposed_by: UUID,
    account_id: UUID, reason: str, now: datetime,
) -> None:  # fmt: skip
    document = dict(one.document)
    row: dict[str, Any] = {
        "post_id": target.post_id, "employee_id": one.employee_id, "n": n, "agency_id": by.agency_id, "kind": deed,
        "sitting_id": one.subject.placed.sitting_id, "proposed_by": proposed_by, "account_id": account_id,
        "reason": reason, "document": document, "sha256": digest(canonical(document)), "at": now,
    }  # fmt: skip
    if not insert_new(db, SuccessionAct, **row):
        raise Moved
    states = {name: said["state"] for name, said in document["screening"].items()}
    detail = {
        "post": str(target.post_id), "title": target.post, "n": n, "seen": row["sha256"], "box": document["box"],
        "screening": states,
    }  # fmt: skip
    _record(db, by, DEEDS[deed], one.employee_id, reason, detail, now)


def _record(
    db: Session, by: Officer, action: str, employee_id: UUID, reason: str, detail: Mapping[str, object], now: datetime
) -> None:  # fmt: skip
    subject = f"employee:{employee_id}"
    audit.record(db, audit.Act(by.agency_id, by.actor, action, subject, reason, by.origin, detail), now)
