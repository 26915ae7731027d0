"""Nothing that the exam server can read tells a key: not order, names, lengths or hashes, alone or item by item."""

import hashlib
import json
import math
import re
from collections.abc import Callable

import msgspec
import pytest

from item_bank import assembly, drafts, presentation, publishing
from item_bank.forms import PublishedForm
from item_bank.item_keys import Graded, RightOrWrong

FAR = 4.0
"""Standard deviations above chance that no way of guessing may reach; some two hundred ways are tried."""


INSTRUMENTS = ("digital_literacy", "managerial_sociocultural", "potential")
"""Whose items have a best option."""


@pytest.fixture(scope="session")
def shown(pool, battery):
    """Every form of the default battery as the exam server gets it, with its key beside it."""
    return [
        (json.loads(presentation.write(draft.presentation)), draft.keys)
        for code, forms in battery.items()
        for draft in (assembly.drafted(pool(code), form) for form in forms.forms)
    ]


def hashed(text):
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


FEATURES: dict[str, Callable[[dict, int, dict], float]] = {
    "place": lambda _item, place, _option: place,
    "id": lambda _item, _place, option: ord(option["id"][0]),
    "hash of id": lambda _item, _place, option: hashed(option["id"]),
    "hash of item and id": lambda item, _place, option: hashed(item["id"] + option["id"]),
    "hash of text": lambda _item, _place, option: hashed(option["text"]),
    "letters": lambda _item, _place, option: len(option["text"]),
    "words": lambda _item, _place, option: len(option["text"].split()),
    "commas": lambda _item, _place, option: option["text"].count(","),
    "bytes of picture": lambda _item, _place, option: len(option.get("image", {}).get("data", "")),
    "words of the stem": lambda item, _place, option: len(
        set(option["text"].lower().split()) & set(" ".join(item["stem"]).lower().split())
    ),
}
CUES = {
    "connectives": "dan serta lalu sambil kemudian sekaligus beserta", "together": "bersama",
    "agreement": "menyepakati disepakati kesepakatan sepakat", "purpose": "agar supaya sehingga guna",
    "negation": "tanpa tidak jangan belum", "absolutes": "semua seluruh saja hanya selalu setiap",
}  # fmt: skip
"""Words by which a trained guesser would choose."""


def count_of(cue):
    """Count the words of a cue in an option."""
    words = re.compile(rf"\b({'|'.join(CUES[cue].split())})\b")
    return lambda _item, _place, option: len(words.findall(option["text"].lower()))


FEATURES |= {cue: count_of(cue) for cue in CUES}

WAYS: dict[str, Callable[[list[float]], int]] = {
    "most": lambda told: told.index(max(told)),
    "least": lambda told: told.index(min(told)),
    "middle": lambda told: told.index(sorted(told)[len(told) // 2]),
}


@pytest.fixture(scope="session")
def keyed(shown):
    """Every item of a form that has a best option, with its instrument and the place of that option."""
    return list(with_best(shown))


def with_best(shown):
    for form, keys in shown:
        for item, key in zip(form["items"], keys, strict=True):
            if isinstance(key, Graded | RightOrWrong):
                credit = [key.credit[option["id"]] for option in item["options"]]
                yield form["instrument"], item, credit.index(max(credit))


def above_chance(hits, chances):
    """How many standard deviations guesses hit above what chance would."""
    spread = math.sqrt(sum(chance * (1 - chance) for chance in chances))
    return (sum(hits) - sum(chances)) / spread


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("instrument", ["", *INSTRUMENTS])
def test_no_feature_of_an_option_tells_the_best_one(keyed, feature, way, instrument):
    hits, chances = [], []
    for of, item, best in keyed:
        told = [FEATURES[feature](item, place, option) for place, option in enumerate(item["options"])]
        if instrument in ("", of) and len(set(told)) > 1:
            hits.append(WAYS[way](told) == best)
            chances.append(1 / len(told))
    if chances:
        assert above_chance(hits, chances) < FAR


@pytest.mark.parametrize("lag", [1, 2, 3])
def test_the_place_of_a_key_does_not_follow_from_the_ones_before_it(keyed, lag):
    pairs = [(one, other) for one, other in zip(keyed, keyed[lag:], strict=False) if one[0] == other[0]]
    hits = [one[2] == other[2] for one, other in pairs]
    assert abs(above_chance(hits, [1 / len(other[1]["options"]) for _one, other in pairs])) < FAR


def test_a_pattern_in_the_key_would_be_found(keyed):
    """The search itself can fail: sort the options by credit, and place tells everything."""
    hits = [True for _ in keyed]
    assert above_chance(hits, [1 / len(item["options"]) for _instrument, item, _best in keyed]) > 20


def test_every_instrument_with_best_options_is_searched(keyed):
    assert {instrument for instrument, _item, _best in keyed} == {*INSTRUMENTS}


def test_the_order_of_items_tells_nothing_of_their_difficulty(shown):
    for form, keys in shown:
        located = [(place, sum(key.borders) / len(key.borders)) for place, key in enumerate(keys) if hasattr(key, "a")]
        groups = [located] if form["code"][:-2] != "intelektual" else []
        for group in groups:
            if len(group) > 10:
                places, hard = zip(*group, strict=True)
                assert abs(correlation(places, hard)) < FAR / math.sqrt(len(group) - 1)


def correlation(one, other):
    mean_one, mean_other = sum(one) / len(one), sum(other) / len(other)
    together = sum((a - mean_one) * (b - mean_other) for a, b in zip(one, other, strict=True))
    return together / math.sqrt(sum((a - mean_one) ** 2 for a in one) * sum((b - mean_other) ** 2 for b in other))


@pytest.mark.parametrize("code", ["mansoskul-demo", "potensi-demo", "literasi-demo"])
def test_no_byte_of_a_presentation_changes_when_only_the_key_changes_but_the_seal(vault_db, now, code):
    draft = next(one for one in drafts.samples() if one.presentation.code == code)
    other = msgspec.structs.replace(draft, keys=tuple(turned(key) for key in draft.keys))
    one, two = (publishing.publish(vault_db, each, b"n" * 32, now) for each in (draft, other))
    vault_db.flush()
    shown = [vault_db.get_one(PublishedForm, each.form_id).document for each in (one, two)]
    assert one.key_seal != two.key_seal
    assert shown[0] == shown[1]
    assert one.key_seal.encode() not in shown[0]


def turned(key):
    """Give every option the credit of the next one."""
    if not isinstance(key, Graded | RightOrWrong):
        return key
    names, credits = list(key.credit), list(key.credit.values())
    return msgspec.structs.replace(key, credit=dict(zip(names, credits[1:] + credits[:1], strict=True)))


def test_the_seal_of_the_same_key_is_another_with_another_nonce(vault_db, now):
    draft = drafts.samples()[0]
    seals = {publishing.publish(vault_db, draft, bytes([number]) * 32, now).key_seal for number in range(20)}
    assert len(seals) == 20
    ones = sum(bin(int(seal, 16)).count("1") for seal in seals)
    assert abs(ones - 20 * 128) < FAR * math.sqrt(20 * 256 / 4)
