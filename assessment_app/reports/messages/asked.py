"""Which people of a list somebody wants to see, and whom an address names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from assessment_app.platform.asked import uuid_of
from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.reports.messages.words import STATES

MOST_LETTERS = 80

_NUMBER = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
MOST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class Wanted:
    """Which people the reader wants to see; empty means all."""

    REPLACED: ClassVar[str] = "replaced"

    state: str = ""
    unit: str = ""
    session_id: UUID | None = None
    name: str = ""

    @classmethod
    def parse(cls, asked: Mapping[str, str]) -> Wanted:
        """Read the filters of an address; what is unknown is none."""
        state = asked.get("keadaan", "")
        unit, name = ("".join(filter(str.isprintable, asked.get(field, ""))) for field in ("unit", "cari"))
        return cls(
            state if state in STATES else "", unit, uuid_of(asked.get("sesi", "")),
            " ".join(name.split())[:MOST_LETTERS],
        )  # fmt: skip

    def address(self) -> dict[str, str]:
        """Write the filters for links that keep them."""
        given = {"keadaan": self.state, "unit": self.unit, "sesi": str(self.session_id or ""), "cari": self.name}
        return {name: value for name, value in given.items() if value}


def people(values: Iterable[str], most: int) -> Sequence[int]:
    """Read the sittings that an address or a form names, each once and in its order; refuses with Invalid."""
    found = list(dict.fromkeys(values))
    if len(found) > most:
        raise Invalid(_("Paling banyak %(most)s orang sekaligus.", most=most))
    if not all(_NUMBER.fullmatch(one) and int(one) <= MOST_NUMBER for one in found):
        raise Invalid
    return [int(one) for one in found]
