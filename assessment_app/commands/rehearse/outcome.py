"""What came of a rehearsal: judged, computed again, verified and measured; one document, from which all is written."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, func, make_url, select, text
from sqlalchemy.pool import NullPool

from assessment_app.commands.rehearse.cast import Cast
from assessment_app.commands.rehearse.conductor import Performance, unanswered, waits
from assessment_app.commands.rehearse.truth import validity_of
from assessment_app.platform import clock
from assessment_app.platform.db import EXAM, VAULT, transaction
from assessment_app.recompute import actions as recomputing
from assessment_app.recompute import queries as computed
from assessment_app.rehearsal.messages import Staged
from assessment_app.rehearsal.queries import stored
from assessment_app.rehearsal.rules.evidence import Evidence
from assessment_app.rehearsal.rules.faults import FAULTS
from assessment_app.rehearsal.rules.judging import judge
from assessment_app.rehearsal.rules.measures import capacity, counts, spread
from assessment_app.scheduling.messages import REHEARSAL
from assessment_app.scheduling.models import Wave
from assessment_app.sealing import queries as seals
from assessment_app.sealing import verifier
from assessment_app.talent.models import CurrentPlacement
from scoring_engine import ENGINE_VERSION
from scoring_engine.canonical import canonical, digest


@dataclass(frozen=True)
class Spent:
    """What was spent, by phase: seconds of the clock, and CPU seconds of servers and database."""

    seconds: Mapping[str, float]
    cpu_s: Mapping[str, float]
    bytes_before: int
    bytes_after: int


@dataclass(frozen=True)
class Told:
    """How a rehearsal was asked for."""

    seed: int
    speed: float
    battery: str
    store: str
    mode: str
    plan: Sequence[str]
    not_tried: Sequence[str]


def outcome(
    told: Told, staged: Staged, cast: Cast, played: Performance, spent: Spent, began: datetime
) -> dict[str, Any]:  # fmt: skip
    """Judge what is in the stores and put everything together."""
    found = stored.read(played.house.urls, staged.wave_id)
    findings = judge(played.witness, found)
    figures = counts(played.witness, found, findings)
    sittings = max(1, figures["sittings"])
    document = {
        "schema": "proasn/rehearsal/1", "began": began.isoformat(), "ended": clock.now().isoformat(),
        "engine": ENGINE_VERSION, "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "told": {"seed": told.seed, "speed": told.speed, "battery": told.battery, "store": told.store,
                 "mode": told.mode, "parts": len(cast.forms), "slots": 1 + max(one.slot for one in staged.seated)},
        "people": people(cast), "figures": figures,
        "faults": {"planned": len(told.plan), "happened": [
            {"name": one.name, "label": FAULTS[one.name].label, "at": one.at.isoformat(),
             "seconds": round(one.seconds, 2)} for one in played.witness.happened
        ]},
        "findings": [one._asdict() for one in findings],
        "sent_home": len(played.witness.sent_home), "unanswered": unanswered(played.lines),
        "waits_ms": {call: spread(taken) for call, taken in sorted(waits(played.lines).items())},
        "seconds": {name: round(value, 1) for name, value in spent.seconds.items()},
        "cpu_ms_a_sitting": {name: round(1000 * value / sittings, 2) for name, value in spent.cpu_s.items()},
        "database_bytes_a_sitting": round((spent.bytes_after - spent.bytes_before) / sittings),
        "capacity": capacity(figures, spent.seconds["sitting"], spent.cpu_s["sitting"]),
        "placed": placed(staged, found, len(cast.forms)), "recomputed": recomputed(staged),
        "verified": verified(staged, played), "not_tried": list(told.not_tried),
    }  # fmt: skip
    document["stores"] = fingerprint(found)
    document["validity"] = validity_of(staged, cast)
    return document | {"sha256": digest(canonical(document))}


def is_sound(document: Mapping[str, Any]) -> bool:
    """Tell whether nothing is wrong."""
    return not (
        document["findings"] or document["recomputed"]["differences"] or document["verified"]["wrong"]
        or document["placed"]["left"]
    )  # fmt: skip


def people(cast: Cast) -> dict[str, int]:
    """Count who was asked to come, and how they went about it."""
    came = [day for day in cast.days if day.comes]
    return {
        "seats": len(cast.days), "no_shows": len(cast.days) - len(came),
        "late": sum(day.after > 120 for day in came), "rapid": sum(day.is_rapid for day in came),
        "revisits": sum(day.revisits for day in came), "doubts": sum(day.doubts for day in came),
        "unreached": sum(day.unreached for day in came),
    }  # fmt: skip


def placed(staged: Staged, found: Evidence, parts: int) -> dict[str, int]:
    """Count who has a box, by definition, and whom nothing came of who sat every part."""
    with transaction(reads_only=True) as db:
        wanted = select(CurrentPlacement.definition, func.count(), func.count(CurrentPlacement.cell))
        rows = db.execute(
            wanted.where(CurrentPlacement.wave_id == staged.wave_id).group_by(CurrentPlacement.definition)
        ).all()
        is_rehearsal = db.get_one(Wave, staged.wave_id).purpose == REHEARSAL
    whole = sum(sum(bool(one.body) for one in papers) == parts for papers in found.papers.values())
    people = min((count for _, count, _ in rows), default=0)
    told: dict[str, int] = {f"{row[0]}_boxes": row[2] for row in rows}
    return told | {"left": 0 if is_rehearsal else max(0, whole - people)}


def recomputed(staged: Staged) -> dict[str, Any]:
    """Compute every result of the wave again."""
    with transaction(reads_only=True) as db, transaction(VAULT, reads_only=True) as vault:
        sittings = [sitting_id for sitting_id, _ in computed.sittings(db, staged.wave_id)]
        report = recomputing.recompute(db, vault, sittings, clock.now())
    return {
        "same": {kind.value: count for kind, count in report.same.items()},
        "differences": len(report.differences), "fingerprint": report.fingerprint,
    }  # fmt: skip


def verified(staged: Staged, played: Performance) -> dict[str, Any]:
    """Check the seals of every session, and look up every receipt that a participant was shown."""
    wrong, known, sheets = list[str](), set[str](), 0
    with transaction(reads_only=True) as db:
        sealed = [one.session_id for one, has_seal in seals.sessions_of(db, staged.wave_id) if has_seal]
        keys = {one.key_id: verifier.read_key(one.pem.encode()) for one in seals.keys(db)}
        for one in verifier.check(seals.archive(db, sealed), keys):
            wrong += one.wrong
            known |= set(verifier.receipts(one.leaves))
            sheets += len(one.leaves)
    shown = [person.receipt["receipt_code"] for person in played.witness.people.values() if person.receipt]
    wrong += [f"tanda terima {code} tidak ada pada lembar yang disegel" for code in shown if code not in known]
    return {"sessions": len(sealed), "sheets": sheets, "receipts": len(shown), "wrong": wrong}


def fingerprint(found: Evidence) -> str:
    """Name every sealed sheet of the wave by one hash."""
    return digest(canonical(sorted(paper.sha256 or "" for papers in found.papers.values() for paper in papers)))


def stored_bytes(urls: Mapping[str, str]) -> int:
    """Measure what exam store and answer log take on the disk."""
    total = 0
    for url in {urls[EXAM], urls["answers"]}:
        where = make_url(url)
        if where.get_backend_name() == "sqlite":
            files = [Path(f"{where.database}{end}") for end in ("", "-wal")]
            total += sum(path.stat().st_size for path in files if path.exists())
            continue
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as db:
            total += db.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    return total
