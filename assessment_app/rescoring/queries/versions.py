"""Which keys of a wave's forms there are, which counts, and what each of the others would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from assessment_app.exam.models import Attempt, Sheet, Sitting
from assessment_app.platform.errors import NotFound
from assessment_app.rescoring.models import KeyProposal, KeyProposalEnd, RescoredProfile
from assessment_app.rescoring.rules import Changed, Comparison
from assessment_app.review.models import SignedResult
from assessment_app.scheduling.models import BatteryPart, Booking, Form, Wave
from assessment_app.scoring import queries as scores
from assessment_app.scoring.models import CurrentProfile, KeyChoice, KeyVersion, Profile, Score
from scoring_engine import ENGINE_VERSION


@dataclass(frozen=True)
class Version:
    """One key of a form in a wave; ``correction`` is nothing for the form's own key, version 0."""

    wave: Wave
    form: Form
    key_seal: str
    n: int
    correction: KeyVersion | None
    counts: bool


def waves(db: Session, agency_id: UUID) -> Sequence[Wave]:
    """List an agency's waves in which a form has a corrected key, newest first."""
    corrected = select(BatteryPart.wave_id).join(KeyVersion, KeyVersion.form_id == BatteryPart.form_id)
    wanted = select(Wave).where(Wave.agency_id == agency_id, Wave.wave_id.in_(corrected))
    return db.scalars(wanted.order_by(Wave.created.desc(), Wave.wave_id)).all()


def versions(db: Session, agency_id: UUID, wave_id: UUID) -> list[Version]:
    """List every key of a wave's forms that have a corrected one, in the battery's order; refuses with NotFound."""
    wave = db.scalar(select(Wave).where(Wave.wave_id == wave_id, Wave.agency_id == agency_id))
    if wave is None:
        raise NotFound("Gelombang ini tidak ada di instansi Anda.")
    forms = {part.form_id: part.form for part in wave.battery}
    corrected = db.scalars(select(KeyVersion).where(KeyVersion.form_id.in_(forms)).order_by(KeyVersion.n)).all()
    chosen = select(KeyChoice).where(KeyChoice.wave_id == wave_id).order_by(KeyChoice.n)
    counted = {one.form_id: one.key_seal for one in db.scalars(chosen)}
    found = []
    for form_id, form in forms.items():
        mine = [(one.key_seal, one.n, one) for one in corrected if one.form_id == form_id]
        counts = counted.get(form_id, form.key_seal)
        for key_seal, n, correction in [(form.key_seal, 0, None), *mine] if mine else ():
            found.append(Version(wave, form, key_seal, n, correction, key_seal == counts))
    return found


def version(db: Session, agency_id: UUID, wave_id: UUID, key_seal: str) -> Version:
    """Give one key of a wave of an agency; refuses with NotFound."""
    found = next((one for one in versions(db, agency_id, wave_id) if one.key_seal == key_seal), None)
    if found is None:
        raise NotFound("Versi kunci ini tidak ada pada gelombang itu.")
    return found


def scored(db: Session, wave_id: UUID, form_id: str, key_seal: str) -> tuple[int, int]:
    """Count the sealed sheets of a form in a wave, and how many of them are scored under a key."""
    under = (Score.attempt_id == Sheet.attempt_id) & (Score.key_seal == key_seal)
    wanted = (
        select(func.count(Sheet.attempt_id), func.count(Score.attempt_id)).select_from(Sheet)
        .join(Attempt, Attempt.attempt_id == Sheet.attempt_id).join(Sitting, Sitting.sitting_id == Attempt.sitting_id)
        .outerjoin(Score, under & (Score.engine_version == ENGINE_VERSION))
        .where(Sitting.wave_id == wave_id, Attempt.form_id == form_id)
    )  # fmt: skip
    sheets, scored = db.execute(wanted).one()
    return sheets, scored


