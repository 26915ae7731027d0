"""Waves of generated people with results, seeded: as many as a province has, written in bulk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from assessment_app.accounts.models import Agency
from assessment_app.exam.models import Sitting
from assessment_app.people.models import Employee, ImportRun, Unit
from assessment_app.people.rules import JobLevel
from assessment_app.rule_sets import queries as numbers
from assessment_app.rule_sets.rules import read
from assessment_app.scheduling.models import Booking, ExamSession, Room, Wave
from assessment_app.scoring.actions.current import point
from assessment_app.scoring.messages import ASPECT_NAMES, PILLAR_NAMES
from assessment_app.scoring.models import Profile
from assessment_app.talent.rules.talent import Part
from scoring_engine.canonical import canonical, digest
from scoring_engine.standards.composite import combine, composite_categories
from scoring_engine.standards.match import job_person_match, match_probabilities
from tests.assessment_app.talent.people import COMPLETE

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
FIRST = ("Sri", "Ahmad", "Lestari", "Budi", "Ratna", "Nina", "Fajar", "Eka", "Johan", "Wayan", "Dewi", "Rahmat")
LAST = ("Wahyuni", "Fauzi", "Handayani", "Santoso", "Dewi", "Marlina", "Nugroho", "Sari", "Simanjuntak", "Putra")
LEVELS = (JobLevel.ADMINISTRATOR, JobLevel.PENGAWAS, JobLevel.PELAKSANA, JobLevel.AHLI_MUDA, JobLevel.AHLI_PERTAMA)
CODES = [*(f"M.0{n}" for n in range(1, 9)), "SK.01"]
ASPECTS = 8
AT_ONCE = 500
CUTS = [-0.65, -0.18, 0.18, 0.65]


@dataclass(frozen=True)
class Crowd:
    """A wave of people who have profiles."""

    agency_id: UUID
    wave_id: UUID
    employee_ids: tuple[UUID, ...]
    sitting_ids: tuple[int, ...]


def numbered(chance: np.random.Generator) -> UUID:
    return UUID(bytes=chance.bytes(16), version=4)


def agency(db: Session, seed: int, code: str = "lampung") -> tuple[UUID, UUID]:
    """Make an agency with a session's room; gives both."""
    chance = np.random.default_rng(seed)
    agency_id, room_id = numbered(chance), numbered(chance)
    db.add(Agency(agency_id=agency_id, code=code, name=f"BKD {code}", timezone="Asia/Jakarta", created=NOW))
    db.flush()
    db.add(Room(room_id=room_id, agency_id=agency_id, name="Lab 1", site="SMKN 4", timezone="Asia/Jakarta", seats=50))
    db.flush()
    return agency_id, room_id


def employees(db: Session, agency_id: UUID, size: int, seed: int, units: int = 38) -> tuple[UUID, ...]:
    """Hire people; the same seed hires the same."""
    chance = np.random.default_rng(seed)
    import_id = numbered(chance)
    db.add(ImportRun(
        import_id=import_id, agency_id=agency_id, file_name="p.csv", content_hash="0" * 64, read_at=NOW,
        read_by="system", accepted=size, warned=0, rejected=0, created=size, changed=0,
    ))  # fmt: skip
    places = [(numbered(chance), f"Dinas {n:02d}") for n in range(units)]
    db.flush()
    db.execute(insert(Unit), [
        {"unit_id": unit, "agency_id": agency_id, "name": name, "path_key": name.lower()} for unit, name in places
    ])  # fmt: skip
    rows = [_hired(chance, n, agency_id, import_id, places[int(chance.integers(units))][0]) for n in range(size)]
    db.execute(insert(Employee), rows)
    return tuple(UUID(str(row["employee_id"])) for row in rows)


def _hired(chance: np.random.Generator, n: int, agency_id: UUID, import_id: UUID, unit_id: UUID) -> dict[str, object]:
    born = date(1966, 1, 1) + timedelta(days=int(chance.integers(0, 34 * 365)))
    name = f"{FIRST[n % len(FIRST)]} {LAST[n // len(FIRST) % len(LAST)]} {n:05d}"
    level = LEVELS[int(chance.integers(len(LEVELS)))]
    return {
        "employee_id": numbered(chance), "agency_id": agency_id, "nip": f"{born:%Y%m%d}2010{n:06d}"[:18], "name": name,
        "unit_id": unit_id, "post_title": f"Analis {n % 90}", "job_level": level, "grade": "III/c", "status": "PNS",
        "birth_date": born, "sex": "P", "active": True, "import_id": import_id,
    }  # fmt: skip


