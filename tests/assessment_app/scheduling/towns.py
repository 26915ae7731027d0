"""A town with as many people, rooms and sessions as a test wants: real rows on the test's database."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from werkzeug.datastructures import MultiDict

from assessment_app.people.models import Employee, ImportRun, Unit
from assessment_app.platform.db import transaction
from assessment_app.scheduling import actions
from assessment_app.scheduling.actions.sessions import add_sessions
from assessment_app.scheduling.messages import NewRoom, NewWave
from assessment_app.scheduling.messages.timetable import Grid
from assessment_app.scheduling.models import Booking
from tests.assessment_app.scheduling.conftest import Town
from tests.factories import NOW

MONDAY = date(2026, 11, 30)
HALF_DAYS = ((time(8), time(12)), (time(13), time(17)))
LEVELS = ("administrator", "pengawas", "pelaksana", "ahli_muda")


def add_people(agency_id: UUID, units: dict[str, int], below: int = 0) -> dict[str, list[UUID]]:
    """Add employees to units, in parts below them where wanted; gives their numbers by unit."""
    found: dict[str, list[UUID]] = {}
    with transaction() as db:
        run = db.scalars(select(ImportRun).where(ImportRun.agency_id == agency_id).limit(1)).one()
        number = db.query(Employee).count()
        for name, people in units.items():
            top = Unit(unit_id=uuid4(), agency_id=agency_id, parent_id=None, name=name, path_key=name.lower())
            db.add(top)
            db.flush()
            parts = [
                Unit(unit_id=uuid4(), agency_id=agency_id, parent_id=top.unit_id, name=f"{name} bidang {n}",
                     path_key=f"{name.lower()} > bidang {n}")
                for n in range(below)
            ]  # fmt: skip
            db.add_all(parts)
            db.flush()
            places = parts or [top]
            rows: list[dict[str, object]] = []
            ids = [uuid4() for _one in range(people)]
            for n, employee_id in enumerate(ids):
                number += 1
                rows.append({
                    "employee_id": employee_id, "agency_id": agency_id, "nip": f"198501012010{number:06d}",
                    "name": f"Pegawai {number:05d}", "unit_id": places[n % len(places)].unit_id, "post_title": "Analis",
                    "job_level": LEVELS[n % 4], "grade": "III/c", "status": "PNS", "birth_date": date(1985, 1, 1),
                    "sex": "L", "active": True, "import_id": run.import_id,
                })  # fmt: skip
            db.execute(insert(Employee), rows)
            found[name] = ids
    return found


class Province(Town):
    """A town with a wave of its own: ``units`` of people, ``rooms`` of ``seats``, two sessions a day."""

    def __init__(
        self, units: dict[str, int], rooms: int = 2, seats: int = 10, days: int = 2, below: int = 0, code="contoh"
    ):
        super().__init__(code)
        with transaction() as db:
            for one in db.query(Employee).filter(Employee.agency_id == self.agency_id):
                one.active = False
        self.staff = add_people(self.agency_id, units, below)
        self.rooms = [
            self.act(actions.add_room, NewRoom(f"Lab {n + 2}", "SMKN 4", "Asia/Jakarta", seats), NOW)
            for n in range(rooms)
        ]
        self.wave = self.act(actions.add_wave, NewWave("Tahap Besar", "pemetaan", self.forms), NOW)
        self.grid = Grid(
            tuple(MONDAY + timedelta(days=n) for n in range(days)), HALF_DAYS, HALF_DAYS,
            tuple(room.room_id for room in self.rooms),
        )  # fmt: skip
        self.act(add_sessions, self.wave.wave_id, self.grid, NOW)

    def fill(self, filling, now=NOW):
        """Fill the wave."""
        return self.act(actions.fill, self.wave.wave_id, filling, now)

    def bookings(self) -> list[Booking]:
        """Who sits where in the wave."""
        with transaction(reads_only=True) as db:
            return list(db.scalars(select(Booking).where(Booking.wave_id == self.wave.wave_id).order_by(Booking.nip)))

    def by_session(self) -> Counter[UUID]:
        """Count people by session."""
        return Counter(one.session_id for one in self.bookings())


def form(**fields) -> MultiDict[str, str]:
    """Write a form; a list is a field that comes more than once."""
    lists = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
    return MultiDict(lists)
