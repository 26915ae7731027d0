"""A wave that was scored with a wrong key, found after it: the item counts the worst answer for the best."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from assessment_app.accounts.models import Agency, StaffAccount
from assessment_app.accounts.rules import Officer, Role
from assessment_app.platform import clock
from assessment_app.platform.db import VAULT, transaction
from assessment_app.recompute import actions as recomputing
from assessment_app.recompute import queries as stored
from assessment_app.rescoring.actions import deciding
from assessment_app.rescoring.queries import versions
from assessment_app.review import actions as reviewing
from assessment_app.review.actions import Assessor
from assessment_app.review.actions import deciding as signing
from assessment_app.review.actions.deciding import Shown
from assessment_app.review.rules.deciding import Choice, Decision
from assessment_app.scheduling.models import Form, Wave
from assessment_app.scoring.models import Profile, Score
from assessment_app.talent.models import CurrentPlacement, Placement
from item_bank import corrections, publishing
from item_bank.signing import Signer
from tests.assessment_app.scoring.house import FORMS, staff
from tests.workers.sealed import sealed
from workers import sweeps, tasks

CODE, ITEM, PEOPLE = "mansoskul-demo", "ms-int-01", 6
SIGNER = Signer(b"\x07" * 32)
REASON = "Kunci satu butir terbalik; ditemukan saat analisis butir setelah gelombang."


def reversed_key(key):
    """Let the worst option count as the best."""
    most = max(key.credit.values())
    return msgspec.structs.replace(key, credit={name: most - worth for name, worth in key.credit.items()})


def right_key():
    """Give the key of the item as it should have been."""
    return next(key for key in FORMS[CODE].keys if key.id == ITEM)


def plant(now: datetime, people: int) -> None:
    """Seal a wave whose form was published with the wrong key, and let the workers do everything."""
    draft = FORMS[CODE]
    wrong = tuple(reversed_key(key) if key.id == ITEM else key for key in draft.keys)
    with transaction(VAULT) as vault:
        publishing.publish(vault, msgspec.structs.replace(draft, keys=wrong), b"w" * 32, now)
    sealed(now, people)
    tasks.hand_out()


def form() -> Form:
    with transaction(reads_only=True) as db:
        return db.scalars(select(Form).where(Form.code == CODE)).one()


def wave() -> Wave:
    with transaction(reads_only=True) as db:
        return db.scalars(select(Wave)).one()


def correct(now: datetime, key=None, nonce: bytes = b"n" * 32) -> str:
    """Let two people of the vault correct the key of the item; gives the new seal."""
    form_id = form().form_id
    with transaction(VAULT) as vault:
        draft = corrections.corrected(vault, form_id, {ITEM: key or right_key()})
        row = corrections.propose(vault, form_id, draft, REASON, "psikometris", nonce, now)
        corrections.approve(vault, row.correction_id, "psikometris.2", SIGNER, now)
        return row.key_seal


def delivered(now: datetime) -> None:
    """Let the sweep carry the correction over, and the workers score everybody under it."""
    sweeps.deliver_corrections(now)
    tasks.hand_out()


def officer(name: str, now: datetime, role: Role = Role.BKD_ADMIN, code: str = "contoh") -> tuple[Officer, UUID]:
    """Make somebody of an agency's office."""
    with transaction(reads_only=True) as db:
        agency = db.scalars(select(Agency).where(Agency.code == code)).one()
    staff(agency.agency_id, now, name, role)
    with transaction(reads_only=True) as db:
        account = db.scalars(select(StaffAccount).where(StaffAccount.sign_in_name == name)).one()
    return Officer(agency.agency_id, f"account:{account.account_id}"), account.account_id


def seen(key_seal: str, by: Officer) -> str:
    """Name the comparison that a page would show."""
    with transaction(reads_only=True) as db:
        offered = versions.version(db, by.agency_id, wave().wave_id, key_seal)
        return versions.comparison(db, offered).seen(offered.wave.wave_id, key_seal)


def ask_to_choose(key_seal: str, two, now: datetime) -> int:
    """Make a key count in two people's names; the workers have not followed yet."""
    (by, account), (other, other_account) = two
    with transaction() as db:
        proposal = deciding.propose(
            db, by, account, wave().wave_id, key_seal, seen(key_seal, by), "Kunci lama salah.", now
        )  # fmt: skip
    with transaction() as db:
        return deciding.choose(db, other, other_account, proposal, seen(key_seal, other), "Sudah diperiksa.", now)


def chosen(key_seal: str, two, now: datetime) -> int:
    """Make a key count, and let the workers follow."""
    n = ask_to_choose(key_seal, two, now)
    tasks.hand_out()
    return n


def newest() -> dict[int, Profile]:
    """Give everybody's profile that counts."""
    with transaction(reads_only=True) as db:
        rows = db.scalars(select(Profile).order_by(Profile.made, Profile.inputs_sha256)).all()
    return {one.sitting_id: one for one in rows}


def everything():
    """Every byte that was computed so far, by what names it."""
    with transaction(reads_only=True) as db:
        return {
            **{(one.attempt_id, one.key_seal): (one.body, one.scored) for one in db.scalars(select(Score))},
            **{(one.sitting_id, one.inputs_sha256): (one.sha256, one.made) for one in db.scalars(select(Profile))},
            **{
                (one.sitting_id, one.definition, one.inputs_sha256): one.sha256 for one in db.scalars(select(Placement))
            },
        }


def counting():
    """What counts at this moment: profile and boxes of everybody."""
    with transaction(reads_only=True) as db:
        boxes = db.scalars(select(CurrentPlacement)).all()
    return (
        {sitting_id: one.sha256 for sitting_id, one in newest().items()},
        {(one.sitting_id, one.definition): (one.inputs_sha256, one.cell) for one in boxes},
    )


def recomputed():
    with transaction(reads_only=True) as db, transaction(VAULT, reads_only=True) as vault:
        asked = [sitting_id for sitting_id, _nip in stored.sittings(db)]
        return recomputing.recompute(db, vault, asked, clock.now())


def counted(model) -> int:
    with transaction(reads_only=True) as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


def sign(sitting_id: int, first, now: datetime) -> None:
    """Let an assessor confirm somebody's result, with a second one where the rules want two; the workers follow."""
    kind, second = "", officer(f"ratih{sitting_id}", now, Role.ASSESSOR)
    for n, (by, account_id) in enumerate((first, second)):
        assessor = Assessor(by.agency_id, account_id, "Asesor")
        with transaction() as db:
            profile, _booking, _seen = reviewing.open_profile(db, assessor, sitting_id, now)
        with transaction() as db:
            if n == 0:
                kind = signing.decide(db, assessor, sitting_id, Shown(profile.sha256, 0), Decision(Choice.CONFIRM), now)
            elif kind == "submitted":
                signing.approve(db, assessor, sitting_id, Shown(profile.sha256, 1), now)
    tasks.hand_out()
