"""The files of ``deploy``: each is read by the program that it is for."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

from assessment_app.commands.server import front
from assessment_app.commands.server.place import DEPLOY, ROLES, Place, programs
from assessment_app.platform import settings
from tests.journeys.platform import wait_until
from tests.services.run import Run, stop

BIN = Path(sys.executable).parent
UNITS = sorted((DEPLOY / "systemd").glob("pro-asn*"))
SECRET_OF = re.compile(r"LoadCredential=[\w.]+:/etc/pro-asn/credentials/([\w.]+)")


def ran(*command: object, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60, check=False, **more)


def test_the_compose_file_is_one():
    done = ran(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")
    assert done.returncode == 0, done.stdout


def test_an_unknown_word_in_a_compose_file_would_be_found(tmp_path):
    wrong = tmp_path / "compose.yaml"
    wrong.write_text((DEPLOY / "compose.yaml").read_text().replace("stop_signal:", "stop_sign:"))
    assert ran(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", wrong).returncode == 1


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_takes_the_units(tmp_path):
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/pro-asn/.venv/bin", str(BIN)))
    done = ran("systemd-analyze", "verify", "--man=no", *(tmp_path / unit.name for unit in UNITS))
    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_every_unit_of_ours_is_walled_in():
    services = [unit for unit in UNITS if unit.suffix == ".service"]
    assert len(services) == 6
    for unit in services:
        text = unit.read_text()
        assert {"ProtectSystem=strict", "DynamicUser=yes", "NoNewPrivileges=yes"} <= set(text.splitlines()), unit.name


def test_only_workers_and_who_backs_up_are_given_the_seals_key_and_no_server_the_vault():
    given = {unit.name: set(SECRET_OF.findall(unit.read_text())) for unit in UNITS if unit.suffix == ".service"}
    with_seal = {name for name, secrets in given.items() if "seal.pem" in secrets}
    assert with_seal == {"pro-asn-worker@.service", "pro-asn-backup.service"}
    assert not [
        one for name in ("pro-asn-exam@.service", "pro-asn-office.service") for one in given[name] if "vault" in one
    ]


def test_nginx_takes_its_template(tmp_path):
    place = Place(tmp_path, "127.0.0.1", "localhost", 18943, 18900, 3, 1)
    (tmp_path / "nginx").mkdir()
    child = front.nginx(place, programs())
    command = child.program[child.program.index("--") + 1 :]
    done = ran(*command, "-t", cwd="/")
    assert done.returncode == 0, done.stderr
    assert (place.folder / "nginx" / "pro-asn.conf").read_text().count("max_fails=0;") == 5


def test_the_image_of_nginx_is_told_of_every_blank():
    template = (DEPLOY / "nginx" / "pro-asn.conf.template").read_text()
    compose = (DEPLOY / "compose.yaml").read_text()
    for blank in set(front.BLANK.findall(template)):
        assert f"      {blank}: " in compose, blank


@pytest.fixture(scope="module")
def secrets(tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("secrets") / "made"
    done = ran(DEPLOY / "make-secrets", folder, "db.example", "redis.example", "ujian.example.go.id")
    assert done.returncode == 0, done.stderr
    return folder


def test_secrets_are_made_once_behind_a_closed_door(secrets):
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    before = (secrets / "master.key").read_bytes()
    assert len(before) == 32
    assert ran(DEPLOY / "make-secrets", secrets, "db", "redis", "name").returncode == 2
    assert (secrets / "master.key").read_bytes() == before


def test_every_secret_that_units_and_containers_ask_for_is_made(secrets):
    compose = (DEPLOY / "compose.yaml").read_text()
    asked = set(re.findall(r"file: \./secrets/([\w.]+)", compose))
    asked |= {one for unit in UNITS for one in SECRET_OF.findall(unit.read_text())}
    assert asked <= {file.name for file in secrets.iterdir()}
    for file in secrets.glob("*.url"):
        if file.name != "redis.url":
            found = settings.load({"PRO_ASN_EXAM_URL": f"file:{file}"}).exam_url
            assert make_url(found).username in ROLES


def test_postgresql_takes_the_roles_and_databases(secrets, postgres):
    made = (secrets / "databases.sql").read_text()
    mine = made.replace("pro_asn_", f"try_{postgres.run.folder.name[-6:].lower().replace('-', '_')}_")
    names = re.findall(r"CREATE DATABASE (\w+)", mine)
    words = ("psql", "-h", postgres.folder, "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-q")
    try:
        done = ran(*words, "-f", "-", input=mine)
        assert done.returncode == 0, done.stderr
    finally:
        drop = [f"DROP DATABASE IF EXISTS {name};" for name in names]
        roles = [f"DROP ROLE IF EXISTS {name};" for name in re.findall(r"CREATE ROLE (\w+)", mine)]
        ran(*words, "-f", "-", input="\n".join(drop + roles))


def test_redis_lets_in_with_the_password_alone(secrets, tmp_path):
    run = Run(tmp_path)
    socket = f"/tmp/{secrets.parent.parent.name}-{secrets.parent.name}.sock"[-90:]  # nosec B108 # a path may have 107 bytes
    command = ["redis-server", str(DEPLOY / "redis" / "redis.conf"), "--port", "0", "--unixsocket", socket, "--dir",
               str(tmp_path), "--aclfile", str(secrets / "redis.acl")]  # fmt: skip
    run.start("redis", command, lambda: Path(socket).exists())
    try:
        wait_until("Redis", 10, lambda: "NOAUTH" in ran("redis-cli", "-s", socket, "ping").stdout)
        password = (secrets / "redis.url").read_text().split(":")[2].partition("@")[0]
        assert "PONG" in ran("redis-cli", "-s", socket, "--no-auth-warning", "-a", password, "ping").stdout
        assert (
            "yes"
            in ran("redis-cli", "-s", socket, "--no-auth-warning", "-a", password, "config", "get", "appendonly").stdout
        )
    finally:
        stop(int((tmp_path / "redis.pid").read_text()))
        run.end()
