"""What a rehearsal finds in the stores in the end, as the judge takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assessment_app.rehearsal.rules.witness import Said

COUNTS = (0, 1)
"""Standings that count: in time, and late within the grace."""

REFUSED = 3
"""The standing of what did not fit its item."""


@dataclass(frozen=True)
class Logged:
    """One row of the answer log."""

    said: Said
    standing: int
    received_ms: int


@dataclass(frozen=True)
class Paper:
    """One attempt that was opened, and what became of it."""

    nip: str
    part: int
    attempt_id: int
    form_id: str
    key_seal: str
    deadline_ms: int
    grace_ms: int
    sha256: str
    body: bytes
    answered: int
    seals: int
    jobs: int
    jobs_done: int
    scores: int


@dataclass(frozen=True)
class Evidence:
    """All of it, by participant."""

    log: Mapping[str, list[Logged]]
    papers: Mapping[str, list[Paper]]
