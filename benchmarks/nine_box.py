"""The nine-box of a province: placing everybody, and what each view of the page costs the server, on both databases.

Run: ``python benchmarks/nine_box.py [people]``. Two waves of the same people are generated from a seed and placed in
both definitions; then each view is asked for at the real office parts, without a network between. Prints, for each
database, milliseconds (the middle of several, and the slowest) and, as a ratio that holds on any machine, how many
times as long a view takes as the same view of a hundredth of the people. A page may take 1,000 ms to its first paint
and a filter 300 ms.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask.testing import FlaskClient

sys.path.insert(0, str(Path(__file__).parents[1]))

from assessment_app.accounts.rules import Role
from assessment_app.evidence import queries as evidence
from assessment_app.platform import clock, logs
from assessment_app.platform.db import transaction
from assessment_app.talent import actions
from tests import stores
from tests.assessment_app.scoring.house import browser, staff
from tests.assessment_app.talent import crowd
from tests.assessment_app.talent.conftest import office
from tests.assessment_app.talent.crowd import NOW, Crowd, Told
from tests.services.postgres import Postgres
from tests.services.run import Run

PEOPLE = 19_000
TIMES = 9
LATER = NOW + timedelta(days=1)

VIEWS = {
    "first page": {"sumbu": "talent"},
    "early mapping": {},
    "filter by unit": {"sumbu": "talent", "unit": "Dinas 07"},
    "filter by level and age": {"sumbu": "talent", "jenjang": "pengawas", "usia": "35-44"},
    "filter by state, near a cut": {"sumbu": "talent", "keadaan": "proposed", "dekat": "1"},
    "search by name": {"sumbu": "talent", "cari": "handayani 00"},
    "search by NIP": {"sumbu": "talent", "cari": "1985"},
    "last page by name": {"sumbu": "talent", "kotak": "8", "urut": "nama", "halaman": "99999"},
    "provisional": {"sumbu": "talent", "kotak": "sementara"},
}


@contextmanager
def databases() -> Iterator[dict[str, Callable[[], object]]]:
    """Give, by name, what opens an empty installation on each database."""
    run = Run.begin()
    try:
        cluster = Postgres(run)
        cluster.ensure()
        yield {"SQLite": lambda: _on_sqlite(run), "PostgreSQL": lambda: _on_postgres(cluster)}
    finally:
        run.end()


@contextmanager
def _on_sqlite(run: Run) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with stores.opened(folder, stores.copied(stores.sqlite_template(run), folder)):
            yield


@contextmanager
def _on_postgres(cluster: Postgres) -> Iterator[None]:
    with (
        tempfile.TemporaryDirectory() as made,
        stores.postgres_urls(cluster) as urls,
        stores.opened(Path(made), urls),
    ):
        yield


def two_waves(people: int, code: str, seed: int) -> tuple[Crowd, Crowd, Told]:
    """Generate an agency whose people sat two waves."""
    with transaction() as db:
        agency_id, room_id = crowd.agency(db, seed, code)
        hired = crowd.employees(db, agency_id, people, seed + 1)
        before = crowd.wave(db, agency_id, room_id, hired, seed + 2, "Tahap 1", NOW - timedelta(days=200))
        now = crowd.wave(db, agency_id, room_id, hired, seed + 3, "Tahap 2")
    return before, now, Told(hired, seed + 4)


def placed(waves: tuple[Crowd, Crowd, Told]) -> list[float]:
    """Place both waves; gives the seconds of each."""
    before, now, told = waves
    evidence.components, evidence.predicates = told.components, told.predicates
    seconds = []
    for wave in (before, now):
        began = time.perf_counter()
        with transaction() as db:
            actions.place_all(db, wave.sitting_ids, NOW)
        seconds.append(time.perf_counter() - began)
    return seconds


def timed(client: FlaskClient, path: str, asked: dict[str, str], times: int = TIMES) -> list[float]:
    """Ask for a view several times; gives milliseconds, sorted."""
    taken = []
    for _ in range(times + 1):
        began = time.perf_counter()
        answer = client.get(path, query_string=asked)
        taken.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200, (path, asked, answer.status_code)
    return sorted(taken[1:])  # the first one also reads templates


def measure(name: str, people: int) -> None:
    """Measure one database, which is open."""
    large, small = two_waves(people, "lampung", 1), two_waves(max(people // 100, 20), "bali", 100)
    placed(small)
    seconds = placed(large)
    rates = ", ".join(f"{one:.1f} s" for one in seconds)
    print(f"\n{name}: {people:,} people placed in both definitions in {rates} ({people / seconds[-1]:,.0f} a second)")
    app = office()
    clients = [
        browser(app, staff(waves[1].agency_id, LATER, who, Role.TALENT_COMMITTEE))
        for waves, who in ((large, "dewi"), (small, "made"))
    ]
    print(f"{'view':32}{'ms':>8}{'slowest':>9}{'x of 1/100':>12}")
    views = [(view, "/talenta", lambda _waves, asked=asked: asked) for view, asked in VIEWS.items()]
    views.append(("compared with another wave", "/talenta", _compared))
    views.append(("who moved", "/talenta", lambda waves: _compared(waves) | {"pindah": "1"}))
    for view, path, asked in views:
        here, there = (timed(client, path, asked(waves)) for client, waves in zip(clients, (large, small), strict=True))
        middle, of_few = statistics.median(here), statistics.median(there)
        print(f"{view:32}{middle:8.0f}{here[-1]:9.0f}{middle / of_few:12.1f}")
    for kind in ("csv", "xlsx"):
        path = f"/talenta/sembilan-kotak.{kind}"
        print(f"{'everybody as ' + kind:32}{timed(clients[0], path, {'sumbu': 'talent'}, 1)[0]:8.0f}")


def _compared(waves: tuple[Crowd, Crowd, Told]) -> dict[str, str]:
    before, now, _ = waves
    return {"sumbu": "talent", "gelombang": str(now.wave_id), "banding": str(before.wave_id)}


def main() -> None:
    """Measure both databases."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    clock.now = lambda: LATER
    logs.follow = lambda _app: None  # a line for every request would be measured along
    with databases() as known:
        for name, opened in known.items():
            with opened():
                measure(name, people)


if __name__ == "__main__":
    main()
