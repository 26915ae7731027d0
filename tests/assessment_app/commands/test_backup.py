"""Backup and restore: nothing that was acknowledged is missing, and nothing that is not whole looks whole."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from dataclasses import replace
from datetime import datetime

import msgspec
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text

from assessment_app.commands import group
from assessment_app.commands.backups import manifest
from assessment_app.exam.answer_log.writers import writer_for
from assessment_app.exam.models import Gate
from assessment_app.platform import clock, db
from assessment_app.platform.db import ANSWERS, EXAM, StoreError, transaction
from assessment_app.platform.queue import Duty
from assessment_app.sealing import actions as sealing
from tests.assessment_app.commands.installed import PROASN, environment, told
from tests.assessment_app.exam.saves import let_go, open_gate, row, save
from tests.assessment_app.scoring.house import NOW, House, publish, steady, stores
from tests.stores import opened, postgres_urls

pytestmark = pytest.mark.timeout(300)


def run(*words: str, within: dict[str, str], limit_kb: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a command of ours, where no file may grow beyond a limit if there is one: as on a full disk."""
    command = ["sh", "-c", f'ulimit -f {2 * limit_kb}; exec "$@"', "sh"] if limit_kb else []
    return subprocess.run(
        [*command, PROASN, *words], env=within, capture_output=True, text=True, timeout=120, cwd="/", check=False
    )


def here(*words: str, within: dict[str, str]) -> Result:
    """Run a command of ours in this process, which takes a tenth of the time."""
    db.disconnect()
    with pytest.MonkeyPatch.context() as patched:
        for name in [name for name in os.environ if name.startswith("PRO_ASN_")]:
            patched.delenv(name)
        for name, value in within.items():
            patched.setenv(name, value)
        return CliRunner().invoke(group, words)


def refused(*words: str, within: dict[str, str]) -> str:
    """Give the sentence that a command refuses with."""
    result = here(*words, within=within)
    assert isinstance(result.exception, StoreError), result
    assert "\n" not in str(result.exception)
    return str(result.exception)


def settings_of(chosen) -> dict[str, str]:
    return environment(
        data_dir=str(chosen.data_dir), exam_url=chosen.exam_url, answers_url=chosen.answers_url,
        vault_url=chosen.vault_url, seal_key=str(chosen.seal_key),
    )  # fmt: skip


@pytest.fixture
def elsewhere(request, tmp_path, installation):
    """Settings of an empty place of the same kind as the installation, and the URLs of its stores."""
    folder = tmp_path / "elsewhere"
    if installation.exam_url.startswith("sqlite"):
        yield environment(data_dir=str(folder)), {s: f"sqlite:///{folder}/{s}.db" for s in (EXAM, ANSWERS)}
        return
    cluster = request.getfixturevalue("postgres")
    with cluster.database() as exam, cluster.database() as vault:
        yield environment(data_dir=str(folder), exam_url=exam, vault_url=vault), {EXAM: exam, ANSWERS: exam}
        db.disconnect()


class Busy:
    """An installation at full speed: answers are saved, and sittings begin, each known here first and there second."""

    def __init__(self, chosen) -> None:
        self.acked: list[tuple[int, datetime]] = []
        self.begun = 0
        self._writer = writer_for(chosen.stores[ANSWERS])
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=work) for work in (self._save, self._sit)]

    def __enter__(self):
        open_gate()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()
        let_go(self._writer)

    def _save(self) -> None:
        seq = 0
        while not self._stop.is_set():
            seq += 1
            self._writer.flush([save(row(seq))])
            self.acked.append((seq, clock.now()))
            time.sleep(0.001)  # SQLite lets nobody else write while one comes again at once

    def _sit(self) -> None:
        while not self._stop.is_set():
            number = self.begun + 1000
            with transaction() as session:
                session.add(Duty(name=f"sitting {number}", due=clock.now()))
            open_gate(number)
            self.begun += 1


