"""What comparing reads of sittings: the profile that counts, the parts with their keys, the scores. For workers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.exam.models import Attempt, Sheet, Sitting
from assessment_app.rescoring.models import RescoredProfile
from assessment_app.scoring import queries as scores
from assessment_app.scoring.models import KeyChoice, Profile, Score
from scoring_engine import ENGINE_VERSION


@dataclass(frozen=True)
class Part:
    """A part of a sitting that was handed in: its keys in their order, and which was chosen, by which choice."""

    attempt_id: int
    n: int
    key_seals: Sequence[str]
    chosen: str | None = None
    choice: int = 0


@dataclass
class Basis:
    """All that comparing needs to know of one sitting."""

    sitting_id: int
    profile: Profile | None
    parts: list[Part] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    compared: set[tuple[str, str]] = field(default_factory=set)

    def named(self, sha256: str) -> Score | None:
        """Find the score that a profile names."""
        return next((one for one in self.scores if one.sha256 == sha256), None)

    def under(self, attempt_id: int, key_seal: str) -> Score | None:
        """Find the score of a part under a key, by this engine if it has scored it, else the newest."""
        found = [one for one in self.scores if (one.attempt_id, one.key_seal) == (attempt_id, key_seal)]
        return max(found, key=lambda one: (one.engine_version == ENGINE_VERSION, one.scored), default=None)


def bases(db: Session, sitting_ids: Collection[int]) -> list[Basis]:
    """Read what is known of sittings, in their order.

    What was chosen is read before the scores and the profile: of a choice that is made in between nothing is known yet,
    and who makes it asks for these sittings again.
    """
    parts = _parts(db, sitting_ids)
    newest = {one.profile.sitting_id: one.profile for one in scores.newest(db, sitting_ids)}
    found = {one: Basis(one, newest.get(one), parts.get(one, [])) for one in sorted(sitting_ids)}
    whose = {part.attempt_id: basis for basis in found.values() for part in basis.parts}
    for score in db.scalars(select(Score).where(Score.attempt_id.in_(whose))):
        whose[score.attempt_id].scores.append(score)
    beside = select(RescoredProfile.sitting_id, RescoredProfile.key_seal, RescoredProfile.beside)
    for sitting_id, key_seal, profile in db.execute(beside.where(RescoredProfile.sitting_id.in_(sitting_ids))):
        found[sitting_id].compared.add((key_seal, profile))
    return list(found.values())


def _parts(db: Session, sitting_ids: Collection[int]) -> dict[int, list[Part]]:
    wanted = (
        select(Attempt.sitting_id, Attempt.attempt_id, Attempt.n, Attempt.form_id, Sitting.wave_id, Sheet.key_seal)
        .join(Sitting, Sitting.sitting_id == Attempt.sitting_id).join(Sheet, Sheet.attempt_id == Attempt.attempt_id)
        .where(Attempt.sitting_id.in_(sitting_ids)).order_by(Attempt.sitting_id, Attempt.n)
    )  # fmt: skip
    rows = db.execute(wanted).all()
    chosen = _chosen(db, {row.wave_id for row in rows})
    corrected = scores.corrected_keys(db, [row.attempt_id for row in rows])
    found: dict[int, list[Part]] = {}
    for row in rows:
        seals = (row.key_seal, *corrected.get(row.attempt_id, ()))
        part = Part(row.attempt_id, row.n, seals, *chosen.get((row.wave_id, row.form_id), ()))
        found.setdefault(row.sitting_id, []).append(part)
    return found


def _chosen(db: Session, wave_ids: Collection[UUID]) -> dict[tuple[UUID, str], tuple[str, int]]:
    rows = db.scalars(select(KeyChoice).where(KeyChoice.wave_id.in_(wave_ids)).order_by(KeyChoice.n))
    return {(one.wave_id, one.form_id): (one.key_seal, one.n) for one in rows}
