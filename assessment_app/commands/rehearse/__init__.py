"""``proasn rehearse``: a wave played through the real servers by simulated participants, with faults, and judged."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import click
import numpy as np
import uvloop
from sqlalchemy.exc import OperationalError

from assessment_app.commands.rehearse import outcome, stage
from assessment_app.commands.rehearse.cast import Cast, cast, papers_of
from assessment_app.commands.rehearse.certificate import write
from assessment_app.commands.rehearse.conductor import Order, Performance, Tell
from assessment_app.commands.rehearse.desk import Desk
from assessment_app.commands.rehearse.house import House, Restarted
from assessment_app.commands.rehearse.outcome import Spent, Told
from assessment_app.commands.store import open_stores
from assessment_app.platform import clock
from assessment_app.platform.db import ANSWERS, EXAM, VAULT, transaction
from assessment_app.platform.settings import Settings
from assessment_app.rehearsal.messages import Staged
from assessment_app.rehearsal.participants.wire import compressed
from assessment_app.rehearsal.rules import faults
from assessment_app.rehearsal.rules.faults import DATABASE, FAULTS, NETWORK, OURS, PEOPLE

DAY_S = 5 * 3600.0
"""The longest that somebody's day in the lab is."""

SETTLE_S = 900.0


class Stopped(KeyboardInterrupt):
    """Somebody asked the rehearsal to end."""


@click.command()
@click.option("--size", "people", type=click.IntRange(1, 20_000), help="people; of a file or a wave at most as many")
@click.option("--speed", default=60.0, show_default=True, type=click.FloatRange(1, 2000), help="times as fast")
@click.option("--faults", "plan", default="20", show_default=True, help="how many, or 'NAME=COUNT,NAME=COUNT'")
@click.option("--seed", default=1, show_default=True, help="the same seed draws the same people and plan")
@click.option("--battery", default="baku", show_default=True, type=click.Choice(list(stage.BATTERIES)))
@click.option("--rooms", default=6, show_default=True, type=click.IntRange(1, 100))
@click.option("--seats", default=32, show_default=True, type=click.IntRange(1, 500), help="of each room")
@click.option("--people", "sheet", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="personnel file")
@click.option("--wave", "wave_id", type=click.UUID, help="rehearse in this installation, in the shape of this wave")
@click.option("--exam-url", help="empty PostgreSQL database for the exam store; needs --vault-url")
@click.option("--vault-url", help="empty PostgreSQL database for the vault")
@click.option("--redis-url", help="Redis for Celery")
@click.option("--restart-database", help="command that restarts the database server")
@click.option("--folder", default=Path("gladi"), show_default=True, type=click.Path(file_okay=False, path_type=Path),
              help="where the rehearsal works and leaves its certificate")  # fmt: skip
def rehearse(folder: Path, **wishes: Any) -> None:
    """Play a wave through the real servers, with simulated people and faults, and write a certificate.

    Without --wave it works in an installation of its own, which is removed in the end. Ends with 0 when nothing was
    lost and everything computed again is the same, else with 1.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    begun = clock.now()
    try:
        document = played(folder, wishes, told_on(sys.stderr.isatty()))
    except Stopped:
        click.echo("\nGladi dihentikan; yang dibuatnya sudah dibersihkan.", err=True)
        sys.exit(130)
    click.echo(write(document, folder, f"{begun:%Y%m%d-%H%M%S}"))
    sys.exit(0 if outcome.is_sound(document) else 1)


def _stop(*_: object) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # what is being cleaned up is finished
    raise Stopped


def told_on(is_terminal: bool) -> Tell:
    """Give what shows how far it is: one line that is written over, or line by line into a log."""

    def tell(line: str) -> None:
        click.echo(f"\r\x1b[K{line}" if is_terminal else line, err=True, nl=not is_terminal)

    return tell


def played(folder: Path, wishes: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Stage, play, close and judge; gives the document of the certificate."""
    began = clock.now()
    with ExitStack() as held:
        if wishes["wave_id"] is not None:
            chosen = open_stores(EXAM, ANSWERS, VAULT)
            house, staged = _joined(held, chosen, wishes)
        else:
            house, staged = _own(held, folder, wishes, tell)
        with transaction(reads_only=True) as db, transaction(VAULT, reads_only=True) as vault:
            everybody = cast(staged, papers_of(db, vault, staged), wishes["seed"])
        told = _told(house, wishes)
        performance, spent = _performed(house, staged, everybody, told, tell)
        tell("menilai apa yang tersimpan")
        return outcome.outcome(told, staged, everybody, performance, spent, began)


