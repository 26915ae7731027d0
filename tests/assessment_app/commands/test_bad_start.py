"""A start that cannot succeed says in one line what to do, ends with code 2 and leaves nothing half-written."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
import sys

import pytest

from assessment_app.platform import migrating
from tests.assessment_app.commands.installed import migrated, proasn, told
from tests.journeys.platform import free_ports, plain_environment


def test_an_unknown_setting_stops_the_start(tmp_path):
    line = told(proasn("migrate", data_dir=str(tmp_path / "var"), exam_prt="9000"))
    assert "PRO_ASN_EXAM_PRT" in line
    assert "docs/operations.md" in line
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("exam_port", "eighty"), ("exam_port", "70000"), ("secure_cookies", "yes"), ("second_factor", "never")],
)
def test_a_wrong_value_is_named_with_what_would_be_right(tmp_path, name, value):
    line = told(proasn("migrate", data_dir=str(tmp_path / "var"), **{name: value}))
    assert f"PRO_ASN_{name.upper()}" in line
    assert repr(value) in line
    assert not (tmp_path / "var").exists()


def test_a_port_in_use_is_named_before_anything_is_written(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        line = told(proasn("run", data_dir=str(tmp_path / "var"), exam_port=port))
    assert f"Port {port}" in line
    assert "PRO_ASN_EXAM_PORT" in line
    assert not (tmp_path / "var").exists()


def test_a_data_folder_that_cannot_be_made_is_named():
    assert "/proc/pro-asn" in told(proasn("migrate", data_dir="/proc/pro-asn"))


def test_a_read_only_data_folder_is_named():
    line = told(proasn("migrate", data_dir="/sys"))  # exists, and takes no files from anybody, not even from root
    assert "/sys" in line
    assert "PRO_ASN_DATA_DIR" in line


def test_a_store_of_a_newer_version_stays_as_it_is(service_run, tmp_path):
    migrated(service_run, tmp_path)
    with sqlite3.connect(tmp_path / "exam.db") as db:
        db.execute("UPDATE alembic_version_exam SET version_num = '29991231_later'")
    before = sqlite3.connect(tmp_path / "exam.db").execute("SELECT count(*) FROM sqlite_master").fetchone()
    line = told(proasn("migrate", data_dir=str(tmp_path)))
    assert "29991231_later" in line
    assert "newer" in line
    assert sqlite3.connect(tmp_path / "exam.db").execute("SELECT count(*) FROM sqlite_master").fetchone() == before


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "exam.db").write_text("this is not a database, it is a letter to the reader\n" * 50)
    line = told(proasn("migrate", data_dir=str(tmp_path)))
    assert "exam.db" in line


def test_a_server_refuses_a_store_that_was_not_migrated(service_run, tmp_path):
    migrated(service_run, tmp_path)
    migrating.downgrade("exam", f"sqlite:///{tmp_path / 'exam.db'}")
    (port,) = free_ports(1)
    environment = plain_environment() | {"PRO_ASN_DATA_DIR": str(tmp_path), "PRO_ASN_EXAM_PORT": str(port)}
    done = subprocess.run(
        [sys.executable, "-m", "assessment_app.servers.exam"],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "proasn migrate" in told(done)


def test_a_worker_without_the_vault_says_so(service_run, tmp_path):
    migrated(service_run, tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "workers.embedded"],
        env=plain_environment() | {"PRO_ASN_DATA_DIR": str(tmp_path)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "PRO_ASN_VAULT_URL" in told(done)


@pytest.mark.parametrize(("key", "said"), [
    (None, "PRO_ASN_SEAL_KEY"), ("nowhere.pem", "cannot be read"), ("exam.db", "is damaged"),
])  # fmt: skip
def test_a_worker_without_the_key_that_signs_seals_says_so(service_run, tmp_path, key, said):
    migrated(service_run, tmp_path)
    given = {} if key is None else {"PRO_ASN_SEAL_KEY": str(tmp_path / key)}
    stores = {"PRO_ASN_DATA_DIR": str(tmp_path), "PRO_ASN_VAULT_URL": f"sqlite:///{tmp_path}/vault.db"}
    done = subprocess.run(
        [sys.executable, "-m", "workers.embedded"],
        env=plain_environment() | stores | given,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert said in told(done)


def test_a_damaged_secret_is_named(service_run, tmp_path):
    migrated(service_run, tmp_path)
    (tmp_path / "secrets" / "master.key").write_bytes(b"short")
    (port,) = free_ports(1)
    environment = plain_environment() | {"PRO_ASN_DATA_DIR": str(tmp_path), "PRO_ASN_EXAM_PORT": str(port)}
    done = subprocess.run(
        [sys.executable, "-m", "assessment_app.servers.exam"],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "master.key" in told(done)


def test_migrating_twice_changes_nothing(tmp_path):
    assert proasn("migrate", data_dir=str(tmp_path)).returncode == 0
    key = (tmp_path / "secrets" / "master.key").read_bytes()
    assert proasn("migrate", data_dir=str(tmp_path)).returncode == 0
    assert (tmp_path / "secrets" / "master.key").read_bytes() == key
