"""What stands beside is carried into another installation, computed there to the same bytes, and told by commands."""

import json

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from assessment_app.archive import actions as archive
from assessment_app.commands import rescore as command
from assessment_app.commands.bank import correcting
from assessment_app.platform import clock
from assessment_app.platform import db as platform_db
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.queue import Job
from assessment_app.rescoring.models import RescoredProfile
from item_bank.corrections import KeyCorrection
from tests import stores
from tests.assessment_app.rescoring import planted
from tests.assessment_app.rescoring.planted import PEOPLE, chosen, correct, counted, delivered, recomputed
from workers import sweeps, tasks


@pytest.fixture
def run(now, monkeypatch):
    """Run ``proasn rescore`` for the wave over the test's own stores."""
    monkeypatch.setattr(command, "open_stores", lambda *_names: None)
    return lambda *words: CliRunner().invoke(command.rescore, ["--wave", str(planted.wave().wave_id), *words])


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_taken_in_elsewhere_every_version_has_the_same_fingerprint(now, two, service_run, tmp_path):
    key_seal = correct(now(24))
    delivered(now(0))
    chosen(key_seal, two, now(1))
    before, wave_id = recomputed(), planted.wave().wave_id
    with transaction(reads_only=True) as db, transaction(VAULT, reads_only=True) as vault:
        results, keys = list(archive.export_results(db, wave_id)), list(archive.export_keys(db, vault, wave_id))
    platform_db.disconnect()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with stores.opened(elsewhere, stores.copied(stores.sqlite_template(service_run), elsewhere)):
        with transaction() as db, transaction(VAULT) as vault:
            archive.take_in_results(db, lambda: results)
            archive.take_in_keys(vault, lambda: keys)
        after = recomputed()
        assert after.differences == before.differences == []
        assert (after.fingerprint, after.same) == (before.fingerprint, before.same)
        assert counted(RescoredProfile) == 2 * PEOPLE
    assert key_seal.encode() in b"".join(results)
    assert b'"credit"' not in b"".join(results)


def test_the_command_tells_who_would_change_and_asks_for_what_is_missing(run, now, tmp_path):
    assert "Tidak ada kunci yang diperbaiki" in str(run().exception)
    key_seal = correct(now(1))
    sweeps.deliver_corrections(now(0))
    assert f"0 dari {PEOPLE} dibandingkan" in run().output
    with transaction() as db:
        db.query(Job).where(Job.done.is_(None)).update({"done": now(0)})  # as if its work had been lost
    assert run("--again").exit_code == 0
    tasks.hand_out()
    told = run("--json", str(tmp_path / "out.json"))
    assert f"versi 1 {key_seal[:12]}: {PEOPLE} dari {PEOPLE} dibandingkan" in told.output
    assert "NIP 198503122010011001" in told.output
    original, corrected = json.loads((tmp_path / "out.json").read_bytes())["versions"]
    assert (original["counts"], corrected["counts"], corrected["compared"]) == (True, False, PEOPLE)
    assert corrected["people"][0]["change"]["levels"] == {"M.01": [5, 1]}


def test_a_correction_from_the_command_line_needs_a_second_person(now, monkeypatch, tmp_path):
    monkeypatch.setattr(correcting, "open_stores", lambda *_names: None)
    file = tmp_path / "kunci.json"
    file.write_bytes(msgspec.json.encode([planted.right_key()]))
    words = [planted.form().form_id, "--file", str(file), "--reason", planted.REASON]
    proposed = CliRunner().invoke(correcting.correct, words)
    assert proposed.exit_code == 0
    refused = CliRunner().invoke(correcting.approve_key, [proposed.output.strip()])
    assert "Orang kedua" in str(refused.exception)
    assert "Name an item" in str(CliRunner().invoke(correcting.correct, [words[0], "--reason", "x"]).exception)
    with transaction(VAULT, reads_only=True) as vault:
        assert vault.scalar(select(func.count()).select_from(KeyCorrection)) == 1
    assert clock.now() == now(0)
