"""Seal a wave that nobody sat: people, bookings, sittings and sheets straight into the stores, without their jobs.

Run as ``python -m benchmarks.pipeline.sealed SITTINGS`` with the settings of an installation, which gets the
demonstration first unless it has it; prints the first and the last attempt.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from threading import Event
from uuid import UUID, uuid4

import numpy as np
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.commands import demo, store
from assessment_app.exam.models import Attempt, Sheet, Sitting
from assessment_app.people.models import Employee, ImportRun, Unit
from assessment_app.platform import clock
from assessment_app.platform.db import VAULT, transaction
from assessment_app.rehearsal.rules.answering import answered
from assessment_app.rehearsal.rules.habits import OMITTED
from assessment_app.rehearsal.rules.population import Population
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling.messages import NewRoom, NewWave
from assessment_app.scheduling.models import Booking, ExamSession, Form, Wave
from item_bank import keys
from scoring_engine.canonical import canonical, digest

IN_A_ROOM = 40
AT_ONCE = 2000
"""Sittings that are written in one transaction."""

LEVELS = ("pelaksana", "pelaksana", "pengawas", "administrator")
UNITS = 40


def nip(number: int) -> str:
    """Invent a NIP: eighteen digits, another for everybody."""
    return f"19850312{200000 + number:06}1{number % 1000:03}"


def planned(db: Session, now: datetime) -> Wave:
    """Plan a wave with the battery of the demonstration's default wave."""
    pattern = db.scalars(select(Wave).where(Wave.name == demo.DEFAULT_WAVE)).one()
    by = Officer(pattern.agency_id, demo.MAKER.name, demo.MAKER.origin)
    forms = tuple(part.form_id for part in pattern.battery)
    return scheduling.add_wave(db, by, NewWave(f"Gelombang beban {now:%H.%M.%S}", "pemetaan", forms), now)


