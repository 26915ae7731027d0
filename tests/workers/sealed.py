"""A wave that is sealed and waits for the workers: a few people, each with answers of their own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from assessment_app.exam import actions as exam
from assessment_app.exam.models import Attempt, Sitting
from assessment_app.platform.db import transaction
from assessment_app.scheduling.models import Booking
from tests import factories
from tests.assessment_app.scoring.house import all_answers, steady

PEOPLE = 12
HEAD = "NIP,NAMA,UNIT KERJA,JABATAN,JENJANG,GOLONGAN,STATUS"


def people_csv(count: int) -> str:
    """Invent people for a spreadsheet."""
    rows = [
        f"19850312201001{one:04},Peserta {one},Dinas Sosial,Pengelola,Pelaksana,II/c,PNS"
        for one in range(1001, 1001 + count)
    ]
    return "\n".join([HEAD, *rows, ""])


def sealed(now: datetime, count: int = PEOPLE) -> None:
    """Seal a wave of the sample battery; the same people, answers and identifiers every time."""
    stage = factories.stage(now, people_csv=people_csv(count))
    forms = factories.published(now)
    with transaction() as db:
        bookings = db.scalars(select(Booking.booking_id).order_by(Booking.nip)).all()
        for number, booking_id in enumerate(bookings):
            sitting = Sitting(
                agency_id=stage.agency_id, booking_id=booking_id, wave_id=stage.wave_id, epoch=1, device="d",
                signed_in=now,
                attempts=[
                    Attempt(n=n, form_id=forms[code], opened=now) for n, code in enumerate(factories.BATTERY, 1)
                ],
            )  # fmt: skip
            db.add(sitting)
            db.flush()
            for n, code in enumerate(factories.BATTERY, 1):
                exam.seal(db, sitting.sitting_id, n, all_answers(code, steady(number / count)), now)
