"""What a monitoring system asks, and gets an answer to while everything else is down."""

from __future__ import annotations

import socket
import sqlite3
import time
from dataclasses import replace
from urllib.request import urlopen

import pytest
from prometheus_client import generate_latest

from assessment_app.platform import clock, db, observe
from assessment_app.platform.db import EXAM, transaction
from assessment_app.platform.queue import enqueue
from assessment_app.platform.settings import SettingsError
from tests.assessment_app.platform.apps import furnished
from tests.journeys.platform import free_ports


@pytest.fixture
def away(on_sqlite, tmp_path):
    """A process whose store is gone."""
    db.disconnect()
    db.connect({EXAM: f"sqlite:///{tmp_path}/none/exam.db"}, [EXAM])
    return furnished(on_sqlite).test_client()


def series(name: str) -> list[str]:
    return [line for line in generate_latest(observe.REGISTRY).decode().splitlines() if line.startswith(name)]


def test_a_process_that_lives_says_so(browser):
    assert (browser.get("/healthz").status_code, browser.get("/healthz").json) == (200, {"status": "ok"})


def test_ready_tells_of_the_work_that_waits(browser):
    with transaction() as store:
        enqueue(store, "place", "1", clock.now())
    said = browser.get("/readyz")
    assert said.status_code == 200
    assert (said.json["status"], said.json["jobs_waiting"], said.json["jobs_resting"]) == ("ok", 1, 0)


def test_a_store_that_is_away_makes_it_unready_but_not_dead(away):
    said = away.get("/readyz")
    assert (said.status_code, said.json) == (503, {"status": "unready", "unreachable": ["exam"]})
    assert away.get("/healthz").status_code == 200


def test_a_store_that_is_no_store_makes_it_unready(on_sqlite, tmp_path):
    db.disconnect()
    sqlite3.connect(tmp_path / "empty.db").close()
    db.connect({EXAM: f"sqlite:///{tmp_path}/empty.db"}, [EXAM])
    assert furnished(on_sqlite).test_client().get("/readyz").status_code == 503


def test_ready_does_not_wait_for_a_writer_nor_hold_one_up(browser):
    begun = time.monotonic()
    with transaction():
        assert browser.get("/readyz").status_code == 200
    assert time.monotonic() - begun < 2


def test_requests_are_counted_and_invented_methods_make_no_series(browser):
    browser.get("/token")
    browser.open("/token", method="INVENTED")
    assert series('proasn_requests_total{method="GET",status="200"}')
    assert series('proasn_requests_total{method="other"')
    assert "INVENTED" not in "".join(series("proasn"))


def test_metrics_are_on_a_port_of_their_own_and_on_no_other(browser):
    (port,) = free_ports(1)
    observe.serve_metrics("127.0.0.1", port)
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        assert b"proasn_requests_total" in answer.read()
    assert browser.get("/metrics").status_code == 404


def test_a_metrics_port_that_is_taken_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"Port {port} .*PRO_ASN_METRICS_PORT"):
            observe.serve_metrics("127.0.0.1", port)


def test_port_nought_leaves_metrics_closed():
    observe.serve_metrics("not a host", 0)


def test_job_gauges_are_read_from_the_table_when_asked(on_sqlite):
    observe.watch_jobs()
    with transaction() as store:
        enqueue(store, "place", "1", clock.now())
    assert series("proasn_jobs_waiting") == ["proasn_jobs_waiting 1.0"]


def test_while_the_store_is_away_the_other_numbers_can_still_be_read(away):
    observe.watch_jobs()
    assert series("proasn_jobs_waiting") == ["proasn_jobs_waiting NaN"]
    assert series("proasn_requests_total")


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(on_sqlite):
    spoofed = {"X-Forwarded-For": "6.6.6.6, 10.0.0.9"}
    for proxies, seen in ((0, "127.0.0.1"), (1, "10.0.0.9")):
        app = furnished(replace(on_sqlite, trusted_proxies=proxies))
        app.add_url_rule("/who", "who", who)
        assert app.test_client().get("/who", headers=spoofed).text == seen


def who() -> str:
    """Say whom the server sees."""
    from flask import request

    return request.remote_addr or ""
