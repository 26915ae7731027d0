"""A draft becomes a form once, or not at all, and no page shows a key on the way."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from assessment_app.accounts.rules import Actor, Role
from assessment_app.authoring import actions
from assessment_app.authoring.messages import Preview
from assessment_app.platform import db
from item_bank import presentation
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


def test_a_preview_that_is_published_becomes_form_key_and_a_row_in_the_trail(author, sample, kept):
    author.upload(sample("karier-demo"))
    answer = author.post("/bank/terbitkan", pratinjau=author.preview)
    (form,), (key,), (entry,) = kept()
    assert answer.headers["Location"] == f"/bank/{form.form_id}"
    assert form.key_seal == key.key_seal
    assert form.form_id == presentation.form_id(presentation.parse(form.document), key.key_seal)
    assert (entry.action, entry.subject) == ("form.publish", f"form:{form.form_id}")
    assert entry.actor == f"account:{author.account}"
    assert entry.detail["file"] == "karier.json"


def test_a_double_click_publishes_once(author, sample, kept):
    author.upload(sample("karier-demo"))
    sealed = author.preview
    first = author.post("/bank/terbitkan", pratinjau=sealed)
    again = author.post("/bank/terbitkan", pratinjau=sealed)
    assert first.headers["Location"] == again.headers["Location"]
    assert [len(rows) for rows in kept()] == [1, 1, 1]


@pytest.mark.parametrize("store", ["sqlite", "postgres"], indirect=True)
def test_two_clicks_at_the_same_moment_publish_once(author, sample, kept):
    preview = Preview(author.account, b"n" * 32, "karier.json", sample("karier-demo"))
    by = Actor(f"account:{author.account}")

    def click(_):
        with db.transaction(db.VAULT) as session:
            return actions.publish(session, preview, by, NOW)

    with ThreadPoolExecutor(4) as people:
        outcomes = list(people.map(click, range(4)))
    assert sorted(outcome.is_new for outcome in outcomes) == [False, False, False, True]
    assert [len(rows) for rows in kept()] == [1, 1, 1]


def test_the_same_file_previewed_again_warns_that_its_code_is_taken(author, sample, kept):
    author.upload(sample("karier-demo"))
    author.post("/bank/terbitkan", pratinjau=author.preview)
    author.upload(sample("karier-demo"))
    assert "Kode karier-demo sudah terbit" in author.said
    author.post("/bank/terbitkan", pratinjau=author.preview)
    assert len(kept()[0]) == 2


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
    answer = author.client.post("/bank/terbitkan", data=fields, content_type="multipart/form-data")  # as the page does
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == 303
    assert len(kept()[0]) == 1


@pytest.mark.parametrize("spoil", [lambda sealed: "", lambda sealed: sealed[:-4] + "AAAA", lambda sealed: "é"])
def test_a_preview_that_is_not_ours_is_refused(author, sample, kept, spoil):
    author.upload(sample("karier-demo"))
    assert author.post("/bank/terbitkan", pratinjau=spoil(author.preview)).status_code == 400
    assert kept() == ([], [], [])


def test_nobody_publishes_the_preview_of_another(author, sign_in, sample, kept):
    author.upload(sample("karier-demo"))
    other = sign_in(Role.ITEM_AUTHOR)
    other.get("/bank")
    assert other.post("/bank/terbitkan", pratinjau=author.preview).status_code == 400
    assert kept() == ([], [], [])
