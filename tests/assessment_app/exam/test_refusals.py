"""What the hot calls refuse and in which words; what they never say. One store, because none of it depends on which."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from sqlalchemy import insert

from assessment_app.exam import hot_path
from assessment_app.exam.answer_log import log as answer_log
from assessment_app.exam.answer_log.saves import SaveFailed
from assessment_app.platform import clock, db
from assessment_app.scheduling.models import Form
from assessment_app.servers import exam
from tests import factories, stores
from tests.assessment_app.exam.browser import API, browser_of, first, forget, slug
from tests.assessment_app.exam.saves import let_go


@pytest.fixture(scope="module")
def lab(service_run, tmp_path_factory):
    """A server and a wave for all of these tests: what is refused leaves nothing behind."""
    folder = tmp_path_factory.mktemp("lab")
    with stores.opened(folder, stores.copied(stores.sqlite_template(service_run), folder)) as chosen:
        forget()
        app = exam.build(chosen)
        yield app, factories.stage(clock.now())
        let_go(app.answer_log._writer)


@pytest.fixture(scope="module")
def signed_in(lab):
    """The token of the first participant, at work on part 1."""
    app, stage = lab
    browser = browser_of(app, stage.nips[0], stage.pin)
    browser.sign_in()
    browser.agree()
    browser.start()
    return browser.token


@pytest.fixture
def working(lab, signed_in):
    app, stage = lab
    return browser_of(app, stage.nips[0], stage.pin, token=signed_in)


def test_without_a_token_nothing_is_saved(working, item):
    working.token = ""
    said = working.save([(1, item["id"], first(item))])
    assert (said.status_code, slug(said)) == (401, "not-signed-in")


def test_a_token_for_another_epoch_cannot_be_written(working, item):
    sitting_id, _, mac = working.token.split(".")
    working.token = f"{sitting_id}.2.{mac}"
    assert working.save([(1, item["id"], first(item))], epoch=2).status_code == 401


def test_a_batch_of_another_epoch_than_its_token_is_refused(working, item):
    assert slug(working.save([(1, item["id"], first(item))], epoch=2)) == "sitting-elsewhere"


def test_a_token_writes_to_its_own_sitting_only(working, item, lab):
    app, stage = lab
    other = browser_of(app, stage.nips[1], stage.pin, device="computer-2")
    other.sign_in()
    said = other.save([(1, item["id"], first(item))])
    assert (said.status_code, slug(said)) == (409, "not-started")
    assert working.start().json["answers"] == {}


def test_a_part_that_does_not_exist_is_not_found(working, item):
    assert slug(working.save([(1, item["id"], None)], n=9)) == "not-found"


def test_a_part_that_nobody_started_takes_nothing(working, item):
    assert slug(working.save([(1, item["id"], None)], n=2)) == "not-started"


def test_too_large_a_save_is_refused_unread(working):
    said = working.call("POST", "/answers", data=b" " * (64 * 1024 + 1))
    assert (said.status_code, slug(said)) == (413, "too-large")


@pytest.mark.parametrize("length", ["-1", "²", "1e3", "x"])
def test_a_length_that_is_no_number_is_invalid(working, length):
    assert slug(working.call("POST", "/answers", data=b"{}", headers={"Content-Length": length})) == "invalid"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"\xff", b"[]", b"null", b"[" * 60_000,
        b'{"attempt":1,"epoch":1,"changes":[]}',
        b'{"attempt":1,"epoch":1,"changes":[{"seq":0,"item":"a","response":null}]}',
        b'{"attempt":1,"epoch":1,"changes":[{"seq":1,"item":"","response":null}]}',
        b'{"attempt":1,"epoch":1,"changes":[{"seq":1099511627777,"item":"a","response":null}]}',
        b'{"attempt":1,"epoch":1,"changes":[{"seq":true,"item":"a","response":null}]}',
        b'{"attempt":1,"epoch":1,"changes":[{"seq":1,"item":"\\ud800","response":null}]}',
        b'{"attempt":1,"epoch":1,"changes":[{"seq":1,"item":"a","response":' + b"[" * 30_000 + b"]}]}",
        b'{"attempt":1,"epoch":1,"changes":[' + b",".join([b'{"seq":1,"item":"a","response":null}'] * 501) + b"]}",
    ],
)  # fmt: skip
def test_garbage_is_invalid_and_nothing_else(working, body):
    said = working.call("POST", "/answers", data=body)
    assert (said.status_code, slug(said)) == (400, "invalid")


def test_a_full_queue_sheds_the_save(working, item, monkeypatch):
    monkeypatch.setattr(answer_log, "MOST_WAITING", 0)
    said = working.save([(1, item["id"], first(item))])
    assert (said.status_code, slug(said), said.headers["Retry-After"]) == (503, "busy", "1")


def test_a_save_that_was_not_written_is_not_acknowledged(working, item, lab, monkeypatch):
    async def fail(_save):
        raise SaveFailed("the writer took too long")

    monkeypatch.setattr(lab[0].answer_log, "write", fail)
    said = working.save([(1, item["id"], first(item))])
    assert (said.status_code, said.headers["Retry-After"], "acked_seq" in said.json) == (503, "1", False)


def test_a_store_that_is_away_is_told_in_the_protocols_words(working, item, monkeypatch):
    for remembered in (hot_path._attempts, hot_path._places):
        remembered.cache_clear()
    monkeypatch.setitem(db._engines, "exam", db.engine_for("sqlite:////nowhere/exam.db"))
    said = working.save([(1, item["id"], first(item))])
    assert (said.status_code, slug(said), said.headers["Retry-After"]) == (503, "busy", "1")


@pytest.mark.parametrize(
    ("n", "epoch", "refusal"), [(1, 2, "sitting-elsewhere"), (2, 1, "not-started"), (9, 1, "not-found")]
)
def test_a_heartbeat_is_refused_as_a_save_is(working, n, epoch, refusal):
    assert slug(working.call("POST", "/heartbeat", {"attempt": n, "epoch": epoch})) == refusal


def test_content_is_packed_once_and_travels_packed(working):
    path = working.start().json["content"].removeprefix(API)
    packed = working.call("GET", path, headers={"Accept-Encoding": "gzip"})
    plain = working.call("GET", path)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data


def test_content_of_another_battery_does_not_exist(working):
    own = working.start().json["content"].rpartition("/")[2]
    with db.transaction() as session:
        form = session.get_one(Form, own)
        columns = {column.key: getattr(form, column.key) for column in Form.__table__.columns}
        session.execute(insert(Form).values(columns | {"form_id": "f" * 64}))
    assert slug(working.call("GET", f"/content/{'f' * 64}")) == "not-found"


def test_content_needs_a_token(working):
    path = working.start().json["content"].removeprefix(API)
    working.token = "1.1." + "0" * 32
    assert working.call("GET", path).status_code == 401


KEY_WORDS = {
    "key", "key_seal", "credit", "credits", "score", "scores", "weight", "correct", "rationale", "theta", "a", "b",
    "cuts", "loading", "mean", "psi", "construct", "parameters", "recipe", "nonce", "model", "level", "standing",
}  # fmt: skip


def members(value: object) -> set[str]:
    """Name every member of a document, however deep."""
    if isinstance(value, list):
        return set().union(*map(members, value))
    if isinstance(value, dict):
        return set(value).union(*map(members, value.values()))
    return set()


def test_no_answer_of_the_protocol_names_anything_of_a_key(lab):
    app, stage = lab
    browser = browser_of(app, stage.nips[2], stage.pin, device="computer-3")
    browser.walk()
    browser.call("GET", "/receipt")
    browser.call("GET", "/sitting")
    browser.save([(99, "no-such-item", None)])
    assert len(browser.heard) > 12
    found = set().union(*(members(json.loads(one)) for one in browser.heard if one))
    assert found & KEY_WORDS == set()


def test_no_option_shows_its_worth_by_its_name(working, items):
    for option in (option for item in items for option in item["options"]):
        assert re.fullmatch(r"[a-z]", option["id"])
