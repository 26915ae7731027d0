"""Seat a province: makes the demonstration and books invented people for its default battery, forty to a room.

Run as ``python -m benchmarks.exam.seats PEOPLE`` with the settings of an empty installation; prints NIPs and PINs.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from threading import Event

from sqlalchemy import select

from assessment_app.accounts.rules import Officer
from assessment_app.commands import demo, store
from assessment_app.people import actions as people
from assessment_app.people.models import Employee
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.security import secret
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling.messages import NewRoom, NewSession, NewWave
from assessment_app.scheduling.models import Wave
from assessment_app.scheduling.rules import pin

IN_A_ROOM = 40
HOURS = timedelta(hours=6)
HEAD = "NIP,NAMA,UNIT KERJA,JABATAN,JENJANG,GOLONGAN,STATUS"


def nip(number: int) -> str:
    """Invent a NIP: born in the eighties, appointed in 2010."""
    born = f"198{number % 10}{1 + number // 10 % 12:02}{1 + number // 120 % 28:02}"
    return f"{born}2010011{number // 3360 + 1:03}"


def sheet(count: int) -> bytes:
    """Write the spreadsheet of so many invented employees."""
    rows = [
        f"{nip(one)},Peserta {one},Dinas {one % 40},Pengelola Layanan,Pelaksana,II/c,PNS" for one in range(count)
    ]  # fmt: skip
    return "\n".join([HEAD, *rows, ""]).encode()


def seat(count: int) -> list[tuple[str, str]]:
    """Import, plan and book; gives NIP and PIN of each."""
    now, seated = clock.now(), []
    with transaction() as db:
        pattern = db.scalars(select(Wave).where(Wave.name == demo.DEFAULT_WAVE)).one()
        agency_id = pattern.agency_id
        by = Officer(agency_id, demo.MAKER.name, demo.MAKER.origin)
        people.import_employees(db, agency_id, "beban.csv", sheet(count), demo.MAKER, now)
        forms = tuple(part.form_id for part in pattern.battery)
        wave = scheduling.add_wave(db, by, NewWave("Gelombang beban", "pemetaan", forms), now)
        ids = dict(db.execute(select(Employee.nip, Employee.employee_id).where(Employee.agency_id == agency_id)).all())
        for first in range(0, count, IN_A_ROOM):
            room = scheduling.add_room(db, by, NewRoom(f"Lab {first}", "SMKN Beban", "Asia/Jakarta", IN_A_ROOM), now)
            session = scheduling.add_session(db, by, wave.wave_id, NewSession(room.room_id, now, now + HOURS), now)
            nips = [nip(one) for one in range(first, min(first + IN_A_ROOM, count))]
            scheduling.book(db, by, session.session_id, [ids[one] for one in nips], now)
            known = pin(secret("session-pin"), session.session_id, session.pin_round)
            seated += [(one, known) for one in nips]
    return seated


def main() -> None:
    """Fill an empty installation; what the demonstration tells goes to standard error."""
    told, sys.stdout = sys.stdout, sys.stderr
    chosen = store.prepared()
    store.make_folder(chosen.data_dir)
    store.bring_up_to_date(chosen)
    demo.prepare(chosen, Event())
    print(json.dumps(seat(int(sys.argv[1]))), file=told)


if __name__ == "__main__":
    main()
