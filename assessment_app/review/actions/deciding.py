"""What assessors decide: confirm, adjust, ask for a new assessment; approve or send back; sign.

Every act is a step with a number that the page named: of two acts at the same time the second finds it taken. Rows are
locked in one order everywhere, the chain of the audit trail last: two assessors wait for each other, never in a circle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from assessment_app.accounts import queries as accounts
from assessment_app.platform import queue
from assessment_app.platform.db import insert_new
from assessment_app.platform.errors import Conflict, Forbidden, Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from assessment_app.review.actions import Assessor, let_go, note
from assessment_app.review.messages import Typed
from assessment_app.review.models import ReviewDraft, ReviewStep, SignedResult
from assessment_app.review.queries import standing
from assessment_app.review.rules.deciding import (
    Choice,
    Decision,
    Fault,
    faults,
    is_plain,
    read_review,
    signed_document,
)
from assessment_app.review.rules.standing import may_decide, state_of
from assessment_app.rule_sets import queries as numbers
from assessment_app.rule_sets.rules import read
from assessment_app.scoring import queries as scores
from assessment_app.scoring.models import Profile
from assessment_app.scoring.rules import terms
from scoring_engine.canonical import canonical, digest

RECOMPUTED = mark(
    "Profil ini sudah dihitung ulang setelah halaman Anda dibuka, jadi belum ada yang ditandatangani. "
    "Buka profil terbaru, periksa lagi, lalu putuskan. Yang Anda tulis masih ada di formulir."
)
NOT_OPENED = mark("Buka dan baca profil ini lebih dahulu, baru putuskan. Setiap pembukaan dicatat.")
NOT_PLAIN = mark("Profil ini dekat batas, belum lengkap, atau punya tanda serius. Buka dan putuskan satu per satu.")
OWN = mark("Anda yang mengajukan keputusan ini. Persetujuan harus dari asesor lain di instansi Anda.")


class Faulty(Invalid):
    """A decision breaks a rule of the rule set; which ones is listed in ``faults``."""

    def __init__(self, found: Sequence[tuple[Fault, str]]) -> None:
        """Take what ``rules.deciding.faults`` found."""
        super().__init__()
        self.faults = found


@dataclass(frozen=True)
class Shown:
    """What the page showed: the hash of its profile, and how many steps the review had."""

    profile: str
    steps: int


def decide(db: Session, by: Assessor, sitting_id: int, shown: Shown, taken: Decision, now: datetime) -> str:
    """Take an assessor's decision and give the kind of step that it led to.

    Signed at once where one assessor is enough, submitted to a second one where not; a new assessment is noted and
    nothing is signed. Safe to repeat: the same form sent twice is one decision. Refuses with NotFound, with Faulty,
    and with Conflict when the profile was computed anew or somebody else was first.
    """
    profile, _booking = scores.profile(db, by.agency_id, sitting_id)
    # Before the steps: a signature that comes in between has a step that is seen then, and is told as somebody's.
    replaced = standing.signed(db, [sitting_id]).get(sitting_id)
    step = standing.last_step(db, by.agency_id, sitting_id)
    if step is not None and _is_repeated(step, by, shown, taken):
        return step.kind
    _refuse_unless_fresh(db, profile, step, shown)
    last = standing.last(step)
    if not may_decide(state_of(last, profile.sha256, has_draft=False), last, by.account_id):
        raise Conflict(_("Keputusan asesor lain sedang menunggu persetujuan. Setujui atau kembalikan lebih dahulu."))
    if not standing.has_opened(db, by.agency_id, profile, by.actor):
        raise Conflict(NOT_OPENED)
    document = numbers.rule_set(db, profile.rule_set).document
    rules, limits = read(document), read_review(document)
    parts = standing.parts_of(db, sitting_id)
    if wrong := faults(taken, profile.document, limits, parts, is_correction=replaced is not None):
        raise Faulty(wrong)
    if taken.choice is Choice.REASSESS:
        kind, action = "reassess", "review.reassess"
    else:
        needed = limits.assessors_needed(profile.document, rules, is_adjusted=bool(taken.adjustments))
        kind, action = ("signed", "") if needed == 1 else ("submitted", "review.submit")
    if not _step(db, by, profile, shown.steps + 1, kind, taken.said(), now):
        step = standing.last_step(db, by.agency_id, sitting_id)
        if step is not None and _is_repeated(step, by, shown, taken):  # two clicks that came at the same moment
            return step.kind
        raise Conflict(_moved_on(db, step))
    _finish(db, by, sitting_id)
    if kind == "signed":
        _sign(db, profile, taken, by, None, now)
    else:
        note(db, by, action, sitting_id, now, taken.why, profile=profile.sha256, **taken.said())
    return kind


def confirm_plain(db: Session, by: Assessor, sitting_id: int, shown: Shown, now: datetime) -> None:
    """Confirm a profile as one of several; refuses with Conflict one that has to be looked at for itself."""
    profile, _booking = scores.profile(db, by.agency_id, sitting_id)
    document = numbers.rule_set(db, profile.rule_set).document
    if not is_plain(profile.document, read(document), read_review(document)):
        raise Conflict(NOT_PLAIN)
    decide(db, by, sitting_id, shown, Decision(Choice.CONFIRM), now)


def approve(db: Session, by: Assessor, sitting_id: int, shown: Shown, now: datetime) -> None:
    """Sign, as the second assessor, what the first one decided.

    Safe to repeat. Refuses with NotFound; with Forbidden whoever decided; with Conflict when nothing waits any more
    or the profile was computed anew.
    """
    profile, step = _waiting(db, by, sitting_id, shown, "approved")
    if step is None:
        return
    if profile.sha256 != step.profile_sha256:
        raise Conflict(_(RECOMPUTED))
    if not standing.has_opened(db, by.agency_id, profile, by.actor):
        raise Conflict(NOT_OPENED)
    name = accounts.names_of(db, [step.account_id])[step.account_id]
    first = Assessor(by.agency_id, step.account_id, name)
    if not _step(db, by, profile, shown.steps + 1, "approved", step.document, now):
        raise Conflict(_moved_on(db, standing.last_step(db, by.agency_id, sitting_id)))
    _finish(db, by, sitting_id)
    note(db, by, "review.approve", sitting_id, now, submitted_by=str(step.account_id), profile=profile.sha256)
    _sign(db, profile, Decision.of(step.document), first, by, now)


def send_back(db: Session, by: Assessor, sitting_id: int, shown: Shown, reason: str, now: datetime) -> None:
    """Give a decision back to the assessor who submitted it, and say why; refuses like ``approve``."""
    profile, step = _waiting(db, by, sitting_id, shown, "sent_back")
    if step is None:
        return
    limits = read_review(numbers.rule_set(db, profile.rule_set).document)
    if len(reason) < limits.least_letters:
        raise Faulty([(Fault.WHY_TOO_SHORT, "")])
    if not _step(db, by, profile, shown.steps + 1, "sent_back", dict(step.document) | {"sent_back": reason}, now):
        raise Conflict(_moved_on(db, standing.last_step(db, by.agency_id, sitting_id)))
    _keep_as_draft(db, step, now)
    let_go(db, by, sitting_id)
    note(db, by, "review.send_back", sitting_id, now, reason, submitted_by=str(step.account_id))


def _waiting(
    db: Session, by: Assessor, sitting_id: int, shown: Shown, kind: str
) -> tuple[Profile, ReviewStep | None]:  # fmt: skip
    """Give the decision that waits for a second assessor; no step if the same person has just judged it so."""
    profile, _booking = scores.profile(db, by.agency_id, sitting_id)
    step = standing.last_step(db, by.agency_id, sitting_id)
    if step is not None and (step.kind, step.account_id, step.n) == (kind, by.account_id, shown.steps + 1):
        return profile, None
    if step is None or step.n != shown.steps or step.kind != "submitted":
        raise Conflict(_moved_on(db, step))
    if step.account_id == by.account_id:
        raise Forbidden(_(OWN))
    if kind == "approved" and profile.sha256 != shown.profile:
        raise Conflict(_(RECOMPUTED))
    return profile, step


def _is_repeated(step: ReviewStep, by: Assessor, shown: Shown, taken: Decision) -> bool:
    """Tell whether a form has done its work already: a double click, or the browser's back."""
    return (
        step.n == shown.steps + 1 and step.account_id == by.account_id
        and step.profile_sha256 == shown.profile and dict(step.document) == taken.said()
    )  # fmt: skip


