"""Filling a wave from the list: what it costs the server, on both databases.

Run: ``python benchmarks/filling.py``. Agencies of 1,905 and of 19,000 people in forty services of eight parts each are
made, with six rooms of 34 seats and two sessions a day for five and for fifty days. Prints, for each database, seconds
on the clock and CPU seconds of this process for the plan that a preview shows, for filling, and for filling again when
nobody is new.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from assessment_app.scheduling.messages.filling import Filling
from assessment_app.scheduling.queries import filling
from benchmarks.nine_box import databases
from tests.assessment_app.scheduling.towns import Province
from tests.factories import NOW

SIZES = {1_905: 5, 19_000: 50}
"""People, and the days that seat them."""

SERVICES, ROOMS, SEATS, PARTS = 40, 6, 34, 8


def province(people: int, days: int) -> Province:
    """Make an agency with its wave and empty sessions."""
    heads = {f"Dinas {n:02}": people // SERVICES + (n < people % SERVICES) for n in range(SERVICES)}
    return Province(heads, ROOMS, SEATS, days, PARTS)


def timed(what: str, work: Callable[[], filling.Plan]) -> None:
    """Do something once and print what it took and how many were placed."""
    clock, cpu = time.perf_counter(), time.process_time()
    plan = work()
    took = f"{time.perf_counter() - clock:6.2f} s, CPU {time.process_time() - cpu:5.2f} s"
    print(f"  {what:12} {took}, placed {len(plan.filled.placed):,}, left {len(plan.filled.left):,}")


def measure(people: int, days: int) -> None:
    """Preview, fill and fill again."""
    made = province(people, days)
    timed("preview", lambda: made.ask(filling.plan, made.wave.wave_id, Filling(), NOW))
    timed("fill", lambda: made.fill(Filling()))
    timed("fill again", lambda: made.fill(Filling()))


def main() -> None:
    """Measure every size on every database."""
    with databases() as known:
        for people, days in SIZES.items():
            for name, opened in known.items():
                print(f"{people:,} people, {name}")
                with opened():
                    measure(people, days)


if __name__ == "__main__":
    main()
