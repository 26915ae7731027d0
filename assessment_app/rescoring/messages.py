"""What comes in from the pages of other keys, and the words for what such a key would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assessment_app.platform.texts import mark

REASON_LEAST, REASON_MOST = 10, 500
"""Characters of a reason: fewer say nothing."""

SHORT_REASON = mark("Tulis alasan 10 sampai 500 karakter. Alasan ini tercatat bersama nama Anda.")

KIND_NAMES = {
    "": mark("Semua yang berubah"),
    "signed": mark("Sudah ditandatangani"),
    "levels": mark("Level kompetensi"),
    "match": mark("Kategori JPM"),
    "potential": mark("Kategori potensi"),
    "literacy": mark("Literasi digital"),
    "boxes": mark("Kotak"),
}
"""What people of a comparison can be narrowed to."""


@dataclass(frozen=True)
class Said:
    """Why somebody proposes, decides or turns down, and which comparison was on the screen."""

    reason: str
    seen: str
    fault: str = ""

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Said:
        """Read the form; space around and between words does not count."""
        reason = " ".join(form.get("alasan", "").split())
        is_long_enough = REASON_LEAST <= len(reason) <= REASON_MOST
        return cls(reason, form.get("dilihat", ""), "" if is_long_enough else SHORT_REASON)


NOTHING_SAID = Said("", "")
"""What stands in the field before anybody has written there."""


def kind_of(asked: str) -> str:
    """Read what people are narrowed to; what is not known is everything."""
    return asked if asked in KIND_NAMES else ""