def _refuse_unless_fresh(db: Session, profile: Profile, step: ReviewStep | None, shown: Shown) -> None:
    if (step.n if step else 0) != shown.steps:
        raise Conflict(_moved_on(db, step))
    if profile.sha256 != shown.profile:
        raise Conflict(_(RECOMPUTED))


def _moved_on(db: Session, step: ReviewStep | None) -> str:
    """Say who was first."""
    if step is None:
        return _("Halaman ini sudah berubah. Muat ulang lalu coba lagi.")
    who = accounts.names_of(db, [step.account_id]).get(step.account_id, "")
    return _("%(who)s sudah lebih dahulu memutuskan tentang profil ini. Muat ulang halaman, baca keputusannya, lalu "
             "putuskan lagi bila masih perlu. Tidak ada yang Anda tandatangani.", who=who)  # fmt: skip


def _step(
    db: Session, by: Assessor, profile: Profile, n: int, kind: str, document: Mapping[str, Any], now: datetime
) -> bool:  # fmt: skip
    """Write down a step; tells whether its number was free."""
    return insert_new(
        db, ReviewStep, sitting_id=profile.sitting_id, n=n, agency_id=by.agency_id, kind=kind,
        account_id=by.account_id, profile_sha256=profile.sha256, document=dict(document), at=now,
    )  # fmt: skip