def wave(db: Session, agency_id: UUID, room_id: UUID, people: tuple[UUID, ...], seed: int, name: str, now=NOW) -> Crowd:
    """Let people sit a wave: bookings, sittings, and a profile of each."""
    chance = np.random.default_rng(seed)
    wave_id, session_id = numbered(chance), numbered(chance)
    db.add(Wave(
        wave_id=wave_id, agency_id=agency_id, name=name, purpose="pemetaan", consent_version="1", grace_ms=0,
        demonstration=False, created=now,
    ))  # fmt: skip
    db.flush()
    db.add(ExamSession(
        session_id=session_id, agency_id=agency_id, wave_id=wave_id, room_id=room_id, starts=now,
        ends=now + timedelta(hours=4), checkin_minutes=60, pin_round=1,
    ))  # fmt: skip
    db.flush()
    known = {one.employee_id: one for one in db.scalars(select(Employee).where(Employee.agency_id == agency_id))}
    booked = [_booked(chance, n, known[person], wave_id, session_id) for n, person in enumerate(people, 1)]
    db.execute(insert(Booking), booked)
    db.execute(insert(Sitting), [
        {"agency_id": agency_id, "booking_id": row["booking_id"], "wave_id": wave_id, "epoch": 1, "device": "d",
         "signed_in": now} for row in booked
    ])  # fmt: skip
    order = {row["booking_id"]: n for n, row in enumerate(booked)}
    sat = sorted(db.execute(select(Sitting.sitting_id, Sitting.booking_id).where(Sitting.wave_id == wave_id)),
                 key=lambda row: order[row.booking_id])  # fmt: skip
    sittings = tuple(row.sitting_id for row in sat)
    levels = [row["job_level"] for row in booked]
    for start in range(0, len(sittings), AT_ONCE):
        some = sittings[start : start + AT_ONCE]
        db.execute(insert(Profile), _profiles(db, chance, some, levels[start : start + AT_ONCE], agency_id, now))
        point(db, some)
    return Crowd(agency_id, wave_id, people, sittings)


def _booked(chance, n: int, person: Employee, wave_id: UUID, session_id: UUID) -> dict[str, object]:
    return {
        "booking_id": numbered(chance), "agency_id": person.agency_id, "wave_id": wave_id, "session_id": session_id,
        "employee_id": person.employee_id, "seat": n, "nip": person.nip, "name": person.name, "unit": person.unit.name,
        "post": person.post_title, "job_level": person.job_level,
    }  # fmt: skip


def _profiles(db: Session, chance, sittings, levels, agency_id: UUID, now: datetime) -> list[dict[str, object]]:
    in_force = numbers.in_force(db, agency_id, now)
    rules = read(in_force.document)
    sure = chance.dirichlet(np.full(5, 0.3), (len(sittings), 9)).round(10)
    theta = chance.normal(0.4, 0.8, (len(sittings), 4)).round(10)
    rows = []
    for n, sitting_id in enumerate(sittings):
        document = profile(sure[n], theta[n], rules, rules.standard[levels[n]]) | _besides(n, levels[n], sitting_id)
        inputs = digest(canonical({"sitting": sitting_id, "rules": in_force.sha256}))
        rows.append({
            "sitting_id": sitting_id, "inputs_sha256": inputs, "agency_id": agency_id, "rule_set": in_force.sha256,
            "document": document, "sha256": digest(canonical(document)), "made": now,
        })  # fmt: skip
    return rows


