"""The item bank from the command line: counted, checked, in and out, from items to a form that is withdrawn again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from click.testing import CliRunner

from assessment_app.commands import bank as commands
from assessment_app.commands.bank import looking
from assessment_app.platform import db, security, settings
from assessment_app.platform.errors import Refusal
from assessment_app.platform.migrating import upgrade
from item_bank import bank, demonstration


def run(*words, exit_code=0):
    """Run a command of the bank; gives what it printed, or the refusal that its caller turns into one line."""
    done = CliRunner().invoke(commands.bank, list(words))
    if isinstance(done.exception, Refusal):
        raise done.exception
    assert done.exit_code == exit_code, (done.output, done.exception)
    return done.output


@pytest.fixture
def vault(tmp_path, monkeypatch):
    """An empty vault of the test's own, as the command line finds it."""
    url = f"sqlite:///{tmp_path / 'vault.db'}"
    upgrade("vault", url)
    monkeypatch.setenv("PRO_ASN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PRO_ASN_VAULT_URL", url)
    by(monkeypatch, "ani")
    security.make_secrets(settings.load().secrets)
    yield tmp_path
    db.disconnect()
    security._master.cache_clear()


def by(monkeypatch, name):
    entry = SimpleNamespace(pw_name=name)
    monkeypatch.setattr("assessment_app.commands.accounts.pwd.getpwuid", lambda _user: entry)


@pytest.fixture
def literacy(vault):
    """A file of the digital literacy items, imported."""
    stock = next(one for one in bank.samples() if one.instrument == "digital_literacy")
    file = vault / "literasi.json"
    told = {"schema": "proasn/items/1", "demonstration": True, "parameters": "assumed"}
    file.write_bytes(msgspec.json.encode(told | {"instrument": stock.instrument, "items": stock.items}))
    assert run("import", str(file)).startswith(f"{len(stock.items)} new versions")
    return file


def test_stats_count_every_item_once():
    document = json.loads(run("stats", "--json", "--samples"))
    assert document["items"] == sum(row["items"] for row in document["by"])
    assert document["items"] == document["demonstration"] == sum(len(one.items) for one in demonstration.stocks())
    assert {row["state"] for row in document["by"]} == {"sample"}


def test_stats_of_the_vault_tell_the_state_of_each_item(literacy):
    document = json.loads(run("stats", "--json"))
    assert {(row["instrument"], row["state"]) for row in document["by"]} == {("digital_literacy", "operational")}
    assert {row["kind"] for row in document["by"]} == {"choice", "choices", "order", "number", "simulation"}
    assert "keamanan  phishing  choice  operational" in run("stats")


def test_lint_of_the_samples_finds_nothing_and_says_what_it_finds_by_its_exit_code(monkeypatch):
    assert run("lint", "--samples") == "nothing to look at\n"
    monkeypatch.setattr("item_bank.lint.known_words", frozenset)
    assert ": spelling: " in run("lint", "--samples", exit_code=1)


def test_importing_again_changes_nothing(literacy):
    assert run("import", str(literacy)).startswith("0 new versions")


def test_a_file_with_one_fault_is_refused_whole(vault, literacy):
    document = json.loads(literacy.read_bytes())
    document["items"] = document["items"][:2]
    for number, item in enumerate(document["items"]):
        item["words"]["id"] = item["key"]["id"] = f"baru-{number}"
        item["about"]["enemies"] = []
    document["items"][1]["key"]["construct"] = "sihir"
    (vault / "rusak.json").write_text(json.dumps(document))
    before = run("stats", "--json")
    with pytest.raises(Refusal, match="'sihir' is not measured by digital_literacy"):
        run("import", str(vault / "rusak.json"))
    assert run("stats", "--json") == before


def test_a_package_of_the_vault_comes_back_as_the_same_bytes(vault, literacy):
    first, again = vault / "satu.zip", vault / "dua.zip"
    assert "keys included" in run("export", "--instrument", "digital_literacy", "--out", str(first))
    assert run("import", str(first)).startswith("0 new versions of 108 items")
    run("export", "--instrument", "digital_literacy", "--out", str(again))
    assert first.read_bytes() == again.read_bytes()


def test_a_package_that_is_none_leaves_nothing(vault):
    (vault / "palsu.zip").write_bytes(b"bukan paket")
    with pytest.raises(Refusal, match=r"palsu\.zip"):
        run("import", str(vault / "palsu.zip"))
    assert json.loads(run("stats", "--json"))["items"] == 0


