"""The demonstration: an invented agency with staff, employees, published sample forms and one wave that can be sat now.

Every step looks first whether it was done, so a start that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from threading import Event
from uuid import UUID

import click
import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.accounts import actions as accounts
from assessment_app.accounts import queries as account_queries
from assessment_app.accounts.messages import ROLE_NAMES, Visit
from assessment_app.accounts.rules import Actor, Officer, Role
from assessment_app.authoring.actions import forms, life
from assessment_app.authoring.messages.asked import NewAssembly
from assessment_app.authoring.queries import items
from assessment_app.commands.accounts import add_agency
from assessment_app.commands.demo import invented
from assessment_app.evidence import actions as evidence
from assessment_app.evidence import queries as evidence_queries
from assessment_app.evidence.rules import DEMONSTRATION
from assessment_app.people import actions as people
from assessment_app.people.models import Employee
from assessment_app.platform import clock
from assessment_app.platform.db import EXAM, VAULT, StoreName, transaction
from assessment_app.platform.security import secret
from assessment_app.platform.settings import Settings
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.messages import NewRoom, NewSession, NewWave
from assessment_app.scheduling.models import ExamSession, Wave
from assessment_app.scheduling.rules import pin
from item_bank import blueprints, demonstration, drafts, proposals, publishing
from item_bank.proposals import Basis
from item_bank.signing import Signer

AGENCY_CODE, AGENCY_NAME = "contoh", "Pemerintah Provinsi Contoh"
WAVE_NAME = "Gelombang Demonstrasi"
BATTERY = ("mansoskul-demo", "potensi-demo", "literasi-demo", "karier-demo")
DEFAULT_WAVE = "Baterai Baku Peragaan"
DEFAULT_BATTERY = (
    "mansoskul-a", "intelektual-a", "pemecahan-masalah-a", "emosional-a", "motivasi-a", "literasi-a", "karier-a",
)  # fmt: skip
"""The default battery in the order of the day; some four hours."""

ROOMS = {WAVE_NAME: 1, DEFAULT_WAVE: 2}
SHOWN_PARTICIPANTS = 3
OPEN_FOR = timedelta(days=365)
"""A demonstration has no exam day: its session stays open, so that a later start finds it as it was."""

OFFICE = {
    "admin.bkd": ("Dewi Contoh", Role.BKD_ADMIN), "pengawas": ("Bagus Contoh", Role.PROCTOR),
    "asesor": ("Ratih Contoh", Role.ASSESSOR), "asesor.2": ("Kirana Contoh", Role.ASSESSOR),
    "komite": ("Hasan Contoh", Role.TALENT_COMMITTEE), "auditor": ("Lestari Contoh", Role.AUDITOR),
    "admin.sistem": ("Yoga Contoh", Role.SYSTEM_ADMIN),
}  # fmt: skip
AUTHORS = {
    "penulis": ("Melati Contoh", Role.ITEM_AUTHOR), "penelaah.isi": ("Damar Contoh", Role.ITEM_AUTHOR),
    "penelaah.bahasa": ("Puspa Contoh", Role.ITEM_AUTHOR), "penelaah.adil": ("Tegar Contoh", Role.ITEM_AUTHOR),
    "psikometris": ("Surya Contoh", Role.PSYCHOMETRICIAN), "psikometris.2": ("Intan Contoh", Role.PSYCHOMETRICIAN),
    "auditor.brankas": ("Lestari Contoh", Role.AUDITOR),
}  # fmt: skip
STAFF: dict[StoreName, dict[str, tuple[str, Role]]] = {EXAM: OFFICE, VAULT: AUTHORS}
MAKER = Actor("system:demo", "proasn run --demo")
SECOND = Actor("system:demo-second", "proasn run --demo")
"""Demonstration forms are published by two as well, so that the trail looks as it will."""


def prepare(chosen: Settings, stop: Event) -> str:
    """Make what is missing of the demonstration; gives the text that tells how to enter it. Safe to repeat.

    Assembling the forms takes some seconds: whoever stops the first start meanwhile waits for one blueprint at most.
    """
    passwords = _passwords(chosen.data_dir / "demo-logins.json")
    now = clock.now()
    agency_id = _agency(now)
    for store, staff in STAFF.items():
        for name, (full_name, role) in staff.items():
            with transaction(store) as db:
                _account(db, name, full_name, role, agency_id, passwords[name], now)
    publish(now, stop)
    if stop.is_set():
        return ""
    with transaction() as db:
        _employees(db, agency_id, now)
        sessions = [
            _session(db, agency_id, wave, battery, now)
            for wave, battery in ((WAVE_NAME, BATTERY), (DEFAULT_WAVE, DEFAULT_BATTERY))
        ]
        evidence_of(db, agency_id, now)
        return _tell(passwords, sessions)


def _passwords(path: Path) -> dict[str, str]:
    """Give the demonstration's passwords: made by chance once for this installation, kept in a file of its owner."""
    known = msgspec.json.decode(path.read_bytes(), type=dict[str, str]) if path.exists() else {}
    missing = [name for staff in STAFF.values() for name in staff if name not in known]
    if missing:
        known |= {name: "-".join(secrets.token_hex(2) for _ in range(4)) for name in missing}
        unfinished = path.with_suffix(".unfinished")
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(known)))
        unfinished.rename(path)
    return known