def comparison(db: Session, offered: Version) -> Comparison:
    """Compare what counts in a wave with what another key leads to, person by person."""
    wave = offered.wave
    signed = set(db.scalars(
        select(SignedResult.sitting_id).join(Sitting, Sitting.sitting_id == SignedResult.sitting_id)
        .where(Sitting.wave_id == wave.wave_id)
    ))  # fmt: skip
    beside, counts = RescoredProfile, CurrentProfile
    wanted = (
        select(beside.sitting_id, counts.name, counts.nip, counts.unit, beside.inputs_sha256, beside.change,
               beside.consequence)
        .join(counts, and_(counts.sitting_id == beside.sitting_id, counts.inputs_sha256 == beside.beside))
        .where(beside.agency_id == wave.agency_id, beside.wave_id == wave.wave_id, beside.key_seal == offered.key_seal)
    )  # fmt: skip
    people = [Changed(*row, signed=row.sitting_id in signed) for row in db.execute(wanted)]
    return Comparison(people, _awaited(db, offered))


def _awaited(db: Session, offered: Version) -> int:
    """Count who has a profile and handed in a sheet of the form."""
    sheets = (
        select(Attempt.sitting_id).join(Sheet, Sheet.attempt_id == Attempt.attempt_id)
        .where(Attempt.form_id == offered.form.form_id)
    )  # fmt: skip
    mine = CurrentProfile.wave_id == offered.wave.wave_id, CurrentProfile.sitting_id.in_(sheets)
    return db.scalar(select(func.count()).select_from(CurrentProfile).where(*mine)) or 0


def open_proposal(db: Session, agency_id: UUID, wave_id: UUID, key_seal: str) -> KeyProposal | None:
    """Give the proposal that waits for a second person, of one key in one wave."""
    wanted = (
        select(KeyProposal).outerjoin(KeyProposalEnd, KeyProposalEnd.proposal_id == KeyProposal.proposal_id)
        .where(
            KeyProposal.agency_id == agency_id, KeyProposal.wave_id == wave_id, KeyProposal.key_seal == key_seal,
            KeyProposalEnd.proposal_id.is_(None),
        )
        .order_by(KeyProposal.at)
    )  # fmt: skip
    return db.scalars(wanted.limit(1)).first()


def proposal(db: Session, agency_id: UUID, proposal_id: UUID) -> tuple[KeyProposal, KeyProposalEnd | None]:
    """Give a proposal of an agency with what became of it; another agency's does not exist."""
    found = db.get(KeyProposal, proposal_id)
    if found is None or found.agency_id != agency_id:
        raise NotFound("Usulan ini tidak ada di instansi Anda.")
    return found, db.get(KeyProposalEnd, proposal_id)


def chosen(db: Session, agency_id: UUID, wave_id: UUID, form_id: str) -> Sequence[KeyChoice]:
    """List what was chosen for a form in a wave, the newest first."""
    wanted = select(KeyChoice).where(
        KeyChoice.agency_id == agency_id, KeyChoice.wave_id == wave_id, KeyChoice.form_id == form_id
    )
    return db.scalars(wanted.order_by(KeyChoice.n.desc())).all()


def sittings_with(db: Session, wave_id: UUID, form_id: str) -> list[int]:
    """Name the sittings of a wave that handed in a sheet of a form."""
    wanted = (
        select(Attempt.sitting_id).join(Sheet, Sheet.attempt_id == Attempt.attempt_id)
        .join(Sitting, Sitting.sitting_id == Attempt.sitting_id)
        .where(Sitting.wave_id == wave_id, Attempt.form_id == form_id)
    )  # fmt: skip
    return list(db.scalars(wanted))


def beside(db: Session, agency_id: UUID, sitting_id: int, key_seal: str) -> tuple[Profile, RescoredProfile, Booking]:
    """Give a person's newest profile and the one that stands beside it under a key; refuses with NotFound."""
    profile, booking = scores.profile(db, agency_id, sitting_id)
    found = db.get(RescoredProfile, (sitting_id, key_seal, profile.inputs_sha256))
    if found is None:
        raise NotFound("Perbandingan orang ini tidak ada di instansi Anda.")
    return profile, found, booking
