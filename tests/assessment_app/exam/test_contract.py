"""The OpenAPI document: valid, whole, and nothing but what the server answers. No store, because it needs none."""

from __future__ import annotations

import json

import pytest
from openapi_spec_validator import validate

from assessment_app.exam import contract, messages
from assessment_app.exam.rules import Phase
from tests.assessment_app.exam import agreement
from tests.assessment_app.exam.browser import API, document, slug

on_one_store = pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
SELF = "/openapi.json"


def written() -> set[tuple[str, str]]:
    paths = json.loads(contract.written())["paths"]
    return {(method.upper(), API + path) for path, methods in paths.items() for method in methods}


def served(app) -> set[tuple[str, str]]:
    """What is routed under the protocol's address, as the document writes it; HEAD and OPTIONS are Flask's own."""
    found = set()
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(API):
            path = rule.rule.replace("<int:", "{").replace("<", "{").replace(">", "}")
            found |= {(method, path) for method in rule.methods - {"HEAD", "OPTIONS"}}
    return found


def test_the_document_is_valid_openapi():
    validate(json.loads(contract.written()))


@on_one_store
def test_every_route_stands_in_the_document_and_nothing_else(server):
    assert served(server) == written()


@on_one_store
def test_the_document_is_served_without_a_token(browser):
    said = browser.call("GET", SELF)
    assert (said.status_code, said.data) == (200, contract.written())


def test_every_call_but_two_wants_the_token():
    open_ones = [call.path for call in contract.CALLS if not call.signed]
    assert open_ones == ["/sign-in", SELF]


def test_every_problem_names_the_members_that_all_have():
    named = json.loads(contract.written())["components"]["schemas"]
    problem = named["problem.sitting-elsewhere"]
    assert problem["required"] == ["type", "title", "status", "detail"]
    assert problem["properties"]["type"] == {"const": "urn:pro-asn:problem:sitting-elsewhere"}


def test_no_pattern_is_written_as_python_alone_reads_it():
    assert r"\\Z" not in contract.written().decode()


def test_the_states_of_an_attempt_are_all_told():
    named = json.loads(contract.written())["components"]["schemas"]
    assert named["AttemptView"]["properties"]["state"]["enum"] == [phase.value for phase in Phase]


def said(**members: object) -> bytes:
    return json.dumps({"acked_seq": 1, "server_time": "2026-11-25T00:00:00.000Z", "remaining_ms": 5, "notices": [],
                       "rejected": []} | members).encode()  # fmt: skip


JSON = {"Content-Type": "application/json"}


def test_a_true_answer_agrees():
    agreement.check("POST", "/answers", 200, JSON, said())


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, JSON, said(key="b")),
        (200, JSON, said(acked_seq=-1)),
        (200, JSON, said(server_time="kemarin")),
        (200, JSON, said(notices=["early"])),
        (200, JSON, said(rejected=[{"seq": 1, "item": "a", "reason": "mood"}])),
        (200, {"Content-Type": "text/html"}, said()),
        (418, JSON, said()),
        (503, {"Content-Type": "application/problem+json"}, b"{}"),
    ],
)
def test_an_answer_outside_the_document_is_noticed(status, headers, body):
    with pytest.raises((AssertionError, ValueError)):
        agreement.check("POST", "/answers", status, headers, body)


def test_a_call_outside_the_document_is_noticed():
    with pytest.raises(AssertionError):
        agreement.check("GET", "/keys", 200, JSON, b"{}")


def test_the_limits_of_the_document_are_those_of_the_messages():
    changes = json.loads(contract.written())["components"]["schemas"]["AnswerBatch"]["properties"]["changes"]
    assert (changes["minItems"], changes["maxItems"]) == (1, messages.MOST_CHANGES)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/answers", "POST"), ("PUT", "/heartbeat", "POST"), ("POST", "/content/" + "0" * 64, "GET"),
     ("DELETE", "/sign-in", "POST"), ("POST", SELF, "GET")],
)  # fmt: skip
@on_one_store
def test_another_method_is_told_which_one_there_is(browser, method, path, allowed):
    refused = browser.call(method, path)
    assert (refused.status_code, slug(refused)) == (405, "refused")
    assert allowed in refused.headers["Allow"].split(", ")
    assert document(refused)["status"] == 405