def saved_until(busy: Busy, count: int) -> None:
    until = time.monotonic() + 60
    while len(busy.acked) < count or not busy.begun:
        assert time.monotonic() < until
        time.sleep(0.01)


def test_all_that_was_acknowledged_before_the_point_is_restored(installation, elsewhere, tmp_path):
    target, safe = tmp_path / "backup", tmp_path / "safe"
    with Busy(installation) as busy:
        saved_until(busy, 100)
        done = run("backup", str(target), "--secrets", str(safe), within=settings_of(installation))
        assert done.returncode == 0, done.stderr
        saved_until(busy, len(busy.acked) + 50)
    within, urls = elsewhere
    done = run("restore", str(target), "--secrets", str(safe), within=within)
    assert done.returncode == 0, done.stderr
    assert "the chain holds" in done.stdout
    point = manifest.read(target).point
    promised = {seq for seq, at in busy.acked if at < point}
    assert 100 <= len(promised) < len(busy.acked)
    db.disconnect()
    db.connect(urls, [EXAM, ANSWERS])
    with transaction(ANSWERS, reads_only=True) as answers, transaction(reads_only=True) as exam:
        kept = set(answers.execute(text("SELECT seq FROM answer_event")).scalars())
        gates = {f"sitting {n}" for n in answers.scalars(select(Gate.attempt_id)) if n >= 1000}
        begun = set(exam.scalars(select(Duty.name)))
    assert promised <= kept
    assert gates
    assert gates <= begun, "an answer's sitting is not there: its number would be given to somebody else"


def test_a_killed_backup_leaves_nothing_that_looks_whole(installation, tmp_path):
    target, half = tmp_path / "backup", tmp_path / ".backup.unfinished"
    for pause in (0.0, 0.02, 0.08):
        child = subprocess.Popen([PROASN, "backup", str(target)], env=settings_of(installation),
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        while not (half.exists() or target.exists()) and child.poll() is None:
            time.sleep(0.001)
        time.sleep(pause)
        child.send_signal(signal.SIGKILL)
        child.wait()
        if target.exists():
            manifest.read(target)
            target.rename(tmp_path / f"whole-{pause}")
        if half.exists() and not (half / manifest.FILE).exists():
            with pytest.raises(StoreError, match="is no backup"):
                manifest.read(half)
    assert run("backup", str(target), within=settings_of(installation)).returncode == 0
    assert not half.exists()


def test_a_full_disk_is_told_in_one_line_and_leaves_nothing(installation, tmp_path):
    said = told(run("backup", str(tmp_path / "backup"), within=settings_of(installation), limit_kb=48))
    assert "Nothing of it was kept" in said
    assert not list(tmp_path.glob("*backup*"))


@pytest.fixture
def backed_up(on_sqlite, tmp_path):
    """One machine, its backup and its secrets."""
    words = ("backup", str(tmp_path / "backup"), "--secrets", str(tmp_path / "safe"))
    assert here(*words, within=settings_of(on_sqlite)).exit_code == 0
    return tmp_path / "backup"


def test_a_restore_does_not_touch_a_living_installation(on_sqlite, backed_up):
    before = {path: path.read_bytes() for path in on_sqlite.data_dir.glob("*.db")}
    assert "not empty" in refused("restore", str(backed_up), within=environment(data_dir=str(on_sqlite.data_dir)))
    assert {path: path.read_bytes() for path in before} == before


def test_a_restore_does_not_touch_databases_in_use(postgres, tmp_path):
    with postgres_urls(postgres) as urls, opened(tmp_path, urls) as chosen:
        assert here("backup", str(tmp_path / "backup"), within=settings_of(chosen)).exit_code == 0
        assert "not empty" in refused("restore", str(tmp_path / "backup"), within=settings_of(chosen))


def test_a_backup_never_overwrites(on_sqlite, backed_up):
    assert "exists already" in refused("backup", str(backed_up), within=settings_of(on_sqlite))


@pytest.mark.parametrize("fault", ["cut", "changed", "gone", "newer", "manifest"])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_is_made(backed_up, tmp_path, fault):
    exam, about = backed_up / "exam.db", backed_up / manifest.FILE
    content = exam.read_bytes()
    if fault == "gone":
        exam.unlink()
    elif fault == "newer":
        about.write_text(about.read_text().replace(db.newest_version(EXAM), "29991231_later"))
    elif fault == "manifest":
        about.write_bytes(about.read_bytes()[:-40])
    else:
        exam.write_bytes(content[:-4096] if fault == "cut" else content[:5000] + b"x" + content[5001:])
    refused("restore", str(backed_up), within=environment(data_dir=str(tmp_path / "new")))
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob("*restoring*"))


