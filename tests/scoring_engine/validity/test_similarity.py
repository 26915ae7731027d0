"""Answer similarity of pairs: omega, the generalized binomial test and M4, which pairs to test, and false alarms."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_engine.curves.items import Items, Logistic, Nominal
from scoring_engine.validity.similarity import both_ways, gbt, holm_within, m4, omega, pairs_in_view, pairs_within

ROOM = 40


def binary_test(seed, length):
    chance = np.random.default_rng(seed)
    return Items([Logistic(chance.lognormal(0, 0.3), chance.normal()) for _ in range(length)])


def option_test(seed, length):
    """Four options each; the first is right, and falls behind the others the less able a person is."""
    chance = np.random.default_rng(seed)
    return Items([Nominal(tuple(chance.normal(-0.8, 0.4, 3)), tuple(chance.normal(-0.5, 0.8, 3)))
                  for _ in range(length)])  # fmt: skip


def chances(theta, item):
    """The textbook formula of one item at one ability; shares no code with the engine."""
    if isinstance(item, Logistic):
        right = item.lower + (item.upper - item.lower) / (1 + math.exp(-item.a * (theta - item.b)))
        return [1 - right, right]
    weights = [math.exp(a * theta + c) for a, c in zip((0, *item.a), (0, *item.c), strict=True)]
    return [weight / sum(weights) for weight in weights]


def tables(nodes, items):
    """The same for many abilities, shape (items, nodes, categories); 0 where an item has no such category."""
    most = max(item.categories for item in items.each)
    return np.array(
        [[[*(p := chances(theta, item)), *[0.0] * (most - len(p))] for theta in nodes] for item in items.each]
    )


def draw(chance, theta, items):
    """Answers of people who work alone, abilities taken to the nearest hundredth."""
    nodes = np.linspace(-5, 5, 1001)
    at = np.clip(np.rint((theta + 5) * 100).astype(int), 0, 1000)
    upto = tables(nodes, items).cumsum(axis=2)[:, at, :-1]
    return (chance.random((len(items), theta.size, 1)) > upto).sum(axis=2).T


def wide_map(answers, items):
    """The mode under N(0, 2^2), to the nearest twentieth of a logit."""
    nodes = np.linspace(-6, 6, 241)
    logs = np.log(tables(nodes, items))
    height = np.tile(-((nodes / 2) ** 2) / 2, (len(answers), 1))
    for item, log in enumerate(logs):
        height += log.T[answers[:, item]]
    return nodes[height.argmax(axis=1)]


def mixed_case(seed=3):
    chance = np.random.default_rng(seed)
    items = Items([*binary_test(seed, 4).each, *option_test(seed, 3).each])
    theta = chance.normal(0, 1, 6)
    answers = draw(chance, theta, items)
    answers[chance.random(answers.shape) < 0.15] = -1
    return answers, items, theta, both_ways(pairs_within([0] * 6)), [1] * 4 + [0] * 3


def by_item(answers, items, theta, one, other):
    """Both answers and both distributions at every item that both answered."""
    for item, a, b in zip(items.each, answers[one], answers[other], strict=True):
        if a >= 0 and b >= 0:
            yield a, b, chances(theta[one], item), chances(theta[other], item)


def test_omega_agrees_with_the_textbook_formula():
    answers, items, theta, pairs, _ = mixed_case()
    found = omega(answers, items, theta, pairs)
    for row, (copier, source) in enumerate(pairs):
        used = list(by_item(answers, items, theta, copier, source))
        matches, repeated = sum(a == b for a, b, _, _ in used), [p[b] for _, b, p, _ in used]
        z = (matches - sum(repeated)) / math.sqrt(sum(p * (1 - p) for p in repeated))
        assert (found.n_items[row], found.matches[row]) == (len(used), matches)
        assert found.expected[row] == pytest.approx(sum(repeated), rel=1e-12)
        assert found.z[row] == pytest.approx(z, rel=1e-9)
        assert found.p[row] == pytest.approx(math.erfc(z / math.sqrt(2)) / 2, rel=1e-9)


def tail_by_enumeration(p, matches):
    return sum(math.prod(q if hit else 1 - q for q, hit in zip(p, hits, strict=True))
               for hits in product((0, 1), repeat=len(p)) if sum(hits) >= matches)  # fmt: skip


def test_the_binomial_test_and_exact_omega_agree_with_counting_every_outcome():
    answers, items, theta, pairs, _ = mixed_case()
    agree, repeat = gbt(answers, items, theta, pairs), omega(answers, items, theta, pairs, exact=True)
    for row, (one, other) in enumerate(pairs):
        used = list(by_item(answers, items, theta, one, other))
        matches = sum(a == b for a, b, _, _ in used)
        both = [sum(x * y for x, y in zip(p, q, strict=True)) for _, _, p, q in used]
        assert agree.p[row] == pytest.approx(tail_by_enumeration(both, matches), rel=1e-9)
        assert repeat.p[row] == pytest.approx(tail_by_enumeration([p[b] for _, b, p, _ in used], matches), rel=1e-9)


def test_m4_agrees_with_counting_every_outcome():
    answers, items, theta, pairs, key = mixed_case()
    answers[answers < 0] = 0
    found = m4(answers, items, theta, pairs, key)
    for row, (one, other) in enumerate(pairs):
        used = list(by_item(answers, items, theta, one, other))
        n_right = sum(a == b == k for (a, b, _, _), k in zip(used, key, strict=True))
        n_wrong = sum(a == b != k for (a, b, _, _), k in zip(used, key, strict=True))
        right = [p[k] * q[k] for (_, _, p, q), k in zip(used, key, strict=True)]
        alike = [sum(x * y for x, y in zip(p, q, strict=True)) for _, _, p, q in used]
        table = np.zeros((8, 8))
        for ways in product(range(3), repeat=7):
            each = (((r, m - r, 1 - m)[way]) for r, m, way in zip(right, alike, ways, strict=True))
            table[ways.count(0), ways.count(1)] += math.prod(each)
        orthant = np.array([[table[r:, w:].sum() for w in range(8)] for r in range(8)])
        slow = table[orthant <= orthant[n_right, n_wrong] * (1 + 1e-12)].sum()
        assert (found.right[row], found.wrong[row]) == (n_right, n_wrong)
        assert found.p[row] == pytest.approx(slow, rel=1e-9)
        assert found.expected_right[row] == pytest.approx(sum(right), rel=1e-12)
        assert found.expected_wrong[row] == pytest.approx(sum(alike) - sum(right), rel=1e-9)


def test_the_order_of_a_pair_matters_to_omega_alone():
    answers, items, theta, pairs, key = mixed_case()
    half = len(pairs) // 2
    for p in (gbt(answers, items, theta, pairs).p, m4(answers, items, theta, pairs, key).p):
        assert p[:half].tobytes() == p[half:].tobytes()
    z = omega(answers, items, theta, pairs).z
    assert not np.isclose(z[:half], z[half:]).any()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 19))
def test_copying_one_more_answer_makes_a_pair_more_suspect(seed, item):
    chance = np.random.default_rng(seed)
    items = option_test(seed, 20)
    theta = chance.normal(0, 1, 2)
    answers = draw(chance, theta, items)
    answers[0, item] = (answers[1, item] + 1) % 4
    copied = answers.copy()
    copied[0, item] = answers[1, item]
    for test in (omega, gbt):
        before, after = (test(rows, items, theta, [[0, 1]]) for rows in (answers, copied))
        assert after.matches[0] == before.matches[0] + 1
        assert after.p[0] < before.p[0]
        assert after.z[0] > before.z[0]


def test_the_order_of_items_does_not_matter():
    answers, items, theta, pairs, key = mixed_case()
    order = [6, 2, 0, 4, 1, 5, 3]
    turned, other = answers[:, order], items.at(order)
    assert omega(turned, other, theta, pairs).p == pytest.approx(omega(answers, items, theta, pairs).p, rel=1e-12)
    assert gbt(turned, other, theta, pairs).p == pytest.approx(gbt(answers, items, theta, pairs).p, rel=1e-12)
    there = m4(turned, other, theta, pairs, np.array(key)[order]).p
    assert there == pytest.approx(m4(answers, items, theta, pairs, key).p, rel=1e-9)


@pytest.mark.parametrize("test", [omega, gbt])
def test_a_pair_has_the_same_bytes_alone_as_in_any_batch(test):
    chance = np.random.default_rng(8)
    items = Items([*binary_test(8, 9).each, *option_test(8, 8).each])
    theta = chance.normal(0, 1, 2 * ROOM)
    answers, pairs = draw(chance, theta, items), pairs_within(np.repeat([0, 1], ROOM))
    together = test(answers, items, theta, pairs)
    for row in (0, 1023, 1024, 1559):
        alone = test(answers, items, theta, pairs[row : row + 1])
        assert alone.p.tobytes() == together.p[row : row + 1].tobytes()
        assert alone.z.tobytes() == together.z[row : row + 1].tobytes()


def test_a_pair_without_an_item_in_common_has_no_result():
    items = binary_test(1, 4)
    answers = [[1, 0, -1, -1], [-1, -1, 1, 1]]
    found = [omega(answers, items, [0, 0], [[0, 1]]), gbt(answers, items, [0, 0], [[0, 1]])]
    assert [(int(f.n_items[0]), int(f.matches[0])) for f in found] == [(0, 0), (0, 0)]
    assert np.isnan([*(f.p[0] for f in found), found[0].z[0], m4(answers, items, [0, 0], [[0, 1]], [1] * 4).p[0]]).all()


def test_no_pairs_give_no_results():
    answers, items, theta, _, key = mixed_case()
    none = np.empty((0, 2), dtype=int)
    assert gbt(answers, items, theta, none).p.shape == omega(answers, items, theta, none).p.shape == (0,)
    assert m4(answers, items, theta, none, key).p.shape == (0,)


def honest_rooms(make, length, rooms):
    """Rooms of people who all work alone, with abilities estimated from the same answers."""
    chance = np.random.default_rng(length)
    items = make(length, length)
    answers = draw(chance, chance.normal(0, 1, rooms * ROOM), items)
    return answers, items, wide_map(answers, items), np.repeat(np.arange(rooms), ROOM)


def alarms(p, rooms):
    """The share of rooms with any flag after Holm at 5 %."""
    return len(np.unique(rooms[holm_within(p, rooms) <= 0.05])) / len(np.unique(rooms))


@pytest.mark.parametrize("length", [20, 60])
@pytest.mark.parametrize("make", [binary_test, option_test])
def test_a_room_of_40_honest_people_is_rarely_flagged(make, length):
    answers, items, theta, room = honest_rooms(make, length, 200)
    pairs = pairs_within(room)
    assert alarms(gbt(answers, items, theta, pairs).p, room[pairs[:, 0]]) <= 0.07
    ordered = both_ways(pairs)
    normal, exact = (omega(answers, items, theta, ordered, exact) for exact in (False, True))
    assert alarms(normal.p, room[ordered[:, 0]]) <= 0.07
    assert alarms(exact.p, room[ordered[:, 0]]) <= 0.07


def test_a_room_of_40_honest_people_is_rarely_flagged_by_right_and_wrong_matches():
    answers, items, theta, room = honest_rooms(option_test, 15, 100)
    row, seat = np.tile(np.arange(ROOM) // 8, 100), np.tile(np.arange(ROOM) % 8, 100)
    pairs = pairs_in_view(room, row, seat)
    assert alarms(m4(answers, items, theta, pairs, [0] * 15).p, room[pairs[:, 0]]) <= 0.07


@pytest.mark.parametrize("make", [binary_test, option_test])
def test_at_known_abilities_every_test_keeps_its_level(make):
    chance = np.random.default_rng(2)
    items = make(2, 40)
    theta = np.rint(chance.normal(0, 1, 10_000) * 100) / 100
    answers, pairs = draw(chance, theta, items), np.arange(10_000).reshape(-1, 2)
    key = [1 if make is binary_test else 0] * 40
    assert 0.03 < (omega(answers, items, theta, pairs).p <= 0.05).mean() < 0.07
    assert 0.02 < (gbt(answers, items, theta, pairs).p <= 0.05).mean() < 0.06
    assert 0.03 < (m4(answers, items, theta, pairs[:1500], key).p <= 0.05).mean() < 0.07


@pytest.mark.parametrize(("make", "share", "floor"), [(binary_test, 0.8, 0.8), (option_test, 0.5, 0.7)])
def test_copied_pairs_are_found_in_a_room_of_40(make, share, floor):
    """One of each room copies a share of the 60 answers of the person beside; 5 % after Holm over pairs in view."""
    answers, items, _, room = honest_rooms(make, 60, 100)
    copied = np.random.default_rng(1).random((100, 60)) < share
    answers[::ROOM] = np.where(copied, answers[1::ROOM], answers[::ROOM])
    pairs = pairs_in_view(room, np.tile(np.arange(ROOM) // 8, 100), np.tile(np.arange(ROOM) % 8, 100))
    theta = wide_map(answers, items)
    for test, tested in ((gbt, pairs), (omega, both_ways(pairs))):
        adjusted = holm_within(test(answers, items, theta, tested).p, room[tested[:, 0]])
        guilty = (tested[:, 0] % ROOM == 0) & (tested[:, 1] == tested[:, 0] + 1)
        assert (adjusted[guilty] <= 0.05).mean() > floor


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"theta": [0.0]}, "1 abilities"),
        ({"theta": [0.0, math.nan]}, "theta"),
        ({"responses": [[1, 0, 2], [1, 0, 1]]}, "response 2 of person 0 to item 2"),
        ({"responses": [[1, 0], [1, 0]]}, "columns"),
        ({"pairs": [[0, 1], [1, 1]]}, "pair 1"),
        ({"pairs": [[0, 2]]}, "pair 0"),
        ({"key": [1, 1, 2]}, "response 2"),
        ({"key": [1, 1, -1]}, "key"),
        ({"key": [1, 1]}, "columns"),
    ],
)
def test_what_does_not_fit_together_is_refused(change, told):
    given_ = {"responses": [[1, 0, 1]] * 2, "items": binary_test(1, 3), "theta": [0, 0], "pairs": [[0, 1]]}
    with pytest.raises(ValueError, match=told):
        m4(**{**given_, "key": [1, 1, 1], **change})


@pytest.mark.parametrize("pairs", [[], [[0.9, 1.2]], [[0, 1, 2]]])
def test_what_is_no_pair_is_not_reversed(pairs):
    with pytest.raises(ValueError):
        both_ways(pairs)
