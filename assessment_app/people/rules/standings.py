"""What *kedudukan* and remarks say of somebody: active, retired, deceased, moved away."""

from __future__ import annotations

import re
from enum import StrEnum

from assessment_app.people.rules.posts import plain


class Standing(StrEnum):
    """What *kedudukan* says of a person, reduced to what it means for pay and for an assessment."""

    ACTIVE = "active"
    MPP = "mpp"
    UNPAID_LEAVE = "unpaid_leave"
    SUSPENDED = "suspended"
    MOVED = "moved"
    RETIRED = "retired"
    STOPPED = "stopped"
    DECEASED = "deceased"
    NOT_SAID = "not_said"
    UNKNOWN = "unknown"


STANDINGS = (
    (r"meninggal|wafat|tewas|gugur|almarhum|\balm\b", Standing.DECEASED),
    (r"\bmpp\b|persiapan pensiun|bebas tugas", Standing.MPP),
    (r"pensiun", Standing.RETIRED),
    (r"cltn|luar tanggungan", Standing.UNPAID_LEAVE),
    (r"pindah|mutasi keluar|mutasi instansi", Standing.MOVED),
    (r"pemberhentian sementara|diberhentikan sementara|skorsing", Standing.SUSPENDED),
    (r"berhenti|diberhentikan|pemberhentian|putus|mengundurkan|tidak aktif|non ?aktif|\bptdh\b|kontrak habis",
     Standing.STOPPED),
    (r"aktif|tugas belajar|\bcpns\b|\bcalon\b|diperbantukan|dipekerjakan|dpk|dpb|pejabat negara|cuti|hukuman disiplin",
     Standing.ACTIVE),
)  # fmt: skip
"""Words of a kedudukan and what they mean, the first that is found; the ids of SIASN are not public (domain.md 16)."""


def read_standing(text: str) -> Standing:
    """Read a kedudukan; what is not understood is UNKNOWN and never taken for active."""
    words = plain(text)
    if not words:
        return Standing.NOT_SAID
    return next((meaning for pattern, meaning in STANDINGS if re.search(pattern, words)), Standing.UNKNOWN)
