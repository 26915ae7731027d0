"""``proasn run-server``: a data centre on one machine, started once for all of these."""

from __future__ import annotations

import http.client
import json
import re
import signal
import ssl
import stat
import subprocess
from contextlib import closing, suppress
from functools import partial
from typing import NamedTuple

import psutil
import psycopg
import pytest
from celery import Celery

from tests.journeys.data_centre import PROASN, data_centre, shaken_hands
from tests.journeys.participant import Participant, first_options
from tests.journeys.platform import wait_until


@pytest.mark.timeout(600)
def test_a_data_centre_from_its_first_start_to_a_killed_parent(service_run, tmp_path, monkeypatch):
    """One test, because a start is dear and each scene stands on what the one before left."""
    with data_centre(service_run.folder) as here:
        here.start("--demo", "--exam-processes", "2", "--workers", "1")
        monkeypatch.setenv("SSL_CERT_FILE", here.certificate)
        for scene in SCENES:
            scene(here)
        a_backup_of_the_running_data_centre_gives_the_same_results_elsewhere(here, tmp_path)
        a_killed_parent_takes_all_with_it_and_the_next_start_finds_everything(here)


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def asked(here, method: str, path: str, body: str | None = None, token: str = "") -> Answer:
    """Ask the exam server over a connection of its own, once, trusting this certificate and no other."""
    context = ssl.create_default_context(cafile=here.certificate)
    with closing(http.client.HTTPSConnection("127.0.0.1", here.outer, context=context, timeout=30)) as connection:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"} if token else {}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())


def a_sitting_over_tls_ends_in_the_nine_box(here):
    nip = here.nips()[0]
    receipt = Participant(here.exam, nip, here.pin()).walk(first_options)
    assert len(receipt["sheets"]) == 4
    sat = "SELECT sitting_id FROM sitting JOIN booking USING (booking_id) WHERE nip = %s"
    placed = f"SELECT definition FROM placement WHERE sitting_id = ({sat})"
    wait_until("the placement", 60, lambda: here.ask(placed, nip))


def a_browser_is_offered_http_2_and_no_header_twice(here):
    with shaken_hands(here, protocols=["h2", "http/1.1"]) as browser:
        assert browser.selected_alpn_protocol() == "h2"
    headers = [(name.lower(), value) for name, value in asked(here, "GET", "/").headers]
    assert len(headers) == len(dict(headers))
    assert "strict-transport-security" in dict(headers)
    assert dict(headers)["cache-control"] == "no-store"


def nginx_keeps_what_is_immutable_and_nothing_else(here):
    page = asked(here, "GET", "/").body.decode()
    immutable = re.search(r"/joined/[^\"' ]+\.js[^\"' ]*", page)
    assert immutable
    for path in (immutable.group(), "/static/platform/icon.svg"):
        assert asked(here, "GET", path).status == 200
    kept = [file.read_bytes() for file in (here.folder / "nginx" / "cache").iterdir()]
    assert any(b"immutable" in one for one in kept)
    assert not [one for one in kept if b"immutable" not in one]


def each_role_reaches_its_own_database_alone(here):
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        here.connect("pro_asn_exam", "pro_asn_vault")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        here.connect("pro_asn_office", "pro_asn_vault")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        here.connect("pro_asn_vault", "pro_asn_exam")
    with (
        here.connect("pro_asn_worker", "pro_asn_vault") as db,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        db.execute("SELECT count(*) FROM staff_account")


def nobody_enters_without_a_password(here):
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(here.folder / "postgresql"), user="postgres", dbname="postgres", password="")


def a_server_is_told_of_no_vault_and_only_workers_of_the_seals_key(here):
    for one in here.family():
        with suppress(psutil.Error):
            words, given = " ".join(one.cmdline()), one.environ()
            if "servers.exam" in words or "servers.office" in words:
                assert "PRO_ASN_VAULT_URL" not in given
            if "PRO_ASN_SEAL_KEY" in given:
                assert "worker" in words or "run-server" in words, words
            assert "password" not in words.replace("passwords", "")


def secrets_are_readable_by_their_owner_alone(here):
    files = [*(here.folder / "passwords").iterdir(), here.folder / "env", here.folder / "tls" / "server.key",
             here.folder / "redis" / "users.acl", here.folder / "seal" / "private.pem"]  # fmt: skip
    assert len(files) > 12
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def a_worker_serves_every_queue_and_beat_calls_the_sweeps(here):
    broker = (here.folder / "passwords" / "redis.url").read_text().strip()
    with Celery(broker=broker) as app:
        wait_until(
            "three workers", 60, lambda: {name for one in app.control.ping(timeout=3) or () for name in one}
            == {"scoring@pro-asn", "bulk@pro-asn", "reports@pro-asn"},
        )  # fmt: skip
    before = here.ask("SELECT due FROM duty WHERE name = 'close_overdue'")
    wait_until("a sweep", 60, lambda: here.ask("SELECT due FROM duty WHERE name = 'close_overdue'") > before)


