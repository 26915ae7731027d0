"""Forms are assembled outside of any transaction, proposed once, and the trail knows who read the keys for it."""

import re

import pytest

from assessment_app.accounts.rules import Actor
from assessment_app.authoring.actions import life
from assessment_app.platform import audit, db
from item_bank import assembly, bank, stock
from item_bank.forms import FormProposal
from item_bank.life import Act
from tests.assessment_app.authoring.conftest import NOW


@pytest.fixture
def stocked(store):
    """Put the written items of potential into the vault."""
    with db.transaction(db.VAULT) as session:
        for one in bank.samples()[:5]:
            life.take_in(session, one, "contoh", Actor("test"), NOW)


def ask(browser, **changes):
    browser.get("/bank/perakitan")
    request = re.search(r'name="permintaan" value="([^"]+)"', browser.said)
    assert request is not None
    return {"kisi": "pemecahan-masalah", "jumlah": "2", "permintaan": request[1], **changes}


def told(*actions_wanted):
    with db.transaction(db.VAULT, reads_only=True) as session:
        return [entry for entry in audit.newest(session, None) if entry.action in actions_wanted]


def waiting():
    with db.transaction(db.VAULT, reads_only=True) as session:
        return sorted(session.query(FormProposal.code).all())


def test_two_forms_are_assembled_and_proposed_and_a_double_click_proposes_no_more(psychometrician, stocked):
    wanted = ask(psychometrician)
    for _ in range(2):
        assert psychometrician.post("/bank/perakitan", **wanted).status_code == 200
        assert "2 formulir dirakit dan diajukan." in psychometrician.said
    assert waiting() == [("pemecahan-masalah-a",), ("pemecahan-masalah-b",)]
    assert len(told("form.assemble")) == 2
    psychometrician.post("/bank/perakitan", **ask(psychometrician))
    assert len(waiting()) == 4


def test_who_read_the_keys_is_told_even_when_no_form_came_of_it(psychometrician, store):
    assert psychometrician.post("/bank/perakitan", **ask(psychometrician)).status_code == 409
    assert "Butir operasional tidak cukup" in psychometrician.said
    (entry,) = told("item_key.assemble")
    assert (entry.actor, entry.detail["blueprint"]) == (f"account:{psychometrician.account}", "pemecahan-masalah")
    assert waiting() == []


def test_a_calibration_that_is_not_there_is_refused(psychometrician, stocked):
    answer = psychometrician.post("/bank/perakitan", **ask(psychometrician, kalibrasi="TIDAK-ADA"))
    assert answer.status_code == 400
    assert "Kalibrasi itu tidak ada." in psychometrician.said
    assert told("item_key.assemble") == []


def test_others_write_while_forms_are_being_assembled(psychometrician, stocked, monkeypatch):
    solve, written = assembly.parallel, []

    def solve_slowly(pool, forms):
        with db.transaction(db.VAULT) as session:  # SQLite has one writer: this waits for any other transaction
            written.append(stock.record(session, "psm-101", 1, Act.COMMENT, "eka", NOW, note="Sementara itu."))
        return solve(pool, forms)

    monkeypatch.setattr(assembly, "parallel", solve_slowly)
    assert psychometrician.post("/bank/perakitan", **ask(psychometrician)).status_code == 200
    assert len(written) == 1


def test_a_form_whose_item_was_recalled_meanwhile_says_so_and_can_be_sent_back(psychometrician, other, stocked):
    psychometrician.post("/bank/perakitan", **ask(psychometrician, jumlah="1"))
    with db.transaction(db.VAULT) as session:
        proposal = session.query(FormProposal).one()
        path, (item_id, version) = f"/bank/formulir/usulan/{proposal.proposal_id}", proposal.items["versions"][0]
        stock.record(session, item_id, version, Act.RECALL, "eka", NOW, note="Kunci diragukan.")
    other.get(path)
    assert other.post(path + "/terbitkan").status_code == 409
    assert f"Tidak dapat dipakai lagi: {item_id}." in other.said
    other.get(path)
    assert "sudah terbit pada" not in other.said
    assert other.post(path + "/kembalikan", alasan="Satu butirnya ditinjau ulang.").status_code == 303


def test_a_form_of_a_code_that_is_out_already_is_proposed_with_a_warning(psychometrician, other, stocked):
    paths = []
    for _ in range(2):
        psychometrician.post("/bank/perakitan", **ask(psychometrician, jumlah="1"))
        paths += [re.findall(r"/bank/formulir/usulan/[0-9a-f-]+", psychometrician.said)[0]]
    other.get(paths[0])
    assert other.post(paths[0] + "/terbitkan").status_code == 303
    other.get(paths[1])
    assert "Kode pemecahan-masalah-a sudah terbit pada" in other.said
