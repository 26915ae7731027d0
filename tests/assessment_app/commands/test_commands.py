"""The command line as people use it, each command a process of its own, on one installation that grows."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.assessment_app.commands.installed import proasn, told


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("open") / "var"
    folder.mkdir(mode=0o755)
    said(folder, "migrate")
    said(folder, "agency", "create", "lampung", "Pemerintah Provinsi Lampung")
    said(folder, "account", "create", "dewi", "Dewi Anggraini", "--role", "bkd_admin", "--agency", "lampung")
    return folder


def said(folder: Path, *words: str) -> str:
    done = proasn(*words, data_dir=str(folder))
    assert (done.returncode, done.stderr) == (0, ""), (done.stdout, done.stderr)
    return done.stdout


def rows(folder: Path, store: str, statement: str) -> list[tuple]:
    with sqlite3.connect(folder / f"{store}.db") as db:
        return db.execute(statement).fetchall()


def test_in_a_folder_that_others_may_enter_nobody_else_reads_a_store_or_a_secret(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"exam.db", "answers.db", "vault.db", "master.key"}
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


def test_an_agency_is_in_both_stores_under_one_identifier(folder):
    wanted = "SELECT agency_id FROM agency WHERE code = 'lampung'"
    assert len(rows(folder, "exam", wanted)) == 1
    assert rows(folder, "exam", wanted) == rows(folder, "vault", wanted)


@pytest.mark.parametrize("lost_from", ["exam", "vault"])
def test_an_agency_that_a_crash_left_in_one_store_is_completed(folder, tmp_path, lost_from):
    copied = shutil.copytree(folder, tmp_path / "var")
    rows(copied, lost_from, "DELETE FROM staff_role" if lost_from == "exam" else "SELECT 1")
    for table in ("one_time_link", "staff_role", "staff_account", "agency"):
        rows(copied, lost_from, f"DELETE FROM {table}")
    said(copied, "agency", "create", "lampung", "Pemerintah Provinsi Lampung")
    assert rows(copied, "exam", "SELECT agency_id FROM agency") == rows(copied, "vault", "SELECT agency_id FROM agency")


def test_an_agency_that_is_there_is_not_made_again(folder):
    assert "sudah dipakai" in told(proasn("agency", "create", "lampung", "Lain", data_dir=str(folder)))


def test_a_link_is_a_new_one_each_time(folder):
    links = {said(folder, "account", "link", "dewi").split()[-1] for _ in range(2)}
    assert len(links) == 2
    assert {link.partition("tautan=")[0] for link in links} == {"http://127.0.0.1:8081/kata-sandi?"}


def test_a_link_is_kept_only_as_its_hash(folder):
    token = said(folder, "account", "link", "dewi").rpartition("=")[2].strip()
    assert token.encode() not in (folder / "exam.db").read_bytes()


def test_accounts_are_listed_with_their_roles(folder):
    assert said(folder, "account", "list") == "dewi\tDewi Anggraini\tbkd_admin\tactive\n"


def test_an_account_of_the_vault_is_not_one_of_the_office(folder):
    made = ("account", "create", "melati", "Melati", "--role", "item_author", "--agency", "lampung", "--store", "vault")
    assert "http://127.0.0.1:8082/" in said(folder, *made)
    assert "melati" in said(folder, "account", "list", "--store", "vault")
    assert "melati" not in said(folder, "account", "list")


def test_a_second_factor_is_forgotten_and_the_trail_says_so(folder):
    said(folder, "account", "forget-factor", "dewi")
    assert rows(folder, "exam", "SELECT count(*) FROM audit_entry WHERE action = 'account.factor_forgotten'") == [(1,)]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("account", "link", "siapa"), "no account 'siapa'"),
        (("account", "forget-factor", "siapa"), "no account 'siapa'"),
        (("account", "create", "budi", "Budi", "--role", "proctor", "--agency", "none"), "no agency"),
        (("account", "create", "budi", "Budi", "--role", "proctor"), "Hanya admin sistem"),
        (("account", "create", "dewi", "Dewi", "--role", "proctor", "--agency", "lampung"), "sudah dipakai"),
        (("roles",), "Roles are for PostgreSQL"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(folder, words, reason):
    assert reason in told(proasn(*words, data_dir=str(folder)))


@pytest.mark.parametrize("store", ["exam", "vault"])
def test_a_trail_that_holds_is_said_to(folder, store):
    assert said(folder, "audit", "verify", "--store", store).startswith("OK: ")


def test_a_trail_that_was_tampered_with_is_named_by_its_row(folder, tmp_path):
    copied = shutil.copytree(folder, tmp_path / "var")
    rows(copied, "exam", "DROP TRIGGER audit_entry_refuses_update")
    rows(copied, "exam", "UPDATE audit_entry SET actor = 'nobody' WHERE entry_no = 2")
    done = proasn("audit", "verify", data_dir=str(copied))
    assert (done.returncode, done.stderr) == (1, "")
    assert "row 2" in done.stdout