def profile(levels, theta, rules, required: int) -> dict[str, object]:
    """Write a profile as scoring does, of levels and aspects that are given."""
    reported = [int(np.argmax(one)) + 1 for one in levels]
    standard = [required] * 9
    percent = job_person_match(reported, standard)
    aspects = np.concatenate([theta, np.full(ASPECTS - len(theta), np.nan)])
    whole = combine(aspects, np.where(np.isnan(aspects), np.nan, 0.35), rules.least_measured,
                    rules.aspect_weights, rules.aspect_correlation)  # fmt: skip
    chances = match_probabilities(levels / levels.sum(axis=1, keepdims=True), standard, rules.thresholds)[0]
    return {
        "schema": "proasn/profile/1", "parameters": ["calibrated"],
        "competencies": [
            _competency(code, level, one.tolist(), required, rules)
            for code, level, one in zip(CODES, reported, levels, strict=True)
        ],
        "jpm": {
            "floor": required == 1, "purpose": rules.purpose,
             "categories": [band.name for band in rules.thresholds.bands], "missing": [],
            "percent": float(percent), "exact": [percent.numerator, percent.denominator],
            "category": rules.thresholds.category(percent), "chances": chances.round(10).tolist(),
        },
        "potential": {
            "aspects": [
                {"construct": code, "theta": None if np.isnan(value) else float(value),
                 "se": None if np.isnan(value) else 0.35}
                for code, value in zip(ASPECT_NAMES, aspects, strict=True)
            ],
            "measured": len(theta), "of": ASPECTS, "score": round(float(whole.score[0]), 10),
            "theta": round(float(whole.theta[0]), 10), "se": round(float(whole.se[0]), 10),
            "chances": composite_categories(whole, *rules.potential_cuts)[0].round(10).tolist(),
        },
    }  # fmt: skip


def _competency(code: str, level: int, chances: list[float], required: int, rules) -> dict[str, object]:
    return {
        "construct": code, "level": level, "levels": chances, "required": required, "theta": 0.4 * level - 1.2,
        "se": 0.35, "cuts": CUTS, "reaches": min(sum(chances[required - 1 :]), 1.0),
        "near_cut": chances[level - 1] < rules.near_level,
    }  # fmt: skip


def _besides(n: int, job_level: str, sitting_id: int) -> dict[str, object]:
    """Say the rest of a profile: what no box depends on, but every page shows; every ninth has something serious."""
    pillar = {
        "theta": 0.2,
        "se": 0.4,
        "level": 3,
        "levels": [0.05, 0.2, 0.45, 0.2, 0.1],
        "cuts": [-1.2, -0.3, 0.3, 1.2],
    }
    flag = {"flag": "rapid", "part": 1, "value": 0.2, "limit": 0.1, "serious": n % 9 == 0, "count": 6, "of": 30}
    return {
        "job_level": job_level, "validity": [flag], "literacy": [{"construct": name} | pillar for name in PILLAR_NAMES],
        "literacy_total": pillar | {"score": 55.0}, "preference": None, "standard_source": "Standar baku jenjang",
        "inputs": {"scores": [digest(canonical([sitting_id, part])) for part in range(7)]},
    }  # fmt: skip


class Told:
    """What evidence says of generated people: complete for most, seeded, something missing for every seventh."""

    def __init__(self, people: tuple[UUID, ...], seed: int):
        """Decide what is known of each."""
        chance = np.random.default_rng(seed)
        self.parts, self.predicate = {}, {}
        for n, person in enumerate(people):
            predicate = ("baik", "baik", "sangat_baik", "butuh_perbaikan")[int(chance.integers(4))]
            points = COMPLETE | {
                "performance": {"baik": 80, "sangat_baik": 100, "butuh_perbaikan": 60}[predicate],
                "team": int(chance.choice([0, 50, 80, 100])), "feedback_360": int(chance.integers(50, 100)),
                "award": int(chance.choice([0, 40, 60, 100])), "education": int(chance.choice([60, 70, 80, 90])),
                "experience": int(chance.choice([60, 80, 100])),
            }  # fmt: skip
            self.predicate[person] = predicate
            self.parts[person] = {
                part: Part("unknown", None, "belum ada", "") if n % 7 == 0 and part == "team"
                else Part("present", Fraction(value), "", "impor 2026-11-01")
                for part, value in points.items()
            }  # fmt: skip

    def components(self, _db, _agency_id, employee_ids, _document, _as_of, _known_at=None):
        """Answer as ``evidence.queries.components`` does."""
        return {person: self.parts[person] for person in employee_ids if person in self.parts}

    def predicates(self, _db, _agency_id, employee_ids, _as_of, _known_at=None):
        """Answer as ``evidence.queries.predicates`` does."""
        return {person: self.predicate.get(person) for person in employee_ids}
