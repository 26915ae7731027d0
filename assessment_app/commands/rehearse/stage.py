"""Where a rehearsal is played: an installation of its own, removed later, or an agency of its own in one that stays."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

from sqlalchemy import create_engine, inspect, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from assessment_app.accounts.models import Agency
from assessment_app.commands import demo, store
from assessment_app.commands.accounts import add_agency
from assessment_app.commands.rehearse.house import Database, House
from assessment_app.commands.run import children
from assessment_app.people.messages import spreadsheet
from assessment_app.platform import clock, db
from assessment_app.platform.db import EXAM, VAULT, transaction
from assessment_app.platform.errors import Conflict
from assessment_app.platform.security import secret
from assessment_app.platform.settings import PREFIX, Settings
from assessment_app.rehearsal import actions
from assessment_app.rehearsal.messages import CODE, Plan, Staged, evenly
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.models import Wave

LOCK = "rehearsal.lock"
BATTERIES = {"baku": demo.DEFAULT_BATTERY, "peragaan": demo.BATTERY}


class NotOurs(Conflict):
    """A database that holds something else than a rehearsal."""

    slug, title = "not-ours", "Basis data itu bukan milik gladi."


@dataclass(frozen=True)
class Wanted:
    """What is to be rehearsed in an installation of its own."""

    people: int
    """At most; as many rows has a list that is invented."""
    battery: str
    rooms: int
    seats: int
    seed: int
    sheet: bytes | None = None
    """A personnel file; else a list of invented people is written, as agencies send it."""


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def own_folder(parent: Path) -> Iterator[Path]:
    """Lend a folder that is removed in the end; what interrupted rehearsals left is removed first.

    The system lets go of the lock of a rehearsal that was killed, so a folder whose lock is free belongs to nobody.
    """
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in abandoned(parent):
        shutil.rmtree(left, ignore_errors=True)
    folder = parent / f"gladi-{uuid4().hex[:8]}"
    unlocked = folder.with_name(f".{folder.name}")
    unlocked.mkdir(mode=0o700)
    with (unlocked / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        unlocked.rename(folder)  # nobody finds it before its lock is held
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def abandoned(parent: Path) -> list[Path]:
    """List folders of rehearsals that nobody plays any more."""
    found = []
    for path in sorted(parent.glob("gladi-*")):
        with suppress(OSError), (path / LOCK).open("a") as lock:  # somebody plays there, or has just removed it
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            found.append(path)
    return found


@contextmanager
def own_installation(folder: Path, urls: Mapping[str, str]) -> Iterator[Settings]:
    """Make an installation of the rehearsal's own this process's, and empty its databases in the end.

    ``urls`` gives EXAM_URL, VAULT_URL and REDIS_URL where it is not to be SQLite. Of the servers it has the exam's.
    """
    own = {"DATA_DIR": str(folder), "METRICS_PORT": "0", "EXAM_PORT": str(free_port()), "WORKER_LEASE_SECONDS": "5"}
    given = {**own, **urls}
    chosen = store.prepared({PREFIX + name: value for name, value in given.items()})
    databases = [url for url in {chosen.stores[EXAM], chosen.stores[VAULT]} if not url.startswith("sqlite")]
    for url in databases:
        empty(url)
    try:
        store.bring_up_to_date(chosen)
        yield chosen
    finally:
        db.disconnect()
        for url in databases:
            empty(url)


def empty(url: str) -> None:
    """Remove everything from a database that holds nothing but a rehearsal; refuses with NotOurs any other."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            tables = inspect(connection).get_table_names()
            codes = connection.scalars(select(Agency.code)).all() if "agency" in tables else []
            is_ours = not tables or any(name.startswith("alembic_version_") for name in tables)
            if not is_ours or any(not code.startswith(CODE) for code in codes):
                name = make_url(url).database
                raise NotOurs(f"Basis data {name} berisi hal lain. Beri gladi basis data kosong miliknya sendiri.")
            if tables:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
    except SQLAlchemyError as error:
        raise db.StoreError(f"Basis data gladi tidak dapat dibuka: {error.__class__.__name__}.") from error


