"""What is measured, one function a question; each gives numbers that ``goals`` puts beside their limits."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.exam.stage import Generator, Server, Told, server
from benchmarks.installations import Store, open_store

EVERY_S = 20.0
"""A participant changes an answer this often; the save carries the heartbeat."""

LIMIT_MS = 250.0
CONNECTIONS = 64
PAIRS = 3
SAVES_BESIDE = 500.0
"""Saves a second while something else goes on."""

TRIES = 4
"""How often those whom a storm kept out try to come in after it."""

PARTS = 7
"""Parts of the default battery."""

KILLED_AT = 2000.0
"""Saves a second when the processes are killed."""

BESIDE_PAGES = (500.0, 2000.0)
"""Saves a second while Flask has all that it can do."""

COMPANY = 40
"""People who save, and as many others who load pages meanwhile."""

BULK_ROWS = 60_000
"""Rows of one transaction of a bulk writer, as a scoring worker might write (exam-server, section 5)."""


@dataclass(frozen=True)
class Size:
    """How large a run is."""

    people: int = 2000
    signing_in_s: float = 60.0
    starting_s: float = 10.0
    seconds: float = 5.0
    trials: int = 20
    stalls: tuple[int, ...] = (200, 1000)
    rates: tuple[int, ...] = (
        500, 950, 1500, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000, 12_000, 13_000, 14_000, 16_000,
    )  # fmt: skip
    slow_rates: tuple[int, ...] = (10, 20, 40, 60, 250, 500, 1000, 1500, 2000, 3000)
    finishing: int = 100


QUICK = Size(40, 2.0, 1.0, 1.0, 2, (20,), (100, 200), (10, 40), 4)
"""Enough to see that everything still works."""


def sittings(at: Server, player: Generator, size: Size) -> dict[str, Told]:
    """Play whole sittings: the sign-in storm, the start storm, answers, reloads, the end and the receipt."""
    books, made = at.books(), {}
    player.do("face", port=at.port)
    storms = {
        "sign-in storm": (["page", "sign-in", "consent"], size.signing_in_s),
        "start storm": (["start 1", "content"], size.starting_s),
    }
    for name, (script, seconds) in storms.items():
        made[name] = player.measured(books, "once", script=script, seconds=seconds)
    for _ in range(TRIES):
        if player.do("prepare")["at_work"] == size.people:
            break
        player.do("catch_up", seconds=size.signing_in_s)
    else:
        raise RuntimeError("not everybody could start; see the server's log")
    rate = size.people / EVERY_S
    made["answers"] = player.measured(books, "steady", rate=rate, seconds=2 * size.seconds)
    made["reloads"] = player.measured(books, "once", script=["sitting", "start"], seconds=size.starting_s)
    return made


def endings(at: Server, player: Generator, size: Size) -> Told:
    """Let some go through what is left of the battery and take their receipts; last, for they write no more."""
    script = ["finish"]
    for n in range(2, PARTS + 1):
        script += [f"start {n}", "content", "finish"]
    player.do("face", port=at.port)
    return player.measured(
        at.books(), "once", script=[*script, "receipt"], seconds=size.starting_s, people=size.finishing
    )


def full_load(at: Server, player: Generator, size: Size, *script: str) -> Told:
    """Ask as fast as a server answers over some connections."""
    player.do("face", port=at.port)
    player.do("closed", script=list(script), connections=CONNECTIONS, seconds=min(1.0, size.seconds))  # warm
    return player.measured(at.books(), "closed", script=list(script), connections=CONNECTIONS, seconds=size.seconds)


def save_beside_hello(at: Server, hello: Server, player: Generator, size: Size) -> dict[str, Told]:
    """Ask for saves and for the bare route in turn; gives the pair whose ratio is the middle one.

    A machine that others share changes its speed by half within minutes: what is divided must be measured together.
    """
    pairs = [
        {"save": full_load(at, player, size, "save"), "hello": full_load(hello, player, size, "hello")}
        for _ in range(PAIRS)
    ]
    pairs.sort(key=lambda pair: pair["save"]["cpu_us"]["served"] / pair["hello"]["cpu_us"]["served"])
    return pairs[PAIRS // 2]


def ramp(at: Server, player: Generator, rates: Sequence[int], seconds: float) -> Told:
    """Raise the rate until the 99th percentile passes the limit or an answer is no good; gives the last that held."""
    player.do("face", port=at.port)
    steps: list[Told] = []
    for rate in rates:
        told = player.measured(at.books(), "steady", rate=rate, seconds=seconds)
        holds = told["p99_ms"] < LIMIT_MS and not told["bad"] and not told["rejected"] and told["requests"] > 0
        steps.append({"rate": rate, "holds": holds, **told})
        if not holds:
            break
    best = next((step for step in reversed(steps) if step["holds"]), None)
    rate = 0 if best is None else best["rate"]
    return {
        "rate": rate, "participants": round(rate * EVERY_S), "p99_ms": best and best["p99_ms"],
        "all_held": steps[-1]["holds"], "steps": steps,
    }  # fmt: skip


def beside_bulk(at: Server, player: Generator, size: Size) -> dict[str, Told]:
    """Save with and without somebody writing tens of thousands of rows a transaction into the exam store."""
    player.do("face", port=at.port)
    alone = player.measured(at.books(), "steady", rate=SAVES_BESIDE, seconds=size.seconds)
    with bulk_writer(at.store) as written:
        beside = player.measured(at.books(), "steady", rate=SAVES_BESIDE, seconds=size.seconds)
    return {"alone": alone, "beside": beside | {"rows_written": written[0]}}


def beside_pages(at: Server, savers: Generator, readers: Generator, size: Size) -> dict[str, Told]:
    """Save while others reload as fast as Flask answers: a lab at work while the next one signs in."""
    for one in (savers, readers):
        one.do("face", port=at.port)
        one.do("once", script=["page", "sign-in", "consent", "start 1", "content"], seconds=4.0)
        one.do("prepare")
    made = {}
    for rate in BESIDE_PAGES:
        readers.begin("closed", script=["sitting"], connections=COMPANY, seconds=size.seconds + 1)
        made[f"{rate:.0f} saves/s"] = savers.measured(at.books(), "steady", rate=rate, seconds=size.seconds)
        pages = readers.told()
        made[f"{rate:.0f} saves/s"]["pages_per_second"] = round(pages["requests"] / (size.seconds + 1))
    return made


@contextmanager
def bulk_writer(store: Store) -> Iterator[list[int]]:
    """Write rows in large transactions to a table of the exam store, from a thread that waits for the store mostly."""
    over, written = threading.Event(), [0]
    row = [("x" * 200, number) for number in range(BULK_ROWS)]

    def write() -> None:
        with open_store(store) as db:
            db.execute("CREATE TABLE IF NOT EXISTS benchmark_bulk (body TEXT, number INTEGER)")
            sign = "%s" if store.cluster else "?"
            while not over.is_set():
                db.execute("BEGIN")
                db.cursor().executemany(f"INSERT INTO benchmark_bulk VALUES ({sign}, {sign})", row)
                db.execute("COMMIT")
                written[0] += BULK_ROWS

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield written
    finally:
        over.set()
        thread.join()


def slow_disk(store: Store, player: Generator, size: Size) -> dict[str, Told]:
    """Find the highest rate on a hard disk, with all waiting saves in one commit and with each in its own."""
    made = {}
    for name in ("ungrouped", "grouped"):
        with server(store, name) as at:
            made[name] = ramp(at, player, size.slow_rates, size.seconds)
    return made


def stalled(at: Server, player: Generator, size: Size, others: Generator) -> dict[str, Told]:
    """Save while uploads stall in mid-body, half of them saves and half sign-ins."""
    player.do("face", port=at.port)
    others.do("face", port=at.port)
    made = {"none": player.measured(at.books(), "steady", rate=SAVES_BESIDE, seconds=size.seconds)}
    for count in size.stalls:
        others.do("stall", count=count, paths=["/api/exam/v1/answers", "/api/exam/v1/sign-in"])
        made[str(count)] = player.measured(at.books(), "steady", rate=SAVES_BESIDE, seconds=size.seconds, patience=3.0)
        others.do("stall", count=0, paths=[])
    return made


def killed(store: Store, player: Generator, size: Size) -> Told:
    """Kill server and database in mid-load, again and again; counts acknowledged changes that are not in the log."""
    chance, acknowledged, lost = random.Random(7), 0, 0
    for _ in range(size.trials):
        with server(store) as at:
            player.do("face", port=at.port)
            player.do("acknowledged")
            player.begin("steady", rate=KILLED_AT, seconds=size.seconds, patience=1.0)
            time.sleep(size.seconds * chance.uniform(0.3, 0.8))
            at.kill()
            if store.cluster:
                store.cluster.kill()
                store.cluster.serve()
            player.told()
        acked = {(int(sitting), seq) for sitting, seqs in player.do("acknowledged")["acked"].items() for seq in seqs}
        acknowledged += len(acked)
        lost += len(acked - standing(store))
    return {"trials": size.trials, "acknowledged": acknowledged, "lost": lost, "sound": is_sound(store)}


def standing(store: Store) -> set[tuple[int, int]]:
    """Read which changes stand in the log."""
    with open_store(store, "answers.db") as db:
        return {(sitting, seq) for sitting, seq in db.execute("SELECT sitting_id, seq FROM answer_event").fetchall()}


def is_sound(store: Store) -> bool:
    """Check the file of the answers; PostgreSQL checked its own when it recovered."""
    if store.cluster:
        return True
    with open_store(store, "answers.db") as db:
        return bool(db.execute("PRAGMA integrity_check").fetchone() == ("ok",))
