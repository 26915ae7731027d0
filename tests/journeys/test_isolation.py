"""Exam and office server cannot read the vault: not by code, not by file, not by connection, not by right."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from urllib.request import Request, urlopen

import psutil
import psycopg
import pytest
from sqlalchemy import make_url

from tests.journeys.platform import TOLD, in_a_data_centre, on_one_machine, plain_environment

KEY_MODULES = {
    "item_bank.keys", "item_bank.publishing", "item_bank.drafts", "assessment_app.scoring.actions",
    "assessment_app.sealing.actions",
}  # fmt: skip


@pytest.fixture(scope="module")
def one_machine(tmp_path_factory, service_run):
    with on_one_machine(service_run, tmp_path_factory.mktemp("one")) as running:
        yield running


@pytest.fixture(scope="module")
def data_centre(tmp_path_factory, postgres, redis_server):
    with redis_server.client() as client:
        client.flushdb()
    with in_a_data_centre(tmp_path_factory.mktemp("centre"), postgres, redis_server.url) as running:
        yield running, running.urls


@pytest.mark.parametrize("server", ["exam", "office"])
def test_a_server_has_loaded_no_module_that_reads_keys(server, tmp_path):
    program = f"""
import json, sys
import assessment_app.servers.{server}
print(json.dumps(sorted(sys.modules)))
"""
    environment = plain_environment() | {"PRO_ASN_DATA_DIR": str(tmp_path)}
    said = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    loaded = set(json.loads(said.stdout))
    assert f"assessment_app.servers.{server}" in loaded
    assert not loaded & KEY_MODULES
    assert "scipy.optimize" not in loaded  # 1.7 s of every start


@pytest.mark.parametrize("server", ["exam", "office"])
def test_on_one_machine_a_server_has_no_file_of_the_vault_open_and_is_not_told_where_it_is(one_machine, server):
    processes = one_machine.running(server)
    assert processes
    for process in processes:
        assert not [file.path for file in process.open_files() if "vault" in file.path]
        assert not [value for name, value in process.environ().items() if name == "PRO_ASN_VAULT_URL"]
    assert [file.path for one in processes for file in one.open_files() if file.path.endswith("exam.db")]


@pytest.mark.parametrize("server", ["exam", "office", "vault"])
def test_on_one_machine_only_the_worker_is_told_where_the_key_is_that_signs_seals(one_machine, server):
    (worker,) = one_machine.running("worker")
    assert worker.environ()["PRO_ASN_SEAL_KEY"] == str(one_machine.folder / "seal" / "private.pem")
    assert {one.environ().get("PRO_ASN_SEAL_KEY") for one in one_machine.running(server)} == {None}


def test_on_one_machine_the_vault_server_has_no_file_of_the_exam_store_open(one_machine):
    opened = [file.path for one in one_machine.running("vault") for file in one.open_files()]
    assert [path for path in opened if path.endswith("vault.db")]
    assert not [path for path in opened if path.endswith(("exam.db", "answers.db"))]


@pytest.mark.parametrize(("server", "role"), [("exam", "pro_asn_exam"), ("office", "pro_asn_office")])
def test_in_a_data_centre_a_server_has_no_connection_to_the_vault(data_centre, server, role):
    running, urls = data_centre
    assert running.answers(server)
    seen = connections(urls["exam"])
    assert (role, make_url(urls["exam"]).database) in seen
    assert (role, make_url(urls["vault"]).database) not in seen
    assert psutil.Process(running.processes[server].pid).is_running()


def connections(url: str) -> set[tuple[str, str]]:
    with psycopg.connect(plain(url)) as db:
        found = db.execute("SELECT usename, datname FROM pg_stat_activity WHERE datname IS NOT NULL").fetchall()
    return {(user, database) for user, database in found}


def plain(url: str, role: str = "postgres") -> str:
    return make_url(url).set(drivername="postgresql", username=role).render_as_string(hide_password=False)


@pytest.mark.parametrize("role", ["pro_asn_exam", "pro_asn_office"])
def test_the_role_of_a_server_is_refused_at_the_vaults_door(data_centre, role):
    _, urls = data_centre
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(plain(urls["vault"], role))


@pytest.mark.parametrize("role", ["pro_asn_exam", "pro_asn_office"])
def test_even_inside_the_vault_the_role_of_a_server_may_not_select_a_key(data_centre, role):
    _, urls = data_centre
    with psycopg.connect(plain(urls["vault"])) as owner:
        keys = owner.execute("SELECT count(*) FROM answer_key").fetchone()
        assert keys is not None
        assert keys[0] == 18
        owner.execute(f"SET ROLE {role}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("SELECT document FROM public.answer_key")


def test_the_exam_role_sees_no_score_no_account_and_no_evidence(data_centre):
    _, urls = data_centre
    for table in ("score", "profile", "placement", "staff_account", "audit_entry", "employee", "session_seal"):
        with (
            psycopg.connect(plain(urls["exam"], "pro_asn_exam")) as db,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            db.execute(f"SELECT * FROM {table}")


@pytest.mark.parametrize("role", ["pro_asn_exam", "pro_asn_office"])
@pytest.mark.parametrize("table", ["seal_key", "session_seal", "sealed_sheet", "report"])
def test_no_server_writes_seals_and_reports(data_centre, role, table):
    _, urls = data_centre
    with (
        psycopg.connect(plain(urls["exam"], role)) as db,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        db.execute(f"INSERT INTO {table} DEFAULT VALUES")


def test_the_exam_role_sees_what_was_granted_and_not_why(data_centre):
    _, urls = data_centre
    with psycopg.connect(plain(urls["exam"], "pro_asn_exam")) as db:
        assert db.execute("SELECT booking_id, n, kind, value, by FROM accommodation").fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("SELECT reason FROM accommodation")


def test_a_participant_signs_in_under_the_exam_role(data_centre):
    """The role may read everything that a sign-in asks for: what was granted, and how the wave stands to a browser."""
    running, _urls = data_centre
    nip, pin = re.findall(r"NIP (\d{18})\s+PIN (\w{6})", (running.folder / TOLD).read_text())[0]
    body = json.dumps({"nip": nip, "pin": pin, "device": "computer-1"}).encode()
    asked = Request(running.url("exam", "/api/exam/v1/sign-in"), body, {"Content-Type": "application/json"})
    with urlopen(asked, timeout=10) as answer:
        assert json.loads(answer.read())["sitting"]["needs"]["extra_ms"] == 0
