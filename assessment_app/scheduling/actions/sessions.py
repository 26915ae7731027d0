"""Sessions made many at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.scheduling import actions, queries, rules
from assessment_app.scheduling.messages.timetable import Grid
from assessment_app.scheduling.models import ExamSession
from assessment_app.scheduling.queries.timetable import Draft, draft


def add_sessions(db: Session, by: Officer, wave_id: UUID, grid: Grid, now: datetime) -> Draft:
    """Give a wave every session of a grid whose room is free then; tells which were new, there already or clash.

    Safe to repeat: a session that is there is left as it is.
    """
    queries.lock_planning(db, by.agency_id)
    made = draft(db, by.agency_id, wave_id, grid, now)
    if made.new:
        db.execute(insert(ExamSession), [
            {
                "session_id": uuid4(), "agency_id": by.agency_id, "wave_id": wave_id, "room_id": one.room_id,
                "starts": one.starts, "ends": one.ends, "checkin_minutes": rules.CHECKIN_MINUTES, "pin_round": 1,
            }
            for one in made.new
        ])  # fmt: skip
        actions.record(db, by, "wave.add_sessions", str(wave_id), now, sessions=len(made.new), rooms=len(grid.room_ids),
                       days=len(grid.days), clashes=len(made.clashes))  # fmt: skip
    return made
