"""A draft becomes a form once, by two people, or not at all, and no page shows a key on the way."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from assessment_app.accounts.rules import Actor, Role
from assessment_app.authoring.actions import forms as actions
from assessment_app.authoring.messages.uploads import Preview
from assessment_app.platform import db
from item_bank import presentation, proposals, signing
from item_bank.forms import FormProposal, FormSignature
from item_bank.signing import Signature, Signer
from tests.assessment_app.authoring.conftest import NOW


def secrets_of(draft):
    """Words that stand only in the key of a draft."""
    return [text for item in json.loads(draft)["items"] for text in item["key"]["rationale"].values()]


def test_a_draft_is_shown_as_participants_will_see_it(author, sample):
    draft = sample("literasi-demo")
    assert author.upload(draft).status_code == 200
    for item in json.loads(draft)["items"]:
        assert item["words"]["question"] in author.said
        assert item["words"]["options"][0]["text"] in author.said


@pytest.mark.parametrize("code", ["mansoskul-demo", "potensi-demo", "literasi-demo", "karier-demo"])
def test_a_preview_tells_nothing_of_the_key_and_keeps_nothing(author, sample, kept, code):
    draft = sample(code)
    author.upload(draft)
    assert author.preview
    assert not [text for text in secrets_of(draft) if text in author.said]
    assert kept() == ([], [], [])


def proposed(author, draft):
    """Propose a draft and give the address of the proposal."""
    author.upload(draft)
    return author.post("/bank/formulir/usulkan", pratinjau=author.preview).headers["Location"]


def test_a_proposal_that_a_second_person_publishes_becomes_form_key_and_rows_in_the_trail(author, other, sample, kept):
    path = proposed(author, sample("karier-demo"))
    assert kept()[:2] == ([], [])
    other.get(path)
    assert "Setujui dan terbitkan" in other.said
    answer = other.post(path + "/terbitkan")
    (form,), (key,), (published, sent) = kept()
    assert answer.headers["Location"] == f"/bank/formulir/{form.form_id}"
    assert form.key_seal == key.key_seal
    other.get(answer.headers["Location"])
    assert "sah, dengan kunci brankas" in other.said
    assert form.form_id == presentation.form_id(presentation.parse(form.document), key.key_seal)
    assert (published.action, published.subject) == ("form.publish", f"form:{form.form_id}")
    assert (sent.action, sent.detail["file"]) == ("form.propose", "karier.json")
    assert [entry.actor for entry in (sent, published)] == [f"account:{one.account}" for one in (author, other)]
    with db.transaction(db.VAULT, reads_only=True) as session:
        kept_signature = session.get_one(FormSignature, form.form_id)
        assert signing.holds(form.form_id, Signature(kept_signature.public_key, kept_signature.signature))


def test_who_proposed_a_form_cannot_publish_it(author, sample, kept):
    path = proposed(author, sample("karier-demo"))
    author.get(path)
    assert "Setujui dan terbitkan" not in author.said
    assert author.post(path + "/terbitkan").status_code == 409
    assert kept()[:2] == ([], [])


def test_a_proposal_tells_nothing_of_its_key(author, other, sample):
    draft = sample("literasi-demo")
    path = proposed(author, draft)
    other.get(path)
    assert not [text for text in secrets_of(draft) if text in other.said]


def test_a_proposal_is_sent_back_with_a_reason_and_is_never_published(author, other, sample, kept):
    path = proposed(author, sample("karier-demo"))
    other.get(path)
    assert other.post(path + "/kembalikan", alasan="pendek").status_code == 422
    assert other.post(path + "/kembalikan", alasan="Petunjuknya belum menyebut waktu.").status_code == 303
    assert other.post(path + "/terbitkan").status_code == 409
    author.get(path)
    assert "Dikembalikan oleh" in author.said
    assert "Petunjuknya belum menyebut waktu." in author.said
    assert kept()[:2] == ([], [])


def test_a_double_click_proposes_and_publishes_once(author, other, sample, kept):
    author.upload(sample("karier-demo"))
    sealed = author.preview
    paths = {author.post("/bank/formulir/usulkan", pratinjau=sealed).headers["Location"] for _ in range(2)}
    (path,) = paths
    other.get(path)
    first, again = (other.post(path + "/terbitkan") for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert [len(rows) for rows in kept()] == [1, 1, 2]


@pytest.mark.parametrize("store", ["sqlite", "postgres"], indirect=True)
def test_two_clicks_at_the_same_moment_propose_and_publish_once(author, other, sample, kept):
    preview = Preview(author.account, b"n" * 32, "karier.json", sample("karier-demo"))
    mine, second = (Actor(f"account:{one.account}") for one in (author, other))

    def propose(_):
        with db.transaction(db.VAULT) as session:
            return actions.propose(session, preview, mine, NOW)

    def approve(_):
        with db.transaction(db.VAULT) as session:
            return actions.approve(session, preview.proposal_id, second, b"k" * 32, Signer(bytes(32)), NOW)

    with ThreadPoolExecutor(4) as people:
        assert {*people.map(propose, range(4))} == {preview.proposal_id}
        outcomes = list(people.map(approve, range(4)))
    assert sorted(outcome.is_new for outcome in outcomes) == [False, False, False, True]
    assert [len(rows) for rows in kept()] == [1, 1, 2]


def test_the_same_file_previewed_again_warns_that_its_code_is_taken(author, other, sample, kept):
    for _ in range(2):
        path = proposed(author, sample("karier-demo"))
        other.get(path)
        other.post(path + "/terbitkan")
    author.upload(sample("karier-demo"))
    assert "Kode karier-demo sudah terbit" in author.said
    assert len(kept()[0]) == 2


def test_a_form_is_withdrawn_with_a_reason_by_who_may_and_says_so(author, other, sample, kept):
    path = proposed(author, sample("karier-demo"))
    other.get(path)
    form = other.post(path + "/terbitkan").headers["Location"]
    other.get(form)
    assert other.post(form + "/tarik", **{"alasan-tarik": "x"}).status_code == 422
    assert other.post(form + "/tarik", **{"alasan-tarik": "Satu butir bocor di media sosial."}).status_code == 303
    other.get(form)
    assert re.search(r"Ditarik .* oleh Niken Larasati: Satu butir bocor di media sosial\.", other.said)
    assert kept()[2][0].action == "form.withdraw"
    other.get("/bank/formulir")
    assert "pill--danger" in other.said


def test_a_broken_draft_tells_every_problem_and_leaves_nothing(author, sample, kept):
    draft = json.loads(sample("literasi-demo"))
    draft["items"][0]["words"]["options"][0]["id"] = "zz"
    draft["items"][1]["key"]["construct"] = "sihir"
    answer = author.upload(json.dumps(draft).encode())
    assert answer.status_code == 422
    assert "option &#39;zz&#39; has no place in the key" in author.said
    assert "the recipe has no scale &#39;sihir&#39;" in author.said
    assert "no item measures &#39;budaya&#39;" in author.said
    assert not author.preview
    assert kept() == ([], [], [])


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 100_000, b"PK\x03\x04", b"{}"])
def test_a_file_that_is_no_draft_is_told_as_such(author, content):
    assert author.upload(content).status_code == 422
    assert "not a draft form" in author.said


def test_a_file_must_be_chosen(author):
    assert author.upload(b"", name="").status_code == 400


def test_a_file_that_no_page_could_carry_is_refused(author, kept):
    assert author.upload(b" " * (2 * 1024 * 1024 + 1)).status_code == 413


def test_the_largest_draft_travels_through_its_preview(author, sample, kept):
    draft = sample("karier-demo")
    author.upload(draft + b" " * (2 * 1024 * 1024 - len(draft)))
    fields = {"_csrf": author.csrf, "pratinjau": author.preview}
    answer = author.client.post(
        "/bank/formulir/usulkan", data=fields, content_type="multipart/form-data"
    )  # as the page does
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == 303
    with db.transaction(db.VAULT, reads_only=True) as session:
        assert proposals.draft_of(session.query(FormProposal).one()).presentation.code == "karier-demo"


@pytest.mark.parametrize("spoil", [lambda sealed: "", lambda sealed: sealed[:-4] + "AAAA", lambda sealed: "é"])
def test_a_preview_that_is_not_ours_is_refused(author, sample, kept, spoil):
    author.upload(sample("karier-demo"))
    assert author.post("/bank/formulir/usulkan", pratinjau=spoil(author.preview)).status_code == 400
    assert kept() == ([], [], [])


def test_nobody_proposes_the_preview_of_another(author, sign_in, sample, kept):
    author.upload(sample("karier-demo"))
    other = sign_in(Role.ITEM_AUTHOR)
    other.get("/bank/formulir")
    assert other.post("/bank/formulir/usulkan", pratinjau=author.preview).status_code == 400
    assert kept() == ([], [], [])
