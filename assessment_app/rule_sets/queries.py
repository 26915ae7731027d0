"""Which numbers are in force, which a result was made with, and what has become of an agency's own rule sets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import String, func, select
from sqlalchemy.orm import Session

from assessment_app.accounts.models import Agency
from assessment_app.platform.errors import NotFound
from assessment_app.rule_sets.models import RuleAct, RuleSet
from assessment_app.rule_sets.rules.life import AUTHORS_DEEDS, RELEASED, Deed, State, is_possible, state_after

STANDARD = RELEASED
"""The rule set that comes with a release."""

HEX = re.compile(r"[0-9a-f]{4,64}", re.ASCII)
SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)

UNKNOWN = "Set aturan ini tidak ada di instansi Anda."


def in_force(db: Session, agency_id: UUID, now: datetime) -> RuleSet:
    """Give the rule set that decides for an agency: its own newest approved one, else the one of the release.

    Newest is by the date from which it holds; of two with the same date the one that was approved later. Refuses with
    NotFound.
    """
    found = own_in_force(db, agency_id, now) or released_in_force(db, now)
    if found is None:
        raise NotFound(f"no rule set '{STANDARD}' is in force; run: proasn migrate")
    return found


def own_in_force(db: Session, agency_id: UUID, now: datetime) -> RuleSet | None:
    """Give an agency's own rule set that is in force, if it has one."""
    wanted = (
        select(RuleSet).join(RuleAct, RuleAct.sha256 == RuleSet.sha256)
        .where(RuleAct.agency_id == agency_id, RuleAct.kind == Deed.APPROVE)
        .where(RuleAct.at <= now, RuleSet.effective <= now)
        .order_by(RuleSet.effective.desc(), RuleAct.at.desc(), RuleSet.sha256).limit(1)
    )  # fmt: skip
    return db.scalar(wanted)


def released_in_force(db: Session, now: datetime) -> RuleSet | None:
    """Give the newest rule set of a release that is in force."""
    wanted = select(RuleSet).where(RuleSet.name == STANDARD, RuleSet.effective <= now)
    return db.scalar(wanted.order_by(RuleSet.effective.desc(), RuleSet.sha256).limit(1))


def rule_set(db: Session, sha256: str) -> RuleSet:
    """Give the rule set that a result names."""
    return db.get_one(RuleSet, sha256)


def rule_set_beginning(db: Session, beginning: str) -> RuleSet:
    """Give the one rule set whose hash begins so; refuses with NotFound when there is none or more than one."""
    begins = func.substr(RuleSet.sha256, 1, len(beginning), type_=String) == beginning
    found = list(db.scalars(select(RuleSet).where(begins).limit(2))) if HEX.fullmatch(beginning) else []
    if len(found) != 1:
        raise NotFound(f"No single rule set begins with '{beginning}'. See: proasn rules list")
    return found[0]


@dataclass(frozen=True)
class Life:
    """One of an agency's own rule sets, with everything that was done with it."""

    draft_id: UUID
    acts: Sequence[RuleAct]
    rule_set: RuleSet

    @property
    def state(self) -> State:
        """Tell what has become of it."""
        return state_after(self.deeds)

    @property
    def deeds(self) -> list[str]:
        """List what was done with it, in order."""
        return [act.kind for act in self.acts]

    @property
    def newest(self) -> RuleAct:
        """Give what was done last."""
        return self.acts[-1]

    @property
    def authors(self) -> frozenset[str]:
        """Name everybody who had a hand in the numbers."""
        return frozenset(act.by for act in self.acts if act.kind in AUTHORS_DEEDS)

    def can(self, deed: str) -> bool:
        """Tell whether something can be done with it now."""
        return is_possible(Deed(deed), self.deeds)


def lives(db: Session, agency_id: UUID) -> list[Life]:
    """List an agency's own rule sets, those that were touched last first."""
    wanted = select(RuleAct).where(RuleAct.agency_id == agency_id).order_by(RuleAct.draft_id, RuleAct.n)
    found = [list(acts) for _draft, acts in groupby(db.scalars(wanted), key=lambda act: act.draft_id)]
    return sorted((_life(db, acts) for acts in found), key=lambda one: (one.newest.at, one.draft_id), reverse=True)


def life(db: Session, agency_id: UUID, draft_id: UUID) -> Life:
    """Give one of an agency's own rule sets; another agency's does not exist."""
    own = RuleAct.agency_id == agency_id, RuleAct.draft_id == draft_id
    acts = list(db.scalars(select(RuleAct).where(*own).order_by(RuleAct.n)))
    if not acts:
        raise NotFound(UNKNOWN)
    return _life(db, acts)


def _life(db: Session, acts: Sequence[RuleAct]) -> Life:
    return Life(acts[0].draft_id, acts, db.get_one(RuleSet, acts[-1].sha256))


def released(db: Session) -> list[RuleSet]:
    """List the rule sets that came with releases, the newest first."""
    wanted = select(RuleSet).where(RuleSet.name == STANDARD)
    return list(db.scalars(wanted.order_by(RuleSet.effective.desc(), RuleSet.sha256)))


def seen_rule_set(db: Session, agency_id: UUID, sha256: str) -> tuple[RuleSet, Life | None]:
    """Give a rule set by its hash with its life, for an agency that may see it; another agency's does not exist."""
    if not SHA256.fullmatch(sha256):
        raise NotFound(UNKNOWN)
    found = db.get(RuleSet, sha256)
    wanted = select(RuleAct.draft_id).where(RuleAct.agency_id == agency_id, RuleAct.sha256 == sha256)
    draft_id = db.scalar(wanted.order_by(RuleAct.at.desc(), RuleAct.draft_id).limit(1))
    if found is None or (draft_id is None and found.name != STANDARD):
        raise NotFound(UNKNOWN)
    return found, None if draft_id is None else life(db, agency_id, draft_id)


def agency_code(db: Session, agency_id: UUID) -> str:
    """Give the short code of an agency."""
    return db.get_one(Agency, agency_id).code
