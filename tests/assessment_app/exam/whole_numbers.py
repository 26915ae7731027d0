"""A hook of schemathesis: 338.0 is an integer to JSON Schema, and to no reader of whole numbers."""

from __future__ import annotations

from typing import Any

import schemathesis


def whole(value: Any) -> Any:
    """Write whole numbers as such, however deep."""
    if isinstance(value, dict):
        return {name: whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@schemathesis.hook
def map_body(_context: object, body: Any) -> Any:
    """Take a body before it is sent."""
    return whole(body)
