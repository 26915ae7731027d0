"""An agency whose people have signed results and evidence, a post to be filled, and who proposes and decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update

from assessment_app.accounts.models import StaffAccount
from assessment_app.accounts.rules import Officer, Role
from assessment_app.evidence import actions as evidence
from assessment_app.evidence.actions import Ground
from assessment_app.evidence.models import EvidenceFact
from assessment_app.evidence.rules import Kind
from assessment_app.exam.models import Sitting
from assessment_app.people.models import Employee
from assessment_app.platform.db import transaction
from assessment_app.review.models import SignedResult
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling.messages import NewRoom, NewSession, NewWave
from assessment_app.scheduling.models import Booking
from assessment_app.scoring.models import Profile
from assessment_app.succession.actions import candidacies, posts
from assessment_app.succession.messages.forms import NewPost, Said
from assessment_app.succession.models import SuccessionAct
from assessment_app.succession.queries import posts as queries
from assessment_app.succession.queries import standings
from assessment_app.succession.queries.standings import Candidate
from assessment_app.talent import actions as talent
from scoring_engine.canonical import canonical, digest
from tests.assessment_app.scoring.house import BEST, NOW, House, publish, steady

LATER = NOW + timedelta(hours=1)
WHY = Ground("Nota BKD 1/2026", "dicocokkan dengan dokumen")
REASON = "Tiga tahun memimpin penyusunan anggaran."
KNOWN = {
    Kind.PERFORMANCE: {"year": "2025", "predicate": "Sangat Baik"}, Kind.FEEDBACK_360: {"year": "2025", "value": "90"},
    Kind.AWARD: {"level": "Nasional", "thing": "ASN Berprestasi", "date": "2025-08-17"},
    Kind.TEAM: {"role": "Ketua", "thing": "Tim SPBE", "decree": "SK 1/2026", "from": "2026-01-01"},
    Kind.TRAINING: {"thing": "PKP", "date": "2025-02-01", "bnsp": "Tidak"},
    Kind.POST: {"title": "Kepala Subbagian", "from": "2018-01-01"},
    Kind.EDUCATION: {"level": "S2", "field": "Manajemen", "fits": "Ya", "graduated": "2012"},
}  # fmt: skip
"""Evidence that, with the best answers, leads to box 9."""


@dataclass
class Group:
    """The agency, its people by name, the open post, and accounts by sign-in name."""

    house: House
    post_id: UUID = field(default_factory=uuid4)
    people: dict[str, UUID] = field(default_factory=dict)
    sittings: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, UUID] = field(default_factory=dict)

    @property
    def agency_id(self) -> UUID:
        return self.house.agency_id

    def by(self, name: str = "dewi") -> Officer:
        return Officer(self.agency_id, f"account:{self.accounts[name]}", "test")

    def hire(self, name: str, *roles: Role) -> None:
        self.house.staff(name, *roles)
        with transaction(reads_only=True) as db:
            wanted = select(StaffAccount.account_id).where(StaffAccount.sign_in_name == name)
            self.accounts[name] = db.scalars(wanted).one()

    def measure(self, name: str, answerer=BEST, *, signed=True, known=True, clean=True, **who) -> None:
        """Lead somebody to a placement; without ``known`` the box stays provisional, without ``clean`` unchecked."""
        sitting_id = self.house.measure(answerer, name=name, **who)
        with transaction(reads_only=True) as db:
            wanted = select(Booking.employee_id).join(Sitting, Sitting.booking_id == Booking.booking_id)
            self.people[name] = db.scalars(wanted.where(Sitting.sitting_id == sitting_id)).one()
        self.sittings[name] = sitting_id
        for kind, cells in KNOWN.items() if known else ():
            self.tell(name, kind, **cells)
        if clean:
            self.check(name)
        if signed:
            self.sign(name)
        self.place(name)

    def sit_again(self, name: str, answerer, now: datetime) -> int:
        """Lead somebody through another wave, to a placement that nobody signed; gives the sitting."""
        house, planner = self.house, Officer(self.agency_id, "system")
        with transaction() as db:
            room = scheduling.add_room(db, planner, NewRoom("Lab 3", "SMKN 4", "Asia/Jakarta", 100), now)
            db.flush()
            new = NewWave("Tahap 2", "pemetaan", tuple(house.forms.values()), uuid4())
            house.wave_id, house.now = scheduling.add_wave(db, planner, new, now).wave_id, now
            db.flush()
            when = NewSession(room.room_id, now, now + timedelta(hours=4))
            house.session_id = scheduling.add_session(db, planner, house.wave_id, when, now).session_id
            booked = scheduling.book(db, planner, house.session_id, [self.people[name]], now)[0].booking_id
        sitting_id = house.sit(booked, answerer)
        house.score(sitting_id)
        return sitting_id

    def tell(self, name: str, kind: Kind, **cells: str) -> EvidenceFact:
        with transaction() as db:
            return evidence.record_fact(db, self.by(), self.people[name], kind, cells, WHY, NOW)

    def check(self, name: str) -> EvidenceFact:
        with transaction() as db:
            return evidence.mark_none(db, self.by(), self.people[name], Kind.DISCIPLINE, NOW.date(), WHY, NOW)

    def sign(self, name: str, n: int = 1) -> None:
        sitting_id = self.sittings[name]
        with transaction() as db:
            made = select(Profile).where(Profile.sitting_id == sitting_id).order_by(Profile.made)
            profile = db.scalars(made).first()
            assert profile is not None
            document = {**profile.document, "n": n}
            db.add(SignedResult(
                sitting_id=sitting_id, n=n, agency_id=self.agency_id, profile_inputs=profile.inputs_sha256,
                document=document, sha256=digest(canonical(document)), signed_by=self.accounts["asesor"], at=NOW,
                replaces=n - 1 or None,
            ))  # fmt: skip

    def place(self, name: str, now: datetime = LATER) -> None:
        with transaction() as db:
            talent.place_all(db, [self.sittings[name]], now)

    def change(self, name: str, **columns: object) -> None:
        """Let an import say something else of somebody."""
        with transaction() as db:
            db.execute(update(Employee).where(Employee.employee_id == self.people[name]).values(**columns))

    def add_post(
        self, post="Kepala Bidang Anggaran", level="administrator", pool="agency", unit="BPKAD", **who
    ) -> UUID:
        post_id = uuid4()
        wanted = NewPost(post_id, post, unit, level, pool, {})
        by = who.get("by", "dewi")
        with transaction() as db:
            posts.add(db, self.by(by), self.accounts[by], wanted, post_id, NOW)
        return post_id

    def close(self, post_id: UUID) -> None:
        with transaction() as db:
            posts.close(db, self.by(), self.accounts["dewi"], post_id, "Jabatan sudah terisi.", LATER)

    def known(self, *names: str, post_id: UUID | None = None, now: datetime = LATER) -> dict[str, Candidate]:
        """Give what is known of some people for a post, unranked."""
        with transaction(reads_only=True) as db:
            target = queries.post(db, self.agency_id, post_id or self.post_id)
            found = standings.candidates(db, target, [self.people[name] for name in names], now)
        return {name: found[self.people[name]] for name in names}

    def propose(self, *names: str, by: str = "dewi", post_id: UUID | None = None, now: datetime = LATER):
        known = self.known(*names, post_id=post_id, now=now)
        shown = {self.people[name]: known[name].seen for name in names}
        with transaction() as db:
            return candidacies.propose(
                db, self.by(by), self.accounts[by], post_id or self.post_id, shown, REASON, now
            )  # fmt: skip

    def shown(self, name: str, now: datetime = LATER) -> Candidate:
        """Give somebody as the page shows them, with a rank."""
        with transaction(reads_only=True) as db:
            target = queries.post(db, self.agency_id, self.post_id)
            return candidacies.candidate(db, target, self.people[name], now)

    def said(self, name: str, deed: str, after: int = 1, *, aware: bool = True, now: datetime = LATER) -> Said:
        return Said(deed, REASON, self.shown(name, now).seen, after, aware=aware)

    def decide(self, name: str, deed: str, by: str = "hasan", after: int = 1, now: datetime = LATER, **changes):
        said = self.said(name, deed, after, now=now, **changes)
        return self.send(name, said, by, now)

    def send(self, name: str, said: Said, by: str = "hasan", now: datetime = LATER):
        with transaction() as db:
            return candidacies.decide(
                db, self.by(by), self.accounts[by], self.post_id, self.people[name], said, now
            )  # fmt: skip

    def acts(self, name: str) -> list[tuple[int, str]]:
        with transaction(reads_only=True) as db:
            wanted = select(SuccessionAct).where(SuccessionAct.employee_id == self.people[name])
            return [(one.n, one.kind) for one in db.scalars(wanted.order_by(SuccessionAct.post_id, SuccessionAct.n))]


def new_group() -> Group:
    """Make the agency: Lestari and Ahmad in box 9, Nina in box 8 or 7, Rina provisional and unchecked, one post."""
    group = Group(House(publish()))
    group.hire("dewi", Role.BKD_ADMIN)
    group.hire("hasan", Role.TALENT_COMMITTEE)
    group.hire("ratih", Role.TALENT_COMMITTEE)
    group.hire("asesor", Role.ASSESSOR)
    group.post_id = group.add_post()
    group.measure("Lestari Handayani", level="pengawas")
    group.measure("Ahmad Fauzi", steady(0.75))
    group.measure("Rina Susanti", signed=False, known=False, clean=False)
    return group