def book(db: Session, wave: Wave, count: int, now: datetime) -> list[UUID]:
    """Book invented people, forty to a session; gives their bookings, in the order of the sessions."""
    agency = {"agency_id": wave.agency_id}
    by = Officer(wave.agency_id, demo.MAKER.name, demo.MAKER.origin)
    room = scheduling.add_room(db, by, NewRoom(f"Lab {now:%H.%M.%S}", "Beban", "Asia/Jakarta", IN_A_ROOM), now)
    db.flush()
    units = [agency | {"unit_id": uuid4(), "name": f"Dinas {n}", "path_key": f"{now:%H%M%S} {n}"} for n in range(UNITS)]
    known = db.scalar(select(func.count()).select_from(Employee)) or 0
    run = agency | {
        "import_id": uuid4(), "file_name": "beban.csv", "content_hash": "0" * 64, "read_at": now, "read_by": "beban",
        "accepted": count, "warned": 0, "rejected": 0, "created": count, "changed": 0,
    }  # fmt: skip
    employees = [
        agency | {
            "employee_id": uuid4(), "nip": nip(known + one), "name": f"Peserta {one}",
            "unit_id": units[one % UNITS]["unit_id"],
            "post_title": "Pengelola Layanan", "job_level": LEVELS[one % len(LEVELS)], "grade": "III/a",
            "status": "PNS", "birth_date": date(1985, 3, 12), "sex": "L", "active": True, "import_id": run["import_id"],
        }
        for one in range(count)
    ]  # fmt: skip
    sessions = [
        agency | {
            "session_id": uuid4(), "wave_id": wave.wave_id, "room_id": room.room_id, "starts": now,
            "ends": now + timedelta(hours=6), "checkin_minutes": 30, "pin_round": 1,
        }
        for _ in range(0, count, IN_A_ROOM)
    ]  # fmt: skip
    bookings = [
        agency | {
            "booking_id": uuid4(), "wave_id": wave.wave_id, "session_id": sessions[one // IN_A_ROOM]["session_id"],
            "employee_id": who["employee_id"], "seat": one % IN_A_ROOM + 1, "nip": who["nip"], "name": who["name"],
            "unit": f"Dinas {one % UNITS}", "post": who["post_title"], "job_level": who["job_level"],
        }
        for one, who in enumerate(employees)
    ]  # fmt: skip
    for model, rows in ((Unit, units), (ImportRun, [run]), (Employee, employees), (ExamSession, sessions)):
        db.execute(insert(model), rows)
    db.execute(insert(Booking), bookings)
    return [one["booking_id"] for one in bookings]


def seal(
    db: Session, wave: Wave, bookings: Sequence[UUID], ability: np.ndarray, seed: int, now: datetime
) -> list[int]:  # fmt: skip
    """Let the people of some bookings have sat and sealed everything, room by room and part by part; gives attempts."""
    agency = {"agency_id": wave.agency_id, "wave_id": wave.wave_id, "epoch": 1, "device": "beban", "signed_in": now}
    wanted = insert(Sitting).returning(Sitting.sitting_id, sort_by_parameter_order=True)
    sittings = list(db.scalars(wanted, [agency | {"booking_id": one} for one in bookings]))
    rows = [
        {"sitting_id": one, "n": part.n, "form_id": part.form_id, "opened": now, "finished": now}
        for room in range(0, len(sittings), IN_A_ROOM)
        for part in wave.battery
        for one in sittings[room : room + IN_A_ROOM]
    ]
    attempts = list(db.scalars(insert(Attempt).returning(Attempt.attempt_id, sort_by_parameter_order=True), rows))
    forms = {part.form_id: db.get_one(Form, part.form_id) for part in wave.battery}
    said = {}
    with transaction(VAULT, reads_only=True) as vault:
        for part in wave.battery:
            key = keys.key_of(vault, forms[part.form_id].key_seal)
            chance = np.random.default_rng([seed, part.n])
            said[part.form_id] = dict(zip(sittings, written(key, ability, chance), strict=True))
    sheets = [
        _sheet(attempt, forms[row["form_id"]], *said[row["form_id"]][row["sitting_id"]], now)
        for attempt, row in zip(attempts, rows, strict=True)
    ]
    db.execute(insert(Sheet), sheets)
    return attempts


def written(key: keys.Key, ability: np.ndarray, chance: np.random.Generator) -> Iterator[tuple[bytes, int]]:
    """Answer a form by its item models; gives for each person the answers as canonical JSON and their number.

    Takes abilities of shape (persons,), in standard deviations: the same for every construct.
    """
    constructs = {name for item in key.items for name in item.constructs}
    people = Population(dict.fromkeys(constructs, ability), {}, np.zeros_like(ability))
    form = answered(sorted(key.items, key=lambda one: one.id), people, chance)
    pieces = [[f"{json.dumps(one.item)}:{canonical(said).decode()}" for said in one.offered] for one in form]
    chosen = np.column_stack([one.chosen for one in form])
    chosen[chance.random(chosen.shape) < OMITTED] = -1
    for row in chosen.tolist():
        said = [piece[one] for piece, one in zip(pieces, row, strict=True) if one >= 0]
        yield ("{" + ",".join(said) + "}").encode(), len(said)


def _sheet(attempt: int, form: Form, answers: bytes, answered: int, now: datetime) -> dict[str, object]:
    body = b'{"answers":%s,"attempt":%d,"form":"%s","key_seal":"%s","schema":"proasn/sheet/1"}' % (
        answers, attempt, form.form_id.encode(), form.key_seal.encode(),
    )  # fmt: skip
    return {
        "attempt_id": attempt, "form_id": form.form_id, "key_seal": form.key_seal, "sha256": digest(body), "body": body,
        "answered": answered, "items": form.items, "sealed": now,
    }  # fmt: skip


def parts(count: int) -> Iterator[slice]:
    """Part people into what one transaction writes."""
    return (slice(first, min(first + AT_ONCE, count)) for first in range(0, count, AT_ONCE))


def fill(count: int, seed: int = 1) -> list[int]:
    """Add a sealed wave of so many sittings; gives its attempts."""
    now = clock.now()
    with transaction() as db:
        wave = planned(db, now)
        bookings = book(db, wave, count, now)
    ability, attempts = np.random.default_rng(seed).standard_normal(count), []
    for one in parts(count):
        with transaction() as db:
            attempts += seal(db, db.get_one(Wave, wave.wave_id), bookings[one], ability[one], seed + one.start, now)
    return attempts


def main() -> None:
    """Fill an installation; what the demonstration tells goes to standard error."""
    told, sys.stdout = sys.stdout, sys.stderr
    chosen = store.prepared()
    store.make_folder(chosen.data_dir)
    store.bring_up_to_date(chosen)
    demo.prepare(chosen, Event())
    attempts = fill(int(sys.argv[1]))
    print(min(attempts), max(attempts), file=told)


if __name__ == "__main__":
    main()