def _sign(
    db: Session, profile: Profile, taken: Decision, first: Assessor, second: Assessor | None, now: datetime
) -> None:
    """Freeze what was decided, ask for the placement, and note who signed."""
    replaced = standing.signed(db, [profile.sitting_id]).get(profile.sitting_id)
    n = replaced.n + 1 if replaced else 1
    signature = {
        "sitting": profile.sitting_id, "n": n, "replaces": replaced.n if replaced else None,
        "profile": profile.sha256, "profile_inputs": profile.inputs_sha256, "by": _person(first),
        "approved": _person(second) if second else None, "at": now.isoformat(),
    }  # fmt: skip
    known = terms(numbers.rule_set(db, profile.rule_set).document)
    document = signed_document(profile.document, taken, known, signature)
    sha256 = digest(canonical(document))
    db.add(SignedResult(
        sitting_id=profile.sitting_id, n=n, agency_id=first.agency_id, profile_inputs=profile.inputs_sha256,
        document=document, sha256=sha256, signed_by=first.account_id, approved_by=second.account_id if second else None,
        at=now, replaces=signature["replaces"],
    ))  # fmt: skip
    db.flush()
    queue.enqueue(db, "place", str(profile.sitting_id), now)
    note(
        db, second or first, "review.sign", profile.sitting_id, now, taken.why, n=n, sha256=sha256,
        profile=profile.sha256, signed_by=str(first.account_id), replaces=signature["replaces"], **taken.said(),
    )  # fmt: skip


def _person(who: Assessor) -> dict[str, str]:
    return {"account": str(who.account_id), "name": who.full_name}


def _finish(db: Session, by: Assessor, sitting_id: int) -> None:
    """Put away what was only under way."""
    own = ReviewDraft.sitting_id == sitting_id, ReviewDraft.account_id == by.account_id
    db.execute(delete(ReviewDraft).where(*own))
    let_go(db, by, sitting_id)


def _keep_as_draft(db: Session, step: ReviewStep, now: datetime) -> None:
    """Give the first assessor the text back, to mend it; one that was begun meanwhile stays."""
    insert_new(
        db, ReviewDraft, sitting_id=step.sitting_id, account_id=step.account_id, agency_id=step.agency_id,
        profile_sha256=step.profile_sha256, document=Typed.again(step.document).written(), saved=now,
    )  # fmt: skip
