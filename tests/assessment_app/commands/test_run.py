"""``proasn run --demo``: started, stopped, killed at bad moments, started again; nothing is lost and nobody stays."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.assessment_app.commands.installed import PROASN, environment, proasn, told
from tests.journeys.platform import demonstration, free_ports, wait_until

SERVERS = ("servers.exam", "servers.office", "servers.vault", "workers.embedded")


pytestmark = pytest.mark.timeout(300)


class Installation:
    """A folder and ports of its own, and whatever runs there."""

    def __init__(self, folder: Path):
        exam, office, vault = free_ports(3)
        self.folder, self.log = folder, folder.with_suffix(".log")
        self.settings = {
            "data_dir": str(folder), "metrics_port": "0", "exam_port": str(exam), "office_port": str(office),
            "vault_port": str(vault),
        }  # fmt: skip
        self.parent: subprocess.Popen

    def start(self) -> None:
        """Start without waiting; a proxy for the web must not come between us and our own servers."""
        proxied = environment(**self.settings) | {"http_proxy": "http://127.0.0.1:9", "no_proxy": ""}
        with self.log.open("wb") as output:
            self.parent = subprocess.Popen([PROASN, "run", "--demo"], env=proxied, stdout=output, stderr=output)

    def is_ready(self) -> bool:
        assert self.parent.poll() is None, self.log.read_text()
        return "siap" in self.log.read_text()

    def family(self) -> list[psutil.Process]:
        """Find every process of this installation, whoever its parent is by now."""
        return [one for one in psutil.process_iter() if self._is_ours(one)]

    def _is_ours(self, one: psutil.Process) -> bool:
        try:
            is_ours = one.environ().get("PRO_ASN_EXAM_PORT") == self.settings["exam_port"]
            return bool(is_ours and one.status() != psutil.STATUS_ZOMBIE)
        except psutil.Error:
            return False

    def named(self, module: str) -> list[psutil.Process]:
        found = []
        for one in self.family():
            with suppress(psutil.Error):  # it may be gone by now
                found += [one] if any(module in word for word in one.cmdline()) else []
        return found

    def rows(self) -> dict[str, int]:
        """Count the rows of every table; jobs and rounds of sweeps go on by themselves."""
        counted: dict[str, int] = {}
        for store in ("exam", "answers", "vault"):
            with sqlite3.connect(self.folder / f"{store}.db") as db:
                tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
                counted |= {
                    f"{store}.{name}": db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for (name,) in tables
                }
        return {name: count for name, count in counted.items() if name not in ("exam.job", "exam.duty")}

    def told(self) -> str:
        """Give what the start told about how to enter."""
        return self.log.read_text().partition("Demonstrasi")[2]


@contextmanager
def running(folder: Path) -> Iterator[Installation]:
    """Start an installation and wait for it; nobody of it lives on after the block."""
    here = Installation(folder)
    try:
        here.start()
        wait_until("the demonstration", 90, here.is_ready)
        yield here
    finally:
        for one in here.family():
            one.kill()
        here.parent.wait(10)


@pytest.fixture(scope="module")
def shared(tmp_path_factory, service_run):
    """An installation that was started before; what comes of the first start, the tests of its bad moments show."""
    folder = tmp_path_factory.mktemp("run") / "var"
    shutil.copytree(demonstration(service_run), folder)
    with running(folder) as here:
        yield here


def interrupted(here: Installation) -> int:
    here.parent.send_signal(signal.SIGINT)
    return here.parent.wait(10)


def test_interrupted_it_ends_in_time_with_its_children_and_finds_all_again(shared):
    before, passwords = shared.told(), (shared.folder / "demo-logins.json").read_bytes()
    assert interrupted(shared) == 0
    assert shared.family() == []
    rows = shared.rows()
    shared.start()
    wait_until("the second start", 40, shared.is_ready)
    assert shared.told() == before.replace("Pro ASN berhenti. Semua data tersimpan; jalankan lagi kapan saja.\n", "")
    assert re.search(r"PIN [A-Z2-9]{6}", before)
    assert all(password in before for password in json.loads(passwords).values())
    assert (shared.folder / "demo-logins.json").read_bytes() == passwords
    assert shared.rows() == rows


def test_two_do_not_run_in_one_folder(shared):
    exam, office, vault = map(str, free_ports(3))
    ports = {"exam_port": exam, "office_port": office, "vault_port": vault}
    assert str(shared.folder) in told(proasn("run", **(shared.settings | ports)))


def test_children_that_are_killed_are_started_again(shared):
    victims = {module: shared.named(module) for module in SERVERS}
    assert all(victims.values())
    for victim in [one for ours in victims.values() for one in ours]:
        victim.kill()
    for module, killed in victims.items():
        wait_until(f"{module} again", 20, lambda m=module, k=killed: set(shared.named(m)) - set(k))
    assert shared.parent.poll() is None


def test_a_child_whose_port_is_held_for_a_moment_does_not_take_the_others_down(shared):
    victims = shared.named("servers.vault")
    port = int(shared.settings["vault_port"])
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind(("127.0.0.1", port))
        holder.listen()
        for victim in victims:
            victim.kill()
        log = shared.folder / "logs" / "vault.log"
        wait_until("a start in vain", 20, lambda: f"Port {port}" in log.read_text())
        assert shared.parent.poll() is None
    wait_until("the vault server", 20, lambda: any(c.laddr.port == port for c in listening(shared)))


def listening(here: Installation) -> list:
    found = [one for process in here.named("servers.vault") for one in process.net_connections()]
    return [one for one in found if one.status == psutil.CONN_LISTEN]


def test_a_killed_parent_takes_all_with_it_and_the_next_start_works(shared):
    shared.parent.kill()
    shared.parent.wait()
    wait_until("all to be gone", 6, lambda: shared.family() == [])
    shared.start()
    wait_until("the next start", 40, shared.is_ready)


MOMENTS = {
    signal.SIGINT: ("secrets/master.key", "logs/office.log"),
    signal.SIGKILL: ("secrets/master.key", "vault.db", "demo-logins.json"),
}


@pytest.mark.parametrize("sign", MOMENTS, ids=lambda sign: sign.name)
def test_stopped_in_the_middle_of_the_first_start_it_starts_again(tmp_path, sign):
    here = Installation(tmp_path / "var")
    try:
        for seen in MOMENTS[sign]:
            here.start()
            wait_until(seen, 90, (here.folder / seen).exists)
            here.parent.send_signal(sign)
            assert here.parent.wait(15) in (0, -sign)
            wait_until("all to be gone", 6, lambda: here.family() == [])
        here.start()
        wait_until("the last start", 90, here.is_ready)
        rows = here.rows()
        assert (rows["exam.agency"], rows["vault.agency"], rows["exam.wave"], rows["vault.answer_key"]) == (1, 1, 2, 18)
        assert (rows["exam.staff_account"], rows["vault.staff_account"]) == (7, 7)
        assert interrupted(here) == 0
    finally:
        for one in here.family():
            one.kill()


def test_a_child_that_was_orphaned_before_it_could_look_ends_by_itself(shared):
    orphaned = environment(**shared.settings) | {"PROASN_STARTED_BY": "1" if os.getppid() != 1 else "2"}
    orphaned |= {"PRO_ASN_VAULT_URL": f"sqlite:///{shared.folder}/vault.db"}
    orphaned |= {"PRO_ASN_SEAL_KEY": f"{shared.folder}/seal/private.pem"}
    begun = time.monotonic()
    module = [str(Path(PROASN).parent / "python"), "-m", "workers.embedded"]
    assert subprocess.run(module, env=orphaned, timeout=10, check=False).returncode == 0
    assert time.monotonic() - begun < 10


def test_a_metrics_port_in_use_is_named_before_anything_is_written(tmp_path):
    exam, office, vault, metrics = free_ports(4)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", metrics + 2))
        taken.listen()
        ports = {"exam_port": str(exam), "office_port": str(office), "vault_port": str(vault)}
        line = told(proasn("run", data_dir=str(tmp_path / "var"), metrics_port=str(metrics), **ports))
    assert "PRO_ASN_METRICS_PORT" in line
    assert not (tmp_path / "var").exists()


def test_two_migrations_at_once_make_one_installation(tmp_path):
    settings = environment(data_dir=str(tmp_path / "var"))
    both = [
        subprocess.Popen([PROASN, "migrate"], env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [one.communicate(timeout=30) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert said[0] == said[1]
