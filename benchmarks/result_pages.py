"""The pages that people read results on, at the size of a province, on both databases.

Run: ``python benchmarks/result_pages.py [people] [words of a page] [store]``. Two waves of generated people with whole
profiles, a third of the newer one signed, some taken and some half written; of each person seven facts. Each
page is asked for at the real office server's parts, without a network between. Prints, for each database, milliseconds
(the fastest of several, which other work on the machine disturbs least, and the middle) and how many times as long a
page takes as the same page of a hundredth of the people. A page may take 300 ms.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parents[1]))

from assessment_app.accounts.models import StaffAccount
from assessment_app.accounts.rules import Officer, Role
from assessment_app.evidence.models import EvidenceFact
from assessment_app.platform import clock, logs, settings
from assessment_app.platform.db import transaction
from assessment_app.review.models import ReviewDraft, ReviewLease, ReviewStep
from assessment_app.rule_sets import actions as rule_sets
from assessment_app.scoring import queries as scores
from assessment_app.scoring.models import Profile
from assessment_app.servers import office
from benchmarks.nine_box import LATER, NOW, PEOPLE, databases, timed
from tests.assessment_app.scoring.house import browser, staff
from tests.assessment_app.talent import crowd
from tests.assessment_app.talent.crowd import Crowd
from workers import sweeps

AT_ONCE = 5000
ROLES = (Role.ASSESSOR, Role.BKD_ADMIN, Role.TALENT_COMMITTEE)

FACTS: Mapping[str, Mapping[str, object]] = {
    "performance": {"year": 2025, "predicate": "baik"},
    "feedback_360": {"year": 2025, "value": "80"},
    "award": {"date": "2025-03-01", "level": "province", "name": "Satyalancana", "number": "", "giver": ""},
    "training": {"date": "2025-05-01", "name": "Sertifikat", "bnsp": False, "number": "", "giver": ""},
    "team": {"from": "2025-01-01", "to": None, "role": "leader", "decree": "SK 1", "name": "Tim"},
    "post": {"from": "2015-01-01", "to": None, "title": "Analis"},
    "education": {"level": "s1", "field": "Hukum", "fits": True, "year": 2008},
}  # fmt: skip
"""What is known of each person; every seventh lacks the education, every eleventh the predicate."""

Asked = Callable[["Agency"], tuple[str, dict[str, str]]]


class Agency:
    """An agency with two waves, and what the pages ask for."""

    def __init__(self, people: int, code: str, seed: int, who: str) -> None:
        """Make it."""
        with transaction() as db:
            agency_id, room_id = crowd.agency(db, seed, code)
            hired = crowd.employees(db, agency_id, people, seed + 1)
            crowd.wave(db, agency_id, room_id, hired, seed + 2, "Tahap 1", NOW - timedelta(days=200))
            self.wave: Crowd = crowd.wave(db, agency_id, room_id, hired, seed + 3, "Tahap 2")
        self.token = staff(agency_id, LATER, who, *ROLES)
        with transaction() as db:
            self.account_id = db.scalars(
                select(StaffAccount.account_id).where(StaffAccount.agency_id == agency_id)
            ).one()
            _reviewed(db, self.wave, self.account_id)
            _known(db, agency_id, hired)
            self.draft_id = self._draft(db, agency_id)
            self.unit = scores.profile(db, agency_id, self.wave.sitting_ids[0])[1].unit

    def _draft(self, db: Session, agency_id: UUID) -> UUID:
        by = Officer(agency_id, f"account:{self.account_id}")
        return rule_sets.copy(db, by, "2027-1", LATER, "Uji", LATER)


def _reviewed(db: Session, wave: Crowd, account_id: UUID) -> None:
    """Let a third be decided, every fiftieth be taken, every hundredth be half written."""
    found = select(Profile.sitting_id, Profile.sha256).where(Profile.made == NOW, Profile.agency_id == wave.agency_id)
    named = dict(tuple(row) for row in db.execute(found))
    common = {"agency_id": wave.agency_id, "account_id": account_id}
    steps = [
        {"sitting_id": one, "n": 1, "kind": "signed" if n % 2 else "submitted", **common,
         "profile_sha256": named[one], "document": {"choice": "confirm", "part": None, "why": "", "adjustments": []},
         "at": NOW}
        for n, one in enumerate(wave.sitting_ids) if n % 3 == 0
    ]  # fmt: skip
    db.execute(insert(ReviewStep), steps)
    db.execute(insert(ReviewLease), [
        {"sitting_id": one, "taken": True, "until": LATER + timedelta(days=3), **common}
        for one in wave.sitting_ids[1::50]
    ])  # fmt: skip
    db.execute(insert(ReviewDraft), [
        {"sitting_id": one, "profile_sha256": named[one], "saved": NOW, **common,
         "document": {"choice": "confirm", "levels": {}, "reasons": {}, "part": None, "why": ""}}
        for one in wave.sitting_ids[2::99]
    ])  # fmt: skip


def _known(db: Session, agency_id: UUID, people: Sequence[UUID]) -> None:
    """Write what an officer recorded of each."""
    rows = list(_facts(agency_id, people))
    for start in range(0, len(rows), AT_ONCE):
        db.execute(insert(EvidenceFact), rows[start : start + AT_ONCE])


def _facts(agency_id: UUID, people: Sequence[UUID]) -> Iterator[dict[str, object]]:
    for n, person in enumerate(people):
        for kind, said in FACTS.items():
            if (kind == "education" and n % 7 == 0) or (kind == "performance" and n % 11 == 0):
                continue
            yield {
                "fact_id": uuid4(), "agency_id": agency_id, "employee_id": person, "kind": kind, "state": "present",
                "said": said, "replaces": None, "import_id": None, "row_no": None, "basis": "SK", "reason": "uji",
                "by": "system", "at": NOW,
            }  # fmt: skip


def _queue(**asked: str) -> Asked:
    return lambda _agency: ("/tinjau", asked)


def _profile(place: float) -> Asked:
    def asked(agency: Agency) -> tuple[str, dict[str, str]]:
        return f"/tinjau/{agency.wave.sitting_ids[int(place * (len(agency.wave.sitting_ids) - 1))]}", {}

    return asked


PAGES: Mapping[str, Asked] = {
    "queue, first page": _queue(),
    "queue, last page": _queue(halaman="99999"),
    "queue, by state": _queue(keadaan="signed"),
    "queue, by unit": lambda agency: ("/tinjau", {"unit": agency.unit}),
    "queue, near a cut, flagged": _queue(dekat="1", tanda="1"),
    "queue, search by name": _queue(cari="handayani 00"),
    "queue, search by NIP": _queue(cari="1985"),
    "queue, mine": _queue(saya="1"),
    "signed together": lambda agency: (f"/tinjau/gelombang/{agency.wave.wave_id}/bersama", {}),
    "profile, first": _profile(0.0),
    "profile, taken": _profile(1 / 19.0),
    "profile, last": _profile(1.0),
    "evidence overview": lambda _agency: ("/bukti", {}),
    "evidence overview, everybody": lambda _agency: ("/bukti", {"gelombang": "semua"}),
    "evidence, who lacks what": lambda _agency: ("/bukti", {"kurang": "education"}),
    "evidence, search": lambda _agency: ("/bukti", {"cari": "handayani 00"}),
    "progress": lambda _agency: ("/hasil", {}),
    "progress, its figures": lambda agency: (f"/hasil/{agency.wave.wave_id}/keadaan", {}),
    "foresight": lambda agency: (f"/aturan/{agency.draft_id}/pratinjau", {}),
}


def measure(name: str, people: int, only: str) -> None:
    """Measure one database, which is open."""
    large, small = Agency(people, "lampung", 1, "dewi"), Agency(max(people // 100, 20), "bali", 100, "made")
    sweeps.judge_evidence(LATER)
    sweeps.judge_evidence(LATER)
    with transaction() as db:
        if db.get_bind().dialect.name == "postgresql":
            db.execute(text("ANALYZE"))  # as autovacuum does within a minute of so many new rows
    app = office.build(settings.settings())
    clients: list[FlaskClient] = [browser(app, one.token) for one in (large, small)]
    print(f"\n{name}: {people:,} people\n{'page':32}{'fastest':>9}{'middle':>8}{'x of 1/100':>12}")
    for page, asked in PAGES.items():
        if only in page:
            here, there = (timed(client, *asked(one), 5) for client, one in zip(clients, (large, small), strict=True))
            print(f"{page:32}{here[0]:9.0f}{statistics.median(here):8.0f}{here[0] / there[0]:12.1f}", flush=True)


def main() -> None:
    """Measure both databases."""
    asked = [*sys.argv[1:], "", "", ""][:3]
    people, only, store = int(asked[0] or PEOPLE), asked[1], asked[2]
    clock.now = lambda: LATER
    logs.follow = lambda _app: None  # a line for every request would be measured along
    with databases() as known:
        for name, opened in known.items():
            if store in ("", name):
                with opened():  # type: ignore[attr-defined]  # as nine_box
                    measure(name, people, only)


if __name__ == "__main__":
    main()
