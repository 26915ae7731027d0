"""A form is published by two people, signed, with the items it took; and can be withdrawn once."""

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from item_bank import drafts, proposals, signing, stock
from item_bank.drafts import DraftRefused
from item_bank.forms import FormItem, FormProposal, FormSignature, FormWithdrawal, ProposalDecision, PublishedForm
from item_bank.life import Act
from item_bank.proposals import Basis, Decided, OwnProposal, Stale
from item_bank.signing import Signature, Signer
from scoring_engine.canonical import canonical

NONCE = bytes(range(32))
SIGNER = Signer(bytes(32))
NAMES = ("dig-cak-12", "dig-cak-13")


@pytest.fixture(autouse=True)
def stocked(vault_db, item, now):
    """Two items in use, of which forms say that they are made."""
    stock.write(vault_db, [item(1), item(2)], "digital_literacy", "ani", now, demonstration=True, act=Act.ADMIT)


def propose(db, draft, now, most_exposure=None):
    told: dict[str, tuple[float, ...]] = {"cakap": (2.0, 3.0)}
    basis = Basis(
        tuple((name, 1) for name in NAMES), ("K-01", ""), (-1.0, 1.0), told, words=120, most_exposure=most_exposure
    )
    return proposals.propose(db, draft, "kisi-kisi karier", basis, "ani", now).proposal_id


def test_a_draft_is_written_and_read_back_the_same():
    for draft in drafts.samples():
        assert drafts.parse(drafts.write(draft), "lagi") == draft


def test_a_second_person_publishes_and_the_form_is_signed_and_knows_its_items(vault_db, draft, now):
    published = proposals.approve(vault_db, propose(vault_db, draft, now), "budi", NONCE, SIGNER, now)
    assert vault_db.get_one(PublishedForm, published.form_id).key_seal == published.key_seal
    kept = vault_db.get_one(FormSignature, published.form_id)
    assert signing.holds(published.form_id, Signature(kept.public_key, kept.signature))
    assert not signing.holds("0" * 64, Signature(kept.public_key, kept.signature))
    rows = [(row.position, row.item_id, row.version, row.calibration) for row in vault_db.scalars(select(FormItem))]
    assert rows == [(1, NAMES[0], 1, "K-01"), (2, NAMES[1], 1, "")]
    assert proposals.exposure(vault_db) == {NAMES[0]: 1, NAMES[1]: 1}
    assert proposals.basis_of(vault_db.scalars(select(FormProposal)).one()).information == {"cakap": (2.0, 3.0)}


def test_who_proposed_a_form_cannot_approve_it(vault_db, draft, now):
    with pytest.raises(OwnProposal):
        proposals.approve(vault_db, propose(vault_db, draft, now), "ani", NONCE, SIGNER, now)
    assert vault_db.scalars(select(PublishedForm)).all() == []


def test_a_double_click_publishes_one_form(vault_db, draft, now):
    proposal = propose(vault_db, draft, now)
    first = proposals.approve(vault_db, proposal, "budi", NONCE, SIGNER, now)
    again = proposals.approve(vault_db, proposal, "budi", bytes(32), SIGNER, now)
    assert (first, first.is_new, again.is_new) == (again, True, False)
    assert len(vault_db.scalars(select(PublishedForm)).all()) == 1


def test_what_was_sent_back_is_not_published(vault_db, draft, now):
    proposal = propose(vault_db, draft, now)
    proposals.send_back(vault_db, proposal, "budi", "Waktunya terlalu singkat.", now)
    with pytest.raises(Decided):
        proposals.approve(vault_db, proposal, "budi", NONCE, SIGNER, now)
    with pytest.raises(Decided):
        proposals.send_back(vault_db, proposal, "budi", "Lagi.", now)
    assert vault_db.get_one(ProposalDecision, proposal).reason == "Waktunya terlalu singkat."


def test_a_form_with_an_item_that_was_recalled_meanwhile_is_not_published(vault_db, draft, now):
    proposal = propose(vault_db, draft, now)
    stock.record(vault_db, NAMES[1], 1, Act.RECALL, "eka", now)
    with pytest.raises(Stale) as refused:
        proposals.approve(vault_db, proposal, "budi", NONCE, SIGNER, now)
    assert refused.value.item_ids == (NAMES[1],)
    assert vault_db.scalars(select(PublishedForm)).all() == []


def test_of_two_forms_with_items_for_one_the_first_is_published(vault_db, draft, now):
    one, two = (propose(vault_db, draft, now, most_exposure=1) for _ in range(2))
    proposals.approve(vault_db, one, "budi", NONCE, SIGNER, now)
    with pytest.raises(Stale):
        proposals.approve(vault_db, two, "budi", bytes(32), SIGNER, now)


def test_what_could_not_be_read_again_is_not_proposed(vault_db, draft, now):
    with pytest.raises(DraftRefused):
        proposals.propose(vault_db, msgspec.structs.replace(draft, keys=draft.keys[::-1]), "uji", Basis(), "ani", now)


def test_a_form_is_withdrawn_once_and_only_if_it_is_out(vault_db, draft, now):
    published = proposals.approve(vault_db, propose(vault_db, draft, now), "budi", NONCE, SIGNER, now)
    assert proposals.withdraw(vault_db, published.form_id, "budi", "Bocor.", now)
    assert not proposals.withdraw(vault_db, published.form_id, "cici", "Lagi.", now)
    assert vault_db.get_one(FormWithdrawal, published.form_id).who == "budi"
    with pytest.raises(NoResultFound):
        proposals.withdraw(vault_db, "0" * 64, "budi", "Tidak ada.", now)


def test_the_key_alone_changes_no_byte_of_what_is_shown(vault_db, draft, written, now):
    other = written("karier-demo")
    for item in other["items"]:
        codes = list(item["key"]["statements"].values())
        item["key"]["statements"] = dict(zip(item["key"]["statements"], codes[1:] + codes[:1], strict=True))
    changed = drafts.parse(canonical(other), "lain")
    one = proposals.approve(vault_db, propose(vault_db, draft, now), "budi", NONCE, SIGNER, now)
    two = proposals.approve(vault_db, propose(vault_db, changed, now), "budi", NONCE, SIGNER, now)
    forms = [vault_db.get_one(PublishedForm, each.form_id) for each in (one, two)]
    assert one.key_seal != two.key_seal
    assert forms[0].document == forms[1].document