def _agency(now: datetime) -> UUID:
    with transaction() as db, transaction(VAULT) as vault:
        here, there = (account_queries.agency_coded(one, AGENCY_CODE) for one in (db, vault))
        if here is None or there is None:
            here = add_agency(db, vault, AGENCY_CODE, AGENCY_NAME, "Asia/Jakarta", MAKER, now)
        return here.agency_id


def _account(db: Session, name: str, full_name: str, role: Role, agency_id: UUID, password: str, now: datetime) -> None:
    if account_queries.lock_account_named(db, name) is not None:
        return
    made = accounts.create_account(db, name, full_name, [role], agency_id, MAKER, now)
    token = accounts.issue_link(db, made.account_id, MAKER, now)
    faults = accounts.set_password(db, token, password, Visit(origin=MAKER.origin, browser=""), now)
    assert not faults


def publish(now: datetime, stop: Event, *, whole: bool = True) -> None:
    """Fill the bank, assemble and publish, and carry everything over at once, as the worker's sweep would.

    Not ``whole`` leaves out what has to be assembled, which takes some seconds.
    """
    with transaction(VAULT) as vault:
        for one in demonstration.stocks(items.ids(vault)) if whole else ():
            life.take_in(vault, one, "konten peragaan", MAKER, now)
        for draft in drafts.samples():
            if publishing.published_with_code(vault, draft.presentation.code) is None:
                _publish_one(
                    vault, proposals.propose(vault, draft, "contoh", Basis(), MAKER.name, now).proposal_id, now
                )
    for blueprint in blueprints.samples() if whole else ():
        if not stop.is_set():
            _assemble(NewAssembly(blueprint), now)
    with transaction(VAULT, reads_only=True) as vault:
        deliveries = plans.published(vault)
    with transaction() as db:
        for delivery in deliveries:
            scheduling.take_in(db, delivery, now)


def _assemble(wanted: NewAssembly, now: datetime) -> None:
    with transaction(VAULT) as vault:
        if publishing.published_with_code(vault, f"{wanted.blueprint.code}-a") is not None:
            return
        pool = forms.open_pool(vault, wanted, MAKER, now)
    click.echo(f"Merakit formulir peragaan (sekali saja): {wanted.blueprint.title}")
    made = forms.assemble(pool, wanted)
    with transaction(VAULT) as vault:
        for proposal_id in forms.propose_forms(vault, wanted, pool, made, MAKER, now):
            _publish_one(vault, proposal_id, now)


