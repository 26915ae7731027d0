"""Ready-made things for tests: an agency with people, published forms and a session that takes sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from assessment_app.accounts import actions as accounts
from assessment_app.accounts.rules import Actor, Officer
from assessment_app.people import actions as people
from assessment_app.people.models import Employee
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.security import secret
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.messages import NewRoom, NewSession, NewWave
from assessment_app.scheduling.rules import pin
from item_bank import drafts, publishing

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Monday 08.00 WIB: when a test happens unless it says otherwise."""

BATTERY = ("mansoskul-demo", "potensi-demo", "literasi-demo", "karier-demo")

PEOPLE = """NIP,NAMA,UNIT KERJA,JABATAN,JENJANG,GOLONGAN,STATUS
198503172010011987,Sri Peraga,Dinas Sosial,Kepala Subbagian Umum,Pengawas,III/d,PNS
197910212005011002,Joko Peraga,Badan Perencanaan,Kepala Bidang Anggaran,Administrator,IV/a,PNS
199001052014022003,Rina Peraga,Dinas Sosial,Pengelola Layanan,Pelaksana,II/c,PNS
"""


@dataclass(frozen=True)
class Stage:
    """A wave that can be sat: one room, one session, everybody booked."""

    agency_id: UUID
    wave_id: UUID
    session_id: UUID
    pin: str
    nips: tuple[str, ...]


def agency(code: str = "contoh", now: datetime = NOW) -> UUID:
    """Add an agency to the exam store."""
    with transaction() as db:
        return accounts.create_agency(
            db, code, f"Pemerintah {code.title()}", "Asia/Jakarta", Actor("test"), now
        ).agency_id


def published(now: datetime = NOW) -> dict[str, str]:
    """Publish the sample forms and deliver them; gives each form's name by its code."""
    with transaction(VAULT) as vault:
        for number, draft in enumerate(drafts.samples()):
            if publishing.published_with_code(vault, draft.presentation.code) is None:
                publishing.publish(vault, draft, bytes([number]) * 32, now)
        vault.flush()
        deliveries = plans.published(vault)
    with transaction() as db:
        for delivery in deliveries:
            scheduling.take_in(db, delivery, now)
    return {delivery.code: delivery.form_id for delivery in deliveries}


def stage(now: datetime = NOW, code: str = "contoh", people_csv: str = PEOPLE) -> Stage:
    """Set up a wave of the sample battery whose session runs from ``now`` for three hours."""
    agency_id, forms = agency(code, now), published(now)
    by = Officer(agency_id, "test")
    with transaction() as db:
        people.import_employees(db, agency_id, "orang.csv", people_csv.encode(), Actor("test"), now)
        wave = scheduling.add_wave(
            db, by, NewWave("Gelombang Uji", "pemetaan", tuple(forms[one] for one in BATTERY)), now
        )
        room = scheduling.add_room(db, by, NewRoom("Lab 1", "SMKN Contoh", "Asia/Jakarta", 32), now)
        hours = NewSession(room.room_id, now, now + timedelta(hours=3))
        session = scheduling.add_session(db, by, wave.wave_id, hours, now)
        employees = db.query(Employee).filter(Employee.agency_id == agency_id).order_by(Employee.nip).all()
        scheduling.book(db, by, session.session_id, [one.employee_id for one in employees], now)
        session_pin = pin(secret("session-pin"), session.session_id, session.pin_round)
        return Stage(agency_id, wave.wave_id, session.session_id, session_pin, tuple(one.nip for one in employees))
