"""What the stores hold in the end, read without the product's own queries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Uuid, bindparam, create_engine, text
from sqlalchemy.pool import NullPool

from assessment_app.platform.db import ANSWERS, EXAM
from assessment_app.rehearsal.rules.evidence import Evidence, Logged, Paper
from assessment_app.rehearsal.rules.witness import Said, written

LOG = (
    "SELECT sitting_id, epoch, seq, attempt_id, item, response, standing, received_ms FROM answer_event "
    "WHERE sitting_id BETWEEN :first AND :last"
)
ATTEMPTS = """
SELECT booking.nip, attempt.sitting_id, attempt.n, attempt.attempt_id, attempt.form_id, form.key_seal, attempt.opened,
    (SELECT sum(ms) FROM time_entry WHERE time_entry.attempt_id = attempt.attempt_id) AS allowed_ms, wave.grace_ms,
    sheet.sha256, sheet.body, sheet.answered
FROM attempt JOIN sitting ON sitting.sitting_id = attempt.sitting_id
JOIN booking ON booking.booking_id = sitting.booking_id JOIN wave ON wave.wave_id = sitting.wave_id
JOIN form ON form.form_id = attempt.form_id LEFT JOIN sheet ON sheet.attempt_id = attempt.attempt_id
WHERE sitting.wave_id = :wave ORDER BY attempt.attempt_id
"""
SEALS = "SELECT sitting_id, note, count(*) FROM sitting_event WHERE kind = 'seal' GROUP BY sitting_id, note"
JOBS = "SELECT subject, count(*), count(done) FROM job WHERE task = 'score_attempt' GROUP BY subject"
SCORES = "SELECT attempt_id, count(*) AS number FROM score GROUP BY attempt_id"


def read(urls: Mapping[str, str], wave_id: UUID) -> Evidence:
    """Read what the stores hold of a wave that has come to rest."""
    exam, answers = (create_engine(urls[store], poolclass=NullPool) for store in (EXAM, ANSWERS))
    with exam.connect() as db, answers.connect() as log:
        attempts = db.execute(text(ATTEMPTS).bindparams(bindparam("wave", type_=Uuid())), {"wave": wave_id}).all()
        owner = {row.attempt_id: (row.nip, row.n) for row in attempts}
        papers = defaultdict(list)
        for paper in _papers(db, [row for row in attempts if row.opened is not None]):
            papers[paper.nip].append(paper)
        return Evidence(_log(log, owner, [row.sitting_id for row in attempts]), papers)


def _log(db: Connection, owner: dict[int, tuple[str, int]], sittings: list[int]) -> dict[str, list[Logged]]:
    found = defaultdict(list)
    bounds = {"first": min(sittings, default=0), "last": max(sittings, default=0)}
    for _sitting, epoch, seq, attempt_id, item, response, standing, received_ms in db.execute(text(LOG), bounds):
        if attempt_id not in owner:
            continue  # somebody else's sitting, between two of ours
        nip, n = owner[attempt_id]
        found[nip].append(Logged(Said(epoch, seq, n, item, written(json.loads(response))), standing, received_ms))
    return found


def _papers(db: Connection, attempts: Sequence[Row[Any]]) -> list[Paper]:
    seals = {(sitting_id, int(note)): count for sitting_id, note, count in db.execute(text(SEALS))}
    jobs = {int(subject): (count, done) for subject, count, done in db.execute(text(JOBS))}
    scores = {row.attempt_id: row.number for row in db.execute(text(SCORES))}
    papers = []
    for row in attempts:
        closes = _ms(row.opened) + int(row.allowed_ms)
        did = *jobs.get(row.attempt_id, (0, 0)), scores.get(row.attempt_id, 0)
        papers.append(Paper(
            row.nip, row.n, row.attempt_id, row.form_id, row.key_seal, closes, row.grace_ms, row.sha256,
            bytes(row.body or b""), row.answered, seals.get((row.sitting_id, row.n), 0), *did,
        ))  # fmt: skip
    return papers


def _ms(moment: datetime | str) -> int:
    """Count a moment in milliseconds; SQLite gives it as a text without its zone."""
    read = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return round((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp() * 1000)
