"""Sealing on both stores: once a session is over, whole or not at all, twice without harm, late sheets on top."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from assessment_app.exam.models import Attempt, Sheet
from assessment_app.platform.db import ANSWERS, EXAM, VAULT, engine_of, transaction
from assessment_app.sealing import actions, queries, rules, verifier
from assessment_app.sealing.models import SealedSheet, SealKey, SessionSeal
from assessment_app.sealing.verifier import check, leaf_hash, tree_root, unpack
from tests.assessment_app.exam.browser import browser_of
from tests.factories import NOW
from tests.workers.sat import lab
from workers import sweeps

OVER = timedelta(hours=3, seconds=1)

BLOCKED = """
import sys, time
from datetime import datetime
from sqlalchemy import Engine, event
from assessment_app.platform import db, settings
from workers import sweeps

@event.listens_for(Engine, "after_cursor_execute")
def stop(connection, cursor, statement, *more):
    if statement.startswith("INSERT INTO sealed_sheet"):
        print("half", flush=True)
        time.sleep(60)

chosen = settings.load()
settings.use(chosen)
db.connect(chosen.stores, (db.EXAM, db.ANSWERS, db.VAULT))
sweeps.seal_sessions(datetime.fromisoformat(sys.argv[1]))
"""


@pytest.fixture
def sat(installation, moved_clock):
    """A session in which two of three sat everything; gives the stage and the server to come back to."""
    with lab(installation) as (app, stage):
        for nip in stage.nips[:2]:
            browser_of(app, nip, stage.pin, device=f"computer-{nip}").walk()
        yield app, stage, installation


def sealed(stage) -> list[SessionSeal]:
    with transaction(reads_only=True) as db:
        return list(queries.seals(db, stage.session_id))


def places() -> list[int]:
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(SealedSheet.place).order_by(SealedSheet.place)))


def findings(stage) -> list[str]:
    """Export the session and check it as an auditor would, with the key that the store names."""
    with transaction(reads_only=True) as db:
        archive = b"".join(rules.pack(queries.archive(db, [stage.session_id])))
        keys = {one.key_id: verifier.read_key(one.pem.encode()) for one in queries.keys(db)}
    return [words for one in check(unpack(io.BytesIO(archive)), keys) for words in one.wrong]


def test_a_session_is_sealed_when_it_is_over_and_not_before(sat):
    _app, stage, _installation = sat
    sweeps.seal_sessions(NOW + timedelta(hours=3))
    assert sealed(stage) == []
    sweeps.seal_sessions(NOW + OVER)
    (seal,) = sealed(stage)
    with transaction(reads_only=True) as db:
        sheets = db.scalar(select(func.count()).select_from(Sheet))
        tree = [leaf_hash(part.leaf()) for part in queries.sealed_parts(db, stage.session_id)]
    assert (seal.n, seal.size, seal.replaces) == (1, sheets, None) == (1, 8, None)
    assert seal.root == tree_root(tree).hex()
    assert b'"booked":3' in seal.record
    assert b'"present":2' in seal.record
    assert findings(stage) == []


def test_sealing_twice_or_by_two_workers_at_once_makes_one_seal(sat):
    _app, stage, installation = sat
    signer = actions.read_key(installation.seal_key)

    def seal(_worker: int) -> bool:
        with transaction() as db:
            return actions.seal_session(db, stage.session_id, signer, NOW + OVER)

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(seal, range(4))) == [False, False, False, True]
    for run in (sweeps.seal_sessions, sweeps.seal_late_sheets):
        run(NOW + OVER)
    assert len(sealed(stage)) == 1
    assert places() == list(range(8))


def test_nothing_is_sealed_while_somebody_is_still_at_a_part(sat, moved_clock):
    app, stage, _installation = sat
    late = browser_of(app, stage.nips[2], stage.pin, device="computer-3")
    moved_clock.forward(hours=2, minutes=59)
    late.sign_in()
    late.agree()
    assert late.start().status_code == 200
    moved_clock.forward(minutes=2)
    sweeps.seal_sessions(moved_clock.now())
    assert sealed(stage) == []
    moved_clock.forward(hours=3)
    sweeps.close_overdue(moved_clock.now())
    sweeps.seal_sessions(moved_clock.now())
    assert [seal.size for seal in sealed(stage)] == [9]


def test_a_sheet_that_comes_late_makes_a_seal_that_extends_the_one_before(sat, moved_clock):
    app, stage, _installation = sat
    sweeps.seal_sessions(NOW + OVER)
    (first,) = sealed(stage)
    browser_of(app, stage.nips[2], stage.pin, device="computer-3").walk()  # as after a clock that was set back
    sweeps.seal_sessions(NOW + OVER)
    assert len(sealed(stage)) == 1
    sweeps.seal_late_sheets(NOW + OVER)
    before, after = sealed(stage)
    with transaction(reads_only=True) as db:
        tree = [leaf_hash(part.leaf()) for part in queries.sealed_parts(db, stage.session_id)]
    assert (before.record, before.signature) == (first.record, first.signature)
    assert (after.n, after.size) == (2, 12)
    proof = rules.consistency_proof(tree, before.size)
    assert rules.extends((8, bytes.fromhex(before.root)), (12, bytes.fromhex(after.root)), proof)
    assert findings(stage) == []


def test_a_worker_that_is_killed_half_way_leaves_nothing_and_the_next_one_seals_all(sat):
    _app, stage, installation = sat
    own = {
        "PRO_ASN_DATA_DIR": str(installation.data_dir), "PRO_ASN_EXAM_URL": installation.stores[EXAM],
        "PRO_ASN_ANSWERS_URL": installation.stores[ANSWERS], "PRO_ASN_VAULT_URL": installation.stores[VAULT],
        "PRO_ASN_SEAL_KEY": str(installation.seal_key), "PYTHONPATH": ".",
    }  # fmt: skip
    command = [sys.executable, "-c", BLOCKED, (NOW + OVER).isoformat()]
    with subprocess.Popen(command, env=os.environ | own, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "half\n"
        worker.send_signal(signal.SIGKILL)
    assert (sealed(stage), places()) == ([], [])
    sweeps.seal_sessions(NOW + OVER)
    assert len(sealed(stage)) == 1
    assert places() == list(range(8))
    assert findings(stage) == []


def test_a_session_to_which_nobody_came_is_sealed_as_empty(installation, moved_clock):
    with lab(installation) as (_app, stage):
        sweeps.seal_sessions(NOW + OVER)
    (seal,) = sealed(stage)
    assert (seal.size, seal.root) == (0, tree_root([]).hex())
    assert findings(stage) == []


def test_a_seal_cannot_be_changed_or_taken_away(sat):
    _app, stage, _installation = sat
    sweeps.seal_sessions(NOW + OVER)
    for statement in ("UPDATE session_seal SET size = 7", "DELETE FROM session_seal", "DELETE FROM sealed_sheet"):
        with pytest.raises(DBAPIError, match="added, never changed"), engine_of(EXAM).begin() as connection:
            connection.exec_driver_sql(statement)
    assert len(sealed(stage)) == 1


def unprotected(connection, table: str) -> None:
    """Take away what keeps a table as it is, as somebody who owns the database can."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    else:
        connection.exec_driver_sql(f"DROP TRIGGER {table}_refuses_update")


