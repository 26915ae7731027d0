"""What reports say of competencies, pillars and aspects: texts by version, the same for everybody. Pure.

The texts are the platform's own suggestions, not those of a regulation and not adopted by an agency: reports say so.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["Penugasan", "Mentoring", "Pelatihan"]


class Activity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that develops somebody, and how many months it takes."""

    kind: Kind
    months: int
    text: str


class Activities(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to do by distance: at the border of the required level, one level below it, further below."""

    steady: tuple[Activity, ...]
    one: tuple[Activity, ...]
    more: tuple[Activity, ...]


class Competency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody does on levels 1 to 5, as a phrase; what to do to reach level 1 or 2, and 3 to 5."""

    levels: tuple[str, str, str, str, str]
    basic: Activities
    advanced: Activities

    def activities(self, level: int) -> Activities:
        """Give what leads to a level."""
        return self.basic if level <= 2 else self.advanced


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pillar of digital literacy or an aspect of potential: as a strength, as something to develop, and how."""

    strength: str
    area: str
    activity: Activity


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"schema_name": "schema"}):
    """All texts of one version, by the codes of what is measured."""

    schema_name: Literal["proasn/report-texts/1"]
    version: str
    competencies: dict[str, Competency]
    pillars: dict[str, Part]
    aspects: dict[str, Part]
