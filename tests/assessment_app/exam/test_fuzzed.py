"""The protocol thrown at a really started server by schemathesis: no fault of ours, no answer outside the document."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assessment_app.exam import contract
from assessment_app.platform import clock
from assessment_app.servers import exam
from tests import factories, stores
from tests.architecture.tree import ROOT
from tests.assessment_app.exam.browser import API, browser_of, forget
from tests.assessment_app.exam.saves import let_go
from tests.journeys.platform import PROGRAMS, Platform, free_ports, plain_environment, started, wait_until

SEED, EXAMPLES = 20261125, 20
BIN = Path(sys.executable).parent
HOOK = "tests.assessment_app.exam.whole_numbers"


@dataclass
class Target:
    """A running exam server, and the token of somebody at work on it."""

    platform: Platform
    token: str

    @property
    def log(self) -> str:
        """What the server wrote down."""
        return self.platform.log.read_text()


@pytest.fixture
def target(service_run, tmp_path) -> Iterator[Target]:
    with stores.opened(tmp_path, stores.copied(stores.sqlite_template(service_run), tmp_path)) as chosen:
        forget()
        app = exam.build(chosen)
        stage = factories.stage(clock.now())
        browser = browser_of(app, stage.nips[0], stage.pin)
        browser.sign_in()
        browser.agree()
        assert browser.start().status_code == 200
        let_go(app.answer_log._writer)
    (port,) = free_ports(1)
    environment = plain_environment() | {
        "PRO_ASN_DATA_DIR": str(tmp_path), "PRO_ASN_METRICS_PORT": "0", "PRO_ASN_EXAM_PORT": str(port),
    }  # fmt: skip
    platform = Platform(tmp_path, {"exam": port}, log=tmp_path / "exam.log")
    with started(environment, [sys.executable, "-m", *PROGRAMS["exam"]], platform.log):
        wait_until("the exam server to answer", 30, lambda: platform.answers("exam"))
        yield Target(platform, browser.token)


def test_nothing_that_is_sent_leads_outside_the_document(target):
    url, known = target.platform.url("exam", f"{API}/openapi.json"), f"Authorization: Bearer {target.token}"
    bounds = ("--seed", str(SEED), "--max-examples", str(EXAMPLES), "--continue-on-failure")
    command = [str(BIN / "schemathesis"), "run", url, "--header", known, *bounds]
    own = plain_environment() | {"SCHEMATHESIS_HOOKS": HOOK, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        command, env=own, cwd=target.platform.folder, capture_output=True, text=True, timeout=100, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert f"Tested: {len(contract.CALLS) - 1}" in told.stdout  # all but the document itself
    assert "Traceback" not in target.log
    assert '"level": "error"' not in target.log
