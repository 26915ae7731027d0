"""Names of people as lists write them: with degrees, titles and capitals of any kind."""

from __future__ import annotations

import re
import unicodedata

TITLES = frozenset({
    "h", "hj", "kh", "drs", "dra", "dr", "drg", "drh", "ir", "prof", "ust", "ustad", "ustadz", "haji", "hajjah", "tn",
    "ny", "nyonya", "bpk", "ibu", "alm", "almh",
})  # fmt: skip
"""Words before a name that are no part of it; after the first comma everything is a degree."""


def name_key(name: str) -> str:
    """Reduce a name to the words on which two lists must agree: without titles, degrees, apostrophes and accents.

    Single names stay single names. Two people may have one key: nobody is matched by it alone.
    """
    text = unicodedata.normalize("NFKD", name.casefold()).partition(",")[0]
    text = re.sub(r"['`´‘’“”\"\u0300-\u036f]", "", text)
    text = re.sub(r"(?<=\s)(?:[smad]|ph)\.[a-z]{1,6}\b\.?", " ", text)
    words = re.sub(r"[^a-z]+", " ", text).split()
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    return " ".join(words)
