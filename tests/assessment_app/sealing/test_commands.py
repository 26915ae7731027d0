"""``proasn verify`` and ``proasn seal`` as people use them: the store, an archive of it, and what they refuse."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from assessment_app.commands import group
from assessment_app.exam.models import Sheet
from assessment_app.platform import db as stores
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import EXAM, transaction
from assessment_app.platform.errors import Refusal
from assessment_app.platform.settings import PREFIX
from assessment_app.sealing import actions, verifier
from tests.assessment_app.exam.browser import MovedClock, browser_of, document
from tests.assessment_app.sealing.archives import Auditor
from tests.factories import NOW
from tests.workers.sat import lab
from workers import sweeps

OVER = NOW + timedelta(hours=3, seconds=1)


def run(*words: object, exit_code: int = 0) -> str:
    """Run a command; what it refuses is raised as it is."""
    done = CliRunner().invoke(group, [str(word) for word in words])
    if isinstance(done.exception, Refusal):
        raise done.exception
    assert done.exit_code == exit_code, (done.output, done.exception)
    return done.output


@pytest.fixture
def house(on_sqlite, monkeypatch):
    """A sealed session of one participant; gives the stage, the participant's receipt and a folder."""
    moved = MovedClock()
    monkeypatch.setattr("assessment_app.platform.clock.now", moved.now)
    with lab(on_sqlite) as (app, stage):
        browser = browser_of(app, stage.nips[0], stage.pin)
        browser.walk()
        receipt = document(browser.call("GET", "/receipt"))["receipt_code"]
    sweeps.seal_sessions(OVER)
    for name, url in on_sqlite.stores.items():
        monkeypatch.setenv(f"{PREFIX}{name.upper()}_URL", url)
    monkeypatch.setenv(f"{PREFIX}DATA_DIR", str(on_sqlite.data_dir))
    stores.check_version(EXAM)
    return stage, receipt, on_sqlite.data_dir


def flip_a_bit() -> int:
    """Change one stored sheet behind everybody's back; gives its attempt."""
    with stores.engine_of(EXAM).begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER sheet_refuses_update")
        attempt_id, body = connection.execute(select(Sheet.attempt_id, Sheet.body).limit(1)).one()
        flipped = body[:30] + bytes([body[30] ^ 4]) + body[31:]
        connection.execute(update(Sheet).where(Sheet.attempt_id == attempt_id).values(body=flipped))
        return int(attempt_id)


def test_a_session_a_wave_and_a_receipt_hold_in_the_store(house):
    stage, receipt, _folder = house
    assert "SAH; 4 lembar diperiksa." in run("verify", "--session", stage.session_id)
    assert "SAH; 4 lembar diperiksa." in run("verify", "--wave", stage.wave_id)
    assert f"Tanda terima {receipt}: peserta 1, 4 lembar" in run("verify", "--receipt", receipt.lower())


def test_an_export_is_the_same_bytes_twice_and_an_auditor_checks_it_elsewhere(house, tmp_path):
    stage, receipt, folder = house
    first, second, key = folder / "a.zip", folder / "b.zip", folder / "kunci.pem"
    run("seal", "export", "--session", stage.session_id, first)
    run("seal", "export", "--wave", stage.wave_id, second)
    run("seal", "key", "--out", key)
    assert first.read_bytes() == second.read_bytes()
    assert "SAH; 4 lembar diperiksa." in run("verify", first, "--key", key)
    (tmp_path / "auditor").mkdir()
    code, said = Auditor(tmp_path / "auditor", key.read_text()).verify(first.read_bytes(), "--receipt", receipt)
    assert (code, "SAH; 4 lembar diperiksa." in said) == (0, True), said


def test_who_took_an_archive_away_is_on_record(house):
    stage, _receipt, folder = house
    run("seal", "export", "--session", stage.session_id, folder / "a.zip")
    with transaction(reads_only=True) as db:
        wanted = select(AuditEntry).where(AuditEntry.action == "seal.export")
        (entry,) = db.scalars(wanted)
    assert (entry.agency_id, entry.subject) == (stage.agency_id, f"session:{stage.session_id}")
    assert entry.actor.startswith("cli:")


def test_one_flipped_bit_in_a_stored_sheet_is_named_in_store_and_archive(house):
    stage, receipt, folder = house
    attempt_id = flip_a_bit()
    wrong = f"lembar {attempt_id} (peserta 1, bagian 1): isinya berubah"
    assert wrong in run("verify", "--wave", stage.wave_id, exit_code=1)
    assert wrong in run("verify", "--receipt", receipt, exit_code=1)
    run("seal", "export", "--wave", stage.wave_id, folder / "a.zip")
    run("seal", "key", "--out", folder / "kunci.pem")
    assert wrong in run("verify", folder / "a.zip", "--key", folder / "kunci.pem", exit_code=1)


def test_the_key_of_another_installation_does_not_hold(house):
    stage, _receipt, folder = house
    other = folder / "other" / "private.pem"
    actions.make_key(other)
    (folder / "other.pem").write_text(actions.read_key(other).pem)
    said = run("verify", "--session", stage.session_id, "--key", folder / "other.pem", exit_code=1)
    assert "dibuat dengan kunci lain" in said


@pytest.mark.parametrize("words", [
    (), ("--session", uuid4(), "--wave", uuid4()), (verifier.__file__,), ("--receipt",),
])  # fmt: skip
def test_what_is_not_one_question_is_refused(house, words):
    run("verify", *words, exit_code=2)


def test_what_is_not_there_is_refused_with_its_name(house):
    _stage, _receipt, folder = house
    nobody = uuid4()
    for words, told in (
        (("verify", "--session", nobody), str(nobody)),
        (("verify", "--wave", nobody), str(nobody)),
        (("verify", "--receipt", "AAAA-AAAA-AAAA-AAAA"), "AAAA-AAAA-AAAA-AAAA"),
        (("seal", "export", "--wave", nobody, folder / "x.zip"), str(nobody)),
        (("verify", verifier.__file__, "--key", verifier.__file__), "bukan kunci publik"),
    ):
        with pytest.raises(Refusal, match=told):
            run(*words)
    assert not (folder / "x.zip").exists()


def test_a_session_that_is_not_over_is_told_to_be_unsealed(house):
    from tests import factories

    stage = factories.stage(code="tetangga")
    with pytest.raises(Refusal, match="Belum ada sesi yang disegel"):
        run("verify", "--session", stage.session_id)


def test_the_private_key_is_read_by_its_owner_alone_and_made_once(house):
    _stage, _receipt, folder = house
    path = folder / "seal" / "private.pem"
    before = path.read_bytes()
    actions.make_key(path)
    assert path.read_bytes() == before
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
