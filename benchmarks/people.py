"""A list of people as agencies send it, imported: how long each step takes, with the faults of real lists in it.

Run: ``python benchmarks/people.py [rows] [units]``. Prints one table. A quarter of the rows has a fault; SQLite.
"""

from __future__ import annotations

import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from assessment_app.accounts import actions as accounts
from assessment_app.accounts.rules import Actor
from assessment_app.people import actions
from assessment_app.people.messages.spreadsheet import make
from assessment_app.people.models import ImportRun
from assessment_app.platform import db
from benchmarks.personnel import installed, timed

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
BY = Actor("system:benchmark")


def main(rows: int, units: int) -> None:
    """Write a list, preview it, decide what it leaves open, and apply it."""
    made = timed(f"write {rows} rows of {units} units", lambda: make(rows, 2026, NOW.date(), units))
    with installed():
        with db.transaction() as store:
            agency_id = accounts.create_agency(store, "contoh", "Contoh", "Asia/Jakarta", BY, NOW).agency_id

        def previewed() -> ImportRun:
            with db.transaction() as store:
                return actions.preview_import(store, agency_id, "daftar.xlsx", made.content, BY, NOW)

        def decided() -> ImportRun:
            with db.transaction() as store:
                return actions.decide(store, agency_id, run.import_id, actions.proposals(run), BY, NOW)

        def applied() -> ImportRun:
            with db.transaction() as store:
                return actions.apply_import(store, agency_id, run.import_id, BY, NOW)

        run = timed("preview", previewed)
        told = f"{run.accepted} in, {run.repaired} repaired, {run.held} held, {run.rejected} refused"
        print(f"  {told}, {len(run.questions['asked'])} questions")
        run = timed("decide all proposals about units", decided)
        run = timed("apply", applied)
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


if __name__ == "__main__":
    main(*map(int, (sys.argv + ["19000", "400"][len(sys.argv) - 1 :])[1:3]))
