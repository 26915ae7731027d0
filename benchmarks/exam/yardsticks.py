"""What the database alone costs: the same rows written without a server in front of it."""

from __future__ import annotations

import re
import resource
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import make_url

from assessment_app.commands.rehearse.processes import cpu_of_family
from assessment_app.exam.answer_log.writers import POSTGRES_STATEMENT, SQLITE_INSERTS
from benchmarks.exam.stage import Told
from benchmarks.installations import DurablePostgres, Store
from tests.services.postgres import find_programs, system_user

CLIENTS = 16
SITTINGS = 10**9
"""Sittings of the yardsticks have numbers that no real one reaches."""

PLAIN = """\\set sitting random({sittings}, {most})
INSERT INTO answer_event (sitting_id, epoch, seq, attempt_id, item, response, at_ms, spent_ms, received_ms, standing)
VALUES (:sitting, 1, 1, :sitting, 'mk-012', '"p"', 5000, 900, 1764000000000, 0) ON CONFLICT DO NOTHING;
"""
"""One event row a transaction (exam-server, Y3)."""

ROW = (
    "jsonb_build_array(jsonb_build_object('sitting_id', :sitting::bigint, 'epoch', 1, 'seq', 1, "
    "'attempt_id', {attempt}, 'item', 'mk-012', 'response', '\"p\"', 'at_ms', 5000, 'spent_ms', 900, "
    "'received_ms', 1764000000000, 'refused', false, 'made_ms', 0))"
)
"""pgbench reads a colon as its own, so the document is built where it is taken apart."""


def same_statement(attempt: int) -> str:
    """Write the statement of a save with one change as pgbench takes it."""
    values = iter((f"ARRAY[{attempt}]::bigint[]", ROW.format(attempt=attempt)))
    statement = re.sub("%s", lambda _: next(values), POSTGRES_STATEMENT).strip().replace("\n", " ")
    return f"\\set sitting random({SITTINGS}, {2 * SITTINGS})\n{statement};\n"


def pgbench(cluster: DurablePostgres, url: str, script: str, seconds: int) -> Told:
    """Let pgbench send a script over sixteen connections; gives CPU a transaction, with its client and without."""
    file = cluster.run.folder / "script.sql"
    file.write_text(script)
    file.chmod(0o644)
    command = [
        str(find_programs() / "pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1", "-T", str(seconds),
        "-h", str(cluster.folder), "-U", "postgres", "-f", str(file), str(make_url(url).database),
    ]  # fmt: skip
    before, own = cpu_of_family(cluster.pid), _children_cpu()
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", user=system_user())
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found = re.search(r"actually processed: (\d+)", done.stdout)
    assert found
    count, used = int(found[1]), cpu_of_family(cluster.pid) - before
    client = _children_cpu() - own
    return {
        "per_second": round(count / seconds), "database_us": round(1e6 * used / count, 1),
        "cpu_us": round(1e6 * (used + client) / count, 1),
    }  # fmt: skip


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def straight_to_postgres(store: Store, seconds: int) -> dict[str, Told]:
    """Send one plain row a transaction, and the statement of the server with one save."""
    assert store.cluster
    url = store.urls["ANSWERS"]
    attempt = store.cluster.one(url, "SELECT attempt_id FROM attempt_gate LIMIT 1")
    plain = PLAIN.format(sittings=SITTINGS, most=2 * SITTINGS)
    made = {"plain insert": plain, "same statement": same_statement(attempt)}
    return {name: pgbench(store.cluster, url, script, seconds) for name, script in made.items()}


def straight_to_sqlite(store: Store, seconds: int) -> dict[str, Told]:
    """Commit the server's statement with one save after another in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.exam.yardsticks", str(store.folder / "answers.db"), str(seconds)]
    before = _children_cpu()
    done = subprocess.run(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True, check=True)
    count, idle_cpu = map(float, done.stdout.split())
    used = _children_cpu() - before - idle_cpu
    return {"same statement": {"per_second": round(count / seconds), "cpu_us": round(1e6 * used / count, 1)}}


def main() -> None:
    """Insert for some seconds; prints how many, and the CPU that starting took."""
    db = sqlite3.connect(sys.argv[1], isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
        db.execute(f"PRAGMA {pragma}")
    attempt, epoch = db.execute("SELECT attempt_id, epoch FROM attempt_gate LIMIT 1").fetchone()
    (first,) = db.execute("SELECT COALESCE(MAX(sitting_id), 0) + ? FROM answer_event", (SITTINGS,)).fetchone()
    started, count, until = time.process_time(), 0, time.perf_counter() + float(sys.argv[2])
    while time.perf_counter() < until:
        count += 1
        db.execute("BEGIN IMMEDIATE")
        row = first + count, epoch, 1, attempt, "mk-012", '"p"', 5000, 900, 1_764_000_000_000, 0
        db.execute(SQLITE_INSERTS[1], row)
        db.execute("COMMIT")
    print(count, started)


if __name__ == "__main__":
    main()
