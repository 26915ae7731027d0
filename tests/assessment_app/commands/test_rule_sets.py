"""Rule sets on the command line: what is exported comes in again, what is broken is said, and nobody approves there."""

import json
import re
import shutil

import pytest

from tests.assessment_app.commands.installed import migrated, proasn, told


@pytest.fixture(scope="module")
def folder(tmp_path_factory, service_run):
    folder = migrated(service_run, tmp_path_factory.mktemp("rules"))
    said(folder, "agency", "create", "lampung", "Pemerintah Provinsi Lampung")
    return folder


def said(folder, *words):
    done = proasn(*words, data_dir=str(folder))
    assert (done.returncode, done.stderr) == (0, ""), (done.stdout, done.stderr)
    return done.stdout


@pytest.fixture(scope="module")
def exported(folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("exported") / "set.json"
    said(folder, "rules", "export", "--agency", "lampung", "--out", str(out))
    return out


@pytest.fixture
def file(exported, tmp_path):
    """What was exported, for a test to change."""
    return shutil.copy(exported, tmp_path / "set.json")


def change(file, **changed):
    document = json.loads(file.read_text())
    for name, value in changed.items():
        document["rules"][name.replace("__", ".")]["value"] = value
    file.write_text(json.dumps(document))


def test_what_is_exported_holds_together_and_keeps_its_hash(folder, file):
    listed = said(folder, "rules", "list")
    checked = said(folder, "rules", "check", str(file))
    assert checked.startswith("OK: ")
    assert checked.split()[1][:12] == listed.split("\t")[0]
    assert re.search(r"\tin_force\t\d+/\d+ unverified\n", listed)


def test_a_hash_or_its_beginning_names_what_is_exported(folder, file):
    name = said(folder, "rules", "list").split("\t")[0]
    assert json.loads(said(folder, "rules", "export", name)) == json.loads(file.read_text())


def test_everything_that_is_wrong_with_a_file_is_said(folder, file):
    change(file, talent__cut__x=[90, 80], box__near_cut=2)
    done = proasn("rules", "check", str(file), data_dir=str(folder))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "Batas potensial menengah dan tinggi: batas tinggi harus di atas batas menengah. Naikkan yang pertama atau "
        "turunkan yang kedua.",
        "Dekat batas bila peluang di bawah: isi angka di antara 0 dan 1, misalnya 0,75.",
    ]


def test_a_document_becomes_a_draft_that_decides_nothing(folder, file):
    change(file, talent__cut__x=[55, 75])
    assert "Draft " in said(folder, "rules", "import", str(file), "--agency", "lampung", "--why", "Perbup 12/2026")
    own = said(folder, "rules", "list", "--agency", "lampung").splitlines()
    assert [line.split("\t")[1:5:3] for line in own] == [["aturan-baku", "in_force"], ["instansi/lampung", "open"]]


def test_a_broken_document_becomes_no_draft(folder, file):
    before = said(folder, "rules", "list", "--agency", "lampung")
    change(file, talent__cut__x=[90, 80])
    done = proasn("rules", "import", str(file), "--agency", "lampung", "--why", "x", data_dir=str(folder))
    assert done.returncode == 1
    assert said(folder, "rules", "list", "--agency", "lampung") == before


@pytest.mark.parametrize(("words", "answer"), [
    (("export",), "Name either a hash"), (("export", "ffff"), "No single rule set"), (("export", "%"), "No single"),
    (("export", "--agency", "nirgendwo"), "There is no agency"), (("list", "--agency", "x"), "There is no agency"),
])  # fmt: skip
def test_a_slip_is_one_line_that_says_what_to_do(folder, words, answer):
    assert answer in told(proasn("rules", *words, data_dir=str(folder)))


def test_a_file_that_is_no_json_is_said_to_be_none(folder, tmp_path):
    (tmp_path / "a.json").write_text("{")
    assert "JSON" in told(proasn("rules", "check", str(tmp_path / "a.json"), data_dir=str(folder)))
