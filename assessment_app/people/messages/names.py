"""Names of people in one spelling: capitals and commas; who somebody is stays as it was written."""

from __future__ import annotations

import re

TITLES = {"h": "H.", "hj": "Hj.", "drs": "Drs.", "dra": "Dra.", "ir": "Ir.", "prof": "Prof.", "dr": "Dr.", "kh": "KH."}

DEGREES = {
    re.sub(r"\W", "", degree).casefold(): degree
    for degree in (
        "A.Md.", "A.Md.Keb.", "A.Md.Kep.", "A.Ma.Pd.", "S.A.P.", "S.Ag.", "S.E.", "S.Farm.", "S.Gz.", "S.H.", "S.Hut.",
        "S.I.P.", "S.IP.", "S.Kep.", "S.Kom.", "S.KM.", "S.P.", "S.Pd.", "S.Pd.I.", "S.Pi.", "S.Psi.", "S.Pt.", "S.Si.",
        "S.Sos.", "S.STP.", "S.T.", "S.Tr.", "S.Th.", "M.AP.", "M.A.", "M.Ec.Dev.", "M.Eng.", "M.Farm.", "M.H.",
        "M.Hum.", "M.Kes.", "M.Kom.", "M.M.", "M.P.", "M.Pd.", "M.Psi.", "M.Sc.", "M.Si.", "M.Sos.", "M.T.", "Ns.",
        "Sp.A.", "Sp.PD.", "Ak.", "CA.", "Ph.D.",
    )
}  # fmt: skip
"""Degrees as they are written, by their letters."""


SHORTEST = 3
"""Letters of the shortest name whose capitals are looked at: with fewer they may be initials."""


def spell_name(text: str) -> str:
    """Write a name with ordinary capitals, and its degrees behind commas; what is written well stays as it is."""
    name, *degrees = re.split(r"\s*,+\s*", text.strip(" ,"))
    words = [word for word in name.split() if word.casefold().strip(".") not in TITLES]
    letters = re.sub(r"[^A-Za-z]", "", "".join(words))
    odd = len(letters) >= SHORTEST and (letters.isupper() or letters.islower())
    spelt = " ".join(_word(word, odd=odd) for word in name.split())
    return ", ".join([spelt, *(_degree(one) for piece in degrees for one in _apart(piece) if one)])


def _word(word: str, *, odd: bool) -> str:
    bare = word.casefold().strip(".")
    if bare in TITLES:
        physician = bare == "dr" and word.startswith("d")  # a doctor of medicine has a small letter
        return word if physician or word.strip(".") == TITLES[bare].strip(".") else TITLES[bare]
    if not odd or re.fullmatch(r"I{2,3}|IV", word):
        return word
    if "." in word and _letters(word) in DEGREES:
        return _degree(word)
    return "-".join(part.capitalize() for part in word.split("-"))


def _apart(piece: str) -> list[str]:
    """Part degrees that only a space parts, if all of them are known."""
    parts = piece.split()
    return parts if all(_letters(part) in DEGREES for part in parts) else [piece]


def _degree(written: str) -> str:
    known = DEGREES.get(_letters(written), written)
    same = re.sub(r"\W", "", known) == re.sub(r"\W", "", written)
    return written if same else known


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()
