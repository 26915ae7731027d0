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
from assessment_app.people.messages.spreadsheet import make
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
SEED = 2026


def seat(count: int) -> list[tuple[str, str]]:
    """Import, plan and book; gives NIP and PIN of each."""
    now, seated = clock.now(), []
    made = make(count, SEED, now.date(), share=0)
    nips = sorted(made.people())
    with transaction() as db:
        pattern = db.scalars(select(Wave).where(Wave.name == demo.DEFAULT_WAVE)).one()
        agency_id = pattern.agency_id
        by = Officer(agency_id, demo.MAKER.name, demo.MAKER.origin)
        people.import_employees(db, agency_id, "beban.xlsx", made.content, demo.MAKER, now, take_proposals=True)
        forms = tuple(part.form_id for part in pattern.battery)
        wave = scheduling.add_wave(db, by, NewWave("Gelombang beban", "pemetaan", forms), now)
        ids = dict(db.execute(select(Employee.nip, Employee.employee_id).where(Employee.agency_id == agency_id)).all())
        for first in range(0, count, IN_A_ROOM):
            room = scheduling.add_room(db, by, NewRoom(f"Lab {first}", "SMKN Beban", "Asia/Jakarta", IN_A_ROOM), now)
            session = scheduling.add_session(db, by, wave.wave_id, NewSession(room.room_id, now, now + HOURS), now)
            here = nips[first : first + IN_A_ROOM]
            scheduling.book(db, by, session.session_id, [ids[one] for one in here], now)
            known = pin(secret("session-pin"), session.session_id, session.pin_round)
            seated += [(one, known) for one in here]
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