def _own(held: ExitStack, folder: Path, wishes: dict[str, Any], tell: Tell) -> tuple[House, Staged]:
    urls = {f"{name.upper()}_URL": url for name in (EXAM, VAULT, "redis") if (url := wishes[f"{name}_url"])}
    if (wishes["exam_url"] is None) != (wishes["vault_url"] is None):
        raise click.UsageError("Give both or neither: --exam-url and --vault-url.")
    command = wishes["restart_database"]
    if command and wishes["exam_url"] is None:
        raise click.UsageError("--restart-database restarts the server of --exam-url: give that too.")
    database = Restarted(command, wishes["exam_url"]) if command else None
    if database is not None:
        tell("mencoba perintah yang menjalankan ulang basis data")
        _try(database)
    chosen = held.enter_context(stage.own_installation(held.enter_context(stage.own_folder(folder)), urls))
    tell("menyiapkan instalasi gladi")
    sheet = wishes["sheet"] and wishes["sheet"].read_bytes()
    size = wishes["people"] or (100 if sheet is None else 20_000)
    wanted = stage.Wanted(size, wishes["battery"], wishes["rooms"], wishes["seats"], wishes["seed"], sheet)
    staged = stage.prepare(wanted, clock.now())
    house = stage.own_house(chosen, database)
    held.callback(house.stop)
    house.start()
    return house, staged


def _try(database: Restarted) -> None:
    """Restart a database before anybody sits: a command that cannot would end the rehearsal in the middle."""
    try:
        database.kill()
        database.serve()
    except (OSError, ValueError, subprocess.CalledProcessError, OperationalError) as error:
        raise click.UsageError(
            f"--restart-database does not restart the database: {error}. Give a program with its words, no shell."
        ) from error


def _joined(held: ExitStack, chosen: Settings, wishes: dict[str, Any]) -> tuple[House, Staged]:
    for code in stage.close_leftovers(clock.now()):
        click.echo(f"Sisa gladi {code} yang terhenti sudah ditutup.", err=True)
    staged = stage.join(wishes["wave_id"], wishes["people"], clock.now())
    held.callback(stage.close, staged.agency_id)
    return House(chosen.data_dir, chosen.stores, chosen.exam_address), staged


def _within_reach(house: House) -> list[str]:
    found = [PEOPLE]
    if house.address.startswith("http://"):
        found.append(NETWORK)
    if house.family:
        found.append(OURS)
    if house.database is not None:
        found.append(DATABASE)
    return found


def _told(house: House, wishes: dict[str, Any]) -> Told:
    possible = faults.possible(_within_reach(house))
    not_tried = [FAULTS[name].label for name in FAULTS if name not in possible]
    store = "SQLite" if house.urls[EXAM].startswith("sqlite") else "PostgreSQL"
    if wishes["redis_url"]:
        store += " dan Redis"
    mode, battery = "instalasi sendiri", wishes["battery"]
    if not house.family:
        mode, battery = "instalasi yang sedang berjalan", "menurut gelombang"
        not_tried += ["Profil dan penempatan: yang dikerjakan dalam gladi tidak menjadi hasil", "Biaya server"]
    return Told(wishes["seed"], wishes["speed"], battery, store, mode,
                planned(wishes["plan"], possible, wishes["seed"]), not_tried)  # fmt: skip


def planned(wish: str, possible: list[str], seed: int) -> list[str]:
    """Read which faults are wanted: a number, or names with a number each; refuses what is not possible here."""
    chance = np.random.default_rng([seed, 7])
    if wish.isdecimal():
        return faults.dealt(possible, int(wish), chance)
    names = list[str]()
    for part in wish.split(","):
        name, _, count = part.partition("=")
        if name.strip() not in possible or not count.strip().isdecimal():
            raise click.UsageError(f"--faults: {part.strip()!r}. Possible here: {', '.join(possible)}")
        names += [name.strip()] * int(count)
    return [names[n] for n in chance.permutation(len(names)).tolist()]


def _performed(house: House, staged: Staged, everybody: Cast, told: Told, tell: Tell) -> tuple[Performance, Spent]:
    desk = Desk(staged, Random(told.seed + 3), hurries=bool(house.family))
    order = Order(everybody.slots(told.speed), told.plan, compressed(told.speed), told.seed, 120 + DAY_S / told.speed)
    seconds, cpu_s, before = dict[str, float](), dict[str, float](), outcome.stored_bytes(house.urls)
    with timed("sitting", house, seconds, cpu_s), asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        performance = loop.run(_play(house, order, desk, tell))
    with timed("scoring", house, seconds, cpu_s):
        tell("menutup sesi, menilai dan menempatkan")
        desk.close()
        desk.settle(SETTLE_S)
    return performance, Spent(seconds, cpu_s, before, outcome.stored_bytes(house.urls))


async def _play(house: House, order: Order, desk: Desk, tell: Tell) -> Performance:
    performance = Performance(house, order, desk.release, tell)
    await performance.play()
    return performance


@contextmanager
def timed(phase: str, house: House, seconds: dict[str, float], cpu_s: dict[str, float]) -> Iterator[None]:
    """Note how long a phase takes, and what servers and database use in it."""
    begun, used = clock.ticks(), house.cpu_s()
    yield
    seconds[phase], cpu_s[phase] = clock.ticks() - begun, house.cpu_s() - used
