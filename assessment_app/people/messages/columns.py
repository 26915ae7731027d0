"""Which columns a list of people may have, and under which headers they are found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

HEADER_WITHIN = 40
"""Titles, logos and notes stand above the header in real sheets (domain.md 1.6)."""

COLUMNS = {
    "nip": ("NIP", "NIP BARU", "N I P", "NIP NI PPPK", "NIP NIPPPK", "NOMOR INDUK PEGAWAI"),
    "name": ("NAMA", "NAMA LENGKAP", "NAMA PEGAWAI", "NAMA ASN"),
    "unit": ("UNIT KERJA", "UNIT", "NAMA UNIT KERJA", "UNOR", "UNIT ORGANISASI", "SATUAN KERJA"),
    "parent_unit": ("UNIT INDUK", "OPD", "SKPD", "PERANGKAT DAERAH", "UNOR INDUK"),
    "title": ("JABATAN", "NAMA JABATAN"), "level": ("JENJANG", "JENJANG JABATAN"), "echelon": ("ESELON",),
    "grade": ("GOLONGAN", "GOL", "GOL RUANG", "GOLONGAN RUANG", "PANGKAT GOLONGAN", "PANGKAT GOL RUANG"),
    "status": ("STATUS", "STATUS PNS PPPK", "STATUS PEGAWAI", "STATUS KEPEGAWAIAN", "JENIS PEGAWAI"),
    "born": ("TANGGAL LAHIR", "TGL LAHIR"), "sex": ("JENIS KELAMIN", "JK", "L P", "KELAMIN"),
}  # fmt: skip
"""Fields and the headers under which they are found; the first is the one we write and speak of."""

STANDING = ("KEDUDUKAN", "KEDUDUKAN HUKUM", "KEDUDUKAN PNS", "STATUS KEDUDUKAN", "KETERANGAN", "KET", "CATATAN")
"""Where lists write who has retired, died or moved: read where it stands, and not asked for by our template."""

NEEDED = ("nip", "name", "unit", "title")
FIELD_OF = {header: field for field, headers in COLUMNS.items() for header in headers}
LISTED = {**FIELD_OF, **dict.fromkeys(STANDING, "standing")}
"""Headers of a list of people, with those that our template leaves out."""


def header_name(cell: object) -> str:
    """Write a header as headers are compared: its words in capitals."""
    return re.sub(r"[^A-Z]+", " ", str(cell).upper()).strip()


def match_header(cells: Iterable[object], known: Mapping[str, str] = FIELD_OF) -> dict[str, int]:
    """Find which column holds which field by the headers that are known; exact names first, then a slip of the pen."""
    names = [header_name(cell) for cell in cells]
    found: dict[str, int] = {}
    for position, name in ((at, name) for at, name in enumerate(names) if name in known):
        found.setdefault(known[name], position)
    for position, name in enumerate(names):
        close = get_close_matches(name, known, n=1, cutoff=0.85) if len(name) > 3 else []
        if close and position not in found.values():
            found.setdefault(known[close[0]], position)
    return found
