"""The exam protocol written down as an OpenAPI 3.1 document, made from the messages that the calls read and answer.

What a call may say is listed here once; tests hold the routes and every answer of the server to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import msgspec

from assessment_app.exam import messages, refusals
from assessment_app.exam.messages import content_address, words
from assessment_app.exam.rules import Phase, SittingState, Standing
from assessment_app.platform import errors
from assessment_app.platform.errors import Refusal
from assessment_app.platform.gateway import TooSlow
from assessment_app.scheduling.queries import OtherBrowser
from item_bank.presentation import Presentation
from item_bank.responses import Reason

VERSION = "1.3.0"
"""Of the protocol. A change that a client of today would not survive gets another address."""

PREFIX = content_address("").removesuffix("/content/")

Schema: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One call: what it is sent, what it answers, and with which refusals."""

    method: str
    path: str
    does: str
    answers: type | None
    refuses: tuple[type[Refusal], ...]
    sends: type | None = None
    signed: bool = True


ALWAYS = (errors.Broken, errors.Busy)
SIGNED = (errors.Invalid, errors.NotSignedIn, *ALWAYS)
UPLOAD = (errors.TooLarge, TooSlow)
BODY = (*SIGNED, *UPLOAD)
OWNER = (refusals.SittingElsewhere, refusals.Locked, refusals.Paused)
OWNED, OWNED_BODY = (*SIGNED, *OWNER), (*BODY, *OWNER)
ATTEMPT = (errors.NotFound, refusals.NotStarted)

CALLS = (
    Call("post", "/sign-in", "Check NIP and PIN, and take or keep the device's ownership of the sitting.",
         messages.SignedIn,
         (errors.Invalid, refusals.WrongNipOrPin, refusals.NotBooked, OtherBrowser, *OWNER, errors.Closed,
          errors.TooEarly, errors.TooMany, *UPLOAD, *ALWAYS), messages.SignIn, signed=False),
    Call("get", "/sitting", "Say where the participant stands.", messages.SittingView, OWNED),
    Call("post", "/consent", "Keep the answer to the integrity pact and the privacy notice, with time and version.",
         None, (*OWNED_BODY, errors.Conflict), messages.ConsentGiven),
    Call("post", "/attempts/{n}/start", "Open an attempt. Its deadline is set once; a second call answers the same.",
         messages.Started,
         (*OWNED, errors.NotFound, errors.Conflict, refusals.NoConsent, errors.Closed, errors.TooEarly)),
    Call("get", "/content/{form}", "Give a form's presentation, immutable, to a sitting whose battery holds it.",
         Presentation, (*SIGNED, errors.NotFound)),
    Call("post", "/answers", "Save 1 to 500 changes of one attempt in one transaction, acknowledged after the commit.",
         messages.Saved, (*OWNED_BODY, *ATTEMPT), messages.AnswerBatch),
    Call("post", "/attempts/{n}/finish", "Close an attempt early, once every change up to last_seq has arrived.",
         messages.SittingView, (*OWNED_BODY, errors.NotFound, errors.Conflict, refusals.Unsaved), messages.Finish),
    Call("post", "/heartbeat", "Give a sign of life when nothing else was sent for 30 seconds.",
         messages.Saved, (*OWNED_BODY, *ATTEMPT), messages.Heartbeat),
    Call("post", "/assistance", "Call for a proctor, or take the call back.",
         words.Messages, (*OWNED_BODY, errors.TooMany), words.Assistance),
    Call("get", "/messages", "Give what the page has to show: the open call, and what a proctor wrote.",
         words.Messages, (*SIGNED, refusals.SittingElsewhere)),
    Call("get", "/messages/newest", "Number the newest thing to show, for a page whose saves and heartbeats do not.",
         words.NewestMessage, SIGNED),
    Call("post", "/messages/read", "Say that what a proctor wrote was read, up to a number.",
         None, (*BODY, refusals.SittingElsewhere), words.WasRead),
    Call("get", "/receipt", "Give the receipt after the last attempt was sealed.",
         messages.Receipt, (*SIGNED, errors.Conflict)),
    Call("get", "/openapi.json", "Give this document.", dict, ALWAYS, signed=False),
)  # fmt: skip

HELD = ("", refusals.Locked.slug, refusals.Paused.slug)

PATH_PARTS = {
    "n": {"description": "Which part of the battery.", "schema": {"type": "integer", "minimum": 1}},
    "form": {"description": "The form's name, a SHA-256.", "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"}},
}

IDS = {"type": "array", "items": {"type": "string"}}
RESPONSES = {
    "choice": {"type": "string", "description": "`choice`: one option id; `text`: what was written."},
    "number": {"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,10})?$", "description": "A decimal as text."},
    "choices": IDS | {"description": "`choices`, `hotspot`: ids, each once; `order`, `simulation`: ids in order."},
    "rating": {"type": "integer", "description": "A whole number on the item's scale."},
    "most_least": {
        "type": "object", "required": ["most", "least"], "additionalProperties": False,
        "properties": {"most": {"type": "string"}, "least": {"type": "string"}},
    },
    "cleared": {"type": "null", "description": "Clears the answer."},
    "other": {"description": "Anything else is answered with 200 and refused by item, among `rejected`."},
}  # fmt: skip

