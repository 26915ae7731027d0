"""The texts that came with this release."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from assessment_app.reports.rules.content import Texts

VERSION = "2026-1"
"""The texts that new reports are written with; an issued report keeps those that it was written with."""


@cache
def texts() -> Texts:
    """Read the texts; once per process."""
    kept = files("assessment_app.reports").joinpath("texts", f"{VERSION}.json")
    return msgspec.json.decode(kept.read_bytes(), type=Texts)