def test_a_path_in_a_manifest_leads_nowhere_else(backed_up, tmp_path):
    about = backed_up / manifest.FILE
    found = msgspec.json.decode(about.read_bytes())
    found["stores"]["exam"]["file"] = "../exam.db"
    about.write_bytes(msgspec.json.encode(found))
    refused("restore", str(backed_up), within=environment(data_dir=str(tmp_path / "new")))


def test_secrets_of_another_installation_are_refused(backed_up, tmp_path):
    (tmp_path / "safe" / "master.key").write_bytes(os.urandom(32))
    words = ("restore", str(backed_up), "--secrets", str(tmp_path / "safe"))
    assert "holds not the secret" in refused(*words, within=environment(data_dir=str(tmp_path / "new")))
    assert not (tmp_path / "new").exists()


def test_no_secret_is_in_a_backup_nor_may_lie_in_it(on_sqlite, backed_up):
    secret = (on_sqlite.secrets / "master.key").read_bytes()
    assert not [file for file in backed_up.iterdir() if secret in file.read_bytes() or b"PRIVATE" in file.read_bytes()]
    other = backed_up.with_name("other")
    words = ("backup", str(other), "--secrets", str(other / "secrets"))
    assert "not kept with the backup" in refused(*words, within=settings_of(on_sqlite))


def test_without_secrets_the_restore_says_where_they_belong(backed_up, tmp_path):
    done = here("restore", str(backed_up), within=environment(data_dir=str(tmp_path / "new")))
    assert done.exit_code == 0
    assert str(tmp_path / "new" / "secrets") in done.stderr


def test_a_seal_key_that_is_named_otherwise_comes_back_to_its_place(on_sqlite, tmp_path):
    key = on_sqlite.seal_key.rename(tmp_path / "seal.pem")
    words, place = (str(tmp_path / "backup"), "--secrets", str(tmp_path / "safe")), tmp_path / "new.pem"
    assert here("backup", *words, within=settings_of(replace(on_sqlite, seal_key=key))).exit_code == 0
    within = environment(data_dir=str(tmp_path / "new"), seal_key=str(place))
    assert here("restore", *words, within=within).exit_code == 0
    assert place.read_bytes() == key.read_bytes()


def test_results_are_computed_again_to_the_same_fingerprint(tmp_path, monkeypatch):
    first = tmp_path / "first"
    first.mkdir()
    with monkeypatch.context() as patched, stores(first):
        patched.setattr(clock, "now", lambda: NOW)
        house = House(publish())
        for n, wanted in enumerate((0.2, 0.5, 0.8), 1):
            house.measure(steady(wanted), name=f"Peserta {n}")
        sealing.make_key(first / "seal" / "private.pem")
    safe = ("--secrets", str(tmp_path / "safe"))
    at_first, there = environment(data_dir=str(first)), environment(data_dir=str(tmp_path / "second"))
    before = here("recompute", within=at_first)
    assert here("backup", str(tmp_path / "backup"), *safe, within=at_first).exit_code == 0
    assert here("restore", str(tmp_path / "backup"), *safe, within=there).exit_code == 0
    after = here("recompute", within=there)
    assert "sidik hasil" in before.stdout
    assert (after.exit_code, after.stdout) == (before.exit_code, before.stdout)
    assert (tmp_path / "second" / "secrets" / "master.key").stat().st_mode & 0o777 == 0o600