def _publish_one(vault: Session, proposal_id: UUID, now: datetime) -> None:
    forms.approve(vault, proposal_id, SECOND, secrets.token_bytes(32), Signer(secret("form-signature")), now)


def _employees(db: Session, agency_id: UUID, now: datetime) -> None:
    if db.scalar(select(Employee).where(Employee.agency_id == agency_id).limit(1)) is None:
        content = files("assessment_app.commands.demo").joinpath("pegawai.csv").read_bytes()
        people.import_employees(db, agency_id, "pegawai.csv", content, MAKER, now)


def evidence_of(db: Session, agency_id: UUID, now: datetime) -> None:
    """Let in what other systems would say of an agency's invented people, unless something is on record already."""
    if evidence_queries.runs(db, agency_id)[1]:
        return
    by = Officer(agency_id, MAKER.name, MAKER.origin)
    found = db.execute(select(Employee.nip, Employee.name).where(Employee.agency_id == agency_id))
    for kind, name, content in invented.files([(nip, named) for nip, named in found], now.date()):
        evidence.import_evidence(db, by, evidence.Origin(name, DEMONSTRATION, kind), content, now)


def _session(db: Session, agency_id: UUID, wave_name: str, battery: Sequence[str], now: datetime) -> ExamSession:
    """Plan a wave with one session that stays open and everybody booked, unless it is there."""
    by = Officer(agency_id, MAKER.name, MAKER.origin)
    wave = db.scalar(select(Wave).where(Wave.agency_id == agency_id, Wave.name == wave_name))
    if wave is not None:
        return wave.sessions[0]
    newest = {form.code: form.form_id for form in reversed(plans.forms(db))}
    wave = scheduling.add_wave(db, by, NewWave(wave_name, "pemetaan", tuple(newest[code] for code in battery)), now)
    room = scheduling.add_room(db, by, NewRoom(f"Lab {ROOMS[wave_name]}", "SMKN Contoh", "Asia/Jakarta", 32), now)
    opens = now.replace(minute=0, second=0, microsecond=0)
    session = scheduling.add_session(db, by, wave.wave_id, NewSession(room.room_id, opens, opens + OPEN_FOR), now)
    everybody = list(db.scalars(select(Employee.employee_id).where(Employee.agency_id == agency_id)))
    scheduling.book(db, by, session.session_id, everybody, now)
    return session


def _tell(passwords: dict[str, str], sessions: Sequence[ExamSession]) -> str:
    lines = [f"Demonstrasi: {AGENCY_NAME}. Konten contoh, parameter diasumsikan: bukan dasar keputusan."]
    for session, hint in zip(sessions, (": mulai di sini", ""), strict=True):
        minutes = sum(part.time_limit_ms for part in session.wave.battery) // 60_000
        known = pin(secret("session-pin"), session.session_id, session.pin_round)
        seated = sorted(session.bookings, key=lambda booking: booking.seat)[:SHOWN_PARTICIPANTS]
        name, parts = session.wave.name, len(session.wave.battery)
        lines += ["", f"  {name} ({parts} bagian, paling lama {minutes} menit){hint}"]
        lines += [f"  Peserta       NIP {booking.nip}   PIN {known}   ({booking.name})" for booking in seated]
    for title, staff in (("Kantor", OFFICE), ("Brankas", AUTHORS)):
        lines += [
            "",
            *(
                f"  {title:<12}  {name:<16} {passwords[name]}   ({ROLE_NAMES[role.value]})"
                for name, (_, role) in staff.items()
            ),
        ]
    lines += [
        "",
        "  Setelah semua bagian selesai: komite melihat Sembilan kotak, asesor meninjau dan menandatangani profil,",
        "  auditor membaca jejak audit. Jawaban yang diklik asal cepat akan ditandai pada profil.",
    ]
    return "\n".join([*lines, ""])
