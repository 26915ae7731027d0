"""Units that may be one: the same words in another spelling, an abbreviation, a slip of the pen (domain.md 14).

Capitals, dots and spaces do not make two units of one. Everything else is asked: a wrong merge mixes two units'
people, and nobody would see it afterwards.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SHORT = {
    "dinkes": "dinas kesehatan", "disdik": "dinas pendidikan", "disdikbud": "dinas pendidikan kebudayaan",
    "dinsos": "dinas sosial", "dishub": "dinas perhubungan", "diskominfo": "dinas komunikasi informatika",
    "kominfo": "komunikasi informatika", "disnaker": "dinas tenaga kerja", "disdag": "dinas perdagangan",
    "disperindag": "dinas perindustrian perdagangan", "dispora": "dinas pemuda olahraga",
    "dispar": "dinas pariwisata", "distan": "dinas pertanian", "disbun": "dinas perkebunan",
    "dishut": "dinas kehutanan", "dlh": "dinas lingkungan hidup",
    "disdukcapil": "dinas kependudukan pencatatan sipil", "dukcapil": "kependudukan pencatatan sipil",
    "dpmptsp": "dinas penanaman modal pelayanan terpadu satu pintu", "dpmd": "dinas pemberdayaan masyarakat desa",
    "dpupr": "dinas pekerjaan umum penataan ruang", "pupr": "pekerjaan umum penataan ruang",
    "dkp": "dinas kelautan perikanan", "bappeda": "badan perencanaan pembangunan", "bkd": "badan kepegawaian",
    "bkpsdm": "badan kepegawaian pengembangan sumber daya manusia", "bpsdm": "badan pengembangan sumber daya manusia",
    "sdm": "sumber daya manusia", "bpkad": "badan pengelolaan keuangan aset", "bapenda": "badan pendapatan",
    "bpbd": "badan penanggulangan bencana", "kesbangpol": "kesatuan bangsa politik", "rsud": "rumah sakit umum",
    "rsu": "rumah sakit umum", "setda": "sekretariat", "setwan": "sekretariat dprd",
    "satpol": "satuan polisi pamong praja", "kec": "kecamatan", "kel": "kelurahan", "bag": "bagian", "bid": "bidang",
    "subbag": "subbagian", "kasubbag": "subbagian", "pkm": "puskesmas", "upt": "uptd",
}  # fmt: skip
"""How agencies shorten their units; only a proposal follows from it."""

EMPTY = frozenset({"dan", "daerah", "pp", "kantor", "pada", "di"})
"""Words without which a unit is still the same; ``pp`` stands in 'Satpol PP', whose long form is written out."""

REGION = re.compile(r"\b(kab|kabupaten|kota|prov|provinsi|pemkab|pemprov|pemkot)\b.*$")
"""An agency's name behind the name of its unit: 'Dinas Kesehatan Kab. Contoh'."""

SHORTEST_SLIP = 4
"""Letters of the shortest word in which one letter may be a slip: 'Seksi A' and 'Seksi B' are two."""


@dataclass(frozen=True)
class Alike:
    """One unit that may be another: how it is written, and what is proposed instead."""

    written: str
    proposed: str


@dataclass(frozen=True)
class Units:
    """Names as they were written -> the one spelling; and which of those may be another unit."""

    spelling: Mapping[str, str]
    alike: Mapping[str, Alike]


def fold(name: str) -> str:
    """Reduce a name to its words: capitals, dots and spaces do not tell two units apart."""
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def meaning(name: str) -> str:
    """Write a unit's name out: no abbreviation, no region behind it, no word that says nothing."""
    words = REGION.sub("", fold(name)).split() or fold(name).split()
    full = " ".join(SHORT.get(word, word) for word in words).replace("kantor camat", "kecamatan")
    return " ".join(word for word in full.split() if word not in EMPTY) or fold(name)


def compare(names: Mapping[str, int], known: Iterable[str]) -> Units:
    """Find one spelling for each unit, and which units may be one; ``names`` count their rows, ``known`` are on record.

    A unit on record is never proposed to be another: that was decided when it came in.
    """
    on_record = {fold(name): name for name in known}
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        groups[fold(name)].append(name)
    chosen = {key: on_record.get(key) or _best(written, names) for key, written in groups.items()}
    weights = {key: sum(names[name] for name in written) for key, written in groups.items()}
    everybody = {**on_record, **chosen}
    targets = _targets(everybody, on_record, weights)
    alike = {
        chosen[key]: Alike(chosen[key], everybody[target]) for key, target in targets.items() if key in chosen
    }  # fmt: skip
    return Units({name: chosen[key] for key, written in groups.items() for name in written}, alike)


def _best(written: Sequence[str], names: Mapping[str, int]) -> str:
    """Choose the spelling that most rows have, but rather not one in capitals or small letters only."""
    return max(written, key=lambda name: (not (name.isupper() or name.islower()), names[name], name))


def _targets(everybody: Mapping[str, str], on_record: Mapping[str, str], weights: Mapping[str, int]) -> dict[str, str]:
    """Give folded name -> folded name of the unit that it may be."""
    rank = {key: (key in on_record, _is_whole(key), weights.get(key, 0), key) for key in everybody}
    same: dict[str, list[str]] = defaultdict(list)
    for key, name in everybody.items():
        same[meaning(name)].append(key)
    heads = {words: max(keys, key=rank.__getitem__) for words, keys in same.items()}
    found = {
        key: heads[words] for words, keys in same.items() for key in keys
        if key != heads[words] and key not in on_record
    }  # fmt: skip
    for words, other in _slips(heads):
        low, high = sorted((heads[words], heads[other]), key=rank.__getitem__)
        if low not in on_record:
            found.setdefault(low, high)
    return {key: _end(key, found) for key in found}


def _is_whole(key: str) -> bool:
    """Tell whether a folded name is written out: no abbreviation in it and no region behind it."""
    return not REGION.search(key) and not any(word in SHORT for word in key.split())


def _end(key: str, targets: Mapping[str, str]) -> str:
    # Each step leads to a higher rank, so no way goes in a circle.
    while key in targets:
        key = targets[key]
    return key


def _slips(meanings: Iterable[str]) -> set[tuple[str, str]]:
    """Find pairs that differ by one slip in one long word: a letter more, less, or another. Takes no time by pairs."""
    reduced: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name in meanings:
        words = name.split()
        for at, word in enumerate(words):
            if len(word) >= SHORTEST_SLIP - 1 and word.isalpha():
                cuts = range(len(word) if len(word) >= SHORTEST_SLIP else 0)
                for shorter in {word, *(word[:cut] + word[cut + 1 :] for cut in cuts)}:
                    reduced[(*words[:at], shorter, str(at), *words[at + 1 :])].add(name)
    return {(one, other) for names in reduced.values() for one in names for other in names if one < other}
