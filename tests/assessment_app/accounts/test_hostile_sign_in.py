"""Attacks on the way in: many passwords, one code in two hands, addresses that lead elsewhere."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from assessment_app.accounts import actions, queries
from assessment_app.accounts.messages import Visit
from assessment_app.accounts.queries import step_of
from assessment_app.accounts.rules import Proof, Step
from assessment_app.platform.db import transaction
from tests.assessment_app.accounts.conftest import PASSWORD, VISIT

THIEF = Visit("10.0.0.9", "?")
TOO_OFTEN = "Terlalu sering mencoba"


def half_way(now):
    """Give the password as an authenticated thief or owner would; gives the number of the session."""
    with transaction(reads_only=True) as db:
        stored = queries.password_hash_of(db, "dewi")
    proof = queries.prove(stored, PASSWORD)
    with transaction() as db:
        return actions.sign_in(db, "dewi", proof, True, THIEF, now.time).token


def together(count, act):
    """Let several act at the same moment."""
    start = Barrier(count)

    def run(number):
        start.wait()
        return act(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def hold(monkeypatch, count):
    """Keep each request between reading the session and locking the account until all have come so far."""
    reached, original = Barrier(count), queries.half_way

    def slow(*asked):
        found = original(*asked)
        reached.wait()
        return found

    monkeypatch.setattr(queries, "half_way", slow)


@pytest.fixture
def enrolled(dewi, person, now):
    person.sign_in("dewi")
    now.passes(minutes=1)
    return person


@pytest.mark.parametrize("urls", ["postgres"], indirect=True)
def test_a_code_in_two_hands_at_once_opens_one_door(enrolled, now, monkeypatch):
    tokens, code = [half_way(now) for _ in range(2)], enrolled.code()
    hold(monkeypatch, 2)

    def give(number):
        with transaction() as db:
            return actions.pass_code(db, tokens[number], code, VISIT, now.time).step

    assert sorted(together(2, give)) == [Step.DONE, Step.REFUSED]


@pytest.mark.parametrize("urls", ["postgres"], indirect=True)
def test_wrong_codes_at_once_are_all_counted(enrolled, now, dewi, account_of, monkeypatch):
    tokens = [half_way(now) for _ in range(4)]
    assert step_of(enrolled.secret, "000000", now.time) is None
    hold(monkeypatch, 4)

    def give(number):
        with transaction() as db:
            return actions.pass_code(db, tokens[number], "000000", VISIT, now.time).step

    together(4, give)
    assert account_of(dewi).failed_count == 4


@pytest.mark.parametrize("name", ["dewi", "hantu"])
def test_the_thirty_first_password_for_a_name_in_a_minute_is_not_looked_at(dewi, person, monkeypatch, name):
    monkeypatch.setattr(queries, "prove", lambda _stored, _typed: Proof(None))  # a slow hash 30 times over
    assert {person.give_password(name, "salah sekali").status_code for _ in range(30)} == {422}
    monkeypatch.setattr(queries, "prove", lambda *_: pytest.fail("computed a hash"))
    refused = person.give_password(f" {name.upper()} ", kept="", next="/gelombang")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert TOO_OFTEN in person.said
    assert person.hidden("next") == "/gelombang"


def test_an_address_that_tries_many_names_is_held_back_too(store, person, monkeypatch):
    monkeypatch.setattr(queries, "prove", lambda _stored, _typed: Proof(None))
    person.get("/masuk")
    tried = [person.post("/masuk", name=f"nama.{n}", password="salah").status_code for n in range(121)]
    assert tried == [422] * 120 + [429]


def test_a_password_is_not_guessed_endlessly_at_the_second_factor_either(enrolled, monkeypatch):
    monkeypatch.setattr(queries, "prove", lambda _stored, _typed: Proof(None))
    enrolled.get("/akun/faktor-kedua")
    tried = [enrolled.post("/akun/faktor-kedua", password="salah").status_code for _ in range(31)]
    assert tried[0] == 422
    assert tried[-1] == 429


@pytest.mark.parametrize(
    "referer", ["http://[", "//[x", "https://jahat.example//elsewhere", "\\", "javascript:alert(1)"]
)
def test_an_address_that_cannot_be_read_leads_to_the_front_page(dewi, person, referer):
    person.get("/masuk")
    answer = person.client.post("/gelombang/baru", data={"_csrf": person.csrf}, headers={"Referer": referer})
    assert answer.status_code == 401
    assert re.findall(r'name="next" value="([^"]*)"', answer.get_data(as_text=True))[-1] in ("/", "")


@pytest.mark.parametrize("host", ["jahat.example", "jahat.example:80@x"])
def test_no_address_is_written_with_the_host_that_the_asker_names(dewi, person, host):
    headers = {"Host": host, "X-Forwarded-Host": host}
    for path in ("/", "/gelombang", "/akun", "/masuk", "/akun/"):
        answer = person.client.get(path, headers=headers)
        assert "jahat" not in answer.headers.get("Location", "") + answer.get_data(as_text=True), path


def test_a_form_of_ten_megabytes_is_not_taken_as_parts(store, person):
    person.get("/masuk")
    data = {"_csrf": person.csrf, "name": "x" * 10_000_000, "berkas": (io.BytesIO(b"x"), "x")}
    answer = person.client.post("/masuk", data=data)
    answer.request.environ["wsgi.input"].close()  # a large one is a file, which the test client leaves open
    assert answer.status_code == 413
