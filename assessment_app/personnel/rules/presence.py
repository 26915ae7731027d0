"""R10: who was absent from a wave without a reason. A question to the unit, never a consequence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assessment_app.personnel.rules.basis import Basis, months_between
from assessment_app.personnel.rules.lists import Lists
from assessment_app.personnel.rules.paying import MEDIUM, Seen
from assessment_app.personnel.rules.readings import day_words
from assessment_app.personnel.rules.records import Found, RuleId, Side


def unconfirmed(lists: Lists, basis: Basis) -> Iterator[Seen]:
    """R10: paid, absent from the newest wave without reason, no other sign of life within the months of the rule."""
    for person, _pay in lists.paid():
        absence = (lists.absences or {}).get(person.nip)
        if absence is None or person.absence_reason:
            continue
        signs = [("login MyASN", person.last_login), ("presensi", person.last_presence)]
        if any(_is_recent(seen, lists.personnel.day, basis.absence_months) for _, seen in signs):
            continue
        said = (
            "; ".join(f"{what}: {day_words(seen)}" for what, seen in signs if seen)
            or "login dan presensi: tidak ada data"
        )
        yield Found(
            RuleId.R10, MEDIUM, person.nip, person.name, person.unit, lists.of_person(person, said),
            Side(f"tidak hadir: {absence.wave}", "Gelombang penilaian", absence.on), "Perlu konfirmasi keberadaan.",
            "Minta atasan langsung memastikan keberadaannya. Tidak hadir saja bukan dasar menahan gaji.",
            (person.nip, absence.wave_id),
        )  # fmt: skip


def _is_recent(seen: date | None, today: date, months: int) -> bool:
    return seen is not None and months_between(seen, today) < months
