"""The service worker: where it is found, what it may answer for, and what the pages let it do."""

from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "assessment_app" / "exam" / "static" / "service-worker.js"


@pytest.fixture
def given(server):
    """What the exam server gives at the worker's address."""
    return server.test_client().get("/service-worker.js")


def test_the_worker_stands_at_the_root_so_that_it_may_answer_for_both_pages(given):
    assert given.status_code == 200
    assert given.mimetype in ("text/javascript", "application/javascript")
    assert given.data == SOURCE.read_bytes()


def test_no_browser_goes_on_with_an_old_worker(given, server):
    assert given.headers["Cache-Control"] == "no-cache"
    again = server.test_client().get("/service-worker.js", headers={"If-None-Match": given.headers["ETag"]})
    assert again.status_code == 304


def test_the_policy_of_the_pages_lets_in_a_worker_of_ours_and_no_other(server):
    policy = server.test_client().get("/sitting").headers["Content-Security-Policy"].split("; ")
    assert "worker-src 'self'" in policy
    assert "connect-src 'self'" in policy


def test_the_pages_that_are_kept_are_pages_of_the_server_and_hold_nobody(server, working):
    line = next(line for line in SOURCE.read_text().splitlines() if line.startswith("const PAGES = "))
    pages = line.partition("[")[2].partition("]")[0].replace('"', "").split(", ")
    assert pages == ["/", "/sitting"]
    for page in pages:
        said = server.test_client().get(page)
        assert said.status_code == 200
        assert working.sitting["participant"]["name"] not in said.text
        assert working.nip not in said.text
