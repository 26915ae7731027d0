"""Whatever is killed, cut, doubled or left: no acknowledged answer is missing, and none appears that nobody gave.

The short run of the suite; ``python -m tests.faults`` is the long one, and ``pytest -m long tests/faults`` the control.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.conductor import Order, play
from tests.faults.house import Size
from tests.services.run import Run

SHORT = Size(sittings=24, parts=2, limit_s=12.0, grace_s=3.0)


@pytest.fixture
def apart() -> Iterator[Run]:
    """A run of its own: its database is killed, and others must not notice."""
    run = Run.begin()
    yield run
    run.end()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_thirty_faults_lose_and_invent_nothing(apart, kind):
    report = play(apart, Order(kind, seed=5, size=SHORT, faults=30))
    told = "\n".join(report.lines())
    assert report.findings == [], told
    assert report.figures["acknowledged"] > 100, told
    assert report.figures["faults"] >= 20, told


@pytest.mark.long
def test_a_database_that_does_not_wait_for_its_disk_is_caught(apart):
    """The control: the same run where commits are told before they are durable, and the power goes."""
    careless = {"synchronous_commit": "off", "wal_writer_delay": "10s"}
    order = Order(
        "postgresql", 1, Size(8, 1, 12.0), faults=2, rest_s=3.0, settle_s=5.0, only="database killed", options=careless
    )  # fmt: skip
    report = play(apart, order)
    assert report.figures["lost"] > 0, "\n".join(report.lines())
