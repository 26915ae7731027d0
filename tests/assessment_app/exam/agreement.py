"""Whether what a server answered stands in its OpenAPI document: nothing of it may be missing there, however small."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema_rs

from assessment_app.exam import contract


def closed(schema: Any) -> Any:
    """Allow in an object only the members that its schema names; clients must bear new ones, this test must not."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(inner) for name, inner in schema.items()}
    if schema.get("type") == "object" and isinstance(schema.get("properties"), dict):
        made.setdefault("additionalProperties", False)
    return made


@cache
def written() -> dict[str, Any]:
    """Read the document as it is served."""
    read: dict[str, Any] = json.loads(contract.written())
    return read


@cache
def paths() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Give what recognises each path of the document."""
    return tuple((re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), path) for path in written()["paths"])


@cache
def validator(schema: str) -> jsonschema_rs.Validator:
    """Compile a schema that may refer to the document's components."""
    whole = {"components": closed(written()["components"]), **json.loads(schema)}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def check(method: str, path: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Fail when an answer is not in the document; a path that is not there may only be refused as such."""
    known = next((name for pattern, name in paths() if pattern.fullmatch(path)), None)
    operation = written()["paths"].get(known, {}).get(method.lower())
    if operation is None:
        assert status in (404, 405), f"{method} {path} answers {status} and is not in the document"
        return
    said = operation["responses"].get(str(status))
    assert said is not None, f"{method} {path} answers {status}, which is not in the document"
    for name, rule in said.get("headers", {}).items():
        assert name in headers or not rule.get("required"), f"{method} {path} answers {status} without {name}"
    kind = headers.get("Content-Type", "").partition(";")[0]
    assert kind in said.get("content", {"": None}), f"{method} {path} answers {status} as {kind or 'nothing'}"
    if kind:
        validator(json.dumps(said["content"][kind]["schema"])).validate(json.loads(body))
