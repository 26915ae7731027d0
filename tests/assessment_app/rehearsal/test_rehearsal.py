"""A small rehearsal from the import to placements, on each store: faults happen and nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from assessment_app.commands.rehearse import certificate
from assessment_app.commands.rehearse.outcome import is_sound
from tests.journeys.platform import plain_environment

ROOT = Path(__file__).parents[3]
PLAN = {
    "exam server killed in mid-commit": 1, "worker killed": 1, "network cut": 1, "lab power cut": 1, "clock wrong": 1,
    "moved to another computer": 1, "request lost-answer": 1, "request duplicated": 1,
}  # fmt: skip


def rehearsed(folder: Path, plan: dict[str, int], *more: str) -> dict:
    """Play twenty people through the sample battery; gives the document of the certificate."""
    faults = ",".join(f"{name}={count}" for name, count in plan.items())
    words = ["rehearse", "--battery", "peragaan", "--size", "20", "--rooms", "2", "--seats", "10", "--speed", "400",
             "--seed", "3", "--faults", faults, "--folder", str(folder), *more]  # fmt: skip
    code = "from assessment_app.commands import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, env=plain_environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(folder.glob("gladi-*")) == []
    (file,) = folder.glob("*.json")
    document: dict = json.loads(file.read_text())
    return document


def check(document: dict, plan: dict[str, int]) -> None:
    figures = document["figures"]
    assert (figures["lost"], figures["invented"], figures["other"]) == (0, 0, 0)
    assert figures["acknowledged"] > 300
    assert figures["sheets"] == 4 * figures["sittings"]
    assert len(document["faults"]["happened"]) >= len(plan) - 2
    assert document["recomputed"]["differences"] == 0
    assert document["recomputed"]["same"]["placement"] == 2 * figures["sittings"]
    assert document["verified"]["wrong"] == []
    assert document["verified"]["receipts"] == figures["receipts"] > 0
    assert 17 <= document["people"]["no_shows"] + figures["sittings"] <= 20, "of twenty rows some have left"


@pytest.mark.timeout(300)
def test_twenty_people_lose_nothing_on_files(tmp_path):
    document = rehearsed(tmp_path, PLAN)
    check(document, PLAN)
    assert document["told"]["store"] == "SQLite"
    (page,) = tmp_path.glob("*.html")
    assert "tidak ada yang hilang" in page.read_text()


@pytest.mark.timeout(300)
def test_twenty_people_lose_nothing_on_postgresql_and_redis(tmp_path, postgres, redis_url):
    plan = PLAN | {"connections killed": 2}
    with postgres.database() as exam, postgres.database() as vault:
        where = ("--exam-url", exam, "--vault-url", vault, "--redis-url", redis_url, "--restart-database", "true")
        document = rehearsed(tmp_path, plan, *where)
    check(document, plan)
    assert document["told"]["store"] == "PostgreSQL dan Redis"
    assert "Basis data membeku" in document["not_tried"]


@pytest.fixture
def document() -> dict:
    """A certificate of a rehearsal in which nothing went wrong."""
    return {"findings": [], "recomputed": {"differences": 0}, "verified": {"wrong": []}, "placed": {"left": 0}}


def test_a_certificate_without_a_finding_says_that_nothing_was_lost(document):
    assert is_sound(document)
    assert "tidak ada yang hilang" in certificate.title(document)


@pytest.mark.parametrize("wrong", [
    {"findings": [{"kind": "lost", "nip": "1", "what": "x"}]}, {"recomputed": {"differences": 1}},
    {"verified": {"wrong": ["x"]}}, {"placed": {"left": 1}},
])  # fmt: skip
def test_whatever_is_wrong_stands_in_the_title(document, wrong):
    assert not is_sound(document | wrong)
    assert "ADA YANG SALAH" in certificate.title(document | wrong)


def test_numbers_are_written_as_indonesians_do():
    assert (certificate.number(1234567), certificate.number(0.25), certificate.decimal(0.5)) == (
        "1.234.567", "0,2", "0,500",
    )  # fmt: skip
