"""What scoring can show: scores and profiles, newest first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from assessment_app.exam.models import Attempt, Sheet, Sitting
from assessment_app.platform.errors import NotFound
from assessment_app.scheduling.models import Booking, Form, Wave, WithdrawnForm
from assessment_app.scoring.models import CurrentProfile, KeyChoice, KeyVersion, Profile, Score


@dataclass(frozen=True)
class Sealed:
    """A sealed sheet with the sitting that it belongs to, the seal of the key that its form names, and of the one that
    counts for it."""

    attempt_id: int
    n: int
    sitting_id: int
    key_seal: str
    form_seal: str
    counts: str
    sha256: str
    body: bytes


def sealed_sheets(db: Session, attempt_ids: Collection[int]) -> list[Sealed]:
    """Give the sealed sheets of those attempts that have one."""
    wanted = (
        select(Sheet.attempt_id, Attempt.n, Attempt.sitting_id, Sheet.key_seal, Form.key_seal, _counted(), Sheet.sha256,
               Sheet.body)
        .join(Attempt, Attempt.attempt_id == Sheet.attempt_id).join(Form, Form.form_id == Attempt.form_id)
        .join(Sitting, Sitting.sitting_id == Attempt.sitting_id).where(Sheet.attempt_id.in_(attempt_ids))
    )  # fmt: skip
    return [Sealed(*row) for row in db.execute(wanted)]


def _counted() -> ColumnElement[str]:
    """Name the key that counts for a sheet: the one chosen last in its wave, else the one it was sealed with."""
    chosen = (
        select(KeyChoice.key_seal)
        .where(KeyChoice.wave_id == Sitting.wave_id, KeyChoice.form_id == Attempt.form_id)
        .order_by(KeyChoice.n.desc()).limit(1).correlate(Sitting, Attempt).scalar_subquery()
    )  # fmt: skip
    return func.coalesce(chosen, Sheet.key_seal)


def corrected_keys(db: Session, attempt_ids: Collection[int]) -> dict[int, list[str]]:
    """Name for each attempt the corrected keys of its form, in their order; nothing for a form that has none."""
    wanted = (
        select(Attempt.attempt_id, KeyVersion.key_seal).join(KeyVersion, KeyVersion.form_id == Attempt.form_id)
        .where(Attempt.attempt_id.in_(attempt_ids)).order_by(Attempt.attempt_id, KeyVersion.n)
    )  # fmt: skip
    found: dict[int, list[str]] = {}
    for attempt_id, key_seal in db.execute(wanted):
        found.setdefault(attempt_id, []).append(key_seal)
    return found


def scored(db: Session, attempt_ids: Collection[int], engine_version: str) -> set[tuple[int, str]]:
    """Name what one engine has scored of some attempts, as (attempt, seal of the key)."""
    wanted = select(Score.attempt_id, Score.key_seal).where(
        Score.attempt_id.in_(attempt_ids), Score.engine_version == engine_version
    )
    return {(attempt_id, key_seal) for attempt_id, key_seal in db.execute(wanted)}


def choices(db: Session, sitting_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Tell of sittings for which parts a key was chosen, and by the how manieth choice: {"2": 1}, as inputs say it."""
    wanted = (
        select(Attempt.sitting_id, Attempt.n, func.max(KeyChoice.n))
        .join(Sitting, Sitting.sitting_id == Attempt.sitting_id).join(Sheet, Sheet.attempt_id == Attempt.attempt_id)
        .join(KeyChoice, (KeyChoice.wave_id == Sitting.wave_id) & (KeyChoice.form_id == Attempt.form_id))
        .where(Attempt.sitting_id.in_(sitting_ids)).group_by(Attempt.sitting_id, Attempt.n)
    )  # fmt: skip
    found: dict[int, dict[str, int]] = {}
    for sitting_id, part, n in db.execute(wanted):
        found.setdefault(sitting_id, {})[str(part)] = n
    return found


def with_versions(db: Session, sitting_ids: Collection[int]) -> set[int]:
    """Name those of some sittings in which a form has a corrected key."""
    wanted = select(Attempt.sitting_id).join(KeyVersion, KeyVersion.form_id == Attempt.form_id)
    return set(db.scalars(wanted.where(Attempt.sitting_id.in_(sitting_ids)).distinct()))


@dataclass(frozen=True)
class Kept:
    """A score as it is kept: its bytes and their hash."""

    sha256: str
    body: bytes


def scores_of(db: Session, sitting_ids: Collection[int], engine_version: str) -> dict[int, list[Kept]]:
    """Give for each sitting one score per attempt in the order of the battery; only where none is missing."""
    wanted = (
        select(Attempt.sitting_id, Score.sha256, Score.body)
        .join(Sitting, Sitting.sitting_id == Attempt.sitting_id)
        .outerjoin(Sheet, Sheet.attempt_id == Attempt.attempt_id)
        .outerjoin(Score, (Score.attempt_id == Attempt.attempt_id) & (Score.key_seal == _counted())
                   & (Score.engine_version == engine_version))
        .outerjoin(WithdrawnForm, WithdrawnForm.form_id == Attempt.form_id)
        # A part whose form was withdrawn before it was begun is not waited for.
        .where(Attempt.sitting_id.in_(sitting_ids), Attempt.opened.is_not(None) | WithdrawnForm.form_id.is_(None))
        .order_by(Attempt.sitting_id, Attempt.n)
    )  # fmt: skip
    found: dict[int, list[Kept]] = {one: [] for one in sitting_ids}
    waiting = set()
    for sitting_id, sha256, body in db.execute(wanted):
        found[sitting_id].append(Kept(sha256, body))
        if not sha256:  # the outer join found none
            waiting.add(sitting_id)
    return {one: scores for one, scores in found.items() if one not in waiting}