def test_one_flipped_bit_in_a_stored_sheet_is_named(sat):
    _app, stage, _installation = sat
    sweeps.seal_sessions(NOW + OVER)
    with engine_of(EXAM).begin() as connection:
        unprotected(connection, "sheet")
        wanted = select(Sheet.attempt_id, Sheet.body, Attempt.sitting_id).join(Attempt).order_by(Sheet.attempt_id)
        attempt_id, body, sitting_id = connection.execute(wanted.offset(2).limit(1)).one()
        flipped = body[:-9] + bytes([body[-9] ^ 1]) + body[-8:]
        connection.execute(update(Sheet).where(Sheet.attempt_id == attempt_id).values(body=flipped))
    assert findings(stage) == [f"lembar {attempt_id} (peserta {sitting_id}, bagian 3): isinya berubah"]


def test_nothing_is_signed_on_top_of_a_tree_that_was_changed(sat, moved_clock):
    app, stage, _installation = sat
    sweeps.seal_sessions(NOW + OVER)
    with engine_of(EXAM).begin() as connection:
        unprotected(connection, "sheet")
        first = connection.execute(select(func.min(Sheet.attempt_id))).scalar_one()
        connection.execute(update(Sheet).where(Sheet.attempt_id == first).values(sha256="ab" * 32))
    browser_of(app, stage.nips[2], stage.pin, device="computer-3").walk()
    with capture_logs() as said:
        sweeps.seal_late_sheets(NOW + OVER)
    assert [one["what"] for one in said if one["event"] == "sweep_failed"] == [f"session {stage.session_id}"]
    assert len(sealed(stage)) == 1


def test_a_new_key_signs_the_next_seal_and_the_old_one_stays_known(sat, moved_clock):
    app, stage, installation = sat
    sweeps.seal_sessions(NOW + OVER)
    installation.seal_key.unlink()
    actions.make_key(installation.seal_key)
    browser_of(app, stage.nips[2], stage.pin, device="computer-3").walk()
    sweeps.seal_late_sheets(NOW + OVER)
    before, after = sealed(stage)
    assert before.key_id != after.key_id
    with transaction(reads_only=True) as db:
        assert set(db.scalars(select(SealKey.key_id))) == {before.key_id, after.key_id}
    assert findings(stage) == []