def one_exam_process_is_killed_and_nobody_notices(here):
    person = Participant(here.exam, here.nips()[1], here.pin())
    person.sign_in()
    refused, patient = [], person.call

    def once(method, path, body=None):
        """Send a save once, over a connection of its own: nothing may be refused."""
        if path != "/answers":
            return patient(method, path, body)
        said = asked(here, method, f"/api/exam/v1{path}", json.dumps(body), person.token)
        if said.status != 200:
            refused.append(said)
            return patient(method, path, body)
        return json.loads(said.body)

    person.call = once  # type: ignore[method-assign]  # this person sends every save once
    for number, n in ((1, 1), (2, 2)):
        victims = here.exam_processes(number)
        assert victims
        person.work(n, first_options, partial(killed_at, 2, victims))
        wait_until(f"exam-{number} again", 60, lambda k=number, v=victims: set(here.exam_processes(k)) - set(v))
        wait_until(f"exam-{number} to serve", 60, lambda k=number: serves(here.inner + 1 + k))
    assert refused == []
    assert here.parent.poll() is None


def killed_at(number: int, victims: list[psutil.Process], item: int) -> None:
    for one in victims if item == number else ():
        with suppress(psutil.Error):
            one.kill()


def serves(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False


def browsers_that_stop_in_mid_upload_hold_up_nobody(here):
    headers = (b"POST /api/exam/v1/answers HTTP/1.1", b"Host: x", b"Content-Length: 900", b"", b"{")
    stalled = [shaken_hands(here, protocols=["http/1.1"]) for _ in range(60)]
    try:
        for one in stalled:
            one.sendall(b"\r\n".join(headers))
        assert asked(here, "GET", "/").status == 200
    finally:
        for one in stalled:
            one.close()


def a_backup_of_the_running_data_centre_gives_the_same_results_elsewhere(here, tmp_path):
    def told(*words: str, **urls: str) -> str:
        within = here.environment() | urls
        done = subprocess.run([PROASN, *words], env=within, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode in (0, 3), done.stderr
        return done.stdout

    before = told("recompute")
    told("backup", str(tmp_path / "backup"))
    with here.connect("postgres", "postgres") as db:
        for name in ("drill_exam", "drill_vault"):
            db.execute(f"CREATE DATABASE {name} OWNER pro_asn_owner".encode())
    owner = (here.folder / "passwords" / "pro_asn_owner.exam.url").read_text().strip()
    urls = {
        f"PRO_ASN_{store.upper()}_URL": owner.replace("/pro_asn_exam?", f"/drill_{store}?")
        for store in ("exam", "vault")
    }
    told("restore", str(tmp_path / "backup"), PRO_ASN_DATA_DIR=str(tmp_path / "drill"),
         PRO_ASN_SECRETS_DIR=str(here.folder / "secrets"), **urls)  # fmt: skip
    assert "sidik hasil" in before
    assert told("recompute", **urls) == before


def a_killed_parent_takes_all_with_it_and_the_next_start_finds_everything(here):
    sheets, log = here.ask("SELECT count(*) FROM sheet"), here.log.read_text()
    here.parent.kill()
    here.parent.wait()
    wait_until("all to be gone", 40, lambda: here.family() == [])
    here.start("--exam-processes", "2", "--workers", "1")
    assert here.ask("SELECT count(*) FROM sheet") == sheets
    assert "PIN" in log
    here.parent.send_signal(signal.SIGINT)
    assert here.parent.wait(60) == 0
    assert here.family() == []


SCENES = (
    a_sitting_over_tls_ends_in_the_nine_box,
    a_browser_is_offered_http_2_and_no_header_twice,
    nginx_keeps_what_is_immutable_and_nothing_else,
    each_role_reaches_its_own_database_alone,
    nobody_enters_without_a_password,
    a_server_is_told_of_no_vault_and_only_workers_of_the_seals_key,
    secrets_are_readable_by_their_owner_alone,
    a_worker_serves_every_queue_and_beat_calls_the_sweeps,
    one_exam_process_is_killed_and_nobody_notices,
    browsers_that_stop_in_mid_upload_hold_up_nobody,
)
