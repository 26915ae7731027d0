"""What was read otherwise than it was written: nothing in a list is changed without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assessment_app.people.rules.findings import Finding, repair

SPELT = {
    "name": ("Nama", "name_spelling"), "grade": ("Golongan", "grade_spelling"),
    "born": ("Tanggal lahir", "born_spelling"), "status": ("Status", "status_spelling"),
    "sex": ("Jenis kelamin", "sex_spelling"),
}  # fmt: skip


def repairs(written: Mapping[str, str], cells: Mapping[str, str], used: Mapping[str, str]) -> Iterator[Finding]:
    """Tell every field that was spelt anew.

    ``written`` holds the cells that were read otherwise than they stood, ``used`` what became of some fields: where
    that is not what the cell says, another finding has told why.
    """
    if (stood := written.get("nip", cells["nip"]).strip()) != used["nip"]:
        yield repair("nip", f"NIP tertulis {stood}; dibaca {used['nip']}.", "", kind="nip_spelling")
    for field, (column, kind) in SPELT.items():
        text, stood = cells.get(field, ""), written.get(field, "").strip()
        if stood and text == used.get(field, text) and not _sound(field, stood, text):
            yield repair(field, f"{column} tertulis '{stood}'; dibaca '{shown(field, text)}'.", "", kind=kind)


def shown(field: str, text: str) -> str:
    """Write a date as people do: the cells hold it as ISO."""
    return f"{text[8:10]}-{text[5:7]}-{text[:4]}" if field == "born" else text


def _sound(field: str, stood: str, text: str) -> bool:
    """Tell whether a cell may stand as it is: spaces around it and the usual way to write a day are no fault."""
    return stood == text or (field == "born" and stood == shown(field, text))