def prepare(wanted: Wanted, now: datetime) -> Staged:
    """Fill an installation of the rehearsal's own: forms, an agency, people, their evidence, and the wave."""
    demo.publish(now, Event(), whole=wanted.battery != "peragaan")
    with transaction() as exam, transaction(VAULT) as vault:
        agency_id = add_agency(exam, vault, CODE, "Gladi (rekaan)", "Asia/Jakarta", demo.MAKER, now).agency_id
    lists = [wanted.sheet] if wanted.sheet else as_sent(wanted.people, wanted.seed, now)
    with transaction() as exam:
        newest = {form.code: form.form_id for form in reversed(plans.forms(exam))}
        codes = BATTERIES[wanted.battery]
        people = min(wanted.people, actions.hire(exam, agency_id, lists, now))
        slots = evenly(people, wanted.rooms, wanted.seats)
        plan = Plan("Gladi", tuple(newest[code] for code in codes), slots, "pemetaan")
        staged = actions.stage(exam, agency_id, plan, secret("session-pin"), now)
        demo.evidence_of(exam, agency_id, now)
        return replace(staged, seated=staged.seated[:people])


def as_sent(rows: int, seed: int, now: datetime) -> list[bytes]:
    """Write what an agency sends: a list with the faults of real ones, then whoever was refused, mended."""
    made = spreadsheet.make(rows, seed, now.date())
    again = made.mended(now.date())
    return [one.content for one in (made, again) if one.truths]


def join(wave_id: UUID, people: int | None, now: datetime) -> Staged:
    """Seat invented people in an agency of their own, in the shape of a planned wave of a real one."""
    with transaction(reads_only=True) as exam:
        wave = exam.get(Wave, wave_id)
        if wave is None:
            raise actions.NotForRehearsal(f"Gelombang {wave_id} tidak ada.")
        plan, code = actions.plan_of(wave), f"{CODE}-{uuid4().hex[:8]}"
    seats = sum(place.seats for slot in plan.slots for place in slot)
    made = spreadsheet.make(min(people or seats, seats), uuid4().int, now.date(), share=0)
    with transaction() as exam, transaction(VAULT) as vault:
        agency_id = add_agency(exam, vault, code, plan.name, "Asia/Jakarta", demo.MAKER, now).agency_id
    with transaction() as exam:
        actions.hire(exam, agency_id, [made.content], now)
        return actions.stage(exam, agency_id, plan, secret("session-pin"), now)


def close_leftovers(now: datetime) -> list[str]:
    """Close what interrupted rehearsals left in this installation; gives the codes of their agencies."""
    with transaction() as exam:
        found = actions.leftovers(exam, now)
        for agency in found:
            actions.end_sessions(exam, agency.agency_id, now)
        return [agency.code for agency in found]


def close(agency_id: UUID) -> None:
    """Close a rehearsal's agency in an installation that stays."""
    with transaction() as exam:
        actions.end_sessions(exam, agency_id, clock.now())


def own_house(chosen: Settings, database: Database | None) -> House:
    """Give the servers that a rehearsal of its own needs: the exam server and the worker."""
    folder = chosen.data_dir.resolve()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment |= explicit(chosen)
    family = [child for child in children(chosen) if child.name in ("exam", "worker")]
    return House(folder, chosen.stores, f"http://{chosen.host}:{chosen.exam_port}", environment, family, database)


def explicit(chosen: Settings) -> dict[str, str]:
    """Write down as environment what the servers of a rehearsal must know."""
    told = {
        "DATA_DIR": chosen.data_dir.resolve(), "SEAL_KEY": chosen.seal_key.resolve(), "METRICS_PORT": 0,
        "EXAM_PORT": chosen.exam_port, "WORKER_LEASE_SECONDS": chosen.worker_lease_seconds, "LOG_LEVEL": "warning",
        **{f"{name.upper()}_URL": url for name, url in chosen.stores.items()},
    }  # fmt: skip
    if chosen.redis_url:
        told["REDIS_URL"] = chosen.redis_url
    return {PREFIX + name: str(value) for name, value in told.items()}
