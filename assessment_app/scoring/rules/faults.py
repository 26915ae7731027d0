"""Why something cannot be scored or profiled before a person has acted. Pure."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from scoring_engine.canonical import digest


class Reason(StrEnum):
    """Why something cannot be scored or profiled before a person has acted; ``progress`` says it in words."""

    NO_SHEET = "no_sheet"
    CHANGED_SHEET = "changed_sheet"
    OTHER_KEY = "other_key"
    NO_KEY = "no_key"
    BROKEN_KEY = "broken_key"
    NO_PARAMETERS = "no_parameters"
    UNKNOWN_ANSWER = "unknown_answer"
    NO_RULES = "no_rules"
    NO_STANDARD = "no_standard"


def fault_of_sheet(
    attempt_id: int, body: bytes, sha256: str, key_seals: tuple[str, str]
) -> tuple[Reason, str] | None:  # fmt: skip
    """Say what is wrong with a sealed sheet: it is no longer what was sealed, or it names another key than its form.

    ``key_seals`` are those of the sheet's row and of its form.
    """
    if digest(body) != sha256:
        return Reason.CHANGED_SHEET, f"the sheet does not have the hash {sha256} under which it was sealed"
    named = msgspec.json.decode(body, type=Named)
    if named.attempt != attempt_id or {named.key_seal, *key_seals} != {named.key_seal}:
        return (
            Reason.OTHER_KEY,
            f"the sheet is of attempt {named.attempt} and key {named.key_seal}, its form has another",
        )
    return None


class Named(msgspec.Struct):
    """What a sheet says that it belongs to."""

    attempt: int
    key_seal: str