@dataclass(frozen=True)
class Sat:
    """What a profile rests on besides the scores: who the person was on the day, what the wave is for, which keys were
    chosen."""

    sitting_id: int
    agency_id: UUID
    purpose: str
    booking: Booking
    choices: Mapping[str, int] = field(default_factory=dict)


def sat(db: Session, sitting_ids: Collection[int]) -> list[Sat]:
    """Tell of sittings who sat them and for what."""
    wanted = (
        select(Sitting.sitting_id, Sitting.agency_id, Wave.purpose, Booking)
        .join(Wave, Wave.wave_id == Sitting.wave_id).join(Booking, Booking.booking_id == Sitting.booking_id)
        .where(Sitting.sitting_id.in_(sitting_ids))
    )  # fmt: skip
    return [Sat(*row) for row in db.execute(wanted)]


@dataclass(frozen=True)
class MeasuredWave:
    """A wave from which there are profiles, with the number of people booked in it."""

    wave: Wave
    booked: int


def measured_waves(db: Session, agency_id: UUID) -> Sequence[MeasuredWave]:
    """List an agency's waves that have a profile, newest first."""
    measured = select(CurrentProfile.sitting_id).where(
        CurrentProfile.agency_id == agency_id, CurrentProfile.wave_id == Wave.wave_id
    )
    booked = select(func.count()).where(Booking.wave_id == Wave.wave_id).scalar_subquery()
    wanted = select(Wave, booked).where(Wave.agency_id == agency_id, measured.exists())
    rows = db.execute(wanted.order_by(Wave.created.desc(), Wave.wave_id))
    return [MeasuredWave(wave, count) for wave, count in rows]


def chosen_wave(waves: Sequence[MeasuredWave], wave_id: UUID | None) -> MeasuredWave | None:
    """Take the wave that is asked for, else the newest; refuses with NotFound one that is not among them."""
    if wave_id is None:
        return waves[0] if waves else None
    found = next((one for one in waves if one.wave.wave_id == wave_id), None)
    if found is None:
        raise NotFound("Gelombang ini tidak ada di instansi Anda, atau belum ada hasilnya.")
    return found


def profile(db: Session, agency_id: UUID, sitting_id: int) -> tuple[Profile, Booking]:
    """Give the newest profile of a sitting; another agency's does not exist."""
    wanted = _with_bookings().where(CurrentProfile.sitting_id == sitting_id, CurrentProfile.agency_id == agency_id)
    found = db.execute(wanted).one_or_none()
    if found is None:
        raise NotFound("Profil ini tidak ada di instansi Anda.")
    return found[0], found[1]


def those(db: Session, agency_id: UUID, sitting_ids: Collection[int]) -> dict[int, tuple[Profile, Booking]]:
    """Give the newest profiles of some sittings of an agency, by sitting."""
    wanted = _with_bookings().where(CurrentProfile.agency_id == agency_id, CurrentProfile.sitting_id.in_(sitting_ids))
    return {profile.sitting_id: (profile, booking) for profile, booking in db.execute(wanted)}


def _with_bookings() -> Select[Profile, Booking]:
    same = (Profile.sitting_id == CurrentProfile.sitting_id) & (Profile.inputs_sha256 == CurrentProfile.inputs_sha256)
    return (
        select(Profile, Booking).select_from(CurrentProfile).join(Profile, same)
        .join(Sitting, Sitting.sitting_id == CurrentProfile.sitting_id)
        .join(Booking, Booking.booking_id == Sitting.booking_id)
    )  # fmt: skip


def lock(db: Session, sitting_ids: Collection[int]) -> None:
    """Hold some sittings: of two workers with one person, the second sees what the first took for newest."""
    held = select(Sitting.sitting_id).where(Sitting.sitting_id.in_(sitting_ids)).order_by(Sitting.sitting_id)
    db.execute(held.with_for_update(key_share=True)).all()


@dataclass(frozen=True)
class Newest:
    """The newest profile of a sitting, with its wave and who sat, as they were on the day."""

    profile: Profile
    wave_id: UUID
    nip: str
    name: str
    unit: str


def newest(db: Session, sitting_ids: Collection[int]) -> list[Newest]:
    """Give the newest profile of each sitting that has one."""
    wanted = (
        select(Profile, Sitting.wave_id, Booking.nip, Booking.name, Booking.unit)
        .join(Sitting, Sitting.sitting_id == Profile.sitting_id).join(Booking, Booking.booking_id == Sitting.booking_id)
        .where(Profile.sitting_id.in_(sitting_ids)).order_by(Profile.made, Profile.inputs_sha256)
    )  # fmt: skip
    found = {row[0].sitting_id: Newest(*row) for row in db.execute(wanted)}  # a newer one takes the place of an older
    return list(found.values())
