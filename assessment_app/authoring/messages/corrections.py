"""What is asked of a form's key: another right answer, corrected item keys of a file, or a calibration's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from assessment_app.authoring.messages.asked import Reason
from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _
from item_bank import corrections
from item_bank.item_keys import AnyItemKey

MOST_BYTES = 2_000_000

BAR = "|"
"""Between an item and its option, where a page sends both as one."""


@dataclass(frozen=True)
class Correction:
    """What is to be corrected, and why; of item and option either both are given or neither."""

    reason: Reason
    item_id: str = ""
    option: str = ""
    calibration: str = ""
    changed: Mapping[str, AnyItemKey] | None = None

    @classmethod
    def parse(cls, form: Mapping[str, str], files: Mapping[str, FileStorage]) -> Correction:
        """Read the form; refuses with Invalid a file that holds no item keys, and what asks for nothing."""
        item_id, _bar, option = form.get("jawaban", "").rpartition(BAR)
        calibration = form.get("kalibrasi", "").strip()
        file = files.get("berkas")
        changed = read_file(file.stream.read(MOST_BYTES + 1)) if file is not None and file.filename else None
        if not (item_id and option) and not calibration and not changed:
            raise Invalid("Pilih yang diperbaiki: jawaban benar satu butir, berkas kunci butir, atau kalibrasi.")
        return cls(Reason.parse(form), item_id, option if item_id else "", calibration, changed)


def read_file(content: bytes) -> dict[str, AnyItemKey]:
    """Read the item keys of a file; refuses with Invalid."""
    if len(content) > MOST_BYTES:
        raise Invalid("Berkas ini terlalu besar untuk kunci butir. Paling besar 2 MB.")
    try:
        return corrections.read_keys(content)
    except ValueError as error:
        raise Invalid(_("Berkas ini bukan daftar kunci butir (JSON): %(why)s", why=str(error))) from error
