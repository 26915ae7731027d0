"""What a careful editor would mark in items: spelling, length, balance, repetition, words that can hurt.

A finding is a place to look, told by item and rule. The word list is this project's own: every word in it was read by
a person once, so a word that is not there is a misspelling or needs reading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from item_bank.bank import BankItem, case_of
from item_bank.item_keys import Graded, RightOrWrong

LONGEST_SENTENCE = 32
"""Words. A sentence that is read twice costs the slow reader more than the able one."""

WIDEST, SLACK = 1.6, 25
"""The longest option may be so many times as long as the shortest, and so many letters longer, or be looked at."""

MOST_IN_A_PLACE, MOST_LONGEST = 0.32, 0.33
"""Shares of items whose best option may stand in one place, or be the longest (a fifth of five by chance)."""

ENOUGH = 20
"""Items of which balance can be said to be missing."""

SENSITIVE = re.compile(
    r"\b(suku(?! kata| cadang)|etnis|pribumi|kafir|janda|perawan|lelaki|perempuan|pria|wanita|cacat|gila|miskin|"
    r"kampungan|jawa|sunda|batak|minang|bugis|papua|madura|bali|aceh|dayak|tionghoa|arab|"
    r"islam|kristen|katolik|hindu|buddha|konghucu|muslim)\b",
    re.IGNORECASE,
)
"""Words of groups: none of them is wrong, all of them need a second reader."""

STRAY = re.compile(r"[—–]|  |\.\.|\s[,.;:!?]|\b(\w+) \1\b", re.IGNORECASE)
"""Dashes that screens break, double spaces, stray stops, a word that stands twice."""

ADDRESS = re.compile(r"\S+\.(?:id|example)\b\S*")
"""Addresses of mail and pages, which are no words."""

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True)
class Finding:
    """Something to look at: in which item, by which rule, and what."""

    item: str
    rule: str
    text: str


@cache
def known_words() -> frozenset[str]:
    """Read the word list, one word a line in small letters."""
    return frozenset((Path(__file__).parent / "words.txt").read_text(encoding="utf-8").split())


def lint(items: Iterable[BankItem]) -> list[Finding]:
    """Look at every item, and at all of them together."""
    every = tuple(items)
    found = [finding for item in every for finding in _of_item(item)]
    return [*found, *_twins(every), *_balance(every)]


def _of_item(item: BankItem) -> Iterator[Finding]:
    text = "\n".join(item.texts)
    for match in STRAY.finditer(text):
        yield Finding(item.id, "stray", f"'{match.group()}' in '{_around(text, match)}'")
    for match in SENSITIVE.finditer(text):
        yield Finding(item.id, "sensitive", f"'{match.group()}' in '{_around(text, match)}'")
    for word in sorted({word.lower() for word in WORD.findall(ADDRESS.sub(" ", text))} - known_words()):
        yield Finding(item.id, "spelling", word)
    for sentence in re.split(r"(?<=[.!?])\s", " ".join(item.words.stem)):
        if len(sentence.split()) > LONGEST_SENTENCE:
            yield Finding(item.id, "reading", f"{len(sentence.split())} words: {sentence[:60]}...")
    yield from _lengths(item)


def _lengths(item: BankItem) -> Iterator[Finding]:
    options = getattr(item.words, "options", ())
    lengths = [len(option.text) for option in options if option.image is None]
    if item.words.stem and lengths and max(lengths) > max(WIDEST * min(lengths), min(lengths) + SLACK):
        yield Finding(item.id, "lengths", f"options of {min(lengths)} to {max(lengths)} letters")


def _twins(items: Iterable[BankItem]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for item in items:
        told = " ".join(case_of(item.words)) or " ".join(sorted(item.texts[1:]))
        plain = " ".join(re.findall(r"\w+", f"{told} {item.words.question}".lower()))
        if plain in seen:
            yield Finding(item.id, "twin", f"the same words as {seen[plain]}")
        seen.setdefault(plain, item.id)


def _balance(items: Iterable[BankItem]) -> Iterator[Finding]:
    """Count, for each construct, where the best option stands and how often it is the longest."""
    best: dict[str, list[tuple[int, bool]]] = {}
    for item in items:
        if isinstance(item.key, Graded | RightOrWrong):
            texts = {option.id: option.text for option in getattr(item.words, "options", ())}
            best.setdefault(item.key.construct, []).append(_best(item.key.credit, texts))
    for construct, own in sorted(best.items()):
        if len(own) < ENOUGH:
            continue
        places = Counter(place for place, _longest in own)
        place, most = places.most_common(1)[0]
        if most > MOST_IN_A_PLACE * len(own):
            yield Finding(construct, "places", f"the best option stands in place {place + 1} in {most} of {len(own)}")
        longest = sum(alone for _place, alone in own)
        if longest > MOST_LONGEST * len(own):
            yield Finding(construct, "longest", f"the best option is the longest in {longest} of {len(own)}")


def _best(credit: Mapping[str, int], texts: Mapping[str, str]) -> tuple[int, bool]:
    """Say where the best option stands, and whether it alone is the longest."""
    best = max(texts, key=lambda name: credit[name])
    longest_other = max(len(text) for name, text in texts.items() if name != best)
    return list(texts).index(best), len(texts[best]) > longest_other


def _around(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - 15) : match.end() + 15].replace("\n", " ").strip()