MEMBERS: Mapping[type[Refusal], Schema] = {
    errors.TooEarly: {"retry_after_ms": {"type": "integer", "minimum": 0}},
    refusals.Unsaved: {"acked_seq": {"type": "integer", "minimum": 0}},
}
"""What a problem carries beside the members that all of them have."""

RETRY_AFTER = {"description": "Seconds to wait.", "required": True, "schema": {"type": "integer", "minimum": 0}}
RETRIED = (errors.Busy, errors.TooMany, errors.TooEarly)
CONTENT_HEADERS = {
    "ETag": {"description": "The form's name.", "required": True, "schema": {"type": "string"}},
    "Content-Encoding": {"description": "gzip for whoever accepts it.", "schema": {"const": "gzip"}},
}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _problem(kind: type[Refusal]) -> Schema:
    members = MEMBERS.get(kind, {})
    properties = {
        "type": {"const": f"urn:pro-asn:problem:{kind.slug}"},
        "title": {"type": "string", "description": "A short Indonesian sentence for the participant."},
        "status": {"const": kind.status}, "detail": {"type": "string"}, **members,
    }  # fmt: skip
    return {"type": "object", "description": kind.__doc__, "required": list(properties), "properties": properties}


def _refused(kinds: Iterable[type[Refusal]]) -> Schema:
    listed = list(kinds)
    schemas = [_reference(f"problem.{slug}") for slug in sorted({kind.slug for kind in listed})]
    answer: Schema = {
        "description": " ".join(sorted({str(kind.__doc__) for kind in listed})),
        "content": {"application/problem+json": {"schema": schemas[0] if len(schemas) == 1 else {"oneOf": schemas}}},
    }
    return answer | ({"headers": {"Retry-After": RETRY_AFTER}} if any(kind in RETRIED for kind in listed) else {})


def _answered(call: Call, schemas: Mapping[type, Schema]) -> Schema:
    if call.answers is None:
        return {"204": {"description": "Kept."}}
    answer = {"description": "Done.", "content": {"application/json": {"schema": schemas[call.answers]}}}
    return {"200": answer | ({"headers": CONTENT_HEADERS} if call.answers is Presentation else {})}


def _operation(call: Call, schemas: Mapping[type, Schema]) -> Schema:
    refused = {
        str(status): _refused(kind for kind in call.refuses if kind.status == status)
        for status in sorted({kind.status for kind in call.refuses})
    }
    named = [part.strip("{}") for part in call.path.split("/") if part.startswith("{")]
    given = [{"name": name, "in": "path", "required": True, **PATH_PARTS[name]} for name in named]
    sent = {"required": True, "content": {"application/json": {"schema": schemas[call.sends]}}} if call.sends else None
    return {
        "summary": call.does, "operationId": f"{call.method}{call.path.translate(str.maketrans('/.', '__', '{}'))}",
        **({"parameters": given} if given else {}), **({"requestBody": sent} if sent else {}),
        "responses": _answered(call, schemas) | refused, **({} if call.signed else {"security": []}),
    }  # fmt: skip


def _portable(value: Any) -> Any:
    r"""Write patterns as JSON Schema does: Python's ``\Z`` is ``$`` there."""
    if isinstance(value, dict):
        return {name: _portable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_portable(inner) for inner in value]
    return value.replace(r"\Z", "$") if isinstance(value, str) else value


def _say_more(named: Schema) -> None:
    """Say what the messages leave to rules and items: which words a member may hold."""
    words: list[tuple[str, str, Iterable[str]]] = [
        ("SittingView", "state", SittingState), ("NewestMessage", "held", HELD), ("AttemptView", "state", Phase),
        ("Rejected", "reason", [*Reason, messages.SEQ_TAKEN]),
    ]  # fmt: skip
    for message, member, known in words:
        named[message]["properties"][member]["enum"] = [str(word) for word in known]
    late = [Standing.LATE.name.lower(), Standing.ASIDE.name.lower()]
    named["Saved"]["properties"]["notices"]["items"] = {"enum": late}
    named["Response"] = {"description": "An answer, by the kind of its item.", "anyOf": list(RESPONSES.values())}


def document() -> Schema:
    """Make the OpenAPI document of the exam protocol."""
    spoken = sorted(
        {kind for call in CALLS for kind in (call.sends, call.answers) if kind}, key=lambda kind: kind.__name__
    )
    schemas, named = msgspec.json.schema_components(spoken, ref_template="#/components/schemas/{name}")
    _say_more(named)
    kinds = {kind.slug: kind for call in CALLS for kind in call.refuses}
    named |= {f"problem.{slug}": _problem(kind) for slug, kind in sorted(kinds.items())}
    paths: Schema = {}
    for call in CALLS:
        paths.setdefault(call.path, {})[call.method] = _operation(call, dict(zip(spoken, schemas, strict=True)))
    made: Schema = _portable({
        "openapi": "3.1.0", "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {"title": "Pro ASN exam protocol", "version": VERSION, "description": str(__doc__),
                 "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "servers": [{"url": PREFIX}], "security": [{"sitting": []}], "paths": paths,
        "components": {
            "schemas": named,
            "securitySchemes": {"sitting": {"type": "http", "scheme": "bearer", "description": "From sign-in."}},
        },
    })  # fmt: skip
    return made


@cache
def written() -> bytes:
    """Give the document as it is served."""
    return msgspec.json.encode(document())