def test_a_spreadsheet_comes_in_as_drafts_and_faults_name_their_rows(vault):
    head = "Kode,Instrumen,Jenis,Konstruk,Segi,Topik,Pertanyaan,Pilihan A,Skor A,Alasan A,Pilihan B,Skor B,Alasan B"
    row = "dig-x,Literasi Digital,Pilihan tunggal,keamanan,sandi,sandi kuat,Mana?,Satu,1,Karena itu benar,Dua,0,{}"
    (vault / "butir.csv").write_text(f"{head}\n{row.format('Karena itu keliru')}\n")
    assert run("import", str(vault / "butir.csv")).startswith("1 new versions")
    assert json.loads(run("stats", "--json"))["by"][0]["state"] == "draft"
    (vault / "salah.csv").write_text(f"{head}\n{row.replace('dig-x', 'dig-y').format('pendek')}\n")
    with pytest.raises(Refusal, match="row 2 M"):
        run("import", str(vault / "salah.csv"))


def test_generated_items_need_a_secret_unless_they_are_for_demonstration(vault):
    out = vault / "deret.json"
    run("generate", "series", "--count", "3", "--demonstration", "--out", str(out))
    assert run("import", str(out)).startswith("3 new versions")
    assert "Give either" in run("generate", "series", "--out", str(out), exit_code=2)
    (vault / "garam").write_text("pendek")
    assert "fewer than 16" in run(
        "generate", "series", "--salt-file", str(vault / "garam"), "--out", str(out), exit_code=2
    )
    (vault / "garam").write_text("rahasia bank ini, panjang")
    run("generate", "series", "--count", "3", "--salt-file", str(vault / "garam"), "--out", str(out))
    assert not json.loads(out.read_bytes())["demonstration"]


def test_forms_are_assembled_published_by_a_second_person_and_withdrawn(literacy, monkeypatch):
    told = json.loads(run("assemble", "literasi"))
    assert [form["code"] for form in told["forms"]] == ["literasi-a", "literasi-b"]
    assert told["largest_difference"] <= 0.05
    proposal = told["forms"][0]["proposal"]
    with pytest.raises(Refusal, match="Orang kedua"):
        run("publish", proposal)
    by(monkeypatch, "budi")
    form_id = run("publish", proposal).strip()
    assert re.fullmatch("[0-9a-f]{64}", form_id)
    assert run("publish", proposal).strip() == form_id
    with pytest.raises(Refusal, match="10 sampai 500"):
        run("withdraw", form_id, "--reason", "bocor")
    assert run("withdraw", form_id, "--reason", "Satu butir bocor di media sosial.") == "withdrawn\n"
    assert run("withdraw", form_id, "--reason", "Satu butir bocor di media sosial.") == "it was withdrawn before\n"


def test_forms_for_rehearsals_have_a_code_of_their_own(literacy, monkeypatch):
    told = json.loads(run("assemble", "literasi", "--rehearsal", "--forms", "1"))
    assert [form["code"] for form in told["forms"]] == ["literasi-gladi-a"]


def test_forms_on_the_fly_are_one_for_each_person(literacy):
    told = json.loads(run("assemble", "literasi", "--persons", "2", "--seed", "5"))
    assert [form["code"] for form in told["forms"]] == ["literasi-0001", "literasi-0002"]


def test_a_blueprint_that_cannot_be_followed_says_what_stands_in_the_way(literacy, vault):
    asked = json.loads((Path(bank.__file__).parent / "samples" / "blueprints" / "literasi.json").read_bytes())
    asked["bounds"][0] |= {"least": 30, "most": 34}
    (vault / "kisi.json").write_text(json.dumps(asked))
    with pytest.raises(Refusal) as refused:
        run("assemble", str(vault / "kisi.json"))
    assert "construct cakap 30 to 34 (missed by" in str(refused.value)
    with pytest.raises(Refusal, match="There is no blueprint 'tidak-ada'"):
        run("assemble", "tidak-ada")


def test_a_calibration_is_kept_with_its_errors_and_forms_take_it(literacy, vault):
    ids = [row.item.id for row, _ in looking.in_stock(samples=False) if hasattr(row.item.key, "credit")]
    lines = ["item,model,a,b,se_a,se_b", *(f"{one},2pl,1.1,0.2,0.1,0.08" for one in ids)]
    (vault / "k1.csv").write_text("\n".join(lines))
    words = ["calibration", str(vault / "k1.csv"), "--name", "K-01", "--sample", "Uji coba", "--persons", "900"]
    assert run(*words) == f"{len(ids)} items kept as K-01\n"
    assert "already with the same numbers" in run(*words)
    (vault / "f2.csv").write_text(f"item,infit,outfit,p\n{ids[0]},1.45,1.1,0.2\n{ids[1]},1.02,0.98,")
    run(*[*words[:3], "K-02", *words[4:], "--fit", str(vault / "f2.csv")])
    (vault / "k1.csv").write_text("item,model,a,b\ntidak-ada,2pl,1.1,0.2")
    with pytest.raises(Refusal, match="it is not in stock"):
        run(*[*words[:3], "K-03", *words[4:]])
