"""Another key for a form that is out: what fits, whose name it is in, and which of two counts as the newest."""

import msgspec
import pytest

from item_bank import calibrations, corrections, drafts, keys, proposals, signing
from item_bank.calibrations import Estimate, NewCalibration
from item_bank.corrections import Decided, Misfit, Outdated, OwnCorrection, Unchanged
from item_bank.forms import FormItem, PublishedForm
from item_bank.item_keys import RightOrWrong
from item_bank.signing import Signature, Signer

NONCE, SIGNER = bytes(range(32)), Signer(bytes(32))
WHY = "Kunci terbalik."


@pytest.fixture
def form(vault_db, now):
    """A form that is out."""
    draft = next(one for one in drafts.samples() if one.presentation.code == "literasi-demo")
    proposal = proposals.propose(vault_db, draft, "berkas", proposals.Basis(), "ani", now).proposal_id
    published = proposals.approve(vault_db, proposal, "budi", NONCE, SIGNER, now)
    return vault_db.get_one(PublishedForm, published.form_id)


def keys_in_force(db, form):
    return keys.key_of(db, corrections.newest(db, form.form_id)).items


def turned(db, form):
    """Correct the first item: another option is the right one."""
    first = keys_in_force(db, form)[0]
    other = next(name for name, worth in first.credit.items() if not worth)
    return corrections.with_right(db, form.form_id, first.id, other)


def proposed(db, form, now, nonce=NONCE):
    draft = corrections.corrected(db, form.form_id, turned(db, form))
    return corrections.propose(db, form.form_id, draft, WHY, "ani", nonce, now)


def test_an_approved_correction_is_the_newest_key_and_the_form_stays(vault_db, form, now):
    first, row = form.key_seal, proposed(vault_db, form, now)
    assert corrections.newest(vault_db, form.form_id) == first
    with pytest.raises(keys.NoSuchKey):
        keys.key_of(vault_db, row.key_seal)
    decision = corrections.approve(vault_db, row.correction_id, "budi", SIGNER, now)
    assert (corrections.newest(vault_db, form.form_id), form.key_seal, decision.n) == (row.key_seal, first, 1)
    assert decision.public_key is not None
    assert decision.signature is not None
    signature = Signature(decision.public_key, decision.signature)
    assert signing.holds_correction(form.form_id, first, row.key_seal, signature)
    assert not signing.holds(form.form_id, signature)
    assert corrections.approve(vault_db, row.correction_id, "cici", SIGNER, now) is decision


def test_who_proposed_it_is_no_second_person_and_what_was_sent_back_stays_so(vault_db, form, now):
    row = proposed(vault_db, form, now)
    with pytest.raises(OwnCorrection):
        corrections.approve(vault_db, row.correction_id, "ani", SIGNER, now)
    corrections.send_back(vault_db, row.correction_id, "budi", "Belum yakin.", now)
    for again in (
        lambda: corrections.approve(vault_db, row.correction_id, "budi", SIGNER, now),
        lambda: corrections.send_back(vault_db, row.correction_id, "budi", "Lagi.", now),
    ):
        with pytest.raises(Decided):
            again()


def test_of_two_made_from_one_key_only_the_first_is_approved(vault_db, form, now):
    first, second = proposed(vault_db, form, now), proposed(vault_db, form, now, bytes(32))
    assert first.key_seal != second.key_seal
    corrections.approve(vault_db, first.correction_id, "budi", SIGNER, now)
    with pytest.raises(Outdated):
        corrections.approve(vault_db, second.correction_id, "budi", SIGNER, now)


def test_the_same_correction_twice_corrects_nothing(vault_db, form, now):
    changed = turned(vault_db, form)
    draft = corrections.corrected(vault_db, form.form_id, changed)
    row = corrections.propose(vault_db, form.form_id, draft, WHY, "ani", NONCE, now)
    corrections.approve(vault_db, row.correction_id, "budi", SIGNER, now)
    with pytest.raises(Unchanged):
        corrections.corrected(vault_db, form.form_id, changed)


def test_what_would_be_another_form_is_refused(vault_db, form):
    first, second = keys_in_force(vault_db, form)[:2]
    for changed in (
        {"tidak-ada": first}, {first.id: second},
        {first.id: msgspec.structs.replace(first, construct=second.construct)},
    ):  # fmt: skip
        with pytest.raises(Misfit):
            corrections.corrected(vault_db, form.form_id, changed)
    with pytest.raises(Misfit):
        corrections.with_right(vault_db, form.form_id, first.id, "tidak-ada")


def test_a_calibration_speaks_for_the_items_that_it_has_estimates_of(vault_db, form, now):
    items = keys_in_force(vault_db, form)
    for position, key in enumerate(items, 1):
        vault_db.add(FormItem(form_id=form.form_id, position=position, item_id=key.id, version=1, calibration=""))
    new = NewCalibration("K-01", "calibrated", "gelombang 1", 1905, "0.1", now)
    told = {(key.id, 1): Estimate(a=1.7, b=(0.3,)) for key in items[:2]}
    calibrations.keep(vault_db, new, told, {(key.id, 1): key for key in items}, "ani", now)
    vault_db.flush()
    draft = corrections.corrected(vault_db, form.form_id, {}, "K-01")
    taken = [(key.a, key.b) for key in draft.keys[:2] if isinstance(key, RightOrWrong)]
    assert taken == [(1.7, 0.3)] * 2
    assert draft.keys[2:] == items[2:]
    assert draft.parameters == "assumed", "while two items keep what their author assumed"
    with pytest.raises(Misfit):
        corrections.corrected(vault_db, form.form_id, {}, "K-99")
