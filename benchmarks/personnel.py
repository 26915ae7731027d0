"""Two lists of 20,000 people compared and kept: how long each step takes, how much memory, how fast the worklist is.

Run: ``python benchmarks/personnel.py [people]``. Prints one table. The lists are XLSX; every twentieth person differs.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from assessment_app.accounts import actions as accounts
from assessment_app.accounts.rules import Actor, Officer
from assessment_app.personnel import actions, queries
from assessment_app.personnel.messages import demonstration
from assessment_app.personnel.messages.forms import NewCheck
from assessment_app.personnel.rules.records import RuleId
from assessment_app.personnel.rules.worklist import Change, Wanted
from assessment_app.platform import db, migrating, security, settings
from assessment_app.rule_sets import actions as rule_sets

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
Got = TypeVar("Got")


def timed(what: str, work: Callable[[], Got]) -> Got:
    """Do something, and print how long it took by the wall and by the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    got = work()
    print(f"{what:44} {time.perf_counter() - wall:7.2f} s  {time.process_time() - cpu:7.2f} s CPU")
    return got


@contextmanager
def installed() -> Iterator[None]:
    """Open an empty store on SQLite for the length of a block."""
    with TemporaryDirectory() as folder:
        chosen = settings.Settings(data_dir=Path(folder))
        settings.use(chosen)
        security.make_secrets(chosen.secrets)
        migrating.upgrade(db.EXAM, chosen.stores[db.EXAM])
        db.connect(chosen.stores, [db.EXAM])
        yield
        db.disconnect()


def lists(people: int) -> NewCheck:
    """Invent two lists of which every twentieth person differs."""
    pair = demonstration.clean_pair(people)
    for row in pair.payroll[::20]:
        row["grade"] = "IV/e"
    return NewCheck("p.xlsx", pair.personnel_book(), "g.xlsx", pair.payroll_book(), NOW.date(), None)


def main(people: int) -> None:
    """Compare, keep, and look at the worklist, on SQLite."""
    new = lists(people)
    with installed():
        with db.transaction() as store:
            rule_sets.take_in(store)
            agency = accounts.create_agency(store, "contoh", "Contoh", "Asia/Jakarta", Actor("test"), NOW)
            by = Officer(agency.agency_id, "account:test")
            known = actions.look_up(store, by.agency_id, new, NOW)
        for turn in (1, 2):  # the second one is compared with the first
            again = NewCheck(new.personnel_name, new.personnel, "", new.payroll + b" " * turn, new.day, None)
            compared = timed(f"read and compare {people} with {people}", partial(actions.examine, again, known, NOW))
            with db.transaction() as store:
                found = len(compared.outcome.found)
                check = timed(
                    f"keep {found} findings", partial(actions.keep, store, by, compared, NOW)
                )  # called at once
        with db.transaction(reads_only=True) as store:
            pair = queries.pair(store, by.agency_id, check.check_id)
            timed("figures of the worklist", lambda: queries.figures(store, pair))
            timed("one page, one rule", lambda: queries.findings(store, pair, Wanted(rule=RuleId.R9)))
            timed("one page, what is still there", lambda: queries.findings(store, pair, Wanted(change=Change.STILL)))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
